// SPDX-License-Identifier: GPL-2.0-or-later
#include "tls/unread.h"

#include <algorithm>

namespace humantime::tls {
namespace {

using wire::TlsContent;

/// TLS 1.3 adds the inner type and a tag of 16 bytes to the content (RFC 8446 5.2); of what it adds to hide
/// the length (padding) nothing is known.
constexpr std::uint16_t added_by_1_3 = 1 + 16;
constexpr std::uint16_t alert_length = 2 + added_by_1_3;
constexpr std::uint16_t handshake_header = wire::TlsHandshakeHeader::size;
constexpr std::uint16_t end_of_early_data_length = handshake_header + added_by_1_3;
constexpr std::uint16_t key_update_length = handshake_header + 1 + added_by_1_3;
/// A ticket may hold the session's state, and that the client's certificate.
constexpr std::uint16_t longest_ticket = 512, longest_ticket_with_certificate = 4096;
/// A NewSessionTicket has 17 bytes around a nonce and the ticket (RFC 8446 4.6.1), its record 17 more; a
/// ticket is no shorter than the session ID that it may be. The SETTINGS that HTTP/2 begins with are shorter
/// mostly.
constexpr std::uint16_t shortest_ticket = 17 + 17 + 32;
constexpr std::uint8_t most_tickets = 4;

/// `HTTP/1.1 100 Continue` and an empty line, encrypted: TLS 1.3, and in TLS 1.2 GCM and ChaCha20.
bool is_as_long_as_continue(std::uint16_t length, bool tls_1_3) {
  constexpr std::uint16_t text = 25;
  return tls_1_3 ? length == text + added_by_1_3 : length == text + 8 + 16 || length == text + 16;
}

/// No HTTP/1 message begins with less: `GET / HTTP/1.0`, `HTTP/1.0 200`, and an empty line.
bool is_too_short_to_begin(Side side, std::uint16_t length, bool tls_1_3) {
  constexpr std::uint16_t request = 18, response = 16, least_added = 16;
  return length < (side == Side::client ? request : response) + (tls_1_3 ? added_by_1_3 : least_added);
}

/// The ports of HTTPS (443 as registered, the others by custom): where the client names no protocol, and it
/// need not for HTTP/1.
bool is_https_port(std::uint16_t port) {
  return port == 443 || port == 8443;
}

/// What an EncryptedExtensions message selects, by its length where it is alone in its record: two bytes of
/// length, then SNI's and early data's empty answers (4 bytes each), then ALPN: 4 + 2 + 1 and the name, `h2`
/// or `http/1.1` (RFC 7301 3.1).
void read_length_of_extensions(std::uint16_t record_length, Agreement& agreement) {
  constexpr std::uint16_t empty = handshake_header + 2 + added_by_1_3;
  constexpr std::uint16_t alpn_http2 = 9, alpn_http1 = 15, answer = 4;
  if (!agreement.client_hello_seen || agreement.sized_extensions_offered) return;
  for (int answers = 0; answers <= 2; ++answers) {
    const int alpn = record_length - empty - answers * answer;
    if (alpn != 0 && alpn != alpn_http2 && alpn != alpn_http1) continue;
    agreement.alpn_known = true;
    agreement.alpn = alpn == alpn_http2   ? wire::Alpn::http2
                     : alpn == alpn_http1 ? wire::Alpn::http1
                                          : wire::Alpn::none;
    return;
  }
}

}  // namespace

bool Agreement::implies_http1() const {
  if (alpn_known && alpn != wire::Alpn::none) return alpn == wire::Alpn::http1;
  if (!client_hello_seen) return false;
  if (only_http1_offered) return true;
  // A server that selects none leaves HTTP/1 to a client that would have liked HTTP/2.
  if (alpn_offered) return http1_offered && alpn_known;
  return is_https_port(server_port);
}

Unread::Kind Unread::kind_of(Side side, const Record& record, bool peer_midway, const Agreement& agreement,
                             bool infer) const {
  const Direction& me = direction(side);
  const std::uint16_t length = record.header.length;
  if (record.header.content == TlsContent::handshake)
    return me.changed && infer ? Kind::finished : Kind::handshake;
  if (record.header.content == TlsContent::alert) return infer ? Kind::alert : Kind::none;
  if (!record.is_application_data()) return Kind::none;

  const bool client = side == Side::client;
  if (agreement.tls_1_3 || (client && agreement.early_data_offered && !agreement.server_hello_seen)) {
    const std::size_t hash = wire::tls_1_3_hash_length(agreement.cipher_suite);
    const bool finished_sized = hash > 0 && length == handshake_header + hash + added_by_1_3;
    if (client && !me.finished) {
      if (agreement.early_data_offered && me.flight_records == 0 && length != end_of_early_data_length &&
          !finished_sized)
        return infer && agreement.implies_http1() ? Kind::early_http : Kind::early_data;
      return length == alert_length && infer ? Kind::handshake_alert : Kind::flight;
    }
    // The server may answer what came early before the client's flight is over.
    const bool answers_early =
        agreement.early_data_offered && me.finished && !direction(Side::client).finished;
    if (!direction(Side::client).finished && !answers_early) return Kind::flight;
    if (!infer) return Kind::application_data;
    if (length == alert_length) return Kind::alert_sized;
    const bool certified = direction(Side::client).flight_records > 1;
    if (!client && !tickets_over_ && tickets_ < most_tickets && !answers_early && length >= shortest_ticket &&
        length <= (certified ? longest_ticket_with_certificate : longest_ticket) &&
        (tickets_ == 0 || length == ticket_length_))
      return Kind::ticket;
    // In the middle of a message it would be the end of a chunked one: `0` and two line ends.
    if (length == key_update_length && !not_http1_ && agreement.implies_http1() &&
        !(client ? turns_.asking() : turns_.answering()))
      return Kind::key_update;
  }
  if (!infer || not_http1_ || !agreement.implies_http1()) return Kind::application_data;
  const bool begins = client ? !turns_.asking() : !turns_.answering();
  if (begins && is_too_short_to_begin(side, length, agreement.tls_1_3)) return Kind::application_data;
  if (!client && turns_.asking() && is_as_long_as_continue(length, agreement.tls_1_3)) return Kind::interim;
  if (client && turns_.answering() && peer_midway) return Kind::pipelined;
  return Kind::http;
}

void Unread::begin(Side side, const Record& record, bool peer_midway, const Agreement& agreement, bool infer,
                   PhaseSink& sink) {
  Direction& me = direction(side);
  // What the server sends behind the client's flight shows that this was over.
  if (agreement.tls_1_3 && side == Side::server && !direction(Side::client).finished &&
      direction(Side::client).flight_records > 0 && record.is_application_data())
    end_flight(Side::client, infer, sink);
  // Who speaks again has been answered.
  if (side == Side::client && ticket_frame_ != no_frame)
    resolve_tickets(false, agreement.implies_http1(), sink);
  me.kind = kind_of(side, record, peer_midway, agreement, infer);
  if (agreement.tls_1_3 && side == Side::client && me.kind == Kind::flight &&
      !direction(Side::server).finished)
    end_flight(Side::server, infer, sink);
  // What cannot begin a message of HTTP/1 shows that the connection is not, or no longer, HTTP/1's.
  if (me.kind == Kind::application_data && infer && agreement.implies_http1() && !not_http1_) {
    not_http1_ = true;
    turns_.end(sink);
  }
  me.first_part = true;
  go_on(side, record, me.kind, agreement, sink);
}

/// What the record before was, now that there is another one.
void Unread::go_on(Side side, const Record& record, Kind kind, const Agreement& agreement, PhaseSink& sink) {
  Direction& me = direction(side);
  if (me.alert_frame != no_frame) {
    // It was not the last one: two bytes of data, or an alert that is a warning.
    const Phase was = agreement.tls_1_3 ? Phase::tls_application_data : Phase::tls_alert;
    sink.settle(me.alert_frame, me.alert_phase, was,
                agreement.tls_1_3 ? Certainty::seen : Certainty::inferred);
    me.alert_frame = no_frame;
  }
  if (kind == Kind::alert_sized || kind == Kind::alert || kind == Kind::none) return;
  if (side == Side::server && ticket_frame_ != no_frame && record.is_application_data())
    resolve_tickets(true, agreement.implies_http1(), sink);
  if (side == Side::server && kind != Kind::ticket && kind != Kind::flight) tickets_over_ = true;
}

void Unread::resolve_tickets(bool are_tickets, bool http, PhaseSink& sink) {
  const FrameNumber frame = ticket_frame_;
  ticket_frame_ = no_frame;
  if (are_tickets) {
    sink.settle(frame, Phase::tls_new_session_ticket, Phase::tls_new_session_ticket, Certainty::inferred);
    return;
  }
  tickets_over_ = true;
  if (!http) {
    sink.settle(frame, Phase::tls_new_session_ticket, Phase::tls_application_data);
    return;
  }
  sink.settle(frame, Phase::tls_new_session_ticket, Phase::http_response_start, Certainty::inferred);
  turns_.answer_began(frame, sink);
}

void Unread::part(Side side, FrameNumber frame, bool goes_on, PhaseSink& sink) {
  Direction& me = direction(side);
  if (me.kind == Kind::http) {
    turns_.speak(side, frame, goes_on, sink);
  } else if (me.kind == Kind::pipelined && me.first_part) {
    sink.add(frame, Phase::http_request, Certainty::inferred);
  }
  me.first_part = false;
}

void Unread::whole(Side side, const Record& record, Agreement& agreement, bool infer, PhaseSink& sink) {
  Direction& me = direction(side);
  const FrameNumber frame = record.latest;
  switch (me.kind) {
    case Kind::none:
      break;
    case Kind::finished:
      me.changed = false;
      me.finished = true;
      sink.add(frame, Phase::tls_finished, Certainty::inferred);
      break;
    case Kind::handshake:
      // The first one is the Finished, whether it may be said or not.
      me.finished = me.finished || me.changed;
      me.changed = false;
      sink.add(frame, Phase::tls_encrypted_handshake);
      break;
    case Kind::flight: {
      sink.add(frame, Phase::tls_encrypted_handshake);
      const bool first = me.flight_records == 0;
      if (side == Side::server && first) read_length_of_extensions(record.header.length, agreement);
      me.flight_last = frame;
      if (first)
        me.begins_with_end_of_early_data =
            agreement.server_hello_seen && record.header.length == end_of_early_data_length;
      if (me.flight_records < 3) ++me.flight_records;
      const std::size_t hash = wire::tls_1_3_hash_length(agreement.cipher_suite);
      const bool sized = hash > 0 && record.header.length == handshake_header + hash + added_by_1_3;
      if (sized && !me.finished && (side == Side::client || !first)) {
        me.sized = true;
        end_flight(side, infer, sink);
      }
      break;
    }
    case Kind::early_data:
    case Kind::early_http:
      sink.add(frame, Phase::tls_early_data);
      if (me.kind == Kind::early_http) turns_.speak(side, frame, false, sink);
      break;
    case Kind::key_update:
      sink.add(frame, Phase::tls_key_update, Certainty::inferred);
      break;
    case Kind::handshake_alert:
      sink.add(frame, Phase::tls_alert, Certainty::inferred);
      break;
    case Kind::ticket:
      ticket_length_ = record.header.length;
      ++tickets_;
      // One alone may be a short response, where something has been asked.
      if (tickets_ == 1 && direction(Side::client).spoke) {
        ticket_frame_ = frame;
        sink.add(frame, Phase::tls_new_session_ticket, Certainty::supposed);
      } else {
        sink.add(frame, Phase::tls_new_session_ticket, Certainty::inferred);
      }
      me.spoke = true;
      return;
    case Kind::alert:
    case Kind::alert_sized:
      me.alert_frame = frame;
      // A server that has not said a word does not say goodbye: it refuses.
      me.alert_phase = me.kind == Kind::alert_sized && side == Side::server && !me.spoke
                           ? Phase::tls_alert
                           : Phase::tls_close_notify;
      sink.add(frame, me.alert_phase, Certainty::supposed);
      return;
    case Kind::interim:
      turns_.interim(frame, sink);
      break;
    case Kind::pipelined:
    case Kind::http:
      break;
    case Kind::application_data:
      sink.add(frame, Phase::tls_application_data);
      break;
  }
  switch (me.kind) {
    case Kind::interim:
    case Kind::pipelined:
    case Kind::http:
    case Kind::early_http:
      sink.carries({side == Side::client, 0, record.size(), true});
      [[fallthrough]];
    case Kind::application_data:
      me.spoke = application_data_seen_ = true;
      break;
    default:
      break;
  }
}

void Unread::end_flight(Side side, bool infer, PhaseSink& sink) {
  Direction& me = direction(side);
  if (me.finished) return;
  me.finished = true;
  // A server that takes early data is told where it ends; one that refused it is asked again (RFC 8446 4.5).
  if (side == Side::client && me.spoke && me.flight_records == 1) {
    me.spoke = false;
    turns_.forget(sink);
  }
  me.flight_ended = infer;
  if (infer && me.flight_last != no_frame) sink.add(me.flight_last, Phase::tls_finished, Certainty::inferred);
}

void Unread::end(Side side, bool reset, const Agreement& agreement, PhaseSink& sink) {
  for (Direction& one : directions_) {
    if (one.alert_frame == no_frame) continue;
    sink.settle(one.alert_frame, one.alert_phase, one.alert_phase, Certainty::inferred);
    if (one.alert_phase == Phase::tls_close_notify) sink.moment(Stage::close);
    one.alert_frame = no_frame;
  }
  // A message that a reset cuts short has no end.
  if (reset ? turns_.midway() : side != Side::server) return;
  if (ticket_frame_ != no_frame) resolve_tickets(false, agreement.implies_http1(), sink);
  turns_.end(sink);
}

}  // namespace humantime::tls
