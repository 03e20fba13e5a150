// SPDX-License-Identifier: GPL-2.0-or-later
#include "tls/handshake_watch.h"

#include <algorithm>

#include "wire/tls_key_exchange.h"

namespace humantime::tls {
namespace {

using wire::TlsHandshake;

struct KindRow {
  HandshakeKind kind;
  std::uint8_t round_trips;
  std::uint16_t version;
  Course course;
};

constexpr KindRow kinds[] = {
#define HANDSHAKE(token, round_trips, version, course) \
  {HandshakeKind::token, round_trips, version, Course::course},
#include "handshakes.def"
#undef HANDSHAKE
};

}  // namespace

HandshakeKind kind_of(std::uint16_t version, Course course) {
  if (wire::is_tls_1_3(version)) version = wire::tls_1_3;
  for (const KindRow& row : kinds)
    if (row.version == version && row.course == course) return row.kind;
  return HandshakeKind::none;
}

std::uint8_t round_trips_of(HandshakeKind kind) {
  for (const KindRow& row : kinds)
    if (row.kind == kind) return row.round_trips;
  return Handshake::unknown_round_trips;
}

void HandshakeWatch::SessionId::set(Bytes id) {
  size = static_cast<std::uint8_t>(std::min(id.size(), bytes.size()));
  std::copy_n(id.begin(), size, bytes.begin());
}

void HandshakeWatch::client_hello(FrameNumber frame, const wire::TlsClientHello* hello) {
  if (told_.client_hello == no_frame) told_.client_hello = frame;
  if (hello == nullptr) return;
  hello_read_ = hello->complete;
  offered_.set(hello->session_id);
  told_.ticket_offered = hello->has_session_ticket;
  keys_without_age_ = hello->keys_without_age;
  // What was sent early is refused by a HelloRetryRequest, and not sent again (RFC 8446 4.2.10).
  if (told_.retried && told_.early_data != EarlyData::none)
    told_.early_data = EarlyData::rejected;
  else if (hello->has_early_data)
    told_.early_data = EarlyData::unknown;
  if (!hello->server_name.empty()) server_name_ = hello->server_name;
}

void HandshakeWatch::server_hello(const wire::TlsServerHello& hello) {
  if (!hello.complete) return lose(Side::server);  // a version may stand in what is missing
  told_.version = hello.version;
  told_.cipher_suite = hello.cipher_suite;
  if (hello.retry_request) {
    told_.retried = true;
    return;
  }
  server_hello_seen_ = true;
  told_.group = hello.group;
  told_.psk_accepted = hello.is_1_3() && hello.has_pre_shared_key;
  constexpr std::uint16_t known = 32;
  external_key_ =
      told_.psk_accepted && hello.selected_key < known && (keys_without_age_ >> hello.selected_key & 1) != 0;
  if (hello.is_1_3()) {
    told_.key_exchange = hello.has_key_share ? wire::key_exchange_of_group(hello.group) : KeyExchange::psk;
    // Early data is encrypted with the key that the server takes; it cannot read it otherwise.
    if (!told_.psk_accepted) early_data(EarlyData::rejected);
    return;
  }
  told_.key_exchange = wire::key_exchange_of_suite(hello.cipher_suite);
  early_data(EarlyData::rejected);
  SessionId id;
  id.set(hello.session_id);
  id_repeated_ = id.size > 0 && id == offered_;
}

void HandshakeWatch::message(Side side, std::uint8_t type) {
  const bool client = side == Side::client;
  switch (static_cast<TlsHandshake>(type)) {
    case TlsHandshake::certificate:
    case TlsHandshake::server_key_exchange:
    case TlsHandshake::server_hello_done:
      server_keyed_ = server_keyed_ || !client;
      break;
    case TlsHandshake::certificate_request:
      asked_ = asked_ || !client;
      break;
    case TlsHandshake::certificate_verify:
      proved_ = proved_ || client;
      break;
    case TlsHandshake::new_session_ticket:
      told_.ticket_issued = told_.ticket_issued || !client;
      break;
    default:
      break;
  }
}

void HandshakeWatch::speaks(Side side, FrameNumber frame) {
  if (last_ != no_frame && side != speaker_) {
    if (told_.turn_count < Handshake::most_turns)
      told_.turns[told_.turn_count] = {last_, frame, speaker_ == Side::client};
    if (told_.turn_count < 0xff) ++told_.turn_count;
  }
  speaker_ = side;
  last_ = frame;
}

void HandshakeWatch::spoke(Side side, FrameNumber frame) {
  if (side == speaker_ && frame != no_frame) last_ = std::max(last_, frame);
}

void HandshakeWatch::application_data(FrameNumber frame) {
  if (finished(Side::client) && !finished(Side::server) && data_ == no_frame) data_ = frame;
}

void HandshakeWatch::finish(Side side, FrameNumber frame, bool inferred) {
  if (finished(side) || frame == no_frame) return;
  at(side).finished = frame;
  told_.inferred = told_.inferred || inferred;
}

HandshakeKind HandshakeWatch::kind_up_to_1_2() const {
  const FrameNumber client = sides_[0].finished, server = sides_[1].finished;
  if (client == server) return HandshakeKind::none;
  const bool full = client < server;
  if (full) {
    const bool shown = server_keyed_ || sides_[1].lost || encrypted_;
    return shown ? kind_of(told_.version, Course::full) : HandshakeKind::none;
  }
  if (server_keyed_) return HandshakeKind::none;
  if (!hello_read_) return kind_of(told_.version, Course::resumed);
  if (told_.ticket_offered) return kind_of(told_.version, Course::ticket);
  return id_repeated_ ? kind_of(told_.version, Course::session_id) : HandshakeKind::none;
}

HandshakeKind HandshakeWatch::kind_of_1_3() const {
  if (told_.retried) return kind_of(told_.version, Course::retry);
  if (!told_.psk_accepted) return kind_of(told_.version, Course::full);
  if (told_.early_data == EarlyData::accepted) return kind_of(told_.version, Course::early_data);
  return kind_of(told_.version, external_key_ ? Course::external_psk : Course::psk);
}

Handshake HandshakeWatch::completed() const {
  Handshake told = ended(HandshakeEnd::completed, std::max(sides_[0].finished, sides_[1].finished),
                         Handshake::unknown_alert);
  const bool modern = wire::is_tls_1_3(told_.version);
  if (!client_hello_seen() || (!server_hello_seen_ && !encrypted_)) return told;
  // An alert that nobody could read may have ended it before the other side knew.
  if (alert_frame_ != no_frame && alert_ == Handshake::unknown_alert) return told;
  told.kind = modern ? kind_of_1_3() : kind_up_to_1_2();
  told.round_trips = round_trips_of(told.kind);
  if (modern && told_.early_data == EarlyData::unknown) told.round_trips = Handshake::unknown_round_trips;
  const bool resumed = !modern && sides_[1].finished < sides_[0].finished;
  if (resumed) told.key_exchange = KeyExchange::unknown;  // what was agreed upon before goes on
  if (!modern && !resumed && data_ != no_frame && data_ < sides_[1].finished) {
    told.false_start = true;
    told.round_trips = 1;
  }
  if (told.round_trips != Handshake::unknown_round_trips)
    told.round_trips = static_cast<std::uint8_t>(told.round_trips + verify_requests_);
  return told;
}

std::optional<Handshake> HandshakeWatch::cut_short() const {
  if (!client_hello_seen() || sides_[0].lost || sides_[1].lost || last_ == no_frame) return std::nullopt;
  if (alert_frame_ == no_frame) {
    if (encrypted_) return std::nullopt;
    return ended(HandshakeEnd::closed, last_, Handshake::unknown_alert);
  }
  Handshake told = ended(HandshakeEnd::alert, alert_frame_, alert_);
  told.inferred = told.inferred || alert_ == Handshake::unknown_alert;
  return told;
}

Handshake HandshakeWatch::ended(HandshakeEnd end, FrameNumber frame, std::uint8_t alert) const {
  Handshake told = told_;
  told.end = end;
  told.end_frame = frame;
  told.alert = alert;
  const bool modern = wire::is_tls_1_3(told_.version);
  // Who is known by a key shared beforehand is not asked for a certificate (RFC 8446 4.3.2).
  const bool readable = server_hello_seen_ && (modern ? flight_read_ || told_.psk_accepted : !encrypted_);
  if (proved_)
    told.client_authentication = ClientAuthentication::given;
  else if (readable && !sides_[0].lost && !sides_[1].lost)
    told.client_authentication = asked_ ? ClientAuthentication::refused : ClientAuthentication::not_asked;
  return told;
}

}  // namespace humantime::tls
