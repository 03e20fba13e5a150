// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/compare_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "layout/compare_ladder.h"
#include "layout/compare_text.h"
#include "layout/compare_words.h"
#include "layout/drawing.h"
#include "layout/letter.h"
#include "layout/summary.h"
#include "layout/time_axis.h"
#include "layout/words.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr double header_height = 78, axis_height = 22;
constexpr double title_middle = 18, sentence_middle = 41;
constexpr double note_height = 18;
constexpr double least_row = 72;
/// Of the rails' length: higher ones have strokes that are steeper than long.
constexpr double most_row_share = 0.7;
/// Above the client's rail stand dates, below the server's nothing.
constexpr double above_share = 0.23, least_above = 21, most_above = 40;
constexpr double below_share = 0.10, least_below = 8, most_below = 12;
constexpr double gutter_share = 0.17, least_gutter = 168, most_gutter = 236;
/// Behind the last answer: its date stands there.
constexpr double room_behind = 0.16;
constexpr double text_indent = 12;
constexpr double line_height = 16;
constexpr std::int64_t shortest = 10;

struct GutterLine {
  std::string text;
  TextStyle style;
  Ink ink;
};

/// As much of the text as fits, cut between characters.
std::string fitted(const TextMeasure& measure, std::string text, TextStyle style, double room) {
  if (measure.width(text, style) <= room) return text;
  while (!text.empty()) {
    do text.pop_back();
    while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0U) == 0x80U);
    // A character's first byte goes with it.
    if (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0U) == 0xc0U) text.pop_back();
    while (!text.empty() && text.back() == ' ') text.pop_back();
    if (measure.width(text + "…", style) <= room) return text + "…";
  }
  return {};
}

class ComparePage {
 public:
  ComparePage(const Drawing& d, const Comparison& comparison, const CompareFrame& frame)
      : d_(d), comparison_(comparison), frame_(frame), words_(compare_words(d.view.language)) {}

  void lay_out() {
    const Rect& bounds = frame_.axis.bounds;
    d_.fill(bounds.x, bounds.y, bounds.right(), bounds.bottom(), Ink::page);
    lay_out_header();
    if (!comparison_.rows.empty()) lay_out_axis();
    for (std::size_t i = 0; i < comparison_.rows.size(); ++i) lay_out_row(i);
    lay_out_slowest();
    double y = frame_.foot + note_height / 2;
    for (const std::string& note : comparison_notes(d_.timeline, comparison_, d_.view)) {
      d_.text(fitted(d_.measure, note, TextStyle::label, bounds.width - 2 * text_indent), text_indent, y,
              TextStyle::label, Ink::muted);
      y += note_height;
    }
  }

 private:
  double x_at(std::int64_t ns) const { return frame_.axis.x_at(frame_.axis.page.storage[0], ns); }

  void lay_out_header() {
    const double right = frame_.axis.bounds.right() - text_indent, room = right - text_indent;
    std::string title = comparison_title(comparison_, d_.view);
    const bool large = d_.text_width(title, TextStyle::title) <= room;
    const TextStyle style = large ? TextStyle::title : TextStyle::heading;
    title = fitted(d_.measure, std::move(title), style, room);
    if (!title.empty()) d_.text(std::move(title), text_indent, title_middle, style, Ink::text);
    // Of a sentence that is cut the half is missing: then only what January 1st is.
    std::string sentence = comparison_sentence(comparison_, d_.view);
    std::string said = sentence;
    std::erase(said, '*');
    if (d_.text_width(said, TextStyle::body_bold) > room) sentence = alignment_sentence(comparison_, d_.view);
    write_sentence(d_, sentence, text_indent, sentence_middle, right);
  }

