// SPDX-License-Identifier: GPL-2.0-or-later
// DHCP for IPv6 (RFC 8415).
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

struct Dhcpv6 {
  std::uint8_t message_type = 0;  ///< of the message between client and server, within all relays
  std::uint8_t relays = 0;        ///< how many relay messages it is wrapped in, 0 to 32
  std::uint32_t transaction = 0;  ///< 24 bits that the client chose, the same in the answer
};

/// Reads a message between client and server, unwrapping it from relay messages (option 9). Nothing where
/// its four bytes of header are missing or lie under more than 32 relays.
std::optional<Dhcpv6> read_dhcpv6(Bytes message);

/// Solicit, Advertise, Request, Reply, under the names that their likes have in DHCP for IPv4. Nothing for
/// the other types.
std::optional<Phase> phase_of(const Dhcpv6& message);

}  // namespace humantime::wire
