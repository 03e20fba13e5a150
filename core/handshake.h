// SPDX-License-Identifier: GPL-2.0-or-later
// A handshake that keys were agreed upon with, or were to be: its kind, what it cost, and which frames it
// took.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "pools.h"
#include "types.h"

namespace humantime {

/// The rows of handshakes.def.
enum class HandshakeKind : std::uint8_t {
  none,  ///< it was not completed, or what shows its kind is not in the capture
#define HANDSHAKE(token, round_trips, version, course) token,
#include "handshakes.def"
#undef HANDSHAKE
};

/// `tls12_full`; empty for none. Ends in zero.
std::string_view token_of(HandshakeKind kind);

/// Whether the client showed who it is.
enum class ClientAuthentication : std::uint8_t {
  unknown,    ///< what would tell was encrypted, and nobody decrypted it
  not_asked,  ///< no CertificateRequest
  refused,    ///< asked for a certificate, and none was proved
  given,      ///< a certificate was proved: CertificateVerify (RFC 5246 7.4.8, RFC 8446 4.4.3)
};

/// What became of early data (RFC 8446 4.2.10).
enum class EarlyData : std::uint8_t { none, unknown, rejected, accepted };

/// How the secret was agreed upon.
enum class KeyExchange : std::uint8_t { unknown, rsa, dh, dhe, ecdh, ecdhe, psk, other };

/// `RSA`, `ECDHE`; empty for unknown.
std::string_view name_of(KeyExchange exchange);

/// How it ended.
enum class HandshakeEnd : std::uint8_t {
  completed,  ///< with both Finished
  alert,      ///< with an alert that ends it (RFC 5246 7.2.2, RFC 8446 6.2), or a close_notify
  closed,     ///< the TCP connection ended first
};

/// The one side has spoken to its end, the other side begins: a wait, for the wire and for who works at its
/// other end. Seen at the client what follows the client's words is the wire's, and what follows the server's
/// is the client's own work; at the server it is the other way round.
struct HandshakeTurn {
  FrameNumber last = no_frame;  ///< the last of the one side's flight
  FrameNumber next = no_frame;  ///< the first of the other side's
  bool from_client = false;     ///< who had spoken
};

/// One handshake as one vantage saw it. In a file of both ends each is there twice.
struct Handshake {
  /// More than a handshake has: DTLS 1.2 with a cookie has six flights (RFC 6347 4.2.4). Those beyond it are
  /// not kept, but counted.
  static constexpr std::size_t most_turns = 8;
  /// What round_trips is where nobody can know it.
  static constexpr std::uint8_t unknown_round_trips = 0xff;
  static constexpr std::uint8_t unknown_alert = 0xff;

  /// The frame that completes the ClientHello (the first one, where a HelloRetryRequest asked for a second
  /// one): its source is the client. Of an encrypted renegotiation the frame that the ClientHello must be in.
  FrameNumber client_hello = no_frame;
  /// The frame that ends it: that of the later Finished, of the alert, of the connection's end.
  FrameNumber end_frame = no_frame;
  std::uint32_t connection = 0;    ///< FrameRow::connection
  std::uint16_t vantage = 0;       ///< FrameRow::vantage of end_frame
  std::uint16_t version = 0;       ///< as the wire has it: see wire/tls.h; 0 before the ServerHello
  std::uint16_t cipher_suite = 0;  ///< 0 where no ServerHello was read
  std::uint16_t group = 0;         ///< TLS 1.3: of the server's key share; 0: none
  TextId server_name{0};           ///< SNI: FrameStore::server_name(); none where it is encrypted
  HandshakeKind kind = HandshakeKind::none;
  HandshakeEnd end = HandshakeEnd::completed;
  std::uint8_t alert = unknown_alert;  ///< the description, where an alert ended it and was readable
  /// Before application data may flow, TCP's own left out. As handshakes.def says, and with False Start (RFC
  /// 7918) one; for DTLS one more for each HelloVerifyRequest.
  std::uint8_t round_trips = unknown_round_trips;
  KeyExchange key_exchange = KeyExchange::unknown;
  ClientAuthentication client_authentication = ClientAuthentication::unknown;
  EarlyData early_data = EarlyData::none;
  bool renegotiation : 1 = false;    ///< within the connection that another one encrypted (RFC 5746)
  bool asked_by_server : 1 = false;  ///< renegotiation: with a HelloRequest
  /// Its end is not shown by the bytes, but implied by their order and lengths: a Finished that nobody
  /// decrypted.
  bool inferred : 1 = false;
  bool false_start : 1 = false;     ///< the client did not wait for the server's Finished (RFC 7918)
  bool ticket_offered : 1 = false;  ///< RFC 5077. With a full handshake it was refused
  bool ticket_issued : 1 = false;   ///< up to TLS 1.2: within the handshake. With a ticket's it is a renewal
  bool psk_accepted : 1 = false;    ///< TLS 1.3
  bool retried : 1 = false;         ///< TLS 1.3: HelloRetryRequest; DTLS: HelloVerifyRequest
  std::uint8_t turn_count = 0;      ///< how many there were
  std::array<HandshakeTurn, most_turns> turns{};

  std::span<const HandshakeTurn> kept_turns() const {
    return std::span(turns).first(turn_count < most_turns ? turn_count : most_turns);
  }
  bool completed() const { return end == HandshakeEnd::completed; }
};

/// What humantime.handshake says: `kind[+client_auth][+renegotiation]`; empty where there is no kind.
std::string text_of(const Handshake& handshake);

}  // namespace humantime
