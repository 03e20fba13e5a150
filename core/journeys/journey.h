// SPDX-License-Identifier: GPL-2.0-or-later
// One fetch from end to end, as the reports see it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "store.h"
#include "types.h"
#include "work.h"

namespace humantime::journeys {

/// How a journey ended.
enum class Kind : std::uint8_t {
  completed,   ///< the connection was made
  refused,     ///< the SYN was answered with RST
  unanswered,  ///< no SYN was answered
  abandoned,   ///< the connection was reset before anything was said
  failed,      ///< a lookup that led to no connection
};
std::string_view token_of(Kind kind);

/// A packet's way, seen from the end where it was captured. Unknown in the middle and on loopback.
enum class Direction : std::uint8_t { unknown, sent, received };
std::string_view token_of(Direction direction);

/// Where a frame was captured, as its journey goes. Unknown where nothing tells: on loopback, where a
/// connection was under way before the capture began.
enum class End : std::uint8_t { unknown, client, server, middle };
std::string_view token_of(End end);

/// A frame of a journey.
struct Leg {
  FrameNumber frame = no_frame;
  Direction direction = Direction::unknown;
  End end = End::unknown;
  /// The question that the frame asks or answers: asked again (after a timeout, over TCP) it has the same
  /// number. Of any journey, from 1; 0 for none.
  std::uint32_t question = 0;
  FrameNumber peer = no_frame;  ///< the same packet at the other end
  bool has_time = false;
  /// By the clock of the capture's reference, and when the packet was sent, by the same: where that is not
  /// known when it was seen. Without a time 0.
  std::int64_t time_ns = 0, sent_ns = 0;
  std::int64_t precision_ns = 0;  ///< how well that clock is known where this frame was captured
};

/// Everything views: valid while it is being visited.
struct Journey {
  std::uint32_t number = 0;  ///< from 1, in order of first frames
  Kind kind = Kind::completed;
  /// The name that was looked up, else the one in SNI, else in Host; empty where there is none, then the
  /// server's address stands for it. Raw bytes.
  std::string_view name;
  std::span<const std::string_view> other_names;  ///< that differ from it: SNI, Host
  Endpoint server;                                ///< none for a lookup that led to no connection
  std::span<const Leg> legs;                      ///< in order of frames
  /// The tunnel that it goes through, where its inside can be read: `GRE 192.0.2.1–198.51.100.1`; empty where
  /// there is none.
  std::string_view carrier{};
  bool over_udp = false;  ///< its connection
};

/// One event of a journey that compares with other journeys': `dns.query#2/sent`.
struct Milestone {
  FrameNumber frame = no_frame;
  std::int64_t time_ns = 0;  ///< Leg::time_ns, or that of the leg before it
  PhaseMark mark;
  std::uint32_t ordinal = 1;  ///< counts the packets of the phase, of both sides, by sending time
  Direction direction = Direction::unknown;
  std::int64_t precision_ns = 0;  ///< Leg::precision_ns
  End end = End::unknown;         ///< where it was captured
  bool again = false;             ///< DNS: not the first that asks the question, or answers it so
};

/// The milestones of a journey in order of time, and of the marks in a frame; `out` is cleared. Ordinals
/// count the packets of a phase, retransmissions not (they carry no upper phase and no ordinal of their own);
/// the two copies of a letter have the same one. A question that is asked again is the same step, and has the
/// ordinal that it had; so have its answers.
void list_milestones(const FrameStore& store, const Journey& journey, std::vector<Milestone>& out);
/// The same a part at a time. What it is given stays until it is done.
Work find_milestones(const FrameStore& store, const Journey& journey, std::vector<Milestone>& out);

}  // namespace humantime::journeys
