// SPDX-License-Identifier: GPL-2.0-or-later
// The mean of journeys that went alike as a year of its own: an event for each packet, at its mean date. No
// Qt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "journeys/average.h"
#include "model/source.h"

namespace humantime::ui {

/// Its origin is 0, where each mean journey begins. Frames are numbered from 1, and were captured by nobody:
/// journey by journey, each in order of its dates. Milestones of one end and direction that have the same
/// mean came in one packet.
class AverageSource final : public Source {
 public:
  /// `name` is what the means are of, printable. Names of journeys may be any bytes.
  AverageSource(std::string name, const std::vector<journeys::MeanJourney>& means);

  std::string name() const override { return name_; }
  std::uint32_t frame_count() const override { return static_cast<std::uint32_t>(records_.size()); }
  double progress() const override { return 1; }
  std::uint64_t revision() const override { return 1; }
  bool read(FrameNumber frame, EventRecord& out) const override;
  bool passes_filter(FrameNumber) const override { return true; }
  EventText text(FrameNumber frame) const override;
  std::vector<JourneyRecord> journeys() const override { return journeys_; }
  std::optional<std::int64_t> origin_ns() const override { return 0; }
  /// A mean is of journeys; nobody connected to it.
  Connections connections(bool) const override { return {}; }

 private:
  void add(const journeys::MeanJourney& mean, bool with_shape);

  std::string name_;
  std::vector<EventRecord> records_;  ///< by frame − 1
  std::vector<std::vector<std::string>> milestones_;
  std::vector<JourneyRecord> journeys_;
};

}  // namespace humantime::ui
