// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/stage_totals.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "reports/time_text.h"

namespace humantime::reports {
namespace {

using journeys::Milestone;
using Milestones = std::span<const Milestone>;

struct Interval {
  std::int64_t begin, end;
  std::int64_t length() const { return difference(end, begin); }
};

bool is_answer(Phase phase) {
  return row_of(phase).stage == Stage::dns && phase != Phase::dns_query;
}

const Milestone* first_of(Milestones milestones, Phase phase) {
  const auto found = std::find_if(milestones.begin(), milestones.end(),
                                  [&](const Milestone& m) { return m.mark.phase == phase; });
  return found == milestones.end() ? nullptr : &*found;
}

std::vector<Interval> address_lookups(Milestones milestones) {
  std::vector<Interval> lookups;
  bool waiting = false;
  std::int64_t asked = 0;
  for (const Milestone& m : milestones) {
    const Phase phase = m.mark.phase;
    if (phase == Phase::arp_request || phase == Phase::ndp_solicitation) {
      // Asked again: it still waits for the first answer.
      if (!waiting) asked = m.time_ns;
      waiting = true;
    } else if (waiting && (phase == Phase::arp_reply || phase == Phase::ndp_advertisement)) {
      lookups.push_back({asked, m.time_ns});
      waiting = false;
    }
  }
  return lookups;
}

std::optional<Interval> name_lookup(Milestones milestones) {
  const Milestone* query = first_of(milestones, Phase::dns_query);
  if (query == nullptr) return std::nullopt;
  std::optional<Interval> lookup;
  for (const Milestone& m : milestones) {
    if (m.mark.phase == Phase::tcp_syn || m.mark.phase == Phase::quic_initial) break;
    if (is_answer(m.mark.phase) && m.time_ns >= query->time_ns) lookup = {query->time_ns, m.time_ns};
  }
  return lookup;
}

std::optional<Interval> tls_handshake(Milestones milestones) {
  const Milestone* hello = first_of(milestones, Phase::tls_client_hello);
  if (hello == nullptr) return std::nullopt;
  std::optional<Interval> handshake;
  int finished = 0;
  for (const Milestone& m : milestones) {
    if (m.mark.phase != Phase::tls_finished || m.time_ns < hello->time_ns) continue;
    handshake = {hello->time_ns, m.time_ns};
    if (++finished == 2) break;
  }
  return handshake;
}

/// QUIC connects and agrees on keys at once (RFC 9000 7): up to both Finished, or as far as packets of that
/// kind go.
std::optional<Interval> quic_connection(Milestones milestones, const std::optional<Interval>& tls) {
  const Milestone* initial = first_of(milestones, Phase::quic_initial);
  if (initial == nullptr) return std::nullopt;
  if (tls) return Interval{initial->time_ns, tls->end};
  const auto last = std::find_if(milestones.rbegin(), milestones.rend(),
                                 [](const Milestone& m) { return m.mark.phase == Phase::quic_handshake; });
  if (last == milestones.rend()) return std::nullopt;
  return Interval{initial->time_ns, last->time_ns};
}

std::optional<Interval> connection(Milestones milestones, const std::optional<Interval>& tls) {
  const Milestone* syn = first_of(milestones, Phase::tcp_syn);
  const Milestone* ack = first_of(milestones, Phase::tcp_handshake_ack);
  if (syn == nullptr || ack == nullptr) return quic_connection(milestones, tls);
  return Interval{syn->time_ns, tls ? std::max(ack->time_ns, tls->end) : ack->time_ns};
}

std::optional<std::int64_t> close_of(Milestones milestones) {
  // A reset that answers a SYN refuses a connection, it closes none.
  const bool refused =
      first_of(milestones, Phase::tcp_syn) != nullptr && first_of(milestones, Phase::tcp_syn_ack) == nullptr;
  for (const Milestone& m : milestones) {
    switch (m.mark.phase) {
      case Phase::tcp_rst:
        if (refused) break;
        [[fallthrough]];
      case Phase::tcp_fin:
      case Phase::tls_close_notify:
      case Phase::quic_connection_close:
        return m.time_ns;
      default:
        break;
    }
  }
  return std::nullopt;
}

/// Follows the exchanges: which of the three is going on at every instant.
class Exchanges {
 public:
  explicit Exchanges(Milestones milestones) {
    for (std::size_t i = 0; i < milestones.size(); ++i) take(milestones, i);
  }

