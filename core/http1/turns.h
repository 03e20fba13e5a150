// SPDX-License-Identifier: GPL-2.0-or-later
// HTTP/1 exchanges told by who speaks, where the bytes are encrypted: the client asks, the server answers,
// the client asks again.
#pragma once

#include "http1/exchange.h"
#include "phase_sink.h"
#include "types.h"

namespace humantime::http1 {

/// One connection whose messages do not overlap. Everything is inferred; what is the last frame so far of a
/// message is supposed to be in its middle until the turn passes to the other side.
class Turns {
 public:
  /// The frame carries bytes of this side, the frames of a side in stream order. `goes_on`: what it carries
  /// is continued in a later one.
  void speak(Side side, FrameNumber frame, bool goes_on, PhaseSink& sink);
  /// The frame carries an interim response: the client's turn goes on.
  void interim(FrameNumber frame, PhaseSink& sink);
  /// No more will come that belongs to the message.
  void end(PhaseSink& sink);

  /// In the middle of what a frame carried.
  bool midway() const { return begun_ && !open_; }
  /// What was said is not answered.
  void forget(PhaseSink& sink) {
    settle_last(sink);
    begun_ = false;
  }
  bool answering() const { return begun_ && side_ == Side::server; }
  bool asking() const { return begun_ && side_ == Side::client; }
  /// A message goes on whose frames have been named up to this one.
  void resume(Side side, FrameNumber frame) {
    *this = Turns();
    side_ = side;
    last_ = frame;
    begun_ = true;
  }
  /// The server's turn began with a frame that has been named already.
  void answer_began(FrameNumber frame, PhaseSink& sink);

 private:
  void settle_last(PhaseSink& sink);

  FrameNumber first_ = no_frame, last_ = no_frame;
  bool open_ = false;  ///< the last frame may be the message's last
  Side side_ = Side::client;
  bool begun_ = false;
};

}  // namespace humantime::http1
