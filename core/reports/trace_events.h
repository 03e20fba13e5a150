// SPDX-License-Identifier: GPL-2.0-or-later
// Trace events as JSON, an event at a time: the format of "Trace Event Format" (Google), which Perfetto and
// chrome://tracing open. A journey is a process, a stage a thread of it.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "language.h"
#include "phases.h"
#include "types.h"

namespace humantime::reports {

/// A journey's stage, real nanoseconds since the origin.
struct TraceSpan {
  std::uint32_t journey = 0;
  Stage stage{};
  Lane lane{};
  std::int64_t begin_ns = 0, length_ns = 0;
  std::string_view date;  ///< of its beginning; printable UTF-8, as all texts
};

/// A milestone.
struct TraceInstant {
  std::uint32_t journey = 0;  ///< 0: of none
  Stage stage{};
  Lane lane{};
  std::int64_t time_ns = 0;  ///< since the origin
  std::string_view name, token, date, from, to, detail;
  std::string_view end;  ///< token; empty where it is not known
  FrameNumber frame = no_frame;
  bool inferred = false;
};

/// Makes the text of a file piece by piece. Time stamps are real microseconds since the origin, with
/// nanoseconds behind the point.
class TraceWriter {
 public:
  explicit TraceWriter(Language language) : language_(language) {}

  std::string head() const;
  /// Names the process; to be told before what happens in it.
  std::string process(std::uint32_t journey, std::string_view name);
  std::string span(const TraceSpan& span);
  std::string instant(const TraceInstant& instant);
  /// `file` is the capture's name, `origin` says what time stamp 0 is.
  std::string tail(std::string_view file, std::string_view origin) const;

 private:
  std::string thread(std::uint32_t journey, Stage stage);
  void add(std::string& text, const std::string& object);

  Language language_;
  std::map<std::uint32_t, std::uint32_t> threads_;  ///< by journey: a bit for each stage that has its name
  bool any_ = false;
};

}  // namespace humantime::reports
