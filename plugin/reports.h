// SPDX-License-Identifier: GPL-2.0-or-later
// `-z humantime,REPORT[,FORMAT[,FILTER]]` and `-z humantime,tree`.
#pragma once

#include "plugin/host.h"

namespace humantime::plugin {

void register_reports();

/// Tells the reports that want to know of the frame. After add_fields, once a frame.
void queue_for_reports(packet_info* pinfo, bool first_pass);

}  // namespace humantime::plugin
