// SPDX-License-Identifier: GPL-2.0-or-later
// All letters of all years on one narrow ladder: the map of the letters' page.
#include <algorithm>
#include <string>
#include <vector>

#include "layout/answer_words.h"
#include "layout/drawing.h"
#include "layout/event_text.h"
#include "layout/letters_layout.h"
#include "layout/letters_lines.h"
#include "layout/strip.h"
#include "layout/summary.h"
#include "layout/time_axis.h"
#include "layout/words.h"
#include "model/answer.h"
#include "model/round_trips.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr LettersStyle style = {1.5F, 0.7F, 0, false};
constexpr LettersMargins margins = {84, 16, 38, 26};
constexpr double title_middle = 17;

/// The years that the strip shows too.
LettersFrame overview_frame(const Timeline& timeline, const View& view, double width, double height) {
  const StripMap map = strip_map(timeline, view, width, height);
  Date first, last;
  first.year = map.first_year;
  last.year = map.last_year == INT64_MAX ? INT64_MAX : map.last_year + 1;
  const std::int64_t begin = time_of(first).seconds;
  return letters_frame(timeline, view, {begin, difference(time_of(last).seconds, begin)}, width, height,
                       margins);
}

void lay_out_bracket(const Drawing& d, const LettersFrame& frame) {
  const TimeWindow window = window_of(d.timeline, d.view);
  const PageRow& row = frame.row();
  const auto x_at = [&](std::int64_t second) {
    const double share = (static_cast<double>(second) - static_cast<double>(row.start.seconds)) /
                         static_cast<double>(row.capacity);
    return std::clamp(frame.frame.left + share * frame.frame.width, frame.frame.left, frame.right());
  };
  double left = x_at(window.begin) - 1, right = x_at(sum(window.begin, window.seconds)) + 1;
  // A minute is less than a pixel: the frame stays to be seen and to be dragged.
  if (right - left < 6) {
    const double middle = (left + right) / 2;
    left = middle - 3, right = middle + 3;
  }
  const double top = frame.rail(Rail::client) - 5, bottom = frame.rail(Rail::server) + 5;
  d.fill(left, top, right, bottom, Ink::selection, Strength::tint);
  const Point corners[] = {{left, top}, {right, top}, {right, bottom}, {left, bottom}};
  for (std::size_t i = 0; i < 4; ++i)
    d.line(corners[i], corners[(i + 1) % 4], Ink::selection, Strength::solid, 2);
}

/// Of the one journey that is told: what its parts are. Nothing is written over a letter but what tells of
/// many.
class OverviewWords {
 public:
  OverviewWords(const Drawing& d, const LettersFrame& frame, std::size_t first_line)
      : d_(d), frame_(frame), first_line_(first_line) {}

  void write() {
    const std::uint32_t journey = told_journey(d_.timeline, d_.view.journey);
    const JourneySummary* of = d_.timeline.summary(journey);
    // While it plays the end is not known yet.
    if (of == nullptr || of->first_ns == Event::unknown || d_.view.until) return;
    height_ = d_.measure.height(TextStyle::label);
    double right = write_end(*of);
    write_questions(*of, journey);
    write_answer(journey, right);
  }

