// SPDX-License-Identifier: GPL-2.0-or-later
// Where a journey was at each moment of a period: on the way, or with one of its ends. Every moment that
// belongs to the journey is in exactly one row, so that the rows add up.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/timeline.h"

namespace humantime::ui {

/// In the order in which they are told. Where only one end was captured, travel and what the other end needed
/// cannot be told apart.
enum class Whereabout : std::uint8_t {
  to_client,       ///< a letter is on its way to the client
  to_far,          ///< and away from it
  with_far,        ///< nothing is on its way: the far end writes next
  with_client,     ///< the same, the client does
  away,            ///< on the way or at the far end: what comes next comes from there, nobody was there
  away_at_client,  ///< on the way or at the client, seen from elsewhere
};
constexpr std::size_t whereabout_count = 6;

/// Who is at the other end: who is asked for a link address, a name server, the server.
enum class FarEnd : std::uint8_t { neighbour, name_server, server };
constexpr std::size_t far_end_count = 3;
FarEnd far_end_of(Lane lane);

struct Stay {
  Whereabout where{};
  FarEnd far{};  ///< of those with the client always `server`
  std::int64_t length_ns = 0;
  /// Letters on the way, or for a stay at an end what came of it; in order of time, of a phase the first.
  std::vector<EventIndex> what;
};

struct Whereabouts {
  std::vector<Stay> stays;  ///< longer than nothing, in order of their kinds
  /// Of the period, the part that belongs to the journey: the sum of the stays. Empty where none does.
  std::int64_t begin_ns = 0, end_ns = 0;
};

/// More letters than this in a period are not told apart.
constexpr std::size_t most_whereabouts = 10000;

/// `journey` in [begin_ns, end_ns), where `index` holds its events (and maybe others'); the cost follows the
/// events in that time. What acknowledges only is no message: it counts where nothing else is left to be
/// written. A letter whose arrival nobody saw is on its way, or there, until something comes back.
/// Where letters go both ways at once, the one to the client counts, which is what is
/// waited for. None where the period has more than most_whereabouts events, or the journey does not exist.
std::optional<Whereabouts> whereabouts_of(const Timeline& timeline, const TimelineIndex& index,
                                          std::uint32_t journey, std::int64_t begin_ns, std::int64_t end_ns);

}  // namespace humantime::ui
