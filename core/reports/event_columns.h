// SPDX-License-Identifier: GPL-2.0-or-later
// The columns of the event record, whoever tells of the event: the report from the store, the dialog from its
// source.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reports/format.h"
#include "store.h"
#include "types.h"

namespace humantime::reports {

/// One event's cells. Texts are printable UTF-8, empty where there is none; times are nanoseconds.
struct EventCells {
  FrameNumber frame = no_frame;
  std::optional<std::int64_t> time_ns;       ///< since 1970 UTC, as captured
  std::optional<std::int64_t> corrected_ns;  ///< by the reference's clock
  std::string vantage;                       ///< `1.0`
  std::string_view end, direction;           ///< tokens
  std::uint32_t journey = 0;                 ///< 0: none
  std::span<const PhaseMark> marks;
  std::vector<std::string> milestones;  ///< `dns.query#2/sent`
  bool estimated = false;
  FrameNumber peer = no_frame;
  std::optional<std::int64_t> travel_ns, precision_ns, error_ns;
  std::string from, to;
  std::uint32_t bytes = 0;  ///< on the wire
  std::string detail;
  std::string date;  ///< humantime.time
};

/// What stands before the first record; nothing but in CSV.
std::string event_head(Format format);
/// The record with its line end, as JSON or CSV.
std::string event_line(const EventCells& event, Format format);

}  // namespace humantime::reports
