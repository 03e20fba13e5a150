// SPDX-License-Identifier: GPL-2.0-or-later
// Journeys side by side: each one's questions and answers, counted from an instant that all of them have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "layout/view.h"
#include "model/round_trips.h"
#include "model/timeline.h"

namespace humantime::ui {

/// A question and its answer. Times are real nanoseconds since the alignment, of a mean row their means.
struct ComparedTrip {
  TripKind kind{};
  Lane lane{};
  std::int64_t begin_ns = 0;                     ///< sent at the client's end
  std::int64_t turn_ns = 0, answered_ns = 0;     ///< at the server's end: there, and the answer gone
  std::int64_t end_ns = 0;                       ///< the answer's first packet, at the client's end
  bool estimated = false;                        ///< nobody captured when it was at the server's end
  bool inferred = false;                         ///< one of the two is not shown by the bytes
  EventIndex ask = no_event, answer = no_event;  ///< of a mean there are none
};

/// What was waited for, one after the other: the round trips that count.
struct ComparedWait {
  TripKind kind{};
  Lane lane{};
  std::int64_t begin_ns = 0, end_ns = 0;
  bool before_question = false;  ///< it was over when the question was asked
};

struct ComparedStage {
  Stage stage{};
  Lane lane{};
  std::int64_t begin_ns = 0, end_ns = 0;
};

/// A journey, or the mean of several that went alike.
struct ComparedRow {
  std::vector<std::uint32_t> journeys;  ///< ascending, never empty
  std::string name;                     ///< of the first; printable
  std::string handshake;                ///< JourneyRecord::handshake
  std::vector<ComparedTrip> trips;      ///< that begin at the alignment or behind it; the request is the last
  std::vector<ComparedWait> waits;
  std::vector<ComparedStage> stages;  ///< that are no round trips: addresses, DNS
  /// Round trips that were over at the alignment, and how long the connection had taken by then.
  std::size_t trips_before = 0;
  std::int64_t before_ns = 0;
  /// Round trips from the alignment to the question, or without a question to where data may flow; none where
  /// nobody can know.
  std::optional<std::size_t> round_trips;
  std::optional<std::int64_t> asks_ns;   ///< the question is sent, at the client's end
  std::optional<std::int64_t> hears_ns;  ///< the first packet of its answer is there
  std::int64_t hears_sd_ns = 0;          ///< of a mean
  std::int64_t last_ns = 0;              ///< the end of all that is drawn
  bool inferred = false;                 ///< the question or its answer is

  bool is_mean() const { return journeys.size() > 1; }
};

struct Comparison {
  Alignment align{};
  CompareRows rows_are{};
  std::vector<ComparedRow> rows;
  std::vector<std::uint32_t> without;  ///< journeys that have no such instant, or no question behind it
  std::size_t journeys = 0;            ///< in the rows
  std::size_t left_out = 0;            ///< behind the first 200, which nobody looked at
  std::optional<std::size_t> slowest;  ///< the row that hears last; none where fewer than two hear
  std::optional<std::size_t> fastest;
};

/// The most journeys that are looked at.
constexpr std::size_t most_compared = 200;
/// Up to so many journeys have a row each, if nothing else is asked for.
constexpr std::size_t few_journeys = 8;

/// Of the view count `compare`, `limit_to_filter`, and `journey`: one that is chosen is compared alone. To be
/// kept: every journey's events are looked at.
Comparison compare(const Timeline& timeline, const View& view);
/// The same a part at a time, of what there is meanwhile; `out` is written at the end. The timeline may go
/// on, but not begin anew.
Work compare(const Timeline& timeline, View view, Comparison& out);

}  // namespace humantime::ui
