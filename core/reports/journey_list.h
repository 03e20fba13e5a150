// SPDX-License-Identifier: GPL-2.0-or-later
// The journeys of a capture, one record each.
#pragma once

#include "reports/format.h"
#include "reports/telling.h"
#include "store.h"

namespace humantime::reports {

/// What each journey was, when, and how long its stages took in days of the year and in real milliseconds.
/// All numbers are of one vantage, the client's.
void write_journeys(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                    const Sink& sink);

}  // namespace humantime::reports
