// SPDX-License-Identifier: GPL-2.0-or-later
#include "quic/connection.h"

#include <algorithm>
#include <optional>

#include "wire/quic_frames.h"

namespace humantime::quic {
namespace {

/// Watches what a packet's frames do to the stage: it is in one of its own while it begins or ends a message.
class StageOfPacket final : public PassingSink {
 public:
  StageOfPacket(PhaseSink& sink, FrameNumber frame) : PassingSink(sink), frame_(frame) {}
  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    const PhaseRow& row = row_of(phase);
    if (frame == frame_ && row.lane == Lane::http && row.milestone && phase != Phase::http_settings && !own_)
      own_ = row.stage;
    PassingSink::add(frame, phase, certainty);
  }
  void moment(Stage stage) override {
    next_moment_ = stage;
    PassingSink::moment(stage);
  }
  /// The packet's name was unsettled until its frames had been read.
  void settle_packet() {
    if (own_ && next_moment_) PassingSink::moment(*own_);
    PassingSink::settle(frame_, Phase::quic_one_rtt, Phase::quic_one_rtt, Certainty::seen);
    if (own_ && next_moment_) PassingSink::moment(*next_moment_);
  }

 private:
  FrameNumber frame_;
  std::optional<Stage> own_, next_moment_;
};

}  // namespace

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
  void read_frames(const Packet& packet, PhaseSink& streams);
  void read_stream(const wire::QuicFrame& frame, PhaseSink& sink);
  void read_crypto(Level level, const wire::QuicFrame& frame);
  void take_message(std::uint8_t type, Bytes body, FrameNumber frame);
  std::optional<Phase> take_client_hello(FrameNumber frame, Bytes body);
  void take_close(const wire::QuicFrame& frame);
  void notice_established();
  void watch(const Packet& packet);
  void infer_finished();
  void tell_handshake(Handshake handshake);
  tls::Side side() const { return from_client() ? tls::Side::client : tls::Side::server; }
  bool from_client() const { return datagram_.from == Role::initiator; }

  Connection& c_;
  End& me_;
  const Datagram& datagram_;
  PhaseSink& sink_;
  bool close_told_ = false;
  bool carries_messages_ = false;  // the packet
};

// --- packets --------------------------------------------------------------------------------------------

void Connection::Reading::read(const Packet& packet) {
  note_ids(packet);
  watch(packet);
  c_.early_ = c_.early_ || packet.type == QuicPacketType::zero_rtt;
  // A client that sends 1-RTT has finished its handshake (RFC 9001 5.7).
  if (packet.type == QuicPacketType::one_rtt && from_client()) {
    infer_finished();
    notice_established();
  }
  const bool opened = !packet.plaintext.empty();
  const bool staged = opened && packet.type == QuicPacketType::one_rtt;
  // What a version that is not known means by its first byte is told by nobody (RFC 8999 5.1).
  if (packet.known_version || datagram_.infer)
    sink_.add(datagram_.frame, wire::phase_of(packet.type),
              staged                 ? Certainty::unsettled
              : packet.known_version ? Certainty::seen
                                     : Certainty::inferred);
  if (!opened) return;
  carries_messages_ = false;
  StageOfPacket stage(sink_, datagram_.frame);
  read_frames(packet, stage);
  if (c_.http3_) c_.http3_->flush(stage);
  if (carries_messages_) sink_.carries({from_client(), 0, packet.length});
  if (staged) stage.settle_packet();
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
  if (c_.round_trips_before_ < 0xff) ++c_.round_trips_before_;
  if (c_.watch_) c_.watch_->speaks(side(), datagram_.frame);
  c_.end(Role::initiator).crypto[static_cast<std::size_t>(Level::initial)] = {};
}

// --- the handshake --------------------------------------------------------------------------------------

void Connection::Reading::watch(const Packet& packet) {
  if (packet.type == QuicPacketType::handshake) {
    me_.handshake = datagram_.frame;
    c_.handshake_read_ = c_.handshake_read_ || !packet.plaintext.empty();
  }
  const bool sealed = packet.type == QuicPacketType::handshake && packet.plaintext.empty();
  if (c_.watch_ && sealed) c_.watch_->speaks(side(), datagram_.frame);
}

/// Nobody decrypted the Finished: they are in the last Handshake packets before the client goes on to 1-RTT.
void Connection::Reading::infer_finished() {
  if (!c_.watch_ || c_.established_ || c_.handshake_read_) return;
  const FrameNumber server = c_.end(Role::responder).handshake;
  if (me_.handshake == no_frame || server == no_frame) return;
  c_.watch_->finish(tls::Side::server, server, true);
  c_.watch_->finish(tls::Side::client, me_.handshake, true);
  tell_handshake(c_.watch_->completed());
}

