// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/event_steps.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace humantime::ui {
namespace {

/// An event's place in time.
using Key = std::pair<std::int64_t, std::uint32_t>;

double distance(Point a, Point b) {
  return std::hypot(a.x - b.x, a.y - b.y);
}

std::size_t row_at(std::span<const double> row_tops, double y) {
  const auto above = std::upper_bound(row_tops.begin(), row_tops.end(), y) - row_tops.begin();
  return above == 0 ? 0 : static_cast<std::size_t>(above) - 1;
}

}  // namespace

const Mark* mark_of(const Scene& scene, EventIndex event) {
  const auto found = std::find_if(scene.marks.begin(), scene.marks.end(),
                                  [&](const Mark& mark) { return mark.event == event; });
  return found == scene.marks.end() ? nullptr : &*found;
}

std::optional<EventIndex> next_in_time(const Timeline& timeline, const View& view,
                                       std::optional<EventIndex> from, std::int64_t at_ns, Step step) {
  return next_in_time(timeline, timeline.index(view.journey, view.limit_to_filter), view.hidden, from, at_ns,
                      step);
}

std::optional<EventIndex> next_in_time(const Timeline& timeline, const TimelineIndex& index,
                                       const std::array<bool, lane_count>& hidden,
                                       std::optional<EventIndex> from, std::int64_t at_ns, Step step) {
  const auto events = timeline.events();
  const bool forth = step == Step::forth;
  Key key{at_ns, forth ? 0 : UINT32_MAX};
  if (from) key = {timeline.at(*from).time_ns, static_cast<std::uint32_t>(*from)};
  const auto beyond = [&](const Key& other) {
    if (!from && other.first == key.first) return true;
    return forth ? key < other : other < key;
  };
  std::optional<Key> best;
  for (std::size_t lane = 0; lane < lane_count; ++lane) {
    if (hidden[lane]) continue;
    const TimeIndex& marks = index.lanes[lane].marks;
    const auto key_at = [&](std::size_t position) {
      const std::uint32_t event = marks.event_at(position);
      return Key{events[event].time_ns, event};
    };
    if (forth) {
      std::size_t position = marks.lower_bound(events, key.first);
      while (position < marks.size() && !beyond(key_at(position))) ++position;
      if (position < marks.size() && (!best || key_at(position) < *best)) best = key_at(position);
    } else {
      const std::int64_t after = key.first == INT64_MAX ? INT64_MAX : key.first + 1;
      std::size_t position = marks.lower_bound(events, after);
      while (position > 0 && !beyond(key_at(position - 1))) --position;
      if (position > 0 && (!best || *best < key_at(position - 1))) best = key_at(position - 1);
    }
  }
  if (!best) return std::nullopt;
  return EventIndex{best->second};
}

std::optional<EventIndex> next_in_rows(const Scene& scene, std::span<const double> row_tops, EventIndex from,
                                       Step step) {
  const Mark* here = mark_of(scene, from);
  if (here == nullptr || row_tops.empty()) return std::nullopt;
  const auto row = static_cast<std::ptrdiff_t>(row_at(row_tops, here->at.y));
  const Mark* best = nullptr;
  std::pair<std::ptrdiff_t, double> best_cost;
  for (const Mark& mark : scene.marks) {
    if (mark.event == no_event) continue;
    const std::ptrdiff_t rows =
        (static_cast<std::ptrdiff_t>(row_at(row_tops, mark.at.y)) - row) * static_cast<int>(step);
    if (rows <= 0) continue;
    const std::pair cost{rows, distance(mark.at, here->at)};
    if (best == nullptr || cost < best_cost) best = &mark, best_cost = cost;
  }
  return best == nullptr ? std::nullopt : std::optional(best->event);
}

std::optional<EventIndex> next_in_lanes(const Scene& scene, std::optional<Lane> from_lane, Point from,
                                        Step step) {
  const auto start = from_lane             ? static_cast<int>(*from_lane)
                     : step == Step::forth ? -1
                                           : static_cast<int>(lane_count);
  std::array<const Mark*, lane_count> nearest{};
  for (const Mark& mark : scene.marks) {
    if (mark.event == no_event) continue;
    const Mark*& best = nearest[static_cast<std::size_t>(mark.lane)];
    if (best == nullptr || distance(mark.at, from) < distance(best->at, from)) best = &mark;
  }
  for (int lane = start + static_cast<int>(step); lane >= 0 && lane < static_cast<int>(lane_count);
       lane += static_cast<int>(step)) {
    if (nearest[static_cast<std::size_t>(lane)] != nullptr)
      return nearest[static_cast<std::size_t>(lane)]->event;
  }
  return std::nullopt;
}

}  // namespace humantime::ui
