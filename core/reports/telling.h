// SPDX-License-Identifier: GPL-2.0-or-later
// What the reports share: how dates are told, where journeys come from, where the text goes.
#pragma once

#include <functional>
#include <string_view>
#include <vector>

#include "calendar.h"
#include "journeys/journey.h"
#include "language.h"
#include "types.h"

namespace humantime::letters {
class Letters;
}

namespace humantime::reports {

/// What January 1st, 00:00:00 of year 1 is.
enum class Origin : int {
  capture,    ///< the first frame that has a time
  journey,    ///< each journey's first frame: frames of no journey have no date
  reference,  ///< the last time reference. None can be set where reports are written: the first frame is one
};

/// How dates are told.
struct Telling {
  Language language = Language::english;
  Scale scale;
  Origin origin = Origin::capture;
  /// Whose clock the dates are told by. Without, each place's frames are dated by its own.
  const letters::Letters* letters = nullptr;
};

/// Takes the text of a report, piece by piece.
using Sink = std::function<void(std::string_view)>;

/// Visits the journeys in their order. A report may ask twice: it must visit the same ones again.
using JourneyVisit = std::function<void(const journeys::Journey&)>;
using JourneysSource = std::function<void(const JourneyVisit&)>;

/// Of the journeys those that have one of `frames`, in any order.
JourneysSource limited_to(JourneysSource source, const std::vector<FrameNumber>& frames);

}  // namespace humantime::reports
