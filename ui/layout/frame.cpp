// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/frame.h"

#include <algorithm>

#include "layout/packet_bytes.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr std::array<LevelStyle, level_count> styles = {{
    // gutter header row  pad above flags below quiet  lane     empty footer radius
    {78, 18, 0, 8, 13, 0, 3, 13, 3, 15, 44, 24, 0, 3.6F},   // years
    {78, 18, 0, 8, 13, 0, 3, 13, 3, 15, 44, 24, 0, 3.6F},   // year
    {54, 0, 22, 4, 16, 0, 16, 16, 4, 54, 110, 44, 0, 5},    // month
    {54, 0, 20, 6, 18, 46, 24, 16, 4, 64, 120, 48, 20, 6},  // day
    {54, 0, 20, 6, 18, 61, 24, 16, 4, 60, 120, 40, 20, 6},  // hour
    {54, 0, 20, 6, 18, 61, 24, 16, 4, 60, 120, 40, 20, 6},  // minute
}};

/// Of the letters on their way so many are asked whether they are drawn; where there are more, some are.
constexpr std::size_t most_looked_at = 1024;
constexpr double right_margin = 4;
constexpr double least_day = 14;
constexpr double least_band = 8;

/// Whether something of the lane is drawn in the row.
bool used_in(const LaneIndex& lane, TimeIndex::Events events, const PageRow& row, std::int64_t end_ns) {
  if (row.begin_ns >= end_ns) return false;
  if (lane.stages.during(row.begin_ns, end_ns) > 0) return true;
  for (const TimeIndex* index : {&lane.marks, &lane.segments}) {
    const std::size_t first = index->lower_bound(events, row.begin_ns);
    if (first < index->size() && events[index->event_at(first)].time_ns < end_ns) return true;
    bool found = false;
    const auto look = [&](std::size_t position, std::size_t) {
      // A twin's way is drawn by the copy that was sent.
      found = found || (events[index->event_at(position)].flags & Event::twin) == 0;
    };
    index->for_each_reaching(events, first, row.begin_ns, most_looked_at, look);
    if (!found)
      index->for_each_from_before(events, index->lower_bound(events, end_ns, first), end_ns, most_looked_at,
                                  look);
    if (found) return true;
  }
  return false;
}

/// Whether a mean's whisker comes into the row, whose mark is in another one.
bool has_whiskers(const Timeline& timeline, const TimeIndex& marks, const PageRow& row, std::int64_t end_ns) {
  if (!timeline.has_means() || row.begin_ns >= end_ns) return false;
  const std::size_t looked_at = std::min(marks.size(), most_looked_at);
  for (std::size_t position = 0; position < looked_at; ++position) {
    const journeys::Spread* spread = timeline.spread(EventIndex{marks.event_at(position)});
    if (spread == nullptr) continue;
    const std::int64_t around = std::max(spread->sd_ns, spread->precision_ns);
    const std::int64_t first = std::min(spread->min_ns, difference(spread->mean_ns, around));
    const std::int64_t last = std::max(spread->max_ns, sum(spread->mean_ns, around));
    if (first < end_ns && last >= row.begin_ns) return true;
  }
  return false;
}

bool has_marks(const TimeIndex& marks, TimeIndex::Events events, const PageRow& row, std::int64_t end_ns) {
  const std::size_t first = marks.lower_bound(events, row.begin_ns);
  return first < marks.size() && events[marks.event_at(first)].time_ns < end_ns;
}

/// At which edges of the lane something happens in the row.
struct Edges {
  bool client = false, server = false;
};
Edges marked_edges(const TimeIndex& marks, TimeIndex::Events events, const PageRow& row,
                   std::int64_t end_ns) {
  constexpr std::size_t most_asked = 64;
  Edges edges;
  const std::size_t first = marks.lower_bound(events, row.begin_ns);
  for (std::size_t at = first; at < marks.size() && !(edges.client && edges.server); ++at) {
    const Event& event = events[marks.event_at(at)];
    if (event.time_ns >= end_ns) break;
    if (at - first >= most_asked) return {true, true};
    (is_at_client(event) ? edges.client : edges.server) = true;
  }
  return edges;
}

/// The label lines that a lane needs: flags stand on poles above, and waits are told below; in a month the
/// labels of each edge stand on its own side, and so does what is said of light, which is there at the other
/// end.
void take_label_lines(LaneFrame& lane, const LevelStyle& style, const View& view, const Edges& edges) {
  const bool marked = edges.client || edges.server;
  const bool below = style.flags > 0 ? marked : edges.server || (marked && view.light_ns.has_value());
  lane.above = marked ? style.above : style.quiet_above;
  lane.below = below ? style.below : style.quiet_below;
}

}  // namespace

