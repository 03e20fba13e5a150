// SPDX-License-Identifier: GPL-2.0-or-later
// Frames, and what DATA carry (RFC 9113 4, 6).
#include <algorithm>

#include "http2/reading.h"

namespace humantime::http2 {
namespace {

/// Segments of a header block that waits: those beyond keep no name.
constexpr std::size_t most_carriers = 64;

/// Those of which the payload is looked into.
bool is_read(Http2Type type) {
  return type == Http2Type::headers || type == Http2Type::push_promise || type == Http2Type::continuation ||
         type == Http2Type::rst_stream || type == Http2Type::goaway;
}

/// Those that messages have their fields in (RFC 9113 8.1).
bool has_fields(Http2Type type) {
  return type == Http2Type::headers || type == Http2Type::continuation;
}

}  // namespace

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

}  // namespace humantime::http2
