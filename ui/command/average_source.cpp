// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/average_source.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "reports/journey_text.h"
#include "text.h"

namespace humantime::ui {
namespace {

using journeys::Direction;
using journeys::MeanJourney;
using journeys::MeanMilestone;
using journeys::MilestoneKey;
using journeys::Spread;

/// What the milestones of one packet have in common.
auto packet_of(const MeanMilestone& milestone) {
  return std::tuple(milestone.spread.mean_ns, milestone.key.end, milestone.key.direction);
}

std::string text_of(const MilestoneKey& key) {
  journeys::Milestone milestone;
  milestone.mark.phase = key.phase;
  milestone.ordinal = key.ordinal;
  milestone.direction = key.direction;
  return reports::text_of(milestone);
}

/// Of what came together as much as of the one that varies most.
Spread wider(const Spread& a, const Spread& b) {
  Spread both = a;
  both.n = std::max(a.n, b.n);
  both.sd_ns = std::max(a.sd_ns, b.sd_ns);
  both.min_ns = std::min(a.min_ns, b.min_ns);
  both.max_ns = std::max(a.max_ns, b.max_ns);
  both.precision_ns = std::max(a.precision_ns, b.precision_ns);
  return both;
}

}  // namespace

AverageSource::AverageSource(std::string name, const std::vector<MeanJourney>& means)
    : name_(std::move(name)) {
  for (const MeanJourney& mean : means) add(mean, means.size() > 1);
}

void AverageSource::add(const MeanJourney& mean, bool with_shape) {
  if (mean.milestones.empty()) return;
  const auto number = static_cast<std::uint32_t>(journeys_.size() + 1);
  std::vector<MeanMilestone> milestones = mean.milestones;
  std::stable_sort(milestones.begin(), milestones.end(), [](const MeanMilestone& a, const MeanMilestone& b) {
    return std::tuple(packet_of(a), order_in_frame(a.key.phase), a.key.ordinal) <
           std::tuple(packet_of(b), order_in_frame(b.key.phase), b.key.ordinal);
  });
  const std::size_t begin = records_.size();
  // Where the packet of a phase and ordinal is, by the way it was going.
  std::map<std::tuple<Phase, std::uint32_t, Direction>, std::size_t> places;
  for (std::size_t i = 0; i < milestones.size(); ++i) {
    const MeanMilestone& milestone = milestones[i];
    const MilestoneKey& key = milestone.key;
    if (i == 0 || packet_of(milestones[i - 1]) != packet_of(milestone)) {
      EventRecord record;
      record.frame = FrameNumber{static_cast<std::uint32_t>(records_.size() + 1)};
      record.journey = number;
      record.time_ns = milestone.spread.mean_ns;
      record.end = key.end;
      record.direction = key.direction;
      record.vantage = static_cast<std::uint16_t>(key.end);
      record.ordinal = key.ordinal;
      record.spread = milestone.spread;
      records_.push_back(std::move(record));
      milestones_.emplace_back();
    }
    EventRecord& record = records_.back();
    record.spread = wider(record.spread, milestone.spread);
    record.marks.push_back({key.phase, row_of(key.phase).stage, Certainty::seen});
    milestones_.back().push_back(text_of(key));
    places.try_emplace({key.phase, key.ordinal, key.direction}, records_.size() - 1);
  }
  // The two dates of a letter.
  for (const auto& [key, place] : places) {
    const auto& [phase, ordinal, direction] = key;
    if (direction != Direction::sent) continue;
    const auto arrival = places.find({phase, ordinal, Direction::received});
    if (arrival == places.end()) continue;
    EventRecord &sent = records_[place], &received = records_[arrival->second];
    if (sent.peer != no_frame || received.peer != no_frame || sent.end == received.end) continue;
    sent.peer = received.frame;
    received.peer = sent.frame;
    sent.other_ns = received.time_ns;
    received.other_ns = sent.time_ns;
    sent.precision_ns = received.precision_ns =
        std::max(sent.spread.precision_ns, received.spread.precision_ns);
  }
  JourneyRecord journey;
  journey.number = number;
  journey.kind = mean.kind;
  journey.first = records_[begin].frame;
  journey.first_ns = *records_[begin].time_ns;
  journey.last_ns = *records_.back().time_ns;
  journey.name = printable(mean.name);
  // Fetches of one name that went otherwise are other means.
  if (with_shape && !mean.shape.empty()) journey.name += " (" + mean.shape + ")";
  journeys_.push_back(std::move(journey));
}

bool AverageSource::read(FrameNumber frame, EventRecord& out) const {
  const std::uint32_t number = to_number(frame);
  if (number == 0 || number > records_.size()) return false;
  out = records_[number - 1];
  return true;
}

EventText AverageSource::text(FrameNumber frame) const {
  EventText text;
  const std::uint32_t number = to_number(frame);
  if (number == 0 || number > records_.size()) return text;
  text.milestones = milestones_[number - 1];
  text.vantage = token_of(records_[number - 1].end);
  return text;
}

}  // namespace humantime::ui
