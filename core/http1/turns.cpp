// SPDX-License-Identifier: GPL-2.0-or-later
#include "http1/turns.h"

namespace humantime::http1 {
namespace {

constexpr Phase body_of(Side side) {
  return side == Side::client ? Phase::http_request_body : Phase::http_response_body;
}

}  // namespace

void Turns::settle_last(PhaseSink& sink) {
  if (open_ && last_ != first_) sink.settle(last_, body_of(side_), body_of(side_), Certainty::inferred);
  open_ = false;
}

void Turns::speak(Side side, FrameNumber frame, bool goes_on, PhaseSink& sink) {
  if (!begun_ || side != side_) {
    end(sink);
    begun_ = true;
    side_ = side;
    first_ = last_ = frame;
    open_ = !goes_on;
    if (side == Side::client) sink.moment(Stage::request);
    sink.add(frame, side == Side::client ? Phase::http_request : Phase::http_response_start,
             Certainty::inferred);
  } else if (frame != last_) {
    settle_last(sink);
    last_ = frame;
    open_ = !goes_on;
    sink.add(frame, body_of(side), goes_on ? Certainty::inferred : Certainty::supposed);
  } else if (goes_on) {
    settle_last(sink);
  }
  // Each segment of a request may be its last.
  sink.moment(side == Side::client ? Stage::wait : Stage::response);
}

void Turns::answer_began(FrameNumber frame, PhaseSink& sink) {
  end(sink);
  begun_ = open_ = true;
  side_ = Side::server;
  first_ = last_ = frame;
  sink.moment(Stage::response);
}

void Turns::interim(FrameNumber frame, PhaseSink& sink) {
  sink.add(frame, Phase::http_interim, Certainty::inferred);
}

void Turns::end(PhaseSink& sink) {
  if (!begun_) return;
  begun_ = false;
  sink.moment(Stage::wait);
  if (!open_) return;
  const Phase last = side_ == Side::client ? Phase::http_request_end : Phase::http_response_end;
  if (last_ != first_)
    sink.settle(last_, body_of(side_), last, Certainty::inferred);
  else if (side_ == Side::server)
    sink.add(last_, last, Certainty::inferred);  // a request of one segment has no end of its own
}

}  // namespace humantime::http1
