// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/places.h"

#include <algorithm>
#include <limits>

namespace humantime::journeys {

void Places::read(const FrameStore& store, const Journeys& journeys) {
  by_number_.assign(store.size() + 1, FramePlace{});
  std::vector<Milestone> milestones;
  journeys.for_each([&](const Journey& journey) {
    const AddressId client = journeys.client_of(journey.number);
    for (const Leg& leg : journey.legs) {
      FramePlace& place = by_number_[to_number(leg.frame)];
      place.direction = leg.direction;
      if (leg.direction == Direction::unknown) continue;
      const bool from_client = store.find(leg.frame)->source == client;
      place.end = from_client == (leg.direction == Direction::sent) ? End::client : End::server;
    }
    list_milestones(store, journey, milestones);
    // The first milestone of a frame counts: from behind, so that it is written last.
    for (auto milestone = milestones.rbegin(); milestone != milestones.rend(); ++milestone) {
      constexpr std::uint32_t most = std::numeric_limits<std::uint16_t>::max();
      by_number_[to_number(milestone->frame)].ordinal =
          static_cast<std::uint16_t>(std::min(milestone->ordinal, most));
    }
  });
}

}  // namespace humantime::journeys
