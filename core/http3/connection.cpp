// SPDX-License-Identifier: GPL-2.0-or-later
#include "http3/connection.h"

#include <algorithm>
#include <charconv>

#include "http3/field_section.h"
#include "http_exchange.h"

namespace humantime::http3 {
namespace {

using http2::PseudoHeaders;
using tcp::Role;

/// RFC 9000 2.1: the lowest bits of a stream's ID.
constexpr std::uint64_t of_server = 1, unidirectional = 2, id_kinds = 4;

}  // namespace

/// One call's work, on one direction of a stream. Handles what Framing finds.
class Connection::Reading {
 public:
  Reading(Connection& connection, std::uint64_t stream, Half& half, Role from, FrameNumber now,
          PhaseSink& sink)
      : c_(connection), half_(half), stream_(stream), from_(from), now_(now), sink_(sink) {}

  void read(const tcp::Piece& piece);
  void skip(std::uint64_t count);
  void end_if_read();
  void give_up();

  void begin(FrameType type, FrameNumber first);
  void data(Bytes captured, std::uint64_t count);
  void end(FrameType type, FrameNumber first, Bytes content);
  void take_blocked();

 private:
  enum class When : std::uint8_t { now, late };  ///< late: what follows the section was read before it

  void begin_kind(Bytes& bytes);
  void begin_message(FrameNumber first);
  void take_settings(Bytes content);
  void take_headers(FrameNumber first, Bytes section);
  void block(FrameNumber first, Bytes section);
  void take_request(FrameNumber first, const PseudoHeaders& said, When when);
  void take_response(FrameNumber first, const PseudoHeaders& said, When when);
  void doubt(FrameNumber first);
  void open_response();
  void carry(FrameNumber frame);
  void add(FrameNumber frame, Phase phase) { sink_.add(frame, phase); }
  /// What has become known of the stream's exchange: `set(news)` sets it.
  template <typename Set>
  void tell_exchange(Set set, std::string_view request = {}) {
    HttpExchange news;
    news.stream = stream_;
    set(news);
    sink_.exchange(news, request);
  }
  void count(int change);
  bool carries_messages() const { return half_.kind == Kind::message; }

