// SPDX-License-Identifier: GPL-2.0-or-later
// What happens at an end, written beside its rail: under their days, as many as there is room for.
#pragma once

#include <vector>

#include "layout/drawing.h"
#include "layout/letters_lines.h"

namespace humantime::ui {

/// Writes the marks' names above the client's rail or below the server's, `height` pixels at most. Neighbours
/// share a block where their names would stand in each other's way; what has no room is counted.
void write_rail_labels(const Drawing& drawing, const LettersFrame& frame, std::vector<RailMark> marks,
                       Rail rail, double height);

}  // namespace humantime::ui
