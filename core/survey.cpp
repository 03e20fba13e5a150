// SPDX-License-Identifier: GPL-2.0-or-later
#include "survey.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "journeys/journey_handshake.h"
#include "reports/journey_text.h"
#include "saturating.h"

namespace humantime {

void Surveyor::begin(bool complete) {
  work_ = Work();
  complete_ = complete;
  standing_ = engine_.standing(complete_);
  next_ = std::make_unique<Survey>();
  work_ = make(*next_);
}

bool Surveyor::advance(std::uint64_t budget) {
  if (next_ == nullptr) return false;
  if (!engine_.still_stands(standing_)) begin(complete_);
  if (work_.advance(budget)) return true;
  work_ = Work();
  whole_ = std::move(next_);
  return false;
}

void Surveyor::clear() {
  work_ = Work();
  next_.reset();
  whole_.reset();
}

Work Surveyor::make(Survey& survey) {
  if (complete_) {
    co_await engine_.finish_gradually();
    standing_ = engine_.standing(complete_);
  }
  co_await engine_.catch_up_journeys();
  co_await engine_.work_out_letters(standing_, survey.letters);
  const journeys::Journeys::Completion complete = Engine::told_by(*survey.letters);
  const auto places = std::make_shared<journeys::MilestoneIndex>();
  survey.journeys.reserve(engine_.known_journeys().count());
  co_await places->begin(standing_.extent.frames);
  const journeys::Journeys::Visit visit = [&](const journeys::Journey& journey) -> Work {
    co_await places->take(engine_.store(), journey);
    co_await list(journey, survey);
  };
  co_await engine_.known_journeys().visit_all(standing_.extent.frames, complete, visit);
  co_await places->end();
  survey.places = places;
  engine_.adopt(standing_, survey.letters, survey.places);
}

Work Surveyor::list(const journeys::Journey& journey, Survey& survey) const {
  const FrameStore& store = engine_.store();
  ListedJourney listed;
  listed.number = journey.number;
  listed.kind = journey.kind;
  listed.first = journey.legs.empty() ? no_frame : journey.legs.front().frame;
  listed.first_ns = std::numeric_limits<std::int64_t>::max();
  listed.last_ns = std::numeric_limits<std::int64_t>::min();
  co_await each(std::size_t{0}, journey.legs.size(), [&](std::size_t i) {
    const journeys::Leg& leg = journey.legs[i];
    const FrameRow* row = store.find(leg.frame);
    const std::optional<std::int64_t> shift = row == nullptr ? std::nullopt : shift_(leg.frame, *row);
    if (!shift || !leg.has_time) return;
    // Clocks are corrected by what was captured; what is shown may have been shifted.
    const std::int64_t time = sum(leg.time_ns, *shift);
    listed.has_time = true;
    listed.first_ns = std::min(listed.first_ns, time);
    listed.last_ns = std::max(listed.last_ns, time);
  });
  if (!listed.has_time) listed.first_ns = listed.last_ns = 0;
  listed.name = reports::name_of(store, journey);
  if (const Handshake* opening = journeys::opening_handshake(store, journey)) {
    listed.handshake = text_of(*opening);
    listed.handshake_round_trips = opening->round_trips;
  }
  survey.journeys.push_back(std::move(listed));
}

}  // namespace humantime
