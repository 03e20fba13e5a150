// SPDX-License-Identifier: GPL-2.0-or-later
// Finds the packets in a frame: where their network and transport headers are, and which protocols Wireshark
// recognised above them.
//
// Wireshark says which protocols a frame carries, in order, but not where their headers begin; so the bytes
// are walked along its list. The headers of common link layers are stepped over one by one. Behind any other
// encapsulation the next IP header is searched for, and taken only where it proves itself (see search() in
// the .cpp).
#pragma once

#include <array>
#include <cstdint>

#include "bytes.h"
#include "frame_bytes.h"
#include "wire/address.h"

namespace humantime::wire {

enum class Content : std::uint8_t { arp, tcp, udp, icmpv6 };

/// The tunnel that a packet is in: an encapsulation with an IP header of its own, the innermost one.
struct Carrier {
  bool is_tunnel = false;  ///< the rest has a meaning
  bool over_ipv6 = false;  ///< the outer header
  /// The layer right above the outer IP header, and above its UDP: gre, vxlan, wireguard, …; ipv4 or ipv6
  /// where the inner IP header is; unknown for one that has no row.
  Layer layer = Layer::unknown;
  Address source, destination;  ///< the outer ones
};

/// One packet of a frame.
struct Packet {
  Content content = Content::arp;
  Address source, destination;  ///< none for ARP
  /// From the transport header (or ARP header) on, as captured; without link-layer padding.
  Bytes bytes;
  /// Bytes from the transport header on, on the wire; at least bytes.size().
  std::uint32_t length = 0;
  std::uint16_t ip_id = 0;  ///< IPv4 identification; 0 for IPv6
  std::uint8_t hop_limit = 0;
  bool fragment =
      false;       ///< the first fragment of a datagram that was not put together: `length` is the fragment's
  LayerSet above;  ///< what Wireshark recognised above the transport
  Carrier carrier;
};

struct Packets {
  static constexpr std::size_t most = 8;
  std::array<Packet, most> packets;  ///< the first `count`
  std::size_t count = 0;  ///< outermost first; a frame with more packets than `most` keeps the first ones
  std::uint32_t ifindex = 0;

  std::span<const Packet> all() const { return {packets.data(), count}; }
};

/// Fills `out`. Nothing is found below ICMP and ICMPv6 errors: what they quote was not sent here.
void locate(const FrameBytes& frame, Packets& out);

}  // namespace humantime::wire
