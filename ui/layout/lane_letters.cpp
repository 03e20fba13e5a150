// SPDX-License-Identifier: GPL-2.0-or-later
// Letters as lines from end to end, what they are called, and the wedge before light can arrive.
#include <algorithm>
#include <utility>

#include "layout/lane_row.h"
#include "layout/visible_events.h"

namespace humantime::ui {
namespace {

/// Of so many letters in a column of pixels names are made.
constexpr std::size_t most_named = 8;

/// The year has the letter's name above its longest piece, from its mark.
void wish_for_name(LaneRow& lane, std::uint32_t index, const Letter& letter, const Piece& piece) {
  const WayLength length = length_of_way(lane.d.timeline, EventIndex{index}, letter);
  // Of an estimated exchange the question speaks for both ways.
  if (length.there_and_back && !is_sent(lane.events()[index])) return;
  if (!is_longest_here(lane, length)) return;
  const Stage stage = row_of(lane.events()[index].phase).stage;
  LabelWish wish;
  wish.rank = stage == Stage::ssl || stage == Stage::connect ? LabelRank::handshake : LabelRank::letter;
  wish.x = piece.begins ? piece.from.x + lane.radius + 2 : lane.d.frame.left + 1;
  if (piece.begins) wish.anchor = piece.from.x - lane.radius;
  wish.weight = piece.to.x - piece.from.x;
  wish.event = wish.last = index;
  wish.length_ns = length.whole_ns();
  lane.labels.wish(wish);
}

/// When light would be there, at the end of its line.
void wish_for_light(LaneRow& lane, std::uint32_t index, const Letter& letter, const Piece& piece,
                    std::int64_t there_ns) {
  Way way;
  way.piece = piece;
  way.align = Align::right;
  way.wish.kind = LabelKind::light;
  way.wish.rank = LabelRank::light;
  way.wish.event = way.wish.last = index;
  way.wish.share_ns = there_ns;
  way.wish.mark = {piece.to.x, lane.edge(!letter.from_client)};
  lane.ways.push_back(way);
}

/// Before light can arrive: from the sent date, between the light's line and the receiver's rail.
void add_light(LaneRow& lane, std::uint32_t index, const Letter& letter) {
  if (!lane.d.view.light_ns || *lane.d.view.light_ns <= 0) return;
  std::int64_t there_ns = 0;
  if (__builtin_add_overflow(letter.sent_ns, *lane.d.view.light_ns, &there_ns)) return;
  const auto piece = piece_of(lane.d.frame, *lane.row, *lane.frame, letter.sent_ns, letter.from_client,
                              there_ns, !letter.from_client);
  if (!piece) return;
  const double width = piece->to.x - piece->from.x;
  const double rail = lane.edge(!letter.from_client);
  // A week of a month is told by few letters: there it is filled as in the year.
  const double most = lane.d.view.level == Level::month ? 0.4 : 0.25;
  const double whole = static_cast<double>(*lane.d.view.light_ns) * lane.row->per_ns;
  if (width >= 3 && whole < most) {
    // Over a row's end the triangle is cut: the rest has four corners.
    lane.d.scene.wedges.push_back({{piece->from, piece->to, {piece->to.x, rail}}, Ink::light_fill});
    lane.d.scene.wedges.push_back(
        {{piece->from, {piece->to.x, rail}, {piece->from.x, rail}}, Ink::light_fill});
  }
  lane.d.line(piece->from, piece->to, Ink::light_line);
  lane.keep(*piece);
  if (lane.d.view.level > Level::year && piece->ends && there_ns < letter.received_ns)
    wish_for_light(lane, index, letter, *piece, there_ns);
}

/// How a letter is drawn.
enum class Drawn : std::uint8_t {
  always,
  unless_seen,  ///< not where another one, that comes into the row as well, has the same pixels
  never,        ///< it is only counted with those that have its name
};

void add_letter(LaneRow& lane, std::uint32_t index, Drawn drawn) {
  const Event& event = lane.events()[index];
  const std::optional<Letter> letter = letter_of(event);
  if (!letter) return;
  const auto piece = piece_of(lane.d.frame, *lane.row, *lane.frame, letter->sent_ns, letter->from_client,
                              letter->received_ns, !letter->from_client);
  if (!piece) return;
  if (lane.d.view.level > Level::year) wish_for_way(lane, index, *letter, *piece);
  // Lines that cannot be told apart are drawn once.
  if (drawn == Drawn::never || (drawn == Drawn::unless_seen && !lane.is_new(*piece))) return;
  if (!letter->estimated) add_light(lane, index, *letter);
  lane.d.line(piece->from, piece->to, lane.ink, Strength::solid,
              lane.d.view.level <= Level::year ? 1.8F : 2.4F,
              letter->estimated ? LineStyle::dashed : LineStyle::solid, EventIndex{index});
  lane.bars.push_back({piece->from.x, piece->to.x});
  lane.keep(*piece);
  if (lane.d.view.level <= Level::year) wish_for_name(lane, index, *letter, *piece);
}

}  // namespace

void lay_out_letters(LaneRow& lane, const TimeIndex& marks) {
  for_each_carried(lane.visible(), marks, lane.events(), most_carried,
                   [&](std::uint32_t event, std::size_t) { add_letter(lane, event, Drawn::unless_seen); });
  for_each_column(lane.visible(), marks, lane.events(), lane.radius,
                  [&](std::size_t position, std::size_t count) {
                    // Of many in one column a few lines show the slopes; all are counted by the mark.
                    const std::size_t drawn = std::min<std::size_t>(count, 2);
                    for (std::size_t i = 0; i < drawn; ++i)
                      add_letter(lane, marks.event_at(position + i), Drawn::always);
                    if (lane.d.view.level <= Level::year) return;
                    for (std::size_t i = drawn; i < std::min(count, most_named); ++i)
                      add_letter(lane, marks.event_at(position + i), Drawn::never);
                    if (count > most_named) lane.uncounted = true;
                  });
}

}  // namespace humantime::ui
