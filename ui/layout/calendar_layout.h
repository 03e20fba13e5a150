// SPDX-License-Identifier: GPL-2.0-or-later
// Where everything stands in the calendar: pure functions from events and a view to shapes.
#pragma once

#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// Lays the page of `view` out into `width` by `height` pixels (the height of the room; the scene's bounds
/// may be higher, then it scrolls). `scene` is overwritten, its capacity kept. The cost follows the pixels,
/// not the events.
void lay_out_calendar(const Timeline& timeline, const View& view, double width, double height,
                      const TextMeasure& measure, Scene& scene);

/// The strip: breadcrumb, one sentence of totals, the year to scale by stage, and the bracket of what is
/// shown.
void lay_out_strip(const Timeline& timeline, const View& view, double width, double height,
                   const TextMeasure& measure, Scene& scene);

/// The instant under a point of the calendar, none outside of its days; and the other way round, the point of
/// an instant in a lane's band where the page shows it.
std::optional<StretchedTime> time_at(const Timeline& timeline, const View& view, double width, double height,
                                     Point point);
std::optional<Point> point_of(const Timeline& timeline, const View& view, double width, double height,
                              StretchedTime time, Lane lane);

/// How far the page must be moved up for the row of an instant to be whole in a room of `height`, near its
/// middle; where the row is higher than the room, the lane, else the row's beginning. 0 to what the page has
/// more than the room; 0 also where the page does not show the instant.
double scroll_to(const Timeline& timeline, const View& view, double width, double height, StretchedTime time,
                 std::optional<Lane> lane);
/// Whether that row, or where it is higher than the room that lane of it, is whole in the room as `view` is
/// scrolled.
bool is_in_sight(const Timeline& timeline, const View& view, double width, double height, StretchedTime time,
                 std::optional<Lane> lane);

/// The view one step closer or further away about an instant, which keeps its place.
View zoomed(const View& view, int steps, StretchedTime about);
/// The next or previous page of the level.
View turned(const View& view, int pages);

}  // namespace humantime::ui
