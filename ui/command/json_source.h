// SPDX-License-Identifier: GPL-2.0-or-later
// The events of a capture as tshark's reports tell them (`-z humantime,events,json` and
// `-z humantime,journeys,json`), one object a line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "model/source.h"
#include "pools.h"

namespace humantime::ui {

class JsonSource final : public Source {
 public:
  explicit JsonSource(std::string name) : name_(std::move(name)) {}

  /// Takes a line of either report, without its end. False where it is neither: `wrong()` says why.
  bool take(std::string_view line);
  /// All lines have come; the capture's first time stamp, where it has any.
  void end(std::optional<std::int64_t> origin_ns);
  const std::string& wrong() const { return wrong_; }
  std::size_t event_count() const { return events_.size(); }

  std::string name() const override { return name_; }
  std::uint32_t frame_count() const override { return static_cast<std::uint32_t>(by_frame_.size()); }
  double progress() const override { return ended_ ? 1 : 0; }
  std::uint64_t revision() const override { return revision_; }
  bool read(FrameNumber frame, EventRecord& out) const override;
  bool passes_filter(FrameNumber) const override { return true; }
  EventText text(FrameNumber frame) const override;
  std::vector<JourneyRecord> journeys() const override { return journeys_; }
  std::optional<std::int64_t> origin_ns() const override { return origin_ns_; }

 private:
  /// An EventRecord without room for what most have not.
  struct Row {
    static constexpr std::int64_t unknown = INT64_MIN;
    std::int64_t time_ns = unknown, other_ns = unknown;
    std::uint32_t journey = 0, peer = 0, bytes = 0, ordinal = 1;
    std::uint32_t first_mark = 0;
    std::uint16_t mark_count = 0, vantage = 0;
    std::uint32_t precision_ns = 0, error_ns = 0;
    TextId from{0}, to{0}, detail{0};
    End end = End::unknown;
    journeys::Direction direction = journeys::Direction::unknown;
    bool estimated = false;
  };

  static constexpr std::uint32_t no_event = 0xffffffff;

  const Row* find(FrameNumber frame) const;

  std::string name_;
  std::string wrong_;
  std::vector<Row> events_;
  std::vector<std::uint32_t> by_frame_;  ///< index into events_, by frame number − 1
  std::vector<PhaseMark> marks_;
  std::vector<JourneyRecord> journeys_;
  std::unordered_map<std::string, std::uint16_t> vantages_;
  TextPool texts_;
  std::optional<std::int64_t> origin_ns_;
  std::uint64_t revision_ = 0;
  bool ended_ = false;
};

}  // namespace humantime::ui
