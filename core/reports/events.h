// SPDX-License-Identifier: GPL-2.0-or-later
// The event record: one line for each frame that has a phase, the same for every reader of the store.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/journeys.h"
#include "journeys/milestone_index.h"
#include "letters/letters.h"
#include "reports/format.h"
#include "reports/telling.h"
#include "reports/time_text.h"
#include "store.h"
#include "types.h"

namespace humantime::reports {

/// Writes the events of a store, in frame order.
class Events {
 public:
  Events(const FrameStore& store, const journeys::Journeys& journeys,
         const journeys::MilestoneIndex& milestones, const letters::Letters& letters, Telling telling);

  /// What stands before the first and behind the last record.
  std::string head(Format format) const;
  /// The record of a frame with its line end; empty where the frame has no phase.
  std::string record(FrameNumber frame, Format format);

 private:
  const FrameStore& store_;
  const journeys::Journeys& journeys_;
  const journeys::MilestoneIndex& milestones_;
  const letters::Letters& letters_;
  Telling telling_;
  Dates dates_;
  std::vector<PhaseMark> marks_;
};

}  // namespace humantime::reports
