// SPDX-License-Identifier: GPL-2.0-or-later
// Wireshark's capture as the dialog's source, by way of the plugin's functions. No Qt.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <unordered_map>
#include <vector>

#include "model/source.h"
#include "ui_module.h"

namespace humantime::ui {

/// What has been read of a capture that grows, live or out of a file, is completed by what comes later. To
/// look at all frames together costs time, and so does to read them all anew: for late completions, and when
/// there are twice as many frames, that is done in at most a twentieth of the time, and once more when the
/// capture is complete. What has been begun is not given up for frames that come meanwhile. Another
/// dissection changes the revision at once, other times and preferences when all has been looked at.
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
  bool settle(std::uint32_t budget) const override;
  bool has_frames_of(std::uint64_t revision) const override;
  bool read(FrameNumber frame, EventRecord& out) const override;
  bool passes_filter(FrameNumber frame) const override;
  EventText text(FrameNumber frame) const override;
  std::vector<StreamRecord> streams(FrameNumber frame) const override;
  std::vector<FramePiece> pieces(FrameNumber frame) const override;
  std::vector<JourneyRecord> journeys() const override;
  std::vector<JourneyRecord> journeys_from(std::uint32_t first, std::uint32_t count) const override;
  std::optional<std::int64_t> origin_ns() const override;
  bool count_connections(bool limited, std::uint32_t budget) const override;
  Connections connections(bool limited) const override;

  /// Whether a capture is open; its name may be empty.
  bool is_open() const { return ask().is_open != 0; }
  /// Whether it may grow without a signal of Wireshark's.
  bool is_growing() const;

 private:
  HumantimeCapture ask() const;
  void look(const HumantimeCapture& capture) const;
  bool is_stale(const HumantimeCapture& capture) const;

  const HumantimeHost& host_;
  std::function<Clock::time_point()> now_;

  /// A page shows fewer packets than these.
  static constexpr std::size_t most_pieces_kept = 1024;
  mutable std::unordered_map<FrameNumber, std::vector<FramePiece>> pieces_;
  mutable std::uint64_t pieces_dissection_ = 0, pieces_changes_ = 0;  ///< that they are of
  mutable std::uint64_t revision_ = 0;
  mutable std::uint64_t dissection_ = 0, first_revision_ = 0;  ///< of the dissection
  /// What all frames were looked at together of, or are being.
  struct Settled {
    std::uint64_t revision = 0, late_changes = 0;
    std::uint32_t frames = 0;
    bool complete = false;
  };
  mutable std::optional<Settled> settled_, settling_;
  /// What has been counted so far, and the lines that it was read of.
  struct Counting {
    bool limited = false;
    bool counted = false;  ///< by the plugin: its lines are read
    std::uint32_t lines = 0;
    Connections records;
  };
  mutable std::optional<Counting> counting_;
  mutable Clock::duration spent_{0};  ///< on what is being done
  mutable Clock::time_point next_;
};

}  // namespace humantime::ui
