// SPDX-License-Identifier: GPL-2.0-or-later
// What of a scene belongs to an event, and how much of the page that covers.
#pragma once

#include <optional>
#include <vector>

#include "layout/scene.h"

namespace humantime::ui {

/// Around all lines, marks and labels of the events whose middle lies between the two heights.
std::optional<Rect> bounds_of(const Scene& scene, const std::vector<EventIndex>& events, double top,
                              double bottom);

}  // namespace humantime::ui
