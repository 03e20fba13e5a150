// SPDX-License-Identifier: GPL-2.0-or-later
// The shapes of the lanes' marks, which tell them apart without colour.
#pragma once

#include <QPainter>
#include <QPainterPath>

#include "layout/scene.h"
#include "paint/theme.h"

namespace humantime::ui {

/// Around (0, 0): triangle up, diamond, square, circle, hexagon, triangle down, cross, of about equal areas.
QPainterPath mark_shape(Lane lane, double radius);

/// hollow: page inside an outline; half: the left half filled; filled.
void paint_mark(QPainter& painter, const Mark& mark, const Theme& theme);

}  // namespace humantime::ui
