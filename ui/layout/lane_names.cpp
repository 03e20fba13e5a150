// SPDX-License-Identifier: GPL-2.0-or-later
// The names of letters on their way: beside their lines, where no line crosses them, else on a label line.
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

#include "layout/lane_row.h"

namespace humantime::ui {
namespace {

/// Between a text and its line's beginning or the row's, and between texts.
constexpr double indent = 7;
/// So many texts are looked for a place for in a lane of a row.
constexpr std::size_t most_written = 24;
/// Lines whose ends are so near to each other's are one to the eye.
constexpr double one_line = 6;
/// Of a text's height what its glyphs take: lines may come nearer than the box.
constexpr double glyphs = 0.72;
/// Where a name stands along its line: shares of the room that is left beside it.
using Places = std::array<double, 7>;
const Places& places_of(Align align) {
  static constexpr Places left = {0, 0.1, 0.2, 0.35, 0.5, 0.75, 1},
                          center = {0.5, 0.3, 0.7, 0.15, 0.85, 0, 1},
                          right = {1, 0.9, 0.8, 0.65, 0.5, 0.25, 0};
  return align == Align::left ? left : align == Align::right ? right : center;
}

/// Where a text of the width is free of lines and of other texts; its left and its middle.
std::optional<Point> place_for(const LaneRow& lane, const Way& way, double width, double height,
                               const std::vector<Rect>& taken) {
  const double left = way.piece.from.x + (way.piece.begins ? lane.radius : 0) + indent;
  const double room = way.piece.to.x - (way.piece.ends ? lane.radius : 0) - indent - left;
  if (room < width) return std::nullopt;
  const double half = height * glyphs / 2;
  const double low = lane.frame->band_bottom - half - 2, high = lane.frame->band_top + half + 2;
  for (const double share : places_of(way.align)) {
    const double x = left + (room - width) * share;
    for (const double y : {low, high, (low + high) / 2}) {
      // Between two lines of text there is room for a third, or none.
      if (y != low && y != high && low - high < 2 * height) continue;
      const Rect box{x - 1, y - half, width + 2, 2 * half};
      const auto hits = [&](const Piece& other) { return crosses(other, box); };
      const auto covers = [&](const Rect& other) { return other.intersects(box); };
      if (std::none_of(lane.pieces.begin(), lane.pieces.end(), hits) &&
          std::none_of(taken.begin(), taken.end(), covers))
        return Point{x, y};
    }
  }
  return std::nullopt;
}

bool write_in_band(LaneRow& lane, const Way& way) {
  std::vector<Rect>& taken = lane.written;
  const double height = lane.d.measure.height(TextStyle::label_bold);
  if (lane.frame->band_bottom - lane.frame->band_top < height) return false;
  for (LabelWording& wording : wordings_of(lane.d, way.wish, lane.ink)) {
    const double width = width_of(lane.d, wording);
    const auto place = place_for(lane, way, width, height, taken);
    if (!place) continue;
    const EventIndex event{way.wish.event};
    const Rect drawn = write_wording(lane.d, std::move(wording), place->x, place->y, event);
    lane.d.scene.hits.push_back({drawn, event, 0});
    taken.push_back({drawn.x - indent, drawn.y, drawn.width + 2 * indent, drawn.height});
    return true;
  }
  return false;
}

/// Writes those of a kind that find room, and takes them from the wishes.
template <typename Wanted>
void write_in_band(LaneRow& lane, Wanted wanted) {
  if (lane.tinted) return;
  const auto written = [&](const Way& way) { return wanted(way) && write_in_band(lane, way); };
  lane.ways.erase(std::remove_if(lane.ways.begin(), lane.ways.end(), written), lane.ways.end());
}

/// What the page does not show is told outside of the band, and in a month what light would do.
bool stands_outside(const Way& way, Level level) {
  const LabelKind kind = way.wish.kind;
  return kind == LabelKind::sent || kind == LabelKind::there ||
         (kind == LabelKind::light && level == Level::month);
}

/// Whether two letters are told of as one: nobody tells their lines apart, or closer than a month, where they
/// do not end in the row, they are of one kind.
bool are_one(const LaneRow& lane, const Way& a, const Way& b) {
  if (a.wish.kind != b.wish.kind || a.wish.part != b.wish.part) return false;
  const auto near = [](const Point& p, const Point& q) {
    return std::abs(p.x - q.x) <= one_line && std::abs(p.y - q.y) <= one_line;
  };
  if (near(a.piece.from, b.piece.from) && near(a.piece.to, b.piece.to)) return true;
  const Event &of_a = lane.events()[a.wish.event], &of_b = lane.events()[b.wish.event];
  return lane.d.view.level >= Level::day && a.wish.kind == LabelKind::way && a.wish.part == WayPart::middle &&
         of_a.phase == of_b.phase && of_a.journey == of_b.journey;
}

/// Those of a flight have one name.
void join_ways(LaneRow& lane) {
  std::vector<Way>& ways = lane.ways;
  std::stable_sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) {
    if (a.wish.kind != b.wish.kind) return a.wish.kind < b.wish.kind;
    return a.piece.from.x < b.piece.from.x;
  });
  std::size_t kept = 0;
  for (const Way& way : ways) {
    const auto same = std::find_if(ways.begin(), ways.begin() + static_cast<std::ptrdiff_t>(kept),
                                   [&](const Way& other) { return are_one(lane, other, way); });
    if (same == ways.begin() + static_cast<std::ptrdiff_t>(kept)) {
      ways[kept++] = way;
      continue;
    }
    if (!lane.uncounted) ++same->wish.count;
    same->wish.event = std::min(same->wish.event, way.wish.event);
    if (!lane.uncounted) same->wish.last = std::max(same->wish.last, way.wish.last);
  }
  ways.resize(kept);
}

