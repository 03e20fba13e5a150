// SPDX-License-Identifier: GPL-2.0-or-later
// One journey's events by lane and time, for who shows a journey beside what the calendar shows: the timeline
// keeps one index of less than all, and that is the calendar's.
#pragma once

#include <cstdint>

#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

class JourneyIndex {
 public:
  /// A journey that has more events, or begins and ends further apart, is not indexed as a whole: some
  /// milliseconds are enough for those that are shown beside a page.
  static constexpr std::uint32_t most_frames = 1000000, most_events = 100000;

  /// The timeline's own index where it has the journey alone or hardly anything else, else one that is made
  /// here, and kept until another journey or other events are asked for.
  const TimelineIndex& of(const Timeline& timeline, const View& view, std::uint32_t journey);
  /// Whether the last answer of of() has all events of its journey.
  bool is_whole() const { return whole_; }
  void forget() { made_of_ = {}; }

 private:
  struct MadeOf {
    const Timeline* timeline = nullptr;
    std::uint64_t generation = 0;
    std::uint32_t journey = 0, events = 0;
    std::size_t hidden = 0;
    bool limit_to_filter = false;
    bool operator==(const MadeOf&) const = default;
  };
  MadeOf made_of_;
  TimelineIndex index_;
  bool whole_ = true, made_whole_ = true;
};

}  // namespace humantime::ui
