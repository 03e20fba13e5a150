// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/telling.h"

#include <algorithm>
#include <memory>
#include <utility>

namespace humantime::reports {

JourneysSource limited_to(JourneysSource source, const std::vector<FrameNumber>& frames) {
  // A bit a frame: every leg of every journey is looked up.
  const auto wanted = std::make_shared<std::vector<bool>>();
  for (const FrameNumber frame : frames) {
    const std::size_t number = to_number(frame);
    if (wanted->size() <= number) wanted->resize(std::max(number + 1, wanted->size() * 2));
    (*wanted)[number] = true;
  }
  return [source = std::move(source), wanted](const JourneyVisit& visit) {
    source([&](const journeys::Journey& journey) {
      const bool told = std::any_of(journey.legs.begin(), journey.legs.end(), [&](const journeys::Leg& leg) {
        return to_number(leg.frame) < wanted->size() && (*wanted)[to_number(leg.frame)];
      });
      if (told) visit(journey);
    });
  };
}

}  // namespace humantime::reports
