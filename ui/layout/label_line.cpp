// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/label_line.h"

#include <algorithm>
#include <cmath>

#include "layout/packet_bytes.h"

namespace humantime::ui {
namespace {

constexpr double gap = 5;
/// Narrower than this no name is.
constexpr double least_width = 14;
/// So far a label goes to the right of its mark, past a neighbour's.
constexpr double most_shift = 14;
/// Longer names come from hostile captures only.
constexpr std::size_t most_bytes = 160;
/// Letters that set off so near to each other have their marks over one another.
constexpr double one_mark = 8;

/// Whether the letters that want these labels are to be told as one: one flight of one side.
bool is_same_flight(const Drawing& d, const LabelWish& a, const LabelWish& b) {
  if (a.kind != LabelKind::name || b.kind != LabelKind::name || a.rank != b.rank) return false;
  if (std::isnan(a.anchor) || std::isnan(b.anchor) || std::abs(a.x - b.x) > one_mark) return false;
  const Event &first = d.timeline.at(EventIndex{a.event}), &second = d.timeline.at(EventIndex{b.event});
  return first.journey == second.journey && is_at_client(first) == is_at_client(second) &&
         is_sent(first) == is_sent(second);
}

/// Letters whose marks cover each other get one label: side by side, one of two labels would stand before its
/// mark, and so before the letter that went earlier.
void join_flights(const Drawing& d, std::vector<LabelWish>& wishes) {
  std::stable_sort(wishes.begin(), wishes.end(),
                   [](const LabelWish& a, const LabelWish& b) { return a.x < b.x; });
  std::size_t kept = 0;
  for (const LabelWish& wish : wishes) {
    if (kept > 0 && is_same_flight(d, wishes[kept - 1], wish)) {
      LabelWish& joint = wishes[kept - 1];
      joint.last = wish.last;
      joint.weight = std::max(joint.weight, wish.weight);
      joint.length_ns = std::max(joint.length_ns, wish.length_ns);
    } else {
      wishes[kept++] = wish;
    }
  }
  wishes.resize(kept);
}

/// Whether another flag's pole stands where the text would.
bool covers_pole(const std::vector<LabelWish>& wishes, const LabelWish& own, double left, double right) {
  return std::any_of(wishes.begin(), wishes.end(), [&](const LabelWish& other) {
    return other.kind == LabelKind::flag && other.event != own.event && other.mark.x >= left &&
           other.mark.x <= right;
  });
}

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
  double after = std::max(wish.x, left);
  const auto next =
      std::partition_point(taken_.begin(), taken_.end(), [&](const Interval& i) { return i.right <= after; });
  if (next != taken_.end() && next->left <= after + 1 && next->right <= after + most_shift)
    after = next->right;
  if (after + width <= right && is_free(after, after + width)) return after;
  if (!std::isnan(wish.latest)) {
    const double end = std::min(wish.latest, right);
    double from = std::max(wish.x, left);
    for (const Interval& taken : taken_) {
      if (from + width > end) break;
      if (taken.right <= from) continue;
      if (taken.left >= from + width) break;
      from = taken.right + gap;
    }
    if (from + width <= end && is_free(from, from + width)) return from;
  }
  const double before = wish.anchor - width - 2;
  // Up to the mark: a letter that nobody saw leave has none that would block the room before it.
  if (before >= left && is_free(before, wish.anchor)) return before;
  // What is counted is all of the line: it stands wherever there is room.
  if (wish.kind != LabelKind::count) return LabelWish::nowhere;
  for (const double from : {std::max(wish.x, left), left}) {
    double x = from;
    for (const Interval& interval : taken_) {
      if (interval.right <= x) continue;
      if (interval.left >= x + width) break;
      x = interval.right + 3;
    }
    if (x + width <= right) return x;
  }
  return LabelWish::nowhere;
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
  join_flights(d, wishes_);
  std::sort(wishes_.begin(), wishes_.end(), [](const LabelWish& a, const LabelWish& b) {
    if (a.rank != b.rank) return a.rank < b.rank;
    if (a.weight != b.weight) return a.weight > b.weight;
    return a.x < b.x;
  });
  for (const LabelWish& wish : wishes_) add(d, wish, left, right, y, ink);
}

bool LabelLine::add(const Drawing& d, const LabelWish& wish, double left, double right, double y, Ink ink) {
  if (std::isnan(place_for(wish, least_width, left, right))) return false;
  const EventIndex event{wish.event};
  for (LabelWording& wording : wordings_of(d, wish, ink)) {
    if (wording.front().front().text.size() > most_bytes) continue;
    const double width = width_of(d, wording);
    const double x = place_for(wish, width, left, right);
    if (std::isnan(x)) continue;
    const bool has_bar = wording.back().empty();
    // Where the next flag's pole stands there is less to say.
    if (has_bar && covers_pole(wishes_, wish, x, x + width)) continue;
    const Rect box = write_wording(d, std::move(wording), x, y, event);
    if (has_bar)
      lay_out_packet_bar(d, d.timeline.pieces(event), {box.x, box.bottom() + 2, box.width, packet_bar_height},
                         event);
    d.scene.hits.push_back({box, event, 0});
    if (wish.kind == LabelKind::flag) {
      const double near = wish.mark.x;
      d.line({near, box.y + 2}, {near, wish.mark.y}, ink, Strength::solid, 1.4F, LineStyle::solid, event);
    }
    take(x, x + width + gap);
    return true;
  }
  return false;
}

}  // namespace humantime::ui
