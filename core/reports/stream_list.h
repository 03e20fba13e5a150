// SPDX-License-Identifier: GPL-2.0-or-later
// The requests of HTTP/2 and HTTP/3 with their responses, told apart by their streams.
#pragma once

#include "reports/format.h"
#include "reports/telling.h"
#include "store.h"

namespace humantime::reports {

/// A record for each exchange of each journey, as each place saw it, in order of the frames that they begin
/// with. What was not captured is null.
void write_streams(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                   const Sink& sink);

}  // namespace humantime::reports
