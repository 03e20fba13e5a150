// SPDX-License-Identifier: GPL-2.0-or-later
// The marks of a lane, folded where they stand too close, what they are called, and the spread of means.
#include <algorithm>
#include <array>
#include <limits>

#include "layout/folded_ways.h"
#include "layout/lane_row.h"
#include "layout/visible_events.h"
#include "layout/whisker.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// Whiskers come into a row from other ones: of more means than these they stay in their marks' rows.
constexpr std::size_t most_whiskers = 4096;

void add_spread(LaneRow& lane, std::uint32_t index) {
  const journeys::Spread* spread = lane.d.timeline.spread(EventIndex{index});
  if (spread == nullptr) return;
  const double y = lane.edge(is_at_client(lane.events()[index]));
  const auto part = [&](std::int64_t from_ns, std::int64_t to_ns, float width) {
    if (to_ns < lane.row->begin_ns || from_ns >= lane.stop_ns) return;
    const double left = lane.x_at(std::max(from_ns, lane.row->begin_ns)),
                 right = lane.x_at(std::min(to_ns, lane.stop_ns));
    if (right - left >= 1)
      lane.d.line({left, y}, {right, y}, lane.ink, Strength::solid, width, LineStyle::solid,
                  EventIndex{index});
  };
  const std::int64_t around = std::max(spread->sd_ns, spread->precision_ns);
  part(spread->min_ns, spread->max_ns, range_width);
  part(difference(spread->mean_ns, around), sum(spread->mean_ns, around), deviation_width);
}

/// Marks on one edge that stand within one mark's width become one.
struct Fold {
  bool open = false;
  bool client = false;
  double x = 0;
  std::uint32_t first = 0, last = 0;
  std::uint32_t count = 0;
  FoldedWays ways;
};

LabelWish of_way(LabelWish wish, const FoldedWay& way) {
  wish.event = way.first;
  wish.last = way.last;
  wish.count = way.count;
  wish.both_ways = false;
  return wish;
}

void flush(LaneRow& lane, Fold& fold) {
  if (!fold.open) return;
  fold.open = false;
  Mark mark;
  mark.at = {fold.x, lane.edge(fold.client)};
  mark.radius = lane.radius;
  mark.lane = lane.frame->lane;
  mark.filling = fold.ways.both()           ? Filling::half
                 : fold.ways.sent.count > 0 ? Filling::hollow
                                            : Filling::filled;
  mark.event = EventIndex{fold.first};
  // A mean has its spread already.
  if (fold.count == 1 && lane.d.timeline.spread(mark.event) == nullptr) {
    const double per_ns = lane.d.frame.width * lane.row->per_ns;
    const auto precision = static_cast<double>(precision_of(lane.d.timeline, mark.event));
    add_whisker(lane.d, mark.at, precision * per_ns, lane.d.frame.left, lane.right(), lane.ink);
  }
  lane.d.scene.marks.push_back(mark);
  const double reach = lane.radius + 2.0;
  lane.d.scene.hits.push_back(
      {{fold.x - reach, mark.at.y - reach, 2 * reach, 2 * reach}, mark.event, fold.count});
  LabelLine& line = fold.client || lane.style.flags > 0 ? lane.labels : lane.below;
  if (fold.client || lane.style.flags == 0) line.block(fold.x - lane.radius, fold.x + lane.radius + 1);
  const Event& event = lane.events()[fold.first];
  // In the year letters have asked for their labels already; a received end has its name where it was sent.
  const bool letter = event.other_ns != Event::unknown;
  const bool coarse = lane.d.view.level <= Level::year;
  LabelWish wish;
  if (coarse && event.phase == Phase::http_response_end && event.time_ns == lane.last_letter_ns &&
      !is_sent(event)) {
    wish.kind = LabelKind::arrival;
    wish.x = fold.x + lane.radius + 2;
    wish.anchor = fold.x - lane.radius;
    wish.event = wish.last = fold.first;
    return line.wish(wish);
  }
  if (coarse && letter && fold.count < 3) return;
  wish.rank = LabelRank::mark;
  wish.kind = coarse ? LabelKind::name : lane.style.flags > 0 ? LabelKind::flag : LabelKind::timed;
  wish.x = fold.x + lane.radius + 2;
  wish.anchor = fold.x - lane.radius;
  wish.mark = mark.at;
  wish.event = fold.first;
  wish.last = fold.last;
  wish.count = fold.count;
  wish.both_ways = fold.ways.both();
  // What went has a label of its own.
  if (coarse && fold.ways.both() && fold.ways.all_told) wish = of_way(wish, fold.ways.earlier());
  // What a question's label says of its answer is not said again.
  for (const std::uint32_t named : {wish.event, wish.last}) {
    const Event& of = lane.events()[named];
    if (coarse && (of.flags & Event::estimated) != 0 && !is_sent(of) && lane_of(of) == Lane::dns) return;
  }
  if (!coarse && fold.ways.both() && fold.ways.all_told) {
    // Received and answered at once: what came stands before the mark, what went behind it.
    LabelWish came = of_way(wish, fold.ways.earlier());
    came.x = std::numeric_limits<double>::infinity();
    line.wish(came);
    wish = of_way(wish, fold.ways.later());
  }
  line.wish(wish);
}

void add_mark(LaneRow& lane, std::array<Fold, 2>& folds, std::uint32_t index, std::uint32_t count,
              std::uint32_t last) {
  const Event& event = lane.events()[index];
  Fold& fold = folds[is_at_client(event) ? 1 : 0];
  const double x = lane.x_at(event.time_ns);
  const bool sent = is_sent(event);
  if (fold.open && x - fold.x < 2 * lane.radius) {
    // A question and its answer are two marks, also where they overlap a little.
    const bool answer = fold.count == 1 && fold.ways.sent.count > 0 && !sent && x - fold.x >= lane.radius;
    if (!answer) {
      fold.count += count;
      fold.last = last;
      fold.ways.add(index, sent, count);
      return;
    }
  }
  flush(lane, fold);
  fold.open = true;
  fold.x = x;
  fold.first = index;
  fold.last = last;
  fold.count = count;
  fold.ways = {};
  fold.ways.add(index, sent, count);
}

}  // namespace

void lay_out_whiskers(LaneRow& lane, const TimeIndex& marks) {
  const bool all = marks.size() <= most_whiskers;
  const std::size_t begin = all ? 0 : marks.lower_bound(lane.events(), lane.row->begin_ns);
  const std::size_t stop = all ? marks.size() : marks.lower_bound(lane.events(), lane.stop_ns);
  for (std::size_t position = begin; position < stop; ++position) add_spread(lane, marks.event_at(position));
}

void lay_out_marks(LaneRow& lane, const TimeIndex& marks) {
  std::array<Fold, 2> folds{};
  folds[1].client = true;
  for_each_column(
      lane.visible(), marks, lane.events(), lane.radius, [&](std::size_t position, std::size_t count) {
        // A few are told apart; of many in a column all go with the first.
        const bool few = count <= 8;
        for (std::size_t i = 0; i < (few ? count : 1); ++i)
          add_mark(lane, folds, marks.event_at(position + i), few ? 1 : static_cast<std::uint32_t>(count),
                   few ? marks.event_at(position + i) : marks.event_at(position + count - 1));
      });
  for (Fold& fold : folds) flush(lane, fold);
}

}  // namespace humantime::ui
