// SPDX-License-Identifier: GPL-2.0-or-later
// iCalendar by libical: it escapes, folds and orders as RFC 5545 asks. One event at a time, so that a long
// export needs no more memory than a short one.
#ifdef HUMANTIME_ICALENDAR
#include <libical/ical.h>

#include <algorithm>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>

#include "export/calendar_entries.h"
#include "export/formats.h"

namespace humantime::ui {
namespace {

struct FreeComponent {
  void operator()(icalcomponent* component) const { icalcomponent_free(component); }
};
using Component = std::unique_ptr<icalcomponent, FreeComponent>;

constexpr std::int64_t ns_per_second = 1000000000;
constexpr unsigned slice = 512;

icaltimetype floating(const EntryTime& time) {
  icaltimetype made = icaltime_null_time();
  made.year = time.year;
  made.month = time.month;
  made.day = time.day;
  made.hour = time.hour;
  made.minute = time.minute;
  made.second = time.second;
  return made;  // without a zone: the same on every wall
}

/// Asked for by RFC 5545 and always in UTC. The capture's own time, so that the same capture makes the same
/// file.
icaltimetype stamp_of(const Timeline& timeline) {
  const std::int64_t ns = timeline.origin_ns().value_or(timeline.first_ns().value_or(0));
  // libical's years have four digits.
  constexpr std::int64_t latest = 253402300799;
  const std::int64_t seconds = std::clamp<std::int64_t>(ns / ns_per_second, 0, latest);
  return icaltime_from_timet_with_zone(static_cast<std::time_t>(seconds), 0, icaltimezone_get_utc_timezone());
}

bool write(QIODevice& device, std::string_view text) {
  return device.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
}

bool write(QIODevice& device, icalcomponent* component, std::string_view without = {}) {
  const std::unique_ptr<char, decltype(&icalmemory_free_buffer)> text(
      icalcomponent_as_ical_string_r(component), &icalmemory_free_buffer);
  if (text == nullptr) return false;
  std::string_view shown = text.get();
  if (!without.empty() && shown.ends_with(without)) shown.remove_suffix(without.size());
  return write(device, shown);
}

Component event_of(const CalendarEntry& entry, const icaltimetype& stamp) {
  const std::string category(entry.category);
  Component event(icalcomponent_new_vevent());
  const auto add = [&](icalproperty* property) { icalcomponent_add_property(event.get(), property); };
  add(icalproperty_new_uid(entry.uid.c_str()));
  add(icalproperty_new_dtstamp(stamp));
  add(icalproperty_new_dtstart(floating(entry.begin)));
  // Without an end an event ends where it begins (RFC 5545, 3.6.1); an end that is no later is none.
  if (entry.end != entry.begin) add(icalproperty_new_dtend(floating(entry.end)));
  add(icalproperty_new_summary(entry.summary.c_str()));
  if (!entry.description.empty()) add(icalproperty_new_description(entry.description.c_str()));
  add(icalproperty_new_categories(category.c_str()));
  // Nobody is busy because of it.
  add(icalproperty_new_transp(ICAL_TRANSP_TRANSPARENT));
  return event;
}

}  // namespace

Outcome write_icalendar(const ExportJob& job, QIODevice& device, const Progress& progress, QString&) {
  constexpr std::string_view end = "END:VCALENDAR\r\n";
  // Errors are told by return values, not by ending the program.
  icalerror_set_errors_are_fatal(0);
  const Component calendar(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  const auto add = [&](icalproperty* property) { icalcomponent_add_property(calendar.get(), property); };
  add(icalproperty_new_version("2.0"));
  add(icalproperty_new_prodid("-//humantime//Year Timeline//EN"));
  add(icalproperty_new_calscale("GREGORIAN"));
  icalproperty* name = icalproperty_new_x(job.file.toUtf8().constData());
  icalproperty_set_x_name(name, "X-WR-CALNAME");
  add(name);
  if (!write(device, calendar.get(), end)) return Outcome::failed;

  const icaltimetype stamp = stamp_of(job.timeline);
  Outcome outcome = Outcome::done;
  unsigned count = 0;
  visit_entries(job.timeline, job.view, [&](const CalendarEntry& entry, double share) {
    if (count++ % slice == 0 && progress && !progress(share)) outcome = Outcome::cancelled;
    if (outcome == Outcome::done && !write(device, event_of(entry, stamp).get())) outcome = Outcome::failed;
    return outcome == Outcome::done;
  });
  if (outcome == Outcome::done && !write(device, end)) outcome = Outcome::failed;
  return outcome;
}

}  // namespace humantime::ui
#endif
