// SPDX-License-Identifier: GPL-2.0-or-later
// The letters of a capture of both ends: each packet with the date of its sending and that of its arrival.
#pragma once

#include <span>

#include "journeys/journeys.h"
#include "journeys/milestone_index.h"
#include "letters/letters.h"
#include "reports/format.h"
#include "reports/telling.h"
#include "store.h"
#include "types.h"

namespace humantime::reports {

/// One record for each letter that has one of `frames`, in order of sending; those whose other end nobody
/// captured are estimated, and say so. In text what is known of the clocks stands above, and what became of
/// the frames without a peer below. Dates are no finer than the clocks allow.
void write_letters(const FrameStore& store, const journeys::Journeys& journeys,
                   const journeys::MilestoneIndex& milestones, const letters::Letters& letters,
                   Telling telling, Format format, std::span<const FrameNumber> frames, const Sink& sink);

}  // namespace humantime::reports
