// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/compare_ladder.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layout/answer_words.h"
#include "layout/compare_text.h"
#include "layout/compare_words.h"
#include "layout/event_text.h"
#include "layout/letter.h"
#include "layout/words.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr float radius = 5, letter_width = 2.2F;
constexpr double text_gap = 6;

/// What a mean's messages are called: those that its kind of round trip begins and ends with. None where
/// several do.
struct MessageRow {
  TripKind kind;
  std::optional<Phase> ask, answer;
};
constexpr std::array messages = {
    MessageRow{TripKind::tunnel, std::nullopt, std::nullopt},
    MessageRow{TripKind::connect, Phase::tcp_syn, Phase::tcp_syn_ack},
    MessageRow{TripKind::quic, Phase::tls_client_hello, std::nullopt},
    MessageRow{TripKind::hello, Phase::tls_client_hello, Phase::tls_server_hello},
    MessageRow{TripKind::retry, Phase::tls_client_hello, std::nullopt},
    MessageRow{TripKind::keys, Phase::tls_client_key_exchange, Phase::tls_finished},
    MessageRow{TripKind::proxy, Phase::http_tunnel, Phase::http_response_start},
    MessageRow{TripKind::request, Phase::http_request, Phase::http_response_start},
};
static_assert(messages.size() == trip_kind_count);

class Ladder {
 public:
  explicit Ladder(const CompareLadder& ladder)
      : d_(ladder.drawing),
        frame_(ladder.frame),
        page_row_(ladder.frame.axis.page.storage[0]),
        box_(ladder.box),
        row_(ladder.row),
        words_(compare_words(d_.view.language)) {
    band_.band_top = box_.client;
    band_.band_bottom = box_.server;
  }

  void draw() {
    shade();
    for (const double y : {box_.client, box_.server})
      d_.line({frame_.axis.left, y}, {frame_.right(), y}, Ink::text, Strength::rails, 1.6F);
    for (const ComparedTrip& trip : row_.trips) draw_trip(trip);
    flush_marks();
    write_numbers();
    write_names();
    write_dates();
  }

 private:
  double x_at(std::int64_t ns) const { return frame_.axis.x_at(page_row_, ns); }
  double clamped_x(std::int64_t ns) const { return std::clamp(x_at(ns), frame_.axis.left, frame_.right()); }
  bool is_inside(std::int64_t ns) const {
    return ns >= page_row_.begin_ns && ns <= page_row_.end_ns && ns < frame_.axis.until_ns;
  }
  bool is_hidden(Lane lane) const { return d_.view.hidden[static_cast<std::size_t>(lane)]; }
  bool is_free(const Rect& box) const {
    return std::none_of(taken_.begin(), taken_.end(),
                        [&](const Rect& taken) { return taken.intersects(box); });
  }

  void shade() {
    const auto fill = [&](std::int64_t begin, std::int64_t end, Lane lane) {
      if (is_hidden(lane)) return;
      d_.fill(clamped_x(begin), box_.client, clamped_x(std::min(end, frame_.axis.until_ns)), box_.server,
              ink_of(lane), Strength::tint);
    };
    for (const ComparedStage& stage : row_.stages) {
      fill(stage.begin_ns, stage.end_ns, stage.lane);
      write_stage(stage);
    }
    for (const ComparedWait& wait : row_.waits)
      if (wait.before_question || !row_.asks_ns) fill(wait.begin_ns, wait.end_ns, wait.lane);
    if (row_.hears_ns) fill(*row_.asks_ns, *row_.hears_ns, Lane::http);
  }

  void write_stage(const ComparedStage& stage) {
    if (is_hidden(stage.lane)) return;
    const std::string name(token_of(stage.lane));
    const double left = clamped_x(stage.begin_ns), right = clamped_x(stage.end_ns);
    if (d_.text_width(name, TextStyle::label_bold) + 2 * text_gap > right - left) return;
    taken_.push_back(d_.text(name, (left + right) / 2, (box_.client + box_.server) / 2, TextStyle::label_bold,
                             ink_of(stage.lane), Align::center));
  }

