// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/page_waits.h"

#include <algorithm>
#include <array>
#include <optional>

#include "model/round_trips.h"

namespace humantime::ui {
namespace {

/// Of a page with more events nobody reads the waits.
constexpr std::size_t most_events = 512;
/// So many events of others are passed over on the way to the last one before the page, and to the next.
constexpr std::size_t most_passed = 256;

/// Whether it says nothing but what has arrived.
bool is_bare(Phase phase) {
  constexpr std::array bare = {Phase::tcp_ack, Phase::tcp_dup_ack, Phase::tcp_window_update};
  return std::find(bare.begin(), bare.end(), phase) != bare.end();
}

/// The events of one end in and about the page.
struct EndEvents {
  std::vector<const Event*> written;  ///< all but bare ACKs
  std::vector<std::int64_t> acks;
  /// Outside of these something may be missing.
  std::int64_t known_from = INT64_MIN, known_to = INT64_MAX;
};

class Gathering {
 public:
  Gathering(const Drawing& d, std::uint32_t journey) : events_(d.timeline.events()), journey_(journey) {
    begin_ns_ = d.frame.page.begin_ns(), end_ns_ = d.frame.page.end_ns();
    for (const LaneIndex& lane : d.index.lanes)
      for (const TimeIndex* index : {&lane.marks, &lane.segments}) gather(*index);
    for (EndEvents& end : ends_) {
      std::stable_sort(end.written.begin(), end.written.end(),
                       [](const Event* a, const Event* b) { return a->time_ns < b->time_ns; });
      std::sort(end.acks.begin(), end.acks.end());
    }
  }
  bool crowded() const { return taken_ > most_events; }
  EndEvents& at(bool client) { return ends_[client ? 1 : 0]; }

 private:
  /// Takes an event of the journey; at which end it was, where it tells of one.
  std::optional<bool> take(const Event& event) {
    if (event.journey != journey_ || event.direction == journeys::Direction::unknown) return std::nullopt;
    if (event.end != End::client && event.end != End::server) return std::nullopt;
    const bool client = event.end == End::client;
    if (!is_bare(event.phase)) {
      at(client).written.push_back(&event);
      return client;
    }
    if (is_sent(event)) at(client).acks.push_back(event.time_ns);
    return std::nullopt;
  }

  void gather(const TimeIndex& index) {
    const std::size_t begin = index.lower_bound(events_, begin_ns_);
    const std::size_t end = index.lower_bound(events_, end_ns_, begin);
    taken_ += end - begin;
    if (crowded()) return;
    for (std::size_t at = begin; at < end; ++at) take(events_[index.event_at(at)]);
    std::array<bool, 2> before{}, after{};
    const auto look = [&](std::array<bool, 2>& found, const Event& event) {
      // Further away than the nearest of its end it says nothing.
      if (event.end == End::client ? found[1] : found[0]) return;
      if (const auto client = take(event)) found[*client ? 1 : 0] = true;
    };
    std::size_t passed = 0;
    std::size_t at = begin;
    while (at > 0 && passed < most_passed && !(before[0] && before[1])) {
      look(before, events_[index.event_at(--at)]);
      ++passed;
    }
    for (const bool client : {false, true})
      if (at > 0 && !before[client ? 1 : 0])
        ends_[client ? 1 : 0].known_from =
            std::max(ends_[client ? 1 : 0].known_from, events_[index.event_at(at)].time_ns);
    passed = 0;
    at = end;
    while (at < index.size() && passed < most_passed && !(after[0] && after[1])) {
      look(after, events_[index.event_at(at++)]);
      ++passed;
    }
    for (const bool client : {false, true})
      if (at < index.size() && !after[client ? 1 : 0])
        ends_[client ? 1 : 0].known_to =
            std::min(ends_[client ? 1 : 0].known_to, events_[index.event_at(at)].time_ns);
  }

  TimeIndex::Events events_;
  std::uint32_t journey_;
  std::int64_t begin_ns_ = 0, end_ns_ = 0;
  std::array<EndEvents, 2> ends_;
  std::size_t taken_ = 0;
};

}  // namespace

bool PageWaits::quiet(const Wait& wait, std::int64_t begin_ns, std::int64_t end_ns) const {
  const auto& acks = wait.client ? client_acks : server_acks;
  const auto next = std::lower_bound(acks.begin(), acks.end(), begin_ns);
  return next == acks.end() || *next >= end_ns;
}

std::uint32_t told_on_page(const Drawing& d) {
  if (const std::uint32_t told = told_journey(d.timeline, d.view.journey)) return told;
  const std::int64_t begin_ns = d.frame.page.begin_ns(), end_ns = d.frame.page.end_ns();
  if (d.index.journeys.during(begin_ns, end_ns) != 1) return 0;
  const TimeIndex::Events events = d.timeline.events();
  for (const LaneIndex& lane : d.index.lanes)
    for (const TimeIndex* index : {&lane.marks, &lane.segments}) {
      // Of its events some are in the page, or before it and behind it.
      const std::size_t at = index->lower_bound(events, begin_ns);
      for (const std::size_t near : {at, at - 1}) {
        if (near >= index->size()) continue;
        const std::uint32_t journey = events[index->event_at(near)].journey;
        const JourneySummary* of = d.timeline.summary(journey);
        if (of != nullptr && of->first_ns < end_ns && of->last_ns >= begin_ns) return journey;
      }
    }
  return 0;
}

PageWaits waits_of_page(const Drawing& d) {
  PageWaits page;
  // Of a filtered page some events are missing, and of a page of means all.
  if (d.frame.stacked || d.timeline.has_means() || (d.view.limit_to_filter && d.timeline.hidden_count() > 0))
    return page;
  const std::uint32_t journey = told_on_page(d);
  if (journey == 0) return page;
  Gathering gathering(d, journey);
  if (gathering.crowded()) return page;
  const std::int64_t begin_ns = d.frame.page.begin_ns(), end_ns = d.frame.page.end_ns();
  for (const bool client : {true, false}) {
    EndEvents& end = gathering.at(client);
    for (std::size_t i = 1; i < end.written.size(); ++i) {
      const Event &before = *end.written[i - 1], &after = *end.written[i];
      const bool known = before.time_ns >= end.known_from && after.time_ns <= end.known_to;
      if (!known || !is_sent(after) || after.time_ns < begin_ns || before.time_ns >= end_ns) continue;
      const bool answering = !is_sent(before);
      if (answering && !is_mark(after)) continue;
      page.waits.push_back({before.time_ns, after.time_ns,
                            answering ? Wait::Kind::answering : Wait::Kind::resting, client, lane_of(before),
                            lane_of(after)});
    }
    (client ? page.client_acks : page.server_acks) = std::move(end.acks);
  }
  return page;
}

}  // namespace humantime::ui
