// SPDX-License-Identifier: GPL-2.0-or-later
// Header blocks, and what they say of a message (RFC 9113 4.3, 8).
#include "http2/reading.h"

namespace humantime::http2 {
namespace {

bool is_pushed(std::uint32_t stream) {
  return stream % 2 == 0;
}

}  // namespace

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

}  // namespace humantime::http2