  void draw_trip(const ComparedTrip& trip) {
    if (is_hidden(trip.lane)) return;
    const LineStyle style = trip.estimated ? LineStyle::dashed : LineStyle::solid;
    // In early data the question goes beside the ClientHello: one line says both, and it is the question's.
    const bool is_other = row_.hears_ns && &trip != &row_.trips.back();
    const auto beside = [&](std::int64_t ComparedTrip::*begin, std::int64_t ComparedTrip::*end) {
      const ComparedTrip& request = row_.trips.back();
      return is_other && std::abs(x_at(trip.*begin) - x_at(request.*begin)) < 2 &&
             std::abs(x_at(trip.*end) - x_at(request.*end)) < 2;
    };
    const auto line = [&](std::int64_t begin, bool at_client, std::int64_t end, EventIndex event) {
      if (const auto piece = piece_of(frame_.axis, page_row_, band_, begin, at_client, end, !at_client))
        d_.line(piece->from, piece->to, ink_of(trip.lane), Strength::solid, letter_width, style, event);
    };
    if (!beside(&ComparedTrip::begin_ns, &ComparedTrip::turn_ns))
      line(trip.begin_ns, true, trip.turn_ns, trip.ask);
    if (!beside(&ComparedTrip::answered_ns, &ComparedTrip::end_ns))
      line(trip.answered_ns, false, trip.end_ns, trip.answer);
    marks_.push_back({trip.begin_ns, true, true, trip.lane, trip.ask});
    marks_.push_back({trip.turn_ns, false, false, trip.lane, trip.ask});
    marks_.push_back({trip.answered_ns, false, true, trip.lane, trip.answer});
    marks_.push_back({trip.end_ns, true, false, trip.lane, trip.answer});
  }

  struct End {
    std::int64_t ns;
    bool at_client, sent;
    Lane lane;
    EventIndex event;
  };

  /// Received and answered within a mark's width is one mark, half filled; a pointer finds both events.
  void flush_marks() {
    std::stable_sort(marks_.begin(), marks_.end(), [](const End& a, const End& b) {
      return std::pair(a.at_client, a.ns) < std::pair(b.at_client, b.ns);
    });
    for (std::size_t i = 0; i < marks_.size(); ++i) {
      const End& end = marks_[i];
      if (!is_inside(end.ns)) continue;
      const Point at{x_at(end.ns), end.at_client ? box_.client : box_.server};
      const auto near = [&](std::size_t j) {
        return j < marks_.size() && marks_[j].at_client == end.at_client && is_inside(marks_[j].ns) &&
               x_at(marks_[j].ns) - at.x < 2 * radius;
      };
      const bool folded = near(i + 1);
      const End& last = folded ? marks_[i + 1] : end;
      const Filling filling = folded && last.sent != end.sent ? Filling::half
                              : last.sent                     ? Filling::hollow
                                                              : Filling::filled;
      d_.scene.marks.push_back({at, radius, last.lane, filling, last.event});
      const double reach = radius + 2.0;
      if (folded && end.event != no_event)
        d_.scene.hits.push_back({{at.x - reach, at.y - reach, reach, 2 * reach}, end.event, 1});
      const double left = folded ? at.x : at.x - reach;
      if (last.event != no_event)
        d_.scene.hits.push_back({{left, at.y - reach, at.x + reach - left, 2 * reach}, last.event, 1});
      if (folded) ++i;
    }
  }

  // -- what is written

  /// The number of each round trip that was waited for before the question; 0 where there was none.
  void write_numbers() {
    std::size_t number = 0;
    for (const ComparedWait& wait : row_.waits)
      if (wait.before_question) write_number(++number, wait.begin_ns, wait.end_ns, wait.lane);
    if (number > 0 || row_.round_trips != std::size_t{0} || row_.waits.empty()) return;
    const ComparedWait& first = row_.waits.front();
    write_number(0, first.begin_ns, first.end_ns, first.lane);
  }

  void write_number(std::size_t number, std::int64_t begin_ns, std::int64_t end_ns, Lane lane) {
    if (is_hidden(lane) || end_ns >= frame_.axis.until_ns) return;
    const double left = clamped_x(begin_ns), right = clamped_x(end_ns), middle = (left + right) / 2;
    const std::string text = std::to_string(number);
    // Between the strokes at the top, where they stand furthest apart.
    const double height = box_.server - box_.client;
    for (const TextStyle style : {TextStyle::number, TextStyle::title, TextStyle::label_bold}) {
      const double ink_height = d_.measure.height(style) * 0.62;
      const double width = d_.text_width(text, style);
      const double y = box_.client + 7 + ink_height / 2;
      const double inner = (right - left) * (1 - (7 + ink_height) / height);
      if (7 + ink_height > height * 0.75 || width + 12 > inner) continue;
      d_.text(text, middle, y, style, ink_of(lane), Align::center);
      taken_.push_back({middle - width / 2, y - ink_height / 2, width, ink_height});
      write_length(middle, y + ink_height / 2, left, right, difference(end_ns, begin_ns));
      return;
    }
  }

