// SPDX-License-Identifier: GPL-2.0-or-later
// How well a date is known: a line across its mark, as long as the clocks are unsure.
#pragma once

#include "layout/drawing.h"

namespace humantime::ui {

/// Shorter whiskers are hidden by their mark.
constexpr double least_whisker = 3;

/// The precision of an event's clocks, ± real nanoseconds; 0 where the event was not received from an end
/// whose clock is another one. Of a mean its standard deviation, where that is more.
inline std::int64_t precision_of(const Timeline& timeline, EventIndex index) {
  const Event& event = timeline.at(index);
  if (const journeys::Spread* spread = timeline.spread(index))
    return std::max(spread->sd_ns, spread->precision_ns);
  EventRecord record;
  if ((event.flags & Event::twin) == 0 || !timeline.source().read(event.frame, record)) return 0;
  return std::max<std::int64_t>(record.precision_ns, 0);
}

/// From `half` to the left of the point to `half` to its right, between `left` and `right`.
inline void add_whisker(const Drawing& d, Point at, double half, double left, double right, Ink ink) {
  if (!(half > least_whisker)) return;
  constexpr double cap = 3;
  const double from = std::max(at.x - half, left), to = std::min(at.x + half, right);
  d.line({from, at.y}, {to, at.y}, ink, Strength::solid, 1.4F);
  // Cut by the page's end it has no end of its own.
  if (from > left) d.line({from, at.y - cap}, {from, at.y + cap}, ink, Strength::solid, 1.4F);
  if (to < right) d.line({to, at.y - cap}, {to, at.y + cap}, ink, Strength::solid, 1.4F);
}

}  // namespace humantime::ui
