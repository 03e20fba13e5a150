// SPDX-License-Identifier: GPL-2.0-or-later
// Frames around what a scene of slanted lines has of some events.
#pragma once

#include <QPainterPath>
#include <vector>

#include "layout/scene.h"

namespace humantime::ui {

/// A rectangle around a slanted line would hold half of the page: the frame follows the line, and its marks;
/// labels have rectangles, one for each line of text.
std::vector<QPainterPath> frames_along_lines(const Scene& scene, const std::vector<EventIndex>& events);

}  // namespace humantime::ui
