// SPDX-License-Identifier: GPL-2.0-or-later
// One TLS handshake while it goes on: from what its messages are, who says them and in which order, to its
// kind. Says nothing where the order contradicts the messages, for then bytes are missing.
//
// Up to TLS 1.2 who finishes first tells a full handshake (the client, RFC 5246 7.3 figure 1) from one that
// resumes a session (the server, figure 2): it holds at every place of the wire, for the one is the other's
// answer. The server resumed by the ticket where the client showed one (RFC 5077 3.4: then it must not resume
// by the session's ID), else by the ID that it repeats.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "bytes.h"
#include "handshake.h"
#include "http1/exchange.h"
#include "types.h"
#include "wire/tls.h"

namespace humantime::tls {

using http1::Side;

/// How a handshake went: the columns of handshakes.def.
enum class Course : std::uint8_t { full, session_id, ticket, resumed, retry, psk, external_psk, early_data };

/// The row of handshakes.def; none where there is none. Drafts of TLS 1.3 count as TLS 1.3.
HandshakeKind kind_of(std::uint16_t version, Course course);
/// The row's round trips; Handshake::unknown_round_trips for none.
std::uint8_t round_trips_of(HandshakeKind kind);

/// A value.
class HandshakeWatch {
 public:
  /// A handshake within what another one encrypted.
  void renegotiates(bool asked_by_server) {
    told_.renegotiation = true;
    told_.asked_by_server = asked_by_server;
  }
  bool is_renegotiation() const { return told_.renegotiation; }

  /// The first one, or the second one behind a HelloRetryRequest. Null: in SSLv2's format, or encrypted.
  void client_hello(FrameNumber frame, const wire::TlsClientHello* hello);
  bool client_hello_seen() const { return told_.client_hello != no_frame; }
  /// A HelloRetryRequest was its answer.
  bool awaits_second_hello() const { return told_.retried && !server_hello_seen_; }
  /// DTLS: the server has wanted the ClientHello again, with a cookie, so often (RFC 6347 4.2.1).
  void hello_verify_requests(std::uint8_t count) {
    told_.retried = told_.retried || count > 0;
    verify_requests_ = std::max(verify_requests_, count);
  }
  void server_hello(const wire::TlsServerHello& hello);
  bool server_hello_seen() const { return server_hello_seen_; }
  /// Nobody decrypts it: what its records say of the version.
  void encrypted(std::uint16_t version) {
    told_.version = version;
    encrypted_ = true;
  }
  bool is_encrypted() const { return encrypted_; }
  /// Any other message, by its type (RFC 8446 4, RFC 5246 7.4).
  void message(Side side, std::uint8_t type);
  /// TLS 1.3: EncryptedExtensions or the end of the client's flight tell.
  void early_data(EarlyData fate) {
    if (told_.early_data != EarlyData::none) told_.early_data = fate;
  }
  EarlyData early_data() const { return told_.early_data; }
  /// The EncryptedExtensions of the server were read: what it asks for is readable.
  void server_flight_read() { flight_read_ = true; }
  /// ChangeCipherSpec.
  void change(Side side) { at(side).changed = true; }
  bool changed(Side side) const { return sides_[index(side)].changed; }
  /// Bytes of the side are not in the capture, or nothing may be said of them.
  void lose(Side side) { at(side).lost = true; }

  /// A record of the handshake begins, and ends.
  void speaks(Side side, FrameNumber frame);
  void spoke(Side side, FrameNumber frame);

  /// The client's first application data up to TLS 1.2, behind its Finished: with what it acknowledges.
  void application_data(FrameNumber frame);
  /// The side's Finished.
  void finish(Side side, FrameNumber frame, bool inferred);
  bool finished(Side side) const { return sides_[index(side)].finished != no_frame; }
  bool finished() const { return finished(Side::client) && finished(Side::server); }

  /// The handshake, once both are finished.
  Handshake completed() const;
  /// The handshake that ends without.
  Handshake ended(HandshakeEnd end, FrameNumber frame, std::uint8_t alert) const;
  std::string_view server_name() const { return server_name_; }

  /// An alert that may end it, or not: one that nobody decrypted, or a close_notify, behind which the other
  /// side may go on (a server that has answered early data).
  void alerts(FrameNumber frame, std::uint8_t description) {
    alert_frame_ = frame;
    alert_ = description;
  }
  /// The handshake of a connection that has ended. Nothing where it may have been completed unseen.
  std::optional<Handshake> cut_short() const;

 private:
  /// RFC 5246 7.4.1.2: 32 bytes at the most.
  struct SessionId {
    std::array<std::uint8_t, 32> bytes{};
    std::uint8_t size = 0;
    void set(Bytes id);
    bool operator==(const SessionId&) const = default;
  };
  struct OfSide {
    FrameNumber finished = no_frame;
    bool changed = false;
    bool lost = false;
  };

  static std::size_t index(Side side) { return side == Side::client ? 0 : 1; }
  OfSide& at(Side side) { return sides_[index(side)]; }
  HandshakeKind kind_up_to_1_2() const;
  HandshakeKind kind_of_1_3() const;

  Handshake told_;
  std::string server_name_;
  std::array<OfSide, 2> sides_;
  SessionId offered_;
  FrameNumber alert_frame_ = no_frame;
  FrameNumber last_ = no_frame;  ///< of who spoke last
  FrameNumber data_ = no_frame;  ///< application data of the client behind its Finished
  Side speaker_ = Side::client;
  std::uint8_t alert_ = Handshake::unknown_alert;
  std::uint8_t verify_requests_ = 0;
  std::uint32_t keys_without_age_ = 0;  ///< see TlsClientHello
  bool server_hello_seen_ = false;
  bool encrypted_ = false;
  bool hello_read_ = false;   ///< the ClientHello's session ID and ticket are known
  bool id_repeated_ = false;  ///< by the ServerHello, and not empty
  bool server_keyed_ =
      false;  ///< it sent what only a full handshake has: Certificate, its keys, ServerHelloDone
  bool external_key_ = false;
  bool asked_ = false;   ///< CertificateRequest
  bool proved_ = false;  ///< CertificateVerify of the client
  bool flight_read_ = false;
};

}  // namespace humantime::tls
