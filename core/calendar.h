// SPDX-License-Identifier: GPL-2.0-or-later
// The year of 365 days: captured time stretched, and the date that it is then.
//
// There are no leap years, no time zones and no daylight saving, so that year N is exactly second N of the
// capture (at the scale of one second a year). All arithmetic is in integers, exact to the stretched
// nanosecond.
#pragma once

#include <compare>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "language.h"
#include "types.h"

namespace humantime {

constexpr std::int64_t seconds_per_day = 86'400;
constexpr std::int64_t days_per_year = 365;
constexpr std::int64_t stretched_seconds_per_year = days_per_year * seconds_per_day;  // 31,536,000

/// How many captured seconds make a year; at least 1.
struct Scale {
  std::uint32_t seconds_per_year = 1;
};

/// Stretched time since the origin: `seconds` + `nanoseconds`, with 0 <= nanoseconds < 1e9 also before the
/// origin (−0.25 s is −1 s + 750,000,000 ns). As int64 nanoseconds it would overflow after 292 s of capture;
/// in this form it holds 9,000 years of capture, beyond which stretch() saturates.
struct StretchedTime {
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;

  static constexpr StretchedTime min() { return {std::numeric_limits<std::int64_t>::min(), 0}; }
  static constexpr StretchedTime max() { return {std::numeric_limits<std::int64_t>::max(), 999'999'999}; }
  auto operator<=>(const StretchedTime&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Captured time since the origin, stretched. A scale of 0 counts as 1.
StretchedTime stretch(Nanoseconds since_origin, Scale scale);

/// The captured time that stretches to `time` or, where none does, the last one before it. Saturates.
Nanoseconds shrink(StretchedTime time, Scale scale);

/// A date of the stretched calendar, always the floor.
struct Date {
  std::int64_t year = 1;   ///< the origin begins year 1; before it come year 0, −1, …
  std::int32_t month = 1;  ///< 1 to 12
  std::int32_t day = 1;    ///< day of the month, 1 to 31
  std::int32_t hour = 0;   ///< 0 to 23
  std::int32_t minute = 0;
  std::int32_t second = 0;
  std::uint32_t nanosecond = 0;
  auto operator<=>(const Date&) const = default;
};

Date date_of(StretchedTime time);

/// The inverse of date_of; fields beyond their range carry over (hour 25 is one o'clock of the next day).
/// Saturates.
StretchedTime time_of(const Date& date);

/// 28 to 31, for month 1 to 12.
int days_in_month(int month);

/// Room for the longest date in any language, with the terminating zero.
constexpr std::size_t date_text_size = 64;

/// `Mar 9, 19:27:31`, from the second year on and before the origin `Year 2, Mar 9, 19:27:31`; in Japanese
/// `3月9日 午後7時27分31秒`, `2年目 3月9日 …` (noon is 午後0時, midnight 午前0時). Writes UTF-8 with a
/// terminating zero and returns it without.
std::string_view write_date(const Date& date, Language language, std::span<char, date_text_size> out);

/// A length of stretched time in words, two units, the floor: `8 d 3 h`, `3 h 26 min`, `31 s`; `−` in front
/// where negative; in Japanese `8日3時間`. Years where it is longer than one: `2 y 31 d`.
std::string_view write_duration(StretchedTime length, Language language, std::span<char, date_text_size> out);

}  // namespace humantime
