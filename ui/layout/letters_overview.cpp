// SPDX-License-Identifier: GPL-2.0-or-later
// All letters of all years on one narrow ladder: the map of the letters' page.
#include <algorithm>
#include <string>

#include "layout/drawing.h"
#include "layout/event_text.h"
#include "layout/letters_layout.h"
#include "layout/letters_lines.h"
#include "layout/strip.h"
#include "layout/summary.h"
#include "layout/time_axis.h"
#include "layout/words.h"
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
  draw_letters(d, frame, style);
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
