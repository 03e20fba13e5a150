// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/combined_source.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace humantime::ui {
namespace {

FrameNumber moved(FrameNumber frame, std::uint32_t by) {
  return frame == no_frame ? no_frame : FrameNumber{to_number(frame) + by};
}

/// `tls12-ticket` of `tls12-ticket.pcapng.gz`.
std::string without_suffix(const std::string& name) {
  const std::size_t dot = name.find('.', 1);
  return name.substr(0, dot);
}

}  // namespace

CombinedSource::CombinedSource(std::string name, std::vector<std::unique_ptr<Source>> parts)
    : name_(std::move(name)) {
  std::uint64_t frames = 0;
  std::uint32_t journeys = 0;
  for (std::unique_ptr<Source>& source : parts) {
    Part part;
    part.frames_before = static_cast<std::uint32_t>(frames);
    part.journeys_before = journeys;
    frames += source->frame_count();
    if (frames >= std::numeric_limits<std::uint32_t>::max()) {
      fits_ = false;
      break;
    }
    for (JourneyRecord journey : source->journeys()) {
      journeys = std::max(journeys, part.journeys_before + journey.number);
      journey.number += part.journeys_before;
      journey.first = moved(journey.first, part.frames_before);
      journey.name = without_suffix(source->name()) + " · " + journey.name;
      journeys_.push_back(std::move(journey));
    }
    part.source = std::move(source);
    parts_.push_back(std::move(part));
    frames_ = static_cast<std::uint32_t>(frames);
  }
}

const CombinedSource::Part* CombinedSource::part_of(FrameNumber frame) const {
  const std::uint32_t number = to_number(frame);
  if (number == 0 || number > frames_) return nullptr;
  const auto behind =
      std::upper_bound(parts_.begin(), parts_.end(), number,
                       [](std::uint32_t wanted, const Part& part) { return wanted <= part.frames_before; });
  return behind == parts_.begin() ? nullptr : &*std::prev(behind);
}

bool CombinedSource::read(FrameNumber frame, EventRecord& out) const {
  const Part* part = part_of(frame);
  if (part == nullptr || !part->source->read(FrameNumber{to_number(frame) - part->frames_before}, out))
    return false;
  out.frame = frame;
  out.peer = moved(out.peer, part->frames_before);
  if (out.journey != 0) out.journey += part->journeys_before;
  return true;
}

bool CombinedSource::passes_filter(FrameNumber frame) const {
  const Part* part = part_of(frame);
  return part != nullptr && part->source->passes_filter(FrameNumber{to_number(frame) - part->frames_before});
}

EventText CombinedSource::text(FrameNumber frame) const {
  const Part* part = part_of(frame);
  return part == nullptr ? EventText{}
                         : part->source->text(FrameNumber{to_number(frame) - part->frames_before});
}

std::vector<StreamRecord> CombinedSource::streams(FrameNumber frame) const {
  const Part* part = part_of(frame);
  if (part == nullptr) return {};
  std::vector<StreamRecord> records =
      part->source->streams(FrameNumber{to_number(frame) - part->frames_before});
  for (StreamRecord& record : records)
    for (FrameNumber* one : {&record.request, &record.request_end, &record.response, &record.response_end})
      *one = moved(*one, part->frames_before);
  return records;
}

std::optional<std::int64_t> CombinedSource::origin_ns() const {
  return parts_.empty() ? std::nullopt : parts_.front().source->origin_ns();
}

}  // namespace humantime::ui
