// SPDX-License-Identifier: GPL-2.0-or-later
// The events that a tshark tells: its reports humantime,events,json, journeys,json and capture,json, read
// line by line while they come. No Qt.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "command/json_reports.h"
#include "model/source.h"
#include "pools.h"

namespace humantime::ui {

/// Some 70 bytes an event, its texts kept once. What comes is not trusted: a line that is none of the three
/// reports', out of order, out of range or too long is an error, and so is an end before everything came.
class JsonSource final : public Source, public JsonReports {
 public:
  /// `name` is the file's, printable, without its folder.
  explicit JsonSource(std::string name) : name_(std::move(name)) {}

  /// How many events came.
  std::size_t size() const { return rows_.size(); }

  std::string name() const override { return name_; }
  std::uint32_t frame_count() const override;
  /// tshark tells its reports when it has read the file: 0 until all is there.
  double progress() const override { return complete_ ? 1 : 0; }
  std::uint64_t revision() const override { return revision_; }
  bool read(FrameNumber frame, EventRecord& out) const override;
  /// What does not pass tshark has left out.
  bool passes_filter(FrameNumber) const override { return true; }
  EventText text(FrameNumber frame) const override;
  /// Empty where tshark was not asked.
  std::vector<StreamRecord> streams(FrameNumber frame) const override;
  /// Empty where tshark was not asked.
  std::vector<FramePiece> pieces(FrameNumber frame) const override;
  std::vector<JourneyRecord> journeys() const override { return journeys_; }
  std::optional<std::int64_t> origin_ns() const override { return origin_ns_; }
  /// Of what tshark was asked about, filter and all; empty where it was not asked.
  Connections connections(bool) const override { return connections_; }

 private:
  struct Row {
    std::int64_t time_ns = 0;
    std::int64_t travel_ns = 0;
    FrameNumber frame = no_frame, peer = no_frame;
    std::uint32_t journey = 0;
    std::uint32_t bytes = 0;
    TextId from{0}, to{0}, detail{0};
    std::uint32_t first_mark = 0;
    std::uint32_t uncertainty = 0;  ///< index
    std::uint16_t mark_count = 0;
    std::uint16_t vantage = 0;
    std::uint16_t ordinal = 1;
    End end = End::unknown;
    journeys::Direction direction = journeys::Direction::unknown;
    bool has_time = false, has_travel = false, estimated = false, is_copy = false;
  };
  struct Uncertainty {
    std::int64_t precision_ns = 0, error_ns = 0;
    bool operator==(const Uncertainty&) const = default;
  };

  bool take_event(const JsonRecord& record) override;
  bool take_journey(const JsonRecord& record) override;
  bool take_capture(const JsonRecord& record) override;
  bool take_connections(std::string_view line) override;
  bool take_stream(const JsonRecord& record) override;
  bool take_pieces(const JsonRecord& record) override;
  bool is_complete() override;
  const Row* find(FrameNumber frame) const;

  std::string name_;
  std::vector<Row> rows_;  ///< in order of frames
  std::vector<PhaseMark> marks_;
  std::vector<Uncertainty> uncertainties_{Uncertainty{}};
  std::unordered_map<std::string, std::uint16_t> vantages_;
  TextPool texts_;
  std::vector<JourneyRecord> journeys_;
  std::unordered_map<FrameNumber, std::vector<StreamRecord>> streams_;  ///< by the frame they begin with
  struct FramePieces {
    FrameNumber frame = no_frame;
    std::uint32_t first = 0;
  };
  std::vector<FramePieces> frame_pieces_;  ///< in order of frames
  std::vector<FramePiece> pieces_;
  Connections connections_;
  std::optional<std::int64_t> origin_ns_;
  std::uint32_t frames_ = 0;
  std::uint64_t expected_events_ = 0, expected_journeys_ = 0;
  bool has_capture_ = false;
  bool complete_ = false;
  std::uint64_t revision_ = 1;
  mutable std::size_t last_found_ = 0;  ///< frames are mostly asked for one after another
};

}  // namespace humantime::ui
