// SPDX-License-Identifier: GPL-2.0-or-later
// Packets that are no milestones: a line each where there is room, a tint where there is not, and how many.
#include <algorithm>
#include <cmath>
#include <optional>

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

/// The segments of a row.
struct Seen {
  std::uint32_t first = 0;              ///< that happens in it
  double x = 0;                         ///< where
  std::size_t sent = 0, received = 0;   ///< of those that happen in it
  std::size_t twins = 0;                ///< of those the other copy of one that was sent
  bool directed = true;                 ///< of all it is known which were sent
  std::size_t letters = 0;              ///< that are on their way in it
  std::optional<std::uint32_t> letter;  ///< the first of them
  Piece piece;                          ///< and its line
};

void wish_for_count(LaneRow& lane, const Seen& seen) {
  const bool coarse = lane.d.view.level <= Level::year;
  const auto letter = letter_of(lane.events()[seen.letter.value_or(seen.first)]);
  LabelWish wish;
  wish.rank = LabelRank::count;
  wish.x = seen.x;
  wish.event = wish.last = seen.first;
  // A lone one is a letter like others.
  const std::size_t all = seen.sent + seen.received;
  const bool lone = all - seen.twins == 1;
  if (!coarse && seen.letters == 1 && letter) wish_for_way(lane, *seen.letter, *letter, seen.piece);
  if (lone && coarse) {
    const auto own = letter_of(lane.events()[seen.first]);
    if (own) wish.length_ns = difference(own->received_ns, own->sent_ns);
    if (own) lane.labels.wish(wish);
  } else if (all == 1 && !coarse) {
    wish.kind = LabelKind::timed;
    lane.labels.wish(wish);
  } else if (all >= 2) {
    wish.kind = LabelKind::count;
    wish.count = static_cast<std::uint32_t>(seen.sent);
    wish.received = static_cast<std::uint32_t>(seen.received);
    wish.directed = seen.directed;
    wish.row = lane.row;
    wish.answer = lane.answer ? &*lane.answer : nullptr;
    lane.labels.wish(wish);
  } else if (!coarse && seen.letters > 1 && seen.letter) {
    wish.kind = LabelKind::flying;
    wish.x = lane.d.frame.left + 1;
    wish.count = static_cast<std::uint32_t>(seen.letters);
    wish.event = wish.last = *seen.letter;
    lane.labels.wish(wish);
  }
}

}  // namespace

void lay_out_segments(LaneRow& lane, const TimeIndex& segments) {
  const auto columns = static_cast<std::size_t>(std::ceil(lane.d.frame.width)) + 2;
  lane.on_the_way.assign(columns, 0);
  Interval bar{lane.right(), lane.d.frame.left};  // from the first to the last
  bool any = false;
  bool all_drawn = true;
  std::size_t letters = 0;
  std::optional<std::uint32_t> lone;
  Piece lone_piece;
  std::size_t total = 0;
  std::size_t received = 0, twins = 0;
  bool directed = true;
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
    if (letters == 0) lone = index, lone_piece = *piece;
    letters += count;
    bar.left = std::min(bar.left, piece->from.x);
    bar.right = std::max(bar.right, piece->to.x);
    const bool drawn = carried ? lane.is_new(*piece) : line;
    if (!drawn) all_drawn = false;
    if (drawn && lane.d.view.level > Level::year) lane.keep(*piece);
    if (drawn)
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
        const std::size_t share = count / looked_at;
        for (std::size_t i = 0; i < looked_at; ++i) {
          const Event& one = lane.events()[segments.event_at(position + i)];
          if ((one.flags & Event::twin) != 0) twins += share;
          if (one.direction == journeys::Direction::received) received += share;
          if (one.direction == journeys::Direction::unknown) directed = false;
        }
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
    // Where each has its line there is nothing to be told by a tint, and names are easier to read.
    if (!all_drawn || lane.d.view.level <= Level::year) lay_out_density(lane), lane.tinted = true;
  }
  received = std::min(received, total);
  twins = std::min(twins, total);
  wish_for_count(
      lane, {first_event, first_x, total - received, received, twins, directed, letters, lone, lone_piece});
}

}  // namespace humantime::ui
