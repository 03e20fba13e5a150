// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/letters_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "layout/dialogue_words.h"
#include "layout/drawing.h"
#include "layout/letters_lines.h"
#include "layout/rail_labels.h"
#include "layout/time_axis.h"
#include "layout/words.h"
#include "model/dialogue.h"
#include "model/round_trips.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr LettersStyle style = {2.4F, 1.1F, 5, true};
constexpr double axis_height = 25;
constexpr double text_indent = 6;
/// From a rail to the first line in the band.
constexpr double band_indent = 14;
/// A length's frame reaches so far beyond its text.
constexpr double pill_margin = 6;
/// Between more lines than these no length is written.
constexpr std::size_t most_pills = 48;
constexpr double line_height = 15;
/// Nights are shown between these, pixels of a day.
constexpr double least_night = 60, most_night = 700;

struct Trip {
  RoundTrip trip;
  double left, right;  ///< pixels, inside the rails' ends
};

class LettersPage {
 public:
  LettersPage(const Drawing& d, const LettersFrame& frame)
      : d_(d),
        frame_(frame),
        words_(words_of(d.view.language)),
        top_(frame.rail(Rail::client)),
        bottom_(frame.rail(Rail::server)) {}

  void lay_out() {
    const Rect& bounds = frame_.frame.bounds;
    d_.fill(bounds.x, bounds.y, bounds.right(), bounds.bottom(), Ink::page);
    lay_out_nights();
    lay_out_trips();
    lay_out_axis();
    lay_out_rails();
    const DrawnLetters drawn = draw_letters(d_, frame_, style);
    write_name_servers(drawn);
    write_trips(drawn);
    write_lengths(drawn);
    write_runs(drawn);
    write_light(drawn);
    write_rail_labels(d_, frame_, drawn.marks, Rail::client, top_ - axis_height);
    write_rail_labels(d_, frame_, drawn.marks, Rail::server, bounds.bottom() - bottom_);
  }

 private:
  double x_at(std::int64_t time_ns) const {
    return std::clamp(frame_.frame.x_at(frame_.row(), time_ns), frame_.frame.left, frame_.right());
  }
  std::string length_of(std::int64_t ns) const {
    return length_text(stretch(Nanoseconds{ns}, d_.view.scale), d_.view.language);
  }
  bool is_free(const Rect& box) const {
    return std::none_of(taken_.begin(), taken_.end(), [&](const Rect& r) { return r.intersects(box); });
  }

  void lay_out_nights() {
    const double day = frame_.day_width();
    if (day < least_night || day > most_night) return;
    const PageRow& row = frame_.row();
    const double per_second = day / seconds_per_day;
    std::int64_t since_midnight = row.start.seconds % seconds_per_day;
    if (since_midnight < 0) since_midnight += seconds_per_day;
    const auto night = [&](double from, double to) {
      d_.fill(std::max(from, frame_.frame.left), top_, std::min(to, frame_.right()), bottom_, Ink::night);
    };
    for (std::int64_t second = -since_midnight; second < row.seconds; second += seconds_per_day) {
      const double midnight = frame_.frame.left + static_cast<double>(second) * per_second;
      night(midnight, midnight + day / 4);
      night(midnight + day * 3 / 4, midnight + day);
    }
  }

  // -- round trips

  void lay_out_trips() {
    const std::int64_t until = frame_.frame.until_ns;
    for (const RoundTrip& trip : round_trips_of(d_.timeline, journey_in(d_.timeline, d_.view))) {
      trips_.push_back({trip, x_at(trip.begin_ns), x_at(std::min(trip.end_ns, until))});
      // What has no letters on the page is not to be shaded either.
      if (d_.view.hidden[static_cast<std::size_t>(trip.lane)] || trip.begin_ns >= until)
        trips_.back().right = trips_.back().left;
      d_.fill(trips_.back().left, top_, trips_.back().right, bottom_, ink_of(trip.lane), Strength::tint);
    }
  }