  /// Below its number, where there is room enough for both.
  void write_length(double middle, double top, double left, double right, std::int64_t ns) {
    constexpr double gap = 8;
    const std::string text = length_text(stretch(Nanoseconds{ns}, d_.view.scale), d_.view.language);
    const double height = d_.measure.height(TextStyle::label), width = d_.text_width(text, TextStyle::label);
    const double bottom = top + gap + height;
    const double share = (bottom - box_.client) / (box_.server - box_.client);
    if (share > 0.5 || width + 2 * gap > (right - left) * (1 - share)) return;
    taken_.push_back(d_.text(text, middle, bottom - height / 2, TextStyle::label, Ink::text, Align::center));
  }

  std::string own_name(const ComparedTrip& trip, bool asks) const {
    const MessageRow& row = messages[static_cast<std::size_t>(trip.kind)];
    const std::optional<Phase>& phase = asks ? row.ask : row.answer;
    return phase ? std::string(label_of(*phase, d_.view.language)) : std::string();
  }

  /// `ServerHello … ServerHelloDone`; where the packet is named by something else, what it is of the trip.
  std::string name_of_message(const ComparedTrip& trip, bool asks) const {
    const EventIndex event = asks ? trip.ask : trip.answer;
    std::string own = own_name(trip, asks);
    if (event == no_event) return own;
    const std::string name = name_of(d_.timeline, event, d_.view.language);
    const std::size_t at = own.empty() ? std::string::npos : name.find(own);
    return at == std::string::npos || (at == 0 && trip.kind != TripKind::quic) ? name : own;
  }

  /// What is asked and answered, in the corners below the strokes; what goes side by side is one text. Of
  /// early data the question is what matters: where only one is said, it is that.
  void write_names() {
    const std::vector<ComparedTrip>& trips = row_.trips;
    for (const bool asks : {true, false}) {
      const auto rail_x = [&](const ComparedTrip& of) { return x_at(asks ? of.begin_ns : of.end_ns); };
      for (std::size_t i = 0; i < trips.size(); ++i) {
        const std::size_t first = i;
        while (i + 1 < trips.size() && std::abs(rail_x(trips[i + 1]) - rail_x(trips[first])) < radius) ++i;
        if (is_hidden(trips[i].lane)) continue;
        std::string name = i == first ? name_of_message(trips[i], asks) : own_name(trips[i], asks);
        for (std::size_t beside = first; beside < i; ++beside) {
          const std::string own = own_name(trips[beside], asks);
          if (!own.empty() && name.find(own) == std::string::npos) name.append(" + ").append(own);
        }
        write_name(std::move(name), trips[i], asks);
      }
    }
  }

  /// On one line, else on two; else what is said first alone.
  void write_name(std::string name, const ComparedTrip& trip, bool asks) {
    const std::int64_t from = asks ? trip.begin_ns : trip.answered_ns, to = asks ? trip.turn_ns : trip.end_ns;
    if (name.empty() || !is_inside(from) || !is_inside(to)) return;
    name = in_letters(std::move(name), d_.view.language);
    const auto fits = [&](const std::vector<std::string>& lines) {
      return write_in_corner(lines, asks, x_at(from), x_at(to), trip);
    };
    while (!fits({name})) {
      std::size_t best = std::string::npos;
      for (std::size_t at = name.find(' '); at != std::string::npos; at = name.find(' ', at + 1))
        if (best == std::string::npos || std::max(at, name.size() - at) < std::max(best, name.size() - best))
          best = at;
      if (best != std::string::npos && fits({name.substr(0, best), name.substr(best + 1)})) return;
      std::size_t more = std::string::npos;
      for (const std::string_view between : {" + ", " … ", ", ", " of ", "、", "の"})
        more = std::min(more, name.find(between));
      if (more == std::string::npos) return;
      name.resize(more);
    }
  }

