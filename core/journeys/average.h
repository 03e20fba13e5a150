// SPDX-License-Identifier: GPL-2.0-or-later
// The mean of several journeys that went alike, milestone by milestone: ten runs as one.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "journeys/journey.h"
#include "phases.h"

namespace humantime::journeys {

/// A milestone, apart from the journey that it is of: `dns.query#2/sent`, and the end that saw it.
struct MilestoneKey {
  Phase phase{};
  std::uint32_t ordinal = 1;
  Direction direction = Direction::unknown;
  End end = End::unknown;
  auto operator<=>(const MilestoneKey&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// When it came, in real nanoseconds since its journey's first frame, and how well the clock of its end is
/// known.
struct TimedMilestone {
  MilestoneKey key;
  std::int64_t ns = 0;
  std::int64_t precision_ns = 0;
};

/// One journey to be averaged with others. It needs no store: the journeys may be of several captures.
struct Run {
  Kind kind = Kind::completed;
  std::string name;  ///< raw bytes
  std::vector<TimedMilestone> milestones;
};

/// Of a journey's milestones those that have a time, the first asking of each question.
Run run_of(const Journey& journey, std::span<const Milestone> milestones);

/// Of all runs that have the milestone. Real nanoseconds since the journey's start.
struct Spread {
  std::uint32_t n = 0;
  std::int64_t mean_ns = 0, median_ns = 0, min_ns = 0, max_ns = 0;  ///< to the nearest nanosecond
  std::int64_t sd_ns = 0;                                           ///< of a sample (n − 1); 0 where n is 1
  std::int64_t precision_ns = 0;                                    ///< the coarsest
};

struct MeanMilestone {
  MilestoneKey key;
  Spread spread;
};

/// Journeys of the same shape as one.
struct MeanJourney {
  std::string name;  ///< of the first; raw bytes
  Kind kind = Kind::completed;
  std::uint32_t runs = 0;
  std::vector<MeanMilestone> milestones;  ///< in order of their means
  /// What tells it from others that ended alike: `dns tcp tls_full http2`.
  std::string shape{};
};

/// Groups runs by shape and averages each group.
///
/// Runs have the same shape if they ended alike, took the same stages (a name that was cached is another
/// shape), spoke the same protocols and, with TLS, shook hands alike. Where one lacks a milestone (a packet
/// that was not captured, an address that was known), or has one more, the others are not shifted: of each
/// kind of event the runs that have the usual number of them say when the first, the second, … comes, and the
/// rest are matched in order with those that are nearest in time.
class Average {
 public:
  void add(Run run) { runs_.push_back(std::move(run)); }
  std::size_t run_count() const { return runs_.size(); }
  /// In order of their first runs.
  std::vector<MeanJourney> make() const;

 private:
  std::vector<Run> runs_;
};

}  // namespace humantime::journeys
