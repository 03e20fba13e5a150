// SPDX-License-Identifier: GPL-2.0-or-later
// What reading a piece of HTTP/1 does: private to exchange.cpp and reading_*.cpp.
#pragma once

#include "http1/exchange.h"

namespace humantime::http1 {

/// What a message's first, middle and last frames are called.
struct Tokens {
  Phase start, body, end;
};
/// By side.
inline constexpr Tokens tokens[] = {
    {Phase::http_request, Phase::http_request_body, Phase::http_request_end},
    {Phase::http_response_start, Phase::http_response_body, Phase::http_response_end},
};

// What missing bytes do to a state.
enum class Gap : std::uint8_t {
  begins,    // they begin a message
  loses,     // they take the framing along
  counts,    // they are counted as if they were there
  resolves,  // they are of a body, it seems
  passes,    // they change nothing
};

inline Side other(Side side) {
  return side == Side::client ? Side::server : Side::client;
}

// One call's work: the side that speaks, the frame that carries it, the sink that hears of it.
class Exchange::Reading {
 public:
  Reading(Exchange& exchange, Side side, FrameNumber frame, PhaseSink& sink)
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
    void (Reading::*read)(Bytes&);  // takes bytes off the front or changes the state, at least one of them
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

}  // namespace humantime::http1
