// SPDX-License-Identifier: GPL-2.0-or-later
// year-timeline CAPTURE: the dialog as a program of its own.
#pragma once

#include "command/options.h"
#include "command/tshark.h"
#include "layout/view.h"
#include "model/source.h"

namespace humantime::ui {

/// A source whose events are all there, until the window is closed. None where nothing went wrong.
std::optional<Failure> show_source(const Options& options, const Source& source, const View& view);

/// Until the window is closed. None where nothing went wrong.
std::optional<Failure> show_year(const Options& options);

}  // namespace humantime::ui
