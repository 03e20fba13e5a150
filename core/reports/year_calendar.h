// SPDX-License-Identifier: GPL-2.0-or-later
// The calendar of the year in which the journeys happen.
#pragma once

#include "reports/format.h"
#include "reports/telling.h"
#include "store.h"

namespace humantime::reports {

/// Text: a page for each year that has an event, a row for each month, in it a line for each lane in use, a
/// column for each day. JSON and CSV: a record for each day that has an event, with their number in each
/// lane. The events are the journeys' milestones; those of a frame without a time have no day.
/// Where each journey begins a year of its own, the years are laid over one another, so that day for day they
/// compare; a filter leaves one alone.
void write_calendar(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                    const Sink& sink);

}  // namespace humantime::reports
