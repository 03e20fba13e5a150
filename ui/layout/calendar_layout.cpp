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

std::optional<Point> point_of(const Timeline& timeline, const View& view, double width, double height,
                              StretchedTime time, Lane lane) {
  const CalendarFrame frame = frame_of(timeline, view, width, height);
  const auto rows = frame.page.rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    std::int64_t seconds = 0;
    if (time < rows[r].start || __builtin_sub_overflow(time.seconds, rows[r].start.seconds, &seconds) ||
        seconds >= rows[r].whole)
      continue;
    const RowFrame& row = frame.rows[r];
    double y = (row.top + style_of(view.level).row_header + row.bottom) / 2;
    for (const LaneFrame& of : row.lanes())
      if (of.lane == lane) y = (of.band_top + of.band_bottom) / 2;
    const double within = static_cast<double>(seconds) + time.nanoseconds * 1e-9;
    return Point{frame.left + within / static_cast<double>(rows[r].capacity) * frame.width, y};
  }
  return std::nullopt;
}

}  // namespace humantime::ui
