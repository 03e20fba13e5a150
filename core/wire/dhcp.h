// SPDX-License-Identifier: GPL-2.0-or-later
// DHCP for IPv4 (RFC 2131) with the options of RFC 2132.
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

struct Dhcp {
  std::uint8_t op = 0;            ///< 1: from the client, 2: to the client
  std::uint8_t message_type = 0;  ///< option 53; 0: not told, as in BOOTP and where the capture cuts it
  std::uint32_t transaction = 0;  ///< what the client chose, the same in the answers
};

/// Reads a BOOTP message. Nothing where its fixed part is incomplete; options are read as far as they go,
/// those in the fields `file` and `sname` too (option overload).
std::optional<Dhcp> read_dhcp(Bytes message);

/// Discover, offer, request, ack. Nothing for the other types and for plain BOOTP.
std::optional<Phase> phase_of(const Dhcp& message);

}  // namespace humantime::wire
