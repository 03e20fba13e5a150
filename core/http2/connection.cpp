// SPDX-License-Identifier: GPL-2.0-or-later
#include "http2/connection.h"

#include <algorithm>
#include <string_view>

#include "http_exchange.h"

namespace humantime::http2 {
namespace {

using tcp::Role;
using wire::Http2Header;
using wire::Http2Type;

/// A header block longer than this is none (servers refuse 8 to 64 KiB): what it does to the table is lost.
constexpr std::size_t most_block = std::size_t{256} * 1024;
/// Segments of a header block that waits: those beyond keep no name.
constexpr std::size_t most_carriers = 64;

constexpr std::uint32_t upgraded_stream = 1;

/// Those of which the payload is looked into.
bool is_read(Http2Type type) {
  return type == Http2Type::headers || type == Http2Type::push_promise || type == Http2Type::continuation ||
         type == Http2Type::rst_stream || type == Http2Type::goaway;
}

/// Those that messages have their fields in (RFC 9113 8.1).
bool has_fields(Http2Type type) {
  return type == Http2Type::headers || type == Http2Type::continuation;
}

bool is_pushed(std::uint32_t stream) {
  return stream % 2 == 0;
}

}  // namespace

/// The direction that speaks, the segment that carries it, the sink that hears of it. Handles what Framing
/// finds.
class Connection::Reading {
 public:
  Reading(Connection& connection, Role from, FrameNumber segment, PhaseSink& sink)
      : c_(connection), from_(from), me_(connection.direction(from)), segment_(segment), sink_(sink) {}

  void open_segment();
  void close_segment();
  void end();

  void preface();
  void header(const Http2Header& header);
  void part(const Http2Header& header, Bytes captured, std::uint64_t count);
  void whole(const Http2Header& header);
  void lost();

 private:
  bool is_client() const { return c_.client_ == from_; }
  bool is_server() const { return c_.client_ == tcp::other(from_); }
  Half& half_of(Stream& stream) const { return is_client() ? stream.request : stream.response; }
  Phase body_token() const { return is_client() ? Phase::http_request_body : Phase::http_response_body; }
  Certainty certainty(const Half& half) const {
    return me_.framing.trusted() && !half.guessed ? Certainty::seen : Certainty::inferred;
  }
  Certainty certainty() const { return me_.framing.trusted() ? Certainty::seen : Certainty::inferred; }
  /// Whether DATA of the side are a message's content: a CONNECT has none (RFC 9110 9.3.6).
  bool has_content(const Stream& stream) const {
    return stream.method != Stream::Method::unknown && !(is_client() && stream.is_connect());
  }
  FrameNumber beginning() const { return me_.carriers.empty() ? segment_ : me_.carriers.front(); }

  void name(FrameNumber frame, Phase phase, Certainty certainty);
  void touch(Half& half, FrameNumber frame);
  void touch_carriers(Half& half);
  void leave_carriers();
  /// Of a message. What is lost is in no segment.
  void tell_bytes(std::uint64_t count) {
    if (segment_ != no_frame && c_.client_) sink_.carries({is_client(), count});
  }
  void tell_moment() { sink_.moment(c_.streams_.moment()); }
  /// What has become known of a stream's exchange: `set(news)` sets it.
  template <typename Set>
  void tell_exchange(std::uint32_t stream, Set set, std::string_view request = {}) {
    HttpExchange news;
    news.stream = stream;
    set(news);
    sink_.exchange(news, request);
  }

  void begin_data(const Http2Header& header);
  void begin_block(const Http2Header& header);
  void begin_request(std::uint32_t number);
  void begin_response(Stream& stream);
  void take_payload(const Http2Header& header, Bytes payload);
  void take_fragment(const Http2Header& header, Bytes payload);
  void block_done(Bytes block);
  void drop_block();
  void tell_waiting(const PseudoHeaders& said);
  void take_request(const PseudoHeaders& said);
  void take_response(Stream& stream, const PseudoHeaders& said);
  void tell_status(const PseudoHeaders& said);
  void take_promise(const PseudoHeaders& said);
  void name_server(const PseudoHeaders& said);
  void end_half(Stream& stream);
  void reset(std::uint32_t number, std::uint32_t error);

