// SPDX-License-Identifier: GPL-2.0-or-later
// The diary told to a reader who knows no networks.
#pragma once

#include "reports/telling.h"
#include "store.h"

namespace humantime::reports {

/// Each journey in chapters of dated sentences.
void write_story(const FrameStore& store, Telling telling, const JourneysSource& journeys, const Sink& sink);

}  // namespace humantime::reports
