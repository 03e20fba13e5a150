// SPDX-License-Identifier: GPL-2.0-or-later
#include "tls/session.h"

#include <algorithm>
#include <optional>

#include "app/conversation.h"

namespace humantime::tls {
namespace {

using tcp::Role;
using wire::TlsContent;
using wire::TlsHandshake;

/// Names a record's content for what it is inside. What is left without a name is encrypted data: told on the
/// frame that ends the record, and on no other.
class ContentSink final : public PassingSink {
 public:
  ContentSink(PhaseSink& sink, FrameNumber last) : PassingSink(sink), last_(last) {}
  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    if (phase != Phase::tls_application_data || frame == last_) PassingSink::add(frame, phase, certainty);
  }
  void carries(const MessageBytes& bytes) override {
    messages_ = bytes;
    PassingSink::carries(bytes);
  }
  /// Whose messages the record carries, where it does.
  const std::optional<MessageBytes>& messages() const { return messages_; }

 private:
  FrameNumber last_;
  std::optional<MessageBytes> messages_;
};

/// What encryption adds, at most, around no content: TLS 1.3's inner type and tag; a block of nonce, a MAC of
/// 48 bytes and padding.
constexpr std::uint16_t most_around_no_content(bool tls_1_3) {
  return tls_1_3 ? 17 : 80;
}

/// What encryption puts before the content, of all that it adds: nothing in TLS 1.3 and for ChaCha20, 8 bytes
/// of nonce for GCM and CCM (RFC 5288, RFC 6655), a block for CBC.
std::size_t bytes_before_content(std::size_t added, bool tls_1_3) {
  constexpr std::size_t tag = 16, block = 16;
  return tls_1_3 || added < tag ? 0 : std::min(added - tag, block);
}

}  // namespace

/// One call's work: the direction that speaks, the sink that hears of it. Handles what Records finds.
class Session::Reading {
 public:
  Reading(Session& session, Role from, LayerSet above, FrameNumber now, PhaseSink& sink)
      : s_(session), from_(from), me_(session.direction(from)), above_(above), now_(now), sink_(sink) {}

  void begin(const Record& record);
  void part(const Record& record, FrameNumber frame, std::size_t count, bool goes_on);
  void whole(const Record& record, Bytes content);
  void take(const Record& record, Bytes content);
  void lost();

 private:
  bool is_encrypted(const Record& record) const;
  bool is_plain(const Record& record, Bytes content) const;
  bool is_begun(const Record& record, Bytes content);
  void begin_unread(const Record& record);
  void settle_carriers();
  void give_up_decrypting(const Record& record);
  void read_encrypted(const Record& record);
  void read_content(const Record& record, std::uint8_t type, Bytes content);
  void read_messages(Bytes content, std::size_t length, FrameNumber frame);
  void read_application_data(const Record& record, Bytes content);
  void begin_handshake();
  void watch_handshake(FrameNumber frame, const wire::TlsClientHello* hello);
  void watch_speech(const Record& record);
  void watch_encrypted(const Record& record);
  void watch_end(const Record& record);
  bool belongs_to_handshake(const Record& record) const;
  void take_client_hello(FrameNumber frame, Bytes body);
  void take_old_client_hello(FrameNumber frame);
  Phase take_server_hello(FrameNumber frame, Bytes body);
  void take_message(std::uint8_t type, Bytes body, FrameNumber frame);
  void take_change(FrameNumber frame);
  void take_alert(FrameNumber frame, Bytes content);
  void notice_established();
  void notice_handshake();
  void end_handshake(HandshakeEnd end, FrameNumber frame, std::uint8_t alert);
  Side side() const { return s_.side(from_); }

  Session& s_;
  Role from_;
  Direction& me_;
  LayerSet above_;
  FrameNumber now_;
  PhaseSink& sink_;
};

// --- records --------------------------------------------------------------------------------------------

