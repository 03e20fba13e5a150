// SPDX-License-Identifier: GPL-2.0-or-later
// A QUIC connection (RFC 9000, RFC 9369): names its packets.
#pragma once

#include <cstdint>

#include "phase_sink.h"
#include "udp/datagram.h"
#include "wire/quic.h"

namespace humantime::quic {

/// A value, as the conversation that holds it.
class Connection {
 public:
  /// The client's first destination connection ID is random: its first bytes are the connection's own.
  static udp::Beginning beginning(const udp::Datagram& datagram);

  void take(const udp::Datagram& datagram, PhaseSink& sink);
};

}  // namespace humantime::quic
