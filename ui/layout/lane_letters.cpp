// SPDX-License-Identifier: GPL-2.0-or-later
// Letters as lines from end to end, what they are called, and the wedge before light can arrive.
#include <algorithm>
#include <utility>

#include "layout/lane_row.h"
#include "layout/visible_events.h"

namespace humantime::ui {
namespace {

/// Whether of the rows that the letter is drawn in, this one holds the longest piece of what `until` ends.
bool is_longest_here(const LaneRow& lane, std::int64_t begin, std::int64_t end, double until) {
  double longest = -1;
  const PageRow* best = nullptr;
  for (const PageRow& row : lane.d.frame.page.rows()) {
    if (row.end_ns <= begin || row.begin_ns > end) continue;
    const double length =
        std::min(until, static_cast<double>(row.end_ns)) - static_cast<double>(std::max(begin, row.begin_ns));
    if (length > longest * 1.0001) longest = length, best = &row;
  }
  return best == lane.row;
}

/// The letter's label goes to its longest piece, from its mark.
void wish_for(LaneRow& lane, std::uint32_t index, const Letter& letter, const Piece& piece) {
  // Of an estimated exchange the question speaks for both ways.
  if (letter.estimated && !is_sent(lane.events()[index])) return;
  const std::int64_t begin = std::min(letter.sent_ns, letter.received_ns);
  const std::int64_t end = std::max(letter.sent_ns, letter.received_ns);
  const double own = static_cast<double>(end) - static_cast<double>(begin);
  const double whole = letter.estimated ? 2 * own : own;
  const bool fine = lane.d.view.level >= Level::day;
  if (!fine && !is_longest_here(lane, begin, end, static_cast<double>(begin) + whole)) return;
  const Stage stage = row_of(lane.events()[index].phase).stage;
  LabelWish wish;
  wish.rank = stage == Stage::ssl || stage == Stage::connect ? LabelRank::handshake : LabelRank::letter;
  wish.x = piece.begins ? piece.from.x + lane.radius + 2 : lane.d.frame.left + 1;
  if (piece.begins) wish.anchor = piece.from.x - lane.radius;
  wish.weight = piece.to.x - piece.from.x;
  wish.event = wish.last = index;
  wish.length_ns = static_cast<std::int64_t>(std::min(whole, 9e18));
  if (lane.d.view.level <= Level::year) {
    lane.labels.wish(wish);
    return;
  }
  // With times at both ends the name of the way goes into the band.
  wish.kind = LabelKind::way;
  wish.x = piece.from.x;
  if (fine && !piece.ends && own > 0) {
    wish.share_ns = lane.stop_ns;
    wish.share = (static_cast<double>(lane.stop_ns) - static_cast<double>(begin)) / own;
  }
  lane.ways.emplace_back(wish, piece);
}

/// Before light can arrive: from the sent date, between the light's line and the receiver's rail.
void add_light(LaneRow& lane, const Letter& letter) {
  if (!lane.d.view.light_ns || *lane.d.view.light_ns <= 0) return;
  std::int64_t there_ns = 0;
  if (__builtin_add_overflow(letter.sent_ns, *lane.d.view.light_ns, &there_ns)) return;
  const auto piece = piece_of(lane.d.frame, *lane.row, *lane.frame, letter.sent_ns, letter.from_client,
                              there_ns, !letter.from_client);
  if (!piece) return;
  const double width = piece->to.x - piece->from.x;
  const double rail = lane.edge(!letter.from_client);
  if (width >= 3 && width < lane.d.frame.width / 4) {
    // Over a row's end the triangle is cut: the rest has four corners.
    lane.d.scene.wedges.push_back({{piece->from, piece->to, {piece->to.x, rail}}, Ink::light_fill});
    lane.d.scene.wedges.push_back(
        {{piece->from, {piece->to.x, rail}, {piece->from.x, rail}}, Ink::light_fill});
  }
  lane.d.line(piece->from, piece->to, Ink::light_line);
  lane.keep(*piece);
}

void add_letter(LaneRow& lane, std::uint32_t index, bool carried) {
  const Event& event = lane.events()[index];
  const std::optional<Letter> letter = letter_of(event);
  if (!letter) return;
  const auto piece = piece_of(lane.d.frame, *lane.row, *lane.frame, letter->sent_ns, letter->from_client,
                              letter->received_ns, !letter->from_client);
  if (!piece) return;
  // Lines that cannot be told apart are drawn once.
  if (carried && !lane.is_new(*piece)) return;
  if (!letter->estimated) add_light(lane, *letter);
  lane.d.line(piece->from, piece->to, lane.ink, Strength::solid,
              lane.d.view.level <= Level::year ? 1.8F : 2.4F,
              letter->estimated ? LineStyle::dashed : LineStyle::solid, EventIndex{index});
  lane.bars.push_back({piece->from.x, piece->to.x});
  lane.keep(*piece);
  wish_for(lane, index, *letter, *piece);
}

}  // namespace

void lay_out_letters(LaneRow& lane, const TimeIndex& marks) {
  for_each_carried(lane.visible(), marks, lane.events(), most_carried,
                   [&](std::uint32_t event, std::size_t) { add_letter(lane, event, true); });
  for_each_column(lane.visible(), marks, lane.events(), lane.radius,
                  [&](std::size_t position, std::size_t count) {
                    // Of many in one column a few lines show the slopes; all are counted by the mark.
                    const std::size_t drawn = std::min<std::size_t>(count, 2);
                    for (std::size_t i = 0; i < drawn; ++i)
                      add_letter(lane, marks.event_at(position + i), false);
                  });
}

}  // namespace humantime::ui
