// SPDX-License-Identifier: GPL-2.0-or-later
// What time the rows of a page are: pure arithmetic between captured nanoseconds, dates and shares of a row.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "calendar.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// One row of a page. Its times are whole stretched seconds.
struct PageRow {
  StretchedTime start;
  std::int64_t seconds = 0;   ///< stretched, that the row is long
  std::int64_t capacity = 0;  ///< that would fill the width: February is shorter than 31 days
  std::int64_t whole =
      0;  ///< of `seconds` those of the page itself: a month's last week goes on into the next
  /// The captured nanoseconds that fall into the row: [begin_ns, end_ns), empty where there are none.
  std::int64_t begin_ns = 0, end_ns = 0;

  /// Where an instant stands, 0 at the row's beginning, 1 where the width is full; beyond that outside.
  double share_at(std::int64_t time_ns) const {
    return (static_cast<double>(static_cast<__int128>(time_ns) - base_ns) - fraction) * per_ns;
  }
  /// The first captured nanosecond at or after a share.
  std::int64_t time_at(double share) const;

  // An instant of stretched time lies between two nanoseconds: `base_ns` and a fraction of one.
  __int128 base_ns = 0;
  double fraction = 0;
  double per_ns = 0;  ///< share of a nanosecond
};

constexpr std::size_t most_rows = 12;

struct Page {
  Level level = Level::year;
  StretchedTime start, end;
  std::array<PageRow, most_rows> storage;
  std::size_t count = 0;
  std::span<const PageRow> rows() const { return {storage.data(), count}; }
  std::int64_t begin_ns() const { return storage[0].begin_ns; }
  std::int64_t end_ns() const { return count == 0 ? begin_ns() : storage[count - 1].end_ns; }
};

/// The page that holds `view.at`. At either end of time its rows may be empty.
Page page_of(const View& view, std::int64_t origin_ns);

/// One row, and nothing else: a stretch of the year to scale. `seconds` counts as 1 at least.
Page page_of(const TimeWindow& window, std::int64_t origin_ns, Scale scale);

/// The instant that year 1 begins with; none where no event has a time.
std::optional<std::int64_t> origin_of(const Timeline& timeline, const View& view);

/// `time_ns` in the calendar of the view.
StretchedTime stretched(std::int64_t time_ns, std::int64_t origin_ns, Scale scale);

/// The first captured nanosecond that is not before `time`; saturates.
std::int64_t captured(StretchedTime time, std::int64_t origin_ns, Scale scale);

}  // namespace humantime::ui
