// SPDX-License-Identifier: GPL-2.0-or-later
// Too many journeys to tell apart: how many are in progress, lane upon lane, and how many begin each day.
#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "layout/drawing.h"
#include "layout/words.h"

namespace humantime::ui {
namespace {

constexpr double column_width = 2;
constexpr double number_height = 15;

/// The columns of all rows: how many stages are in progress in each lane.
using Heights = std::array<std::uint32_t, lane_count>;

/// A cursor into sorted times that only moves forward: neighbours are near.
class Cursor {
 public:
  explicit Cursor(const std::vector<std::int64_t>& times) : times_(&times) {}
  std::size_t to(std::int64_t time_ns) {
    const std::size_t size = times_->size();
    std::size_t step = 1;
    while (at_ + step < size && (*times_)[at_ + step] < time_ns) step *= 2;
    const auto first = times_->begin() + static_cast<std::ptrdiff_t>(at_);
    const auto last = times_->begin() + static_cast<std::ptrdiff_t>(std::min(size, at_ + step + 1));
    at_ = static_cast<std::size_t>(std::lower_bound(first, last, time_ns) - times_->begin());
    return at_;
  }

 private:
  const std::vector<std::int64_t>* times_;
  std::size_t at_ = 0;
};

double row_share(const PageRow& row) {
  return static_cast<double>(row.seconds) / static_cast<double>(row.capacity);
}

void lay_out_heights(const Drawing& d, const std::vector<std::vector<Heights>>& columns,
                     std::uint32_t highest) {
  const auto rows = d.frame.page.rows();
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const RowFrame& frame = d.frame.rows[r];
    const double top = frame.top + style_of(d.view.level).row_header + number_height;
    const double unit = std::max(0.0, frame.bottom - 1 - top) / std::max<std::uint32_t>(highest, 1);
    const double right = d.frame.left + row_share(rows[r]) * d.frame.width;
    const auto& of_row = columns[r];
    std::array<double, lane_count + 1> edges{};  // of the run of columns that look alike
    double since = d.frame.left;
    const auto flush = [&](double x) {
      for (std::size_t l = 0; l < lane_count; ++l)
        d.fill(since, frame.bottom - edges[l + 1], x, frame.bottom - edges[l], ink_of(static_cast<Lane>(l)),
               Strength::segments);
      since = x;
    };
    for (std::size_t c = 0; c < of_row.size(); ++c) {
      std::array<double, lane_count + 1> now{};
      double sum = 0;
      // HTTP at the bottom, as the stack of protocols carries it from above: the order of the legend, turned.
      for (std::size_t l = 0; l < lane_count; ++l) {
        sum += of_row[c][l] * unit;
        now[l + 1] = std::round(sum * 2) / 2;
      }
      if (now == edges) continue;
      const double x = std::min(d.frame.left + static_cast<double>(c) * column_width, right);
      flush(x);
      edges = now;
    }
    flush(right);
  }
}

void lay_out_begins(const Drawing& d) {
  if (d.view.level != Level::year) return;
  const auto rows = d.frame.page.rows();
  struct Day {
    double x;
    std::size_t row;
    std::size_t count;
    std::int64_t begin_ns;
  };
  std::vector<Day> days;
  Cursor begins(d.index.journeys.begins);
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::int64_t count = rows[r].seconds / seconds_per_day;
    const std::int64_t room = rows[r].capacity / seconds_per_day;
    for (std::int64_t day = 0; day < count; ++day) {
      const auto share = [&](std::int64_t n) { return static_cast<double>(n) / static_cast<double>(room); };
      const std::int64_t begin_ns = day == 0 ? rows[r].begin_ns : rows[r].time_at(share(day));
      const std::int64_t end_ns = day + 1 == count ? rows[r].end_ns : rows[r].time_at(share(day + 1));
      const std::size_t from = begins.to(begin_ns);
      const std::size_t to = begins.to(std::min(end_ns, std::max(begin_ns, d.frame.until_ns)));
      if (to > from) days.push_back({d.frame.left + share(day) * d.frame.width, r, to - from, begin_ns});
    }
  }
  // The tenth with the most is bold.
  std::vector<std::size_t> counts;
  counts.reserve(days.size());
  for (const Day& day : days) counts.push_back(day.count);
  std::size_t bold = SIZE_MAX;
  if (counts.size() >= 10) {
    const auto nth = counts.end() - static_cast<std::ptrdiff_t>(counts.size() / 10);
    std::nth_element(counts.begin(), nth, counts.end());
    bold = *nth + 1;
  }
  const double width = d.frame.width / 31;
  for (const Day& day : days) {
    const RowFrame& frame = d.frame.rows[day.row];
    const bool strong = day.count >= bold;
    std::string number = counted(day.count);
    const TextStyle style = strong ? TextStyle::tick_bold : TextStyle::tick;
    if (d.text_width(number, style) <= width - 2 && frame.bottom - frame.top > number_height)
      d.text(std::move(number), day.x + width / 2, frame.top + number_height / 2, style,
             strong ? Ink::text : Ink::muted, Align::center);
    d.scene.hits.push_back({{day.x, frame.top, width, frame.bottom - frame.top},
                            no_event,
                            static_cast<std::uint32_t>(day.count)});
  }
}

}  // namespace

void lay_out_stacked(const Drawing& d) {
  const auto rows = d.frame.page.rows();
  std::vector<std::vector<Heights>> columns(rows.size());
  std::vector<Cursor> begins, ends;
  for (const LaneIndex& lane : d.index.lanes) {
    begins.emplace_back(lane.stages.begins);
    ends.emplace_back(lane.stages.ends);
  }
  std::uint32_t highest = 0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto count = static_cast<std::size_t>(std::ceil(d.frame.width * row_share(rows[r]) / column_width));
    columns[r].resize(count);
    const std::int64_t stop_ns = std::min(rows[r].end_ns, d.frame.until_ns);
    for (std::size_t c = 0; c < count; ++c) {
      const std::int64_t from = rows[r].time_at(static_cast<double>(c) * column_width / d.frame.width);
      if (from >= stop_ns) break;
      const std::int64_t to =
          std::min(stop_ns, rows[r].time_at(static_cast<double>(c + 1) * column_width / d.frame.width));
      std::uint32_t sum = 0;
      for (std::size_t l = 0; l < lane_count; ++l) {
        if (d.view.hidden[l] || d.index.lanes[l].stages.begins.empty()) continue;
        const std::size_t begun = begins[l].to(to);
        const std::size_t ended = ends[l].to(from);
        columns[r][c][l] = begun > ended ? static_cast<std::uint32_t>(begun - ended) : 0;
        sum += columns[r][c][l];
      }
      highest = std::max(highest, sum);
    }
  }
  lay_out_heights(d, columns, highest);
  lay_out_begins(d);
}

}  // namespace humantime::ui
