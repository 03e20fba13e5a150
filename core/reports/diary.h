// SPDX-License-Identifier: GPL-2.0-or-later
// The diary: what happened in each journey, dated.
#pragma once

#include "reports/format.h"
#include "reports/telling.h"
#include "store.h"

namespace humantime::reports {

/// One entry for each milestone; in text those of one packet share a line, under a heading for each journey
/// and each chapter of it. As a story: write_story().
void write_diary(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                 const Sink& sink);

}  // namespace humantime::reports
