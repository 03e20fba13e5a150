// SPDX-License-Identifier: GPL-2.0-or-later
// The source where no capture is open: its year is bare.
#pragma once

#include "model/source.h"

namespace humantime::ui {

class NoCapture final : public Source {
 public:
  std::string name() const override { return {}; }
  std::uint32_t frame_count() const override { return 0; }
  double progress() const override { return 1; }
  std::uint64_t revision() const override { return 0; }
  bool read(FrameNumber, EventRecord&) const override { return false; }
  bool passes_filter(FrameNumber) const override { return true; }
  EventText text(FrameNumber) const override { return {}; }
  std::vector<JourneyRecord> journeys() const override { return {}; }
  std::optional<std::int64_t> origin_ns() const override { return std::nullopt; }
  Connections connections(bool) const override { return {}; }
};

}  // namespace humantime::ui