  void lay_out_axis() {
    const double top = frame_.header_bottom - axis_height, bottom = frame_.header_bottom;
    const double right = frame_.axis.bounds.right();
    d_.fill(0, top, right, bottom, Ink::shade);
    for (const double y : {top, bottom}) d_.line({0, y}, {right, y}, Ink::grid_strong);
    double free_from = -1e9;
    const double rows_end = frame_.rows.back().bottom;
    for (const Tick& tick : ticks_of(d_)) {
      if (tick.x > frame_.right()) break;
      d_.line({tick.x, bottom - 4}, {tick.x, bottom}, Ink::muted);
      d_.line({tick.x, bottom}, {tick.x, rows_end}, tick.strong ? Ink::grid_strong : Ink::grid);
      const TextStyle style = tick.strong ? TextStyle::tick_bold : TextStyle::tick;
      const double width = d_.text_width(tick.text, style);
      const double left = std::clamp(tick.x - width / 2, 2.0, std::max(2.0, right - width - 2));
      if (left < free_from || tick.text.empty()) continue;
      d_.text(tick.text, left, top + axis_height / 2 - 1, style, tick.strong ? Ink::text : Ink::muted);
      free_from = left + width + 8;
    }
  }

  void lay_out_row(std::size_t at) {
    const CompareRowFrame& box = frame_.rows[at];
    const ComparedRow& row = comparison_.rows[at];
    d_.line({0, box.bottom}, {frame_.axis.bounds.right(), box.bottom}, Ink::grid_strong);
    write_gutter(row, box);
    const CompareLadder ladder{d_, frame_, box, row};
    draw_ladder(ladder);
    if (comparison_.slowest && at != *comparison_.slowest) write_saving(at, box);
  }

  // -- left of the rails

  void write_gutter(const ComparedRow& row, const CompareRowFrame& box) {
    const Words& words = words_of(d_.view.language);
    double rail_names = 0;
    for (const bool client : {true, false}) {
      const double y = client ? box.client : box.server;
      rail_names = std::max(rail_names, d_.text_width(client ? words.client : words.server, TextStyle::tick));
      d_.text(std::string(client ? words.client : words.server), frame_.axis.left - 10, y, TextStyle::tick,
              Ink::muted, Align::right);
    }
    const HandshakeName name = handshake_of_row(row, d_.view);
    std::vector<GutterLine> lines;
    lines.push_back({name.protocol.empty() ? name.course : name.protocol, TextStyle::heading, Ink::text});
    if (!name.protocol.empty()) lines.push_back({name.course, TextStyle::body, Ink::text});
    const double room = frame_.axis.left - text_indent - rail_names - 22;
    std::string trips = trips_line(row);
    if (d_.text_width(trips, TextStyle::label_bold) > room)
      trips = trips_text(row.round_trips, d_.view.language);
    lines.push_back({std::move(trips), TextStyle::label_bold, ink_of_row(row)});
    const double inside = box.bottom - box.top - 8;
    const auto fits = static_cast<std::size_t>(std::max(1.0, std::floor(inside / line_height)));
    const std::string note = note_of(row);
    std::string who = row.is_mean() ? filled(words_.mean_of, {counted(row.journeys.size())})
                                    : std::to_string(row.journeys.front()) + " · " + row.name;
    // What is not sure is said first, on a line of its own where there is one more.
    if (!note.empty() && lines.size() + 2 > fits)
      who = note + " · " + who;
    else if (!note.empty())
      lines.push_back({note, TextStyle::tick, Ink::muted});
    lines.push_back({std::move(who), TextStyle::tick, Ink::muted});
    if (row.trips_before > 0)
      lines.push_back(
          {filled(words_.before, {trips_text(row.trips_before, d_.view.language), real_text(row.before_ns)}),
           TextStyle::tick, Ink::muted});
    if (lines.size() > fits) lines.resize(fits);
    double y =
        (box.top + box.bottom) / 2 - static_cast<double>(lines.size()) * line_height / 2 + line_height / 2;
    for (GutterLine& line : lines) {
      std::string text = fitted(d_.measure, std::move(line.text), line.style, room);
      if (!text.empty()) d_.text(std::move(text), text_indent, y, line.style, line.ink);
      y += line_height;
    }
  }

  /// What of the question was not seen; empty where all was.
  std::string note_of(const ComparedRow& row) const {
    return std::string(!row.asks_ns    ? words_.no_question
                       : !row.hears_ns ? words_.no_answer
                       : row.inferred  ? words_.inferred
                                       : std::string_view());
  }

