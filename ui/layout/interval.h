// SPDX-License-Identifier: GPL-2.0-or-later
// A stretch of a line of pixels.
#pragma once

namespace humantime::ui {

/// From left to right, logical pixels.
struct Interval {
  double left, right;
};

}  // namespace humantime::ui
