// SPDX-License-Identifier: GPL-2.0-or-later
// Lines, and what a header says of the body behind it (RFC 9112 2.2, 5, 6).
#include <algorithm>
#include <charconv>

#include "http1/reading.h"
#include "http2/media_type.h"

namespace humantime::http1 {
namespace {

// A header section longer than this is no header (servers refuse 8 to 64 KiB).
constexpr std::uint32_t max_header = 256 * 1024;

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool equal_ignoring_case(std::string_view a, std::string_view lower_case) {
  return a.size() == lower_case.size() &&
         std::equal(a.begin(), a.end(), lower_case.begin(), [](char x, char y) { return lower(x) == y; });
}

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

// The next member of a comma-separated list (RFC 9110 5.6.1), which is removed from it.
std::string_view next_member(std::string_view& list) {
  const std::size_t comma = list.find(',');
  const std::string_view member = trimmed(list.substr(0, comma));
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  return member;
}

}  // namespace

// Takes a line, or all there is of it. `line` is without its end and cut behind max_line; it lies in place,
// or in me_.line where it crosses segments: then release_line() when it has been read. False: it goes on.
bool Exchange::Reading::take_line(Bytes& in, std::string_view& line) {
  const std::string_view chars = as_chars(in);
  const std::size_t end = chars.find('\n');
  const std::string_view part = chars.substr(0, end);
  const bool whole = end != std::string_view::npos;
  const std::size_t taken = part.size() + (whole ? 1 : 0);
  in = in.subspan(taken);
  me_.header_bytes = static_cast<std::uint32_t>(std::min<std::size_t>(taken, max_header + 1) +
                                                std::min(me_.header_bytes, max_header + 1));
  if (me_.header_bytes > max_header) {
    release_line();
    me_.state = State::broken;
    exchange_.pairing_.lose();
    return false;
  }

  line = part;
  if (!whole || !me_.line.empty()) {
    me_.line.append(part.substr(0, max_line + 1 - me_.line.size()));
    line = me_.line;
  }
  // A bare LF ends a line as well (RFC 9112 2.2).
  if (whole && line.ends_with('\r')) line.remove_suffix(1);
  line = line.substr(0, max_line + 1);
  return whole;
}

// Lines that cross segments are few: a connection keeps no memory for the next one.
void Exchange::Reading::release_line() {
  if (!me_.line.empty()) std::string().swap(me_.line);
}

void Exchange::Reading::read_fields(Bytes& in) {
  std::string_view line;
  if (!take_line(in, line)) return;
  if (line.empty())
    header_done();
  else
    read_field(line);
  release_line();
}

void Exchange::Reading::read_field(std::string_view line) {
  static constexpr struct {
    std::string_view name;
    Field field;
  } fields[] = {
      {"host", Field::host},
      {"content-length", Field::content_length},
      {"content-type", Field::content_type},
      {"transfer-encoding", Field::transfer_encoding},
      {"upgrade", Field::upgrade},
  };
  std::string_view value;
  // A line that begins with a blank continues the one before (obs-fold, RFC 9112 5.2).
  const bool folded = line.front() == ' ' || line.front() == '\t';
  if (folded) {
    value = trimmed(line);
    if (value.empty()) return;
  } else {
    me_.field = Field::none;
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos) return;
    const std::string_view name = trimmed(line.substr(0, colon));
    for (const auto& known : fields)
      if (equal_ignoring_case(name, known.name)) me_.field = known.field;
    value = trimmed(line.substr(colon + 1));
  }

  const bool cut = line.size() > max_line;
  switch (me_.field) {
    case Field::none:
      return;
    case Field::host:
      sink_.server_name(me_.first, value);
      return tell_request(value);
    case Field::content_length:
      me_.faulty = me_.faulty || folded || cut;
      return read_length(value);
    case Field::content_type:
      me_.dns = !cut && http2::names_dns_message(value);
      return;
    case Field::transfer_encoding:
      me_.faulty = me_.faulty || cut;
      return read_coding(value);
    case Field::upgrade:
      value = next_member(value);
      me_.upgrade = equal_ignoring_case(value, "websocket") ? Inner::websocket
                    : equal_ignoring_case(value, "h2c")     ? Inner::h2c
                                                            : Inner::other;
      return;
  }
}

// Equal lengths may repeat, as a list or in several fields; anything else leaves the message without framing
// (RFC 9112 6.3).
void Exchange::Reading::read_length(std::string_view list) {
  if (list.ends_with(',')) me_.faulty = true;
  do {
    const std::string_view member = next_member(list);
    std::uint64_t length = 0;
    const auto [end, error] = std::from_chars(member.data(), member.data() + member.size(), length);
    const bool number = !member.empty() && error == std::errc() && end == member.data() + member.size();
    if (!number || (me_.has_length && length != me_.remaining)) me_.faulty = true;
    me_.has_length = true;
    me_.remaining = length;
  } while (!list.empty());
}

// Only the last coding frames the message (RFC 9112 6.1).
void Exchange::Reading::read_coding(std::string_view list) {
  // RFC 2616's name for no coding at all.
  if (!me_.has_coding && equal_ignoring_case(list, "identity")) return;
  do {
    const std::string_view member = next_member(list);
    if (member.empty()) continue;
    me_.has_coding = true;
    me_.chunked = equal_ignoring_case(member, "chunked");
  } while (!list.empty());
}

// How the header frames the body (RFC 9112 6.3, from rule 3 on); start: there is none.
Exchange::State Exchange::Reading::body_by_header() const {
  // HTTP/1.0 has no transfer codings: such a message's framing is faulty (RFC 9112 6.1).
  if (me_.faulty || (me_.has_coding && me_.old)) return State::lost;
  if (me_.chunked) return State::chunk_size;
  if (me_.has_coding) return client() ? State::lost : State::to_close;
  if (me_.has_length) return me_.remaining > 0 ? State::counted : State::start;
  return client() ? State::start : State::to_close;
}

void Exchange::Reading::header_done() {
  tell_request({});
  me_.header_bytes = 0;
  const std::uint16_t status = exchange_.status_;
  if (interim()) return status == 101 ? hand_over(me_.upgrade) : complete();

  State body = body_by_header();
  if (!client()) {
    // RFC 9112 6.3, rules 1 and 2: some responses end with their header, whatever it says.
    const Pairing::Answered request = exchange_.pairing_.answer();
    ++me_.messages;
    // Who answers which target is a guess then.
    if (!request.sure) exchange_.dns_.reset();
    const bool success = status >= 200 && status < 300;
    if (request.method == Pairing::Method::connect && success) {
      me_.synced = me_.synced && request.sure;
      return hand_over(Inner::tunnel);
    }
    if (status == 204 || status == 304) body = State::start;
    if (request.method == Pairing::Method::head && body != State::start) {
      me_.synced = me_.synced && request.sure;
      body = State::start;
    }
    if (!request.sure && body != State::start && body != State::lost) {
      me_.after_doubt = body;
      me_.doubtful = true;
      body = State::doubt;
    }
  }
  if (me_.dns || exchange_.dns_) begin_dns();
  if (body == State::start) return complete();
  if (body == State::lost) return lose();
  me_.state = body;
}

}  // namespace humantime::http1
