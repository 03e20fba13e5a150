// SPDX-License-Identifier: GPL-2.0-or-later
// What is noted of every packet while a capture is first read, for finding it again at another place: what
// the network leaves unchanged. The bytes are gone when the other copy comes.
#pragma once

#include <cstdint>

#include "chunked.h"
#include "types.h"
#include "wire/locate.h"
#include "wire/tcp.h"

namespace humantime::letters {

/// 16 bytes a frame. All zero bits: no packet that could be found again (no TCP or UDP over IP, a fragment).
struct PacketNote {
  enum class Kind : std::uint8_t { none, tcp, udp };
  static constexpr std::uint32_t longest = (1U << 20) - 1;
  static constexpr std::uint32_t most_hops = 63;
  /// Of a UDP payload, bytes: what most captures keep that cut packets short, and what others look at.
  static constexpr std::size_t head = 16, most = 40;

  std::uint32_t sequence = 0;  ///< TCP's; UDP: a digest of the payload's first `head` bytes
  /// TCP's, 0 without ACK; UDP: a digest of what follows them, up to `most`.
  std::uint32_t acknowledgment = 0;
  std::uint32_t length : 20;  ///< payload bytes on the wire, at most `longest`
  std::uint32_t kind : 2;
  std::uint32_t syn : 1;
  std::uint32_t fin : 1;
  std::uint32_t rst : 1;
  /// Routers passed: TTL or hop limit below the next of 64, 128 and 255, which senders begin with; at most
  /// `most_hops`.
  std::uint32_t hops : 6;
  /// The capture kept less of it: UDP, less of the payload than `most`, only its head is told; TCP, not all
  /// options.
  std::uint32_t cut : 1;
  std::uint16_t ip_id = 0;  ///< IPv4 identification; 0 where there is none (RFC 6864 lets it be anything)
  /// TCP: a digest of window, time stamps (RFC 7323) and what follows them (SACK, RFC 2018), which tells
  /// a segment from its retransmission, and duplicate acknowledgments apart, where the identification does
  /// not.
  std::uint16_t stamp = 0;

  PacketNote() : length(0), kind(0), syn(0), fin(0), rst(0), hops(0), cut(0) {}

  Kind is() const { return static_cast<Kind>(kind); }
};

static_assert(sizeof(PacketNote) == 16);

PacketNote note_of(const wire::Packet& packet, const wire::TcpSegment& segment);
PacketNote note_of(const wire::Packet& packet, const wire::UdpDatagram& datagram);

/// The notes of all frames, by number.
class Notes {
 public:
  void clear() { notes_.clear(); }
  /// A frame that comes again has another packet, or none.
  PacketNote& begin(FrameNumber frame) {
    const std::size_t index = to_number(frame) - 1;
    if (index >= notes_.size())
      notes_.grow_to(index + 1);
    else
      notes_[index] = PacketNote{};
    return notes_[index];
  }
  /// Frames up to that number; higher ones were never seen.
  std::size_t size() const { return notes_.size(); }
  const PacketNote& operator[](FrameNumber frame) const { return notes_[to_number(frame) - 1]; }

 private:
  Chunked<PacketNote> notes_;
};

}  // namespace humantime::letters
