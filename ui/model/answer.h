// SPDX-License-Identifier: GPL-2.0-or-later
// The answer of a fetch, letter by letter.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "model/timeline.h"

namespace humantime::ui {

/// Real nanoseconds, by the clocks as shown.
struct Answer {
  std::size_t letters = 0;    ///< packets that carry it, the two copies of one counted once
  std::int64_t begin_ns = 0;  ///< the first one left; where only its arrival is known, that
  std::int64_t end_ns = 0;    ///< the last one arrived; where only its leaving is known, that
  std::int64_t every_ns = 0;  ///< from one to the next on the average, 0 of a single one
  EventIndex first = no_event, last = no_event;
  /// How long the first and the last were on the way; none where that was not measured.
  std::optional<std::int64_t> first_way_ns, last_way_ns;
  std::optional<std::int64_t> last_arrives_ns;
  /// They were longer and longer on the way: see are_slower().
  bool slower = false;
};

/// Of a journey that asks once and is answered to the end; none of others, and where more than 50,000 events
/// stand between its first and its last.
std::optional<Answer> answer_of(const Timeline& timeline, std::uint32_t journey);

/// Whether letters, in the order in which they left, were longer and longer on the way, as where a queue
/// grows: there are 12 at least, the median of each quarter is above the one before, and the last quarter's
/// is above the first one's by a quarter of it. A few that come late, or a way that is longer once, do not
/// make it so.
bool are_slower(std::span<const std::int64_t> ways);

}  // namespace humantime::ui
