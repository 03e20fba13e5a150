// SPDX-License-Identifier: GPL-2.0-or-later
#include "connection_counter.h"

#include <string_view>

#include "journeys/connection_totals.h"
#include "reports/connection_list.h"
#include "reports/journey_text.h"

namespace humantime {

void ConnectionCounter::begin(bool complete, std::shared_ptr<const letters::Letters> letters, Passes passes) {
  clear();
  complete_ = complete;
  letters_ = std::move(letters);
  passes_ = std::move(passes);
  standing_ = engine_.standing(complete_);
  work_ = count();
}

bool ConnectionCounter::advance(std::uint64_t budget) {
  if (work_.done()) return false;
  if (!engine_.still_stands(standing_)) begin(complete_, std::move(letters_), std::move(passes_));
  if (work_.advance(budget)) return true;
  work_ = Work();
  return false;
}

void ConnectionCounter::clear() {
  work_ = Work();
  lines_.clear();
}

Work ConnectionCounter::count() {
  if (complete_) {
    co_await engine_.finish_gradually();
    standing_ = engine_.standing(complete_);
  }
  co_await engine_.catch_up_journeys();
  journeys::ConnectionCount counted(engine_.store());
  co_await spent(engine_.store().handshakes().size());
  const journeys::Journeys::Completion complete =
      letters_ != nullptr ? Engine::told_by(*letters_) : [](journeys::Leg&) {};
  const journeys::Journeys::Visit visit = [&](const journeys::Journey& journey) -> Work {
    bool told = passes_ == nullptr;
    if (!told)
      co_await each(std::size_t{0}, journey.legs.size(),
                    [&](std::size_t i) { told = told || passes_(journey.legs[i].frame); });
    if (told) co_await counted.take(journey, reports::name_of(engine_.store(), journey));
  };
  co_await engine_.known_journeys().visit_all(standing_.extent.frames, complete, visit);
  co_await reports::write_records(
      counted, [&](std::string_view text) { lines_.emplace_back(text.substr(0, text.find('\n'))); });
}

}  // namespace humantime