  /// What has not ended ends at `end`.
  void end_at(std::int64_t end) {
    if (sending_ > 0 || owed_ > 0 || receiving_ > 0) pass(std::max(end, now_));
  }
  StageTotals totals;
  std::vector<Interval> intervals;
  std::int64_t last_response = StageTotals::none;
  bool answered = false;

 private:
  void take(Milestones milestones, std::size_t i) {
    const Milestone& m = milestones[i];
    const Phase phase = m.mark.phase;
    if (row_of(phase).lane != Lane::http) return;
    if (phase != Phase::http_request && phase != Phase::http_request_end &&
        phase != Phase::http_response_start && phase != Phase::http_response_end &&
        phase != Phase::http_push_promise)
      return;
    pass(m.time_ns);
    if (phase == Phase::http_request) {
      has(totals.send);
      has(totals.wait);
      totals.overlapping = totals.overlapping || owed_ > 0 || receiving_ > 0;
      ++owed_;
      if (has_end(milestones, i)) ++sending_;
    } else if (phase == Phase::http_push_promise) {
      has(totals.wait);
      totals.overlapping = true;
      ++owed_;  // a request that nobody sent (RFC 9113 8.4)
    } else if (phase == Phase::http_request_end) {
      sending_ -= sending_ > 0 ? 1 : 0;
    } else if (phase == Phase::http_response_start) {
      has(totals.receive);
      owed_ -= owed_ > 0 ? 1 : 0;
      ++receiving_;
    } else if (receiving_ > 0) {
      --receiving_;
      answered = true;
      last_response = m.time_ns;
    }
  }

  /// Whether the request has more packets than one: then its end comes before the next request.
  static bool has_end(Milestones milestones, std::size_t request) {
    for (std::size_t i = request + 1; i < milestones.size(); ++i) {
      if (milestones[i].mark.phase == Phase::http_request_end) return true;
      if (milestones[i].mark.phase == Phase::http_request) return false;
    }
    return false;
  }

  static void has(std::int64_t& total) { total = std::max<std::int64_t>(total, 0); }

  void pass(std::int64_t time_ns) {
    std::int64_t* total = receiving_ > 0 ? &totals.receive
                          : sending_ > 0 ? &totals.send
                          : owed_ > 0    ? &totals.wait
                                         : nullptr;
    if (total != nullptr) {
      const Interval interval{now_, time_ns};
      *total = sum(*total, interval.length());
      intervals.push_back(interval);
    }
    now_ = time_ns;
  }

