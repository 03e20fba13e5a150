// SPDX-License-Identifier: GPL-2.0-or-later
// From page to page: closer, further, back and forth.
#include <algorithm>
#include <limits>

#include "layout/calendar_layout.h"

namespace humantime::ui {

View zoomed(const View& view, int steps, StretchedTime about) {
  View next = view;
  const int level = std::clamp(static_cast<int>(view.level) + std::clamp(steps, -10, 10), 0,
                               static_cast<int>(level_count) - 1);
  next.level = static_cast<Level>(level);
  if (next.level == view.level) return view;
  next.at = about;
  next.zoom = 1;
  next.scroll = 0;
  return next;
}

View turned(const View& view, int pages) {
  View next = view;
  next.scroll = 0;
  Date date = date_of(view.at);
  if (view.level == Level::month) {
    // To the first of the month: not every month has a 31st.
    const std::int64_t month = std::int64_t{date.month} - 1 + pages;
    std::int64_t years = month / 12, rest = month % 12;
    if (rest < 0) rest += 12, --years;
    Date first;
    first.year = date.year;
    __builtin_add_overflow(date.year, years, &first.year);
    first.month = static_cast<std::int32_t>(rest) + 1;
    next.at = time_of(first);
    return next;
  }
  constexpr std::array<std::int64_t, level_count> lengths = {
      10 * stretched_seconds_per_year, stretched_seconds_per_year, 0, seconds_per_day, 3600, 60};
  const __int128 seconds = static_cast<__int128>(view.at.seconds) +
                           static_cast<__int128>(lengths[static_cast<std::size_t>(view.level)]) * pages;
  if (seconds > std::numeric_limits<std::int64_t>::max())
    next.at = StretchedTime::max();
  else if (seconds < std::numeric_limits<std::int64_t>::min())
    next.at = StretchedTime::min();
  else
    next.at.seconds = static_cast<std::int64_t>(seconds);
  return next;
}

}  // namespace humantime::ui
