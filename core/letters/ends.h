// SPDX-License-Identifier: GPL-2.0-or-later
// Where a capture was taken, seen from one connection: at the client's end, at the server's, in the middle.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "journeys/journey.h"

namespace humantime::letters {

using journeys::End;
using journeys::token_of;

/// A bit for each end, none for an unknown one.
constexpr std::uint8_t bit_of(End end) {
  const unsigned bit = end == End::unknown ? 0U : 1U << static_cast<unsigned>(end);
  return static_cast<std::uint8_t>(bit & 0xffU);
}

/// humantime.capture_position.
enum class CapturePosition : std::uint8_t { automatic, client, middle, server };

/// What one place saw of a connection.
struct Evidence {
  static constexpr std::uint8_t unknown_hops = 0xff;

  /// The answer to the SYN came so long after it, nanoseconds, and its acknowledgment so long after the
  /// answer: of what was sent again, the answer that came soonest and the last one. None where one of the
  /// three was not seen.
  std::optional<std::int64_t> to_server_ns{}, to_client_ns{};
  /// The fewest routers that packets of either had passed.
  std::uint8_t hops_of_client = unknown_hops, hops_of_server = unknown_hops;
};

/// At the client's end the answer to the SYN takes a round trip and its acknowledgment none; at the server's
/// it is the other way round, in the middle both take a part. Where that is not clear the routers tell that
/// packets have passed: none from the end that they leave. Unknown where nothing tells: on a fast network
/// a host's own time is as long as the wire's.
End end_of(const Evidence& evidence);

/// A packet's direction seen from an end. Unknown in the middle.
journeys::Direction direction_at(End end, bool from_client);

}  // namespace humantime::letters
