// SPDX-License-Identifier: GPL-2.0-or-later
// A capture's journeys as runs to be averaged, of what a tshark tells: its reports humantime,events,json,
// journeys,json and capture,json, in any order. No Qt.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "command/json_reports.h"
#include "journeys/average.h"
#include "types.h"

namespace humantime::ui {

/// What `dns.query#2/sent` says of itself, `end` being where it was captured; none where it is no milestone.
std::optional<journeys::MilestoneKey> milestone_key_of(std::string_view text, journeys::End end);

/// Events are asked for without a filter, for a journey's times are counted since its first frame; the
/// journeys with the user's: those that are told are the runs. What comes is not trusted, as JsonSource does
/// not.
class RunReader final : public JsonReports {
 public:
  /// When all has come, in order of the journeys. Those without a milestone are among them, empty.
  std::vector<journeys::Run> runs() const;

 private:
  /// A frame that was captured at another place, too.
  struct Frame {
    std::uint32_t number = 0, peer = 0;
    std::uint16_t vantage = 0;
    bool has_precision = false;
    std::int64_t precision_ns = 0;  ///< of the way between the two
  };
  /// A place where frames were captured.
  struct Place {
    std::uint64_t at_client = 0;  ///< frames that were captured at the client's end
    bool corrected = false;       ///< its clock is not the one that all times are told by
  };
  /// One milestone, where it was captured, and what orders it.
  struct Found {
    journeys::MilestoneKey key;
    std::int64_t time_ns = 0, sent_ns = 0;
    std::uint16_t vantage = 0;
  };
  struct Journey {
    std::optional<std::int64_t> start_ns;  ///< its first frame's
    std::int64_t last_ns = 0;              ///< of the frame before
    std::vector<Found> found;              ///< in order of frames
  };
  struct Told {
    std::uint32_t number = 0;
    journeys::Kind kind = journeys::Kind::completed;
    std::string name;
  };

  bool take_event(const JsonRecord& record) override;
  bool take_journey(const JsonRecord& record) override;
  bool take_capture(const JsonRecord& record) override;
  /// It asks for none.
  bool take_connections(std::string_view) override { return false; }
  bool take_stream(const JsonRecord&) override { return false; }
  bool is_complete() override;
  /// The place where a frame that has a peer was captured.
  std::optional<std::uint16_t> place_of(std::uint32_t frame) const;
  std::vector<std::int64_t> precisions() const;

  std::vector<Frame> frames_;  ///< in order of numbers
  std::map<std::string, std::uint16_t> vantages_;
  std::vector<Place> places_;
  std::map<std::uint32_t, Journey> journeys_;
  std::vector<Told> told_;
  std::uint32_t last_frame_ = 0;
  std::uint64_t events_ = 0;
  std::optional<std::uint64_t> expected_events_, expected_journeys_;
};

}  // namespace humantime::ui
