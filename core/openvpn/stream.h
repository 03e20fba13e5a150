// SPDX-License-Identifier: GPL-2.0-or-later
// OpenVPN over TCP: each packet stands behind its length, two bytes (OpenVPN 2.6, socket.h, stream_buf).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytes.h"
#include "openvpn/tunnel.h"
#include "phase_sink.h"
#include "tcp/lifecycle.h"
#include "tcp/stream.h"
#include "types.h"

namespace humantime::openvpn {

/// A value. A packet is named on the frame where it ends.
class Stream {
 public:
  explicit Stream(bool infer = true) : tunnel_(Transport::tcp, infer) {}

  /// The next bytes of one side. Frames that end no packet are left to the caller.
  void feed(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink);
  /// The next `count` bytes of one side are not in the capture.
  void skip(tcp::Role from, std::uint64_t count);
  /// What frames are may yet be told by later ones.
  bool undecided() const { return !tunnel_.proven(); }

 private:
  struct Direction {
    std::vector<std::uint8_t> partial;  ///< of a packet, its length included, as far as it was captured
    std::size_t missing = 0;            ///< bytes of it that were not captured, behind `partial`
    /// Where packets begin is not known: at the beginning (the connection may have been picked up in its
    /// middle), and behind a length that was not captured.
    bool lost = true;
  };

  Direction& direction(tcp::Role from) { return directions_[static_cast<std::size_t>(from)]; }

  Tunnel tunnel_;
  std::array<Direction, 2> directions_;
};

}  // namespace humantime::openvpn
