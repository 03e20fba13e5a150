// SPDX-License-Identifier: GPL-2.0-or-later
// The events as the views want them: in columns, by time, by lane and by journey; below 40 bytes an event.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "layout/scene.h"
#include "model/event.h"
#include "model/source.h"
#include "model/stages.h"
#include "model/time_index.h"
#include "work.h"

namespace humantime::ui {

/// What is indexed of one lane.
struct LaneIndex {
  TimeIndex marks;     ///< milestones: each is a mark, most a letter
  TimeIndex segments;  ///< acknowledgments, pieces of a body, …: drawn as density
  Intervals stages;    ///< that are drawn in the lane
};

/// All events, or a journey's, or those that pass the display filter.
struct TimelineIndex {
  std::array<LaneIndex, lane_count> lanes;
  Intervals journeys;
  const LaneIndex& of(Lane lane) const { return lanes[static_cast<std::size_t>(lane)]; }
};

/// What a timeline knows of a journey itself; the source knows its name.
struct JourneySummary {
  std::int64_t first_ns = Event::unknown, last_ns = Event::unknown;
  std::uint32_t first_event = 0, last_event = 0;  ///< between these, others' events stand too
  std::uint32_t events = 0;                       ///< 0: there is no such journey
  std::uint64_t bytes = 0;                        ///< of frames seen at the vantage of its first one
};

class Timeline {
 public:
  explicit Timeline(const Source& source) : source_(&source) {}

  /// Takes what has come since, at most `budget` frames of it, or begins anew where the source's revision
  /// changed; true when there is more to take, or before it is settled what is. What was taken is there to be
  /// drawn at once. A source that is still being read is not settled here: who wants that asks it.
  bool advance(std::uint32_t budget);
  /// Shows what another one of the same source has taken instead: begun anew, all at once.
  void take_over(Timeline&& fresh);
  /// Asks the source again which events pass the display filter, at most `budget`; true when there is more.
  bool refilter(std::uint32_t budget);
  /// The display filter changed again: refilter() goes back to the first event.
  void restart_refilter() { refiltered_ = 0; }

  const Source& source() const { return *source_; }
  /// The source's when what is here was begun: indices of another one are of other events.
  std::uint64_t revision() const { return revision_; }
  /// Grows whenever it is begun anew.
  std::uint64_t generation() const { return generation_; }
  std::span<const Event> events() const { return events_; }  ///< in order of frames
  const Event& at(EventIndex index) const { return events_[static_cast<std::size_t>(index)]; }
  std::optional<EventIndex> find(FrameNumber frame) const;
  /// How far apart they were of which the event is the mean; null where it was captured.
  const journeys::Spread* spread(EventIndex index) const {
    const auto at = static_cast<std::size_t>(index);
    return at < spreads_.size() && spreads_[at].n > 0 ? &spreads_[at] : nullptr;
  }
  /// What the event's frame is made of; empty where nobody knows, and of a mean.
  std::vector<FramePiece> pieces(EventIndex index) const {
    const Event& event = at(index);
    return (event.flags & Event::mean) != 0 ? std::vector<FramePiece>() : source_->pieces(event.frame);
  }
  /// Whether there are means among the events.
  bool has_means() const { return !spreads_.empty(); }
  const std::vector<JourneyRecord>& journeys() const { return journeys_; }
  /// Changes whenever journeys() do.
  std::uint64_t listing() const { return listing_; }

  /// The index of what is shown: `journey` 0 is all. An index of less than all is begun when it is first
  /// asked for, with its first thousands of events, and kept until another one is: prepare() makes the rest.
  /// Where other events pass the filter than did, it is the former one until the new one is whole.
  const TimelineIndex& index(std::uint32_t journey, bool limit_to_filter) const;
  /// Makes the index that index() gives, at most about `budget` events of it; true where there is more to do.
  bool prepare(std::uint32_t journey, bool limit_to_filter, std::uint32_t budget) const;
  /// Null where there is no such journey.
  const JourneySummary* summary(std::uint32_t journey) const;
  /// The highest journey number that an event has.
  std::uint32_t last_journey() const { return static_cast<std::uint32_t>(states_.size()); }
  /// The journey's stages in order of their beginnings.
  std::vector<StageSpan> stages(std::uint32_t journey) const;
  /// All journeys' stages, each journey's in order of their beginnings: for who asks of every journey.
  std::span<const StageSpan> all_stages() const { return spans_; }
  /// A journey's events in order of frames.
  std::vector<EventIndex> events_of(std::uint32_t journey) const;
  /// The times of the first and the last event; none where no event has a time.
  std::optional<std::int64_t> first_ns() const { return timed_ ? std::optional(first_ns_) : std::nullopt; }
  std::optional<std::int64_t> last_ns() const { return timed_ ? std::optional(last_ns_) : std::nullopt; }
  /// The source's origin when these events were taken: asked now it may be of other times already, which are
  /// about to be taken (Time Shift, a time reference).
  std::optional<std::int64_t> origin_ns() const { return origin_ns_; }
  /// How many events fail the display filter.
  std::size_t hidden_count() const { return hidden_; }
  /// How many events have no time stamp and therefore no place in a year.
  std::size_t timeless_count() const { return timeless_; }

