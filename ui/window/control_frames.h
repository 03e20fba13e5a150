// SPDX-License-Identifier: GPL-2.0-or-later
// Frames of buttons, boxes and fields in high contrast.
#pragma once

#include <QPalette>
#include <QWidget>

namespace humantime::ui {

/// Qt's own style (Fusion) draws frames a little darker than the window: on a black one nobody sees them, not
/// even the box to check. Of a control the window's colour is nothing but its frame's, so that in high
/// contrast it gets the ink's.
QPalette with_seen_frames(QPalette palette);

/// The same for all controls in `window`; without high contrast they get the window's colour again.
void show_frames_of_controls(QWidget& window);

}  // namespace humantime::ui
