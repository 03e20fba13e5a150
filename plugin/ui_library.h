// SPDX-License-Identifier: GPL-2.0-or-later
// The dialog's library: found beside the plugin, and loaded only into a Wireshark with a window.
#pragma once

namespace humantime::plugin {

/// Loads it where this process has the Qt that it was built with, and starts it; a failure is reported in a
/// sentence and harms nothing. tshark has no Qt, and gets none. Once.
void start_ui_library();

}  // namespace humantime::plugin
