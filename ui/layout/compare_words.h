// SPDX-License-Identifier: GPL-2.0-or-later
// What the comparison says, in the languages that dates are written in.
#pragma once

#include <array>
#include <string_view>

#include "language.h"

namespace humantime::ui {

/// `{0}`, `{1}`, … stand for what a sentence tells; text between stars is bold where the style can.
struct CompareWords {
  std::string_view earlier_title;  ///< {0} the fastest row, {1} how much earlier, {2} the slowest
  std::string_view single_title;   ///< {0} the row, {1} how long until its answer
  std::string_view unanswered_title;
  /// {0} the alignment, {1} slowest row, {2} its round trips, {3} its date, {4} fastest row, {5} its round
  /// trips, {6} its date
  std::string_view both_ends;
  std::string_view aligned;                                 ///< {0} the alignment
  std::array<std::string_view, 3> alignments;               ///< by Alignment
  std::string_view no_round_trip, round_trip, round_trips;  ///< {0} how many
  std::string_view unknown_round_trips;
  std::string_view trips_and_time;                                        ///< {0} round trips, {1} real time
  std::string_view asks_on, hears_on;                                     ///< {0} date
  std::string_view trips_less, one_trip_less, trips_more, one_trip_more;  ///< {0} how many
  std::string_view earlier;         ///< {0} real time, {1} stretched time
  std::string_view slowest;         ///< the row that others are compared with
  std::string_view before;          ///< {0} round trips, {1} real time
  std::string_view mean_of;         ///< {0} journeys
  std::string_view with_deviation;  ///< {0} date, {1} standard deviation
  std::string_view no_question, no_answer, inferred;
  std::string_view no_tls, unknown_handshake;
  std::string_view without;                 ///< {0} how many, {1} what they have not, {2} which
  std::array<std::string_view, 3> lacking;  ///< what a journey without it has not, by Alignment
  std::string_view left_out;                ///< {0} how many
  std::string_view nothing;                 ///< there is no row
  std::string_view row_line;                ///< {0} row, {1} round trips, {2} asks, {3} hears, {4} difference
  std::string_view page_line;               ///< {0} rows, {1} the alignment
  std::string_view separator;
};

const CompareWords& compare_words(Language language);

}  // namespace humantime::ui
