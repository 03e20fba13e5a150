// SPDX-License-Identifier: GPL-2.0-or-later
#include "calendar.h"

#include <algorithm>
#include <array>
#include <cinttypes>
#include <cstdio>

namespace humantime {
namespace {

using Wide = __int128;

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

constexpr std::array<const char*, 12> english_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
/// Days of the year before each month, and after the last.
constexpr std::array<std::int32_t, 13> days_before_month = {0,   31,  59,  90,  120, 151, 181,
                                                            212, 243, 273, 304, 334, 365};

template <typename T>
constexpr T floor_div(T a, T b) {
  const T quotient = a / b;
  return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
}

template <typename T>
constexpr T floor_mod(T a, T b) {
  return a - floor_div(a, b) * b;
}

std::int64_t saturate(Wide value) {
  return static_cast<std::int64_t>(std::clamp<Wide>(value, std::numeric_limits<std::int64_t>::min(),
                                                    std::numeric_limits<std::int64_t>::max()));
}

StretchedTime from_wide(Wide seconds, std::uint32_t nanoseconds) {
  if (seconds > std::numeric_limits<std::int64_t>::max()) return StretchedTime::max();
  if (seconds < std::numeric_limits<std::int64_t>::min()) return StretchedTime::min();
  return {static_cast<std::int64_t>(seconds), nanoseconds};
}

std::string_view written(std::span<char, date_text_size> out, int length) {
  return {out.data(),
          std::min<std::size_t>(length < 0 ? 0 : static_cast<std::size_t>(length), out.size() - 1)};
}

}  // namespace

StretchedTime stretch(Nanoseconds since_origin, Scale scale) {
  const Wide per_year = std::max<std::uint32_t>(scale.seconds_per_year, 1);
  const Wide stretched = floor_div<Wide>(Wide{since_origin.count()} * stretched_seconds_per_year, per_year);
  return from_wide(floor_div<Wide>(stretched, nanoseconds_per_second),
                   static_cast<std::uint32_t>(floor_mod<Wide>(stretched, nanoseconds_per_second)));
}

Nanoseconds shrink(StretchedTime time, Scale scale) {
  const Wide per_year = std::max<std::uint32_t>(scale.seconds_per_year, 1);
  // |seconds| * 1e9 stays below 2^94 and times the scale below 2^126.
  const Wide stretched = Wide{time.seconds} * nanoseconds_per_second + time.nanoseconds;
  return Nanoseconds{saturate(floor_div<Wide>(stretched * per_year, stretched_seconds_per_year))};
}

Date date_of(StretchedTime time) {
  const std::int64_t days = floor_div(time.seconds, seconds_per_day);
  const auto second_of_day = static_cast<std::int32_t>(time.seconds - days * seconds_per_day);
  const auto day_of_year = static_cast<std::int32_t>(floor_mod(days, days_per_year));
  // No month is longer than 31 days, so that this is the month or the one before it.
  std::size_t month = static_cast<std::size_t>(day_of_year / 31);
  if (day_of_year >= days_before_month[month + 1]) ++month;

  Date date;
  date.year = floor_div(days, days_per_year) + 1;
  date.month = static_cast<std::int32_t>(month) + 1;
  date.day = day_of_year - days_before_month[month] + 1;
  date.hour = second_of_day / 3600;
  date.minute = second_of_day / 60 % 60;
  date.second = second_of_day % 60;
  date.nanosecond = time.nanoseconds;
  return date;
}

StretchedTime time_of(const Date& date) {
  const Wide month = Wide{date.month} - 1;
  const Wide year = Wide{date.year} - 1 + floor_div<Wide>(month, 12);
  const Wide days = year * days_per_year +
                    days_before_month[static_cast<std::size_t>(floor_mod<Wide>(month, 12))] + date.day - 1;
  const Wide seconds = days * seconds_per_day + Wide{date.hour} * 3600 + Wide{date.minute} * 60 +
                       date.second + date.nanosecond / nanoseconds_per_second;
  return from_wide(seconds, static_cast<std::uint32_t>(date.nanosecond % nanoseconds_per_second));
}

int days_in_month(int month) {
  if (month < 1 || month > 12) return 0;
  return days_before_month[static_cast<std::size_t>(month)] -
         days_before_month[static_cast<std::size_t>(month) - 1];
}

std::string_view write_date(const Date& date, Language language, std::span<char, date_text_size> out) {
  std::array<char, 32> year{};
  if (language == Language::japanese) {
    if (date.year != 1) std::snprintf(year.data(), year.size(), "%" PRId64 "年目 ", date.year);
    return written(out, std::snprintf(out.data(), out.size(), "%s%d月%d日 %s%d時%d分%d秒", year.data(),
                                      date.month, date.day, date.hour < 12 ? "午前" : "午後", date.hour % 12,
                                      date.minute, date.second));
  }
  if (date.year != 1) std::snprintf(year.data(), year.size(), "Year %" PRId64 ", ", date.year);
  const auto month = static_cast<std::size_t>(std::clamp(date.month, 1, 12) - 1);
  return written(out, std::snprintf(out.data(), out.size(), "%s%s %d, %02d:%02d:%02d", year.data(),
                                    english_months[month], date.day, date.hour, date.minute, date.second));
}

std::string_view write_duration(StretchedTime length, Language language,
                                std::span<char, date_text_size> out) {
  struct Unit {
    std::int64_t seconds;
    const char* english;
    const char* japanese;
  };
  static constexpr std::array<Unit, 5> units = {{{stretched_seconds_per_year, " y", "年"},
                                                 {seconds_per_day, " d", "日"},
                                                 {3600, " h", "時間"},
                                                 {60, " min", "分"},
                                                 {1, " s", "秒"}}};
  const bool japanese = language == Language::japanese;
  // The floor of the length itself, so that −0.5 s is "−0 s" nowhere: it is "0 s".
  const bool negative = length.seconds < 0;
  const Wide magnitude =
      negative ? -(Wide{length.seconds} + (length.nanoseconds > 0 ? 1 : 0)) : Wide{length.seconds};
  const std::int64_t seconds = saturate(magnitude);
  const char* sign = negative && seconds > 0 ? "−" : "";

  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::int64_t count = seconds / units[i].seconds;
    if (count == 0 && i + 1 < units.size()) continue;
    const auto name = [&](std::size_t unit) { return japanese ? units[unit].japanese : units[unit].english; };
    const std::int64_t next = i + 1 < units.size() ? seconds % units[i].seconds / units[i + 1].seconds : 0;
    if (next == 0)
      return written(out, std::snprintf(out.data(), out.size(), "%s%" PRId64 "%s", sign, count, name(i)));
    return written(out, std::snprintf(out.data(), out.size(), "%s%" PRId64 "%s%s%" PRId64 "%s", sign, count,
                                      name(i), japanese ? "" : " ", next, name(i + 1)));
  }
  return written(out, 0);
}

}  // namespace humantime
