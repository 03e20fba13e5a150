// SPDX-License-Identifier: GPL-2.0-or-later
// What a second place saw of a journey, and how long its letters were on their way between the two.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "journeys/journey.h"
#include "letters/letters.h"
#include "reports/stage_totals.h"
#include "store.h"
#include "types.h"

namespace humantime::reports {

/// What went one way between two places. Times in real nanoseconds, clocks corrected where they are.
struct Way {
  std::uint32_t letters = 0;  ///< seen at both; each part of a segment that was cut on the way is one
  /// Frames of what both places saw that one of them did not: lost, captured while the other was not
  /// listening, or several alike.
  std::uint32_t unmatched = 0;
  /// Of these, what the place nearer to the sender saw and the other should have seen too: lost on the way,
  /// or by the capture there.
  std::uint32_t lost = 0;
  std::uint32_t retransmissions = 0;                ///< TCP segments sent again, as seen nearer to the sender
  std::optional<std::int64_t> least_ns, median_ns;  ///< of the letters' travels
};

struct OtherEnd {
  journeys::End position = journeys::End::unknown;
  FrameNumber first_frame = no_frame, last_frame = no_frame;
  PlaceView view;
  std::int64_t date_precision_ns = 0;  ///< of its dates, if both ways take equally long
  Way out, back;                       ///< from the client, to the client
  /// The worst of its letters: of a travel, if both ways take equally long, and whatever they take. None
  /// where clocks are not corrected or could not be compared.
  std::optional<std::int64_t> precision_ns, error_ns;
  /// What its clock showed more than the first place's when it saw its first frame. None likewise.
  std::optional<std::int64_t> clock_offset_ns;
  /// What of the first place's wait was none at this one: the ways there and back. None where exchanges were
  /// under way side by side, or the two did not see the same requests.
  std::optional<std::int64_t> network_wait_ns;
};

/// Where an end is not known, the place of the journey's first frame is the first.
journeys::End position_of(const FrameStore& store, const journeys::Journey& journey, std::uint16_t vantage);

/// Of the place that has the twins of most of the packets that `view`'s saw. A packet's twin is its copy at
/// the other end, so that is the other end where somebody captured there, and a place on the way where nobody
/// did. None where no other place saw any of them.
std::optional<OtherEnd> other_end(const FrameStore& store, const letters::Letters& letters,
                                  const journeys::Journey& journey,
                                  std::span<const journeys::Milestone> milestones, const PlaceView& view);

}  // namespace humantime::reports
