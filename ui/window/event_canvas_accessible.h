// SPDX-License-Identifier: GPL-2.0-or-later
// The calendar as a screen reader sees it: a table of rows, in each its events from left to right.
#pragma once

namespace humantime::ui {

/// From here on every EventCanvas is one; harmless to call again.
void make_event_canvases_accessible();

}  // namespace humantime::ui
