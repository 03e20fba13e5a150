// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/run_reader.h"

#include <algorithm>
#include <charconv>
#include <tuple>
#include <utility>

#include "phases.h"
#include "saturating.h"
#include "text.h"

namespace humantime::ui {
namespace {

using journeys::Direction;
using journeys::End;
using journeys::MilestoneKey;
using journeys::Run;

/// Beyond so many places a file is made up for it, and they are one.
constexpr std::uint16_t most_places = 0xffff;

}  // namespace

std::optional<MilestoneKey> milestone_key_of(std::string_view text, End end) {
  MilestoneKey key;
  key.end = end;
  const std::size_t number_at = text.find('#');
  if (number_at == std::string_view::npos) return std::nullopt;
  const auto phase = phase_from_token(text.substr(0, number_at));
  if (!phase || !row_of(*phase).milestone) return std::nullopt;
  key.phase = *phase;
  const std::string_view rest = text.substr(number_at + 1);
  const std::string_view number = rest.substr(0, rest.find('/'));
  const auto [stop, error] = std::from_chars(number.data(), number.data() + number.size(), key.ordinal);
  if (error != std::errc() || stop != number.data() + number.size() || key.ordinal == 0) return std::nullopt;
  if (number.size() == rest.size()) return key;
  const std::string_view direction = rest.substr(number.size() + 1);
  const auto* const found = std::find_if(json_directions.begin(), json_directions.end(),
                                         [&](const auto& word) { return word.text == direction; });
  if (found == json_directions.end()) return std::nullopt;
  key.direction = found->value;
  return key;
}

bool RunReader::take_event(const JsonRecord& record) {
  const std::uint32_t number = record.integer<std::uint32_t>("frame").value_or(0);
  if (number <= last_frame_) return false;
  last_frame_ = number;
  ++events_;
  const auto captured = record.integer<std::int64_t>("time_ns");
  const auto time = record.integer<std::int64_t>("corrected_ns");
  const auto travel = record.integer<std::int64_t>("travel_ns");
  const auto precision = record.integer<std::int64_t>("travel_precision_ns");
  const std::uint32_t peer = record.integer<std::uint32_t>("peer_frame").value_or(0);
  const std::uint32_t journey_number = record.integer<std::uint32_t>("journey").value_or(0);
  const End end = record.word("end", json_ends);
  const std::string vantage(record.text("vantage"));
  const JsonRecord::Json& milestones = record.at("milestones");
  if (record.wrong() || !milestones.is_array() || precision.value_or(0) < 0) return false;

  const auto next = static_cast<std::uint16_t>(std::min<std::size_t>(places_.size(), most_places - 1));
  const std::uint16_t place =
      vantages_.size() < most_places ? vantages_.try_emplace(vantage, next).first->second : next;
  if (place == places_.size()) places_.emplace_back();
  if (end == End::client) ++places_[place].at_client;
  if (time && captured && *time != *captured) places_[place].corrected = true;
  if (peer != 0) frames_.push_back({number, peer, place, precision.has_value(), precision.value_or(0)});

  if (journey_number == 0) return true;
  if (!may_be_journey_of(number, journey_number)) return false;
  Journey& journey = journeys_[journey_number];
  const std::optional<std::int64_t> known = time ? time : captured;
  // A frame without a time stands where the one before it does.
  if (known) {
    journey.start_ns = std::min(journey.start_ns.value_or(*known), *known);
    journey.last_ns = *known;
  }
  for (const JsonRecord::Json& milestone : milestones) {
    if (!milestone.is_string()) return false;
    const auto key = milestone_key_of(milestone.get_ref<const std::string&>(), end);
    if (!key) return false;
    Found found{*key, journey.last_ns, journey.last_ns, place};
    if (travel && key->direction == Direction::received) found.sent_ns = difference(found.time_ns, *travel);
    journey.found.push_back(found);
  }
  return true;
}

bool RunReader::take_journey(const JsonRecord& record) {
  Told told;
  told.number = record.integer<std::uint32_t>("journey").value_or(0);
  if (told.number == 0 || (!told_.empty() && told.number <= told_.back().number)) return false;
  const auto kind = record.kind("kind");
  if (!kind) return false;
  told.kind = *kind;
  // The report puts the server's address where there is no name.
  const std::string_view name = record.text("name"), server = record.text("server");
  if (name != server) told.name = printable(name);
  told_.push_back(std::move(told));
  return true;
}

bool RunReader::take_capture(const JsonRecord& record) {
  // Once of all, and once of what the user's filter leaves: whichever comes first.
  const std::uint64_t events = record.integer<std::uint64_t>("events").value_or(0);
  const std::uint64_t journeys = record.integer<std::uint64_t>("journeys").value_or(0);
  expected_events_ = std::max(expected_events_.value_or(events), events);
  expected_journeys_ = std::min(expected_journeys_.value_or(journeys), journeys);
  return true;
}

bool RunReader::is_complete() {
  return expected_events_ == events_ && expected_journeys_ == told_.size();
}

std::optional<std::uint16_t> RunReader::place_of(std::uint32_t number) const {
  const auto found =
      std::lower_bound(frames_.begin(), frames_.end(), number,
                       [](const Frame& frame, std::uint32_t wanted) { return frame.number < wanted; });
  return found != frames_.end() && found->number == number ? std::optional(found->vantage) : std::nullopt;
}

/// How well each place's clock is known: the reports tell it of the way between two places. That of the place
/// whose clock tells all times is known; the others' is that of their ways to it.
std::vector<std::int64_t> RunReader::precisions() const {
  std::vector<std::int64_t> precisions(places_.size(), 0);
  if (places_.empty()) return precisions;
  const auto reference = std::max_element(places_.begin(), places_.end(), [](const Place& a, const Place& b) {
    return std::tuple(!a.corrected, a.at_client) < std::tuple(!b.corrected, b.at_client);
  });
  const auto reference_place = static_cast<std::uint16_t>(reference - places_.begin());
  std::vector<bool> direct(places_.size(), false);
  for (const Frame& frame : frames_) {
    if (!frame.has_precision || frame.vantage == reference_place) continue;
    const bool to_reference = place_of(frame.peer) == reference_place;
    std::int64_t& precision = precisions[frame.vantage];
    if (to_reference && !direct[frame.vantage]) precision = 0;
    if (to_reference) direct[frame.vantage] = true;
    if (to_reference || !direct[frame.vantage]) precision = std::max(precision, frame.precision_ns);
  }
  return precisions;
}

std::vector<Run> RunReader::runs() const {
  const std::vector<std::int64_t> precision = precisions();
  std::vector<Run> runs;
  for (const Told& told : told_) {
    Run run{told.kind, told.name, {}};
    const auto at = journeys_.find(told.number);
    if (at != journeys_.end() && at->second.start_ns) {
      const Journey& journey = at->second;
      // What is asked again keeps its ordinal: the first to be sent is the milestone.
      std::map<std::pair<MilestoneKey, std::uint16_t>, std::size_t> first;
      for (std::size_t i = 0; i < journey.found.size(); ++i) {
        const Found& one = journey.found[i];
        const auto [known, is_new] = first.try_emplace({one.key, one.vantage}, i);
        if (!is_new && one.sent_ns < journey.found[known->second].sent_ns) known->second = i;
      }
      std::vector<std::size_t> taken;
      for (const auto& [key, index] : first) taken.push_back(index);
      std::sort(taken.begin(), taken.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(journey.found[a].time_ns, a) < std::pair(journey.found[b].time_ns, b);
      });
      for (const std::size_t index : taken) {
        const Found& one = journey.found[index];
        run.milestones.push_back(
            {one.key, difference(one.time_ns, *journey.start_ns), precision[one.vantage]});
      }
    }
    runs.push_back(std::move(run));
  }
  return runs;
}

}  // namespace humantime::ui
