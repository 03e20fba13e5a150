// SPDX-License-Identifier: GPL-2.0-or-later
// IPv4 (RFC 791) and IPv6 (RFC 8200) headers.
#pragma once

#include <cstdint>

#include "bytes.h"
#include "wire/address.h"

namespace humantime::wire {

/// IANA protocol numbers.
enum class IpProtocol : std::uint8_t {
  hop_by_hop = 0,
  tcp = 6,
  udp = 17,
  routing = 43,
  fragment = 44,
  authentication = 51,
  icmpv6 = 58,
  destination_options = 60,
  mobility = 135,
};

struct IpHeader {
  Address source, destination;
  std::uint8_t protocol = 0;          ///< of the payload, behind IPv6 extension headers and AH
  std::uint8_t hop_limit = 0;         ///< TTL
  std::uint16_t id = 0;               ///< IPv4 identification
  std::uint32_t header_length = 0;    ///< up to the payload: with options, extension headers and AH
  std::uint32_t payload_length = 0;   ///< on the wire, never more than the frame holds
  std::uint32_t fragment_offset = 0;  ///< bytes
  bool more_fragments = false;
  bool is_fragment() const { return more_fragments || fragment_offset != 0; }
};

/// Reads the header at the beginning of `bytes`; `reported` is how many bytes the wire had from there on.
/// False where there is none, or where the capture cut it. A total length of zero (segmentation offload) or
/// one that the frame cannot hold becomes what the frame holds.
bool read_ipv4(Bytes bytes, std::uint32_t reported, IpHeader& out);
bool read_ipv6(Bytes bytes, std::uint32_t reported, IpHeader& out);

/// Whether the IPv4 header's checksum is right (or zero: left to the network card).
bool ipv4_checksum_holds(Bytes bytes);

}  // namespace humantime::wire
