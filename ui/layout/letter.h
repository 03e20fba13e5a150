// SPDX-License-Identifier: GPL-2.0-or-later
// One packet's way from end to end, and the piece of it that falls into a row.
#pragma once

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

/// Of a letter whose other end is estimated, the one that shares its turning point: the answer to a question, and
/// the question of an answer. None where nothing was answered then, and beyond 64 events.
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

}  // namespace humantime::ui
