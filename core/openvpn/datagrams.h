// SPDX-License-Identifier: GPL-2.0-or-later
// OpenVPN over UDP: each datagram is a packet.
#pragma once

#include "openvpn/tunnel.h"
#include "phase_sink.h"
#include "udp/datagram.h"

namespace humantime::openvpn {

/// A value; a reader as udp/conversation.h wants it.
class Datagrams {
 public:
  static udp::Beginning beginning(const udp::Datagram& datagram);

  void take(const udp::Datagram& datagram, PhaseSink& sink) {
    // What Wireshark reads as something else it was told to.
    if (!datagram.above.has(Layer::openvpn)) return;
    tunnel_.infer(datagram.infer);
    tunnel_.take(datagram.from, datagram.frame, datagram.payload, datagram.payload_length, sink);
  }
  /// A client that was started again, on the same ports.
  bool begins_anew(const udp::Datagram& datagram) const {
    return tunnel_.begins_anew(datagram.from, datagram.payload, datagram.payload_length);
  }
  bool proven() const { return tunnel_.proven(); }

 private:
  Tunnel tunnel_;
};

}  // namespace humantime::openvpn
