// SPDX-License-Identifier: GPL-2.0-or-later
// What the other reports leave out for being about events: how many there are, and when the year begins. Who
// reads those reports elsewhere tells by it whether they are whole, and can reckon dates of their own.
#pragma once

#include <cstdint>
#include <span>

#include "reports/format.h"
#include "reports/telling.h"
#include "store.h"
#include "types.h"

namespace humantime::reports {

/// One record. `frames` are those that passed the filter; `journeys` those that have one of them.
void write_capture(const FrameStore& store, Telling telling, Format format,
                   std::span<const FrameNumber> frames, const JourneysSource& journeys, const Sink& sink);

}  // namespace humantime::reports
