// SPDX-License-Identifier: GPL-2.0-or-later
// year-timeline --compare CAPTURE... -o FILE: journeys of one or several captures one below another.
#pragma once

#include "command/options.h"
#include "command/tshark.h"

namespace humantime::ui {

/// Asks a tshark of each capture, one after another, and writes options.output. None where nothing went
/// wrong; what tshark said on the way goes to the standard error.
std::optional<Failure> save_comparison(const Options& options);

}  // namespace humantime::ui
