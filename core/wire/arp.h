// SPDX-License-Identifier: GPL-2.0-or-later
// ARP (RFC 826) and what IPv4 makes of it (RFC 5227).
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

struct Arp {
  std::uint16_t hardware_type = 0;  ///< 1: Ethernet
  std::uint16_t protocol_type = 0;  ///< an EtherType; 0x0800: IPv4
  std::uint16_t opcode = 0;         ///< 1: request, 2: reply
  // Of any length, which both ends share; the bytes are those that were read.
  Bytes sender_hardware, sender_protocol;
  Bytes target_hardware, target_protocol;
};

/// Reads an ARP packet; bytes behind it (the padding of short Ethernet frames) are ignored. Nothing where an
/// address is missing, nor for ATM, whose addresses lie elsewhere (RFC 2225).
std::optional<Arp> read_arp(Bytes packet);

/// Requests and replies; of IPv4 also probes and announcements, which replace them. Nothing for other opcodes
/// (RARP, InARP, …).
std::optional<Phase> phase_of(const Arp& arp);

}  // namespace humantime::wire
