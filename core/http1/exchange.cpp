// SPDX-License-Identifier: GPL-2.0-or-later
#include "http1/exchange.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "http2/media_type.h"

namespace humantime::http1 {
namespace {

// A header section longer than this is no header (servers refuse 8 to 64 KiB).
constexpr std::uint32_t max_header = 256 * 1024;
// A start line that comes byte by byte is recognised within 13 bytes, or when it is whole: frames beyond
// these stay unsettled.
constexpr std::size_t max_pending = 64;
constexpr std::size_t max_detail = 120;
constexpr std::size_t max_detail_host = 64;

struct Tokens {
  Phase start, body, end;
};
constexpr Tokens tokens[] = {
    {Phase::http_request, Phase::http_request_body, Phase::http_request_end},
    {Phase::http_response_start, Phase::http_response_body, Phase::http_response_end},
};

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

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

Side other(Side side) {
  return side == Side::client ? Side::server : Side::client;
}

Pairing::Method method_of(std::string_view method) {
  if (method == "HEAD") return Pairing::Method::head;
  if (method == "CONNECT") return Pairing::Method::connect;
  return Pairing::Method::other;
}

// What missing bytes do to a state.
enum class Gap : std::uint8_t {
  begins,    // they begin a message
  loses,     // they take the framing along
  counts,    // they are counted as if they were there
  resolves,  // they are of a body, it seems
  passes,    // they change nothing
};

}  // namespace

// One call's work: the side that speaks, the frame that carries it, the sink that hears of it.
class Exchange::Turn {
 public:
  Turn(Exchange& exchange, Side side, FrameNumber frame, PhaseSink& sink)
      : exchange_(exchange),
        side_(side),
        me_(exchange.direction(side)),
        peer_(exchange.direction(other(side))),
        frame_(frame),
        sink_(sink) {}

  std::size_t feed(Bytes bytes);
  std::uint64_t skip(std::uint64_t count);
  void end(bool reset);
  void close_frame();

  struct StateRow {
    void (Turn::*read)(Bytes&);  // takes bytes off the front or changes the state, at least one of them
    State state;
    Gap gap;
    bool in_message;   // a frame that ends here carries an unfinished message
    bool without_end;  // the last frame so far may be the last of the message
  };
  static const StateRow& row(State state);

 private:
  void read_start(Bytes& in);
  void read_start_line(Bytes& in);
  void read_fields(Bytes& in);
  void read_counted(Bytes& in);
  void read_chunk_size(Bytes& in);
  void read_chunk(Bytes& in);
  void read_chunk_end(Bytes& in);
  void read_trailers(Bytes& in);
  void read_to_close(Bytes& in);
  void read_doubt(Bytes& in);
  void read_lost(Bytes& in);
  void read_broken(Bytes& in);
  void read_inner(Bytes& in);

  bool client() const { return side_ == Side::client; }
  bool interim() const { return !client() && exchange_.interim(); }
  const Tokens& token() const { return tokens[static_cast<std::size_t>(side_)]; }
  Certainty certainty() const { return me_.synced && !me_.doubtful ? Certainty::seen : Certainty::inferred; }

  bool take_line(Bytes& in, std::string_view& line);
  void release_line();
  void count_off(Bytes& in);
  void begin(std::string_view line);
  void refuse();
  void tell_start_line(std::string_view line);
  void tell_request(std::string_view host);
  void read_field(std::string_view line);
  void read_length(std::string_view list);
  void read_coding(std::string_view list);
  State body_by_header() const;
  void header_done();
  void ask_dns(const RequestLine& said);
  void begin_dns();
  void take_dns(Bytes captured, std::uint64_t count);
  void complete();
  void hand_over(Inner inner);
  bool resyncs(Bytes in) const;
  void lose();
  void settle_open(bool ended, Certainty certainty);
  void end_unseen();