  /// Its number, what it is for, and how long it takes; where there is not that much room, less.
  void write_trips(const DrawnLetters& drawn) {
    for (std::size_t i = 0; i < trips_.size(); ++i) {
      const Trip& of = trips_[i];
      const Ink ink = ink_of(of.trip.lane);
      const std::string number = std::to_string(i + 1);
      const std::string name(words_.trips[static_cast<std::size_t>(of.trip.kind)]);
      const std::string length = length_of(difference(of.trip.end_ns, of.trip.begin_ns));
      const double number_width = d_.text_width(number, TextStyle::number);
      const double number_height = d_.measure.height(TextStyle::number);
      const double name_width =
          std::max(d_.text_width(name, TextStyle::label_bold), d_.text_width(length, TextStyle::label));
      // Between the way there and the way back, right of where light could not have been back yet.
      const std::int64_t answered = of.trip.answered_ns;
      const bool turned =
          answered != Event::unknown && answered > of.trip.begin_ns && answered < of.trip.end_ns;
      const double middle = turned ? x_at(answered) : (of.left + of.right) / 2;
      const double light =
          d_.view.light_ns && turned ? std::max(0.0, x_at(sum(answered, *d_.view.light_ns)) - middle) : 0;
      const double number_left = middle - 14 - number_width;
      const bool beside = number_left >= of.left + 4 && middle < of.right;
      const double left = beside ? number_left : (of.left + of.right - number_width) / 2;
      const double room = of.right - of.left;
      const double small = d_.text_width(number, TextStyle::label_bold);
      if (const auto y = free_height(drawn, left, number_width, number_height);
          y && room >= number_width + 4) {
        taken_.push_back(d_.text(number, left, *y, TextStyle::number, ink));
        const double name_left = middle + light + 10;
        const Rect names{name_left, *y - 15, name_width, 31};
        if (beside && names.right() <= of.right - 4 && is_clear(drawn, names)) {
          taken_.push_back(d_.text(name, name_left, *y - 8, TextStyle::label_bold, ink));
          taken_.push_back(d_.text(length, name_left, *y + 9, TextStyle::label, Ink::text));
        }
      } else if (room >= small + 2) {
        const double y_small = top_ + band_indent / 2 + d_.measure.height(TextStyle::label_bold) / 2;
        taken_.push_back(
            d_.text(number, (of.left + of.right) / 2, y_small, TextStyle::label_bold, ink, Align::center));
        d_.scene.labels.back().on_page = true;
      }
    }
  }

  /// Whether nothing is written there and no letter passes.
  bool is_clear(const DrawnLetters& drawn, const Rect& box) const {
    return is_free(box) &&
           std::none_of(drawn.letters.begin(), drawn.letters.end(),
                        [&](const DrawnLetter& letter) { return crosses(letter.piece, box); });
  }

  /// The middle of the first height at which no letter passes: best at the top, where the ways to the server
  /// stand apart.
  std::optional<double> free_height(const DrawnLetters& drawn, double left, double width,
                                    double height) const {
    for (const double y :
         {top_ + band_indent + height / 2, (top_ + bottom_) / 2, bottom_ - band_indent - height / 2}) {
      const Rect box{left, y - height * 0.35, width, height * 0.7};
      if (box.y > top_ && box.bottom() < bottom_ && is_clear(drawn, box)) return y;
    }
    return std::nullopt;
  }

  // -- what stands without an event

  void lay_out_axis() {
    d_.line({0, axis_height}, {frame_.frame.bounds.right(), axis_height}, Ink::grid_strong);
    double free_from = -1e9;
    for (const Tick& tick : ticks_of(d_)) {
      if (tick.x > frame_.right()) break;
      d_.line({tick.x, axis_height - 4}, {tick.x, axis_height}, Ink::muted);
      d_.line({tick.x, top_}, {tick.x, bottom_}, tick.strong ? Ink::grid_strong : Ink::grid);
      const TextStyle text_style = tick.strong ? TextStyle::tick_bold : TextStyle::tick;
      const double width = d_.text_width(tick.text, text_style);
      const double left =
          std::clamp(tick.x - width / 2, 2.0, std::max(2.0, frame_.frame.bounds.right() - width - 2));
      if (left < free_from) continue;
      d_.text(tick.text, left, axis_height / 2 - 1, text_style, tick.strong ? Ink::text : Ink::muted);
      free_from = left + width + 6;
    }
  }

