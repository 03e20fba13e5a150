// SPDX-License-Identifier: GPL-2.0-or-later
#include "calendar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <system_error>

namespace humantime {
namespace {

using Wide = __int128;

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

constexpr std::array<std::string_view, 12> english_months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
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
  // Not a - floor_div(a, b) * b: near the smallest number that product overflows.
  const T remainder = a % b;
  return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
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

/// Appends to a fixed buffer: dates are written for every frame, and printf costs twenty times as much.
class Writer {
 public:
  explicit Writer(std::span<char, date_text_size> out)
      : begin_(out.data()), at_(begin_), end_(begin_ + out.size() - 1) {}
  Writer& text(std::string_view text) {
    at_ = std::copy_n(text.data(), std::min<std::size_t>(text.size(), static_cast<std::size_t>(end_ - at_)),
                      at_);
    return *this;
  }
  Writer& number(std::int64_t value) {
    if (const auto [next, error] = std::to_chars(at_, end_, value); error == std::errc{}) at_ = next;
    return *this;
  }
  Writer& two_digits(int value) { return text(value < 10 ? "0" : "").number(value); }
  std::string_view done() {
    *at_ = '\0';
    return {begin_, static_cast<std::size_t>(at_ - begin_)};
  }

 private:
  char* begin_;
  char* at_;
  char* end_;
};

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
  const auto second_of_day = static_cast<std::int32_t>(floor_mod(time.seconds, seconds_per_day));
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
  Writer writer(out);
  if (language == Language::japanese) {
    if (date.year != 1) writer.number(date.year).text("年目 ");
    writer.number(date.month).text("月").number(date.day).text("日 ");
    writer.text(date.hour < 12 ? "午前" : "午後").number(date.hour % 12).text("時");
    return writer.number(date.minute).text("分").number(date.second).text("秒").done();
  }
  if (date.year != 1) writer.text("Year ").number(date.year).text(", ");
  writer.text(english_months[static_cast<std::size_t>(std::clamp(date.month, 1, 12) - 1)]).text(" ");
  writer.number(date.day).text(", ").two_digits(date.hour).text(":");
  return writer.two_digits(date.minute).text(":").two_digits(date.second).done();
}

std::string_view write_duration(StretchedTime length, Language language,
                                std::span<char, date_text_size> out) {
  struct Unit {
    std::int64_t seconds;
    std::string_view english;
    std::string_view japanese;
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

  Writer writer(out);
  if (negative && seconds > 0) writer.text("−");
  std::size_t unit = 0;
  while (unit + 1 < units.size() && seconds < units[unit].seconds) ++unit;
  const auto add = [&](std::size_t of, std::int64_t count) {
    writer.number(count).text(japanese ? units[of].japanese : units[of].english);
  };
  add(unit, seconds / units[unit].seconds);
  if (unit + 1 < units.size()) {
    const std::int64_t next = seconds % units[unit].seconds / units[unit + 1].seconds;
    if (next > 0) {
      writer.text(japanese ? "" : " ");
      add(unit + 1, next);
    }
  }
  return writer.done();
}

}  // namespace humantime
