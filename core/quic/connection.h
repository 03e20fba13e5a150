// SPDX-License-Identifier: GPL-2.0-or-later
// A QUIC connection (RFC 9000, RFC 9369): names its packets, the TLS messages in their CRYPTO frames (RFC
// 9001 4), and how it is closed; hands its streams to HTTP/3 or DNS. Initial packets are decrypted by anyone,
// the others by who has the secrets.
#pragma once

#include <array>
#include <cstdint>

#include "http3/connection.h"
#include "phase_sink.h"
#include "quic/connection_ids.h"
#include "quic/dns_streams.h"
#include "quic/packets.h"
#include "rare.h"
#include "tcp/stream.h"
#include "tls/handshake_watch.h"
#include "tls/records.h"
#include "udp/datagram.h"
#include "wire/quic.h"
#include "wire/tls.h"

namespace humantime::quic {

/// A value, as the conversation that holds it.
class Connection {
 public:
  /// The client's first destination connection ID is random: its first bytes are the connection's own.
  static udp::Beginning beginning(const udp::Datagram& datagram);
  /// The connection IDs that a datagram may be for: a long header tells, a short one does not.
  static udp::Aliases aliases_in(Bytes payload, std::uint32_t lengths);

  /// Another client on the same port: an Initial with connection IDs that this connection has never had.
  bool begins_anew(const udp::Datagram& datagram) const;
  void take(const udp::Datagram& datagram, PhaseSink& sink);
  /// Whether bytes wait for others before them.
  bool waits() const { return http3_ && http3_->waits(); }
  /// The end of the capture: they are read without those.
  void finish(PhaseSink& sink) {
    if (http3_) http3_->finish(sink);
  }
  template <typename Visit>
  void tell_aliases(Visit visit) {
    for (const udp::Role role : {udp::Role::initiator, udp::Role::responder})
      end(role).ids.tell_new([&](Bytes id) { visit(role, id); });
  }

 private:
  class Reading;  // one datagram's work

  /// One encryption level's stream of handshake bytes.
  struct Crypto {
    tcp::Stream stream;
    tls::Messages messages;
  };
  enum class Level : std::uint8_t { initial, handshake, one_rtt };
  /// What one end sent.
  struct End {
    ConnectionIds ids;                 ///< that it gave out
    std::array<Crypto, 3> crypto;      ///< by Level
    FrameNumber handshake = no_frame;  ///< the last that carried a Handshake packet
    bool finished = false;             ///< its Finished was read
  };

  End& end(udp::Role role) { return ends_[static_cast<std::size_t>(role)]; }
  const End& end(udp::Role role) const { return ends_[static_cast<std::size_t>(role)]; }

  std::array<End, 2> ends_;  ///< by role: the initiator is the client
  ConnectionIds first_ids_;  ///< that the client made up for the server
  Rare<http3::Connection> http3_;
  Rare<DnsStreams> dns_;
  Rare<tls::HandshakeWatch> watch_;      ///< from the ClientHello to the handshake's end
  wire::Alpn alpn_ = wire::Alpn::none;   ///< that the server selected; none: not known
  std::uint8_t round_trips_before_ = 0;  ///< Retry, Version Negotiation
  bool only_http3_offered_ = false;
  bool early_ = false;           ///< a 0-RTT packet was seen
  bool handshake_read_ = false;  ///< a Handshake packet was decrypted
  bool begun_ = false;
  bool negotiated_ = false;  ///< Version Negotiation was seen, and nothing of the server since
  bool established_ = false;
  bool closed_ = false;
};

}  // namespace humantime::quic
