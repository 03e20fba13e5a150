// SPDX-License-Identifier: GPL-2.0-or-later
// One packet's way from end to end, and the piece of it that falls into a row.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "layout/frame.h"
#include "model/timeline.h"

namespace humantime::ui {

struct Letter {
  std::int64_t sent_ns = 0, received_ns = 0;
  bool from_client = false;
  bool estimated = false;
};

/// The letter that an event is, where its other end is known; none for a twin, whose other copy is the
/// letter.
std::optional<Letter> letter_of(const Event& event);

/// From when to when a letter is on its way, whichever of its two times is the earlier one.
struct WayLength {
  std::int64_t begin_ns = 0, end_ns = 0;
  bool there_and_back = false;  ///< who asked waits twice as long: only that is known
  double own() const { return static_cast<double>(end_ns) - static_cast<double>(begin_ns); }
  /// Saturates.
  std::int64_t whole_ns() const {
    return static_cast<std::int64_t>(std::min(there_and_back ? 2 * own() : own(), 9e18));
  }
};
WayLength length_of_way(const Timeline& timeline, EventIndex event, const Letter& letter);

/// Of a letter whose other end is estimated, the one that shares its turning point: the answer to a question,
/// and the question of an answer. None where nothing was answered then, and beyond 64 events.
std::optional<EventIndex> turned_with(const Timeline& timeline, EventIndex event);

/// What of a line from one instant to another, from one edge of a band to the other, falls into a row. A line
/// that goes back in time (clocks are wrong) is drawn as it is told.
struct Piece {
  Point from, to;                     ///< from.x <= to.x
  bool begins = false, ends = false;  ///< the line's own ends, not the row's
};
std::optional<Piece> piece_of(const CalendarFrame& frame, const PageRow& row, const LaneFrame& lane,
                              std::int64_t begin_ns, bool begins_at_client, std::int64_t end_ns,
                              bool ends_at_client);

/// Whether the line, with a little air about it, goes through the box.
bool crosses(const Piece& piece, const Rect& box);

}  // namespace humantime::ui
