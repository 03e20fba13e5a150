// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/timeline.h"

#include <algorithm>
#include <functional>
#include <iterator>
#include <utility>

#include "model/message.h"

namespace humantime::ui {
namespace {

/// Vectors that double while millions of events come in waste half of their memory.
template <typename T>
void grow_gently(std::vector<T>& vector) {
  if (vector.size() == vector.capacity()) vector.reserve(vector.size() + vector.size() / 8 + 1024);
}

std::int64_t middle_of(std::int64_t a, std::int64_t b) {
  // The sum may overflow: hostile files hold both ends of time.
  return static_cast<std::int64_t>((static_cast<__int128>(a) + b) / 2);
}

}  // namespace

bool is_sent(const Event& event) {
  if (event.direction != journeys::Direction::unknown) return event.direction == journeys::Direction::sent;
  const Sender sender = sender_of(event.phase);
  // In the middle nothing arrives: a packet is drawn on its sender's edge.
  if (event.end == End::middle) return true;
  return event.end == End::server ? sender == Sender::server : sender != Sender::server;
}

bool is_at_client(const Event& event) {
  if (event.end == End::middle) return sender_of(event.phase) != Sender::server;
  return event.end != End::server;
}

std::optional<EventIndex> Timeline::find(FrameNumber frame) const {
  const auto found = std::lower_bound(events_.begin(), events_.end(), frame,
                                      [](const Event& event, FrameNumber f) { return event.frame < f; });
  if (found == events_.end() || found->frame != frame) return std::nullopt;
  return EventIndex{static_cast<std::uint32_t>(found - events_.begin())};
}

void Timeline::restart() {
  events_.clear();
  spreads_.clear();
  journeys_.clear();
  ++listing_;
  states_.clear();
  spans_.clear();
  for (LaneIndex& lane : all_.lanes) {
    lane.marks.clear();
    lane.segments.clear();
    lane.stages.clear();
  }
  all_.journeys.clear();
  finishing_ = Work();
  extending_ = Work();
  subset_.reset();
  next_subset_.reset();
  next_frame_ = 1;
  refiltered_ = hidden_ = timeless_ = indexed_spans_ = listed_ = 0;
  timed_ = journeys_complete_ = false;
  unfinished_ = true;
  revision_ = source_->revision();
  origin_ns_ = source_->origin_ns();
  // What grows is moved, all of it at once. Room that is not used takes no memory until shrink() gives it
  // back.
  constexpr std::uint32_t most_room = 4000000;
  events_.reserve(std::min(source_->frame_count(), most_room));
  // A look-up is two frames.
  states_.reserve(std::min(source_->frame_count() / 2, most_room / 4));
  ++generation_;
  ++changes_;
}

bool Timeline::advance(std::uint32_t budget) {
  if (!source_->has_frames_of(revision_)) restart();
  // What a file that is being read has is shown as it comes: whoever shows it lets it settle meanwhile.
  if (source_->progress() >= 1 && source_->settle(budget)) return true;
  const std::uint32_t count = source_->frame_count();
  if (source_->revision() != revision_ || next_frame_ - 1 > count) restart();
  if (!origin_ns_) origin_ns_ = source_->origin_ns();
  if (finishing_.advance(budget)) return true;
  finishing_ = Work();
  const std::uint32_t taken_before = next_frame_;
  for (std::uint32_t left = budget; left > 0 && next_frame_ <= count && next_frame_ != 0;
       --left, ++next_frame_)
    if (source_->read(FrameNumber{next_frame_}, record_) && !record_.marks.empty()) {
      record_.frame = FrameNumber{next_frame_};
      take(record_);
    }
  const bool more = next_frame_ <= count && next_frame_ != 0;
  if (next_frame_ != taken_before) {
    for (LaneIndex& lane : all_.lanes) {
      lane.marks.settle(events_);
      lane.segments.settle(events_);
    }
    unfinished_ = true;
    ++changes_;
  }
  // To sort all spans each time would be quadratic: now and then is enough while reading.
  const bool many = spans_.size() > indexed_spans_ + indexed_spans_ / 4;
  const bool ends = unfinished_ || (!journeys_complete_ && source_->progress() >= 1);
  if (more ? !many : !ends) return more;
  unfinished_ = more;
  finishing_ = finish(!more);
  const bool finishes = finishing_.advance(budget);
  return more || finishes;
}

void Timeline::take(const EventRecord& record) {
  const PrincipalPhase principal = principal_of(record.marks);
  Event event;
  event.time_ns = record.time_ns.value_or(Event::unknown);
  // An instant that cannot be told from "unknown" is none.
  const bool timed = event.time_ns != Event::unknown;
  if (timed && record.other_ns && record.direction != journeys::Direction::unknown)
    event.other_ns = *record.other_ns;
  event.frame = record.frame;
  // Journeys are numbered in order of their first frames: there cannot be more than frames.
  event.journey = record.journey <= to_number(record.frame) ? record.journey : 0;
  event.ordinal = static_cast<std::uint16_t>(std::min<std::uint32_t>(record.ordinal, UINT16_MAX));
  event.phase = principal.phase;
  event.end = record.end;
  event.direction = record.direction;
  const auto flag = [&](bool is, Event::Flag which) {
    if (is) event.flags = static_cast<std::uint8_t>(event.flags | which);
  };
  flag(record.estimated && event.other_ns != Event::unknown, Event::estimated);
  flag(principal.inferred, Event::inferred);
  flag(principal.others, Event::more_phases);
  flag(!record.passes_filter, Event::hidden_by_filter);
  flag(record.direction == journeys::Direction::received && record.peer != no_frame, Event::twin);
  flag(record.spread.n > 0, Event::mean);
  if (!record.passes_filter) ++hidden_;

  grow_gently(events_);
  const auto index = static_cast<std::uint32_t>(events_.size());
  events_.push_back(event);
  if (record.spread.n > 0) {
    spreads_.resize(index);
    spreads_.push_back(record.spread);
  }
  if (!timed) {
    ++timeless_;
  } else {
    first_ns_ = timed_ ? std::min(first_ns_, event.time_ns) : event.time_ns;
    last_ns_ = timed_ ? std::max(last_ns_, event.time_ns) : event.time_ns;
    timed_ = true;
    index_of(event).append(index);
  }
  if (event.journey != 0) take_into_journey(index, record);
}

TimeIndex& Timeline::index_of(const Event& event, TimelineIndex& index) {
  LaneIndex& lane = index.lanes[static_cast<std::size_t>(lane_of(event))];
  return is_mark(event) ? lane.marks : lane.segments;
}

void Timeline::take_into_journey(std::uint32_t index, const EventRecord& record) {
  const Event& event = events_[index];
  if (states_.size() < event.journey) states_.resize(event.journey);
  JourneyState& state = states_[event.journey - 1];
  JourneySummary& summary = state.summary;
  if (summary.events++ == 0) {
    summary.first_event = index;
    state.vantage = record.vantage;
  }
  summary.last_event = index;
  const bool here = record.vantage == state.vantage && !record.is_copy;
  if (here) summary.bytes += record.bytes;
  if (event.time_ns == Event::unknown) return;
  if (summary.first_ns == Event::unknown) summary.first_ns = summary.last_ns = event.time_ns;
  summary.first_ns = std::min(summary.first_ns, event.time_ns);
  summary.last_ns = std::max(summary.last_ns, event.time_ns);
  // Stages and answers are those of one vantage: two clocks, and every packet twice, would mix them up.
  if (!here) return;
  state.stages.take(event.journey, record.marks, event.time_ns, spans_);
  pair(state, index);
}

void Timeline::pair(JourneyState& state, std::uint32_t index) {
  struct Row {
    Phase phase;
    Ask ask;
    bool answers;
    Sender asker;  ///< the end where the question is sent and the answer received
  };
  static constexpr Row rows[] = {
      {Phase::dns_query, Ask::dns, false, Sender::client},
      {Phase::dns_referral, Ask::dns, true, Sender::client},
      {Phase::dns_answer, Ask::dns, true, Sender::client},
      {Phase::dns_alias, Ask::dns, true, Sender::client},
      {Phase::dns_no_data, Ask::dns, true, Sender::client},
      {Phase::dns_nxdomain, Ask::dns, true, Sender::client},
      {Phase::dns_truncated, Ask::dns, true, Sender::client},
      {Phase::dns_error, Ask::dns, true, Sender::client},
      {Phase::tcp_syn, Ask::syn, false, Sender::client},
      {Phase::tcp_syn_ack, Ask::syn, true, Sender::client},
      {Phase::tcp_syn_ack, Ask::syn_ack, false, Sender::server},
      {Phase::tcp_handshake_ack, Ask::syn_ack, true, Sender::server},
      {Phase::tls_client_hello, Ask::client_hello, false, Sender::client},
      {Phase::tls_server_hello, Ask::client_hello, true, Sender::client},
      {Phase::tls_hello_retry_request, Ask::client_hello, true, Sender::client},
      {Phase::http_request, Ask::request, false, Sender::client},
      {Phase::http_request_end, Ask::request, false, Sender::client},
      {Phase::http_response_start, Ask::request, true, Sender::client},
  };
  const Event& event = events_[index];
  // Where the other end is known there is nothing to guess, and in the middle no end to ask from.
  if (event.other_ns != Event::unknown || event.end == End::middle) return;
  const Sender here = event.end == End::server ? Sender::server : Sender::client;
  for (const Row& row : rows) {
    if (row.phase != event.phase || row.asker != here) continue;
    std::uint32_t& asked = state.asked[static_cast<std::size_t>(row.ask)];
    if (!row.answers) {
      asked = index;
    } else if (asked != none && events_[asked].time_ns <= event.time_ns) {
      const std::int64_t middle = middle_of(events_[asked].time_ns, event.time_ns);
      estimate(asked, middle);
      estimate(index, middle);
      asked = none;
    }
  }
}

void Timeline::estimate(std::uint32_t index, std::int64_t other_ns) {
  Event& event = events_[index];
  event.other_ns = other_ns;
  event.flags = static_cast<std::uint8_t>(event.flags | Event::estimated);
  index_of(event).reach_grew(event);
  for (const auto* subset : {&subset_, &next_subset_})
    if (*subset != nullptr) index_of(event, (*subset)->index).reach_grew(event);
}

namespace {

Work sort(Intervals& intervals) {
  co_await sorted(intervals.begins, std::less<std::int64_t>());
  co_await sorted(intervals.ends, std::less<std::int64_t>());
}

/// Gives back what a vector keeps for growing.
template <typename Value>
Work shrink(std::vector<Value>& values) {
  if (values.capacity() - values.size() <= values.size() / 256) co_return;
  std::vector<Value> exact;
  exact.reserve(values.size());
  co_await each(std::size_t{0}, values.size(), [&](std::size_t i) { exact.push_back(values[i]); });
  values.swap(exact);
}

}  // namespace

Work Timeline::finish(bool all) {
  indexed_spans_ = spans_.size();
  // What is there stays until the other is whole.
  std::array<Intervals, lane_count> stages;
  Intervals journeys;
  std::array<std::size_t, lane_count> counts{};
  co_await each(std::size_t{0}, spans_.size(), [&](std::size_t i) {
    counts[static_cast<std::size_t>(spans_[i].lane)] += spans_[i].end_ns > spans_[i].begin_ns;
  });
  for (std::size_t lane = 0; lane < lane_count; ++lane) stages[lane].reserve(counts[lane]);
  journeys.reserve(states_.size());
  co_await each(std::size_t{0}, spans_.size(), [&](std::size_t i) {
    const StageSpan& span = spans_[i];
    if (span.end_ns > span.begin_ns)
      stages[static_cast<std::size_t>(span.lane)].add(span.begin_ns, span.end_ns);
  });
  co_await each(std::size_t{0}, states_.size(), [&](std::size_t i) {
    const JourneySummary& summary = states_[i].summary;
    if (summary.first_ns != Event::unknown) journeys.add(summary.first_ns, summary.last_ns);
  });
  for (Intervals& lane : stages) co_await sort(lane);
  co_await sort(journeys);
  const bool complete = source_->progress() >= 1;
  std::vector<JourneyRecord> records;
  // Not for each journey that comes: that would be quadratic.
  const bool lists = all && (states_.size() > listed_ + listed_ / 16 || (complete && !journeys_complete_));
  if (lists) listed_ = states_.size();
  // Names that move while there are more of them cost as much as all the rest.
  if (lists) records.reserve(states_.size());
  std::uint32_t asked = 0;
  for (bool more = lists; more;) {
    constexpr std::uint32_t page = 256;
    std::vector<JourneyRecord> some = source_->journeys_from(asked, page);
    asked += page;
    more = some.size() == page;
    if (records.capacity() < records.size() + some.size()) records.reserve(2 * records.size() + page);
    // A look-up's number stays behind where it turned out to be another journey's.
    std::copy_if(std::make_move_iterator(some.begin()), std::make_move_iterator(some.end()),
                 std::back_inserter(records),
                 [this](const JourneyRecord& record) { return summary(record.number) != nullptr; });
    co_await spent(some.size());
  }
  if (lists && complete) {
    co_await shrink(events_);
    co_await shrink(states_);
    co_await shrink(spans_);
    for (LaneIndex& lane : all_.lanes) {
      lane.marks.shrink();
      co_await spent(lane.marks.size());
      lane.segments.shrink();
      co_await spent(lane.segments.size());
    }
  }
  for (std::size_t lane = 0; lane < lane_count; ++lane) std::swap(all_.lanes[lane].stages, stages[lane]);
  std::swap(all_.journeys, journeys);
  if (lists) {
    journeys_.swap(records);
    ++listing_;
    journeys_complete_ = complete;
  }
  ++finishes_;
  ++changes_;
}

void Timeline::take_over(Timeline&& fresh) {
  const std::uint64_t generation = generation_ + 1, listing = listing_ + 1;
  *this = std::move(fresh);
  generation_ = generation;
  listing_ = listing;
  // What is under way goes on in the other one, which is about to end.
  if (!extending_.done()) {
    extending_ = Work();
    subset_.reset();
    next_subset_.reset();
  }
}

bool Timeline::refilter(std::uint32_t budget) {
  if (refiltered_ >= events_.size()) refiltered_ = 0;
  const std::size_t stop = std::min<std::size_t>(events_.size(), refiltered_ + budget);
  for (; refiltered_ < stop; ++refiltered_) {
    Event& event = events_[refiltered_];
    const bool was_hidden = (event.flags & Event::hidden_by_filter) != 0;
    const bool hidden = !source_->passes_filter(event.frame);
    if (hidden == was_hidden) continue;
    event.flags = static_cast<std::uint8_t>(event.flags ^ Event::hidden_by_filter);
    hidden ? ++hidden_ : --hidden_;
    others_pass_ = true;
  }
  if (refiltered_ < events_.size()) return true;
  if (std::exchange(others_pass_, false)) {
    ++filters_;
    ++changes_;
  }
  return false;
}

const JourneySummary* Timeline::summary(std::uint32_t journey) const {
  if (journey == 0 || journey > states_.size() || states_[journey - 1].summary.events == 0) return nullptr;
  return &states_[journey - 1].summary;
}

std::vector<StageSpan> Timeline::stages(std::uint32_t journey) const {
  std::vector<StageSpan> found;
  for (const StageSpan& span : spans_)
    if (span.journey == journey) found.push_back(span);
  std::stable_sort(found.begin(), found.end(),
                   [](const StageSpan& a, const StageSpan& b) { return a.begin_ns < b.begin_ns; });
  return found;
}

std::vector<EventIndex> Timeline::events_of(std::uint32_t journey) const {
  std::vector<EventIndex> found;
  const JourneySummary* of = summary(journey);
  if (of == nullptr) return found;
  for (std::uint32_t event = of->first_event; event <= of->last_event; ++event)
    if (events_[event].journey == journey) found.push_back(EventIndex{event});
  return found;
}

const TimelineIndex& Timeline::index(std::uint32_t journey, bool limit_to_filter) const {
  // Where nothing is hidden the filter limits nothing.
  limit_to_filter = is_limited(limit_to_filter);
  if (journey == 0 && !limit_to_filter) return all_;
  begin_subset(journey, limit_to_filter);
  // Only where something is new: in the midst of a layout it must stand still.
  constexpr std::uint32_t first_part = 20000;
  if (std::exchange(asked_, changes_) != changes_) advance_subset(first_part);
  return subset_->index;
}

bool Timeline::prepare(std::uint32_t journey, bool limit_to_filter, std::uint32_t budget) const {
  limit_to_filter = is_limited(limit_to_filter);
  if (journey == 0 && !limit_to_filter) return false;
  begin_subset(journey, limit_to_filter);
  return advance_subset(budget);
}

void Timeline::begin_subset(std::uint32_t journey, bool limit_to_filter) const {
  const auto is_wanted = [&](const Subset& subset) {
    return subset.journey == journey && subset.limit_to_filter == limit_to_filter;
  };
  const bool chosen = subset_ != nullptr && is_wanted(*subset_);
  const Subset* latest = chosen && next_subset_ != nullptr ? next_subset_.get() : subset_.get();
  if (chosen && (!limit_to_filter || latest->filters == filters_)) return;
  extending_ = Work();
  extended_ = asked_ = 0;
  next_subset_.reset();
  auto& begun = chosen ? next_subset_ : subset_;
  begun = std::make_unique<Subset>();
  begun->journey = journey;
  begun->limit_to_filter = limit_to_filter;
  begun->filters = filters_;
}

bool Timeline::advance_subset(std::uint32_t budget) const {
  if (extending_.done()) {
    if (extended_ == changes_) return false;
    extended_ = changes_;
    extending_ = extend(next_subset_ != nullptr ? *next_subset_ : *subset_);
  }
  if (extending_.advance(budget)) return true;
  extending_ = Work();
  if (next_subset_ != nullptr) subset_ = std::move(next_subset_);
  return extended_ != changes_;
}

/// By the events that have come since, and where intervals were made anew by theirs.
Work Timeline::extend(Subset& subset) const {
  constexpr std::size_t at_once = 512;
  std::size_t end = events_.size();
  if (subset.journey != 0) {
    const JourneySummary* of = summary(subset.journey);
    if (of != nullptr) subset.taken = std::max<std::size_t>(subset.taken, of->first_event);
    end = of == nullptr ? 0 : of->last_event + std::size_t{1};
  }
  while (subset.taken < end) {
    const std::size_t begin = subset.taken, stop = std::min(end, begin + at_once);
    subset.journeys.resize(states_.size() + 1);
    for (; subset.taken < stop; ++subset.taken) {
      const Event& event = events_[subset.taken];
      if (subset.journey != 0 && event.journey != subset.journey) continue;
      if (subset.limit_to_filter && (event.flags & Event::hidden_by_filter) != 0) continue;
      subset.journeys[event.journey] = true;
      if (event.time_ns != Event::unknown)
        index_of(event, subset.index).append(static_cast<std::uint32_t>(subset.taken));
    }
    for (LaneIndex& lane : subset.index.lanes) {
      lane.marks.settle(events_);
      lane.segments.settle(events_);
    }
    co_await spent(stop - begin);
  }
  if (subset.finishes == finishes_) co_return;
  subset.finishes = finishes_;
  std::array<Intervals, lane_count> stages;
  Intervals journeys;
  const auto is_shown = [&](std::uint32_t journey) {
    return journey != 0 && journey < subset.journeys.size() && subset.journeys[journey];
  };
  co_await each(std::size_t{0}, spans_.size(), [&](std::size_t i) {
    const StageSpan& span = spans_[i];
    if (is_shown(span.journey) && span.end_ns > span.begin_ns)
      stages[static_cast<std::size_t>(span.lane)].add(span.begin_ns, span.end_ns);
  });
  co_await each(std::size_t{0}, states_.size(), [&](std::size_t i) {
    const JourneySummary& of = states_[i].summary;
    if (is_shown(static_cast<std::uint32_t>(i + 1)) && of.first_ns != Event::unknown)
      journeys.add(of.first_ns, of.last_ns);
  });
  for (Intervals& lane : stages) co_await sort(lane);
  co_await sort(journeys);
  for (std::size_t lane = 0; lane < lane_count; ++lane)
    std::swap(subset.index.lanes[lane].stages, stages[lane]);
  std::swap(subset.index.journeys, journeys);
}

std::size_t Timeline::bytes() const {
  std::size_t sum = events_.capacity() * sizeof(Event) + states_.capacity() * sizeof(JourneyState) +
                    spreads_.capacity() * sizeof(journeys::Spread) + spans_.capacity() * sizeof(StageSpan) +
                    all_.journeys.bytes();
  for (const LaneIndex& lane : all_.lanes)
    sum += lane.marks.bytes() + lane.segments.bytes() + lane.stages.bytes();
  return sum;
}

}  // namespace humantime::ui
