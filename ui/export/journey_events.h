// SPDX-License-Identifier: GPL-2.0-or-later
// Each journey's events side by side, for formats that go journey by journey.
#pragma once

#include <span>
#include <vector>

#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// Four bytes an event, made in one pass.
class JourneyEvents {
 public:
  /// Of the journeys that the view shows: one, or all, or those with an event that passes the display filter.
  JourneyEvents(const Timeline& timeline, const View& view);

  /// In order of time, those of one instant in order of frames; empty where the journey is not shown. 0: the
  /// events of no journey, of which only those that pass the filter are shown.
  std::span<const EventIndex> of(std::uint32_t journey) const;

 private:
  std::vector<EventIndex> events_;
  std::vector<std::size_t> begins_;  ///< by journey, and the end
};

}  // namespace humantime::ui
