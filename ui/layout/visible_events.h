// SPDX-License-Identifier: GPL-2.0-or-later
// Which events of an index a row of pixels shows: found without visiting the rest, a column at a time.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "layout/frame.h"
#include "model/time_index.h"

namespace humantime::ui {

/// A row, and where it ends for now: while it is played not all of it is drawn.
struct VisibleRow {
  const CalendarFrame& frame;
  const PageRow& row;
  std::int64_t stop_ns;
};

/// Calls `visit(position, count)` for one event of each column of pixels whose own time is in the row. Where
/// there are many events columns are `coarse` pixels wide, else one.
template <typename Visit>
void for_each_column(const VisibleRow& visible, const TimeIndex& index, TimeIndex::Events events,
                     double coarse, Visit visit) {
  const CalendarFrame& frame = visible.frame;
  const PageRow& row = visible.row;
  const std::size_t stop = index.lower_bound(events, visible.stop_ns);
  std::size_t position = index.lower_bound(events, row.begin_ns);
  const auto count = static_cast<double>(stop - std::min(position, stop));
  const bool many = count > 2 * frame.width;
  const double width = many ? coarse : 1;
  // Where a column has thousands its border needs not be exact: every event is counted once.
  const bool dense = count > frame.width / width * 8 * TimeIndex::block_size;
  while (position < stop) {
    const std::int64_t time = events[index.event_at(position)].time_ns;
    std::size_t next = position + 1;
    if (next < stop) {
      const double column = std::floor((frame.x_at(row, time) - frame.left) / width);
      std::int64_t column_end = row.time_at((column + 1) * width / frame.width);
      // Rounding may take an event at a column's end for one of the column before.
      if (column_end <= time) column_end = row.time_at((column + 2) * width / frame.width);
      column_end = std::min(column_end, visible.stop_ns);
      next = std::max(next, dense ? std::min(stop, index.near_bound(column_end, position))
                                  : index.lower_bound(events, column_end, position));
    }
    visit(position, next - position);
    position = next;
  }
}

/// Calls `visit(event, weight)` for those whose letter is on its way in the row, but whose own time is not in
/// it; where there are more than `most`, for some that stand for all.
template <typename Visit>
void for_each_carried(const VisibleRow& visible, const TimeIndex& index, TimeIndex::Events events,
                      std::size_t most, Visit visit) {
  const auto carry = [&](std::size_t position, std::size_t weight) {
    visit(index.event_at(position), weight);
  };
  const std::size_t first = index.lower_bound(events, visible.row.begin_ns);
  index.for_each_reaching(events, first, visible.row.begin_ns, most, carry);
  index.for_each_from_before(events, index.lower_bound(events, visible.stop_ns, first), visible.stop_ns, most,
                             carry);
}

}  // namespace humantime::ui
