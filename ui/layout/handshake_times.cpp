// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/handshake_times.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string>

#include "layout/handshake_words.h"
#include "layout/words.h"

namespace humantime::ui {
namespace {

using journeys::Quartiles;

// In lines of the body's type.
constexpr double head_line = 1.4, kind_line = 2.5, axis_line = 1.25;
constexpr double least_axis = 14;
constexpr double logarithmic_from = 100;
constexpr double ns_per_ms = 1e6;
constexpr float single_radius = 3.6F;

std::string number_text(double value) {
  std::array<char, 48> text;
  const double magnitude = std::abs(value);
  const int decimals = magnitude >= 100 || value == 0 ? 0 : magnitude >= 10 ? 1 : magnitude >= 0.1 ? 2 : 4;
  const int size = std::snprintf(text.data(), text.size(), "%.*f", decimals, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

/// A tick: no more digits than it needs.
std::string tick_text(double value) {
  if (value >= 1000) return counted(static_cast<std::uint64_t>(std::llround(value)));
  std::array<char, 48> text;
  const int size = std::snprintf(text.data(), text.size(), "%.6g", value);
  return {text.data(), static_cast<std::size_t>(size)};
}

std::string trips_text(const HandshakesRecord& of) {
  std::string text;
  for (const std::uint8_t trips : of.round_trips)
    text.append(text.empty() ? "" : ", ").append(std::to_string(trips));
  return text.empty() ? "–" : text;
}

std::array<std::int64_t, 5> five_of(const Quartiles& times) {
  return {times.min_ns, times.q1_ns, times.median_ns, times.q3_ns, times.max_ns};
}

/// What stands before the axis, right-aligned but for the kind; how wide each is follows what is in it.
struct Cells {
  std::string kind, count, share, trips, days, real, waiting;
};

class Table {
 public:
  Table(const ConnectionsRecord& record, const ConnectionsSheet& sheet, const TimesPlace& place,
        std::vector<ConnectionsRow>& rows)
      : record_(record),
        s_(sheet),
        place_(place),
        rows_(rows),
        em_(s_.high(TextStyle::body)),
        per_day_ns_(1e9 * sheet.view.scale.seconds_per_year / 365.0) {}

  double lay_out() {
    if (record_.kinds.empty()) return place_.top;
    for (const HandshakesRecord& of : record_.kinds) cells_.push_back(cells_of(of));
    place_columns();
    double y = lay_out_head(place_.top);
    const double first = y;
    const std::size_t grid = s_.scene.lines.size();
    for (std::size_t i = 0; i < record_.kinds.size(); ++i) y = lay_out_kind(i, y);
    lay_out_axis(first, y, grid);
    return y + (has_axis_ ? axis_line * em_ : 0);
  }

 private:
  double days_of(double ns) const { return ns / per_day_ns_; }

  Cells cells_of(const HandshakesRecord& of) const {
    Cells cells{handshake_label(of.kind, s_.view.language),
                counted(of.count),
                percent_text(static_cast<double>(of.count), static_cast<double>(record_.handshakes)),
                trips_text(of),
                "–",
                {},
                of.waiting_share ? percent_text(*of.waiting_share, 1) : "–"};
    if (of.times.n > 0) {
      const auto median = static_cast<double>(of.times.median_ns);
      cells.days = number_text(days_of(median)) + std::string(s_.words.days_unit);
      cells.real = number_text(median / ns_per_ms) + " ms";
    }
    return cells;
  }

  double widest(std::string Cells::*cell, std::string_view head) const {
    double width = s_.wide(head, TextStyle::label);
    for (const Cells& cells : cells_) width = std::max(width, s_.wide(cells.*cell, TextStyle::body));
    return width;
  }

  /// Left to right; where there is little room the last of `order` has to go first.
  void place_columns() {
    const double gap = 1.1 * em_, room = place_.right - place_.left;
    const ConnectionWords& w = s_.words;
    kind_width_ = std::min(widest(&Cells::kind, w.kind), room * 0.34);
    struct Wish {
      double* right;
      double width;
    };
    const std::array<Wish, 6> order = {
        {{&days_right_, std::max(widest(&Cells::days, {}), s_.wide(w.median, TextStyle::label))},
         {&count_right_, widest(&Cells::count, w.count)},
         {&trips_right_, widest(&Cells::trips, w.trips)},
         {&share_right_, widest(&Cells::share, w.share)},
         {&real_right_, widest(&Cells::real, {})},
         {&waiting_right_, widest(&Cells::waiting, w.waiting)}}};
    double taken = kind_width_;
    std::array<double, 6> widths{};
    for (const Wish& wish : order) *wish.right = hidden;
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (taken + gap + order[i].width > room) break;
      widths[i] = gap + order[i].width;
      taken += widths[i];
      *order[i].right = 0;
    }
    const auto [days, count, trips, share, real, waiting] = widths;
    double x = place_.left + kind_width_;
    const auto from_left = [&](double& right, double width) {
      if (right != hidden) right = x += width;
    };
    from_left(count_right_, count);
    from_left(share_right_, share);
    from_left(trips_right_, trips);
    cells_right_ = x;
    x = place_.right;
    const auto from_right = [&](double& right, double width) {
      if (right == hidden) return;
      right = x;
      x -= width;
    };
    from_right(waiting_right_, waiting);
    from_right(real_right_, real);
    from_right(days_right_, days);
    axis_left_ = cells_right_ + 1.6 * em_;
    axis_right_ = x - 0.5 * em_;
    std::int64_t shortest = 0, longest = 0;
    for (const HandshakesRecord& of : record_.kinds) {
      if (of.times.n == 0) continue;
      shortest = longest == 0 && shortest == 0 ? of.times.min_ns : std::min(shortest, of.times.min_ns);
      longest = std::max(longest, of.times.max_ns);
    }
    scale_ = TimeScale(shortest, longest);
    has_axis_ = axis_right_ - axis_left_ >= least_axis * em_ && longest > 0;
  }

  double x_at(std::int64_t ns) const {
    return axis_left_ + scale_.share_of(static_cast<double>(ns)) * (axis_right_ - axis_left_);
  }

  double lay_out_head(double y) const {
    const ConnectionWords& w = s_.words;
    const double height = head_line * em_;
    const double middle = y + height / 2;
    const auto head = [&](std::string_view text, double x, Align align) {
      if (x != hidden) s_.text(std::string(text), x, middle, TextStyle::label, Ink::muted, align);
    };
    head(w.kind, place_.left, Align::left);
    head(w.count, count_right_, Align::right);
    head(w.share, share_right_, Align::right);
    head(w.trips, trips_right_, Align::right);
    head(w.median, real_right_ != hidden ? real_right_ : days_right_, Align::right);
    head(w.waiting, waiting_right_, Align::right);
    return y + height + (has_axis_ ? axis_line * em_ : 0);
  }

  double lay_out_kind(std::size_t at, double y) const {
    const HandshakesRecord& of = record_.kinds[at];
    const Cells& cells = cells_[at];
    const double height = kind_line * em_ * place_.stretch;
    // The five numbers stand below the name, so that the boxes keep the width.
    const double line = 1.15 * em_;
    const std::string five = five_text(of.times);
    const double first = y + height / 2 - (five.empty() ? 0 : line / 2), second = first + line;
    const double middle = y + height / 2;
    s_.text(cells.kind, place_.left, first, TextStyle::body, Ink::text, Align::left, kind_width_);
    const auto cell = [&](const std::string& text, double x, double y_of, TextStyle style, Ink ink) {
      if (x != hidden) s_.text(text, x, y_of, style, ink, Align::right);
    };
    cell(cells.count, count_right_, first, TextStyle::body, Ink::text);
    cell(cells.share, share_right_, first, TextStyle::body, Ink::muted);
    cell(cells.trips, trips_right_, first, TextStyle::body, Ink::text);
    if (!five.empty())
      s_.text(five, place_.left, second, TextStyle::tick, Ink::muted, Align::left,
              cells_right_ - place_.left);
    cell(cells.days, days_right_, middle, TextStyle::body_bold, Ink::text);
    cell(cells.real, real_right_, middle, TextStyle::body, Ink::text);
    cell(cells.waiting, waiting_right_, middle, TextStyle::body, Ink::muted);
    const bool quic = of.kind.starts_with("quic");
    if (has_axis_ && of.times.n > 0) lay_out_box(of.times, middle, quic ? Lane::quic : Lane::tls);
    rows_.push_back(
        {{place_.left, y, place_.right - place_.left, height}, at, copied(of, cells), spoken(of, cells)});
    return y + height;
  }

  std::string five_text(const Quartiles& times) const {
    if (times.n < 2) return {};
    std::string text;
    for (const std::int64_t ns : five_of(times))
      text.append(text.empty() ? "" : " – ").append(number_text(static_cast<double>(ns) / ns_per_ms));
    return text + " ms";
  }

  void lay_out_box(const Quartiles& times, double middle, Lane lane) const {
    const Ink ink = ink_of(lane);
    if (times.min_ns == times.max_ns) {
      s_.scene.marks.push_back(
          {{x_at(times.median_ns), middle}, single_radius, lane, Filling::filled, no_event});
      return;
    }
    const double half = 0.62 * em_ * (0.6 + 0.4 * place_.stretch), cap = half * 0.58;
    const double least = x_at(times.min_ns), most = x_at(times.max_ns);
    const double from = x_at(times.q1_ns), to = x_at(times.q3_ns);
    // Never nothing: where all are alike the box is a line.
    s_.fill({from, middle - half, std::max(1.0, to - from), 2 * half}, ink, Strength::stage_bar);
    s_.line({least, middle}, {from, middle}, ink, 1.2F);
    s_.line({to, middle}, {most, middle}, ink, 1.2F);
    for (const double x : {least, most}) s_.line({x, middle - cap}, {x, middle + cap}, ink, 1.2F);
    for (const double x : {from, to}) s_.line({x, middle - half}, {x, middle + half}, ink, 1.2F);
    for (const double y : {middle - half, middle + half}) s_.line({from, y}, {to, y}, ink, 1.2F);
    const double median = x_at(times.median_ns);
    s_.line({median, middle - half}, {median, middle + half}, ink, 3);
  }

  /// Days above, milliseconds below, and lines of the days behind the boxes.
  void lay_out_axis(double top, double bottom, std::size_t below) {
    if (!has_axis_) return;
    const double width = axis_right_ - axis_left_;
    std::vector<Line> grid;
    const auto vertical = [&](double x, double from, double to, Ink ink) {
      grid.push_back({{x, from}, {x, to}, ink, Strength::solid, LineStyle::solid, 1, no_event});
    };
    const auto numbers = [&](double unit_ns, double y, std::string_view unit, bool lines) {
      const double room = s_.wide("00,000", TextStyle::tick) * 1.5;
      // The unit stands before the axis, where its line has nothing else.
      const double unit_right = axis_left_ - 0.9 * em_;
      s_.text(std::string(unit), unit_right, y, TextStyle::tick, Ink::muted, Align::right,
              unit_right - place_.left);
      double free_from = axis_left_ - 0.8 * em_;
      for (const double tick : scale_.ticks(unit_ns, static_cast<std::size_t>(std::max(2.0, width / room)))) {
        const double x = axis_left_ + scale_.share_of(tick * unit_ns) * width;
        if (lines) vertical(x, top, bottom, Ink::grid);
        const std::string text = tick_text(tick);
        const double half = s_.wide(text, TextStyle::tick) / 2;
        if (x - half < free_from || x + half > axis_right_ + em_) continue;
        free_from = x + half + em_ * 0.4;
        s_.text(text, x, y, TextStyle::tick, Ink::muted, Align::center);
      }
    };
    std::string days(s_.words.days);
    if (scale_.is_logarithmic()) days.append(words_of(s_.view.language).comma).append(s_.words.logarithmic);
    numbers(per_day_ns_, top - axis_line * em_ / 2, days, true);
    numbers(ns_per_ms, bottom + axis_line * em_ / 2, s_.words.real, false);
    for (const double y : {top, bottom})
      grid.push_back({{axis_left_, y},
                      {axis_right_, y},
                      Ink::grid_strong,
                      Strength::solid,
                      LineStyle::solid,
                      1,
                      no_event});
    // Behind what stands on it.
    std::vector<Line>& lines = s_.scene.lines;
    lines.insert(lines.begin() + static_cast<std::ptrdiff_t>(below), grid.begin(), grid.end());
  }

  std::string copied(const HandshakesRecord& of, const Cells& cells) const {
    std::string text = of.kind + "\t" + std::to_string(of.count) + "\t" + cells.share + "\t" + cells.trips;
    for (const std::int64_t ns : five_of(of.times))
      text += "\t" + (of.times.n > 0 ? number_text(static_cast<double>(ns) / ns_per_ms) : std::string());
    return text + "\t" + cells.waiting;
  }

  std::string spoken(const HandshakesRecord& of, const Cells& cells) const {
    const ConnectionWords& w = s_.words;
    std::string text = filled(w.said_handshake, {cells.kind, cells.count, cells.share, cells.trips});
    if (of.times.n == 0) return text;
    std::array<std::string, 5> said;
    const std::array<std::int64_t, 5> five = five_of(of.times);
    for (std::size_t i = 0; i < five.size(); ++i)
      said[i] = spoken_length(stretch(Nanoseconds{five[i]}, s_.view.scale), s_.view.language);
    text += filled(w.said_times, {said[0], said[1], said[2], said[3], said[4]});
    if (of.waiting_share) text += filled(w.said_waiting, {cells.waiting});
    return text;
  }

  const ConnectionsRecord& record_;
  const ConnectionsSheet& s_;
  const TimesPlace& place_;
  std::vector<ConnectionsRow>& rows_;
  double em_, per_day_ns_;
  std::vector<Cells> cells_;
  static constexpr double hidden = -1;  ///< of a column that has no room
  double cells_right_ = 0;              ///< of those before the axis
  double kind_width_ = 0, count_right_ = 0, share_right_ = 0, trips_right_ = 0;
  double days_right_ = 0, real_right_ = 0, waiting_right_ = 0;
  double axis_left_ = 0, axis_right_ = 0;
  bool has_axis_ = false;
  TimeScale scale_{0, 0};
};

}  // namespace

TimeScale::TimeScale(std::int64_t shortest_ns, std::int64_t longest_ns)
    : logarithmic_(shortest_ns > 0 &&
                   static_cast<double>(longest_ns) > logarithmic_from * static_cast<double>(shortest_ns)),
      from_(logarithmic_ ? static_cast<double>(shortest_ns) / 1.25 : 0),
      to_(std::max(1.0, static_cast<double>(longest_ns) * (logarithmic_ ? 1.25 : 1.04))) {}

double TimeScale::share_of(double ns) const {
  if (logarithmic_) return std::clamp(std::log(std::max(ns, 1.0) / from_) / std::log(to_ / from_), 0.0, 1.0);
  return std::clamp(ns / to_, 0.0, 1.0);
}

std::vector<double> TimeScale::ticks(double unit_ns, std::size_t most) const {
  std::vector<double> ticks;
  const double from = from_ / unit_ns, to = to_ / unit_ns;
  static constexpr std::array<double, 3> round = {1, 2, 5};
  if (logarithmic_) {
    const double decades = std::log10(to / from);
    // All of 1, 2, 5; or powers of ten only.
    const std::size_t each = decades * 3 <= static_cast<double>(most) ? 3 : 1;
    const int first = static_cast<int>(std::floor(std::log10(from)));
    const int last = static_cast<int>(std::floor(std::log10(to)));
    for (int exponent = first; exponent <= last; ++exponent)
      for (std::size_t i = 0; i < each; ++i)
        if (const double tick = std::pow(10, exponent) * round[i]; tick >= from && tick <= to)
          ticks.push_back(tick);
    return ticks;
  }
  double step =
      std::pow(10, std::floor(std::log10(to / static_cast<double>(std::max<std::size_t>(most, 1)))));
  std::size_t i = 0;
  while (to / (step * round[i]) > static_cast<double>(most)) {
    if (++i < round.size()) continue;
    i = 0;
    step *= 10;
  }
  for (std::size_t n = 0; static_cast<double>(n) * step * round[i] <= to; ++n)
    ticks.push_back(static_cast<double>(n) * step * round[i]);
  return ticks;
}

double lay_out_handshake_times(const ConnectionsRecord& record, const ConnectionsSheet& sheet,
                               const TimesPlace& place, std::vector<ConnectionsRow>& rows) {
  return Table(record, sheet, place, rows).lay_out();
}

}  // namespace humantime::ui