  bool write_in_corner(const std::vector<std::string>& lines, bool asks, double from, double to,
                       const ComparedTrip& trip) {
    const double line = d_.measure.height(TextStyle::label);
    const double text_height = line * static_cast<double>(lines.size());
    const double top = box_.server - 3 - text_height;
    const double share = (top - box_.client) / (box_.server - box_.client);
    if (share <= 0.1) return false;
    // Where the stroke is at the height of the text's top: beyond it the corner is free.
    const double stroke = asks ? from + (to - from) * share : to - (to - from) * share;
    double width = 0;
    for (const std::string& text : lines) width = std::max(width, d_.text_width(text, TextStyle::label));
    const double left = asks ? from + text_gap : to - text_gap - width;
    if (asks ? left + width + 4 > stroke : left - 4 < stroke) return false;
    const Rect box{left, top, width, text_height};
    if (left < frame_.axis.left || left + width > frame_.right() || !is_free(box)) return false;
    for (std::size_t i = 0; i < lines.size(); ++i)
      d_.text(lines[i], asks ? left : left + width, top + line * (static_cast<double>(i) + 0.5),
              TextStyle::label, ink_of(trip.lane), asks ? Align::left : Align::right,
              asks ? trip.ask : trip.answer);
    taken_.push_back(box);
    return true;
  }

  /// When it asks and when it hears, above the client's rail; what finds no room says less.
  void write_dates() {
    const double used = frame_.axis.left;
    const double y = (box_.top + box_.client) / 2 - 1;
    const auto write = [&](std::int64_t ns, const std::vector<std::string>& wordings,
                           double until) -> std::optional<double> {
      if (!is_inside(ns)) return std::nullopt;
      const double x = x_at(ns);
      for (const std::string& text : wordings) {
        const double width = d_.text_width(text, TextStyle::label_bold);
        // Right of its pole, or left of it.
        for (const double left : {x + text_gap, x - text_gap - width}) {
          if (left < used || left + width > until) continue;
          d_.line({x, box_.top + 6}, {x, box_.client}, Ink::http, Strength::solid, 1.5F);
          d_.text(text, left, y, TextStyle::label_bold, Ink::http);
          d_.scene.labels.back().on_page = true;
          return left;
        }
      }
      return std::nullopt;
    };
    double until = frame_.right();
    if (row_.hears_ns && !is_hidden(Lane::http)) {
      const std::string date = compared_date(*row_.hears_ns, d_.view, true),
                        day = compared_date(*row_.hears_ns, d_.view, false);
      std::vector<std::string> wordings;
      if (row_.is_mean()) {
        const std::string spread = deviation_text(row_.hears_sd_ns, d_.view);
        wordings.push_back(filled(words_.hears_on, {filled(words_.with_deviation, {day, spread})}));
      } else {
        wordings.push_back(filled(words_.hears_on, {date}));
      }
      wordings.push_back(filled(words_.hears_on, {day}));
      wordings.push_back(day);
      if (const auto left = write(*row_.hears_ns, wordings, until))
        until = std::min(*left, x_at(*row_.hears_ns)) - text_gap;
      if (row_.is_mean()) draw_spread();
    }
    if (row_.asks_ns && !is_hidden(Lane::http)) {
      const std::string date = compared_date(*row_.asks_ns, d_.view, true),
                        day = compared_date(*row_.asks_ns, d_.view, false);
      write(*row_.asks_ns, {filled(words_.asks_on, {date}), filled(words_.asks_on, {day}), day}, until);
    }
  }

  /// ± one standard deviation of a mean's answer.
  void draw_spread() {
    if (!is_inside(*row_.hears_ns) || row_.hears_sd_ns <= 0) return;
    const double from = clamped_x(difference(*row_.hears_ns, row_.hears_sd_ns));
    const double to = clamped_x(sum(*row_.hears_ns, row_.hears_sd_ns));
    if (to - from < 3) return;
    d_.line({from, box_.client}, {to, box_.client}, Ink::http, Strength::solid, deviation_width);
  }

  const Drawing& d_;
  const CompareFrame& frame_;
  const PageRow& page_row_;
  const CompareRowFrame& box_;
  const ComparedRow& row_;
  const CompareWords& words_;
  LaneFrame band_;
  std::vector<End> marks_;
  std::vector<Rect> taken_;  ///< what is written in the band
};

}  // namespace

void draw_ladder(const CompareLadder& ladder) {
  Ladder(ladder).draw();
}

}  // namespace humantime::ui
