// SPDX-License-Identifier: GPL-2.0-or-later
// A year as entries of an ordinary calendar: what is written as iCalendar, before it is written. All years
// lie in 2015, which has 365 days as ours have; from the second one on a summary says which year it is.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "calendar.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// Month, day and time of 2015; year 2016 only for the end of December 31st.
struct EntryTime {
  int year = 2015, month = 1, day = 1, hour = 0, minute = 0, second = 0;
  bool operator==(const EntryTime&) const = default;
};

struct CalendarEntry {
  std::string uid;       ///< the same whenever the same capture is exported, at any scale and in any language
  EntryTime begin, end;  ///< equal: an instant
  std::string summary, description;  ///< printable UTF-8, not yet escaped; lines end with \n
  std::string_view category;         ///< the lane
};

/// What tells captures apart in the entries' identifiers: the time of the first event as captured.
std::string capture_identity(const Timeline& timeline);

/// Visits the stages of each journey that the view shows, and the milestones; false ends the visit, and is
/// returned. What spans years is an entry in its first year, one for all whole years between, and one in its
/// last, so that no capture makes more than three entries of one span. Events without a date have none.
bool visit_entries(const Timeline& timeline, const View& view,
                   const std::function<bool(const CalendarEntry& entry, double share)>& visit);

}  // namespace humantime::ui