void Session::Reading::begin(const Record& record) {
  me_.carriers.clear();
  if (record.is_application_data()) me_.encrypted = true;  // ChangeCipherSpec may not have been captured
  me_.unread = !s_.decrypting_ && is_encrypted(record);
  if (me_.unread) begin_unread(record);
  notice_handshake();
  if (s_.watch_) watch_speech(record);
}

void Session::Reading::begin_unread(const Record& record) {
  s_.unread_.begin(side(), record, s_.direction(tcp::other(from_)).records.midway(), s_.agreement_,
                   s_.around_.infer, sink_);
}

/// The frames of a record of which nothing above has a name carried bytes of TCP.
void Session::Reading::settle_carriers() {
  for (const Carrier& carrier : me_.carriers) sink_.settle(carrier.frame, Phase::tcp_data, Phase::tcp_data);
}

/// As far as the header tells.
bool Session::Reading::is_encrypted(const Record& record) const {
  constexpr std::uint16_t plain_alert = 2;
  const bool changed = me_.encrypted && !s_.agreement_.tls_1_3;
  switch (record.header.content) {
    case TlsContent::application_data:
      return true;
    case TlsContent::alert:  // also where the handshake was not captured
      return record.header.length > plain_alert;
    case TlsContent::change_cipher_spec:
    case TlsContent::handshake:
    case TlsContent::heartbeat:
      return changed;
  }
  return false;
}

void Session::Reading::lost() {
  me_.messages.clear();
  me_.doubtful = true;
  if (s_.watch_) s_.watch_->lose(side());
}

void Session::Reading::part(const Record& record, FrameNumber frame, std::size_t count, bool goes_on) {
  if (!record.is_application_data()) return;
  if (me_.unread) {
    if (!s_.decrypting_) s_.unread_.part(side(), frame, goes_on, sink_);
    return;
  }
  const auto before = me_.carriers.empty() ? 0 : me_.carriers.back().end;
  me_.carriers.push_back({frame, before + static_cast<std::uint32_t>(count)});
}

void Session::Reading::whole(const Record& record, Bytes content) {
  me_.damaged = record.damaged;
  take(record, content);
  notice_handshake();
  if (s_.watch_) watch_end(record);
}

void Session::Reading::take(const Record& record, Bytes content) {
  switch (record.header.content) {
    case TlsContent::change_cipher_spec:
      return take_change(record.latest);
    case TlsContent::alert:
      if (is_encrypted(record)) return read_encrypted(record);
      return take_alert(record.latest, content);
    case TlsContent::handshake:
      if (record.header.version == wire::ssl_2_0) return take_old_client_hello(record.latest);
      if (!is_plain(record, content)) return read_encrypted(record);
      if (!is_begun(record, content)) return;
      return read_messages(content, record.header.length, record.latest);
    case TlsContent::application_data:
      return read_encrypted(record);
    case TlsContent::heartbeat:
      return;
  }
}

/// A ClientHello may follow ChangeCipherSpec: after a HelloRetryRequest (RFC 8446 D.4), which may not have
/// been captured.
bool Session::Reading::is_plain(const Record& record, Bytes content) const {
  if (!me_.encrypted || s_.agreement_.tls_1_3) return true;
  if (s_.agreement_.server_hello_seen) return false;
  const auto header = wire::read_tls_handshake_header(content);
  return header && header->type == static_cast<std::uint8_t>(TlsHandshake::client_hello) &&
         header->length + wire::TlsHandshakeHeader::size == record.header.length;
}

/// Where bytes were not captured the record may be the rest of a message, or encrypted.
bool Session::Reading::is_begun(const Record& record, Bytes content) {
  const bool hello_seen = s_.agreement_.client_hello_seen || s_.agreement_.server_hello_seen;
  if ((hello_seen && !me_.doubtful) || me_.messages.midway()) return true;
  me_.doubtful = !wire::looks_like_tls_handshake(content, record.header.length);
  return !me_.doubtful;
}