  Exchange& exchange_;
  const Side side_;
  Direction& me_;
  Direction& peer_;
  const FrameNumber frame_;
  PhaseSink& sink_;
  const std::uint8_t* begin_ = nullptr;  // of the bytes fed: where a message may begin unannounced
  std::string_view request_line_;        // in place, while it is not known whether Host follows
};

const Exchange::Turn::StateRow& Exchange::Turn::row(State state) {
  // clang-format off
  static constexpr StateRow rows[] = {
      // reader                state              gap            in_message, without_end
      {&Turn::read_start,      State::start,      Gap::begins,   false, false},
      {&Turn::read_start_line, State::start_line, Gap::loses,    true,  false},
      {&Turn::read_fields,     State::fields,     Gap::loses,    true,  false},
      {&Turn::read_counted,    State::counted,    Gap::counts,   true,  false},
      {&Turn::read_chunk_size, State::chunk_size, Gap::loses,    true,  false},
      {&Turn::read_chunk,      State::chunk,      Gap::counts,   true,  false},
      {&Turn::read_chunk_end,  State::chunk_end,  Gap::loses,    true,  false},
      {&Turn::read_trailers,   State::trailers,   Gap::loses,    true,  false},
      {&Turn::read_to_close,   State::to_close,   Gap::passes,   true,  true},
      {&Turn::read_doubt,      State::doubt,      Gap::resolves, true,  true},
      {&Turn::read_lost,       State::lost,       Gap::passes,   true,  true},
      {&Turn::read_broken,     State::broken,     Gap::passes,   false, false},
      {&Turn::read_inner,      State::inner,      Gap::passes,   false, false},
  };
  // clang-format on
  static_assert(std::size(rows) == static_cast<std::size_t>(State::inner) + 1);
  static_assert([] {
    for (std::size_t i = 0; i < std::size(rows); ++i)
      if (rows[i].state != static_cast<State>(i)) return false;
    return true;
  }());
  return rows[static_cast<std::size_t>(state)];
}

// --- what the caller asks for ---------------------------------------------------------------------------

std::size_t Exchange::Turn::feed(Bytes bytes) {
  Bytes in = bytes;
  begin_ = bytes.data();
  // Handed over before: all of it is named. Handed over by these bytes: the rest is the caller's to decide.
  if (me_.state == State::inner && !in.empty()) read_inner(in);
  while (!in.empty() && me_.state != State::inner) (this->*row(me_.state).read)(in);
  tell_request({});
  return bytes.size() - in.size();
}

std::uint64_t Exchange::Turn::skip(std::uint64_t count) {
  if (me_.state == State::inner) {
    Bytes none;
    if (frame_ != no_frame) read_inner(none);
    return count;
  }
  std::uint64_t left = count;
  while (left > 0 && me_.state != State::inner) {
    switch (row(me_.state).gap) {
      case Gap::begins:
        if (client() && exchange_.pairing_.connect_pending()) {
          if (frame_ != no_frame) sink_.add(frame_, Phase::http_tunnel, Certainty::inferred);
        } else {
          me_.first = frame_;
          me_.synced = false;
          if (frame_ != no_frame) begin({});
          lose();
        }
        return count;
      case Gap::loses:
        me_.synced = false;
        if (me_.state == State::start_line && me_.recognised)
          tell_start_line(me_.line);
        else if (me_.state == State::start_line)
          begin({});
        lose();
        return count;
      case Gap::counts: {
        const std::uint64_t here = std::min(left, me_.remaining);
        left -= here;
        me_.remaining -= here;
        take_dns({}, here);
        if (me_.remaining > 0) break;
        if (me_.state == State::counted)
          complete();
        else
          me_.state = State::chunk_end;
        break;
      }
      case Gap::resolves:
        settle_open(false, Certainty::inferred);
        me_.synced = false;
        me_.state = me_.after_doubt;
        break;
      case Gap::passes:
        if (row(me_.state).without_end && (frame_ == no_frame || me_.open != frame_))
          settle_open(false, certainty());
        return count;
    }
  }
  return count - left;
}

void Exchange::Turn::end(bool reset) {
  // A length that has not been reached, an open chunk or header: the message has no end that could be named.
  if (row(me_.state).without_end) settle_open(!reset, certainty());
  release_line();
  me_.pending = {};
  if (me_.state == State::inner) return;
  me_.first = no_frame;
  me_.state = State::start;
  me_.framed = false;
}

// Names the frame for the message that it leaves unfinished.
void Exchange::Turn::close_frame() {
  const StateRow& now = row(me_.state);
  if (frame_ == no_frame || !now.in_message) return;
  if (me_.state == State::start_line && !me_.recognised) {
    if (!me_.pending.empty() && me_.pending.back() == frame_) return;
    // A later frame of an interim response has no phase: only the first is told before that is known.
    if (frame_ == me_.first) sink_.add(frame_, token().start, Certainty::unsettled);
    if (me_.pending.size() < max_pending)
      me_.pending.push_back(frame_);
    else
      sink_.add(frame_, token().body, Certainty::unsettled);
    return;
  }
  if (interim()) return;
  if (now.without_end) {
    if (me_.open == frame_) return;
    me_.open = frame_;
    if (frame_ != me_.first) sink_.add(frame_, token().body, Certainty::unsettled);
    return;
  }
  if (frame_ != me_.first) sink_.add(frame_, token().body, certainty());
}

// --- lines ----------------------------------------------------------------------------------------------

// Takes a line, or all there is of it. `line` is without its end and cut behind max_line; it lies in place,
// or in me_.line where it crosses segments: then release_line() when it has been read. False: it goes on.
bool Exchange::Turn::take_line(Bytes& in, std::string_view& line) {
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
void Exchange::Turn::release_line() {
  if (!me_.line.empty()) std::string().swap(me_.line);
}

// --- the start line -------------------------------------------------------------------------------------

void Exchange::Turn::read_start(Bytes& in) {
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

void Exchange::Turn::read_start_line(Bytes& in) {
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
void Exchange::Turn::begin(std::string_view line) {
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
  if (!interim()) Turn(exchange_, other(side_), no_frame, sink_).end_unseen();

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
void Exchange::Turn::refuse() {
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

void Exchange::Turn::tell_start_line(std::string_view line) {
  if (!client()) {
    sink_.detail(me_.first, status_line(line).text.substr(0, max_detail));
    return;
  }
  request_line_ = line;
  // The Host of a request line that crosses segments is not in the segment that the detail belongs to.
  if (!me_.line.empty()) tell_request({});
}

void Exchange::Turn::tell_request(std::string_view host) {
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

// --- the header -----------------------------------------------------------------------------------------

void Exchange::Turn::read_fields(Bytes& in) {
  std::string_view line;
  if (!take_line(in, line)) return;
  if (line.empty())
    header_done();
  else
    read_field(line);
  release_line();
}

void Exchange::Turn::read_field(std::string_view line) {
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
void Exchange::Turn::read_length(std::string_view list) {
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
void Exchange::Turn::read_coding(std::string_view list) {
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
Exchange::State Exchange::Turn::body_by_header() const {
  // HTTP/1.0 has no transfer codings: such a message's framing is faulty (RFC 9112 6.1).
  if (me_.faulty || (me_.has_coding && me_.old)) return State::lost;
  if (me_.chunked) return State::chunk_size;
  if (me_.has_coding) return client() ? State::lost : State::to_close;
  if (me_.has_length) return me_.remaining > 0 ? State::counted : State::start;
  return client() ? State::start : State::to_close;
}

void Exchange::Turn::header_done() {
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

// --- DNS over HTTPS -------------------------------------------------------------------------------------

// A question may be in the target of a GET; that it is one, shows in the response (RFC 8484 4.1).
void Exchange::Turn::ask_dns(const RequestLine& said) {
  if (said.method != "GET" || said.target.find("dns=") == std::string_view::npos) return;
  http2::PseudoHeaders request;
  request.method.set(said.method);
  request.path.set(said.target);
  exchange_.dns_.make().ask(me_.messages, request, me_.first);
}

void Exchange::Turn::begin_dns() {
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

void Exchange::Turn::take_dns(Bytes captured, std::uint64_t count) {
  if (exchange_.dns_) exchange_.dns_->take(me_.messages, client(), captured, count, false);
}

// --- the body -------------------------------------------------------------------------------------------

void Exchange::Turn::count_off(Bytes& in) {
  const std::size_t here = std::min<std::uint64_t>(in.size(), me_.remaining);
  me_.remaining -= here;
  take_dns(in.first(here), here);
  in = in.subspan(here);
}

void Exchange::Turn::read_counted(Bytes& in) {
  count_off(in);
  if (me_.remaining == 0) complete();
}

void Exchange::Turn::read_chunk_size(Bytes& in) {
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

void Exchange::Turn::read_chunk(Bytes& in) {
  count_off(in);
  if (me_.remaining == 0) me_.state = State::chunk_end;
}

void Exchange::Turn::read_chunk_end(Bytes& in) {
  std::string_view line;
  if (!take_line(in, line)) return;
  const bool empty = line.empty();
  release_line();
  if (!empty) return lose();
  me_.header_bytes = 0;
  me_.state = State::chunk_size;
}

void Exchange::Turn::read_trailers(Bytes& in) {
  std::string_view line;
  if (!take_line(in, line)) return;
  if (line.empty()) complete();
  release_line();
}

void Exchange::Turn::read_to_close(Bytes& in) {
  if (me_.open != frame_) settle_open(false, certainty());
  in = {};
}

// The first byte behind a header shows whether there is a body: behind a response to a HEAD there could only
// be another status line.
void Exchange::Turn::read_doubt(Bytes& in) {
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
void Exchange::Turn::complete() {
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

// --- other protocols on the same stream -----------------------------------------------------------------

void Exchange::Turn::hand_over(Inner inner) {
  complete();
  me_.state = State::inner;
  me_.doubtful = false;
  exchange_.inner_ = inner;
  sink_.moment(inner == Inner::tunnel ? Stage::connect : Stage::response);
  // A request may still be on its way when its upgrade is accepted (RFC 9110 7.8): complete() sees to it.
  Turn(exchange_, Side::client, no_frame, sink_).end_unseen();
  if (!row(peer_.state).in_message) peer_.state = State::inner;
  peer_.synced = peer_.synced && me_.synced;
}

void Exchange::Turn::read_inner(Bytes& in) {
  sink_.add(frame_, exchange_.inner_ == Inner::tunnel ? Phase::http_tunnel : Phase::http_upgraded,
            certainty());
  in = {};
}

// --- without framing ------------------------------------------------------------------------------------

bool Exchange::Turn::resyncs(Bytes in) const {
  if (in.data() != begin_) return false;
  return (client() ? looks_like_request(in) : looks_like_response(in)) == Looks::yes;
}

void Exchange::Turn::read_lost(Bytes& in) {
  if (resyncs(in)) return end_unseen();
  if (me_.open != frame_) settle_open(false, Certainty::inferred);
  in = {};
}

void Exchange::Turn::read_broken(Bytes& in) {
  if (!resyncs(in)) {
    in = {};
    return;
  }
  me_.state = State::start;
  me_.framed = false;
}

// The message goes on, and nothing says how far.
void Exchange::Turn::lose() {
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
void Exchange::Turn::settle_open(bool ended, Certainty how) {
  if (me_.open == no_frame) return;
  if (me_.open != me_.first)
    sink_.settle(me_.open, token().body, ended ? token().end : token().body, how);
  else if (ended && !client())
    sink_.add(me_.open, token().end, how);
  me_.open = no_frame;
}

// The exchange goes on behind a message whose end was not seen.
void Exchange::Turn::end_unseen() {
  if (me_.state != State::lost && me_.state != State::doubt) return;
  settle_open(true, Certainty::inferred);
  me_.first = no_frame;
  me_.framed = false;
  me_.state = State::start;
}

// --- the public face ------------------------------------------------------------------------------------

std::size_t Exchange::feed(Side side, FrameNumber frame, Bytes bytes, PhaseSink& sink, More more) {
  name_unnamed(side, frame, sink);
  Direction& me = direction(side);
  if (bytes.empty() && me.unnamed == no_frame) return 0;
  Turn turn(*this, side, frame, sink);
  const std::size_t taken = turn.feed(bytes);
  me.unnamed = more == More::yes ? frame : no_frame;
  if (more == More::no) turn.close_frame();
  return taken;
}

std::uint64_t Exchange::skip(Side side, FrameNumber frame, std::uint64_t count, PhaseSink& sink, More more) {
  name_unnamed(side, frame, sink);
  Direction& me = direction(side);
  if (count == 0 && me.unnamed == no_frame) return 0;
  Turn turn(*this, side, frame, sink);
  const std::uint64_t taken = turn.skip(count);
  me.unnamed = more == More::yes ? frame : no_frame;
  if (more == More::no) turn.close_frame();
  return taken;
}

void Exchange::end(Side side, bool reset, PhaseSink& sink) {
  name_unnamed(side, no_frame, sink);
  Turn(*this, side, no_frame, sink).end(reset);
}

// A caller that said More::yes and went on with another frame.
void Exchange::name_unnamed(Side side, FrameNumber frame, PhaseSink& sink) {
  Direction& me = direction(side);
  if (me.unnamed == no_frame || me.unnamed == frame) return;
  Turn(*this, side, me.unnamed, sink).close_frame();
  me.unnamed = no_frame;
}

bool Exchange::in_message(Side side) const {
  return Turn::row(direction(side).state).in_message;
}

Inner Exchange::inner(Side side) const {
  return direction(side).state == State::inner ? inner_ : Inner::none;
}

}  // namespace humantime::http1
