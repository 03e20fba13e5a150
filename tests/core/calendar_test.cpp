// SPDX-License-Identifier: GPL-2.0-or-later
#include "calendar.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <string>

namespace humantime {
namespace {

using std::chrono::microseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr Scale one_second{1};

std::string text(Nanoseconds since_origin, Language language = Language::english, Scale scale = one_second) {
  std::array<char, date_text_size> out{};
  return std::string(write_date(date_of(stretch(since_origin, scale)), language, out));
}

std::string words(std::int64_t length_seconds, Language language = Language::english,
                  std::uint32_t nanos = 0) {
  std::array<char, date_text_size> out{};
  return std::string(write_duration({length_seconds, nanos}, language, out));
}

// The article's 34 events: milliseconds rounded to a microsecond, which is 31 s of the year, so that the date
// is right to the nearest minute (half a minute and half a microsecond).
TEST(Calendar, TheArticlesDates) {
  std::ifstream file(TEST_DATA "/article-timeline.tsv");
  std::string line;
  std::getline(file, line);
  int rows = 0;
  while (std::getline(file, line)) {
    std::istringstream stream(line);
    std::string n, end, date, ms;
    std::getline(stream, n, '\t');
    std::getline(stream, end, '\t');
    std::getline(stream, date, '\t');
    std::getline(stream, ms, '\t');
    int month = 0, day = 0, hour = 0, minute = 0;
    ASSERT_EQ(std::sscanf(date.c_str(), "%d-%d %d:%d", &month, &day, &hour, &minute), 4) << line;
    int whole = 0, micro = 0;
    ASSERT_EQ(std::sscanf(ms.c_str(), "%d.%3d", &whole, &micro), 2) << line;
    const StretchedTime ours = stretch(microseconds{whole * 1000 + micro}, one_second);
    const StretchedTime theirs =
        time_of({.year = 1, .month = month, .day = day, .hour = hour, .minute = minute});
    // The article may have rounded or cut its minutes: its instant lies in [minute − 30 s, minute + 60 s),
    // ours is off by up to 15.768 s.
    EXPECT_GE(ours.seconds, theirs.seconds - 30 - 16) << line;
    EXPECT_LT(ours.seconds, theirs.seconds + 60 + 16) << line;
    ++rows;
  }
  EXPECT_EQ(rows, 34);
}

TEST(Calendar, YearsAreSeconds) {
  EXPECT_EQ(text(seconds{0}), "Jan 1, 00:00:00");
  EXPECT_EQ(text(nanoseconds{999'999'999}), "Dec 31, 23:59:59");
  EXPECT_EQ(text(seconds{1}), "Year 2, Jan 1, 00:00:00");
  EXPECT_EQ(text(seconds{299}), "Year 300, Jan 1, 00:00:00");
  EXPECT_EQ(text(nanoseconds{-1}), "Year 0, Dec 31, 23:59:59");
  EXPECT_EQ(text(seconds{-1}), "Year 0, Jan 1, 00:00:00");
  EXPECT_EQ(text(nanoseconds{-1'000'000'001}), "Year -1, Dec 31, 23:59:59");
}

TEST(Calendar, JapaneseHalvesOfTheDay) {
  const auto at = [](int hour, int minute, int second) {
    const std::int64_t stretched = (31 + 28 + 8) * seconds_per_day + hour * 3600 + minute * 60 + second;
    std::array<char, date_text_size> out{};
    return std::string(write_date(date_of({stretched, 0}), Language::japanese, out));
  };
  EXPECT_EQ(at(19, 27, 31), "3月9日 午後7時27分31秒");
  EXPECT_EQ(at(0, 0, 0), "3月9日 午前0時0分0秒");
  EXPECT_EQ(at(11, 59, 59), "3月9日 午前11時59分59秒");
  EXPECT_EQ(at(12, 0, 0), "3月9日 午後0時0分0秒");
  EXPECT_EQ(text(seconds{1}, Language::japanese), "2年目 1月1日 午前0時0分0秒");
  EXPECT_EQ(text(nanoseconds{-1}, Language::japanese), "0年目 12月31日 午後11時59分59秒");
}

TEST(Calendar, EveryDayOfTheYearHasItsOwnDate) {
  int month = 1, day = 1;
  for (std::int64_t n = 0; n < days_per_year; ++n) {
    const Date date = date_of({n * seconds_per_day, 0});
    ASSERT_EQ(date.month, month);
    ASSERT_EQ(date.day, day);
    ASSERT_EQ(date.year, 1);
    if (++day > days_in_month(month)) {
      day = 1;
      ++month;
    }
  }
  EXPECT_EQ(month, 13);
  EXPECT_EQ(days_in_month(0), 0);
  EXPECT_EQ(days_in_month(13), 0);
  EXPECT_EQ(days_in_month(2), 28);
}

TEST(Calendar, StretchIsExactMonotonousAndInvertible) {
  std::mt19937_64 random(1);
  std::uniform_int_distribution<std::int64_t> any(-9'000'000'000'000'000'000, 9'000'000'000'000'000'000);
  for (const std::uint32_t per_year : {1U, 2U, 60U, 3'600U, 31'536'000U, 4'294'967'295U}) {
    const Scale scale{per_year};
    for (int i = 0; i < 2000; ++i) {
      const nanoseconds t{any(random) >> (i % 60)};
      const StretchedTime stretched = stretch(t, scale);
      ASSERT_LT(stretched.nanoseconds, 1'000'000'000U);
      ASSERT_LE(stretched, stretch(t + nanoseconds{1}, scale));
      // Exact: |stretched * per_year − t * 31,536,000| < per_year, in stretched nanoseconds.
      const __int128 left =
          (static_cast<__int128>(stretched.seconds) * 1'000'000'000 + stretched.nanoseconds) * per_year;
      const __int128 right = static_cast<__int128>(t.count()) * stretched_seconds_per_year;
      ASSERT_LE(left, right);
      ASSERT_LT(right, left + per_year);
      if (per_year <= stretched_seconds_per_year) {
        ASSERT_LE(std::abs((shrink(stretched, scale) - t).count()), 1);
      }
    }
  }
}

TEST(Calendar, DatesAndTimesAreInverse) {
  std::mt19937_64 random(2);
  std::uniform_int_distribution<std::int64_t> any(-4'000'000'000'000'000'000, 4'000'000'000'000'000'000);
  for (int i = 0; i < 5000; ++i) {
    const StretchedTime time{any(random) >> (i % 60), static_cast<std::uint32_t>(i)};
    const Date date = date_of(time);
    ASSERT_EQ(time_of(date), time);
    ASSERT_GE(date.month, 1);
    ASSERT_LE(date.month, 12);
    ASSERT_GE(date.day, 1);
    ASSERT_LE(date.day, days_in_month(date.month));
    ASSERT_LT(date.hour, 24);
  }
}

TEST(Calendar, SaturatesInsteadOfOverflowing) {
  EXPECT_EQ(stretch(Nanoseconds::max(), one_second), (StretchedTime{290868260554252209, 849552000U}));
  EXPECT_EQ(time_of({.year = std::numeric_limits<std::int64_t>::max()}), StretchedTime::max());
  EXPECT_EQ(time_of({.year = std::numeric_limits<std::int64_t>::min()}), StretchedTime::min());
  EXPECT_EQ(shrink(StretchedTime::max(), Scale{4'294'967'295U}), Nanoseconds::max());
  EXPECT_EQ(shrink(StretchedTime::min(), Scale{4'294'967'295U}), Nanoseconds::min());
  // The extremes still have a date that fits its text.
  std::array<char, date_text_size> out{};
  EXPECT_FALSE(write_date(date_of(StretchedTime::max()), Language::japanese, out).empty());
  EXPECT_EQ(write_date(date_of(StretchedTime::min()), Language::english, out).substr(0, 20),
            "Year -292471208677, ");
}

TEST(Calendar, AScaleOfZeroCountsAsOne) {
  EXPECT_EQ(stretch(seconds{1}, Scale{0}), stretch(seconds{1}, one_second));
}

TEST(Calendar, LengthsInWords) {
  EXPECT_EQ(words(0), "0 s");
  EXPECT_EQ(words(31), "31 s");
  EXPECT_EQ(words(3 * 3600 + 26 * 60 + 59), "3 h 26 min");
  EXPECT_EQ(words(8 * 86400 + 3 * 3600), "8 d 3 h");
  EXPECT_EQ(words(8 * 86400 + 59), "8 d");
  EXPECT_EQ(words(2 * stretched_seconds_per_year + 31 * seconds_per_day), "2 y 31 d");
  EXPECT_EQ(words(-(8 * 86400 + 3 * 3600)), "−8 d 3 h");
  EXPECT_EQ(words(-1, Language::english, 500'000'000), "0 s");
  EXPECT_EQ(words(8 * 86400 + 3 * 3600, Language::japanese), "8日3時間");
  EXPECT_EQ(words(90, Language::japanese), "1分30秒");
}

}  // namespace
}  // namespace humantime
