// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/milestone_index.h"

namespace humantime::journeys {

void MilestoneIndex::clear() {
  made_ = false;
  // Their room too: they are made anew when somebody asks again, which may be never.
  entries_ = {};
  milestones_ = {};
  of_journeys_ = {};
}

Work MilestoneIndex::begin(std::uint32_t frames) {
  clear();
  co_await grown(entries_, frames + std::size_t{2});
}

Work MilestoneIndex::take(const FrameStore& store, const Journey& journey) {
  co_await each(std::size_t{0}, journey.legs.size(), [&](std::size_t i) {
    const Leg& leg = journey.legs[i];
    Entry& entry = entries_[to_number(leg.frame)];
    entry.end = leg.end;
    entry.direction = leg.direction;
  });
  co_await find_milestones(store, journey, of_one_);
  co_await each(std::size_t{0}, of_one_.size(), [&](std::size_t i) {
    of_journeys_.grow_to(of_journeys_.size() + 1);
    of_journeys_[of_journeys_.size() - 1] = of_one_[i];
  });
}

Work MilestoneIndex::end() {
  of_one_ = {};
  // From journey after journey to frame after frame: counted, then put in their places. The milestones of a
  // frame are of one journey, and keep their order.
  const std::size_t count = of_journeys_.size();
  co_await each(std::size_t{0}, count,
                [&](std::size_t i) { ++entries_[to_number(of_journeys_[i].frame) + 1].begin; });
  std::uint32_t sum = 0;
  co_await each(std::size_t{0}, entries_.size(),
                [&](std::size_t i) { entries_[i].begin = sum += entries_[i].begin; });
  std::vector<std::uint32_t> next;
  next.reserve(entries_.size());
  co_await each(std::size_t{0}, entries_.size(), [&](std::size_t i) { next.push_back(entries_[i].begin); });
  co_await grown(milestones_, count);
  co_await each(std::size_t{0}, count, [&](std::size_t i) {
    milestones_[next[to_number(of_journeys_[i].frame)]++] = of_journeys_[i];
  });
  of_journeys_ = {};
  made_ = true;
}

Place MilestoneIndex::place_of(FrameNumber frame) const {
  const std::size_t number = to_number(frame);
  if (!made_ || number + 1 >= entries_.size()) return {};
  const Entry& entry = entries_[number];
  const std::uint32_t end = entries_[number + 1].begin;
  return {entry.end, entry.direction, std::span(milestones_).subspan(entry.begin, end - entry.begin)};
}

}  // namespace humantime::journeys
