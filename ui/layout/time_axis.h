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

/// The round dates of the frame's first row, from left to right, in pixels.
std::vector<Tick> ticks_of(const Drawing& drawing);

}  // namespace humantime::ui
