// SPDX-License-Identifier: GPL-2.0-or-later
// One event as the views want it.
#pragma once

#include <cstdint>

#include "journeys/journey.h"
#include "model/source.h"

namespace humantime::ui {

/// One event; its texts stay with the source.
struct Event {
  static constexpr std::int64_t unknown = INT64_MIN;
  enum Flag : std::uint8_t {
    estimated = 1,
    inferred = 2,
    more_phases = 4,
    hidden_by_filter = 8,
    twin = 16,
    mean = 32,
  };

  std::int64_t time_ns = unknown;   ///< as shown
  std::int64_t other_ns = unknown;  ///< at the other end
  FrameNumber frame = no_frame;
  std::uint32_t journey = 0;
  std::uint16_t ordinal = 1;
  Phase phase{};           ///< the one that names the event: of the highest lane the first milestone
  std::uint8_t flags = 0;  ///< twin: the received copy of a letter whose sent copy is an event too;
                           ///< mean: of several, the source knows their spread
  End end = End::unknown;
  journeys::Direction direction = journeys::Direction::unknown;
};

static_assert(sizeof(Event) == 32);

}  // namespace humantime::ui
