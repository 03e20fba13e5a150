// SPDX-License-Identifier: GPL-2.0-or-later
// What reading a segment of HTTP/2 does: private to connection.cpp and reading_*.cpp.
#pragma once

#include <string_view>

#include "http2/connection.h"
#include "http_exchange.h"

namespace humantime::http2 {

using tcp::Role;
using wire::Http2Header;
using wire::Http2Type;

/// A header block longer than this is none (servers refuse 8 to 64 KiB): what it does to the table is lost.
inline constexpr std::size_t most_block = std::size_t{256} * 1024;

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

}  // namespace humantime::http2
