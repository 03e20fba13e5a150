// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/scene_bounds.h"

#include <algorithm>

namespace humantime::ui {
namespace {

Rect united(const Rect& a, const Rect& b) {
  const double x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

Rect bounds_of(const Line& line) {
  const auto [left, right] = std::minmax(line.from.x, line.to.x);
  const auto [top, bottom] = std::minmax(line.from.y, line.to.y);
  return {left, top, right - left, bottom - top};
}

Rect bounds_of(const Mark& mark) {
  const double r = mark.radius;
  return {mark.at.x - r, mark.at.y - r, 2 * r, 2 * r};
}

Rect bounds_of(const Label& label) {
  return label.box;
}

}  // namespace

std::optional<Rect> bounds_of(const Scene& scene, const std::vector<EventIndex>& events, double top,
                              double bottom) {
  std::optional<Rect> box;
  const auto take = [&](const auto& shapes) {
    for (const auto& shape : shapes) {
      if (shape.event == no_event || std::find(events.begin(), events.end(), shape.event) == events.end())
        continue;
      const Rect bounds = bounds_of(shape);
      const double middle = bounds.y + bounds.height / 2;
      if (middle >= top && middle < bottom) box = box ? united(*box, bounds) : bounds;
    }
  };
  take(scene.lines);
  take(scene.marks);
  take(scene.labels);
  return box;
}

}  // namespace humantime::ui
