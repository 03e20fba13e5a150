// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/page.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "saturating.h"

namespace humantime::ui {
namespace {

using Wide = __int128;

constexpr std::int64_t seconds_per_hour = 3600;

std::int64_t saturated(Wide value) {
  return static_cast<std::int64_t>(std::clamp<Wide>(value, std::numeric_limits<std::int64_t>::min(),
                                                    std::numeric_limits<std::int64_t>::max()));
}

/// Captured nanoseconds since 1970 of a stretched second: a whole number, and the fraction beyond it.
struct Instant {
  Wide ns;
  double fraction;
};
Instant instant_of(Wide stretched_ns, std::int64_t origin_ns, Scale scale) {
  const Wide per_year = std::max<std::uint32_t>(scale.seconds_per_year, 1);
  Wide quotient = stretched_ns * per_year / stretched_seconds_per_year;
  Wide rest = stretched_ns * per_year % stretched_seconds_per_year;
  if (rest < 0) rest += stretched_seconds_per_year, --quotient;
  return {quotient + origin_ns, static_cast<double>(rest) / static_cast<double>(stretched_seconds_per_year)};
}

std::int64_t first_at(const Instant& instant) {
  return saturated(instant.ns + (instant.fraction > 0 ? 1 : 0));
}

/// Adds a row; false where time is at its end.
bool add_row(Page& page, Wide start, std::int64_t seconds, std::int64_t capacity, std::int64_t whole,
             std::int64_t origin_ns, Scale scale) {
  PageRow& row = page.storage[page.count];
  row = {};
  row.start = {saturated(start), 0};
  row.seconds = seconds;
  row.capacity = capacity;
  row.whole = whole;
  constexpr Wide ns = 1'000'000'000;
  const Instant begin = instant_of(start * ns, origin_ns, scale);
  row.begin_ns = first_at(begin);
  row.end_ns = first_at(instant_of((start + seconds) * ns, origin_ns, scale));
  row.base_ns = begin.ns;
  row.fraction = begin.fraction;
  const double per_year = std::max<std::uint32_t>(scale.seconds_per_year, 1);
  row.per_ns =
      static_cast<double>(stretched_seconds_per_year) / (per_year * 1e9 * static_cast<double>(capacity));
  ++page.count;
  return true;
}

}  // namespace

std::int64_t PageRow::time_at(double share) const {
  const double ns = share / per_ns + fraction;
  return saturated(base_ns + static_cast<Wide>(std::ceil(std::clamp(ns, -9e18, 9e18))));
}

std::int64_t captured(StretchedTime time, std::int64_t origin_ns, Scale scale) {
  return first_at(instant_of(Wide{time.seconds} * 1'000'000'000 + time.nanoseconds, origin_ns, scale));
}

StretchedTime stretched(std::int64_t time_ns, std::int64_t origin_ns, Scale scale) {
  return stretch(Nanoseconds{difference(time_ns, origin_ns)}, scale);
}

std::optional<std::int64_t> origin_of(const Timeline& timeline, const View& view) {
  const std::optional<std::int64_t> first = timeline.first_ns();
  if (!first) return std::nullopt;
  if (view.origin == OriginChoice::journey) {
    const JourneySummary* of = timeline.summary(view.journey == 0 ? 1 : view.journey);
    if (of != nullptr && of->first_ns != Event::unknown) return of->first_ns;
  }
  return timeline.origin_ns().value_or(*first);
}

Page page_of(const View& view, std::int64_t origin_ns) {
  Page page;
  page.level = view.level;
  Date date = date_of(view.at);
  date.second = 0, date.nanosecond = 0;
  const auto add = [&](Wide start, std::int64_t seconds, std::int64_t capacity, std::int64_t whole) {
    add_row(page, start, seconds, capacity, whole, origin_ns, view.scale);
  };
  // Not through the seconds of time_of: those saturate, and rows at the end of time would overlap.
  const auto at = [&](int month, int day, int hour, int minute) -> Wide {
    const Date of_year{1, month, day, hour, minute, 0, 0};
    return Wide{date.year - 1} * stretched_seconds_per_year + time_of(of_year).seconds;
  };
  constexpr std::int64_t day = seconds_per_day;
  switch (view.level) {
    case Level::years: {
      // Ten years: 1 to 10, 11 to 20, …
      std::int64_t first = (date.year - 1) % 10;
      if (first < 0) first += 10;
      first = date.year - 1 - first;
      for (int i = 0; i < 10; ++i)
        add(Wide{first + i} * stretched_seconds_per_year, stretched_seconds_per_year,
            stretched_seconds_per_year, stretched_seconds_per_year);
      break;
    }
    case Level::year:
      for (int month = 1; month <= 12; ++month) {
        const std::int64_t length = days_in_month(month) * day;
        add(at(month, 1, 0, 0), length, 31 * day, length);
      }
      break;
    case Level::month:
      for (int first = 1; first <= days_in_month(date.month); first += 7)
        add(at(date.month, first, 0, 0), 7 * day, 7 * day,
            std::min(7, days_in_month(date.month) - first + 1) * day);
      break;
    case Level::day:
      for (int hour = 0; hour < 24; hour += 6)
        add(at(date.month, date.day, hour, 0), 6 * seconds_per_hour, 6 * seconds_per_hour,
            6 * seconds_per_hour);
      break;
    case Level::hour:
      for (int minute = 0; minute < 60; minute += 10)
        add(at(date.month, date.day, date.hour, minute), 600, 600, 600);
      break;
    case Level::minute:
      for (int second = 0; second < 60; second += 10)
        add(at(date.month, date.day, date.hour, date.minute) + second, 10, 10, 10);
      break;
  }
  page.start = page.storage[0].start;
  const PageRow& last = page.storage[page.count - 1];
  page.end = {saturated(Wide{last.start.seconds} + last.whole), 0};
  return page;
}

Page page_of(const TimeWindow& window, std::int64_t origin_ns, Scale scale) {
  Page page;
  page.level = Level::year;
  const std::int64_t seconds = std::max<std::int64_t>(window.seconds, 1);
  add_row(page, window.begin, seconds, seconds, seconds, origin_ns, scale);
  page.start = page.storage[0].start;
  page.end = {saturated(Wide{window.begin} + seconds), 0};
  return page;
}

}  // namespace humantime::ui
