// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/known_date.h"

#include <algorithm>

#include "layout/page.h"

namespace humantime::ui {
namespace {

/// Whether the place of `end` has the clock that the year begins by.
bool is_reference(const Timeline& timeline, End end) {
  return end == End::unknown || timeline.events().empty() || end == timeline.events().front().end;
}

End opposite(End end) {
  return end == End::client ? End::server : end == End::server ? End::client : End::unknown;
}

std::int64_t precision_at(const Timeline& timeline, const Event& event, End end) {
  EventRecord record;
  if (is_reference(timeline, end) || !timeline.source().read(event.frame, record)) return 0;
  return record.peer == no_frame ? 0 : std::max<std::int64_t>(record.precision_ns, 0);
}

reports::RoundedDate date_of_instant(const Timeline& timeline, const View& view, std::int64_t time_ns,
                                     std::int64_t precision_ns) {
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  return reports::rounded_date(stretched(time_ns, origin, view.scale), precision_ns, view.scale);
}

}  // namespace

std::int64_t precision_here(const Timeline& timeline, const Event& event) {
  return precision_at(timeline, event, event.end);
}

std::int64_t precision_there(const Timeline& timeline, const Event& event) {
  return precision_at(timeline, event, opposite(event.end));
}

reports::RoundedDate known_date(const Timeline& timeline, const View& view, const Event& event) {
  return date_of_instant(timeline, view, event.time_ns, precision_here(timeline, event));
}

reports::RoundedDate known_other_date(const Timeline& timeline, const View& view, const Event& event) {
  return date_of_instant(timeline, view, event.other_ns, precision_there(timeline, event));
}

}  // namespace humantime::ui