  std::string trips_line(const ComparedRow& row) const {
    const std::string trips = trips_text(row.round_trips, d_.view.language);
    std::int64_t until = row.asks_ns.value_or(0);
    if (!row.asks_ns)
      for (const ComparedWait& wait : row.waits)
        if (wait.before_question) until = std::max(until, wait.end_ns);
    return row.round_trips ? filled(words_.trips_and_time, {trips, real_text(until)}) : trips;
  }

  static Ink ink_of_row(const ComparedRow& row) {
    return row.waits.empty() ? ink_of(row.trips.front().lane) : ink_of(row.waits.front().lane);
  }

  // -- against the slowest

  void lay_out_slowest() {
    if (!comparison_.slowest) return;
    const std::int64_t hears_ns = *comparison_.rows[*comparison_.slowest].hears_ns;
    const double x = x_at(hears_ns);
    if (hears_ns >= frame_.axis.until_ns || x < frame_.axis.left || x > frame_.right()) return;
    d_.line({x, frame_.header_bottom}, {x, frame_.rows.back().bottom}, Ink::http, Strength::solid, 1,
            LineStyle::dotted);
  }

  /// An arrow from the slowest's answer back to this one's, and how much that is: on the arrow, or behind the
  /// slowest's answer, on as many lines as it takes.
  void write_saving(std::size_t at, const CompareRowFrame& box) {
    const ComparedRow &row = comparison_.rows[at], &slowest = comparison_.rows[*comparison_.slowest];
    if (!row.hears_ns || *slowest.hears_ns >= frame_.axis.until_ns) return;
    const double y = (box.client + box.server) / 2, end = frame_.right();
    const double from = std::clamp(x_at(*row.hears_ns) + 8, frame_.axis.left, end);
    const double to = std::clamp(x_at(*slowest.hears_ns), frame_.axis.left, end);
    constexpr double pad = 8, least_arrow = 10;
    constexpr TextStyle style = TextStyle::body_bold;
    const std::string trips = trips_difference(row, slowest, d_.view.language);
    const std::string time = time_difference(row, slowest, d_.view);
    const std::string whole = saving_text(comparison_, at, d_.view);
    const std::size_t comma = std::min(time.find(words_.separator), time.size());
    const std::string real = time.substr(0, comma + words_.separator.size());
    const std::string last = real.size() < time.size() ? time.substr(real.size()) : time;
    std::vector<std::vector<std::string>> wordings = {{whole}, {trips, time}, {trips, real, last}, {last}};
    for (std::vector<std::string>& lines : wordings) std::erase(lines, std::string());
    const auto width_of = [&](const std::vector<std::string>& lines) {
      double width = 0;
      for (const std::string& line : lines) width = std::max(width, d_.text_width(line, style));
      return width;
    };
    const auto height_of = [](const std::vector<std::string>& lines) {
      return static_cast<double>(lines.size()) * line_height;
    };
    const auto write = [&](const std::vector<std::string>& lines, double x, Align align) {
      double line_y = y - height_of(lines) / 2 + line_height / 2;
      for (const std::string& line : lines) {
        d_.text(line, x, line_y, style, Ink::text, align);
        d_.scene.labels.back().on_page = align == Align::left;
        line_y += line_height;
      }
    };
    if (to - from > 2 * least_arrow) {
      for (const std::vector<std::string>& lines : wordings) {
        const double middle = (from + to) / 2, needed = width_of(lines) / 2 + pad;
        const double half = height_of(lines) / 2 + 4;
        if (to - from < 2 * (needed + least_arrow) || 2 * half > box.server - box.client - 6) continue;
        d_.fill(from, y - half, to, y + half, Ink::muted, Strength::tint);
        arrow(from + 4, middle - needed, y);
        d_.line({middle + needed, y}, {to, y}, Ink::text, Strength::solid, 1.5F);
        return write(lines, middle, Align::center);
      }
      d_.fill(from, y - line_height / 2 - 4, to, y + line_height / 2 + 4, Ink::muted, Strength::tint);
      arrow(from + 4, to, y);
    }
    const double left = std::max(to, from) + 8;
    wordings.push_back({stretched_text(difference(*slowest.hears_ns, *row.hears_ns), d_.view)});
    for (const std::vector<std::string>& lines : wordings)
      if (left + width_of(lines) <= end && height_of(lines) <= box.server - box.client)
        return write(lines, left, Align::left);
  }

