// SPDX-License-Identifier: GPL-2.0-or-later
// Wireshark's capture as the dialog's source, by way of the plugin's functions. No Qt.
#pragma once

#include <chrono>
#include <functional>

#include "model/source.h"
#include "ui_module.h"

namespace humantime::ui {

/// What has been read of a capture that grows is completed by what comes later. To read it all anew costs
/// time, so of late completions alone the revision changes seldom: when the capture is complete, and until
/// then at most a twentieth of the time is spent on it. What makes all that was read wrong (another capture,
/// another dissection, other times) changes it at once.
class HostSource final : public Source {
 public:
  using Clock = std::chrono::steady_clock;

  /// `host` outlives it. `now` is the clock, for tests.
  explicit HostSource(const HumantimeHost& host, std::function<Clock::time_point()> now = Clock::now)
      : host_(host), now_(std::move(now)) {}

  std::string name() const override;
  std::uint32_t frame_count() const override;
  double progress() const override;
  std::uint64_t revision() const override;
  bool read(FrameNumber frame, EventRecord& out) const override;
  bool passes_filter(FrameNumber frame) const override;
  EventText text(FrameNumber frame) const override;
  std::vector<JourneyRecord> journeys() const override;
  std::optional<std::int64_t> origin_ns() const override;
  Connections connections(bool limited) const override;

  /// Whether a capture is open; its name may be empty.
  bool is_open() const { return ask().is_open != 0; }
  /// Whether it may grow without a signal of Wireshark's.
  bool is_growing() const;

 private:
  HumantimeCapture ask() const;

  const HumantimeHost& host_;
  std::function<Clock::time_point()> now_;

  // The capture as it was when the revision was last told.
  mutable std::uint64_t revision_ = 0;
  mutable std::uint64_t host_revision_ = 0, late_changes_ = 0;
  mutable bool complete_ = false;
  mutable Clock::time_point next_;
};

}  // namespace humantime::ui
