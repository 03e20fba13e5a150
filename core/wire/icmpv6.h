// SPDX-License-Identifier: GPL-2.0-or-later
// Neighbor Discovery in ICMPv6 (RFC 4861).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

struct Icmpv6 {
  std::uint8_t type = 0;
  std::uint8_t code = 0;
  std::size_t length = 0;  ///< of the whole message on the wire
  Bytes target;            ///< the 16 bytes that a neighbor message is about; empty in others and where cut
};

/// Reads an ICMPv6 message of `length` bytes on the wire (the IPv6 payload behind the extension headers), of
/// which the capture may hold the first ones only. Nothing where type and code are missing. The checksum and
/// the hop limit of 255 are not ours to see.
std::optional<Icmpv6> read_icmpv6(Bytes captured, std::size_t length);
inline std::optional<Icmpv6> read_icmpv6(Bytes message) {
  return read_icmpv6(message, message.size());
}

/// The four messages of RFC 4861 with code 0 and at least the length that sections 6.1 and 7.1 demand.
std::optional<Phase> phase_of(const Icmpv6& message);

}  // namespace humantime::wire