  void lay_out_rails() {
    const std::array<std::string_view, rail_count> names = {words_.client, words_.router, words_.name_servers,
                                                            words_.server};
    for (std::size_t i = 0; i < rail_count; ++i) {
      if (!frame_.used[i]) continue;
      const double y = frame_.rails[i];
      const auto rail = static_cast<Rail>(i);
      const bool end = rail == Rail::client || rail == Rail::server;
      d_.line({frame_.frame.left, y}, {frame_.right(), y}, end ? Ink::text : Ink::muted, Strength::solid,
              end ? 1.6F : 1.0F);
      const std::string name(names[i]);
      const TextStyle text_style = end ? TextStyle::heading : TextStyle::label;
      // Longer than the gutter in some languages.
      const bool wide = text_indent + d_.text_width(name, text_style) > frame_.frame.left - 2;
      d_.text(name, text_indent, y - 8, wide ? TextStyle::tick_bold : text_style,
              end ? Ink::text : Ink::muted);
      if (end) write_address(rail == Rail::client, y + 8);
    }
  }

  /// Which name server a question goes to, below where it turns: a resolver asks one after another. Questions
  /// to the same one that follow each other share what is said.
  void write_name_servers(const DrawnLetters& drawn) {
    if (drawn.letters.size() > most_pills) return;
    const double height = d_.measure.height(TextStyle::tick);
    const double y = frame_.rail(Rail::name_server) + height / 2 + 6;
    if (y + height / 2 > bottom_ - 4) return;
    std::vector<const DrawnLetter*> order;
    for (const DrawnLetter& letter : drawn.letters)
      if (letter.letter.from_client && letter.piece.ends &&
          lane_of(d_.timeline.at(EventIndex{letter.event})) == Lane::dns)
        order.push_back(&letter);
    std::stable_sort(order.begin(), order.end(), [](const DrawnLetter* a, const DrawnLetter* b) {
      return a->piece.to.x < b->piece.to.x;
    });
    std::string before;
    for (const DrawnLetter* letter : order) {
      const Event& event = d_.timeline.at(EventIndex{letter->event});
      const EventText text = d_.timeline.source().text(event.frame);
      // Of a letter the receiver's copy may stand for both: either names the server where it goes to.
      std::string address = without_port(text.to);
      if (address.empty() || address == before) continue;
      std::string name = address;
      if (const auto step = dns_step(d_.timeline, EventIndex{letter->event}))
        if (const std::string zone = zone_text(*step, d_.view.language); !zone.empty())
          name = zone + " · " + address;
      const double width = d_.text_width(name, TextStyle::tick);
      const double x = std::max(letter->piece.to.x, frame_.frame.left + width / 2 + 4);
      // Neighbours stand one below the other.
      for (const double row : {0.0, 1.0}) {
        const Rect box{x - width / 2 - 3, y - height / 2 + row * height, width + 6, height};
        if (box.right() > frame_.right() || box.bottom() > bottom_ - 4 || !is_clear(drawn, box)) continue;
        d_.text(name, x, box.y + height / 2, TextStyle::tick, Ink::muted, Align::center,
                EventIndex{letter->event});
        d_.scene.labels.back().on_page = true;
        taken_.push_back(box);
        break;
      }
      before = std::move(address);
    }
  }

  /// The end's address, where one journey is shown and its address is short enough.
  void write_address(bool client, double y) {
    if (trips_.empty() || trips_.front().trip.ask == no_event) return;
    const Event& ask = d_.timeline.at(trips_.front().trip.ask);
    const EventText text = d_.timeline.source().text(ask.frame);
    std::string address = without_port(client ? text.from : text.to);
    if (address.empty() || text_indent + d_.text_width(address, TextStyle::tick) > frame_.frame.left - 2)
      return;
    d_.text(std::move(address), text_indent, y, TextStyle::tick, Ink::muted);
  }

