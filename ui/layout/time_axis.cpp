// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/time_axis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "layout/words.h"

namespace humantime::ui {
namespace {

constexpr std::int64_t hour = 3600;

/// Steps within a day: they divide it.
constexpr std::array<std::int64_t, 15> steps = {1,   2,   5,    10,   15,       30,       60,       120,
                                                300, 600, 1800, hour, 3 * hour, 6 * hour, 12 * hour};

/// Steps of days: which of them have a tick, and how many of a month those are.
struct DayStep {
  double a_month;
  bool (*has)(const Date& date);
};
constexpr DayStep day_steps[] = {
    {31, [](const Date&) { return true; }},
    {6, [](const Date& date) { return date.day == 1 || (date.day % 5 == 0 && date.day < 30); }},
    {3, [](const Date& date) { return date.day == 1 || date.day == 10 || date.day == 20; }},
    {1, [](const Date& date) { return date.day == 1; }},
    {1.0 / 3, [](const Date& date) { return date.day == 1 && date.month % 3 == 1; }},
    {1.0 / 12, [](const Date& date) { return date.day == 1 && date.month == 1; }},
};

std::string clock_of(const Date& date, std::int64_t step, Language language) {
  if (step >= 60) return clock_text(date, language);
  std::array<char, 16> text;
  std::snprintf(text.data(), text.size(), "%02d:%02d:%02d", date.hour, date.minute, date.second);
  return text.data();
}

}  // namespace

std::vector<Tick> ticks_of(const Drawing& d, double least_gap) {
  const PageRow& row = d.frame.page.storage[0];
  const double per_second = d.frame.width / static_cast<double>(row.capacity);
  const Words& words = words_of(d.view.language);
  std::vector<Tick> ticks;
  const auto date_at = [&](std::int64_t second) { return date_of({second, 0}); };
  const auto x_at = [&](std::int64_t second) {
    return d.frame.left + static_cast<double>(second - row.start.seconds) * per_second;
  };
  std::int64_t end = 0;
  // Behind the end of time there are no dates.
  if (__builtin_add_overflow(row.start.seconds, row.seconds, &end)) return ticks;

  const auto* const step = std::find_if(steps.begin(), steps.end(), [&](std::int64_t s) {
    // Japanese clocks are longer than European ones.
    const double room = d.view.language == Language::japanese || s < 60 ? 1.6 : 1;
    return static_cast<double>(s) * per_second >= least_gap * room;
  });
  if (step != steps.end()) {
    const std::int64_t rest = ((row.start.seconds % *step) + *step) % *step;
    std::int64_t second = row.start.seconds;
    if (rest != 0 && __builtin_add_overflow(second, *step - rest, &second)) return ticks;
    while (second < end) {
      const Date date = date_at(second);
      const bool midnight = date.hour == 0 && date.minute == 0 && date.second == 0;
      const bool dated = midnight || ticks.empty();
      const std::string clock = clock_of(date, *step, d.view.language);
      std::string text = dated ? day_text(date, d.view.language) : std::string();
      if (!midnight) text.append(dated ? " " : "").append(clock);
      ticks.push_back({x_at(second), std::move(text), midnight});
      if (__builtin_add_overflow(second, *step, &second)) break;
    }
    return ticks;
  }

  // Of centuries not every day is looked at: 1, 2, 5, 10, … years.
  constexpr std::int64_t most_years = 20;
  if (row.seconds > most_years * stretched_seconds_per_year) {
    const double year_width = static_cast<double>(stretched_seconds_per_year) * per_second;
    double years = 1;
    for (int i = 0; years * year_width < least_gap; ++i) years *= i % 3 == 1 ? 2.5 : 2;
    const double apart = std::round(years) * static_cast<double>(stretched_seconds_per_year);
    // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter)
    for (double second = 0; second < static_cast<double>(row.seconds); second += apart) {
      const Date date = date_at(row.start.seconds + static_cast<std::int64_t>(second));
      ticks.push_back({d.frame.left + second * per_second, std::to_string(date.year), false});
    }
    return ticks;
  }

  const double month_width = 30.4 * seconds_per_day * per_second;
  const auto* chosen = std::begin(day_steps);
  while (chosen + 1 != std::end(day_steps) && month_width / chosen->a_month < least_gap) ++chosen;
  std::int64_t second = row.start.seconds / seconds_per_day * seconds_per_day;
  if (second < row.start.seconds && __builtin_add_overflow(second, seconds_per_day, &second)) return ticks;
  while (second < end) {
    const Date date = date_at(second);
    if (chosen->has(date)) {
      const bool first = date.day == 1;
      const bool january = first && date.month == 1;
      Tick tick{x_at(second), std::to_string(date.day), chosen->a_month > 1 ? first : january};
      if (chosen->a_month <= 1 && first) tick.text = words.months[date.month - 1];
      if (chosen->a_month > 1 && (first || ticks.empty())) tick.text = day_text(date, d.view.language);
      if (january && (date.year != 1 || chosen->a_month < 0.2))
        tick.text = filled(words.year, {std::to_string(date.year)});
      ticks.push_back(std::move(tick));
    }
    if (__builtin_add_overflow(second, seconds_per_day, &second)) break;
  }
  return ticks;
}

}  // namespace humantime::ui
