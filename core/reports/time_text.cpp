// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/time_text.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "letters/letters.h"

namespace humantime::reports {

std::string minute_text(const Date& date, Language language) {
  std::array<char, date_text_size> buffer;
  const std::string_view text = write_date(date, language, buffer);
  // Every date ends with its seconds.
  if (language == Language::english) return std::string(text.substr(0, text.rfind(':')));
  constexpr std::string_view minute = "分";
  return std::string(text.substr(0, text.rfind(minute) + minute.size()));
}

std::string rounded_text(const RoundedDate& date, Language language) {
  const std::string text = minute_text(date.date, language);
  if (!date.day_only) return text;
  constexpr std::string_view day = "日";
  return language == Language::japanese ? text.substr(0, text.rfind(day) + day.size())
                                        : text.substr(0, text.rfind(','));
}

Dates::Dates(const FrameStore& store, Telling telling) : telling_(telling) {
  const std::optional<FrameNumber> first = store.first_timed();
  known_ = first.has_value();
  if (first) origin_ns_ = instant_of(store, *first);
}

Dates Dates::since_zero(Telling telling) {
  return Dates(telling);
}

Dates Dates::of_journey(const FrameStore& store, FrameNumber first) const {
  if (telling_.origin != Origin::journey) return *this;
  Dates dates = *this;
  const FrameRow* row = store.find(first);
  dates.known_ = row != nullptr && row->has(FrameRow::has_time);
  dates.origin_ns_ = dates.known_ ? instant_of(store, first) : 0;
  return dates;
}

Date Dates::at(std::int64_t time_ns) const {
  return date_of(stretch(Nanoseconds{difference(time_ns, origin_ns_)}, telling_.scale));
}

std::string Dates::to_second(std::int64_t time_ns) const {
  std::array<char, date_text_size> text;
  return std::string(write_date(at(time_ns), telling_.language, text));
}

std::string Dates::to_minute(std::int64_t time_ns) const {
  return minute_text(at(time_ns), telling_.language);
}

std::int64_t Dates::instant_of(const FrameStore& store, FrameNumber frame) const {
  const FrameRow* row = store.find(frame);
  if (row == nullptr || !row->has(FrameRow::has_time)) return 0;
  return telling_.letters == nullptr ? row->time_ns : telling_.letters->corrected_ns(frame);
}

std::string Dates::rounded(std::int64_t time_ns, std::int64_t precision_ns) const {
  if (!known_) return {};
  const StretchedTime time = stretch(Nanoseconds{difference(time_ns, origin_ns_)}, telling_.scale);
  return rounded_text(rounded_date(time, precision_ns, telling_.scale), telling_.language);
}

std::string Dates::length(std::int64_t ns) const {
  std::array<char, date_text_size> text;
  return std::string(write_duration(stretch(Nanoseconds{ns}, telling_.scale), telling_.language, text));
}

double Dates::days(std::int64_t ns) const {
  const StretchedTime time = stretch(Nanoseconds{ns}, telling_.scale);
  return (static_cast<double>(time.seconds) + time.nanoseconds * 1e-9) / seconds_per_day;
}

std::size_t Dates::minute_width(std::int64_t time_ns) const {
  const bool japanese = telling_.language == Language::japanese;
  const std::int64_t year = at(time_ns).year;
  if (year == 1) return japanese ? 21 : 13;
  // `Year 12, ` or `12年目 ` in front.
  return (japanese ? 21 + 5 : 13 + 7) + std::to_string(year).size();
}

std::string ms_text(std::int64_t ns) {
  // In integers: a double would round long captures.
  const bool negative = ns < 0;
  const std::uint64_t magnitude =
      negative ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  std::array<char, 32> text;
  const int size = std::snprintf(text.data(), text.size(), "%s%llu.%03u", negative ? "-" : "",
                                 static_cast<unsigned long long>(magnitude / 1'000'000),
                                 static_cast<unsigned>(magnitude / 1000 % 1000));
  return {text.data(), static_cast<std::size_t>(size)};
}

double ms_of(std::int64_t ns) {
  return static_cast<double>(ns) / 1e6;
}

std::string utc_text(std::int64_t time_ns) {
  using namespace std::chrono;
  const sys_time<nanoseconds> instant{nanoseconds{time_ns}};
  // Nanoseconds reach from 1677 to 2262: seconds of these years do not overflow.
  const auto second = floor<seconds>(instant);
  const auto day = floor<days>(second);
  const year_month_day date{day};
  const hh_mm_ss time{second - day};
  const std::int64_t fraction = (time_ns % 1'000'000'000 + 1'000'000'000) % 1'000'000'000;
  std::array<char, 64> text;
  const int size = std::snprintf(text.data(), text.size(), "%04d-%02u-%02u %02d:%02d:%02d.%09lld",
                                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                                 static_cast<int>(time.minutes().count()),
                                 static_cast<int>(time.seconds().count()), static_cast<long long>(fraction));
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace humantime::reports