void Connection::Reading::tell_handshake(Handshake handshake) {
  // Who may send early data need not: nothing was saved then.
  const bool saved_nothing =
      handshake.kind == HandshakeKind::tls13_0rtt || handshake.round_trips == Handshake::unknown_round_trips;
  if (!c_.early_ && handshake.early_data != EarlyData::none) {
    handshake.early_data = EarlyData::none;
    if (saved_nothing && handshake.kind != HandshakeKind::none) {
      handshake.kind = HandshakeKind::quic;
      handshake.round_trips = tls::round_trips_of(HandshakeKind::quic);
    }
  }
  if (handshake.kind != HandshakeKind::none)
    handshake.kind =
        handshake.kind == HandshakeKind::tls13_0rtt ? HandshakeKind::quic_0rtt : HandshakeKind::quic;
  if (handshake.round_trips != Handshake::unknown_round_trips)
    handshake.round_trips = static_cast<std::uint8_t>(
        std::min<int>(handshake.round_trips + c_.round_trips_before_, Handshake::unknown_round_trips - 1));
  sink_.handshake(handshake, c_.watch_->server_name());
  c_.watch_.reset();
}

// --- frames ---------------------------------------------------------------------------------------------

void Connection::Reading::read_frames(const Packet& packet, PhaseSink& streams) {
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
        read_stream(*frame, streams);
        break;
      case QuicFrameType::handshake_done:
      case QuicFrameType::other:
        break;
    }
  }
}

/// HTTP/3 is what the server selected, or where that was not seen what Wireshark says. What is said before
/// the server has selected it is what was offered.
void Connection::Reading::read_stream(const wire::QuicFrame& frame, PhaseSink& sink) {
  if (c_.alpn_ == wire::Alpn::dns) {
    if (!c_.dns_) c_.dns_.make();
    if (frame.type == QuicFrameType::stream)
      return c_.dns_->feed(datagram_.from, frame.stream, frame.offset, frame.content, datagram_.frame, sink);
    return c_.dns_->forget(frame.stream);
  }
  const bool shown =
      c_.alpn_ == wire::Alpn::none && (c_.only_http3_offered_ || datagram_.above.has(Layer::http3));
  if (!c_.http3_ && (shown || c_.alpn_ == wire::Alpn::http3)) c_.http3_.make();
  if (!c_.http3_) return;
  if (frame.type == QuicFrameType::stream)
    carries_messages_ |= c_.http3_->feed(datagram_.from, frame.stream, frame.offset, frame.content, frame.fin,
                                         datagram_.frame, sink);
  else
    c_.http3_->reset(datagram_.from, frame.stream, sink);
}

void Connection::Reading::read_crypto(Level level, const wire::QuicFrame& frame) {
  // A handshake is shorter; what lies further off is nobody's (RFC 9000 7.5).
  constexpr std::uint64_t most_offset = std::uint64_t{1} << 20;
  if (frame.offset > most_offset) return;
  Crypto& crypto = me_.crypto[static_cast<std::size_t>(level)];
  if (c_.watch_ && level != Level::one_rtt) c_.watch_->speaks(side(), datagram_.frame);
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
      if (const auto hello = wire::read_tls_server_hello(body)) {
        if (hello->retry_request) phase = Phase::tls_hello_retry_request;
        if (c_.watch_) c_.watch_->server_hello(*hello);
      }
      break;
    case TlsHandshake::encrypted_extensions:
      c_.alpn_ = wire::read_tls_encrypted_extensions_alpn(body);
      // What was said early was not heard, and will be said anew (RFC 9001 4.6.2).
      if (!wire::accepts_early_data(body)) c_.http3_.reset();
      if (c_.watch_) {
        c_.watch_->early_data(wire::accepts_early_data(body) ? EarlyData::accepted : EarlyData::rejected);
        c_.watch_->server_flight_read();
      }
      break;
    case TlsHandshake::finished:
      me_.finished = true;
      if (c_.watch_) c_.watch_->finish(side(), frame, false);
      break;
    default:
      break;
  }
  if (phase) sink_.add(frame, *phase);
  if (c_.watch_) {
    c_.watch_->message(side(), type);
    if (c_.watch_->finished()) tell_handshake(c_.watch_->completed());
  }
  if (c_.end(Role::initiator).finished && c_.end(Role::responder).finished) notice_established();
}

std::optional<Phase> Connection::Reading::take_client_hello(FrameNumber frame, Bytes body) {
  const auto hello = wire::read_tls_client_hello(body);
  if (!hello) return Phase::tls_client_hello;
  c_.only_http3_offered_ = hello->offers_only_http3;
  // Said again behind a Retry it is the same one.
  if (!c_.established_) {
    if (!c_.watch_) c_.watch_.make().speaks(side(), frame);
    c_.watch_->client_hello(frame, &*hello);
  }
  if (!hello->server_name.empty()) {
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
  const bool alert = !frame.of_application && frame.code >= first_alert && frame.code <= last_alert;
  if (alert) sink_.detail(datagram_.frame, wire::name_of_tls_alert(static_cast<std::uint8_t>(frame.code)));
  if (!c_.watch_) return;
  tell_handshake(c_.watch_->ended(alert ? HandshakeEnd::alert : HandshakeEnd::closed, datagram_.frame,
                                  alert ? static_cast<std::uint8_t>(frame.code) : Handshake::unknown_alert));
}

void Connection::Reading::notice_established() {
  if (c_.established_) return;
  c_.established_ = true;
  // What was asked for in 0-RTT may be under way.
  if (!c_.http3_ || !c_.http3_->requested()) sink_.moment(Stage::other);
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
