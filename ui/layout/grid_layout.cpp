// SPDX-License-Identifier: GPL-2.0-or-later
// Rows, days, dates and lane names.
#include <array>
#include <cinttypes>
#include <cmath>
#include <cstdio>

#include "layout/drawing.h"
#include "layout/words.h"
#include "reports/time_text.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr double text_indent = 6;

/// How a row is divided: seconds of stretched time.
struct Ticks {
  std::int64_t step;  ///< a grid line, and a date in the row's header
  std::int64_t half;  ///< a fainter tick between; 0: none
  int strong;         ///< every how many steps the line is stronger; 0: never
};
constexpr std::array<Ticks, level_count> ticks_of_levels = {{
    {0, 0, 0},            // years: months, of different lengths
    {86'400, 0, 5},       // year: days
    {86'400, 43'200, 0},  // month: days and noons
    {3600, 1800, 0},      // day
    {60, 30, 0},          // hour
    {1, 0, 0},            // minute
}};

std::string milliseconds(std::int64_t ns) {
  return reports::ms_text(ns);
}

/// Milliseconds to 10 ns: `249.78130`.
std::string fine_milliseconds(std::int64_t ns) {
  std::array<char, 40> text;
  const auto magnitude = ns < 0 ? 0 - static_cast<std::uint64_t>(ns) : static_cast<std::uint64_t>(ns);
  std::snprintf(text.data(), text.size(), "%s%" PRIu64 ".%05" PRIu64, ns < 0 ? "-" : "", magnitude / 1000000,
                magnitude % 1000000 / 10);
  return text.data();
}

/// Real time from the origin to a stretched one.
std::int64_t real_ns(const Drawing& d, std::int64_t seconds) {
  return shrink({seconds, 0}, d.view.scale).count();
}

void lay_out_night(const Drawing& d, const PageRow& row, double top, double bottom) {
  constexpr double day = seconds_per_day;
  const double per_second = d.frame.width / static_cast<double>(row.capacity);
  for (std::int64_t second = 0; second < row.seconds; second += seconds_per_day) {
    const double x = d.frame.left + static_cast<double>(second) * per_second;
    d.fill(x, top, x + 6 * 3600 * per_second, bottom, Ink::night);
    d.fill(x + 18 * 3600 * per_second, top, x + day * per_second, bottom, Ink::night);
  }
}

void lay_out_page_header(const Drawing& d, const LevelStyle& style) {
  const double y = style.page_header / 2;
  if (d.view.level == Level::year) {
    const double day = d.frame.width / 31;
    for (int n = 1; n <= 31; ++n)
      d.text(std::to_string(n), d.frame.left + (n - 0.5) * day, y,
             n % 5 == 0 ? TextStyle::tick_bold : TextStyle::tick, n % 5 == 0 ? Ink::text : Ink::muted,
             Align::center);
  }
  if (d.view.level == Level::years) {
    const Words& words = words_of(d.view.language);
    double day = 0;
    for (int month = 1; month <= 12; ++month) {
      const double length = days_in_month(month);
      d.text(std::string(words.months[month - 1]), d.frame.left + (day + length / 2) / 365 * d.frame.width, y,
             TextStyle::tick, Ink::muted, Align::center);
      day += length;
    }
  }
  d.line({0, style.page_header}, {d.frame.bounds.right(), style.page_header}, Ink::grid_strong);
}

void lay_out_row_header(const Drawing& d, const LevelStyle& style, const PageRow& row, double top) {
  const Ticks& ticks = ticks_of_levels[static_cast<std::size_t>(d.view.level)];
  const double y = top + style.row_header / 2;
  const double per_second = d.frame.width / static_cast<double>(row.capacity);
  const double step_width = static_cast<double>(ticks.step) * per_second;
  for (std::int64_t second = 0; second < row.seconds; second += ticks.step) {
    const double x = d.frame.left + static_cast<double>(second) * per_second;
    // Where time ends there are no later dates: the row shows nothing anyway.
    std::int64_t instant = 0;
    if (__builtin_add_overflow(row.start.seconds, second, &instant)) break;
    const Date date = date_of({instant, 0});
    const bool beyond = second >= row.whole;
    std::string text;
    if (d.view.level == Level::month) {
      text = beyond ? day_text(date, d.view.language) : std::to_string(date.day);
    } else if (d.view.level == Level::minute) {
      std::array<char, 8> buffer;
      std::snprintf(buffer.data(), buffer.size(), ":%02d", date.second);
      text = buffer.data();
    } else {
      std::array<char, 8> buffer;
      std::snprintf(buffer.data(), buffer.size(), "%02d:%02d", date.hour, date.minute);
      text = buffer.data();
    }
    const Rect box =
        d.text(std::move(text), x + text_indent, y, TextStyle::label_bold, beyond ? Ink::muted : Ink::text);
    if (ticks.half > 0) {
      const double middle = x + static_cast<double>(ticks.half) * per_second;
      d.line({middle, top + style.row_header - 4}, {middle, top + style.row_header}, Ink::muted);
      if (d.view.level == Level::month) d.text("12", middle, y, TextStyle::tick, Ink::muted, Align::center);
    }
    if (d.view.level >= Level::day) {
      // A tick of a minute's page is 32 ns.
      std::string real = d.view.level == Level::minute ? fine_milliseconds(real_ns(d, instant))
                                                       : milliseconds(real_ns(d, instant));
      if (d.view.level == Level::day) real += " ms";
      if (box.right() + 6 + d.text_width(real, TextStyle::tick) < x + step_width - 3)
        d.text(std::move(real), x + step_width - 4, y, TextStyle::tick, Ink::muted, Align::right);
    }
  }
}

void lay_out_gutter(const Drawing& d, const PageRow& row, const RowFrame& frame) {
  const Words& words = words_of(d.view.language);
  if (d.view.level <= Level::year) {
    const Date date = date_of(row.start);
    const std::string name = d.view.level == Level::year ? std::string(words.months[date.month - 1])
                                                         : filled(words.year, {std::to_string(date.year)});
    const bool tall = frame.bottom - frame.top >= 34;
    const double y = tall ? frame.top + 10 : (frame.top + frame.bottom) / 2;
    d.text(name, text_indent, y, TextStyle::heading, Ink::text);
    if (tall) {
      std::string below = whole_real_text(real_ns(d, row.start.seconds));
      if (d.frame.stacked) {
        const auto& begins = d.index.journeys.begins;
        const auto from = std::lower_bound(begins.begin(), begins.end(), row.begin_ns);
        const auto to = std::lower_bound(from, begins.end(), row.end_ns);
        below = filled(words.begin, {counted(static_cast<std::uint64_t>(to - from))});
      }
      d.text(std::move(below), text_indent, y + 15, TextStyle::tick, Ink::muted);
    }
  }
  for (const LaneFrame& lane : frame.lanes()) {
    const Ink ink = ink_of(lane.lane);
    const double middle = (lane.band_top + lane.band_bottom) / 2;
    if (d.view.level <= Level::year) {
      d.text(std::string(token_of(lane.lane)), d.frame.left - 6, middle - 2, TextStyle::tick_bold, ink,
             Align::right);
    } else {
      d.text(std::string(token_of(lane.lane)), text_indent, middle, TextStyle::label_bold, ink);
      d.text("C", d.frame.left - 4, lane.band_top, TextStyle::tick, Ink::muted, Align::right);
      d.text("S", d.frame.left - 4, lane.band_bottom, TextStyle::tick, Ink::muted, Align::right);
    }
  }
}

void lay_out_lines(const Drawing& d, const PageRow& row, const RowFrame& frame, double top) {
  const Ticks& ticks = ticks_of_levels[static_cast<std::size_t>(d.view.level)];
  if (ticks.step == 0) {
    double day = 0;
    for (int month = 1; month <= 12; ++month) {
      const double x = d.frame.left + day / 365 * d.frame.width;
      d.line({x, top}, {x, frame.bottom}, Ink::grid);
      day += days_in_month(month);
    }
    return;
  }
  const double per_second = d.frame.width / static_cast<double>(row.capacity);
  int number = 0;
  for (std::int64_t second = 0; second <= row.seconds; second += ticks.step, ++number) {
    const double x = d.frame.left + static_cast<double>(second) * per_second;
    // Closer than the year what is written in the bands stands over them.
    const bool strong = (ticks.strong > 0 && number % ticks.strong == 0) || second == row.seconds;
    d.line({x, top}, {x, frame.bottom}, strong && second > 0 ? Ink::grid_strong : Ink::grid);
  }
}

}  // namespace

