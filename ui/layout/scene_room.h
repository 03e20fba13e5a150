// SPDX-License-Identifier: GPL-2.0-or-later
// Where in a scene there is room for one more text.
#pragma once

#include "layout/scene.h"

namespace humantime::ui {

/// Whether no label, no mark and no line is in the way but the grid and the rails. The cost follows the
/// scene: it is for the few texts that are written last.
bool is_free(const Scene& scene, const Rect& box);

}  // namespace humantime::ui