  // -- lengths and counts

  static bool crosses(const Piece& piece, const Rect& box) {
    const double left = std::max(piece.from.x, box.x);
    const double right = std::min(piece.to.x, box.right());
    if (left > right) return false;
    const double width = piece.to.x - piece.from.x;
    if (!(width > 0)) return piece.from.y < box.bottom() && piece.to.y > box.y;
    const auto y_at = [&](double x) {
      return piece.from.y + (piece.to.y - piece.from.y) * (x - piece.from.x) / width;
    };
    const auto [low, high] = std::minmax({y_at(left), y_at(right)});
    return low < box.bottom() && high > box.y;
  }

  /// Whether the rail of a place between the ends runs through it.
  bool is_on_rail(const Rect& box) const {
    constexpr double apart = 3;
    for (std::size_t i = 0; i < rail_count; ++i)
      if (frame_.used[i] && frame_.rails[i] > box.y - apart && frame_.rails[i] < box.bottom() + apart)
        return true;
    return false;
  }

  /// How long each is on the way, on its line where no other line passes.
  void write_lengths(const DrawnLetters& drawn) {
    if (drawn.letters.size() > most_pills) return;
    std::vector<const DrawnLetter*> order;
    for (const DrawnLetter& letter : drawn.letters) order.push_back(&letter);
    std::stable_sort(order.begin(), order.end(), [](const DrawnLetter* a, const DrawnLetter* b) {
      return a->piece.to.x - a->piece.from.x > b->piece.to.x - b->piece.from.x;
    });
    const double height = d_.measure.height(TextStyle::label_bold);
    for (const DrawnLetter* letter : order) {
      // Of an estimated exchange the question speaks for both ways.
      const bool turned =
          letter->letter.estimated && turned_with(d_.timeline, EventIndex{letter->event}).has_value();
      if (turned && !is_sent(d_.timeline.at(EventIndex{letter->event}))) continue;
      const std::int64_t way = difference(letter->letter.received_ns, letter->letter.sent_ns);
      if (way <= 0) continue;
      const std::string text = length_of(turned ? sum(way, way) : way);
      const double width = d_.text_width(text, TextStyle::label_bold);
      const Piece& piece = letter->piece;
      for (const double down : {0.72, 0.58, 0.5, 0.42, 0.3, 0.85, 0.15}) {
        const double y = top_ + (bottom_ - top_) * down;
        const double rise = piece.to.y - piece.from.y;
        const double along = rise == 0 ? -1 : (y - piece.from.y) / rise;
        if (!(along >= 0.05 && along <= 0.95)) continue;
        const double x = piece.from.x + (piece.to.x - piece.from.x) * along;
        const Rect box{x - width / 2 - pill_margin, y - height / 2 - 2, width + 2 * pill_margin, height + 4};
        if (box.x < frame_.frame.left || box.right() > frame_.right() || !is_free(box)) continue;
        if (is_on_rail(box)) continue;
        if (std::any_of(drawn.letters.begin(), drawn.letters.end(), [&](const DrawnLetter& other) {
              return &other != letter && crosses(other.piece, box);
            }))
          continue;
        d_.text(text, x, y, TextStyle::label_bold, ink_of(lane_of(d_.timeline.at(EventIndex{letter->event}))),
                Align::center, EventIndex{letter->event});
        d_.scene.labels.back().in_pill = true;
        d_.scene.hits.push_back({box, EventIndex{letter->event}, 0});
        taken_.push_back(box);
        break;
      }
    }
  }

