// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/journey_index.h"

#include <algorithm>

namespace humantime::ui {

const TimelineIndex& JourneyIndex::of(const Timeline& timeline, const View& view, std::uint32_t journey) {
  const JourneySummary* summary = timeline.summary(journey);
  whole_ = true;
  if (view.journey == journey || timeline.last_journey() <= 1 || summary == nullptr)
    return timeline.index(view.journey, view.limit_to_filter);
  const MadeOf wanted{&timeline,       timeline.generation(),   journey,
                      summary->events, timeline.hidden_count(), view.limit_to_filter};
  whole_ = made_of_ == wanted && made_whole_;
  if (made_of_ == wanted) return index_;
  made_of_ = wanted;
  index_ = {};
  const TimeIndex::Events events = timeline.events();
  whole_ = made_whole_ =
      summary->last_event - summary->first_event < most_frames && summary->events <= most_events;
  if (!whole_) return index_;
  for (std::uint32_t i = summary->first_event; i <= summary->last_event; ++i) {
    const Event& event = events[i];
    if (event.journey != journey || event.time_ns == Event::unknown) continue;
    if (view.limit_to_filter && (event.flags & Event::hidden_by_filter) != 0) continue;
    LaneIndex& lane = index_.lanes[static_cast<std::size_t>(lane_of(event))];
    (is_mark(event) ? lane.marks : lane.segments).append(i);
  }
  for (LaneIndex& lane : index_.lanes) lane.marks.settle(events), lane.segments.settle(events);
  index_.journeys.add(summary->first_ns, summary->last_ns);
  return index_;
}

}  // namespace humantime::ui
