// SPDX-License-Identifier: GPL-2.0-or-later
// year-timeline --average RUN...: the journeys of several captures as one year.
#pragma once

#include <optional>
#include <string_view>

#include "command/options.h"
#include "command/tshark.h"
#include "export/exporter.h"

namespace humantime::ui {

/// As exporter_of, of those that take a mean, and a text table besides.
const Exporter* mean_exporter_of(std::string_view file_name);
/// `png, svg, …`: for messages.
QString mean_exporter_suffixes();

/// Asks a tshark of each run, one after another. Each of these ends with none where nothing went wrong; what
/// tshark said on the way goes to the standard error.
///
/// Writes the mean to options.output: as records with the columns of the report `average`, as its text, or
/// drawn.
std::optional<Failure> save_mean(const Options& options);
/// Writes the report's text to the standard output.
std::optional<Failure> print_mean(const Options& options);
/// Shows the averaged year until the window is closed.
std::optional<Failure> show_mean(const Options& options);

}  // namespace humantime::ui