void Session::Reading::read_encrypted(const Record& record) {
  const FlowId flow = s_.around_.flows[static_cast<std::size_t>(from_)];
  const DecryptedRecord* found = nullptr;
  if (Decrypted* decrypted = s_.around_.decrypted; decrypted != nullptr && !decrypted->empty()) {
    found = decrypted->find(flow, record.sequence, record.header, record.latest);
    // A host that puts segments in order first decrypts what waited with the frame that filled the gap.
    if (found == nullptr && now_ != record.latest)
      found = decrypted->find(flow, record.sequence, record.header, now_);
  }
  // The secrets came in the middle of the exchange, and this record has a name already.
  const bool told = me_.unread && record.is_application_data() && s_.unread_.named(side());
  if (found != nullptr) {
    if (!s_.decrypting_) s_.unread_.stop(sink_);
    s_.decrypting_ = true;
    if (told && found->type == static_cast<std::uint8_t>(TlsContent::application_data))
      return sink_.carries({side() == Side::client, 0, record.size(), true});
    return read_content(record, found->type, found->content);
  }
  if (!s_.decrypting_ || me_.unread) {
    watch_encrypted(record);
    s_.unread_.whole(side(), record, s_.agreement_, s_.around_.infer, sink_);
    return notice_established();
  }
  // Wireshark keeps nothing of a record without content (OpenSSL's guard in TLS 1.0).
  if (record.is_application_data() && record.header.length <= most_around_no_content(s_.agreement_.tls_1_3)) {
    sink_.add(record.latest, Phase::tls_application_data);
    return settle_carriers();
  }
  give_up_decrypting(record);
}

/// The host has lost the thread, for good as a rule: behind bytes that it did not see, or did not see in
/// order, no record can be decrypted. What the exchange implies goes on from where it was read to.
void Session::Reading::give_up_decrypting(const Record& record) {
  s_.decrypting_ = false;
  if (s_.inner_) {
    if (const http1::Exchange* http = s_.inner_->http1()) {
      s_.agreement_.alpn_known = true;
      s_.agreement_.alpn = wire::Alpn::http1;
      for (const Side one : {Side::client, Side::server})
        if (http->in_message(one)) s_.unread_.resume(one, s_.direction(s_.role(one)).read_to);
    } else if (s_.inner_->is_http2()) {
      // Of its records nothing can be told that nobody decrypted.
      s_.agreement_.alpn_known = true;
      s_.agreement_.alpn = wire::Alpn::http2;
    }
    s_.inner_->skip(from_, record.header.length, sink_);
  }
  begin_unread(record);
  for (std::size_t i = 0; i < me_.carriers.size(); ++i) {
    s_.unread_.part(side(), me_.carriers[i].frame, i + 1 < me_.carriers.size(), sink_);
    sink_.settle(me_.carriers[i].frame, Phase::tcp_data, Phase::tcp_data);
  }
  s_.unread_.whole(side(), record, s_.agreement_, s_.around_.infer, sink_);
  notice_established();
}

void Session::Reading::read_content(const Record& record, std::uint8_t type, Bytes content) {
  if (type != static_cast<std::uint8_t>(TlsContent::application_data)) settle_carriers();
  switch (static_cast<TlsContent>(type)) {
    case TlsContent::change_cipher_spec:
      return take_change(record.latest);
    case TlsContent::alert:
      return take_alert(record.latest, content);
    case TlsContent::handshake:
      return read_messages(content, content.size(), record.latest);
    case TlsContent::application_data:
      return read_application_data(record, content);
    case TlsContent::heartbeat:
      return;
  }
}

