// SPDX-License-Identifier: GPL-2.0-or-later
#include "http1/exchange.h"

#include <algorithm>
#include <iterator>

#include "http1/reading.h"

namespace humantime::http1 {
namespace {

// A start line that comes byte by byte is recognised within 13 bytes, or when it is whole: frames beyond
// these stay unsettled.
constexpr std::size_t max_pending = 64;

}  // namespace

const Exchange::Reading::StateRow& Exchange::Reading::row(State state) {
  // clang-format off
  static constexpr StateRow rows[] = {
      // reader                   state              gap            in_message, without_end
      {&Reading::read_start,      State::start,      Gap::begins,   false, false},
      {&Reading::read_start_line, State::start_line, Gap::loses,    true,  false},
      {&Reading::read_fields,     State::fields,     Gap::loses,    true,  false},
      {&Reading::read_counted,    State::counted,    Gap::counts,   true,  false},
      {&Reading::read_chunk_size, State::chunk_size, Gap::loses,    true,  false},
      {&Reading::read_chunk,      State::chunk,      Gap::counts,   true,  false},
      {&Reading::read_chunk_end,  State::chunk_end,  Gap::loses,    true,  false},
      {&Reading::read_trailers,   State::trailers,   Gap::loses,    true,  false},
      {&Reading::read_to_close,   State::to_close,   Gap::passes,   true,  true},
      {&Reading::read_doubt,      State::doubt,      Gap::resolves, true,  true},
      {&Reading::read_lost,       State::lost,       Gap::passes,   true,  true},
      {&Reading::read_broken,     State::broken,     Gap::passes,   false, false},
      {&Reading::read_inner,      State::inner,      Gap::passes,   false, false},
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

std::size_t Exchange::Reading::feed(Bytes bytes) {
  Bytes in = bytes;
  begin_ = bytes.data();
  // Handed over before: all of it is named. Handed over by these bytes: the rest is the caller's to decide.
  if (me_.state == State::inner && !in.empty()) read_inner(in);
  while (!in.empty() && me_.state != State::inner) (this->*row(me_.state).read)(in);
  tell_request({});
  return bytes.size() - in.size();
}

std::uint64_t Exchange::Reading::skip(std::uint64_t count) {
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

void Exchange::Reading::end(bool reset) {
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
void Exchange::Reading::close_frame() {
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

void Exchange::Reading::hand_over(Inner inner) {
  complete();
  me_.state = State::inner;
  me_.doubtful = false;
  exchange_.inner_ = inner;
  sink_.moment(inner == Inner::tunnel ? Stage::connect : Stage::response);
  // A request may still be on its way when its upgrade is accepted (RFC 9110 7.8): complete() sees to it.
  Reading(exchange_, Side::client, no_frame, sink_).end_unseen();
  if (!row(peer_.state).in_message) peer_.state = State::inner;
  peer_.synced = peer_.synced && me_.synced;
}

void Exchange::Reading::read_inner(Bytes& in) {
  sink_.add(frame_, exchange_.inner_ == Inner::tunnel ? Phase::http_tunnel : Phase::http_upgraded,
            certainty());
  in = {};
}

std::size_t Exchange::feed(Side side, FrameNumber frame, Bytes bytes, PhaseSink& sink, More more) {
  name_unnamed(side, frame, sink);
  Direction& me = direction(side);
  if (bytes.empty() && me.unnamed == no_frame) return 0;
  Reading reading(*this, side, frame, sink);
  const std::size_t taken = reading.feed(bytes);
  me.unnamed = more == More::yes ? frame : no_frame;
  if (more == More::no) reading.close_frame();
  return taken;
}

std::uint64_t Exchange::skip(Side side, FrameNumber frame, std::uint64_t count, PhaseSink& sink, More more) {
  name_unnamed(side, frame, sink);
  Direction& me = direction(side);
  if (count == 0 && me.unnamed == no_frame) return 0;
  Reading reading(*this, side, frame, sink);
  const std::uint64_t taken = reading.skip(count);
  me.unnamed = more == More::yes ? frame : no_frame;
  if (more == More::no) reading.close_frame();
  return taken;
}

void Exchange::end(Side side, bool reset, PhaseSink& sink) {
  name_unnamed(side, no_frame, sink);
  Reading(*this, side, no_frame, sink).end(reset);
}

// A caller that said More::yes and went on with another frame.
void Exchange::name_unnamed(Side side, FrameNumber frame, PhaseSink& sink) {
  Direction& me = direction(side);
  if (me.unnamed == no_frame || me.unnamed == frame) return;
  Reading(*this, side, me.unnamed, sink).close_frame();
  me.unnamed = no_frame;
}

bool Exchange::in_message(Side side) const {
  return Reading::row(direction(side).state).in_message;
}

Inner Exchange::inner(Side side) const {
  return direction(side).state == State::inner ? inner_ : Inner::none;
}

}  // namespace humantime::http1
