// SPDX-License-Identifier: GPL-2.0-or-later
// QUIC packets (RFC 8999, RFC 9000 17, RFC 9369): what their headers say without keys. Numbers on the wire
// are big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

enum class QuicPacketType : std::uint8_t {
  initial,
  zero_rtt,
  handshake,
  retry,
  version_negotiation,
  one_rtt,
};

constexpr std::uint32_t quic_version_1 = 0x00000001;
constexpr std::uint32_t quic_version_2 = 0x6b3343cf;

/// How a version writes what RFC 8999 leaves to it.
enum class QuicDialect : std::uint8_t {
  version_1,  ///< RFC 9000, and the drafts from 23 on
  version_2,  ///< RFC 9369, and its drafts: other numbers for the types
  unknown,
};
QuicDialect dialect_of_quic(std::uint32_t version);

/// The longest connection ID of the versions that are known here (RFC 9000 17.2).
constexpr std::size_t most_quic_connection_id = 20;

struct QuicLongHeader {
  QuicPacketType type = QuicPacketType::initial;
  std::uint32_t version = 0;
  /// False: the version is not known; the type is what version 1 would mean by the first byte.
  bool known_version = false;
  Bytes destination_id, source_id;
  Bytes token;  ///< of an Initial packet; of a Retry packet too
  /// Bytes from the first byte to where the packet number begins; the header's protection covers that.
  std::size_t packet_number_offset = 0;
  /// Of the whole packet on the wire, from its first byte: another one may follow in the datagram.
  std::size_t packet_length = 0;
};

/// Reads the header of a packet with the long form at the beginning of `bytes`; `length` is what is left of
/// the datagram on the wire. Nothing where the form is the short one, where the capture cut the header, or
/// where it contradicts itself: a length beyond the datagram's end, a connection ID that is too long.
std::optional<QuicLongHeader> read_quic_long_header(Bytes bytes, std::size_t length);

/// Whether a packet with the short form begins here (RFC 9000 17.3): the fixed bit may be greased (RFC 9287),
/// so the form is all that counts.
inline bool is_quic_short_header(Bytes bytes) {
  return !bytes.empty() && (bytes[0] & 0x80) == 0;
}

Phase phase_of(QuicPacketType type);

}  // namespace humantime::wire
