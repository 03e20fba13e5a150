// SPDX-License-Identifier: GPL-2.0-or-later
// Replays a scene. Nothing is computed here, and what is outside of the painter's clip is left out.
#pragma once

#include <QPainter>

#include "layout/scene.h"
#include "paint/theme.h"

namespace humantime::ui {

/// Fills, wedges, lines, marks, labels, in that order, in logical pixels. The painter's state is kept.
void paint_scene(QPainter& painter, const Scene& scene, const Theme& theme);

/// One label, in its box.
void paint_label(QPainter& painter, const Label& label, const Theme& theme);

}  // namespace humantime::ui
