// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/letter.h"

#include <algorithm>
#include <utility>

namespace humantime::ui {
namespace {

/// Half of a line's width, and a little air.
constexpr double line_air = 2;

}  // namespace

std::optional<Letter> letter_of(const Event& event) {
  if (event.other_ns == Event::unknown || event.time_ns == Event::unknown || (event.flags & Event::twin) != 0)
    return std::nullopt;
  const bool sent = is_sent(event);
  return Letter{sent ? event.time_ns : event.other_ns, sent ? event.other_ns : event.time_ns,
                sent == is_at_client(event), (event.flags & Event::estimated) != 0};
}

WayLength length_of_way(const Timeline& timeline, EventIndex event, const Letter& letter) {
  return {std::min(letter.sent_ns, letter.received_ns), std::max(letter.sent_ns, letter.received_ns),
          letter.estimated && turned_with(timeline, event).has_value()};
}

std::optional<EventIndex> turned_with(const Timeline& timeline, EventIndex index) {
  constexpr std::uint32_t furthest = 64;
  const Event& event = timeline.at(index);
  if (event.other_ns == Event::unknown || (event.flags & Event::estimated) == 0) return std::nullopt;
  const auto at = static_cast<std::uint32_t>(index);
  const auto count = static_cast<std::uint32_t>(timeline.events().size());
  const bool sent = is_sent(event);
  const auto matches = [&](std::uint32_t i) {
    const Event& other = timeline.at(EventIndex{i});
    // The bare ACK of a question is not its answer.
    return other.journey == event.journey && other.other_ns == event.other_ns && is_sent(other) != sent &&
           is_mark(other) && lane_of(other) == lane_of(event);
  };
  for (std::uint32_t away = 1; away <= furthest; ++away) {
    if (sent && at + away < count && matches(at + away)) return EventIndex{at + away};
    if (!sent && away <= at && matches(at - away)) return EventIndex{at - away};
  }
  return std::nullopt;
}

std::optional<Piece> piece_of(const CalendarFrame& frame, const PageRow& row, const LaneFrame& lane,
                              std::int64_t begin_ns, bool begins_at_client, std::int64_t end_ns,
                              bool ends_at_client) {
  double begin_y = begins_at_client ? lane.band_top : lane.band_bottom;
  double end_y = ends_at_client ? lane.band_top : lane.band_bottom;
  if (begin_ns > end_ns) {
    std::swap(begin_ns, end_ns);
    std::swap(begin_y, end_y);
  }
  const std::int64_t stop_ns = std::min(row.end_ns, frame.until_ns);
  if (begin_ns >= stop_ns || end_ns < row.begin_ns || row.begin_ns >= row.end_ns) return std::nullopt;
  const double begin = row.share_at(begin_ns);
  const double end = row.share_at(end_ns);
  const double limit = std::min(static_cast<double>(row.seconds) / static_cast<double>(row.capacity),
                                frame.until_ns < row.end_ns ? row.share_at(frame.until_ns) : 2.0);
  const double from = std::clamp(begin, 0.0, limit);
  const double to = std::clamp(end, from, limit);
  const auto y_at = [&](double share) {
    return end > begin ? begin_y + (end_y - begin_y) * (share - begin) / (end - begin) : begin_y;
  };
  Piece piece;
  piece.from = {frame.left + from * frame.width, y_at(from)};
  piece.to = {frame.left + to * frame.width, end > begin ? y_at(to) : end_y};
  piece.begins = begin >= 0;
  piece.ends = end <= limit;
  return piece;
}

bool crosses(const Piece& piece, const Rect& box) {
  const double left = std::max(piece.from.x, box.x);
  const double right = std::min(piece.to.x, box.right());
  if (left > right) return false;
  const double width = piece.to.x - piece.from.x;
  const auto y_at = [&](double x) {
    return width > 0 ? piece.from.y + (piece.to.y - piece.from.y) * (x - piece.from.x) / width : piece.from.y;
  };
  const auto [low, high] =
      width > 0 ? std::minmax({y_at(left), y_at(right)}) : std::minmax({piece.from.y, piece.to.y});
  return low - line_air < box.bottom() && high + line_air > box.y;
}

}  // namespace humantime::ui
