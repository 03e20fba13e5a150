// SPDX-License-Identifier: GPL-2.0-or-later
// Ctrl+C and its like: remembered, so that what was begun can be put away.
#pragma once

namespace humantime::ui {

/// From here on SIGINT, SIGTERM and SIGHUP do not end the program.
void watch_for_interruption();
/// Whether one came.
bool is_interrupted();

}  // namespace humantime::ui