/// How far it has come, where that is news: of an hour at its ends, of a minute once. And what the page does
/// not show of it.
void wish_for_notes(LaneRow& lane, const Way& way) {
  if (way.wish.kind != LabelKind::way || way.length.there_and_back) return;
  const Level level = lane.d.view.level;
  const auto rows = lane.d.frame.page.rows();
  const bool first_row = lane.row == &rows.front(), last_row = lane.row == &rows.back();
  const bool fine = level >= Level::day;
  const auto add = [&](LabelKind kind, Align align) {
    Way note = way;
    note.align = align;
    note.wish.kind = kind;
    note.wish.rank = LabelRank::note;
    lane.ways.push_back(note);
  };
  const bool told = level == Level::day || first_row || (level == Level::hour && last_row);
  if (fine && !way.piece.ends && way.wish.share >= 0.01 && told) add(LabelKind::share, Align::right);
  const bool goes_on = way.length.end_ns >= lane.d.frame.page.end_ns();
  if (first_row && !way.piece.begins && (!fine || goes_on)) add(LabelKind::sent, Align::left);
  if (!lane.d.view.until && !way.piece.ends && goes_on && (fine ? first_row && !way.piece.begins : last_row))
    add(LabelKind::there, Align::right);
}

}  // namespace

bool is_longest_here(const LaneRow& lane, const WayLength& way) {
  const double until = static_cast<double>(way.begin_ns) + (way.there_and_back ? 2 : 1) * way.own();
  double longest = -1;
  const PageRow* best = nullptr;
  for (const PageRow& row : lane.d.frame.page.rows()) {
    if (row.end_ns <= way.begin_ns || row.begin_ns > way.end_ns) continue;
    const double length = std::min(until, static_cast<double>(row.end_ns)) -
                          static_cast<double>(std::max(way.begin_ns, row.begin_ns));
    if (length > longest * 1.0001) longest = length, best = &row;
  }
  return best == lane.row;
}