void Session::Reading::read_application_data(const Record& record, Bytes content) {
  s_.unread_.note_application_data(side());
  me_.read_to = record.latest;
  if (side() == Side::client && !s_.unread_.finished(Side::client) && s_.agreement_.early_data_offered)
    sink_.add(record.latest, Phase::tls_early_data);
  if (!s_.inner_) s_.inner_.make().begin_inside_tls(s_.around_.infer);
  ContentSink inside(sink_, record.latest);
  const std::size_t before =
      bytes_before_content(record.header.length - content.size(), s_.agreement_.tls_1_3);
  // Each frame gets the part of the content that it carried; what encryption added at the end belongs to the
  // last bytes.
  std::size_t from = 0;
  const auto feed = [&](FrameNumber frame, std::size_t to) {
    tcp::Piece piece;
    piece.frame = frame;
    piece.bytes = slice(content, from, to - from);
    piece.length = static_cast<std::uint32_t>(piece.bytes.size());
    piece.above = above_;
    piece.more = true;
    from = to;
    if (piece.length > 0 || frame == record.latest) s_.inner_->feed(from_, piece, inside);
    if (!s_.inner_->undecided(from_)) sink_.settle(frame, Phase::tcp_data, Phase::tcp_data);
  };
  for (std::size_t i = 0; i + 1 < me_.carriers.size(); ++i) {
    const std::size_t end = me_.carriers[i].end > before ? me_.carriers[i].end - before : 0;
    // The last frame carries the message's end, were it only by its tag.
    const std::size_t most = content.empty() ? 0 : content.size() - 1;
    feed(me_.carriers[i].frame, std::max(from, std::min(end, most)));
  }
  feed(me_.carriers.empty() ? record.latest : me_.carriers.back().frame, content.size());
  if (inside.messages()) sink_.carries({inside.messages()->requests, 0, record.size()});
}

// --- messages -------------------------------------------------------------------------------------------

void Session::Reading::read_messages(Bytes content, std::size_t length, FrameNumber frame) {
  me_.messages.read(content, length, frame, [this](std::uint8_t type, Bytes body, FrameNumber latest) {
    take_message(type, body, latest);
  });
}

void Session::Reading::take_message(std::uint8_t type, Bytes body, FrameNumber frame) {
  auto phase = wire::phase_of_tls_handshake(type);
  if (s_.watch_) s_.watch_->message(side(), type);
  switch (static_cast<TlsHandshake>(type)) {
    case TlsHandshake::client_hello:
      take_client_hello(frame, body);
      break;
    case TlsHandshake::server_hello:
      phase = take_server_hello(frame, body);
      break;
    case TlsHandshake::encrypted_extensions:
      s_.agreement_.alpn = wire::read_tls_encrypted_extensions_alpn(body);
      s_.agreement_.alpn_known = true;
      if (!s_.watch_) break;
      s_.watch_->server_flight_read();
      s_.watch_->early_data(wire::accepts_early_data(body) ? EarlyData::accepted : EarlyData::rejected);
      break;
    case TlsHandshake::finished:
      s_.unread_.finish(side());
      if (s_.watch_) s_.watch_->finish(side(), frame, false);
      break;
    case TlsHandshake::hello_request:
      s_.handshake_asked_ = true;
      break;
    default:
      break;
  }
  if (phase) sink_.add(frame, *phase);
  if (type != static_cast<std::uint8_t>(TlsHandshake::finished)) return;
  notice_established();
  notice_handshake();
}

void Session::Reading::begin_handshake() {
  sink_.moment(Stage::ssl);
  s_.client_ = from_;
  s_.established_ = false;
  s_.agreement_.server_port = s_.around_.ports[static_cast<std::size_t>(tcp::other(from_))];
}

/// It has no extensions.
void Session::Reading::take_old_client_hello(FrameNumber frame) {
  watch_handshake(frame, nullptr);
  begin_handshake();
  s_.agreement_.client_hello_seen = true;
  sink_.add(frame, Phase::tls_client_hello);
}

void Session::Reading::take_client_hello(FrameNumber frame, Bytes body) {
  Agreement& said = s_.agreement_;
  const auto hello = wire::read_tls_client_hello(body);
  watch_handshake(frame, hello ? &*hello : nullptr);
  begin_handshake();
  if (!hello) return;
  said.client_hello_seen = true;
  said.early_data_offered = hello->has_early_data;
  said.alpn_offered = hello->has_alpn;
  said.http1_offered = hello->offers_http1;
  said.only_http1_offered = hello->offers_http1 && !hello->offers_http2 && !hello->offers_other;
  said.sized_extensions_offered = hello->offers_sized_answers;
  if (hello->server_name.empty()) return;
  sink_.detail(frame, hello->server_name);
  sink_.server_name(frame, hello->server_name);
}

