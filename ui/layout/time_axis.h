// SPDX-License-Identifier: GPL-2.0-or-later
// Dates above a continuous stretch of time: as many as there is room for, at round ones.
#pragma once

#include <string>
#include <vector>

#include "layout/drawing.h"

namespace humantime::ui {

struct Tick {
  double x = 0;
  std::string text;     ///< empty: a line only
  bool strong = false;  ///< the first of a longer unit: a month, a day
};

/// How far apart ticks stand at least, so that their texts do not touch: pixels.
constexpr double usual_tick_gap = 52;

/// The round dates of the frame's first row, from left to right, in pixels.
std::vector<Tick> ticks_of(const Drawing& drawing, double least_gap = usual_tick_gap);

}  // namespace humantime::ui
