// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/label_line.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "layout/event_text.h"
#include "layout/words.h"

namespace humantime::ui {
namespace {

constexpr double gap = 5;
/// Narrower than this no name is.
constexpr double least_width = 14;
constexpr std::size_t most_letters = 40;

}  // namespace

bool LabelLine::is_free(double left, double right) const {
  // Sorted, and nothing overlaps: the first that ends behind `left` decides.
  const auto next =
      std::partition_point(taken_.begin(), taken_.end(), [&](const Interval& i) { return i.right <= left; });
  return next == taken_.end() || next->left >= right;
}

void LabelLine::take(double left, double right) {
  const auto next =
      std::partition_point(taken_.begin(), taken_.end(), [&](const Interval& i) { return i.right <= left; });
  taken_.insert(next, {left, right});
}

double LabelLine::place_for(const LabelWish& wish, double width, double left, double right) const {
  const double after = std::max(wish.x, left);
  if (after + width <= right && is_free(after, after + width)) return after;
  const double before = wish.anchor - width - 2;
  if (before >= left && is_free(before, before + width)) return before;
  return std::numeric_limits<double>::quiet_NaN();
}

void LabelLine::write(const Drawing& d, double left, double right, double y, Ink ink) {
  std::sort(taken_.begin(), taken_.end(),
            [](const Interval& a, const Interval& b) { return a.left < b.left; });
  // What is blocked may overlap; searching must not care.
  std::size_t kept = 0;
  for (const Interval& interval : taken_) {
    if (kept > 0 && interval.left <= taken_[kept - 1].right)
      taken_[kept - 1].right = std::max(taken_[kept - 1].right, interval.right);
    else
      taken_[kept++] = interval;
  }
  taken_.resize(kept);
  std::sort(wishes_.begin(), wishes_.end(), [](const LabelWish& a, const LabelWish& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (a.weight != b.weight) return a.weight > b.weight;
    return a.x < b.x;
  });
  for (const LabelWish& wish : wishes_) {
    if (std::isnan(place_for(wish, least_width, left, right))) continue;
    std::string name;
    if (wish.rank == LabelRank::count) {
      name = filled(words_of(d.view.language).segments, {counted(wish.count)});
    } else {
      name = name_of(d.timeline, EventIndex{wish.event}, d.view.language);
      if (wish.last != wish.event) {
        const Event& last = d.timeline.at(EventIndex{wish.last});
        name = std::string(label_of(d.timeline.at(EventIndex{wish.event}).phase, d.view.language));
        name.append(" … ").append(label_of(last.phase, d.view.language));
        if (wish.count > 2) name.append(" (").append(counted(wish.count)).append(")");
      }
    }
    std::string full = name;
    if (wish.length_ns > 0)
      full.append(" ").append(
          length_text(stretch(Nanoseconds{wish.length_ns}, d.view.scale), d.view.language));
    for (std::string* text : {&full, &name}) {
      if (text == &name && wish.length_ns <= 0) break;
      if (text->size() > most_letters * 3) continue;
      const double width = d.text_width(*text, TextStyle::label);
      const double x = place_for(wish, width, left, right);
      if (std::isnan(x)) continue;
      const Rect box = d.text(*text, x, y, TextStyle::label, ink, Align::left, EventIndex{wish.event});
      d.scene.hits.push_back({box, EventIndex{wish.event}, 0});
      take(x, x + width + gap);
      break;
    }
  }
}

}  // namespace humantime::ui