  Connection& c_;
  const Role from_;
  Direction& me_;
  const FrameNumber segment_;
  PhaseSink& sink_;
};

// --- naming ---------------------------------------------------------------------------------------------

void Connection::Reading::name(FrameNumber frame, Phase phase, Certainty certainty) {
  if (frame == no_frame) return;
  me_.named = me_.named || frame == me_.segment;
  sink_.add(frame, phase, certainty);
}

/// The segment carries a part of the message: of its body, unless the message begins or ends in it, which is
/// known when there is no more of it.
void Connection::Reading::touch(Half& half, FrameNumber frame) {
  if (frame == no_frame || half.first == frame || half.body_in == frame) return;
  half.body_in = frame;
  me_.body_seen = me_.body_seen || !half.guessed;
  if (frame == me_.segment)
    ++me_.bodies;
  else
    name(frame, body_token(), certainty(half));
}

void Connection::Reading::touch_carriers(Half& half) {
  for (const FrameNumber frame : me_.carriers) touch(half, frame);
  me_.carriers.clear();
  touch(half, segment_);
}

/// Segments before this one, of which nothing has a name.
void Connection::Reading::leave_carriers() {
  for (const FrameNumber frame : me_.carriers) sink_.settle(frame, Phase::tcp_data, c_.unnamed_);
  me_.carriers.clear();
}

void Connection::Reading::open_segment() {
  if (segment_ == no_frame || segment_ == me_.segment) {
    me_.open = me_.open || segment_ != no_frame;
    return;
  }
  close_segment();
  me_.segment = segment_;
  me_.open = true;
  me_.named = me_.doubtful = me_.body_seen = false;
  me_.bodies = 0;
}

void Connection::Reading::close_segment() {
  if (!me_.open) return;
  me_.open = false;
  if (me_.bodies > 0) name(me_.segment, body_token(), me_.body_seen ? certainty() : Certainty::inferred);
  me_.bodies = 0;
  const bool waits = c_.undecided(from_);
  if (waits && me_.carriers.size() < most_carriers &&
      (me_.carriers.empty() || me_.carriers.back() != me_.segment))
    me_.carriers.push_back(me_.segment);
  if (me_.named) return;
  // Any other name takes the place of this one.
  if (waits || me_.doubtful)
    sink_.add(me_.segment, Phase::tcp_data, Certainty::unsettled);
  else
    sink_.add(me_.segment, c_.unnamed_, Certainty::seen);
  me_.named = true;
}

// --- frames ---------------------------------------------------------------------------------------------

void Connection::Reading::preface() {
  if (me_.preface == no_frame) {
    me_.preface = segment_;
    name(segment_, Phase::http_settings, certainty());
  }
}

void Connection::Reading::header(const Http2Header& header) {
  if (has_fields(header.type)) tell_bytes(Http2Header::size);
  // A block's frames follow one another (RFC 9113 6.10).
  if (me_.block.state != Block::State::none && !header.is(Http2Type::continuation)) drop_block();
  me_.payload_damaged = false;
  me_.payload.clear();
  switch (header.type) {
    case Http2Type::data:
      return begin_data(header);
    case Http2Type::headers:
    case Http2Type::push_promise:
      return begin_block(header);
    case Http2Type::continuation:
      if (me_.block.state == Block::State::waiting) return;
      if (Stream* stream = c_.streams_.find(header.stream);
          stream != nullptr && !me_.block.push && !half_of(*stream).over())
        return touch_carriers(half_of(*stream));
      return leave_carriers();
    case Http2Type::settings:
      // The preface's own (RFC 9113 3.4).
      if (beginning() != me_.preface) name(beginning(), Phase::http_settings, certainty());
      me_.preface = no_frame;
      break;
    case Http2Type::goaway:
      name(beginning(), Phase::http_goaway, certainty());
      break;
    case Http2Type::priority:
    case Http2Type::rst_stream:
    case Http2Type::ping:
    case Http2Type::window_update:
      break;
  }
  leave_carriers();
}

void Connection::Reading::part(const Http2Header& header, Bytes captured, std::uint64_t count) {
  if (has_fields(header.type)) tell_bytes(count);
  if (header.is(Http2Type::data)) {
    Stream* stream = c_.streams_.find(header.stream);
    if (stream == nullptr || !c_.client_) return;
    if (stream->inner != Stream::Inner::none)
      return name(segment_,
                  stream->inner == Stream::Inner::tunnel ? Phase::http_tunnel : Phase::http_upgraded,
                  certainty());
    if (half_of(*stream).state == Half::State::open && has_content(*stream)) {
      tell_bytes(count);
      half_of(*stream).content += count;
      touch(half_of(*stream), segment_);
      if (!c_.dns_.empty())
        c_.dns_.take(header.stream, is_client(), captured, count, header.has(Http2Header::padded));
    }
    if (is_client() && stream->is_connect())
      name(segment_, stream->method == Stream::Method::extended ? Phase::http_upgraded : Phase::http_tunnel,
           Certainty::inferred);  // its answer was not seen
    return;
  }
  // What follows a header that has been told is a part of its message.
  if (me_.block.state == Block::State::told && !me_.block.push && is_read(header.type))
    if (Stream* stream = c_.streams_.find(me_.block.stream);
        stream != nullptr && half_of(*stream).state == Half::State::open)
      touch(half_of(*stream), segment_);
  if (!is_read(header.type)) return;
  const bool damaged = me_.payload_damaged;
  me_.payload_damaged = damaged || captured.size() < count;
  if (!damaged && me_.payload.empty() && captured.size() == header.length && !captured.empty())
    return take_payload(header, captured);
  if (damaged) return;
  const std::size_t kept = std::min(captured.size(), most_block - std::min(most_block, me_.payload.size()));
  me_.payload_damaged = me_.payload_damaged || kept < captured.size();
  me_.payload.insert(me_.payload.end(), captured.begin(),
                     captured.begin() + static_cast<std::ptrdiff_t>(kept));
}

void Connection::Reading::whole(const Http2Header& header) {
  if (header.is(Http2Type::data)) {
    if (!header.has(Http2Header::end_stream) || !c_.client_) return;
    if (Stream* stream = c_.streams_.find(header.stream)) end_half(*stream);
    return;
  }
  if (!is_read(header.type)) return;
  // What came in one piece has been read.
  if (me_.payload.empty() && header.length > 0 && !me_.payload_damaged) return;
  take_payload(header, me_.payload);
  std::vector<std::uint8_t>().swap(me_.payload);
}

void Connection::Reading::lost() {
  drop_block();
  leave_carriers();
  me_.table.lose();
  me_.lossy = true;
  ++me_.losses;
  c_.dns_.lose(is_client());
}

void Connection::Reading::end() {
  drop_block();
  leave_carriers();
  close_segment();
}

// --- DATA -----------------------------------------------------------------------------------------------

void Connection::Reading::begin_data(const Http2Header& header) {
  Stream* stream = c_.client_ ? c_.streams_.find(header.stream) : nullptr;
  if (stream == nullptr || !has_content(*stream) || stream->inner != Stream::Inner::none)
    return leave_carriers();
  Half& half = half_of(*stream);
  if (half.state == Half::State::doubt) {
    // Only a final response has content (RFC 9113 8.1).
    name(half.first, Phase::http_response_start, Certainty::inferred);
    tell_exchange(header.stream, [&](HttpExchange& news) { news.response = half.first; });
    c_.streams_.change(*stream, [](Stream& one) { one.response.state = Half::State::open; });
    tell_moment();
  } else if (half.state == Half::State::idle && me_.lossy && stream->method == Stream::Method::ordinary) {
    c_.streams_.change(*stream, [&](Stream& one) {
      half_of(one).state = Half::State::open;
      half_of(one).guessed = true;
    });
    tell_moment();
  }
  if (half.state != Half::State::open) return leave_carriers();
  tell_bytes(Http2Header::size);
  half.padded = half.padded || header.has(Http2Header::padded);
  touch_carriers(half);
}

/// The message's last byte went by.
void Connection::Reading::end_half(Stream& stream) {
  Half& half = half_of(stream);
  if (stream.inner != Stream::Inner::none) {
    c_.streams_.change(stream, [&](Stream& one) { half_of(one).state = Half::State::reset; });
    return tell_moment();
  }
  if (half.over() || half.state == Half::State::idle) return;
  if (segment_ != no_frame && half.body_in == segment_ && me_.bodies > 0) --me_.bodies;
  // A request of one segment has no end of its own; what may be a tunnel has none either.
  const bool alone = is_client() && half.first == segment_;
  if (!alone && has_content(stream))
    name(segment_, is_client() ? Phase::http_request_end : Phase::http_response_end, certainty(half));
  tell_exchange(stream.number, [&](HttpExchange& news) {
    // What lies in frames that were not seen was not counted.
    const bool counted = !half.guessed && !half.padded && half.losses == me_.losses && has_content(stream);
    (is_client() ? news.request_end : news.response_end) = segment_;
    if (counted) (is_client() ? news.request_bytes : news.response_bytes) = half.content;
  });
  if (!c_.dns_.empty() && c_.dns_.end(stream.number, is_client(), segment_, sink_))
    me_.named = me_.named || segment_ == me_.segment;
  c_.streams_.change(stream, [&](Stream& one) { half_of(one).state = Half::State::ended; });
  tell_moment();
}

// --- header blocks --------------------------------------------------------------------------------------

void Connection::Reading::begin_block(const Http2Header& header) {
  Block& block = me_.block;
  block.bytes.clear();
  block.stream = header.stream;
  block.promised_stream = 0;
  block.push = header.is(Http2Type::push_promise);
  block.ends_stream = !block.push && header.has(Http2Header::end_stream);
  block.damaged = false;
  block.first = beginning();
  block.state = Block::State::told;
  if (block.push) {
    name(block.first, Phase::http_push_promise, certainty());
    return leave_carriers();
  }
  Stream* stream = c_.streams_.find(header.stream);
  if (!c_.client_) {
    block.state = Block::State::waiting;
  } else if (stream != nullptr && half_of(*stream).over()) {
    leave_carriers();
  } else if (stream != nullptr && half_of(*stream).state == Half::State::open) {
    touch_carriers(half_of(*stream));  // trailers
  } else if (is_client()) {
    // A number that was not used yet begins a request; where requests may be missing, it may be one's
    // trailers.
    if (stream == nullptr && !me_.lossy && header.stream > c_.streams_.highest())
      begin_request(header.stream);
    else
      block.state = Block::State::waiting;
  } else if (block.ends_stream && (stream == nullptr || stream->response.state == Half::State::idle) &&
             !me_.lossy) {
    begin_response(c_.streams_.open(header.stream));  // an interim response ends no stream
  } else {
    block.state = Block::State::waiting;
  }
}

void Connection::Reading::begin_request(std::uint32_t number) {
  c_.streams_.note_opened(number);
  Stream& stream = c_.streams_.open(number);
  stream.request.first = me_.block.first;
  stream.request.losses = me_.losses;
  c_.streams_.change(stream, [](Stream& one) { one.request.state = Half::State::open; });
  tell_moment();
  name(me_.block.first, Phase::http_request, certainty());
  tell_exchange(number, [&](HttpExchange& news) { news.request = me_.block.first; });
  touch_carriers(stream.request);
}

void Connection::Reading::begin_response(Stream& stream) {
  stream.response.first = me_.block.first;
  stream.response.losses = me_.losses;
  c_.streams_.change(stream, [](Stream& one) { one.response.state = Half::State::open; });
  tell_moment();
  name(me_.block.first, Phase::http_response_start, certainty());
  tell_exchange(stream.number, [&](HttpExchange& news) { news.response = me_.block.first; });
  touch_carriers(stream.response);
}

void Connection::Reading::take_payload(const Http2Header& header, Bytes payload) {
  Reader in(payload);
  switch (header.type) {
    case Http2Type::headers:
    case Http2Type::push_promise:
    case Http2Type::continuation:
      return take_fragment(header, payload);
    case Http2Type::rst_stream: {
      const std::uint32_t error = in.u32();
      return reset(header.stream, in.ok() ? error : ~std::uint32_t{0});
    }
    case Http2Type::goaway: {
      in.skip(4);  // the last stream that was or might be acted on
      const std::string_view error = wire::name_of_http2_error(in.u32());
      if (in.ok() && segment_ != no_frame && !error.empty()) sink_.detail(segment_, error);
      return;
    }
    case Http2Type::data:
    case Http2Type::priority:
    case Http2Type::settings:
    case Http2Type::ping:
    case Http2Type::window_update:
      return;
  }
}

void Connection::Reading::take_fragment(const Http2Header& header, Bytes payload) {
  Block& block = me_.block;
  if (block.state == Block::State::none || block.stream != header.stream) {
    // The rest of a block that was not seen.
    me_.table.lose();
    return;
  }
  const auto fragment = wire::read_http2_fragment(header, payload);
  const bool damaged = !fragment || me_.payload_damaged;
  if (fragment && header.is(Http2Type::push_promise)) block.promised_stream = fragment->promised_stream;
  const Bytes bytes = fragment ? fragment->bytes : Bytes{};
  const bool last = header.has(Http2Header::end_headers);
  const bool kept = !block.damaged;
  block.damaged = block.damaged || damaged;
  if (last && kept && block.bytes.empty()) return block_done(bytes);
  if (kept) block.bytes.insert(block.bytes.end(), bytes.begin(), bytes.end());
  block.damaged = block.damaged || block.bytes.size() > most_block;
  if (last) block_done(block.bytes);
}

/// Nobody knows what it says.
void Connection::Reading::drop_block() {
  if (me_.block.state == Block::State::none) return;
  me_.table.lose();
  me_.lossy = true;
  if (me_.block.state == Block::State::waiting) leave_carriers();
  me_.block = {};
}

void Connection::Reading::block_done(Bytes bytes) {
  const PseudoHeaders said = read_header_block(bytes, !me_.block.damaged, me_.table);
  if (!c_.client_) {
    if (me_.block.push || said.of == PseudoHeaders::Of::response)
      c_.client_ = tcp::other(from_);
    else if (said.of == PseudoHeaders::Of::request)
      c_.client_ = from_;
  }
  if (me_.block.push) {
    take_promise(said);
  } else if (c_.client_) {
    if (me_.block.state == Block::State::waiting) tell_waiting(said);
    Stream* stream = c_.streams_.find(me_.block.stream);
    const bool begins = stream != nullptr && half_of(*stream).first == me_.block.first &&
                        half_of(*stream).state == Half::State::open && said.of != PseudoHeaders::Of::trailers;
    if (begins && is_client()) take_request(said);
    if (begins && is_server()) take_response(*stream, said);
    stream = c_.streams_.find(me_.block.stream);
    if (stream != nullptr && me_.block.ends_stream) {
      // In a tunnel there are only DATA (RFC 9113 8.5).
      if (stream->method == Stream::Method::unknown) stream->method = Stream::Method::ordinary;
      end_half(*stream);
    }
  }
  leave_carriers();
  me_.block = {};
}

/// A block is whole that has no name yet.
void Connection::Reading::tell_waiting(const PseudoHeaders& said) {
  const Block& block = me_.block;
  Stream* known = c_.streams_.find(block.stream);
  if (known != nullptr && half_of(*known).over()) return;
  if (is_client()) {
    if (said.of == PseudoHeaders::Of::request) return begin_request(block.stream);
    if (said.of == PseudoHeaders::Of::trailers && known == nullptr) {
      Stream& stream = c_.streams_.open(block.stream);
      stream.request.guessed = true;
      c_.streams_.change(stream, [](Stream& one) { one.request.state = Half::State::open; });
      touch_carriers(stream.request);
    }
    return;
  }
  Stream& stream = c_.streams_.open(block.stream);
  Half& half = stream.response;
  if (said.status != 0 && !said.is_interim()) return begin_response(stream);
  if (said.is_interim()) {
    name(block.first, Phase::http_interim, certainty());
    tell_status(said);
    half.state = Half::State::idle;
    return;
  }
  if (said.of == PseudoHeaders::Of::trailers || block.ends_stream) {
    // Trailers of a response whose beginning was not seen, or a response that is nothing but its header.
    c_.streams_.change(stream, [](Stream& one) {
      one.response.state = Half::State::open;
      one.response.guessed = true;
    });
    return touch_carriers(half);
  }
  half.first = block.first;
  half.losses = me_.losses;
  half.state = Half::State::doubt;
  me_.doubtful = me_.doubtful || block.first == me_.segment;
}

void Connection::Reading::take_request(const PseudoHeaders& said) {
  const FrameNumber frame = me_.block.first;
  Stream& stream = *c_.streams_.find(me_.block.stream);
  std::array<char, 120> room;
  if (frame != no_frame && !said.method.empty()) {
    const std::string_view request = describe_request(said, room);
    sink_.detail(frame, request);
    tell_exchange(
        me_.block.stream, [](HttpExchange&) {}, request);
  }
  name_server(said);
  c_.dns_.ask(me_.block.stream, said, frame);
  if (said.method.text() != "CONNECT") {
    // Nobody closes a tunnel before it is open.
    if (!said.method.empty() || me_.block.ends_stream) stream.method = Stream::Method::ordinary;
    return;
  }
  stream.method = said.has_protocol ? Stream::Method::extended : Stream::Method::connect;
  if (!said.has_protocol) name(frame, Phase::http_tunnel, certainty());
}

void Connection::Reading::tell_status(const PseudoHeaders& said) {
  if (said.status == 0 || me_.block.first == no_frame) return;
  const std::array<char, 3> digits = {static_cast<char>('0' + said.status / 100),
                                      static_cast<char>('0' + said.status / 10 % 10),
                                      static_cast<char>('0' + said.status % 10)};
  sink_.detail(me_.block.first, {digits.data(), digits.size()});
}

void Connection::Reading::take_response(Stream& stream, const PseudoHeaders& said) {
  tell_status(said);
  tell_exchange(stream.number, [&](HttpExchange& news) { news.status = said.status; });
  c_.dns_.answer(stream.number, said, sink_);
  const bool success = said.status >= 200 && said.status < 300;
  if (stream.method == Stream::Method::unknown && (said.has_content || (said.status != 0 && !success)))
    stream.method = Stream::Method::ordinary;
  if (!stream.is_connect() || !success || me_.block.ends_stream) return;
  // RFC 9110 9.3.6: the response ends with its header, and so has the request.
  end_half(stream);
  Stream* opened = c_.streams_.find(me_.block.stream);
  if (opened == nullptr) return;
  c_.streams_.change(*opened, [](Stream& one) {
    one.inner = one.method == Stream::Method::extended ? Stream::Inner::upgraded : Stream::Inner::tunnel;
  });
  tell_moment();
}

void Connection::Reading::take_promise(const PseudoHeaders& said) {
  std::array<char, 120> room;
  std::string_view request;
  if (me_.block.first != no_frame && !said.method.empty()) {
    request = describe_request(said, room);
    sink_.detail(me_.block.first, request);
  }
  if (!is_pushed(me_.block.promised_stream) || me_.block.promised_stream == 0) return;
  tell_exchange(
      me_.block.promised_stream,
      [&](HttpExchange& news) {
        news.request = news.request_end = me_.block.first;
        news.pushed = true;
      },
      request);
  Stream& stream = c_.streams_.open(me_.block.promised_stream);
  stream.method = Stream::Method::ordinary;  // a promised request is safe (RFC 9113 8.4)
  c_.streams_.change(stream, [](Stream& one) { one.request.state = Half::State::ended; });
  tell_moment();
}

void Connection::Reading::name_server(const PseudoHeaders& said) {
  if (c_.server_named_ || said.authority.empty() || me_.block.first == no_frame) return;
  c_.server_named_ = true;
  sink_.server_name(me_.block.first, said.authority.text());
}

void Connection::Reading::reset(std::uint32_t number, std::uint32_t error) {
  const std::string_view name = wire::name_of_http2_error(error);
  if (segment_ != no_frame && !me_.named && !name.empty()) sink_.detail(segment_, name);
  Stream* stream = c_.client_ ? c_.streams_.find(number) : nullptr;
  if (stream == nullptr) return;
  c_.dns_.forget(number);
  tell_exchange(number, [](HttpExchange& news) { news.reset = true; });
  c_.streams_.change(*stream, [&](Stream& one) {
    half_of(one).state = Half::State::reset;
    one.abandoned = true;
  });
  tell_moment();
}

// --- the connection -------------------------------------------------------------------------------------

void Connection::begin_with_preface(Role client) {
  client_ = client;
  direction(client).framing.expect_preface();
}

void Connection::begin_upgraded(Role client, PhaseSink& sink) {
  begin_with_preface(client);
  streams_.note_opened(upgraded_stream);
  Stream& stream = streams_.open(upgraded_stream);
  stream.method = Stream::Method::ordinary;
  streams_.change(stream, [](Stream& one) { one.request.state = Half::State::ended; });
  sink.moment(streams_.moment());
}

void Connection::feed(Role from, FrameNumber segment, Bytes bytes, bool more, PhaseSink& sink) {
  // Its peer has spoken before it, as a server may (RFC 9113 3.4).
  if (!client_ && wire::looks_like_http2_preface(bytes) == wire::LooksHttp2::yes) {
    direction(from) = Direction{};
    begin_with_preface(from);
  }
  Reading reading(*this, from, segment, sink);
  reading.open_segment();
  direction(from).framing.read(bytes, reading);
  if (!more) reading.close_segment();
}

void Connection::skip(Role from, FrameNumber segment, std::uint64_t count, bool more, PhaseSink& sink) {
  Reading reading(*this, from, segment, sink);
  reading.open_segment();
  direction(from).framing.skip(count, reading);
  if (!more) reading.close_segment();
}

void Connection::flush(Role from, PhaseSink& sink) {
  Reading(*this, from, direction(from).segment, sink).close_segment();
}

void Connection::end(Role from, PhaseSink& sink) {
  Reading(*this, from, direction(from).segment, sink).end();
}

bool Connection::undecided(Role from) const {
  const Direction& me = direction(from);
  return me.framing.in_header() || me.block.state == Block::State::waiting;
}

}  // namespace humantime::http2