  std::int64_t now_ = 0;
  std::uint32_t sending_ = 0, owed_ = 0, receiving_ = 0;
};

/// The connections that the name was looked up over, where there is another one: their handshakes are part of
/// the lookup.
std::vector<std::uint32_t> lookup_connections(const FrameStore& store, const journeys::Journey& journey,
                                              Milestones milestones) {
  std::vector<std::uint32_t> lookups;
  for (const Milestone& m : milestones) {
    const std::uint32_t connection = store.find(m.frame)->connection;
    if (connection != 0 && row_of(m.mark.phase).lane == Lane::dns) lookups.push_back(connection);
  }
  std::sort(lookups.begin(), lookups.end());
  lookups.erase(std::unique(lookups.begin(), lookups.end()), lookups.end());
  const bool another = std::any_of(journey.legs.begin(), journey.legs.end(), [&](const journeys::Leg& leg) {
    const FrameRow* row = store.find(leg.frame);
    return row != nullptr && row->connection != 0 &&
           !std::binary_search(lookups.begin(), lookups.end(), row->connection);
  });
  return another ? lookups : std::vector<std::uint32_t>{};
}

/// What of [begin, end] no interval covers.
std::int64_t uncovered(std::vector<Interval>& intervals, std::int64_t begin, std::int64_t end) {
  std::sort(intervals.begin(), intervals.end(),
            [](const Interval& a, const Interval& b) { return a.begin < b.begin; });
  std::int64_t free = 0;
  std::int64_t covered_to = begin;
  for (const Interval& interval : intervals) {
    if (interval.begin >= end) break;
    if (interval.begin > covered_to) free = sum(free, difference(interval.begin, covered_to));
    covered_to = std::max(covered_to, interval.end);
  }
  if (covered_to < end) free = sum(free, difference(end, covered_to));
  return free;
}

}  // namespace

StageTotals stage_totals(Milestones milestones, std::int64_t first_ns, std::int64_t last_ns) {
  Exchanges exchanges(milestones);
  const std::optional<std::int64_t> close = close_of(milestones);
  exchanges.end_at(close ? *close : last_ns);

  StageTotals totals = exchanges.totals;
  std::vector<Interval> intervals = std::move(exchanges.intervals);
  for (const Interval& lookup : address_lookups(milestones)) {
    totals.address = sum(std::max<std::int64_t>(totals.address, 0), lookup.length());
    intervals.push_back(lookup);
  }
  const std::optional<Interval> tls = tls_handshake(milestones);
  const auto set = [&](std::int64_t& total, const std::optional<Interval>& interval) {
    if (!interval) return;
    total = interval->length();
    intervals.push_back(*interval);
  };
  set(totals.dns, name_lookup(milestones));
  set(totals.ssl, tls);
  set(totals.connect, connection(milestones, tls));
  if (close) totals.close = std::max<std::int64_t>(difference(last_ns, *close), 0);

  if (exchanges.answered || !intervals.empty()) {
    std::int64_t end = exchanges.last_response;
    if (!exchanges.answered) {
      end = first_ns;
      for (const Interval& interval : intervals) end = std::max(end, interval.end);
    }
    totals.blocked = uncovered(intervals, first_ns, end);
  }
  return totals;
}

PlaceView view_of(const FrameStore& store, const journeys::Journey& journey, Milestones milestones,
                  std::uint16_t vantage) {
  PlaceView view;
  view.vantage = vantage;
  std::vector<PhaseMark> marks;
  for (const journeys::Leg& leg : journey.legs) {
    const FrameRow* row = store.find(leg.frame);
    if (row == nullptr || row->has(FrameRow::is_copy) || row->vantage != view.vantage) continue;
    view.bytes += row->length;
    view.segments += row->connection != 0 ? 1 : 0;
    store.marks(leg.frame, false, marks);
    for (const PhaseMark& mark : marks)
      view.retransmissions += mark.phase == Phase::tcp_retransmission ? 1 : 0;
    if (!leg.has_time) continue;
    view.first_ns = view.timed ? std::min(view.first_ns, leg.time_ns) : leg.time_ns;
    view.last_ns = view.timed ? std::max(view.last_ns, leg.time_ns) : leg.time_ns;
    view.timed = true;
  }
  const std::vector<std::uint32_t> lookups = lookup_connections(store, journey, milestones);
  std::vector<Milestone> seen;
  for (const Milestone& milestone : milestones) {
    const FrameRow* row = store.find(milestone.frame);
    if (row->vantage != view.vantage || !row->has(FrameRow::has_time)) continue;
    const bool lookup = std::binary_search(lookups.begin(), lookups.end(), row->connection);
    if (lookup && row_of(milestone.mark.phase).lane != Lane::dns) continue;
    view.requests += milestone.mark.phase == Phase::http_request ? 1 : 0;
    seen.push_back(milestone);
  }
  if (view.timed) view.totals = stage_totals(seen, view.first_ns, view.last_ns);
  return view;
}

PlaceView clients_view(const FrameStore& store, const journeys::Journey& journey, Milestones milestones) {
  // By a clock that runs ahead the server's frames come first.
  std::uint16_t vantage = 0;
  bool found = false;
  for (const journeys::Leg& leg : journey.legs) {
    const FrameRow* row = store.find(leg.frame);
    if (row == nullptr || row->has(FrameRow::is_copy)) continue;
    const bool is_client = leg.end == journeys::End::client;
    if (!found || is_client) vantage = row->vantage;
    found = true;
    if (is_client) break;
  }
  return view_of(store, journey, milestones, vantage);
}

}  // namespace humantime::reports
