// SPDX-License-Identifier: GPL-2.0-or-later
// The strip above every view: the whole capture to scale. It is the map.
#pragma once

#include <cstdint>
#include <optional>

#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// What the strip's map shows: whole years, from the first event's to the last one's.
struct StripMap {
  Rect rect;  ///< of the bars, in the strip's pixels
  std::int64_t first_year = 1, last_year = 1;
  std::int64_t begin_ns = 0, end_ns = 0;
  bool columns = false;  ///< connections in progress instead of one journey's stages

  double x_at(std::int64_t time_ns) const;
};
StripMap strip_map(const Timeline& timeline, const View& view, double width, double height);

/// The instant under a point of the map; none beside it.
std::optional<StretchedTime> strip_time_at(const Timeline& timeline, const View& view, double width,
                                           double height, Point point);

}  // namespace humantime::ui
