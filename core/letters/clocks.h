// SPDX-License-Identifier: GPL-2.0-or-later
// What one clock shows more than another, by the packets that both places saw.
//
// A packet from a to b is seen at b no earlier than at a, one from b to a no later. So what b's clock shows
// more lies below the least difference one way and above the greatest the other way, and how far these are
// apart is the smallest round trip. The middle is taken: that both ways take equally long is all that can be
// supposed (RFC 5905 has the same). A clock that runs fast or was set in between narrows that band; the line,
// and the steps, that keep it widest are what the clock did.
//
//   V. Paxson: On Calibrating Measurements of Packet Transit Times, SIGMETRICS 1998 (steps, both directions)
//   S. Moon, P. Skelly, D. Towsley: Estimation and Removal of Clock Skew, INFOCOM 1999 (linear programming)
//   L. Zhang, Z. Liu, C. Xia: Clock Synchronization Algorithms for Network Measurements, INFOCOM 2002 (hulls)
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "types.h"
#include "work.h"

namespace humantime::letters {

/// A packet that was seen at both places; times as captured.
struct Crossing {
  FrameNumber at_a = no_frame, at_b = no_frame;
  std::int64_t a_ns = 0, b_ns = 0;
  bool a_to_b = true;  ///< it travelled from a to b
};

/// A clock that was set while the capture ran.
struct ClockStep {
  bool of_a = false;            ///< whose clock; it shows in the order of that place's frames
  FrameNumber from = no_frame;  ///< the first frame that was stamped after it, as far as packets tell
  std::int64_t size_ns = 0;     ///< positive: it was put forward
  /// Frames of that place that may have been stamped before it or after it, for all that packets tell; none
  /// where the first is behind the last.
  FrameNumber unsure_from = no_frame, unsure_to = no_frame;
};

struct ClockComparison {
  /// Packets went both ways. Otherwise nothing can be said: a slow packet and a fast clock look alike.
  bool known = false;
  std::int64_t offset_ns = 0;  ///< what b's clock shows more than a's, when a's shows `since_ns`
  std::int64_t since_ns = 0;
  double rate = 0;               ///< what b's gains on a's, in seconds a second; 0 where it cannot be told
  std::vector<ClockStep> steps;  ///< in order of frames
  /// The smallest there and back, corrected; 0 or more but where the clocks contradict themselves.
  std::int64_t round_trip_ns = 0;
  /// How far the offset may be off whatever the ways take: half of the smallest round trip, between steps of
  /// the one where it is greatest.
  std::int64_t error_ns = 0;
  /// How well the offset is known if the fastest packets of both ways took equally long: how far the next
  /// fastest stay behind the fastest, both ways together. At most half of the round trip.
  std::int64_t precision_ns = 0;
  std::size_t a_to_b = 0, b_to_a = 0;  ///< packets
};

/// Into `result`. n log n in the crossings, a few passes. The crossings stay where they are until it is done.
Work compare_clocks(std::span<const Crossing> crossings, ClockComparison& result);
/// The same in one go.
ClockComparison compare_clocks(std::span<const Crossing> crossings);

}  // namespace humantime::letters
