// SPDX-License-Identifier: GPL-2.0-or-later
// Dates no finer than they are known.
#pragma once

#include <cstdint>

#include "calendar.h"

namespace humantime::reports {

struct RoundedDate {
  Date date;
  bool day_only = false;  ///< the hour is not known
};

/// What is said of an instant that is known to ± `precision_ns` real nanoseconds: the minute, to 5 minutes,
/// to a quarter of an hour, to hours, or the day. To the nearest; what is known to a minute, the floor.
RoundedDate rounded_date(StretchedTime time, std::int64_t precision_ns, Scale scale);

}  // namespace humantime::reports
