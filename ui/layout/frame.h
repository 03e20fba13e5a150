// SPDX-License-Identifier: GPL-2.0-or-later
// Where the rows and lanes of a calendar page stand: VISUAL geometry as numbers, before anything is drawn.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "layout/page.h"
#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// How a level looks: logical pixels.
struct LevelStyle {
  double gutter;       ///< left of the days
  double page_header;  ///< the numbers of the days above all rows
  double row_header;   ///< dates above each row
  double row_padding;  ///< of a row that has lanes, above and below together
  double above;        ///< the label line over a band
  double flags;        ///< more above a band whose marks carry a flag
  double below;        ///< under a band
  /// The same of a lane in whose row nothing needs them: no mark at that edge. The room is the others'.
  double quiet_above, quiet_below;
  double lane_min, lane_max;  ///< above + band + below
  double empty_row;           ///< a row without lanes
  double footer;              ///< of the last row, where the page says what comes
  float radius;               ///< of a mark
};
const LevelStyle& style_of(Level level);

/// The band between the client's and the server's edge of a lane, and its label lines.
struct LaneFrame {
  Lane lane{};
  double top = 0;  ///< of the label line
  double band_top = 0, band_bottom = 0;
  double bottom = 0;
  double above = 0, below = 0;  ///< how high the label lines next to the band are
  bool flags = false;
};

struct RowFrame {
  double top = 0, bottom = 0;
  std::array<LaneFrame, lane_count> storage;
  std::size_t count = 0;
  std::span<const LaneFrame> lanes() const { return {storage.data(), count}; }
};

struct CalendarFrame {
  std::int64_t origin_ns = 0;
  Page page;
  std::array<RowFrame, most_rows> rows;
  double left = 0;   ///< of the days
  double width = 0;  ///< of a full row
  Rect bounds;
  double footer_top = 0;      ///< in the last row, behind its lanes
  bool stacked = false;       ///< more journeys than can be told apart: heights instead of lanes
  std::int64_t until_ns = 0;  ///< nothing at or after it is drawn; INT64_MAX: everything is

  double x_at(const PageRow& row, std::int64_t time_ns) const { return left + row.share_at(time_ns) * width; }
};

/// Above so many journeys on one page they are stacked.
constexpr std::size_t most_journeys_apart = 40;

/// Pure: the same for the same arguments. Where no event has a time, year 1 is empty.
CalendarFrame frame_of(const Timeline& timeline, const View& view, double width, double height);

}  // namespace humantime::ui