  /// How many segments there are, and how often one comes: at the rail that they leave.
  void write_runs(const DrawnLetters& drawn) {
    for (const SegmentRun& run : drawn.runs) {
      if (run.count < 3) continue;
      const auto time_of_event = [&](std::uint32_t event) {
        const std::optional<Letter> letter = letter_of(d_.timeline.at(EventIndex{event}));
        return letter ? letter->sent_ns : d_.timeline.at(EventIndex{event}).time_ns;
      };
      const std::int64_t first = time_of_event(run.first), last = time_of_event(run.last);
      const std::string every = length_of(std::max<std::int64_t>(difference(last, first), 0) /
                                          static_cast<std::int64_t>(run.count - 1));
      const LaneFrame band = frame_.band_of(run.lane);
      const double y = run.from_client ? band.band_top + band_indent : band.band_bottom - band_indent;
      const double height = d_.measure.height(TextStyle::label_bold);
      std::string text = filled(words_.letters_more, {counted(run.count), every});
      const double width = d_.text_width(text, TextStyle::label_bold);
      const double left = std::min(x_at(first) + 8, frame_.right() - width - 4);
      const Rect box{left, y - height / 2, width, height};
      if (left < frame_.frame.left || !is_free(box)) continue;
      d_.text(std::move(text), left, y, TextStyle::label_bold, ink_of(run.lane), Align::left,
              EventIndex{run.first});
      d_.scene.labels.back().on_page = true;
      taken_.push_back(box);
    }
  }

  /// What the wedge is, at the first one that has room before it.
  void write_light(const DrawnLetters& drawn) {
    if (!d_.view.light_ns || *d_.view.light_ns <= 0 || bottom_ - top_ < 6 * line_height) return;
    const std::string name(words_.light_in_fibre);
    const std::string length = length_of(*d_.view.light_ns);
    const double width =
        std::max(d_.text_width(name, TextStyle::label_bold), d_.text_width(length, TextStyle::label));
    for (const DrawnLetter& letter : drawn.letters) {
      if (!letter.letter.from_client || letter.letter.estimated || !letter.piece.begins) continue;
      const double right = letter.piece.from.x - 8;
      const Rect box{right - width, bottom_ - 2.5 * line_height, width, 2 * line_height};
      const auto in_the_way = [&](const DrawnLetter& other) { return crosses(other.piece, box); };
      if (box.x < frame_.frame.left + 2 || !is_free(box) ||
          std::any_of(drawn.letters.begin(), drawn.letters.end(), in_the_way))
        continue;
      d_.text(name, right, box.y + line_height / 2, TextStyle::label_bold, Ink::light_line, Align::right);
      d_.text(length, right, box.y + line_height * 1.5, TextStyle::label, Ink::light_line, Align::right);
      taken_.push_back(box);
      return;
    }
  }

  const Drawing& d_;
  const LettersFrame& frame_;
  const Words& words_;
  double top_, bottom_;
  std::vector<Trip> trips_;
  std::vector<Rect> taken_;  ///< what is written in the band
};

}  // namespace

void lay_out_letters(const Timeline& timeline, const View& view, double width, double height,
                     const TextMeasure& measure, Scene& scene) {
  scene.clear();
  const LettersFrame frame = letters_frame(timeline, view, width, height);
  scene.bounds = frame.frame.bounds;
  const Drawing drawing{timeline, view, frame.frame, timeline.index(view.journey, view.limit_to_filter),
                        measure,  scene};
  LettersPage(drawing, frame).lay_out();
}

std::string describe_trips(const Timeline& timeline, const View& view) {
  const Words& words = words_of(view.language);
  std::string text;
  std::size_t number = 0;
  for (const RoundTrip& trip : round_trips_of(timeline, journey_in(timeline, view))) {
    const std::int64_t length = difference(trip.end_ns, trip.begin_ns);
    text.append(text.empty() ? "" : "; ")
        .append(filled(words.trip_line,
                       {std::to_string(++number), words.trips[static_cast<std::size_t>(trip.kind)],
                        spoken_length(stretch(Nanoseconds{length}, view.scale), view.language)}));
  }
  return text;
}

std::string window_length_text(const TimeWindow& window, Language language) {
  // One unit is enough: `90 d`, `90日`.
  const std::string text = length_text({window.seconds, 0}, language);
  const std::size_t unit = text.find_first_not_of("0123456789");
  return text.substr(0, std::min(text.find_first_of("0123456789", unit), text.size()));
}

}  // namespace humantime::ui
