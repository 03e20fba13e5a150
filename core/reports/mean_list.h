// SPDX-License-Identifier: GPL-2.0-or-later
// The report `average`: the mean of journeys that went alike.
#pragma once

#include <span>

#include "journeys/average.h"
#include "reports/format.h"
#include "reports/telling.h"
#include "store.h"

namespace humantime::reports {

/// One record for each milestone of each group of journeys, as real times since the journey's start and as
/// dates of a year that begins with it. In text the two dates of a letter share a line.
void write_means(std::span<const journeys::MeanJourney> means, Telling telling, Format format,
                 const Sink& sink);

/// The same of one capture's journeys.
void write_average(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                   const Sink& sink);

}  // namespace humantime::reports