void lay_out_grid(const Drawing& d) {
  const LevelStyle& style = style_of(d.view.level);
  const auto rows = d.frame.page.rows();
  const Rect& bounds = d.frame.bounds;
  d.fill(bounds.x, bounds.y, bounds.right(), bounds.bottom(), Ink::page);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const RowFrame& frame = d.frame.rows[r];
    const double top = frame.top + style.row_header;
    const double end = d.frame.left + static_cast<double>(rows[r].seconds) /
                                          static_cast<double>(rows[r].capacity) * d.frame.width;
    if (d.view.level <= Level::year && r % 2 == 1)
      d.fill(0, frame.top, bounds.right(), frame.bottom, Ink::shade);
    if (d.view.level == Level::month) lay_out_night(d, rows[r], top, frame.bottom);
    d.fill(end, frame.top, d.frame.left + d.frame.width, frame.bottom, Ink::window);
  }
  if (style.page_header > 0) lay_out_page_header(d, style);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const RowFrame& frame = d.frame.rows[r];
    lay_out_lines(d, rows[r], frame, style.row_header > 0 ? frame.top + style.row_header : frame.top);
    d.line({0, frame.bottom}, {bounds.right(), frame.bottom}, Ink::grid_strong);
    if (style.row_header > 0) lay_out_row_header(d, style, rows[r], frame.top);
    lay_out_gutter(d, rows[r], frame);
  }
}

}  // namespace humantime::ui
