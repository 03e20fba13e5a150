// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/milestone_index.h"

namespace humantime::journeys {

void MilestoneIndex::clear() {
  made_ = false;
  // Their room too: they are made anew when somebody asks again, which may be never.
  entries_ = {};
  milestones_ = {};
}

void MilestoneIndex::make(const FrameStore& store, const Journeys& journeys,
                          const Journeys::Completion& complete) {
  clear();
  entries_.resize(store.size() + 2);
  std::vector<Milestone> of_journeys, of_one;
  journeys.for_each(complete, [&](const Journey& journey) {
    for (const Leg& leg : journey.legs) {
      Entry& entry = entries_[to_number(leg.frame)];
      entry.end = leg.end;
      entry.direction = leg.direction;
    }
    list_milestones(store, journey, of_one);
    of_journeys.insert(of_journeys.end(), of_one.begin(), of_one.end());
  });
  // From journey after journey to frame after frame: counted, then put in their places. The milestones of a
  // frame are of one journey, and keep their order.
  for (const Milestone& milestone : of_journeys) ++entries_[to_number(milestone.frame) + 1].begin;
  std::uint32_t sum = 0;
  for (Entry& entry : entries_) entry.begin = sum += entry.begin;
  milestones_.resize(of_journeys.size());
  std::vector<std::uint32_t> next(entries_.size());
  for (std::size_t i = 0; i < entries_.size(); ++i) next[i] = entries_[i].begin;
  for (const Milestone& milestone : of_journeys) milestones_[next[to_number(milestone.frame)]++] = milestone;
  made_ = true;
}

Place MilestoneIndex::place_of(FrameNumber frame) const {
  const std::size_t number = to_number(frame);
  if (number + 1 >= entries_.size()) return {};
  const Entry& entry = entries_[number];
  const std::uint32_t end = entries_[number + 1].begin;
  return {entry.end, entry.direction, std::span(milestones_).subspan(entry.begin, end - entry.begin)};
}

}  // namespace humantime::journeys
