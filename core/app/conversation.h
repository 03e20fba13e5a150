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
#include "http2/connection.h"
#include "openvpn/stream.h"
#include "phase_sink.h"
#include "rare.h"
#include "tcp/lifecycle.h"
#include "tcp/stream.h"
#include "tls/session.h"

namespace humantime::app {

/// A value, as the connection that holds it.
class Conversation {
 public:
  /// Over TCP. The ports are a hint where the bytes have none.
  void begin(const tls::Surroundings& around) { around_ = around; }
  /// What TLS carries: bytes without another name are tls.application_data. What is in it was decrypted
  /// already, as far as it was.
  void begin_inside_tls(bool infer) {
    unnamed_ = Phase::tls_application_data;
    around_.infer = infer;
  }

  /// The next bytes of one side, in stream order. Every frame that carries some is named: tcp.data where no
  /// protocol has a name for them.
  void feed(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink);
  /// The pieces of a frame that said that more of it follows were all that there is.
  void flush(tcp::Role from, FrameNumber frame, PhaseSink& sink);
  /// The next `count` bytes of one side are not in the capture.
  void skip(tcp::Role from, std::uint64_t count, PhaseSink& sink);
  /// The HTTP/1 exchange, where it is one.
  const http1::Exchange* http1() const { return std::get_if<http1::Exchange>(&reader_); }
  bool is_http2() const { return std::holds_alternative<Http2>(reader_); }
  /// The side's last bytes are too few to tell what they are: told with those that follow.
  bool undecided(tcp::Role from) const {
    if (const auto* http2 = std::get_if<Http2>(&reader_)) return (*http2)->undecided(from);
    const auto* sniffer = std::get_if<Sniffer>(&reader_);
    return sniffer != nullptr && sniffer->prefix(from).size > 0;
  }
  /// The side's stream is over: FIN, or RST.
  void end(tcp::Role from, bool reset, PhaseSink& sink);

 private:
  struct Unknown {};  ///< a protocol that has no reader here
  using Http2 = Rare<http2::Connection>;

  void start_http(tcp::Role client);
  http1::Side side(tcp::Role from) const {
    return from == http_client_ ? http1::Side::client : http1::Side::server;
  }
  std::size_t read(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink);
  std::size_t read_http(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink);
  void skip_http(http1::Exchange& http, tcp::Role from, FrameNumber frame, std::uint64_t count,
                 PhaseSink& sink);
  http2::Connection& start_http2();
  std::size_t sniff(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink);
  void heed(LayerSet above, PhaseSink& sink);
  bool is_dns_port() const;
  /// Wireshark takes a tunnel's bytes for HTTP by the proxy's port, where nobody wants details, until it has
  /// found the tunnel's beginning.
  bool misread_tunnel(LayerSet above) const { return tunnelled_ && above.has(Layer::http); }
  /// What bytes are while they are too few to tell. Any other name takes the place of tcp.data.
  Phase placeholder() const { return tunnelled_ ? Phase::http_tunnel : Phase::tcp_data; }

  std::variant<Sniffer, http1::Exchange, Http2, DnsStreams, tls::Session, openvpn::Stream, Unknown> reader_;
  tls::Surroundings around_;
  Phase unnamed_ = Phase::tcp_data;  ///< what bytes without another name are
  tcp::Role http_client_ = tcp::Role::initiator;
  bool confirmed_ = false;  ///< Wireshark has shown the protocol that the bytes look like
  bool tunnelled_ = false;  ///< inside an HTTP CONNECT tunnel
};

}  // namespace humantime::app