Phase Session::Reading::take_server_hello(FrameNumber frame, Bytes body) {
  Agreement& said = s_.agreement_;
  const auto hello = wire::read_tls_server_hello(body);
  if (!hello) return Phase::tls_server_hello;
  s_.client_ = tcp::other(from_);
  if (s_.watch_) s_.watch_->server_hello(*hello);
  said.tls_1_3 = hello->is_1_3();
  said.cipher_suite = hello->cipher_suite;
  sink_.detail(frame, wire::name_of_tls_version(hello->version));
  if (hello->retry_request) {
    // What was sent early is refused, and not sent again (RFC 8446 4.2.10).
    said.early_data_offered = false;
    return Phase::tls_hello_retry_request;
  }
  said.server_hello_seen = true;
  if (!said.tls_1_3) {
    said.alpn = hello->alpn;
    said.alpn_known = true;
  }
  return Phase::tls_server_hello;
}

void Session::Reading::take_change(FrameNumber frame) {
  sink_.add(frame, Phase::tls_change_cipher_spec);
  me_.messages.clear();
  if (s_.agreement_.tls_1_3) return;
  if (s_.watch_) s_.watch_->change(side());
  me_.encrypted = true;
  s_.unread_.change(side());
}

void Session::Reading::take_alert(FrameNumber frame, Bytes content) {
  const auto alert = wire::read_tls_alert(content);
  if (!alert) return;
  sink_.detail(frame, wire::name_of_tls_alert(alert->description));
  if (s_.watch_) {
    if (alert->ends_handshake(s_.agreement_.tls_1_3))
      end_handshake(HandshakeEnd::alert, frame, alert->description);
    else if (alert->is_close_notify())
      s_.watch_->alerts(frame, alert->description);
  }
  if (!alert->is_close_notify()) return sink_.add(frame, Phase::tls_alert);
  sink_.moment(Stage::close);
  sink_.add(frame, Phase::tls_close_notify);
  if (me_.closed) return;
  me_.closed = true;
  if (s_.inner_) s_.inner_->end(from_, false, sink_);
}

void Session::Reading::notice_established() {
  if (s_.established_ || !s_.unread_.finished(Side::client) || !s_.unread_.finished(Side::server)) return;
  s_.established_ = true;
  sink_.moment(s_.unread_.application_data_seen() ? Stage::wait : Stage::other);
}

// --- the handshake's kind -------------------------------------------------------------------------------

/// A ClientHello begins one, if it is not the second of one that a HelloRetryRequest answered.
void Session::Reading::watch_handshake(FrameNumber frame, const wire::TlsClientHello* hello) {
  if (!s_.watch_ || !s_.watch_->awaits_second_hello()) {
    s_.watch_.reset();
    HandshakeWatch& watch = s_.watch_.make();
    if (s_.secured_ || s_.established_) watch.renegotiates(s_.handshake_asked_);
    s_.handshake_asked_ = false;
    watch.speaks(Side::client, frame);
  }
  s_.watch_->client_hello(frame, me_.damaged ? nullptr : hello);
}

/// Whether who sends it speaks in the handshake: up to TLS 1.2 data goes beside it.
bool Session::Reading::belongs_to_handshake(const Record& record) const {
  return !record.is_application_data() || s_.agreement_.tls_1_3 || !s_.agreement_.server_hello_seen;
}

void Session::Reading::watch_speech(const Record& record) {
  if (belongs_to_handshake(record))
    s_.watch_->speaks(side(), record.latest);
  else if (side() == Side::client)
    s_.watch_->application_data(record.latest);
}

void Session::Reading::watch_end(const Record& record) {
  if (!belongs_to_handshake(record)) return;
  s_.watch_->spoke(side(), record.latest);
  if (record.damaged) s_.watch_->lose(side());
}

