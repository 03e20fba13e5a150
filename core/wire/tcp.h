// SPDX-License-Identifier: GPL-2.0-or-later
// TCP segments (RFC 9293) and UDP datagrams (RFC 768).
#pragma once

#include <cstdint>

#include "bytes.h"
#include "wire/address.h"

namespace humantime::wire {

enum TcpFlag : std::uint8_t {
  tcp_fin = 0x01,
  tcp_syn = 0x02,
  tcp_rst = 0x04,
  tcp_psh = 0x08,
  tcp_ack = 0x10
};

struct TcpSegment {
  std::uint16_t source_port = 0, destination_port = 0;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgment = 0;
  std::uint8_t flags = 0;  ///< TcpFlag
  std::uint16_t window = 0;
  std::uint16_t checksum = 0;
  /// Window scale option (RFC 7323) of a SYN, 0 to 14; no_scale where the segment has none.
  std::uint8_t window_scale = no_scale;
  Bytes payload;                     ///< as captured
  std::uint32_t payload_length = 0;  ///< on the wire

  static constexpr std::uint8_t no_scale = 0xff;
  bool has(std::uint8_t flag) const { return (flags & flag) != 0; }
};

/// Reads a segment; `length` is that of header and payload on the wire. False where the capture cut the fixed
/// header or the header does not fit its length.
bool read_tcp(Bytes bytes, std::uint32_t length, TcpSegment& out);

/// Whether the checksum over pseudo header and segment is right, or the sum of the pseudo header alone: so it
/// stands in what a sender captured of its own before the network card put the sum of all in its place. False
/// too where the capture cut the segment and nothing else is there to compare.
bool tcp_checksum_holds(const Address& source, const Address& destination, Bytes segment,
                        std::uint32_t length);

struct UdpDatagram {
  std::uint16_t source_port = 0, destination_port = 0;
  Bytes payload;                     ///< as captured
  std::uint32_t payload_length = 0;  ///< on the wire
};

/// Reads a datagram; `length` is what IP says it is. A UDP length that does not fit becomes what is there.
bool read_udp(Bytes bytes, std::uint32_t length, UdpDatagram& out);

}  // namespace humantime::wire
