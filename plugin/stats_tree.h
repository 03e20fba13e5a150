// SPDX-License-Identifier: GPL-2.0-or-later
// Statistics → Humantime: how many frames played which phase, by lane.
#pragma once

namespace humantime::plugin {

/// What the tap hands over, as its address, for a frame on its first pass.
extern const char first_pass_tag;

void register_stats_tree();

}  // namespace humantime::plugin
