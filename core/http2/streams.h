// SPDX-License-Identifier: GPL-2.0-or-later
// The streams of an HTTP/2 connection (RFC 9113 5.1), as far as they tell what a frame is part of.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "phases.h"
#include "types.h"

namespace humantime::http2 {

/// One message of an exchange.
struct Half {
  enum class State : std::uint8_t {
    idle,   ///< not begun; interim responses may have been
    doubt,  ///< a response has begun, or an interim one: its status is not known
    open,
    ended,
    reset,  ///< no more of it will come
  };
  FrameNumber first = no_frame;    ///< where it begins
  FrameNumber body_in = no_frame;  ///< the last segment that was counted as one of its body
  State state = State::idle;
  bool guessed = false;       ///< its beginning was not seen
  bool padded = false;        ///< some of its content was: how much is not looked at
  std::uint64_t content = 0;  ///< bytes of DATA so far
  std::uint32_t losses = 0;   ///< of its direction, when it began: what was lost behind that may be its

  bool over() const { return state == State::ended || state == State::reset; }
};

struct Stream {
  enum class Inner : std::uint8_t { none, tunnel, upgraded };
  enum class Method : std::uint8_t {
    unknown,   ///< it was not seen: DATA may be of a tunnel
    ordinary,  ///< none of the next two, so that DATA are a message's
    connect,
    extended,  ///< CONNECT with a protocol
  };

  std::uint32_t number = 0;
  Half request, response;
  Inner inner = Inner::none;
  Method method = Method::unknown;
  bool abandoned = false;  ///< one side has reset it: nobody waits for what is left of it

  bool is_connect() const { return method == Method::connect || method == Method::extended; }
  /// Behind a CONNECT what goes on is told by `reset`: the messages themselves have ended.
  bool over() const {
    if (inner == Inner::none) return request.over() && response.over();
    return request.state == Half::State::reset && response.state == Half::State::reset;
  }
};

/// Those that are not over, by number. A value.
class Streams {
 public:
  /// A peer that opens more of them loses the oldest.
  static constexpr std::size_t most = 512;

  Stream* find(std::uint32_t number);
  /// A new one, or the one that there is.
  Stream& open(std::uint32_t number);
  /// Something about the stream changes: counts it anew, and forgets it where it is over.
  template <typename Change>
  void change(Stream& stream, Change change) {
    --shares_[share_of(stream)];
    change(stream);
    ++shares_[share_of(stream)];
    if (stream.over()) forget(stream);
  }
  /// What the connection is in the middle of.
  Stage moment() const;
  /// The highest number that a client has opened.
  std::uint32_t highest() const { return highest_; }
  void note_opened(std::uint32_t number) { highest_ = number > highest_ ? number : highest_; }

 private:
  enum Share : std::uint8_t { receiving, sending, waiting, tunnelled, nothing };

  static Share share_of(const Stream& stream);
  void forget(const Stream& stream);
  void make_room();

  std::vector<Stream> streams_;  ///< ascending
  std::array<std::uint32_t, 5> shares_{};
  std::uint32_t highest_ = 0;
};

}  // namespace humantime::http2
