// SPDX-License-Identifier: GPL-2.0-or-later
// What the dialog asks of the plugin: the store, the capture, the preferences, and what Wireshark's window
// can do.
#pragma once

#include "ui/ui_module.h"

namespace humantime::plugin {

/// The functions, for as long as the process lives.
const HumantimeHost& ui_host();

/// A capture begins or ends, or is read anew: nothing that was read of it holds any more.
void ui_host_forgets();
/// The preferences have other values.
void ui_host_preferences_changed();

}  // namespace humantime::plugin