  void arrow(double tip, double end, double y) const {
    d_.line({tip, y}, {end, y}, Ink::text, Strength::solid, 1.5F);
    for (const double side : {-4.0, 4.0})
      d_.line({tip, y}, {tip + 7, y + side}, Ink::text, Strength::solid, 1.5F);
  }

  const Drawing& d_;
  const Comparison& comparison_;
  const CompareFrame& frame_;
  const CompareWords& words_;
};

}  // namespace

TimeWindow compare_window(const Comparison& comparison, const View& view) {
  if (view.compare.window)
    return {view.compare.window->begin,
            std::clamp(view.compare.window->seconds, shortest, 10 * stretched_seconds_per_year)};
  std::int64_t last = 0;
  for (const ComparedRow& row : comparison.rows) last = std::max(last, row.last_ns);
  const double seconds =
      static_cast<double>(stretch(Nanoseconds{last}, view.scale).seconds) * (1 + room_behind);
  return {0, static_cast<std::int64_t>(std::clamp(std::ceil(seconds), static_cast<double>(shortest), 9e18))};
}

CompareFrame compare_frame(const Comparison& comparison, const View& view, double width, double height) {
  CompareFrame made;
  const double gutter = std::clamp(width * gutter_share, least_gutter, most_gutter);
  made.axis.page = page_of(compare_window(comparison, view), 0, view.scale);
  made.axis.left = gutter;
  made.axis.width = std::max(1.0, width - gutter - 10);
  made.axis.until_ns = view.until ? captured(*view.until, 0, view.scale) : INT64_MAX;
  made.header_bottom = header_height;
  const double notes =
      note_height * ((comparison.without.empty() ? 0 : 1) + (comparison.left_out > 0 ? 1 : 0));
  const auto count = static_cast<double>(comparison.rows.size());
  const double room = height - header_height - notes - (notes > 0 ? 6 : 0);
  const double row_height = std::clamp(count > 0 ? room / count : room, least_row,
                                       std::max(least_row, made.axis.width * most_row_share));
  double top = header_height;
  for (std::size_t i = 0; i < comparison.rows.size(); ++i) {
    CompareRowFrame row{top, top + row_height};
    row.client = top + std::clamp(row_height * above_share, least_above, most_above);
    row.server = row.bottom - std::clamp(row_height * below_share, least_below, most_below);
    made.rows.push_back(row);
    top = row.bottom;
  }
  made.foot = top + (notes > 0 ? 4 : 0);
  made.axis.bounds = {0, 0, std::max(width, gutter + made.axis.width), std::max(height, made.foot + notes)};
  return made;
}

void lay_out_compare(const Timeline& timeline, const Comparison& comparison, const View& view, double width,
                     double height, const TextMeasure& measure, Scene& scene) {
  scene.clear();
  const CompareFrame frame = compare_frame(comparison, view, width, height);
  scene.bounds = frame.axis.bounds;
  const Drawing drawing{timeline, view, frame.axis, timeline.index(0, false), measure, scene};
  ComparePage(drawing, comparison, frame).lay_out();
}

std::optional<StretchedTime> compare_time_at(const Comparison& comparison, const View& view, double width,
                                             double height, Point point) {
  const CompareFrame frame = compare_frame(comparison, view, width, height);
  const PageRow& row = frame.axis.page.storage[0];
  const double seconds = (point.x - frame.axis.left) / frame.axis.width * static_cast<double>(row.capacity);
  if (!(seconds >= 0) || seconds >= static_cast<double>(row.seconds)) return std::nullopt;
  StretchedTime time = row.start;
  if (__builtin_add_overflow(time.seconds, static_cast<std::int64_t>(seconds), &time.seconds))
    return std::nullopt;
  return time;
}

}  // namespace humantime::ui
