// SPDX-License-Identifier: GPL-2.0-or-later
// The milestones of every frame, for those who ask frame by frame: the fields, the events, a dialog.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "journeys/journey.h"
#include "journeys/journeys.h"
#include "store.h"

namespace humantime::journeys {

/// Where a frame stands in its journey. A view: valid until the next frame is taken.
struct Place {
  End end = End::unknown;
  Direction direction = Direction::unknown;
  std::span<const Milestone> milestones;  ///< of this frame, in the order of its phases
};

/// What list_milestones() says of each journey, by frame. Ordinals depend on frames that come later (and
/// merged files are not in order of time), so it is made once, of all frames, and made anew when more come.
class MilestoneIndex {
 public:
  void clear();
  bool is_made() const { return made_; }
  /// In time and room that grow with the frames.
  void make(const FrameStore& store, const Journeys& journeys, const Journeys::Completion& complete);

  /// Nothing of a frame that is in no journey.
  Place place_of(FrameNumber frame) const;

 private:
  struct Entry {
    std::uint32_t begin = 0;  ///< of milestones_: they end where the next frame's begin
    End end = End::unknown;
    Direction direction = Direction::unknown;
  };

  bool made_ = false;
  std::vector<Entry> entries_;         ///< by frame number, and one behind the last
  std::vector<Milestone> milestones_;  ///< by frame
};

}  // namespace humantime::journeys
