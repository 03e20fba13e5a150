// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/host_source.h"

#include <algorithm>

namespace humantime::ui {
namespace {

/// What a frame costs to be read anew and indexed, about.
constexpr std::chrono::nanoseconds per_frame{500};
constexpr int share = 20;
constexpr std::chrono::seconds seldom{1};

/// Everything but what has been read: a value out of an enumeration's range would be an index out of a table.
template <typename Enum>
Enum in_range(std::uint8_t value, std::size_t count, Enum otherwise) {
  return value < count ? static_cast<Enum>(value) : otherwise;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t space = std::min(text.find(' '), text.size());
    if (space > 0) words.emplace_back(text.substr(0, space));
    text.remove_prefix(std::min(space + 1, text.size()));
  }
  return words;
}

constexpr std::size_t kind_count = 5, direction_count = 3, end_count = 4, certainty_count = 4;

}  // namespace

HumantimeCapture HostSource::ask() const {
  HumantimeCapture capture;
  host_.capture(host_.context, &capture);
  return capture;
}

std::string HostSource::name() const {
  return ask().name;
}

std::uint32_t HostSource::frame_count() const {
  return ask().frame_count;
}

double HostSource::progress() const {
  return ask().progress;
}

bool HostSource::is_growing() const {
  const HumantimeCapture capture = ask();
  return capture.is_loading != 0 || capture.is_live != 0;
}

std::uint64_t HostSource::revision() const {
  HumantimeCapture capture = ask();
  const bool complete = capture.is_loading == 0 && capture.is_live == 0;
  const bool other = revision_ == 0 || capture.revision != host_revision_;
  const bool completed = complete && !complete_;
  const bool otherwise =
      capture.late_changes != late_changes_ && (complete || (capture.is_live != 0 && now_() >= next_));
  if (!other && !completed && !otherwise) {
    complete_ = complete;
    return revision_;
  }
  const Clock::time_point begin = now_();
  host_.settle(host_.context);
  capture = ask();
  const Clock::time_point end = now_();
  ++revision_;
  host_revision_ = capture.revision;
  late_changes_ = capture.late_changes;
  complete_ = complete;
  next_ = end + std::max<Clock::duration>(seldom, share * (end - begin + capture.frame_count * per_frame));
  return revision_;
}

bool HostSource::read(FrameNumber frame, EventRecord& out) const {
  HumantimeEvent event;
  if (host_.event(host_.context, to_number(frame), &event) == 0 || event.mark_count == 0) return false;
  out.frame = frame;
  out.journey = event.journey;
  out.time_ns = event.has_time != 0 ? std::optional(event.time_ns) : std::nullopt;
  out.other_ns = event.has_other != 0 ? std::optional(event.other_ns) : std::nullopt;
  out.estimated = event.is_estimated != 0;
  out.peer = FrameNumber{event.peer};
  out.precision_ns = event.precision_ns;
  out.error_ns = event.error_ns;
  out.spread = {};
  out.end = in_range(event.end, end_count, End::unknown);
  out.direction = in_range(event.direction, direction_count, journeys::Direction::unknown);
  out.vantage = event.vantage;
  out.bytes = event.bytes;
  out.ordinal = event.ordinal;
  out.passes_filter = event.passes_filter != 0;
  out.is_copy = event.is_copy != 0;
  out.marks.clear();
  for (std::size_t i = 0; i < event.mark_count; ++i)
    if (event.phases[i] < phase_table().size() && event.stages[i] < stage_count)
      out.marks.push_back({static_cast<Phase>(event.phases[i]), static_cast<Stage>(event.stages[i]),
                           in_range(event.certainties[i], certainty_count, Certainty::seen)});
  return !out.marks.empty();
}

bool HostSource::passes_filter(FrameNumber frame) const {
  return host_.passes_filter(host_.context, to_number(frame)) != 0;
}

EventText HostSource::text(FrameNumber frame) const {
  HumantimeText text;
  host_.text(host_.context, to_number(frame), &text);
  return {text.from,
          text.to,
          text.detail,
          text.vantage,
          words_of(text.milestones),
          text.is_captured != 0 ? std::optional(text.captured_ns) : std::nullopt};
}

std::vector<JourneyRecord> HostSource::journeys() const {
  std::vector<JourneyRecord> records;
  const auto visit = [](void* user, const HumantimeJourney* journey) {
    static_cast<std::vector<JourneyRecord>*>(user)->push_back(
        {journey->number, in_range(journey->kind, kind_count, journeys::Kind::completed),
         FrameNumber{journey->first}, journey->first_ns, journey->last_ns, journey->name, journey->handshake,
         journey->handshake_round_trips != HUMANTIME_UNKNOWN_ROUND_TRIPS
             ? std::optional(journey->handshake_round_trips)
             : std::nullopt});
  };
  host_.journeys(host_.context, visit, &records);
  return records;
}

std::optional<std::int64_t> HostSource::origin_ns() const {
  std::int64_t origin = 0;
  if (host_.origin(host_.context, &origin) == 0) return std::nullopt;
  return origin;
}

Connections HostSource::connections(bool limited) const {
  Connections records;
  const auto visit = [](void* user, const char* line) {
    // Plugin and dialog are built from one tree: a line that cannot be read is none.
    if (auto record = read_connections(line)) static_cast<Connections*>(user)->push_back(*std::move(record));
  };
  host_.connections(host_.context, limited ? 1 : 0, visit, &records);
  return records;
}

}  // namespace humantime::ui
