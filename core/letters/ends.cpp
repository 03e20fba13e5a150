// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/ends.h"

#include <array>

namespace humantime::letters {
namespace {

/// How many times longer the way to the other end takes than a host's own turn.
constexpr std::int64_t near = 8;
/// A host rarely takes longer for its turn in a handshake.
constexpr std::int64_t own_turn_ns = 1'000'000;

}  // namespace

End end_of(const Evidence& evidence) {
  // Below nothing, time ran backwards.
  const bool timed = evidence.to_server_ns.value_or(-1) >= 0 && evidence.to_client_ns.value_or(-1) >= 0;
  const std::int64_t to_server = evidence.to_server_ns.value_or(0),
                     to_client = evidence.to_client_ns.value_or(0);
  // Divided, because the capture may say anything.
  if (timed && to_server > 0 && to_server / near >= to_client) return End::client;
  if (timed && to_client > 0 && to_client / near >= to_server) return End::server;
  if (evidence.hops_of_client != Evidence::unknown_hops &&
      evidence.hops_of_server != Evidence::unknown_hops) {
    const bool from_client = evidence.hops_of_client == 0, from_server = evidence.hops_of_server == 0;
    if (from_client && !from_server) return End::client;
    if (from_server && !from_client) return End::server;
    if (!from_client && !from_server) return End::middle;
  }
  return timed && to_server > own_turn_ns && to_client > own_turn_ns ? End::middle : End::unknown;
}

journeys::Direction direction_at(End end, bool from_client) {
  if (end != End::client && end != End::server) return journeys::Direction::unknown;
  return (end == End::client) == from_client ? journeys::Direction::sent : journeys::Direction::received;
}

}  // namespace humantime::letters
