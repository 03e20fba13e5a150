// SPDX-License-Identifier: GPL-2.0-or-later
// What is remembered of a connection while it lives, as one place saw it. A value: copying it is how a frame
// is taken back that a read filter threw away.
#pragma once

#include <array>
#include <cstdint>

#include "app/conversation.h"
#include "connection_key.h"
#include "phases.h"
#include "rare.h"
#include "tcp/lifecycle.h"
#include "tcp/sequence.h"
#include "tcp/stream.h"

namespace humantime::tcp {

/// One direction: what its sender sent and told, as far as it is plain numbers.
struct SenderFacts {
  Offset last_ack = 0;     ///< the highest it acknowledged, in the other direction's offsets
  Offset fin = 0;          ///< the FIN's offset
  std::uint32_t base = 0;  ///< the sequence number at offset 0
  /// Both numbers of its last segment that was not believed, where the one before it was.
  std::uint32_t stray_sequence = 0, stray_acknowledgment = 0;
  std::uint16_t last_window = 0;    ///< as in the header
  std::uint8_t scale = 0;           ///< its window scale
  std::uint8_t gap_patience = 0;    ///< segments since the receiver acknowledged a gap in the stream
  bool known = false;               ///< `base` is set
  bool sent = false;                ///< a segment from it has been seen
  bool told_ack = false;            ///< last_ack and last_window are set
  bool last_window_scaled = false;  ///< it came in a segment without SYN
  bool scale_known = false;         ///< its SYN was seen
  bool syn_seen = false;
  bool syn_ack_seen = false;
  bool syn_acked = false;  ///< by an acknowledgment that was seen: the handshake's last step, for a SYN+ACK
  bool fin_seen = false;
  bool fin_acked = false;
  bool ended = false;    ///< its stream was read to the end
  bool strayed = false;  ///< its last segment was not believed
  bool probed = false;   ///< its last segment was a keep-alive, the answer of which is one too
};

struct Sender : SenderFacts {
  SeenRanges seen;
  Stream stream;

  /// Unwraps a sequence number, near the highest seen.
  Offset offset_of(std::uint32_t sequence) const {
    const auto near = static_cast<std::uint32_t>(seen.next());
    return seen.next() + static_cast<std::int32_t>(sequence - base - near);
  }
};

/// The last segments, to tell a second copy of a packet (a mirror port) from a retransmission.
struct RecentSegment {
  std::uint64_t signature = 0;
  std::int64_t time_ns = 0;
  FrameNumber frame = no_frame;
  std::uint16_t vantage = 0;
  std::uint8_t hop_limit = 0;
};

/// What every segment moves.
struct ConnectionState {
  static constexpr std::uint16_t no_vantage = 0xffff;

  ConnectionKey key;  ///< in the initiator's direction
  /// The other port of a tap: a vantage that shows one direction only, `tapped`, while key.vantage shows the
  /// other.
  std::uint16_t tap_vantage = no_vantage;
  Role tapped = Role::responder;
  std::uint32_t number = 0;  ///< from 1, in order of first frames; 0: a free slot
  Life life = Life::unseen;
  Stage moment = Stage::other;
  std::int64_t last_time_ns = 0;
  std::array<Sender, 2> senders;  ///< by Role

  bool ended() const { return life == Life::finished || life == Life::reset; }
  Sender& sender(Role role) { return senders[static_cast<std::size_t>(role)]; }
};

struct Connection : ConnectionState {
  std::array<RecentSegment, 4> recent{};
  std::uint8_t next_recent = 0;
  bool listed_waiting = false;           ///< in the tracker's list of connections that wait
  Rare<app::Conversation> conversation;  ///< what only payload moves: from the first byte to the last
};

}  // namespace humantime::tcp
