// SPDX-License-Identifier: GPL-2.0-or-later
// What the two ends of a connection say to each other: finds out which protocol it is and hands the bytes to
// its reader.
//
// Wireshark is the authority on the protocol. But while a message spans segments it has not told yet; then
// the bytes decide, until Wireshark shows another protocol on one of the connection's frames.
#pragma once

#include <array>
#include <cstdint>
#include <variant>

#include "app/dns_stream.h"
#include "app/sniffer.h"
#include "http1/exchange.h"
#include "phase_sink.h"
#include "tcp/lifecycle.h"
#include "tcp/stream.h"

namespace humantime::app {

/// A value, as the connection that holds it.
class Conversation {
 public:
  /// The ports, by role: a hint where the bytes have none.
  void begin(std::uint16_t initiator_port, std::uint16_t responder_port);

  /// The next bytes of one side, in stream order. Every frame that carries some is named: tcp.data where no
  /// protocol has a name for them.
  void feed(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink);
  /// The next `count` bytes of one side are not in the capture.
  void skip(tcp::Role from, std::uint64_t count, PhaseSink& sink);
  /// The side's stream is over: FIN, or RST.
  void end(tcp::Role from, bool reset, PhaseSink& sink);

 private:
  struct Unknown {};  ///< a protocol that has no reader here

  void start_http(tcp::Role client);
  http1::Side side(tcp::Role from) const {
    return from == http_client_ ? http1::Side::client : http1::Side::server;
  }
  std::size_t read(tcp::Role from, FrameNumber frame, Bytes bytes, LayerSet above, PhaseSink& sink);
  std::size_t read_http(tcp::Role from, FrameNumber frame, Bytes bytes, PhaseSink& sink);
  std::size_t sniff(tcp::Role from, FrameNumber frame, Bytes bytes, LayerSet above, PhaseSink& sink);
  void heed(LayerSet above, PhaseSink& sink);

  std::variant<Sniffer, http1::Exchange, DnsStreams, Unknown> reader_;
  tcp::Role http_client_ = tcp::Role::initiator;
  bool confirmed_ = false;  ///< Wireshark has shown the protocol that the bytes look like
  bool tunnelled_ = false;  ///< inside an HTTP CONNECT tunnel: bytes without another name are http.tunnel
  bool dns_port_ = false;
};

}  // namespace humantime::app