  /// The bytes of memory that the events and all that is indexed of them take; names of journeys not counted.
  std::size_t bytes() const;

 private:
  /// Questions of a journey that wait for their answer.
  enum class Ask : std::uint8_t { dns, syn, syn_ack, client_hello, request };
  static constexpr std::size_t ask_count = 5;

  struct JourneyState {
    JourneySummary summary;
    StageProgress stages;
    std::array<std::uint32_t, ask_count> asked = {none, none, none, none, none};
    std::uint16_t vantage = 0;
  };
  static constexpr std::uint32_t none = 0xffffffff;

  void restart();
  void take(const EventRecord& record);
  void take_into_journey(std::uint32_t event, const EventRecord& record);
  void pair(JourneyState& state, std::uint32_t event);
  void estimate(std::uint32_t event, std::int64_t other_ns);
  /// What is indexed of journeys and stages, made anew; the names of journeys, where all has been taken.
  Work finish(bool all);
  TimeIndex& index_of(const Event& event) { return index_of(event, all_); }
  static TimeIndex& index_of(const Event& event, TimelineIndex& index);

  const Source* source_;
  std::vector<Event> events_;
  std::vector<journeys::Spread> spreads_;  ///< by event; empty where all were captured
  std::vector<JourneyRecord> journeys_;
  std::vector<JourneyState> states_;  ///< by number − 1
  std::vector<StageSpan> spans_;
  TimelineIndex all_;
  EventRecord record_;
  std::optional<std::int64_t> origin_ns_;
  std::uint64_t revision_ = 0;
  std::uint64_t generation_ = 0;
  std::uint32_t next_frame_ = 1;
  std::size_t refiltered_ = 0;
  bool others_pass_ = false;  ///< than did, as far as refilter() has come
  std::size_t hidden_ = 0;
  std::size_t timeless_ = 0;
  std::size_t indexed_spans_ = 0;
  std::uint64_t listing_ = 1;
  std::size_t listed_ = 0;  ///< how many journeys events had when journeys_ were asked for
  std::int64_t first_ns_ = 0, last_ns_ = 0;
  bool timed_ = false;
  bool journeys_complete_ = false;
  bool unfinished_ = true;      ///< more has been taken since finish()
  Work finishing_;              ///< of what has been taken; until it is done nothing more is
  std::uint64_t changes_ = 0;   ///< grows with everything that an index depends on
  std::uint64_t finishes_ = 0;  ///< how often finish() has
  std::uint64_t filters_ = 0;   ///< how often other events have come to pass the display filter

  /// The index of a journey or of what passes the filter, and what it has been made of so far.
  struct Subset {
    std::uint32_t journey = 0;
    bool limit_to_filter = false;
    std::uint64_t filters = 0, finishes = 0;
    std::size_t taken = 0;       ///< of the events
    std::vector<bool> journeys;  ///< by number: whether it has an event here
    TimelineIndex index;
  };
  bool is_limited(bool limit_to_filter) const { return limit_to_filter && hidden_ > 0; }
  void begin_subset(std::uint32_t journey, bool limit_to_filter) const;
  bool advance_subset(std::uint32_t budget) const;
  Work extend(Subset& subset) const;

  mutable std::unique_ptr<Subset> subset_;       ///< that is shown; null where nobody has asked
  mutable std::unique_ptr<Subset> next_subset_;  ///< of the same choice, when others pass the filter
  mutable Work extending_;                       ///< one of them
  mutable std::uint64_t extended_ = 0;           ///< the changes_ that it is extended to
  mutable std::uint64_t asked_ = 0;              ///< the changes_ when index() was asked last
};

/// Whether the event is one mark, or only counted.
inline bool is_mark(const Event& event) {
  return row_of(event.phase).milestone;
}
inline Lane lane_of(const Event& event) {
  return row_of(event.phase).lane;
}
/// Whether the packet left the end where it was captured; where that end is not known, whether the phase is
/// one of those who ask.
bool is_sent(const Event& event);
/// Whether it was captured at the client's end; also where the end is not known, for those who ask capture
/// mostly their own traffic, and in the middle for what a client sends.
bool is_at_client(const Event& event);

}  // namespace humantime::ui
