// SPDX-License-Identifier: GPL-2.0-or-later
// How long things take to move; nothing moves where the desktop is asked to hold still.
#pragma once

class QWidget;

namespace humantime::ui {

constexpr int level_transition_ms = 180;
constexpr int hover_delay_ms = 80;

/// `milliseconds`, or 0 with reduced motion and where there is no screen.
int motion(const QWidget& widget, int milliseconds);

}  // namespace humantime::ui
