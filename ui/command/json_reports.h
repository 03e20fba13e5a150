// SPDX-License-Identifier: GPL-2.0-or-later
// A tshark's reports humantime,events,json, journeys,json, capture,json, connections,json and streams,json,
// line by line while they come, in any order. Nothing of it is trusted. No Qt.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "command/json_lines.h"

namespace humantime::ui {

/// Tells the reports' lines apart; what is in them is its heirs'.
class JsonReports {
 public:
  /// Takes the next bytes, cut anywhere. False where they are wrong; from then on nothing more is taken.
  bool take(std::string_view bytes);
  /// Nothing more comes. False where something is missing.
  bool finish();
  /// A sentence; empty where nothing is wrong.
  const std::string& error() const { return error_; }

 protected:
  JsonReports() = default;
  JsonReports(const JsonReports&) = default;
  JsonReports& operator=(const JsonReports&) = default;
  virtual ~JsonReports() = default;

  /// Journeys are numbered as their first frames come, one for each lookup that begins in a frame, of which
  /// DNS over TCP may have a segment full: a much higher number would be room for nothing.
  static bool may_be_journey_of(std::uint32_t frame, std::uint32_t journey) {
    constexpr std::uint32_t most_of_a_frame = 4096;
    return journey / most_of_a_frame <= frame;
  }
  /// A report's line; false where it is none of this version's.
  virtual bool take_event(const JsonRecord& record) = 0;
  virtual bool take_journey(const JsonRecord& record) = 0;
  virtual bool take_capture(const JsonRecord& record) = 0;
  virtual bool take_connections(std::string_view line) = 0;
  virtual bool take_stream(const JsonRecord& record) = 0;
  /// Only of the report `bytes`, which not everybody asks for.
  virtual bool take_pieces(const JsonRecord&) { return false; }
  /// Whether all has come that the capture's line promised; nothing more will.
  virtual bool is_complete() = 0;

 private:
  bool take_line(std::string_view line);
  bool fail(std::string sentence);

  JsonLines lines_;
  std::string error_;
};

}  // namespace humantime::ui
