// SPDX-License-Identifier: GPL-2.0-or-later
// What a journey says of each of its frames: at which end it was captured, which way it went, the how manyth
// of its kind it is.
#pragma once

#include <cstdint>
#include <vector>

#include "journeys/journeys.h"
#include "store.h"

namespace humantime::journeys {

struct FramePlace {
  End end = End::unknown;
  Direction direction = Direction::unknown;
  std::uint16_t ordinal = 1;  ///< of the frame's first milestone; 65,535 stands for more
};

/// Of all frames at one moment: 4 bytes a frame.
class Places {
 public:
  /// Looks at all journeys anew: linear in the frames.
  void read(const FrameStore& store, const Journeys& journeys);
  void clear() { by_number_.clear(); }
  /// Nothing is known of frames that came since.
  FramePlace of(FrameNumber frame) const {
    return to_number(frame) < by_number_.size() ? by_number_[to_number(frame)] : FramePlace{};
  }

 private:
  std::vector<FramePlace> by_number_;
};

}  // namespace humantime::journeys