void wish_for_way(LaneRow& lane, std::uint32_t index, const Letter& letter, const Piece& piece) {
  const bool fine = lane.d.view.level >= Level::day;
  const WayLength length = length_of_way(lane.d.timeline, EventIndex{index}, letter);
  const bool answer = length.there_and_back && !is_sent(lane.events()[index]);
  // Where there are so many nothing is named.
  if (lane.ways.size() > most_pieces_avoided) return;
  // Of an estimated exchange the question speaks for both ways.
  if (!fine && (answer || !is_longest_here(lane, length))) return;
  const bool first_row = lane.row == &lane.d.frame.page.rows().front();

  Way way;
  way.length = length;
  way.piece = piece;
  way.align = fine ? Align::left : Align::center;
  LabelWish& wish = way.wish;
  wish.kind = LabelKind::way;
  wish.rank = LabelRank::way;
  wish.event = wish.last = index;
  wish.weight = piece.to.x - piece.from.x;
  // How long an answer was on its way nobody knows.
  wish.length_ns = answer ? 0 : length.whole_ns();
  wish.there_and_back = length.there_and_back;
  wish.first = piece.begins || first_row;
  wish.part = piece.begins ? (piece.ends ? WayPart::whole : WayPart::beginning)
                           : (piece.ends ? WayPart::end : WayPart::middle);
  const double own = length.own();
  if (fine && own > 0 && !letter.estimated) {
    const auto done_by = [&](std::int64_t ns) {
      return (static_cast<double>(ns) - static_cast<double>(length.begin_ns)) / own;
    };
    wish.share_ns = piece.ends ? lane.row->begin_ns : lane.stop_ns;
    wish.share = done_by(wish.share_ns);
    wish.row_share = std::abs(done_by(lane.row->end_ns) - done_by(lane.row->begin_ns));
    const std::int64_t light_ns = lane.d.view.light_ns.value_or(0);
    if (light_ns > 0) wish.light_share = wish.share * own / static_cast<double>(light_ns);
  }
  lane.ways.push_back(way);
}

void write_ways(LaneRow& lane) {
  if (std::max(lane.pieces.size(), lane.ways.size()) > most_pieces_avoided) return lane.ways.clear();
  join_ways(lane);
  for (std::size_t i = 0, ways = lane.ways.size(); i < ways; ++i) wish_for_notes(lane, Way(lane.ways[i]));
  std::stable_sort(lane.ways.begin(), lane.ways.end(), [](const Way& a, const Way& b) {
    if (a.wish.rank != b.wish.rank) return a.wish.rank < b.wish.rank;
    return a.wish.weight > b.wish.weight;
  });
  // Where more wish for a place than there can be, the shortest need not be asked.
  if (lane.ways.size() > most_written) lane.ways.resize(most_written);
  write_in_band(lane, [&](const Way& way) { return !stands_outside(way, lane.d.view.level); });
}

void write_ways_outside(LaneRow& lane, LabelLine& line, bool client_side, double y) {
  const double left = lane.d.frame.left + 1, right = lane.d.frame.left + lane.d.frame.width;
  const auto written = [&](const Way& way) {
    // The lines beside a band with flags are for those, and for waits.
    if (way.wish.kind == LabelKind::share && lane.frame->flags) return false;
    LabelWish wish = way.wish;
    wish.x = way.piece.from.x + (way.piece.begins ? lane.radius : 0) + 2;
    wish.latest = way.piece.to.x - (way.piece.ends ? lane.radius : 0);
    if (wish.kind == LabelKind::light) {
      // At the end where light would be.
      if ((way.piece.to.y <= lane.frame->band_top + 1) != client_side) return false;
      wish.x = way.piece.to.x - 2 * indent;
      wish.anchor = way.piece.to.x;
      wish.latest = LabelWish::nowhere;
    } else if (way.align == Align::right) {
      // Ends where the row does.
      wish.x = std::numeric_limits<double>::infinity();
      wish.anchor = way.piece.to.x;
      wish.latest = LabelWish::nowhere;
    }
    return line.add(lane.d, wish, left, right, y, lane.ink);
  };
  lane.ways.erase(std::remove_if(lane.ways.begin(), lane.ways.end(), written), lane.ways.end());
}

void write_last_ways(LaneRow& lane) {
  write_in_band(lane, [](const Way& way) { return way.wish.kind == LabelKind::light; });
}

}  // namespace humantime::ui
