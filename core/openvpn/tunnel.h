// SPDX-License-Identifier: GPL-2.0-or-later
// One OpenVPN tunnel between two ends, packet by packet: proves that it is one, finds out how its control
// channel is wrapped, and hands the TLS inside of that to its reader.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"
#include "phase_sink.h"
#include "tcp/lifecycle.h"
#include "tls/session.h"
#include "types.h"
#include "wire/openvpn.h"

namespace humantime::openvpn {

/// What carries the packets. Over TCP their frames have a name before the tunnel has proved itself.
enum class Transport : std::uint8_t { udp, tcp };

/// A value. Opcodes are five bits: bytes of anything look like packets, those of static-key mode among them.
/// So nothing is named until one of these was seen, and then what came before is named as well:
///   - a client's first packet that proves itself (wire::read_openvpn_first),
///   - a packet that tells the other side's session id, 64 bits, where a wrapping has it,
///   - two different packets of one side with the same session id,
///   - data packets whose header stays the same while their packet id counts.
class Tunnel {
 public:
  /// Frames that wait for the proof; the oldest go without a name.
  static constexpr std::size_t most_pending = 32;
  /// Control packets that wait for an earlier one, a side. OpenVPN's own window has 12.
  static constexpr std::size_t most_waiting = 16;

  /// `infer`: whether to name what TLS's bytes do not show.
  explicit Tunnel(Transport over = Transport::udp, bool infer = true) : over_(over), infer_(infer) {}
  void infer(bool infer) { infer_ = infer; }

  /// The next packet of one side as captured; `length` is what it had on the wire.
  void take(tcp::Role from, FrameNumber frame, Bytes packet, std::uint32_t length, PhaseSink& sink);
  /// It is OpenVPN in TLS mode.
  bool proven() const { return proven_; }
  /// The packet is a client's first one, of another session than the one that is known.
  bool begins_anew(tcp::Role from, Bytes packet, std::uint32_t length) const;

 private:
  /// What one side's packets have had in common so far.
  struct Side {
    std::uint64_t session_id = 0;   ///< 0: not known
    std::uint64_t digest = 0;       ///< of the packet that told it
    std::uint64_t data_header = 0;  ///< the first bytes of the last data packet: opcode, peer id, packet id
    std::uint8_t data_steps = 0;    ///< how often its packet id has counted on
  };
  struct Pending {
    FrameNumber frame = no_frame;
    Phase phase{};
  };
  /// A packet of the control channel that came before an earlier one.
  struct Waiting {
    std::uint32_t packet_id = 0;
    FrameNumber frame = no_frame;
    std::uint32_t length = 0;
    std::vector<std::uint8_t> bytes;
  };
  struct ControlDirection {
    std::uint32_t next_id = 1;  ///< the reset has 0
    std::uint32_t offset = 0;   ///< of the next byte in the TLS stream
    std::vector<Waiting> waiting;
  };
  /// The control channel of one key: a TLS connection (a soft reset begins the next one).
  struct Channel {
    std::uint8_t key_id = 0;
    /// How it is wrapped, once that is known; never with tls-crypt. The next key's channel may be wrapped
    /// otherwise: OpenVPN 2.6 encrypts it with a key from the first one (dynamic tls-crypt).
    std::optional<wire::OpenVpnHmac> hmac;
    tls::Session session;
    std::array<ControlDirection, 2> directions;
  };

  Side& side(tcp::Role role) { return sides_[static_cast<std::size_t>(role)]; }
  bool proves(tcp::Role from, const wire::OpenVpnPacket& read, Bytes packet, std::uint32_t length);
  bool proves_by_session_id(tcp::Role from, const wire::OpenVpnPacket& read, Bytes packet,
                            std::uint32_t length);
  bool proves_by_counting(Side& sender, Bytes packet);
  void name(FrameNumber frame, Phase phase, PhaseSink& sink);
  void reset(tcp::Role from, const wire::OpenVpnPacket& read);
  Channel* channel(std::uint8_t key_id);
  void begin_channel(std::uint8_t key_id);
  void take_control(tcp::Role from, FrameNumber frame, const wire::OpenVpnPacket& read, Bytes packet,
                    std::uint32_t length, PhaseSink& sink);
  static void take_acks(Channel& channel, tcp::Role from, const wire::OpenVpnControl& control,
                        FrameNumber now, PhaseSink& sink);
  static void deliver(Channel& channel, tcp::Role from, FrameNumber frame, Bytes bytes, std::uint32_t length,
                      FrameNumber now, PhaseSink& sink);
  static void deliver_waiting(Channel& channel, tcp::Role from, FrameNumber now, PhaseSink& sink);
  static void lose(Channel& channel, tcp::Role from, std::uint32_t next_id, PhaseSink& sink);

  std::array<Side, 2> sides_;
  std::vector<Channel> channels_;  ///< of the last two keys, the newer one last
  std::vector<Pending> pending_;   ///< until it is proven
  Transport over_;
  bool infer_;
  bool proven_ = false;
};

}  // namespace humantime::openvpn
