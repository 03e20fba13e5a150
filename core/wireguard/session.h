// SPDX-License-Identifier: GPL-2.0-or-later
// A WireGuard tunnel between two peers: its handshakes, and the indices by which each peer knows it.
#pragma once

#include <array>
#include <cstdint>

#include "bytes.h"
#include "phase_sink.h"
#include "udp/datagram.h"
#include "wire/wireguard.h"

namespace humantime::wireguard {

/// A value; a reader as udp/conversation.h wants it. Handshakes come again every two minutes (section 6.2 of
/// the paper) and belong to the same tunnel. A peer that moves is found by the index that it sends to: that
/// one was told by the other peer, in an initiation or a response.
class Session {
 public:
  static udp::Beginning beginning(const udp::Datagram& datagram);
  static udp::Aliases aliases_in(Bytes payload, std::uint32_t lengths);

  void take(const udp::Datagram& datagram, PhaseSink& sink);
  /// A first datagram that is no message of WireGuard's makes no tunnel.
  bool proven() const { return proven_; }
  template <typename Visit>
  void tell_aliases(Visit visit) {
    if (!told_) return;
    told_ = false;
    visit(teller_, Bytes(index_));
  }

 private:
  static constexpr std::size_t index_size = 4;
  std::array<std::uint8_t, index_size> index_{};  ///< the last one that was told, as it is on the wire
  udp::Role teller_ = udp::Role::initiator;
  bool told_ = false;
  bool proven_ = false;
};

}  // namespace humantime::wireguard
