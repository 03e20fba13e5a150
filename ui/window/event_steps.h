// SPDX-License-Identifier: GPL-2.0-or-later
// From one event to the next: in time, and in the rows and lanes of a page.
#pragma once

#include <array>
#include <optional>

#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

enum class Step : std::int8_t { back = -1, forth = 1 };

/// The milestone next to `from` in time among those that `view` shows; events at one time stand in the order
/// of frames. Without `from` the first or last at or beyond `at_ns`.
std::optional<EventIndex> next_in_time(const Timeline& timeline, const View& view,
                                       std::optional<EventIndex> from, std::int64_t at_ns, Step step);

/// The same among the milestones of an index, without its hidden lanes.
std::optional<EventIndex> next_in_time(const Timeline& timeline, const TimelineIndex& index,
                                       const std::array<bool, lane_count>& hidden,
                                       std::optional<EventIndex> from, std::int64_t at_ns, Step step);

/// The mark of `scene` nearest to the one of `from`, in the nearest row up or down. A scene's rows are told
/// by `row_tops`, in their order.
std::optional<EventIndex> next_in_rows(const Scene& scene, std::span<const double> row_tops, EventIndex from,
                                       Step step);

/// The mark of `scene` nearest in place to the one of `from`, in the next lane that has marks; none behind
/// the last and before the first lane.
std::optional<EventIndex> next_in_lanes(const Scene& scene, std::optional<Lane> from_lane, Point from,
                                        Step step);

/// Where the event's mark is in the scene; null where it is not.
const Mark* mark_of(const Scene& scene, EventIndex event);

}  // namespace humantime::ui