  Connection& c_;
  Half& half_;
  std::uint64_t stream_;
  Role from_;
  FrameNumber now_;
  PhaseSink& sink_;
};

// --- bytes ----------------------------------------------------------------------------------------------

void Connection::Reading::read(const tcp::Piece& piece) {
  Bytes bytes = piece.bytes;
  begin_kind(bytes);
  if (carries_messages()) sink_.carries({!half_.response, bytes.size()});
  if (half_.kind == Kind::encoder) {
    c_.table_of(from_).feed(bytes);
    return c_.unblock(from_, now_, sink_);
  }
  if (half_.kind != Kind::other && half_.kind != Kind::unknown) half_.framing.read(piece.frame, bytes, *this);
  carry(piece.frame);
}

void Connection::Reading::skip(std::uint64_t count) {
  if (half_.kind == Kind::encoder) {
    c_.table_of(from_).lose();
    return c_.unblock(from_, now_, sink_);
  }
  if (half_.kind == Kind::unknown || half_.kind == Kind::push) half_.kind = Kind::other;
  half_.gap = true;
  half_.framing.skip(count, *this);
}

/// RFC 9114 6.2, RFC 9204 4.2: a unidirectional stream says first what it is.
void Connection::Reading::begin_kind(Bytes& bytes) {
  static constexpr std::array kinds = {Kind::control, Kind::push, Kind::encoder};  // by type
  if (half_.kind == Kind::unknown) {
    const auto type = half_.kind_header.take<1>(bytes);
    if (!type) return;
    half_.kind = (*type)[0] < kinds.size() ? kinds[static_cast<std::size_t>((*type)[0])] : Kind::other;
  }
  if (half_.kind == Kind::push && half_.kind_header.take<1>(bytes)) {
    half_.kind = Kind::message;
    half_.response = true;
  }
}

/// The piece's frame carries some of a message that began in another one.
void Connection::Reading::carry(FrameNumber frame) {
  if (half_.state != State::open || frame == half_.first || frame == half_.fin) return;
  if (frame == now_)
    half_.body_in = frame;
  else
    add(frame, half_.response ? Phase::http_response_body : Phase::http_request_body);
}

void Connection::Reading::give_up() {
  half_.bytes.give_up_gap([this](std::uint64_t count) { skip(count); },
                          [this](const tcp::Piece& piece) { read(piece); });
}

void Connection::Reading::end_if_read() {
  if (half_.end < 0 || half_.bytes.next() < half_.end) return;
  if (half_.state == State::doubt && !half_.blocked.empty()) return;  // it will be told
  if (half_.state == State::doubt && !half_.ambiguous) open_response();
  if (half_.state == State::open) {
    half_.body_in = half_.body_in == half_.fin ? no_frame : half_.body_in;
    if (half_.response)
      add(half_.fin, Phase::http_response_end);
    else if (half_.fin != half_.first)
      add(half_.fin, Phase::http_request_end);
    tell_exchange([&](HttpExchange& news) {
      (half_.response ? news.response_end : news.request_end) = half_.fin;
      if (!half_.gap) (half_.response ? news.response_bytes : news.request_bytes) = half_.content;
    });
    count(-1);
  }
  if (!c_.dns_.empty()) c_.dns_.end(stream_, !half_.response, half_.fin, sink_);
  half_.state = State::over;
}

// --- frames ---------------------------------------------------------------------------------------------

void Connection::Reading::begin(FrameType type, FrameNumber first) {
  switch (type) {
    case FrameType::headers:
      if (carries_messages() && half_.state == State::idle) begin_message(first);
      return;
    case FrameType::data:
      if (!carries_messages()) return;
      half_.has_content = true;
      // Only a final response has content.
      if (half_.state == State::doubt) open_response();
      return;
    case FrameType::settings:
      if (half_.kind == Kind::control) add(first, Phase::http_settings);
      return;
    case FrameType::goaway:
      if (half_.kind == Kind::control) add(first, Phase::http_goaway);
      return;
    case FrameType::push_promise:
      if (carries_messages() && half_.response) add(first, Phase::http_push_promise);
      return;
  }
}

void Connection::Reading::begin_message(FrameNumber first) {
  half_.first = first;
  if (half_.response) return;
  half_.state = State::open;
  c_.requested_ = true;
  count(1);
  add(first, Phase::http_request);
  tell_exchange([&](HttpExchange& news) { news.request = first; });
}

void Connection::Reading::data(Bytes captured, std::uint64_t count) {
  half_.content += count;
  if (carries_messages() && !c_.dns_.empty()) c_.dns_.take(stream_, !half_.response, captured, count, false);
}

void Connection::Reading::end(FrameType type, FrameNumber first, Bytes content) {
  if (type == FrameType::headers && carries_messages()) take_headers(first, content);
  if (type == FrameType::settings && half_.kind == Kind::control) take_settings(content);
}

/// What this side says of itself, the other one's encoder heeds.
void Connection::Reading::take_settings(Bytes content) {
  constexpr std::uint64_t qpack_max_table_capacity = 1;  // RFC 9204 5
  std::uint64_t capacity = 0;
  for (Reader reader(content); reader.remaining() > 0;) {
    const std::uint64_t identifier = wire::read_quic_integer(reader), value = wire::read_quic_integer(reader);
    if (!reader.ok()) return;
    if (identifier == qpack_max_table_capacity) capacity = value;
  }
  c_.table_of(tcp::other(from_)).allow(capacity);
}

void Connection::Reading::take_headers(FrameNumber first, Bytes section) {
  const FieldTable& table = c_.table_of(from_);
  const PseudoHeaders said = read_field_section(section, table);
  const bool told = half_.response && said.status != 0;
  if (!told && half_.blocked.size() < most_blocked && is_blocked(section, table))
    return block(first, section);
  if (half_.response)
    take_response(first, said, When::now);
  else
    take_request(first, said, When::now);
}

void Connection::Reading::block(FrameNumber first, Bytes section) {
  half_.blocked.push_back({first, {section.begin(), section.end()}});
  c_.blocked_ = true;
  if (half_.response && (half_.state == State::idle || half_.state == State::doubt)) doubt(first);
}

/// Reads what waits and need not any more, in its order; all of it where nothing will come.
void Connection::Reading::take_blocked() {
  while (!half_.blocked.empty()) {
    const FieldTable& table = c_.table_of(from_);
    if (now_ != no_frame && is_blocked(half_.blocked.front().section, table)) break;
    const Blocked next = std::move(half_.blocked.front());
    half_.blocked.erase(half_.blocked.begin());
    const PseudoHeaders said = read_field_section(next.section, table);
    if (half_.response)
      take_response(next.first, said, When::late);
    else
      take_request(next.first, said, When::late);
  }
  if (!half_.blocked.empty()) c_.blocked_ = true;
  if (half_.state != State::over) end_if_read();
}

void Connection::Reading::take_request(FrameNumber first, const PseudoHeaders& said, When when) {
  if (said.of != PseudoHeaders::Of::request) return;
  std::array<char, 120> room;
  if (!said.method.empty()) {
    const std::string_view request = http2::describe_request(said, room);
    sink_.detail(first, request);
    tell_exchange([](HttpExchange&) {}, request);
  }
  // Of content that went by unseen nothing is kept.
  if (when == When::now || !half_.has_content) c_.dns_.ask(stream_, said, first);
  if (c_.server_named_ || said.authority.empty()) return;
  c_.server_named_ = true;
  sink_.server_name(first, said.authority.text());
}

void Connection::Reading::take_response(FrameNumber first, const PseudoHeaders& said, When when) {
  const bool begun = half_.state == State::open || half_.state == State::over;
  if (begun && when == When::now) return;
  // Trailers follow a final response.
  if (said.of == PseudoHeaders::Of::trailers) {
    if (half_.state == State::doubt) open_response();
    return;
  }
  if (said.status == 0) {
    if (!begun && when == When::now) doubt(first);
    return;
  }
  std::array<char, 120> room;
  const auto written = std::to_chars(room.data(), room.data() + room.size(), said.status);
  sink_.detail(first, {room.data(), static_cast<std::size_t>(written.ptr - room.data())});
  if (said.is_interim()) {
    add(first, Phase::http_interim);
    if (begun) return;
    half_.state = half_.blocked.empty() ? State::idle : State::doubt;
    half_.ambiguous = half_.blocked.size() > 1;
    return;
  }
  tell_exchange([&](HttpExchange& news) { news.status = said.status; });
  if (when == When::now || !half_.has_content) c_.dns_.answer(stream_, said, sink_);
  if (begun) return;
  half_.first = first;
  open_response();
}

/// A header section of a response whose status is not known: that of an interim one, the response's, or,
/// where another one came before, trailers. DATA follow the response's.
void Connection::Reading::doubt(FrameNumber first) {
  half_.ambiguous = half_.state == State::doubt;
  half_.state = State::doubt;
  half_.first = first;
}

void Connection::Reading::open_response() {
  half_.state = State::open;
  count(1);
  add(half_.first, Phase::http_response_start);
  tell_exchange([&](HttpExchange& news) { news.response = half_.first; });
}

/// A message begins (1) or is over (-1).
void Connection::Reading::count(int change) {
  std::uint32_t& under_way = half_.response ? c_.receiving_ : c_.sending_;
  under_way += static_cast<std::uint32_t>(change);
  if (!c_.requested_) return;
  sink_.moment(c_.receiving_ > 0 ? Stage::response : c_.sending_ > 0 ? Stage::request : Stage::wait);
}

// --- streams --------------------------------------------------------------------------------------------

Connection::Stream* Connection::stream_of(std::uint64_t id) {
  if (id < forgotten_[id % id_kinds]) return nullptr;
  const auto is_before = [](const Stream& stream, std::uint64_t wanted) { return stream.id < wanted; };
  auto place = std::lower_bound(streams_.begin(), streams_.end(), id, is_before);
  if (place != streams_.end() && place->id == id) return &*place;
  if (streams_.size() >= most_streams) {
    // The oldest request: other streams are few and stay.
    auto oldest = std::find_if(streams_.begin(), streams_.end(),
                               [](const Stream& one) { return (one.id & unidirectional) == 0; });
    if (oldest == streams_.end()) oldest = streams_.begin();
    forgotten_[oldest->id % id_kinds] = oldest->id + 1;
    for (const Half& half : oldest->halves) {
      if (half.state != State::open) continue;
      --(half.response ? receiving_ : sending_);
    }
    streams_.erase(oldest);
    if (id < forgotten_[id % id_kinds]) return nullptr;
    place = std::lower_bound(streams_.begin(), streams_.end(), id, is_before);
  }
  place = streams_.insert(place, Stream{});
  place->id = id;
  for (const Role role : {Role::initiator, Role::responder}) {
    Half& half = place->halves[static_cast<std::size_t>(role)];
    if ((id & unidirectional) == 0) half.kind = (id & of_server) == 0 ? Kind::message : Kind::other;
    half.response = role == Role::responder;
  }
  return &*place;
}

std::size_t Connection::waiting_bytes() const {
  std::size_t sum = 0;
  for (const Stream& stream : streams_)
    for (const Half& half : stream.halves) sum += half.bytes.waiting_bytes();
  return sum;
}

bool Connection::feed(Role from, std::uint64_t id, std::uint64_t offset, Bytes content, bool fin,
                      FrameNumber frame, PhaseSink& sink) {
  Stream* stream = stream_of(id);
  if (stream == nullptr) return false;
  Half& half = stream->halves[static_cast<std::size_t>(from)];
  if (half.state == State::over) return false;
  const bool brings = static_cast<tcp::Offset>(offset + content.size()) > half.bytes.next();
  if (fin && half.end < 0) {
    half.end = static_cast<tcp::Offset>(offset + content.size());
    half.fin = frame;
  }
  tcp::Piece piece;
  piece.frame = piece.now = frame;
  piece.offset = static_cast<tcp::Offset>(offset);
  piece.bytes = content;
  piece.length = static_cast<std::uint32_t>(content.size());
  Reading reading(*this, id, half, from, frame, sink);
  half.bytes.take(piece, [&](const tcp::Piece& next) { reading.read(next); });
  if (half.bytes.waiting())
    while (half.bytes.waiting() && (half.bytes.overfull() || waiting_bytes() > most_waiting))
      reading.give_up();
  reading.end_if_read();
  return brings && half.kind == Kind::message;
}

void Connection::reset(Role from, std::uint64_t id, PhaseSink& sink) {
  Stream* stream = stream_of(id);
  if (stream == nullptr) return;
  Half& half = stream->halves[static_cast<std::size_t>(from)];
  if (half.state == State::open) {
    --(half.response ? receiving_ : sending_);
    sink.moment(receiving_ > 0 ? Stage::response : sending_ > 0 ? Stage::request : Stage::wait);
  }
  half.bytes = {};
  half.blocked.clear();
  if (half.kind == Kind::message && half.state != State::over) {
    HttpExchange news;
    news.stream = id;
    news.reset = true;
    sink.exchange(news, {});
  }
  half.state = State::over;
  dns_.forget(id);
}

/// The encoder has put something into its table, or what it puts in will not be known.
void Connection::unblock(Role from, FrameNumber now, PhaseSink& sink) {
  if (!blocked_) return;
  blocked_ = false;
  for (Stream& stream : streams_) {
    for (const Role role : {Role::initiator, Role::responder}) {
      Half& half = stream.halves[static_cast<std::size_t>(role)];
      if (half.blocked.empty()) continue;
      if (role == from)
        Reading(*this, stream.id, half, role, now, sink).take_blocked();
      else
        blocked_ = true;
    }
  }
}

void Connection::flush(PhaseSink& sink) {
  for (Stream& stream : streams_) {
    for (Half& half : stream.halves) {
      if (half.body_in == no_frame) continue;
      sink.add(half.body_in, half.response ? Phase::http_response_body : Phase::http_request_body);
      half.body_in = no_frame;
    }
  }
}

bool Connection::waits() const {
  return blocked_ || std::any_of(streams_.begin(), streams_.end(), [](const Stream& stream) {
           return stream.halves[0].bytes.waiting() || stream.halves[1].bytes.waiting();
         });
}

void Connection::finish(PhaseSink& sink) {
  for (Stream& stream : streams_) {
    for (const Role role : {Role::initiator, Role::responder}) {
      Half& half = stream.halves[static_cast<std::size_t>(role)];
      Reading reading(*this, stream.id, half, role, no_frame, sink);
      while (half.bytes.waiting()) reading.give_up();
      reading.take_blocked();
    }
  }
  blocked_ = false;
}

}  // namespace humantime::http3
