// SPDX-License-Identifier: GPL-2.0-or-later
// One row of the comparison: its questions and answers between its rails.
#pragma once

#include "layout/compare_layout.h"
#include "layout/drawing.h"

namespace humantime::ui {

struct CompareLadder {
  const Drawing& drawing;
  const CompareFrame& frame;
  const CompareRowFrame& box;
  const ComparedRow& row;
};

void draw_ladder(const CompareLadder& ladder);

}  // namespace humantime::ui
