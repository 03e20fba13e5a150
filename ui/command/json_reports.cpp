// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/json_reports.h"

#include <utility>

namespace humantime::ui {

bool JsonReports::fail(std::string sentence) {
  if (error_.empty()) error_ = std::move(sentence);
  return false;
}

bool JsonReports::take(std::string_view bytes) {
  if (!error_.empty()) return false;
  if (lines_.take(bytes, [this](std::string_view line) { return take_line(line); })) return true;
  return lines_.is_too_long() ? fail("tshark told a line that does not end.") : false;
}

bool JsonReports::take_line(std::string_view line) {
  if (line.empty()) return true;
  const JsonRecord record(line);
  bool taken = false;
  if (record.has("pieces"))
    taken = take_pieces(record);
  else if (record.has("frame"))
    taken = take_event(record);
  else if (record.has("stream"))
    taken = take_stream(record);
  else if (record.has("journey"))
    taken = take_journey(record);
  else if (record.has("origin_ns"))
    taken = take_capture(record);
  else if (record.has("scope"))
    taken = take_connections(line);
  return (taken && !record.wrong()) || fail(wrong_line_sentence(line));
}

bool JsonReports::finish() {
  if (!error_.empty()) return false;
  return (!lines_.is_open() && is_complete()) || fail("tshark ended before it had told all events.");
}

}  // namespace humantime::ui
