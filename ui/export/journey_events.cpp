// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/journey_events.h"

#include <algorithm>

namespace humantime::ui {

JourneyEvents::JourneyEvents(const Timeline& timeline, const View& view) {
  const auto events = timeline.events();
  const std::size_t journeys = std::size_t{timeline.last_journey()} + 1;
  std::vector<bool> shown(journeys, !view.limit_to_filter && view.journey == 0);
  for (const Event& event : events) {
    const bool passes = !view.limit_to_filter || (event.flags & Event::hidden_by_filter) == 0;
    if (passes && (view.journey == 0 || view.journey == event.journey)) shown[event.journey] = true;
  }
  const auto is_shown = [&](const Event& event) {
    const bool passes = !view.limit_to_filter || (event.flags & Event::hidden_by_filter) == 0;
    return shown[event.journey] && (event.journey != 0 || passes);
  };
  begins_.assign(journeys + 1, 0);
  for (const Event& event : events)
    if (is_shown(event)) ++begins_[event.journey + 1];
  for (std::size_t i = 1; i < begins_.size(); ++i) begins_[i] += begins_[i - 1];
  events_.resize(begins_.back());
  std::vector<std::size_t> next(begins_.begin(), begins_.end() - 1);
  for (std::size_t i = 0; i < events.size(); ++i)
    if (is_shown(events[i])) events_[next[events[i].journey]++] = EventIndex{static_cast<std::uint32_t>(i)};
  const auto earlier = [&](EventIndex a, EventIndex b) {
    return timeline.at(a).time_ns < timeline.at(b).time_ns;
  };
  for (std::size_t i = 0; i < journeys; ++i) {
    const auto begin = events_.begin() + static_cast<std::ptrdiff_t>(begins_[i]);
    const auto end = events_.begin() + static_cast<std::ptrdiff_t>(begins_[i + 1]);
    if (!std::is_sorted(begin, end, earlier)) std::stable_sort(begin, end, earlier);
  }
}

std::span<const EventIndex> JourneyEvents::of(std::uint32_t journey) const {
  if (journey + std::size_t{1} >= begins_.size()) return {};
  return std::span(events_).subspan(begins_[journey], begins_[journey + 1] - begins_[journey]);
}

}  // namespace humantime::ui
