// SPDX-License-Identifier: GPL-2.0-or-later
// The fields humantime.*, and the subtree in the packet details that shows them.
#pragma once

#include "plugin/host.h"

namespace humantime::plugin {

void register_fields(int protocol);

/// Adds what is known of the frame to the tree. `first_pass`: only what no later frame can change.
void add_fields(tvbuff_t* tvb, packet_info* pinfo, proto_tree* tree, bool first_pass);

/// Whether a filter, a column or a colouring rule names any of them for the frame that is being dissected.
bool fields_are_referenced();

}  // namespace humantime::plugin
