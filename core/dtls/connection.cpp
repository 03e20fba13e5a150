// SPDX-License-Identifier: GPL-2.0-or-later
#include "dtls/connection.h"

#include <algorithm>
#include <bit>
#include <optional>

#include "flat_index.h"
#include "wire/dtls.h"

namespace humantime::dtls {
namespace {

using tls::Side;
using udp::Datagram;
using udp::Role;
using wire::DtlsFragment;
using wire::DtlsRecordHeader;
using wire::TlsContent;
using wire::TlsHandshake;

constexpr std::size_t random_offset = 2;  // in a ClientHello, behind the version
/// Fragments of a hello that wait for the proof.
constexpr std::size_t most_pending = 16;

/// The records of a datagram, one after the other.
class Records {
 public:
  Records(Bytes payload, std::size_t length) : payload_(payload), length_(length) {}

  /// False where there is no other one: the datagram is over, or goes on with what is none.
  bool next() {
    const auto header = wire::read_dtls_record_header(payload_);
    if (!header || header->length > length_ - DtlsRecordHeader::size) return false;
    header_ = *header;
    content_ = slice(payload_, DtlsRecordHeader::size, header->length);
    payload_ = slice(payload_, DtlsRecordHeader::size + header->length);
    length_ -= DtlsRecordHeader::size + header->length;
    return true;
  }
  const DtlsRecordHeader& header() const { return header_; }
  Bytes content() const { return content_; }  ///< as captured

 private:
  Bytes payload_, content_;
  std::size_t length_;
  DtlsRecordHeader header_;
};

/// The first message that begins in the datagram, where that is in the clear.
std::optional<DtlsFragment> first_message(const Datagram& datagram) {
  Records records(datagram.payload, datagram.payload_length);
  if (!records.next() || records.header().epoch != 0 || records.header().content != TlsContent::handshake)
    return std::nullopt;
  const auto fragment = wire::read_dtls_fragment(records.content(), records.header().length);
  return fragment && fragment->offset == 0 ? fragment : std::nullopt;
}

bool is(const DtlsFragment& fragment, TlsHandshake type) {
  return fragment.type == static_cast<std::uint8_t>(type);
}

/// Tells a packet that was captured twice from one that was sent again: that one's records have other
/// numbers.
std::uint64_t digest_of(Bytes datagram) {
  constexpr std::size_t enough = 64;
  std::uint64_t digest = datagram.size();
  for (const std::uint8_t byte : slice(datagram, 0, enough)) digest = mix(digest, byte);
  return digest;
}

std::optional<Phase> phase_of(std::uint8_t type, Bytes body) {
  if (type == static_cast<std::uint8_t>(TlsHandshake::server_hello))
    if (const auto hello = wire::read_tls_server_hello(body); hello && hello->retry_request)
      return Phase::tls_hello_retry_request;
  return wire::phase_of_tls_handshake(type);
}

}  // namespace

/// One datagram's work.
class Connection::Reading {
 public:
  Reading(Connection& connection, const Datagram& datagram, PhaseSink& sink)
      : c_(connection), me_(connection.end(datagram.from)), datagram_(datagram), sink_(sink) {}

  void read();

 private:
  void name_copy();
  void take(const DtlsRecordHeader& header, Bytes content);
  const DecryptedRecord* decrypted(const DtlsRecordHeader& header);
  void take_fragments(std::uint16_t epoch, Bytes content, std::size_t length);
  bool takes(std::uint16_t epoch, const DtlsFragment& fragment);
  void take_verify_request(const DtlsFragment& fragment);
  void take_message(const DtlsFragment& fragment, std::uint16_t epoch, Bytes body);
  bool take_client_hello(std::uint16_t epoch, std::uint16_t message_sequence, Bytes body);
  bool take_server_hello(Bytes body);
  void take_change(std::uint16_t epoch);
  void take_alert(Bytes content);
  void take_finished(std::uint16_t epoch, bool inferred);
  void take_sealed_handshake(const DtlsRecordHeader& header);
  void take_sealed_alert();
  void prove();
  void again(Certainty certainty = Certainty::seen);
  void go_on();
  Side side() const { return datagram_.from == c_.client_ ? Side::client : Side::server; }
  FrameNumber frame() const { return datagram_.frame; }

