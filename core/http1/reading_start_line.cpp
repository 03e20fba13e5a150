// SPDX-License-Identifier: GPL-2.0-or-later
// Request lines and status lines (RFC 9112 3, 4).
#include <algorithm>
#include <array>

#include "http1/reading.h"

namespace humantime::http1 {
namespace {

constexpr std::size_t max_detail = 120;
constexpr std::size_t max_detail_host = 64;

Pairing::Method method_of(std::string_view method) {
  if (method == "HEAD") return Pairing::Method::head;
  if (method == "CONNECT") return Pairing::Method::connect;
  return Pairing::Method::other;
}

}  // namespace

void Exchange::Reading::read_start(Bytes& in) {
  // Empty lines before a request are tolerated (RFC 9112 2.2); servers send them too, behind a body.
  const std::size_t blank = as_chars(in).find_first_not_of("\r\n");
  in = slice(in, std::min(blank, in.size()));
  if (in.empty()) return;
  if (client() && exchange_.pairing_.connect_pending()) {
    // The client does not wait for the answer to its CONNECT, or the answer was lost: what follows is in the
    // tunnel, or a request that follows a refusal.
    me_.framed = false;
    if (looks_like_request(in) != Looks::yes) {
      sink_.add(frame_, Phase::http_tunnel, Certainty::inferred);
      in = {};
      return;
    }
  }
  me_.state = State::start_line;
  me_.synced = me_.framed;
  me_.doubtful = me_.recognised = false;
  me_.first = frame_;
  me_.header_bytes = 0;
  me_.remaining = 0;
  me_.field = Field::none;
  me_.upgrade = Inner::other;
  me_.has_length = me_.has_coding = me_.chunked = me_.faulty = me_.old = me_.dns = false;
  if (!client()) exchange_.status_ = 0;
}

void Exchange::Reading::read_start_line(Bytes& in) {
  std::string_view line;
  const bool whole = take_line(in, line);
  if (me_.state != State::start_line) return;
  if (!me_.recognised) {
    const bool enough = whole || line.size() > max_line;
    const Looks looks =
        client() ? looks_like_request_line(line, enough) : looks_like_status_line(line, enough);
    if (looks == Looks::no) return refuse();
    if (looks == Looks::yes) begin(line);
  }
  if (!whole) return;

  char minor = '1';
  if (client()) {
    const RequestLine said = request_line(line);
    // `GET /` alone is HTTP/0.9, other versions are other protocols. A line that was cut hides its version.
    if (!said.minor && line.size() <= max_line) return refuse();
    minor = said.minor.value_or(minor);
    ++me_.messages;
    ask_dns(said);
  } else {
    minor = status_line(line).minor;
  }
  me_.old = minor == '0';
  tell_start_line(line);
  release_line();
  me_.state = State::fields;
}

// A message has begun. `line` is its start line as far as it is there, empty where it is not in the capture.
void Exchange::Reading::begin(std::string_view line) {
  me_.recognised = true;
  auto method = Pairing::Method::unknown;
  if (client()) {
    if (line.empty()) {
      exchange_.pairing_.lose();
    } else {
      method = method_of(request_line(line).method);
      exchange_.pairing_.ask(method);
    }
    sink_.moment(Stage::request);
  } else {
    exchange_.status_ = line.empty() ? 0 : status_line(line).status;
    if (!interim()) sink_.moment(Stage::response);
  }
  // Who asks has got the response before, who answers has got the request (pipelining apart: inferred).
  if (!interim()) Reading(exchange_, other(side_), no_frame, sink_).end_unseen();

  const Phase start = interim() ? Phase::http_interim : token().start;
  if (me_.pending.empty())
    sink_.add(me_.first, start, certainty());
  else
    sink_.settle(me_.first, token().start, start, certainty());
  if (method == Pairing::Method::connect) sink_.add(me_.first, Phase::http_tunnel, certainty());
  for (const FrameNumber frame : me_.pending)
    if (frame != me_.first && !interim()) sink_.add(frame, token().body, certainty());
  me_.pending = {};
}

// Where a message should begin there is something else. If framing had said so, this is no HTTP; otherwise
// the message before goes on.
void Exchange::Reading::refuse() {
  if (me_.framed) {
    release_line();
    me_.pending = {};
    me_.state = State::broken;
    exchange_.pairing_.lose();
    return;
  }
  for (const FrameNumber frame : me_.pending) {
    if (frame == me_.first)
      sink_.settle(frame, token().start, token().body, Certainty::inferred);
    else
      sink_.add(frame, token().body, Certainty::inferred);
  }
  if (!me_.recognised) me_.first = no_frame;
  lose();
}

void Exchange::Reading::tell_start_line(std::string_view line) {
  if (!client()) {
    sink_.detail(me_.first, status_line(line).text.substr(0, max_detail));
    return;
  }
  request_line_ = line;
  // The Host of a request line that crosses segments is not in the segment that the detail belongs to.
  if (!me_.line.empty()) tell_request({});
}

void Exchange::Reading::tell_request(std::string_view host) {
  if (request_line_.empty()) return;
  const RequestLine said = request_line(request_line_);
  request_line_ = {};
  // Absolute and authority form name the host themselves (RFC 9112 3.2).
  if (!said.target.starts_with('/') && !said.target.starts_with('*')) host = {};
  host = host.substr(0, max_detail_host);
  std::array<char, max_detail> text;
  std::size_t size = 0;
  const auto append = [&](std::string_view part, std::size_t limit) {
    part = part.substr(0, limit - std::min(size, limit));
    std::copy(part.begin(), part.end(), text.begin() + size);
    size += part.size();
  };
  append(said.method, max_detail);
  append(" ", max_detail);
  append(said.target, max_detail - (host.empty() ? 0 : host.size() + 1));
  if (!host.empty()) {
    append(" ", max_detail);
    append(host, max_detail);
  }
  sink_.detail(me_.first, {text.data(), size});
}

}  // namespace humantime::http1
