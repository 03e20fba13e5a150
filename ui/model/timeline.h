// SPDX-License-Identifier: GPL-2.0-or-later
// The events as the views want them: in columns, by time, by lane and by journey; below 40 bytes an event.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "layout/scene.h"
#include "model/source.h"

namespace humantime::ui {

/// One event; its texts stay with the source.
struct Event {
  static constexpr std::int64_t unknown = INT64_MIN;
  enum Flag : std::uint8_t { estimated = 1, inferred = 2, more_phases = 4, hidden_by_filter = 8, twin = 16 };

  std::int64_t time_ns = unknown;   ///< as shown
  std::int64_t other_ns = unknown;  ///< at the other end
  FrameNumber frame = no_frame;
  std::uint32_t journey = 0;
  std::uint16_t ordinal = 1;
  Phase phase{};           ///< the one that names the event: of the highest lane the first milestone
  std::uint8_t flags = 0;  ///< twin: the received copy of a letter whose sent copy is an event too
  End end = End::unknown;
  journeys::Direction direction = journeys::Direction::unknown;
};

/// A journey's stage from beginning to end.
struct StageSpan {
  std::uint32_t journey = 0;
  Stage stage{};
  std::int64_t begin_ns = 0, end_ns = 0;
};

class Timeline {
 public:
  explicit Timeline(const Source& source) : source_(source) {}

  /// Takes what has come since, at most `budget` frames of it, or begins anew where the source's revision
  /// changed; true when there is more to take. What was taken is there to be drawn at once.
  bool advance(std::uint32_t budget);
  /// Asks the source again which events pass the display filter, at most `budget`; true when there is more.
  bool refilter(std::uint32_t budget);

  const Source& source() const { return source_; }
  std::span<const Event> events() const { return events_; }  ///< in order of frames
  const Event& at(EventIndex index) const { return events_[static_cast<std::size_t>(index)]; }
  std::optional<EventIndex> find(FrameNumber frame) const;
  const std::vector<JourneyRecord>& journeys() const { return journeys_; }

 private:
  const Source& source_;
  std::vector<Event> events_;
  std::vector<JourneyRecord> journeys_;
};

}  // namespace humantime::ui
