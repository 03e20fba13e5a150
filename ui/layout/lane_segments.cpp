// SPDX-License-Identifier: GPL-2.0-or-later
// Packets that are no milestones: a line each where there is room, a tint where there is not, and how many.
#include <algorithm>
#include <cmath>

#include "layout/lane_row.h"
#include "layout/visible_events.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// Lines of segments stand so far apart, or become a tint.
constexpr double least_segment_gap = 3;
/// And are pointed at together when closer than this.
constexpr double least_segment_hit = 4;
constexpr int density_steps = 24;

/// Darker with the number on the way.
void lay_out_density(const LaneRow& lane) {
  double number = 0;
  int step = 0;
  double since = lane.d.frame.left;
  const auto level_of = [](double n) {
    return n < 0.5 ? 0 : std::clamp(static_cast<int>(std::lround(n)), 1, density_steps);
  };
  for (std::size_t column = 0; column < lane.on_the_way.size(); ++column) {
    number += lane.on_the_way[column];
    const int now = level_of(number);
    if (now == step) continue;
    const double x = std::min(lane.d.frame.left + static_cast<double>(column), lane.right());
    if (step > 0)
      lane.d.fill(since, lane.frame->band_top, x, lane.frame->band_bottom, lane.ink, Strength::density,
                  static_cast<float>(step) / density_steps);
    since = x;
    step = now;
  }
  if (step > 0)
    lane.d.fill(since, lane.frame->band_top, lane.right(), lane.frame->band_bottom, lane.ink,
                Strength::density, static_cast<float>(step) / density_steps);
}

}  // namespace

void lay_out_segments(LaneRow& lane, const TimeIndex& segments) {
  const auto columns = static_cast<std::size_t>(std::ceil(lane.d.frame.width)) + 2;
  lane.on_the_way.assign(columns, 0);
  Interval bar{lane.right(), lane.d.frame.left};  // from the first to the last
  bool any = false;
  std::size_t total = 0;
  std::size_t received = 0;
  std::uint32_t first_event = 0;
  double first_x = 0;
  const auto column_of = [&](double x) {
    return static_cast<std::size_t>(std::clamp(x - lane.d.frame.left, 0.0, static_cast<double>(columns - 2)));
  };
  const auto add = [&](std::uint32_t index, std::size_t count, bool line, bool carried) {
    const auto letter = letter_of(lane.events()[index]);
    if (!letter) return;
    const auto piece = piece_of(lane.d.frame, *lane.row, *lane.frame, letter->sent_ns, letter->from_client,
                                letter->received_ns, !letter->from_client);
    if (!piece) return;
    const auto weight = static_cast<float>(count);
    lane.on_the_way[column_of(piece->from.x)] += weight;
    lane.on_the_way[column_of(piece->to.x) + 1] -= weight;
    any = true;
    bar.left = std::min(bar.left, piece->from.x);
    bar.right = std::max(bar.right, piece->to.x);
    if (carried ? lane.is_new(*piece) : line)
      lane.d.line(piece->from, piece->to, lane.ink, Strength::segments, 0.8F,
                  letter->estimated ? LineStyle::dashed : LineStyle::solid, EventIndex{index});
  };
  for_each_carried(lane.visible(), segments, lane.events(), most_carried,
                   [&](std::uint32_t index, std::size_t weight) { add(index, weight, false, true); });
  double last_line = -1e9, last_tick = -1e9;
  double fold_x = -1e9;
  Hit fold;
  fold.count = 0;
  const auto flush_hit = [&] {
    if (fold.count > 0) lane.d.scene.hits.push_back(fold);
    fold.count = 0;
  };
  for_each_column(
      lane.visible(), segments, lane.events(), least_segment_hit,
      [&](std::size_t position, std::size_t count) {
        const std::uint32_t index = segments.event_at(position);
        const Event& event = lane.events()[index];
        const double x = lane.x_at(event.time_ns);
        if (total == 0) first_x = x, first_event = index;
        total += count;
        // Of many in a column the first few stand for all.
        const std::size_t looked_at = count <= 8 ? count : 2;
        for (std::size_t i = 0; i < looked_at; ++i)
          if ((lane.events()[segments.event_at(position + i)].flags & Event::twin) != 0)
            received += count / looked_at;
        const bool apart = count <= 2 && x - last_line >= least_segment_gap;
        // Where both copies of a packet are events, one of the two is its letter.
        for (std::size_t i = 0; i < std::min<std::size_t>(count, 2); ++i)
          add(segments.event_at(position + i), std::max<std::size_t>(1, count / 2), apart, false);
        if (apart) last_line = x;
        const double y = lane.edge(is_at_client(event));
        const double inward = is_at_client(event) ? 3 : -3;
        if (x - last_tick >= least_segment_gap) {
          lane.d.line({x, y}, {x, y + inward}, lane.ink, Strength::segments, 1, LineStyle::solid,
                      EventIndex{index});
          last_tick = x;
        }
        if (x - fold_x >= least_segment_hit - 0.001) {
          flush_hit();
          fold_x = x;
          fold.event = EventIndex{index};
          fold.rect = {x - 2, lane.frame->band_top, 4, lane.frame->band_bottom - lane.frame->band_top};
        }
        fold.count += static_cast<std::uint32_t>(count);
      });
  flush_hit();
  if (any) {
    lane.bars.push_back(bar);
    lay_out_density(lane);
  }
  if (total > 0 && total - std::min(received, total) == 1) {
    // A lone one is a letter like others.
    const auto letter = letter_of(lane.events()[first_event]);
    LabelWish wish;
    wish.rank = LabelRank::count;
    wish.x = first_x;
    wish.event = wish.last = first_event;
    if (letter) wish.length_ns = difference(letter->received_ns, letter->sent_ns);
    if (lane.d.view.level <= Level::year && letter) lane.labels.wish(wish);
  } else if (total >= 2) {
    LabelWish wish;
    wish.rank = LabelRank::count;
    wish.kind = LabelKind::count;
    wish.x = first_x;
    wish.event = wish.last = first_event;
    received = std::min(received, total);
    wish.count = static_cast<std::uint32_t>(total - received);
    wish.received = static_cast<std::uint32_t>(received);
    lane.labels.wish(wish);
  }
}

}  // namespace humantime::ui
