// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/rounded_date.h"

#include <algorithm>
#include <array>

#include "saturating.h"

namespace humantime::reports {

RoundedDate rounded_date(StretchedTime time, std::int64_t precision_ns, Scale scale) {
  // Seconds of the year. What is known to a second is told to the minute all the same: to the eye.
  constexpr std::int64_t minute = 60, hour = 60 * minute;
  constexpr std::array steps = {minute,   5 * minute, 10 * minute, 15 * minute, 30 * minute,    hour,
                                2 * hour, 3 * hour,   6 * hour,    12 * hour,   seconds_per_day};
  const std::int64_t precision = stretch(Nanoseconds{std::max<std::int64_t>(precision_ns, 0)}, scale).seconds;
  const auto found = std::lower_bound(steps.begin(), steps.end(), precision);
  const std::int64_t step = found == steps.end() ? seconds_per_day : *found;
  // Where nothing is uncertain: dates are the floor.
  std::int64_t seconds = step == steps.front() ? time.seconds : sum(time.seconds, step / 2);
  seconds = difference(seconds, (seconds % step + step) % step);
  return {date_of({seconds, 0}), step == seconds_per_day};
}

}  // namespace humantime::reports
