// SPDX-License-Identifier: GPL-2.0-or-later
// Lanes as ladders: the upper edge is the client's, the lower one the server's, a letter the line between.
#include <algorithm>
#include <vector>

#include "layout/drawing.h"
#include "layout/lane_row.h"
#include "model/round_trips.h"

namespace humantime::ui {

LaneRow::LaneRow(const Drawing& drawing)
    : d(drawing), style(style_of(drawing.view.level)), radius(style.radius) {
  if (d.view.level != Level::year) return;
  answer = answer_of(d.timeline, told_journey(d.timeline, d.view.journey));
  if (answer) last_letter_ns = answer->last_arrives_ns.value_or(Event::unknown);
}

bool LaneRow::is_new(const Piece& piece) {
  const double y = std::clamp(piece.from.x <= d.frame.left ? piece.from.y : piece.to.y, frame->band_top,
                              frame->band_bottom);
  const bool down = piece.to.y > piece.from.y;
  const bool comes = piece.from.x <= d.frame.left;
  const auto at = static_cast<std::size_t>(std::clamp(y - frame->band_top, 0.0, 63.0));
  auto seen = carried.begin() + static_cast<std::ptrdiff_t>(at + (down ? 64 : 0) + (comes ? 128 : 0));
  // Letters that begin or end in the row differ by where.
  if (comes && piece.to.x < right() - 1) return true;
  if (!comes) return true;
  if (*seen) return false;
  *seen = true;
  return true;
}

bool LaneRow::begin(const PageRow& of_row, const LaneFrame& of_lane) {
  row = &of_row;
  frame = &of_lane;
  ink = ink_of(of_lane.lane);
  stop_ns = std::min(of_row.end_ns, d.frame.until_ns);
  bars.clear();
  labels.clear();
  below.clear();
  pieces.clear();
  ways.clear();
  written.clear();
  uncounted = tinted = false;
  carried.assign(4 * std::size_t{64}, false);
  return stop_ns > of_row.begin_ns;
}

namespace {

/// Beginnings and ends of stages in a row that are walked one by one; where there are more, by the pixel.
constexpr std::ptrdiff_t most_stages_walked = 256;
/// A lane's label line is at least so high.
constexpr double least_label_height = 11;

/// When a stage of the lane goes on: exact where there are few, by the pixel where there are many.
void lay_out_stages(LaneRow& lane, const Intervals& stages) {
  const auto& begins = stages.begins;
  const auto& ends = stages.ends;
  const auto begin = std::lower_bound(begins.begin(), begins.end(), lane.row->begin_ns);
  const auto end = std::lower_bound(ends.begin(), ends.end(), lane.row->begin_ns);
  const auto begin_stop = std::lower_bound(begin, begins.end(), lane.stop_ns);
  const auto end_stop = std::lower_bound(end, ends.end(), lane.stop_ns);
  std::ptrdiff_t active = (begin - begins.begin()) - (end - ends.begin());
  if ((begin_stop - begin) + (end_stop - end) > most_stages_walked) {
    double since = -1;
    // A column of pixels at a time.
    // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter)
    for (double x = lane.d.frame.left; x < lane.right(); x += 1) {
      const std::int64_t from = lane.row->time_at((x - lane.d.frame.left) / lane.d.frame.width);
      const bool on = stages.during(from, std::min(lane.next_column(x), lane.stop_ns)) > 0;
      if (on && since < 0) since = x;
      if (!on && since >= 0) lane.bars.push_back({since, x}), since = -1;
    }
    if (since >= 0) lane.bars.push_back({since, lane.x_at(lane.stop_ns)});
    return;
  }
  double since = lane.d.frame.left;
  auto b = begin;
  auto e = end;
  while (b != begin_stop || e != end_stop) {
    const bool opens = e == end_stop || (b != begin_stop && *b <= *e);
    if (opens) {
      if (active++ == 0) since = lane.x_at(*b);
      ++b;
    } else {
      if (--active == 0) lane.bars.push_back({since, lane.x_at(*e)});
      ++e;
    }
  }
  if (active > 0) lane.bars.push_back({since, lane.x_at(lane.stop_ns)});
}

void lay_out_bars(LaneRow& lane) {
  std::sort(lane.bars.begin(), lane.bars.end(),
            [](const Interval& a, const Interval& b) { return a.left < b.left; });
  std::size_t i = 0;
  while (i < lane.bars.size()) {
    Interval bar = lane.bars[i++];
    while (i < lane.bars.size() && lane.bars[i].left <= bar.right + 0.5)
      bar.right = std::max(bar.right, lane.bars[i++].right);
    lane.d.fill(bar.left, lane.frame->band_top, bar.right, lane.frame->band_bottom, lane.ink, Strength::tint);
    for (const double y : {lane.frame->band_top, lane.frame->band_bottom})
      lane.d.line({bar.left, y}, {bar.right, y}, lane.ink, Strength::rails);
  }
}

void lay_out(LaneRow& lane, const LaneIndex& index) {
  lay_out_stages(lane, index.stages);
  lay_out_letters(lane, index.marks);
  lay_out_segments(lane, index.segments);
  lay_out_bars(lane);
  if (lane.d.timeline.has_means()) lay_out_whiskers(lane, index.marks);
  lay_out_marks(lane, index.marks);
  write_ways(lane);
  const double left = lane.d.frame.left + 1, right = lane.d.frame.left + lane.d.frame.width;
  const double above = lane.frame->above, below = lane.frame->below;
  const double above_y = lane.frame->band_top - above / 2 - 1,
               below_y = lane.frame->band_bottom + below / 2 + 1;
  if (above >= least_label_height) lane.labels.write(lane.d, left, right, above_y, lane.ink);
  if (below >= least_label_height) lane.below.write(lane.d, left, right, below_y, lane.ink);
  if (lane.d.view.level <= Level::year) return;
  if (above >= least_label_height) write_ways_outside(lane, lane.labels, true, above_y);
  if (below >= least_label_height) write_ways_outside(lane, lane.below, false, below_y);
  write_last_ways(lane);
}

}  // namespace

void lay_out_lanes(const Drawing& d) {
  LaneRow lane(d);
  const auto rows = d.frame.page.rows();
  for (std::size_t r = 0; r < rows.size(); ++r)
    for (const LaneFrame& of : d.frame.rows[r].lanes())
      if (lane.begin(rows[r], of)) lay_out(lane, d.index.of(of.lane));
}

}  // namespace humantime::ui