 private:
  double x_at(std::int64_t ns) const { return frame_.frame.x_at(frame_.row(), ns); }
  bool is_clear(const Rect& box) const {
    if (box.x < frame_.frame.left || box.right() > frame_.right()) return false;
    if (std::any_of(taken_.begin(), taken_.end(), [&](const Rect& of) { return of.intersects(box); }))
      return false;
    return std::none_of(d_.scene.lines.begin() + static_cast<std::ptrdiff_t>(first_line_),
                        d_.scene.lines.end(), [&](const Line& line) { return crosses(line, box); });
  }
  static bool crosses(const Line& line, const Rect& box) {
    const Point a = line.from.x <= line.to.x ? line.from : line.to;
    const Point b = line.from.x <= line.to.x ? line.to : line.from;
    const double left = std::max(a.x, box.x), right = std::min(b.x, box.right());
    if (left > right) return false;
    const auto y_at = [&](double x) { return b.x > a.x ? a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) : a.y; };
    const auto [low, high] = b.x > a.x ? std::minmax({y_at(left), y_at(right)}) : std::minmax({a.y, b.y});
    return low < box.bottom() && high > box.y;
  }

  /// Behind the last event; gives what it reaches to.
  double write_end(const JourneySummary& of) {
    const double x = x_at(of.last_ns) + 8;
    // While a capture is read nobody knows which event is the last.
    if (d_.timeline.source().progress() < 1 || d_.timeline.has_means()) return x;
    const std::string word(end_word(d_.view.language));
    const Date date = date_of(stretched(of.last_ns, frame_.frame.origin_ns, d_.view.scale));
    const std::string day = day_text(date, d_.view.language);
    const double width =
        std::max(d_.text_width(word, TextStyle::label), d_.text_width(day, TextStyle::label));
    const double middle = (frame_.rail(Rail::client) + frame_.rail(Rail::server)) / 2;
    const Rect box{x, middle - height_, width, 2 * height_};
    if (!is_clear(box)) return x;
    d_.text(word, x, middle - height_ / 2, TextStyle::label, Ink::muted);
    d_.text(day, x, middle + height_ / 2, TextStyle::label, Ink::muted);
    taken_.push_back(box);
    return box.right() + 14;
  }

  /// Below the legs of the questions to DNS.
  void write_questions(const JourneySummary& of, std::uint32_t journey) {
    constexpr std::uint32_t furthest = 4000;
    std::size_t count = 0;
    std::int64_t first_ns = 0;
    const std::uint32_t last = std::min(of.last_event, of.first_event + furthest);
    for (std::uint32_t i = of.first_event; i <= last; ++i) {
      const Event& event = d_.timeline.at(EventIndex{i});
      if (event.journey != journey || event.phase != Phase::dns_query || (event.flags & Event::twin) != 0)
        continue;
      if (count++ == 0) first_ns = event.time_ns;
    }
    if (count == 0 || d_.view.hidden[static_cast<std::size_t>(Lane::dns)]) return;
    const std::string text = questions_text(count, d_.view.language);
    const double x = std::max(x_at(first_ns), frame_.frame.left + 2);
    const double y = frame_.rail(Rail::server) - height_ / 2 - 2;
    const Rect box{x, y - height_ / 2, d_.text_width(text, TextStyle::label), height_};
    if (!is_clear(box)) return;
    d_.text(text, x, y, TextStyle::label, ink_of(Lane::dns));
    taken_.push_back(box);
  }

  /// Over the letters of the answer, or where they have no room for it behind the end.
  void write_answer(std::uint32_t journey, double behind) {
    const auto answer = answer_of(d_.timeline, journey);
    if (!answer || d_.view.hidden[static_cast<std::size_t>(Lane::http)]) return;
    const double begin = x_at(answer->begin_ns), end = x_at(answer->end_ns);
    const double middle = (frame_.rail(Rail::client) + frame_.rail(Rail::server)) / 2;
    const std::vector<std::string> wordings = answer_spans(d_.timeline, *answer, d_.view);
    const auto write = [&](const std::string& text, double x, Align align) {
      d_.text(text, x, middle, TextStyle::label_bold, ink_of(Lane::http), align, answer->first);
      d_.scene.labels.back().on_page = true;
    };
    constexpr double beside = 60;
    if (d_.text_width(wordings.front(), TextStyle::label_bold) + beside <= end - begin)
      return write(wordings.front(), (begin + end) / 2, Align::center);
    for (const std::string& text : wordings)
      if (behind + d_.text_width(text, TextStyle::label_bold) <= frame_.right())
        return write(text, behind, Align::left);
    for (const std::string& text : wordings)
      if (d_.text_width(text, TextStyle::label_bold) + beside <= end - begin)
        return write(text, (begin + end) / 2, Align::center);
  }

  const Drawing& d_;
  const LettersFrame& frame_;
  std::size_t first_line_;
  double height_ = 0;
  std::vector<Rect> taken_;
};

}  // namespace

void lay_out_letters_overview(const Timeline& timeline, const View& view, double width, double height,
                              const TextMeasure& measure, Scene& scene) {
  scene.clear();
  const LettersFrame frame = overview_frame(timeline, view, width, height);
  scene.bounds = frame.frame.bounds;
  const Drawing d{timeline, view, frame.frame, timeline.index(view.journey, view.limit_to_filter),
                  measure,  scene};
  const Words& words = words_of(view.language);
  d.fill(0, 0, scene.bounds.width, scene.bounds.height, Ink::page);
  lay_out_bracket(d, frame);
  const double top = frame.rail(Rail::client), bottom = frame.rail(Rail::server);
  View year = view;
  year.level = Level::year;
  const Rect title = d.text(page_title(year), 12, title_middle, TextStyle::title, Ink::text);
  write_sentence(d, trips_sentence(timeline, view), title.right() + 14, title_middle + 2, frame.right());
  for (const Tick& tick : ticks_of(d)) {
    d.line({tick.x, top}, {tick.x, bottom}, Ink::grid);
    const double tick_width = d.text_width(tick.text, TextStyle::tick);
    if (tick.x + tick_width < frame.right())
      d.text(tick.text, tick.x + 3, bottom + margins.bottom / 2 + 1, TextStyle::tick, Ink::muted);
  }
  for (const auto& [rail, name] :
       {std::pair(Rail::client, words.client), std::pair(Rail::server, words.server)}) {
    const double y = frame.rail(rail);
    d.text(std::string(name), 12, rail == Rail::client ? y + 5 : y - 5, TextStyle::label, Ink::muted);
    d.line({frame.frame.left, y}, {frame.right(), y}, Ink::text, Strength::solid, 1.2F);
  }
  const std::size_t before = scene.lines.size();
  draw_letters(d, frame, style);
  OverviewWords(d, frame, before).write();
}

std::optional<StretchedTime> overview_time_at(const Timeline& timeline, const View& view, double width,
                                              double height, Point point) {
  const LettersFrame frame = overview_frame(timeline, view, width, height);
  const PageRow& row = frame.row();
  const double share = (point.x - frame.frame.left) / frame.frame.width;
  if (!(share >= 0) || share >= 1 || point.y < frame.rail(Rail::client) - margins.bottom ||
      point.y > frame.rail(Rail::server) + margins.bottom)
    return std::nullopt;
  StretchedTime time = row.start;
  if (__builtin_add_overflow(
          time.seconds, static_cast<std::int64_t>(share * static_cast<double>(row.capacity)), &time.seconds))
    return std::nullopt;
  return time;
}

}  // namespace humantime::ui
