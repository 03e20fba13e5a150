// SPDX-License-Identifier: GPL-2.0-or-later
// year-timeline CAPTURE -o FILE: asks tshark, and writes the file.
#pragma once

#include "command/options.h"
#include "command/tshark.h"

namespace humantime::ui {

/// The view that the options ask for, before anything is known of the capture.
View view_of(const Options& options);
/// The file's name without its folder, printable.
QString base_name(const std::string& path);

/// None where the file was written. What tshark said on the way goes to the standard error.
std::optional<Failure> save_year(const Options& options);

}  // namespace humantime::ui
