// SPDX-License-Identifier: GPL-2.0-or-later
// Several captures as one, so that their journeys can be compared. No Qt.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/source.h"

namespace humantime::ui {

/// Frames and journeys are numbered on from capture to capture; each keeps its own times, so that only what
/// is counted from a journey's own instants means anything across them.
class CombinedSource final : public Source {
 public:
  /// The parts' events must be all there. `name` is what they are together, printable.
  CombinedSource(std::string name, std::vector<std::unique_ptr<Source>> parts);

  /// Whether all frames have a number.
  bool fits() const { return fits_; }

  std::string name() const override { return name_; }
  std::uint32_t frame_count() const override { return frames_; }
  double progress() const override { return 1; }
  std::uint64_t revision() const override { return 1; }
  bool read(FrameNumber frame, EventRecord& out) const override;
  bool passes_filter(FrameNumber frame) const override;
  EventText text(FrameNumber frame) const override;
  std::vector<StreamRecord> streams(FrameNumber frame) const override;
  /// Their names have the capture's in front.
  std::vector<JourneyRecord> journeys() const override { return journeys_; }
  std::optional<std::int64_t> origin_ns() const override;
  /// Each has its own.
  Connections connections(bool) const override { return {}; }

 private:
  struct Part {
    std::unique_ptr<Source> source;
    std::uint32_t frames_before = 0, journeys_before = 0;
  };
  /// The part that has the frame; null where none has.
  const Part* part_of(FrameNumber frame) const;

  std::string name_;
  std::vector<Part> parts_;
  std::vector<JourneyRecord> journeys_;
  std::uint32_t frames_ = 0;
  bool fits_ = true;
};

}  // namespace humantime::ui
