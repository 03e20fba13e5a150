// SPDX-License-Identifier: GPL-2.0-or-later
// Which instant an event is dated from where every event of a capture is written.
#pragma once

#include <cstdint>
#include <optional>

#include "layout/page.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// As the report `events` has it: where each journey begins its own year 1, what is in no journey has no
/// date.
class EventOrigin {
 public:
  EventOrigin(const Timeline& timeline, const View& view)
      : timeline_(timeline),
        by_journey_(view.origin == OriginChoice::journey),
        scale_(view.scale),
        origin_ns_(origin_of(timeline, view)) {}

  std::optional<Date> date(std::uint32_t journey, std::optional<std::int64_t> time_ns) const {
    const std::optional<std::int64_t> origin = of(journey);
    if (!origin || !time_ns) return std::nullopt;
    return date_of(stretched(*time_ns, *origin, scale_));
  }
  std::optional<std::int64_t> of(std::uint32_t journey) const {
    if (!by_journey_) return origin_ns_;
    const JourneySummary* summary = timeline_.summary(journey);
    if (summary == nullptr || summary->first_ns == Event::unknown) return std::nullopt;
    return summary->first_ns;
  }

 private:
  const Timeline& timeline_;
  bool by_journey_;
  Scale scale_;
  std::optional<std::int64_t> origin_ns_;
};

}  // namespace humantime::ui
