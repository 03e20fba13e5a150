// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

namespace humantime::plugin {

/// Edit → Preferences → Protocols → Humantime, and `-o humantime.…`.
void register_preferences(int protocol);

}  // namespace humantime::plugin
