// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of where a journey was in a period, in the languages that dates are written in.
#pragma once

#include <array>
#include <string_view>

#include "language.h"
#include "model/whereabouts.h"

namespace humantime::ui {

/// `{0}`, `{1}`, … stand for what a sentence tells.
struct WhereaboutsWords {
  std::string_view where_went;                                         ///< {0} the period
  std::string_view where_is;                                           ///< {0} the date
  std::string_view in_its_journey;                                     ///< {0} the event
  std::string_view letters_of;                                         ///< {0} the journey's name
  std::array<std::string_view, far_end_count> to_far, with_far, away;  ///< by FarEnd
  std::string_view to_client, with_client, away_at_client;
  std::string_view before;        ///< {0} the letter that is written next
  std::string_view one_end;       ///< travel and the other end's time are one
  std::string_view first_later;   ///< {0} how much of {1} comes before the first letter
  std::string_view last_earlier;  ///< {0} how much of {1} comes after the last letter
  std::string_view no_letter;     ///< {0} the period
  std::string_view by_stage;      ///< there are more letters than are told apart
  std::string_view journeys;      ///< {0} how many, {1} begin, {2} end
  std::string_view no_journey;    ///< {0} the period
  std::string_view separator;
  std::string_view round_trip, round_trips;  ///< {0} what for, {1} how many
};
const WhereaboutsWords& whereabouts_words(Language language);

/// What an end has to do before it sends a message of the phase: `chooses the cipher`; empty where there is
/// nothing to be said but that it sends it.
std::string_view work_before(Phase phase, Language language);

}  // namespace humantime::ui
