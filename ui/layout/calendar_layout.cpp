// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/calendar_layout.h"

#include <algorithm>
#include <cmath>

#include "layout/drawing.h"

namespace humantime::ui {

void lay_out_calendar(const Timeline& timeline, const View& view, double width, double height,
                      const TextMeasure& measure, Scene& scene) {
  scene.clear();
  const CalendarFrame frame = frame_of(timeline, view, width, height);
  scene.bounds = frame.bounds;
  const Drawing drawing{timeline, view, frame, timeline.index(view.journey, view.limit_to_filter),
                        measure,  scene};
  lay_out_grid(drawing);
  lay_out_closing_sentence(drawing);
  if (frame.stacked)
    lay_out_stacked(drawing);
  else
    lay_out_lanes(drawing);
  lay_out_waits(drawing);
  lay_out_zoomed_waits(drawing);
  lay_out_stage_names(drawing);
}

std::optional<StretchedTime> time_at(const Timeline& timeline, const View& view, double width, double height,
                                     Point point) {
  const CalendarFrame frame = frame_of(timeline, view, width, height);
  const auto rows = frame.page.rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    if (point.y < frame.rows[r].top || point.y >= frame.rows[r].bottom) continue;
    const double seconds = (point.x - frame.left) / frame.width * static_cast<double>(rows[r].capacity);
    if (!(seconds >= 0) || seconds >= static_cast<double>(rows[r].seconds)) return std::nullopt;
    const double whole = std::floor(seconds);
    StretchedTime time = rows[r].start;
    if (__builtin_add_overflow(time.seconds, static_cast<std::int64_t>(whole), &time.seconds))
      return std::nullopt;
    time.nanoseconds = static_cast<std::uint32_t>(std::min((seconds - whole) * 1e9, 999'999'999.0));
    return time;
  }
  return std::nullopt;
}

namespace {

/// The row of the page itself that holds an instant.
std::optional<std::size_t> page_row_of(const Page& page, StretchedTime time) {
  const auto rows = page.rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::int64_t seconds = 0;
    if (time < rows[r].start || __builtin_sub_overflow(time.seconds, rows[r].start.seconds, &seconds) ||
        seconds >= rows[r].whole)
      continue;
    return r;
  }
  return std::nullopt;
}

/// From top to bottom, what is to be seen of an instant.
struct Stretch {
  double top, bottom;
};
std::optional<Stretch> stretch_of(const CalendarFrame& frame, double height, StretchedTime time,
                                  std::optional<Lane> lane) {
  const auto r = page_row_of(frame.page, time);
  if (!r) return std::nullopt;
  const RowFrame& row = frame.rows[*r];
  if (row.bottom - row.top > height)
    for (const LaneFrame& of : row.lanes())
      if (of.lane == lane) return Stretch{of.top, of.bottom};
  return Stretch{row.top, row.bottom};
}

}  // namespace

double scroll_to(const Timeline& timeline, const View& view, double width, double height, StretchedTime time,
                 std::optional<Lane> lane) {
  const CalendarFrame frame = frame_of(timeline, view, width, height);
  const auto shown = stretch_of(frame, height, time, lane);
  if (!shown) return 0;
  // Of what is higher than the room the beginning.
  const double above = std::max(0.0, (height - (shown->bottom - shown->top)) / 2);
  return std::clamp(shown->top - above, 0.0, std::max(0.0, frame.bounds.height - height));
}

bool is_in_sight(const Timeline& timeline, const View& view, double width, double height, StretchedTime time,
                 std::optional<Lane> lane) {
  const CalendarFrame frame = frame_of(timeline, view, width, height);
  const auto shown = stretch_of(frame, height, time, lane);
  return shown && shown->top >= view.scroll - 0.5 && shown->bottom <= view.scroll + height + 0.5;
}

std::optional<Point> point_of(const Timeline& timeline, const View& view, double width, double height,
                              StretchedTime time, Lane lane) {
  const CalendarFrame frame = frame_of(timeline, view, width, height);
  const auto r = page_row_of(frame.page, time);
  if (!r) return std::nullopt;
  const PageRow& of_page = frame.page.rows()[*r];
  const RowFrame& row = frame.rows[*r];
  double y = (row.top + style_of(view.level).row_header + row.bottom) / 2;
  for (const LaneFrame& of : row.lanes())
    if (of.lane == lane) y = (of.band_top + of.band_bottom) / 2;
  const double within = static_cast<double>(time.seconds - of_page.start.seconds) + time.nanoseconds * 1e-9;
  return Point{frame.left + within / static_cast<double>(of_page.capacity) * frame.width, y};
}

}  // namespace humantime::ui
