// SPDX-License-Identifier: GPL-2.0-or-later
// Bodies, by length, in chunks, to the close, and where nothing says how far (RFC 9112 6, 7, 8).
#include <algorithm>
#include <charconv>

#include "http1/reading.h"

namespace humantime::http1 {
namespace {

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

void Exchange::Reading::count_off(Bytes& in) {
  const std::size_t here = std::min<std::uint64_t>(in.size(), me_.remaining);
  me_.remaining -= here;
  take_dns(in.first(here), here);
  in = in.subspan(here);
}

void Exchange::Reading::read_counted(Bytes& in) {
  count_off(in);
  if (me_.remaining == 0) complete();
}

void Exchange::Reading::read_chunk_size(Bytes& in) {
  std::string_view line;
  if (!take_line(in, line)) return;
  me_.header_bytes = 0;
  const char* const line_end = line.data() + line.size();
  const auto [end, error] = std::from_chars(line.data(), line_end, me_.remaining, 16);
  // Behind the size there may be extensions, and blanks before them (RFC 9112 7.1.1).
  const bool size = error == std::errc() && (end == line_end || *end == ';' || *end == ' ' || *end == '\t');
  release_line();
  if (!size) return lose();
  me_.state = me_.remaining == 0 ? State::trailers : State::chunk;
}

void Exchange::Reading::read_chunk(Bytes& in) {
  count_off(in);
  if (me_.remaining == 0) me_.state = State::chunk_end;
}

void Exchange::Reading::read_chunk_end(Bytes& in) {
  std::string_view line;
  if (!take_line(in, line)) return;
  const bool empty = line.empty();
  release_line();
  if (!empty) return lose();
  me_.header_bytes = 0;
  me_.state = State::chunk_size;
}

void Exchange::Reading::read_trailers(Bytes& in) {
  std::string_view line;
  if (!take_line(in, line)) return;
  if (line.empty()) complete();
  release_line();
}

void Exchange::Reading::read_to_close(Bytes& in) {
  if (me_.open != frame_) settle_open(false, certainty());
  in = {};
}

// The first byte behind a header shows whether there is a body: behind a response to a HEAD there could only
// be another status line.
void Exchange::Reading::read_doubt(Bytes& in) {
  if (looks_like_response(in) == Looks::yes) {
    if (me_.open == no_frame) sink_.add(frame_, token().end, Certainty::inferred);
    end_unseen();
    return;
  }
  const auto first = static_cast<char>(in.front());
  if (me_.after_doubt == State::chunk_size) {
    me_.doubtful = !is_hex_digit(first);
  } else {
    // Without a length, what follows a 2xx may be the tunnel of a CONNECT.
    const bool success = exchange_.status_ >= 200 && exchange_.status_ < 300;
    me_.doubtful = first == 'H' || (me_.after_doubt == State::to_close && success);
  }
  settle_open(false, certainty());
  me_.state = me_.after_doubt;
}

// The message's last byte has been read.
void Exchange::Reading::complete() {
  if (!interim()) {
    const bool alone = client() && frame_ == me_.first;  // a request of one segment has no end of its own
    if (frame_ != no_frame && !alone) sink_.add(frame_, token().end, certainty());
    if (exchange_.dns_) {
      exchange_.dns_->end(me_.messages, client(), frame_, sink_);
      if (exchange_.dns_->empty()) exchange_.dns_.reset();
    }
    // The other side may be in the middle of a message: a pipelined request, an early response.
    const bool peer_busy = row(peer_.state).in_message && !(client() && exchange_.interim());
    sink_.moment(!peer_busy ? Stage::wait : client() ? Stage::response : Stage::request);
  }
  me_.first = me_.open = no_frame;
  me_.framed = true;
  me_.state = client() && exchange_.inner_ != Inner::none ? State::inner : State::start;
}

// A question may be in the target of a GET; that it is one, shows in the response (RFC 8484 4.1).
void Exchange::Reading::ask_dns(const RequestLine& said) {
  if (said.method != "GET" || said.target.find("dns=") == std::string_view::npos) return;
  http2::PseudoHeaders request;
  request.method.set(said.method);
  request.path.set(said.target);
  exchange_.dns_.make().ask(me_.messages, request, me_.first);
}

void Exchange::Reading::begin_dns() {
  http2::PseudoHeaders header;
  header.is_dns_message = me_.dns;
  if (client()) {
    if (!me_.dns) return;
    header.method.set("POST");  // the only one that has it as content
    return exchange_.dns_.make().ask(me_.messages, header, me_.first);
  }
  header.status = exchange_.status_;
  exchange_.dns_.make().answer(me_.messages, header, sink_);
}

void Exchange::Reading::take_dns(Bytes captured, std::uint64_t count) {
  if (exchange_.dns_) exchange_.dns_->take(me_.messages, client(), captured, count, false);
}

bool Exchange::Reading::resyncs(Bytes in) const {
  if (in.data() != begin_) return false;
  return (client() ? looks_like_request(in) : looks_like_response(in)) == Looks::yes;
}

void Exchange::Reading::read_lost(Bytes& in) {
  if (resyncs(in)) return end_unseen();
  if (me_.open != frame_) settle_open(false, Certainty::inferred);
  in = {};
}

void Exchange::Reading::read_broken(Bytes& in) {
  if (!resyncs(in)) {
    in = {};
    return;
  }
  me_.state = State::start;
  me_.framed = false;
}

// The message goes on, and nothing says how far.
void Exchange::Reading::lose() {
  if (interim()) {
    exchange_.status_ = 0;
    me_.first = no_frame;
  }
  release_line();
  me_.pending = {};
  me_.synced = false;
  me_.state = State::lost;
  exchange_.dns_.reset();
  exchange_.pairing_.lose();
}

// Says what the last frame so far of a body without known end has been.
void Exchange::Reading::settle_open(bool ended, Certainty how) {
  if (me_.open == no_frame) return;
  if (me_.open != me_.first)
    sink_.settle(me_.open, token().body, ended ? token().end : token().body, how);
  else if (ended && !client())
    sink_.add(me_.open, token().end, how);
  me_.open = no_frame;
}

// The exchange goes on behind a message whose end was not seen.
void Exchange::Reading::end_unseen() {
  if (me_.state != State::lost && me_.state != State::doubt) return;
  settle_open(true, Certainty::inferred);
  me_.first = no_frame;
  me_.framed = false;
  me_.state = State::start;
}

}  // namespace humantime::http1
