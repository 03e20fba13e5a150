// SPDX-License-Identifier: GPL-2.0-or-later
// WireGuard messages (the WireGuard paper, section 5.4). Numbers on the wire are little-endian.
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

enum class WireGuardType : std::uint8_t { initiation = 1, response = 2, cookie_reply = 3, data = 4 };

struct WireGuard {
  WireGuardType type{};
  /// The index that the sender gave this session; 0 for types without one (cookie reply, data).
  std::uint32_t sender = 0;
  /// The index that the receiver gave the session that the message is of; 0 for an initiation, which is of
  /// none yet.
  std::uint32_t receiver = 0;
  std::uint64_t counter = 0;  ///< data: how many were sent before it with the same key
  bool empty = false;         ///< data: nothing but an authentication tag, a keepalive (section 6.5)
};

/// Reads a message of which the first bytes were captured; `length` is that of the UDP payload on the wire.
/// Nothing where the type is unknown, a reserved byte is not zero, the capture has not all of the header (16
/// bytes for data, 12 for a response, 8 for the others), or the length is none that the type has: 148, 92,
/// 64, or 32 and more for data. (The paper pads its content to a multiple of 16; implementations do so within
/// the MTU.)
std::optional<WireGuard> read_wireguard(Bytes message, std::uint32_t length);

Phase phase_of(const WireGuard& message);

}  // namespace humantime::wire
