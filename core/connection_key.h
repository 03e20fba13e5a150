// SPDX-License-Identifier: GPL-2.0-or-later
// What a packet says of the connection that it belongs to, over TCP and over UDP alike.
#pragma once

#include <cstdint>

#include "flat_index.h"
#include "pools.h"

namespace humantime {

/// The 5-tuple as one vantage saw it, in the direction of `source`.
struct ConnectionKey {
  AddressId source{0}, destination{0};
  std::uint16_t source_port = 0, destination_port = 0;
  std::uint16_t vantage = 0;

  ConnectionKey reversed() const { return {destination, source, destination_port, source_port, vantage}; }
  bool operator==(const ConnectionKey&) const = default;
};

/// The same for both directions, so that either end's frames find the connection; without the vantage.
inline std::uint64_t hash_of_ports(const ConnectionKey& key) {
  const std::uint64_t a = std::uint64_t{static_cast<std::uint32_t>(key.source)} << 16 | key.source_port;
  const std::uint64_t b =
      std::uint64_t{static_cast<std::uint32_t>(key.destination)} << 16 | key.destination_port;
  return a > b ? mix(b, a) : mix(a, b);
}

inline std::uint64_t hash_of_key(const ConnectionKey& key) {
  return mix(hash_of_ports(key), key.vantage);
}

/// Whether they have the same addresses and ports in the same direction.
inline bool same_direction(const ConnectionKey& a, const ConnectionKey& b) {
  return a.source == b.source && a.destination == b.destination && a.source_port == b.source_port &&
         a.destination_port == b.destination_port;
}

/// The same in either direction.
inline bool same_ports(const ConnectionKey& a, const ConnectionKey& b) {
  return same_direction(a, b) || same_direction(a, b.reversed());
}

}  // namespace humantime