/// A record that nobody decrypted. Up to TLS 1.2 there are no handshake messages behind a handshake but those
/// of the next one; the client's first can only be its ClientHello.
void Session::Reading::watch_encrypted(const Record& record) {
  constexpr std::uint16_t alert_of_1_3 = 2 + 1 + 16;
  const bool modern = s_.agreement_.tls_1_3, handshake = record.header.content == TlsContent::handshake;
  if (!s_.watch_ && handshake && s_.secured_ && s_.around_.infer && !modern) {
    HandshakeWatch& watch = s_.watch_.make();
    watch.renegotiates(side() == Side::server);
    watch.encrypted(record.header.version);
    watch.speaks(side(), record.latest);
  }
  if (!s_.watch_) return;
  HandshakeWatch& watch = *s_.watch_;
  if (!s_.around_.infer) {
    if (belongs_to_handshake(record)) watch.lose(side());  // nothing may be said of it
    return;
  }
  const bool alert = record.header.content == TlsContent::alert ||
                     (modern && record.header.length == alert_of_1_3 && watch.server_hello_seen() &&
                      watch.early_data() == EarlyData::none);
  if (alert) watch.alerts(record.latest, Handshake::unknown_alert);
  if (!handshake) return;
  if (watch.is_encrypted() && !watch.client_hello_seen() && side() == Side::client)
    watch.client_hello(record.latest, nullptr);
  if (watch.changed(side())) watch.finish(side(), record.latest, true);
}

/// Tells of a handshake that both sides have finished.
void Session::Reading::notice_handshake() {
  if (!s_.watch_) return;
  HandshakeWatch& watch = *s_.watch_;
  if (s_.agreement_.tls_1_3) {
    for (const Side one : {Side::server, Side::client})
      if (const FrameNumber end = s_.unread_.flight_end(one); end != no_frame && !watch.finished(one)) {
        if (one == Side::client && watch.early_data() == EarlyData::unknown)
          watch.early_data(s_.unread_.early_data());
        watch.finish(one, end, true);
      }
  }
  if (!watch.finished()) return;
  s_.secured_ = true;
  const Handshake told = watch.completed();
  if (told.kind != HandshakeKind::none) sink_.handshake(told, watch.server_name());
  s_.watch_.reset();
}

void Session::Reading::end_handshake(HandshakeEnd end, FrameNumber frame, std::uint8_t alert) {
  if (s_.watch_->client_hello_seen() && frame != no_frame)
    sink_.handshake(s_.watch_->ended(end, frame, alert), s_.watch_->server_name());
  s_.watch_.reset();
}

// --- the session ----------------------------------------------------------------------------------------

Session::Session(const Surroundings& around) : around_(around) {}
Session::Session(const Session&) = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(const Session&) = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

void Session::feed(Role from, const tcp::Piece& piece, PhaseSink& sink) {
  LayerSet above = piece.above;
  above.remove(Layer::tls);
  Direction& me = direction(from);
  me.records.read(piece, Reading(*this, from, above, piece.now, sink));
  if (inner_) inner_->flush(from, piece.frame, sink);
}

void Session::skip(Role from, std::uint64_t count, PhaseSink& sink) {
  direction(from).records.skip(count, Reading(*this, from, {}, no_frame, sink));
}

void Session::end(Role from, bool reset, PhaseSink& sink) {
  if (inner_ && !direction(from).closed) inner_->end(from, reset, sink);
  unread_.end(side(from), reset, agreement_, sink);
  direction(from).ended = true;
  if (!watch_ || (!reset && !direction(tcp::other(from)).ended)) return;
  if (const auto told = watch_->cut_short()) sink.handshake(*told, watch_->server_name());
  watch_.reset();
}

bool Session::undecided(Role from) const {
  const Direction& me = direction(from);
  return me.records.midway() && !me.carriers.empty();
}

}  // namespace humantime::tls