  Connection& c_;
  End& me_;
  const Datagram& datagram_;
  PhaseSink& sink_;
  std::size_t next_decrypted_ = 0;
  bool again_told_ = false;
};

// --- records --------------------------------------------------------------------------------------------

void Connection::Reading::read() {
  const std::uint64_t digest = digest_of(datagram_.payload);
  if (c_.proven_ && std::find(me_.digests.begin(), me_.digests.end(), digest) != me_.digests.end())
    return name_copy();
  me_.digests[me_.next_digest++ % me_.digests.size()] = digest;
  Records records(datagram_.payload, datagram_.payload_length);
  while (records.next()) take(records.header(), records.content());
}

/// A packet that was captured twice: its messages have their names, and change nothing.
void Connection::Reading::name_copy() {
  Records records(datagram_.payload, datagram_.payload_length);
  while (records.next()) {
    const DtlsRecordHeader& header = records.header();
    if (header.content == TlsContent::change_cipher_spec) sink_.add(frame(), Phase::tls_change_cipher_spec);
    if (header.content == TlsContent::application_data) sink_.add(frame(), Phase::tls_application_data);
    if (header.content != TlsContent::handshake) continue;
    if (header.epoch != 0) {
      sink_.add(frame(), Phase::tls_encrypted_handshake);
      continue;
    }
    const auto fragment = wire::read_dtls_fragment(records.content(), header.length);
    if (!fragment) continue;
    const auto phase = fragment->is_whole() ? phase_of(fragment->type, fragment->body) : Phase::dtls_fragment;
    if (phase) sink_.add(frame(), *phase);
  }
}

/// The host decrypts a datagram's records in their order; those that it could not are left out.
const DecryptedRecord* Connection::Reading::decrypted(const DtlsRecordHeader& header) {
  for (std::size_t i = next_decrypted_; i < datagram_.decrypted.size(); ++i) {
    const DecryptedRecord& record = datagram_.decrypted[i];
    if (record.type != static_cast<std::uint8_t>(header.content) || record.content.size() > header.length)
      continue;
    next_decrypted_ = i + 1;
    return &record;
  }
  return nullptr;
}

void Connection::Reading::take(const DtlsRecordHeader& header, Bytes content) {
  const DecryptedRecord* opened = header.epoch == 0 ? nullptr : decrypted(header);
  const bool sealed = header.epoch != 0 && opened == nullptr;
  const std::size_t length = opened != nullptr ? opened->content.size() : header.length;
  if (opened != nullptr) content = opened->content;
  if (!c_.proven_ && (header.epoch != 0 || header.content != TlsContent::handshake)) return;
  if (header.content != TlsContent::alert) go_on();
  switch (header.content) {
    case TlsContent::change_cipher_spec:
      return take_change(header.epoch);
    case TlsContent::alert:
      return sealed ? take_sealed_alert() : take_alert(content);
    case TlsContent::handshake:
      if (c_.watch_) c_.watch_->speaks(side(), frame());
      return sealed ? take_sealed_handshake(header) : take_fragments(header.epoch, content, length);
    case TlsContent::application_data:
      if (header.epoch == 0) return;  // nobody may send it before there are keys
      me_.resending = false;
      if (c_.watch_ && side() == Side::client) c_.watch_->application_data(frame());
      return sink_.add(frame(), Phase::tls_application_data);
    case TlsContent::heartbeat:
      return;
  }
}

/// The side has gone on behind an alert that nobody could read: that was no goodbye.
void Connection::Reading::go_on() {
  if (me_.alert == no_frame) return;
  sink_.settle(me_.alert, Phase::tls_close_notify, Phase::tls_alert, Certainty::inferred);
  me_.alert = no_frame;
}

void Connection::Reading::again(Certainty certainty) {
  me_.resending = true;
  if (again_told_ || !c_.proven_) return;
  again_told_ = true;
  sink_.add(frame(), Phase::dtls_retransmission, certainty);
}

// --- messages -------------------------------------------------------------------------------------------

void Connection::Reading::take_fragments(std::uint16_t epoch, Bytes content, std::size_t length) {
  while (length >= DtlsFragment::header_size) {
    const auto fragment = wire::read_dtls_fragment(content, length);
    if (!fragment) return;
    const std::size_t size = DtlsFragment::header_size + fragment->length;
    content = slice(content, size);
    length -= size;
    if (!takes(epoch, *fragment)) continue;
    const Fragments::Taken taken = me_.fragments.take(*fragment);
    switch (taken.arrival) {
      case Arrival::part:
        me_.resending = false;
        if (c_.proven_)
          sink_.add(frame(), Phase::dtls_fragment);
        else if (c_.pending_.size() < most_pending)
          c_.pending_.push_back(frame());
        break;
      case Arrival::whole:
        me_.resending = false;
        take_message(*fragment, epoch, taken.body);
        break;
      case Arrival::again:
        again();
        break;
      case Arrival::none:
        break;
    }
  }
}

/// Whether the fragment is one of the handshake's that goes on, or of one that begins with it.
bool Connection::Reading::takes(std::uint16_t epoch, const DtlsFragment& fragment) {
  const bool hello = is(fragment, TlsHandshake::client_hello),
             asks = is(fragment, TlsHandshake::hello_request);
  if (is(fragment, TlsHandshake::hello_verify_request)) {
    take_verify_request(fragment);
    return false;
  }
  if (!c_.proven_) return hello || is(fragment, TlsHandshake::server_hello);
  // The Finished goes in the next epoch; so do the messages of a renegotiation, which count anew.
  const bool of_the_one_before = epoch == c_.epoch_ && epoch > 0 && is(fragment, TlsHandshake::finished);
  if (epoch < c_.epoch_ || of_the_one_before) {
    again();
    return false;
  }
  if (epoch == c_.epoch_) return true;
  if (!c_.established_ || (!hello && !asks) || fragment.message_sequence != 0) return true;
  if (asks) {
    if (c_.asked_) return true;
    c_.asked_ = true;
    me_.fragments = {};
    return true;
  }
  me_.fragments = {};
  if (!c_.asked_) c_.end(tcp::other(datagram_.from)).fragments = {};
  c_.epoch_ = epoch;
  c_.watch_.reset();
  c_.watch_.make().renegotiates(c_.asked_);
  c_.watch_->speaks(side(), frame());
  c_.asked_ = false;
  return true;
}

/// A server may send it and remember nothing of it: its messages count from the next one on (RFC 6347 4.2.1).
void Connection::Reading::take_verify_request(const DtlsFragment& fragment) {
  if (!fragment.is_whole() || !wire::is_dtls_hello_verify_request(fragment.body) ||
      fragment.message_sequence >= Fragments::most_messages)
    return;
  const std::uint64_t bit = std::uint64_t{1} << fragment.message_sequence;
  if ((me_.verify_requests & bit) != 0) return again();
  me_.verify_requests |= bit;
  me_.resending = false;
  c_.client_ = tcp::other(datagram_.from);
  prove();
  if (c_.watch_)
    c_.watch_->hello_verify_requests(static_cast<std::uint8_t>(std::popcount(me_.verify_requests)));
  sink_.add(frame(), Phase::tls_hello_verify_request);
}

void Connection::Reading::take_message(const DtlsFragment& fragment, std::uint16_t epoch, Bytes body) {
  if (is(fragment, TlsHandshake::client_hello) && !take_client_hello(epoch, fragment.message_sequence, body))
    return;
  if (is(fragment, TlsHandshake::server_hello) && !take_server_hello(body)) return;
  if (c_.watch_) c_.watch_->message(side(), fragment.type);
  if (is(fragment, TlsHandshake::finished)) return take_finished(epoch, false);
  if (const auto phase = phase_of(fragment.type, body)) sink_.add(frame(), *phase);
}

/// False where it is none, as long as nothing has proven that this is DTLS.
bool Connection::Reading::take_client_hello(std::uint16_t epoch, std::uint16_t message_sequence, Bytes body) {
  const auto hello = wire::read_dtls_client_hello(body);
  const bool whole = hello && hello->complete;
  if (!c_.proven_ && !whole) return false;
  if (epoch == 0) c_.client_ = datagram_.from;
  prove();
  if (const Bytes random = slice(body, random_offset, random_size);
      epoch == 0 && random.size() == random_size) {
    std::copy(random.begin(), random.end(), c_.random_.begin());
    c_.has_random_ = true;
  }
  // Where the first one is not in the capture, nobody knows when it was sent.
  if (!c_.watch_ && !c_.established_ && message_sequence == 0) c_.watch_.make().speaks(side(), frame());
  if (c_.watch_) {
    c_.watch_->client_hello(frame(), whole ? &*hello : nullptr);
    // It counts on because it was asked for again, whether that is in the capture or not.
    if (epoch == 0) c_.watch_->hello_verify_requests(static_cast<std::uint8_t>(message_sequence));
  }
  sink_.moment(Stage::ssl);
  if (!hello || hello->server_name.empty()) return true;
  sink_.detail(frame(), hello->server_name);
  sink_.server_name(frame(), hello->server_name);
  return true;
}

bool Connection::Reading::take_server_hello(Bytes body) {
  const auto hello = wire::read_tls_server_hello(body);
  const bool whole = hello && hello->complete;
  if (!c_.proven_ && !whole) return false;
  c_.client_ = tcp::other(datagram_.from);
  prove();
  if (!hello) return true;
  if (c_.watch_) c_.watch_->server_hello(*hello);
  sink_.detail(frame(), wire::name_of_tls_version(hello->version));
  return true;
}

void Connection::Reading::prove() {
  if (c_.proven_) return;
  c_.proven_ = true;
  sink_.moment(Stage::ssl);
  for (const FrameNumber pending : c_.pending_) sink_.add(pending, Phase::dtls_fragment);
  std::vector<FrameNumber>().swap(c_.pending_);
}

void Connection::Reading::take_change(std::uint16_t epoch) {
  if (epoch < me_.changes) return again();
  me_.changes = epoch + 1U;
  me_.resending = false;
  if (c_.watch_) {
    c_.watch_->speaks(side(), frame());
    c_.watch_->change(side());
  }
  sink_.add(frame(), Phase::tls_change_cipher_spec);
}

void Connection::Reading::take_finished(std::uint16_t epoch, bool inferred) {
  me_.finished = epoch;
  me_.resending = false;
  sink_.add(frame(), Phase::tls_finished, inferred ? Certainty::inferred : Certainty::seen);
  if (c_.watch_) c_.watch_->finish(side(), frame(), inferred);
  if (me_.finished != c_.end(tcp::other(datagram_.from)).finished) return;
  sink_.moment(Stage::other);
  c_.established_ = true;
  if (!c_.watch_ || !c_.watch_->finished()) return;
  const Handshake told = c_.watch_->completed();
  if (told.kind != HandshakeKind::none) sink_.handshake(told, c_.watch_->server_name());
  c_.watch_.reset();
}

void Connection::Reading::take_alert(Bytes content) {
  const auto alert = wire::read_tls_alert(content);
  if (!alert) return;
  sink_.detail(frame(), wire::name_of_tls_alert(alert->description));
  if (c_.watch_ && alert->ends_handshake(false)) {
    if (c_.watch_->client_hello_seen())
      sink_.handshake(c_.watch_->ended(HandshakeEnd::alert, frame(), alert->description),
                      c_.watch_->server_name());
    c_.watch_.reset();
  }
  if (!alert->is_close_notify()) return sink_.add(frame(), Phase::tls_alert);
  sink_.moment(Stage::close);
  sink_.add(frame(), Phase::tls_close_notify);
}

// --- what nobody decrypted ------------------------------------------------------------------------------

/// Each epoch's first handshake record is the Finished (RFC 6347 4.1: the epoch changes with the cipher
/// state, for which a side's Finished is the first to be sent). Where its ChangeCipherSpec is lost, the other
/// side cannot take it, and it will come again. Others are of a renegotiation.
void Connection::Reading::take_sealed_handshake(const DtlsRecordHeader& header) {
  if (me_.resending && header.epoch <= me_.finished && datagram_.infer) return again(Certainty::inferred);
  if (header.epoch > me_.finished && header.epoch == me_.changes) {
    if (datagram_.infer) return take_finished(header.epoch, true);
    me_.finished = header.epoch;
    return sink_.add(frame(), Phase::tls_encrypted_handshake);
  }
  sink_.add(frame(), Phase::tls_encrypted_handshake);
  if (!datagram_.infer || !c_.established_) return;
  if (!c_.watch_) {
    tls::HandshakeWatch& watch = c_.watch_.make();
    watch.renegotiates(side() == Side::server);
    watch.encrypted(header.version);
    watch.speaks(side(), frame());
  }
  if (c_.watch_->is_encrypted() && !c_.watch_->client_hello_seen() && side() == Side::client)
    c_.watch_->client_hello(frame(), nullptr);
}

/// Behind the handshake it says goodbye, if nothing comes after it.
void Connection::Reading::take_sealed_alert() {
  if (!datagram_.infer) return;
  if (!c_.established_) {
    if (c_.watch_) c_.watch_->alerts(frame(), Handshake::unknown_alert);
    return sink_.add(frame(), Phase::tls_alert, Certainty::inferred);
  }
  go_on();
  me_.alert = frame();
  sink_.add(frame(), Phase::tls_close_notify, Certainty::supposed);
}

// --- the connection -------------------------------------------------------------------------------------

udp::Beginning Connection::beginning(const Datagram& datagram) {
  udp::Beginning beginning;
  // Picked up in the middle: servers have the lower ports.
  beginning.from_client = datagram.source_port >= datagram.destination_port;
  const auto message = first_message(datagram);
  if (!message) return beginning;
  if (is(*message, TlsHandshake::server_hello) || is(*message, TlsHandshake::hello_verify_request))
    beginning.from_client = false;
  if (!is(*message, TlsHandshake::client_hello)) return beginning;
  beginning.from_client = true;
  constexpr std::size_t last_bytes = random_offset + random_size - 4;
  Reader reader(slice(message->body, last_bytes));
  beginning.sequence = reader.u32();
  beginning.has_sequence = reader.ok();
  return beginning;
}

bool Connection::begins_anew(const Datagram& datagram) const {
  if (!proven_) return false;
  const auto message = first_message(datagram);
  if (!message || !is(*message, TlsHandshake::client_hello)) return false;
  if (!has_random_) return established_;
  const Bytes random = slice(message->body, random_offset, random_size);
  return random.size() == random_size && !std::ranges::equal(random, random_);
}

void Connection::take(const Datagram& datagram, PhaseSink& sink) {
  if (!datagram.above.has(Layer::dtls)) return;
  Reading(*this, datagram, sink).read();
}

void Connection::finish(PhaseSink& sink) {
  for (End& one : ends_) {
    if (one.alert == no_frame) continue;
    sink.settle(one.alert, Phase::tls_close_notify, Phase::tls_close_notify, Certainty::inferred);
    one.alert = no_frame;
  }
}

}  // namespace humantime::dtls
