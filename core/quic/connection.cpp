// SPDX-License-Identifier: GPL-2.0-or-later
#include "quic/connection.h"

#include <optional>

#include "wire/quic_frames.h"
#include "wire/tls.h"

namespace humantime::quic {

using udp::Datagram;
using udp::Role;
using wire::QuicFrameType;
using wire::QuicPacketType;
using wire::TlsHandshake;

/// One datagram's work.
class Connection::Reading {
 public:
  Reading(Connection& connection, const Datagram& datagram, PhaseSink& sink)
      : c_(connection), me_(connection.end(datagram.from)), datagram_(datagram), sink_(sink) {}

  void read(const Packet& packet);

 private:
  void note_ids(const Packet& packet);
  void begin_again();
  void read_frames(const Packet& packet);
  void read_crypto(Level level, const wire::QuicFrame& frame);
  void take_message(std::uint8_t type, Bytes body, FrameNumber frame);
  std::optional<Phase> take_client_hello(FrameNumber frame, Bytes body);
  void take_close(const wire::QuicFrame& frame);
  void notice_established();
  bool from_client() const { return datagram_.from == Role::initiator; }

  Connection& c_;
  End& me_;
  const Datagram& datagram_;
  PhaseSink& sink_;
  bool close_told_ = false;
};

// --- packets --------------------------------------------------------------------------------------------

void Connection::Reading::read(const Packet& packet) {
  note_ids(packet);
  // A client that sends 1-RTT has finished its handshake (RFC 9001 5.7).
  if (packet.type == QuicPacketType::one_rtt && from_client()) notice_established();
  // What a version that is not known means by its first byte is told by nobody.
  sink_.add(datagram_.frame, wire::phase_of(packet.type),
            packet.known_version ? Certainty::seen : Certainty::inferred);
  if (!packet.plaintext.empty()) read_frames(packet);
}

void Connection::Reading::note_ids(const Packet& packet) {
  switch (packet.type) {
    case QuicPacketType::one_rtt:
      return;
    case QuicPacketType::version_negotiation:
      c_.negotiated_ = true;
      return begin_again();
    case QuicPacketType::initial:
      if (from_client() && !c_.end(Role::responder).ids.any()) c_.first_ids_.add(packet.destination_id);
      [[fallthrough]];
    case QuicPacketType::zero_rtt:
    case QuicPacketType::handshake:
    case QuicPacketType::retry:
      me_.ids.add(packet.source_id);
      if (!from_client()) c_.negotiated_ = false;
  }
  if (packet.type == QuicPacketType::retry) begin_again();
}

/// The client says the same again because it was asked to, in packets of their own kind (RFC 9000 17.2.5.2):
/// that is no retransmission.
void Connection::Reading::begin_again() {
  c_.end(Role::initiator).crypto[static_cast<std::size_t>(Level::initial)] = {};
}

// --- frames ---------------------------------------------------------------------------------------------

void Connection::Reading::read_frames(const Packet& packet) {
  wire::QuicFrames frames(packet.plaintext);
  const Level level = packet.type == QuicPacketType::initial     ? Level::initial
                      : packet.type == QuicPacketType::handshake ? Level::handshake
                                                                 : Level::one_rtt;
  while (const auto frame = frames.next()) {
    switch (frame->type) {
      case QuicFrameType::crypto:
        read_crypto(level, *frame);
        break;
      case QuicFrameType::new_connection_id:
        me_.ids.add(frame->content);
        break;
      case QuicFrameType::connection_close:
        take_close(*frame);
        break;
      case QuicFrameType::stream:
      case QuicFrameType::reset_stream:
      case QuicFrameType::handshake_done:
      case QuicFrameType::other:
        break;
    }
  }
}

void Connection::Reading::read_crypto(Level level, const wire::QuicFrame& frame) {
  // A handshake is shorter; what lies further off is nobody's (RFC 9000 7.5).
  constexpr std::uint64_t most_offset = std::uint64_t{1} << 20;
  if (frame.offset > most_offset) return;
  Crypto& crypto = me_.crypto[static_cast<std::size_t>(level)];
  tcp::Piece piece;
  piece.frame = piece.now = datagram_.frame;
  piece.offset = static_cast<tcp::Offset>(frame.offset);
  piece.bytes = frame.content;
  piece.length = static_cast<std::uint32_t>(frame.content.size());
  crypto.stream.take(piece, [&](const tcp::Piece& next) {
    crypto.messages.read(
        next.bytes, next.length, next.frame,
        [this](std::uint8_t type, Bytes body, FrameNumber latest) { take_message(type, body, latest); });
  });
}

void Connection::Reading::take_message(std::uint8_t type, Bytes body, FrameNumber frame) {
  std::optional<Phase> phase = wire::phase_of_tls_handshake(type);
  switch (static_cast<TlsHandshake>(type)) {
    case TlsHandshake::client_hello:
      phase = take_client_hello(frame, body);
      break;
    case TlsHandshake::server_hello:
      if (const auto hello = wire::read_tls_server_hello(body); hello && hello->retry_request)
        phase = Phase::tls_hello_retry_request;
      break;
    case TlsHandshake::encrypted_extensions:
      break;
    case TlsHandshake::finished:
      me_.finished = true;
      break;
  }
  if (phase) sink_.add(frame, *phase);
  if (c_.end(Role::initiator).finished && c_.end(Role::responder).finished) notice_established();
}

std::optional<Phase> Connection::Reading::take_client_hello(FrameNumber frame, Bytes body) {
  if (const auto hello = wire::read_tls_client_hello(body); hello && !hello->server_name.empty()) {
    sink_.detail(frame, hello->server_name);
    sink_.server_name(frame, hello->server_name);
  }
  return Phase::tls_client_hello;
}

/// Said again in each packet of a datagram, for who can read only one of them (RFC 9000 10.2.3).
void Connection::Reading::take_close(const wire::QuicFrame& frame) {
  c_.closed_ = true;
  sink_.moment(Stage::close);
  if (close_told_) return;
  close_told_ = true;
  sink_.add(datagram_.frame, Phase::quic_connection_close);
  // A TLS alert, as QUIC carries it (RFC 9001 4.8).
  constexpr std::uint64_t first_alert = 0x100, last_alert = 0x1ff;
  if (!frame.of_application && frame.code >= first_alert && frame.code <= last_alert)
    sink_.detail(datagram_.frame, wire::name_of_tls_alert(static_cast<std::uint8_t>(frame.code)));
}

void Connection::Reading::notice_established() {
  if (c_.established_) return;
  c_.established_ = true;
  sink_.moment(Stage::other);
}

// --- the connection -------------------------------------------------------------------------------------

udp::Beginning Connection::beginning(const Datagram& datagram) {
  udp::Beginning beginning;
  // Servers have the lower ports.
  beginning.from_client = datagram.source_port >= datagram.destination_port;
  const auto header = wire::read_quic_long_header(datagram.payload, datagram.payload_length);
  if (!header) return beginning;
  switch (header->type) {
    case QuicPacketType::retry:
    case QuicPacketType::version_negotiation:
      beginning.from_client = false;
      return beginning;
    case QuicPacketType::zero_rtt:
      beginning.from_client = true;
      return beginning;
    case QuicPacketType::handshake:
    case QuicPacketType::one_rtt:
      return beginning;
    case QuicPacketType::initial:
      break;
  }
  // A client's first Initial is for an ID of eight bytes at least (RFC 9000 7.2).
  constexpr std::size_t shortest_first_id = 8;
  beginning.has_sequence = beginning.from_client && header->destination_id.size() >= shortest_first_id;
  if (beginning.has_sequence) beginning.sequence = Reader(header->destination_id).u32();
  return beginning;
}

udp::Aliases Connection::aliases_in(Bytes payload, std::uint32_t lengths) {
  udp::Aliases aliases;
  if (!wire::is_quic_short_header(payload)) {
    if (const auto header = wire::read_quic_long_header(payload, payload.size()))
      aliases.names[aliases.count++] = header->destination_id;
    return aliases;
  }
  for (std::size_t length = 1; length <= wire::most_quic_connection_id && length < payload.size(); ++length)
    if ((lengths >> length & 1) != 0) aliases.names[aliases.count++] = slice(payload, 1, length);
  return aliases;
}

bool Connection::begins_anew(const Datagram& datagram) const {
  if (datagram.from != Role::initiator || negotiated_) return false;
  const auto header = wire::read_quic_long_header(datagram.payload, datagram.payload_length);
  if (!header || header->type != QuicPacketType::initial || !header->known_version) return false;
  // A client that has no ID of its own may go on with one of the server's that was not seen to be given.
  return !header->source_id.empty() && !end(Role::initiator).ids.knows(header->source_id) &&
         !end(Role::responder).ids.knows(header->destination_id) &&
         !first_ids_.knows(header->destination_id) && end(Role::initiator).ids.any();
}

void Connection::take(const Datagram& datagram, PhaseSink& sink) {
  if (!datagram.above.has(Layer::quic)) return;
  if (!begun_) sink.moment(Stage::ssl);
  begun_ = true;
  const Packets packets(datagram.payload, datagram.payload_length, end(tcp::other(datagram.from)).ids,
                        datagram.sources);
  Reading reading(*this, datagram, sink);
  for (const Packet& packet : packets.all()) reading.read(packet);
}

}  // namespace humantime::quic
