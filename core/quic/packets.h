// SPDX-License-Identifier: GPL-2.0-or-later
// The QUIC packets of a datagram (RFC 9000 12.2), each with what the host decrypted of it.
//
// The host does not say which packet a decrypted buffer belongs to. It comes in the order of the packets, and
// is shorter than what is protected by the packet number (one to four bytes) and the tag of 16 bytes (RFC
// 9001 5.3): where that leaves a choice, nothing is taken.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "bytes.h"
#include "frame_bytes.h"
#include "quic/connection_ids.h"
#include "wire/quic.h"

namespace humantime::quic {

struct Packet {
  wire::QuicPacketType type{};
  bool known_version = true;
  std::uint32_t version = 0;        ///< of a long header
  Bytes destination_id, source_id;  ///< source: of a long header
  /// From the packet number on, on the wire; 0 where it is not known, or nothing is protected.
  std::size_t protected_length = 0;
  std::size_t length = 0;  ///< of all of it, on the wire
  Bytes plaintext;         ///< empty: nobody decrypted it
};

/// Everything views: valid while the frame is being processed.
class Packets {
 public:
  /// A datagram of more has the first ones.
  static constexpr std::size_t most = 16;

  /// `ids` are those of the receiver, which the short header does not tell the length of.
  Packets(Bytes payload, std::size_t length, const ConnectionIds& ids, std::span<const DataSource> sources);

  std::span<const Packet> all() const { return std::span(packets_).first(count_); }

 private:
  void read(Bytes payload, std::size_t length, const ConnectionIds& ids);
  void match(std::span<const DataSource> sources);

  std::array<Packet, most> packets_;
  std::size_t count_ = 0;
};

}  // namespace humantime::quic