const LevelStyle& style_of(Level level) {
  return styles[static_cast<std::size_t>(level)];
}

CalendarFrame frame_of(const Timeline& timeline, const View& view, double width, double height) {
  CalendarFrame frame;
  frame.origin_ns = origin_of(timeline, view).value_or(0);
  frame.page = page_of(view, frame.origin_ns);
  frame.until_ns = view.until ? captured(*view.until, frame.origin_ns, view.scale) : INT64_MAX;
  const LevelStyle& style = style_of(view.level);
  frame.left = style.gutter;
  frame.width =
      std::max(width - style.gutter - right_margin, view.level == Level::year ? 31 * least_day : 7 * 60);

  const TimelineIndex& index = timeline.index(view.journey, view.limit_to_filter);
  const auto rows = frame.page.rows();
  frame.stacked = view.level == Level::years ||
                  (view.journey == 0 &&
                   index.journeys.during(frame.page.begin_ns(), frame.page.end_ns()) > most_journeys_apart);

  // First which lanes there are, then how high they can be.
  std::size_t lanes = 0, empty = 0, flagged = 0;
  double saved = 0;  // by lanes that need fewer label lines
  for (std::size_t r = 0; r < rows.size(); ++r) {
    RowFrame& row = frame.rows[r];
    // Of all that the page will show, also while the year is played: nothing moves under the eye.
    const std::int64_t end_ns = rows[r].end_ns;
    for (std::size_t l = 0; l < lane_count && !frame.stacked; ++l) {
      const LaneIndex& lane = index.lanes[l];
      if (view.hidden[l] || !(used_in(lane, timeline.events(), rows[r], end_ns) ||
                              has_whiskers(timeline, lane.marks, rows[r], end_ns)))
        continue;
      LaneFrame& made = row.storage[row.count++];
      made.lane = static_cast<Lane>(l);
      made.flags = style.flags > 0 && has_marks(lane.marks, timeline.events(), rows[r], end_ns);
      if (made.flags) ++flagged;
      take_label_lines(made, style, view, marked_edges(lane.marks, timeline.events(), rows[r], end_ns));
      saved += style.above - made.above + style.below - made.below;
    }
    lanes += row.count;
    if (row.count == 0) ++empty;
  }

  const double flags = style.flags + (tells_bytes(view.level) ? packet_bar_room : 0);
  const double room = std::max(height, 0.0) * std::max(view.zoom, 1.0) - style.page_header - style.footer;
  const auto full = static_cast<double>(rows.size() - empty);
  const double fixed = static_cast<double>(rows.size()) * style.row_header + full * style.row_padding +
                       static_cast<double>(empty) * style.empty_row + static_cast<double>(flagged) * flags;
  const double lane_max = style.lane_max * std::max(view.zoom, 1.0);
  const double lane =
      lanes == 0 ? 0
                 : std::clamp((room - fixed + saved) / static_cast<double>(lanes), style.lane_min, lane_max);
  // What is left over goes to all rows alike, so that they fill the window.
  const double spare = std::max(0.0, room - fixed + saved - lane * static_cast<double>(lanes)) /
                       static_cast<double>(rows.size());
  const double band = std::max(least_band, lane - style.above - style.below);
  const double above = std::max(0.0, lane - band - style.below);

  double y = style.page_header;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    RowFrame& row = frame.rows[r];
    row.top = y;
    y += style.row_header;
    if (row.count == 0) y += style.empty_row;
    if (row.count > 0) y += style.row_padding / 2 + spare / 2;
    for (std::size_t l = 0; l < row.count; ++l) {
      LaneFrame& made = row.storage[l];
      made.above = std::min(made.above, above);
      made.below = std::min(made.below, lane - band - above);
      made.top = y;
      made.band_top = y + made.above + (made.flags ? flags : 0);
      made.band_bottom = made.band_top + band;
      y = made.bottom = made.band_bottom + made.below;
    }
    y += row.count > 0 ? style.row_padding / 2 + spare / 2 : spare;
    row.bottom = y;
  }
  // What is said there belongs to the last row.
  frame.footer_top = y;
  y = frame.rows[rows.size() - 1].bottom += style.footer;
  // Shares of a pixel add up to almost, not exactly, the height.
  if (y < height + 0.01) y = std::max(height, 0.0);
  frame.bounds = {0, 0, std::max(width, frame.left + frame.width + right_margin), y};
  return frame;
}

}  // namespace humantime::ui
