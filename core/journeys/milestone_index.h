// SPDX-License-Identifier: GPL-2.0-or-later
// The milestones of every frame, for those who ask frame by frame: the fields, the events, a dialog.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "chunked.h"
#include "journeys/journey.h"
#include "store.h"
#include "work.h"

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
  /// Made of journey after journey, a part at a time: begin(), take() for each, end(). In time and room that
  /// grow with the frames, of which `frames` is the highest.
  Work begin(std::uint32_t frames);
  Work take(const FrameStore& store, const Journey& journey);
  Work end();

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
  // While it is made.
  Chunked<Milestone> of_journeys_;
  std::vector<Milestone> of_one_;
};

}  // namespace humantime::journeys
