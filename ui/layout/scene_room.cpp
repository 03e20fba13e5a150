// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/scene_room.h"

#include <algorithm>

#include "layout/letter.h"

namespace humantime::ui {

bool is_free(const Scene& scene, const Rect& box) {
  const auto in_the_way = [&](const Line& line) {
    const bool ground =
        line.ink == Ink::grid || line.ink == Ink::grid_strong || line.strength == Strength::rails;
    if (ground) return false;
    const bool forth = line.from.x <= line.to.x;
    return crosses({forth ? line.from : line.to, forth ? line.to : line.from, true, true}, box);
  };
  const auto covered = [&](const Label& label) { return label.box.intersects(box); };
  const auto marked = [&](const Mark& mark) {
    const double r = mark.radius + 1.0;
    return Rect{mark.at.x - r, mark.at.y - r, 2 * r, 2 * r}.intersects(box);
  };
  return std::none_of(scene.marks.begin(), scene.marks.end(), marked) &&
         std::none_of(scene.labels.begin(), scene.labels.end(), covered) &&
         std::none_of(scene.lines.begin(), scene.lines.end(), in_the_way);
}

}  // namespace humantime::ui
