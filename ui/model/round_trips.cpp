// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/round_trips.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <tuple>

namespace humantime::ui {
namespace {

constexpr std::size_t most_looked_at = most_events_of_trips;
/// Of all journeys' events, among which a journey's stand.
constexpr std::uint32_t most_passed = 200'000;
constexpr std::size_t most_letters_asked = 256;

struct TripRow {
  TripKind kind;
  Phase phase;
  bool answers;
};
// Of a packet that asks several things the first row counts: a CONNECT is a request too.
constexpr TripRow rows[] = {
    {TripKind::tunnel, Phase::openvpn_hard_reset_client, false},
    {TripKind::tunnel, Phase::openvpn_hard_reset_server, true},
    {TripKind::tunnel, Phase::wireguard_initiation, false},
    {TripKind::tunnel, Phase::wireguard_response, true},
    {TripKind::connect, Phase::tcp_syn, false},
    {TripKind::connect, Phase::tcp_syn_ack, true},
    {TripKind::quic, Phase::quic_initial, false},
    {TripKind::quic, Phase::quic_initial, true},
    {TripKind::quic, Phase::quic_handshake, true},
    {TripKind::quic, Phase::quic_retry, true},
    {TripKind::quic, Phase::quic_version_negotiation, true},
    {TripKind::hello, Phase::tls_client_hello, false},
    {TripKind::hello, Phase::tls_server_hello, true},
    {TripKind::hello, Phase::tls_hello_retry_request, true},
    {TripKind::hello, Phase::tls_hello_verify_request, true},
    {TripKind::keys, Phase::tls_client_key_exchange, false},
    {TripKind::keys, Phase::tls_finished, true},
    {TripKind::proxy, Phase::http_tunnel, false},
    {TripKind::proxy, Phase::http_response_start, true},
    {TripKind::request, Phase::http_request, false},
    {TripKind::request, Phase::http_response_start, true},
};
constexpr std::array<Lane, trip_kind_count> lanes = {Lane::vpn, Lane::tcp, Lane::quic, Lane::tls,
                                                     Lane::tls, Lane::tls, Lane::http, Lane::http};

/// A packet as the client dates it.
struct AtClient {
  std::int64_t client_ns, server_ns;
  EventIndex event;
  bool from_client;
};

class Trips {
 public:
  /// False when the first request has been answered.
  bool take(const AtClient& packet, std::span<const PhaseMark> marks) {
    take_request(packet, marks);
    for (const TripRow& row : rows) {
      const bool has = std::any_of(marks.begin(), marks.end(),
                                   [&](const PhaseMark& mark) { return mark.phase == row.phase; });
      if (!has || row.answers == packet.from_client) continue;
      std::optional<RoundTrip>& open = open_[static_cast<std::size_t>(row.kind)];
      if (!row.answers) {
        const bool again = std::any_of(made_.begin(), made_.end(), [&](const RoundTrip& trip) {
          return trip.ask == packet.event || trip.begin_ns == packet.client_ns;
        });
        // Sent again it is the same question, waited for since it was sent first.
        if (!open && !again)
          open = RoundTrip{row.kind,         lanes[static_cast<std::size_t>(row.kind)],
                           packet.client_ns, packet.client_ns,
                           packet.server_ns, Event::unknown,
                           packet.event,     no_event};
        if (row.kind == TripKind::proxy) return true;
        continue;
      }
      if (!open) continue;
      RoundTrip trip = *open;
      open.reset();
      trip.end_ns = std::max(trip.begin_ns, packet.client_ns);
      trip.answer = packet.event;
      trip.answered_ns = packet.server_ns;
      const bool retry = row.phase == Phase::tls_hello_retry_request ||
                         row.phase == Phase::tls_hello_verify_request || row.phase == Phase::quic_retry;
      if (retry && row.kind == TripKind::hello) trip.kind = TripKind::retry;
      made_.push_back(trip);
      if (row.kind == TripKind::request) return false;
      // What answers a CONNECT is no answer to the request behind it.
      if (row.kind == TripKind::proxy) return true;
    }
    return true;
  }

  JourneyTrips result() {
    JourneyTrips told;
    told.waited = in_order();
    for (const RoundTrip& trip : made_)
      if (trip.kind != TripKind::request) told.exchanges.push_back(trip);
    told.request = request_;
    told.connection_ns = connection_ns_;
    told.client_hello_ns = client_hello_ns_;
    return told;
  }

 private:
  std::vector<RoundTrip> in_order() {
    std::stable_sort(made_.begin(), made_.end(), [](const RoundTrip& a, const RoundTrip& b) {
      return std::tie(a.begin_ns, a.kind) < std::tie(b.begin_ns, b.kind);
    });
    std::vector<RoundTrip> kept;
    for (const RoundTrip& trip : made_) {
      if (kept.empty() || trip.begin_ns >= kept.back().end_ns) {
        kept.push_back(trip);
        continue;
      }
      if (trip.end_ns <= kept.back().end_ns) continue;
      kept.back().end_ns = trip.end_ns;
      kept.back().answered_ns = trip.answered_ns;
      kept.back().answer = trip.answer;
    }
    return kept;
  }

  /// The request by itself: in early data it is no round trip, and its answer comes all the same.
  void take_request(const AtClient& packet, std::span<const PhaseMark> marks) {
    const auto has = [&](Phase phase) {
      return std::any_of(marks.begin(), marks.end(),
                         [&](const PhaseMark& mark) { return mark.phase == phase; });
    };
    if (packet.from_client) {
      if (!connection_ns_ && (has(Phase::tcp_syn) || has(Phase::quic_initial)))
        connection_ns_ = packet.client_ns;
      if (!client_hello_ns_ && has(Phase::tls_client_hello)) client_hello_ns_ = packet.client_ns;
      if (!request_ && has(Phase::http_request) && !has(Phase::http_tunnel))
        request_ = RoundTrip{TripKind::request, Lane::http,     packet.client_ns, packet.client_ns,
                             packet.server_ns,  Event::unknown, packet.event,     no_event};
    } else if (request_ && request_->answer == no_event && has(Phase::http_response_start)) {
      request_->end_ns = std::max(request_->begin_ns, packet.client_ns);
      request_->answered_ns = packet.server_ns;
      request_->answer = packet.event;
    }
  }

  std::array<std::optional<RoundTrip>, trip_kind_count> open_;
  std::vector<RoundTrip> made_;
  std::optional<RoundTrip> request_;
  std::optional<std::int64_t> connection_ns_, client_hello_ns_;
};

}  // namespace

JourneyTrips trips_of(const Timeline& timeline, std::uint32_t journey) {
  const JourneySummary* of = timeline.summary(journey);
  if (of == nullptr) return {};
  std::vector<EventIndex> events;
  const std::uint32_t last = std::min(of->last_event - of->first_event, most_passed) + of->first_event;
  for (std::uint32_t i = of->first_event; i <= last && events.size() < most_looked_at; ++i)
    if (timeline.at(EventIndex{i}).journey == journey) events.push_back(EventIndex{i});
  return trips_of(timeline, events);
}

JourneyTrips trips_of(const Timeline& timeline, std::span<const EventIndex> events) {
  std::vector<AtClient> packets;
  for (const EventIndex index : events.first(std::min(events.size(), most_looked_at))) {
    const Event& event = timeline.at(index);
    if (event.time_ns == Event::unknown || !is_mark(event) || lane_of(event) < Lane::tcp) continue;
    const bool at_client = is_at_client(event);
    // In the middle there is no end's time.
    const std::int64_t client_ns = at_client || event.end == End::middle ? event.time_ns : event.other_ns;
    const std::int64_t server_ns = at_client ? event.other_ns : event.time_ns;
    if (client_ns == Event::unknown) continue;
    packets.push_back({client_ns, server_ns, index, is_sent(event) == at_client});
  }
  // Two captures put into one file need not be in order; of a letter's copies the client's is its name.
  std::stable_sort(packets.begin(), packets.end(), [&](const AtClient& a, const AtClient& b) {
    const auto key = [&](const AtClient& p) {
      return std::tuple(p.client_ns, timeline.at(p.event).end != End::client);
    };
    return key(a) < key(b);
  });
  Trips trips;
  EventRecord record;
  for (const AtClient& packet : packets) {
    const Event& event = timeline.at(packet.event);
    const PhaseMark own{event.phase, row_of(event.phase).stage, Certainty::seen};
    std::span<const PhaseMark> marks(&own, 1);
    if ((event.flags & Event::more_phases) != 0 && timeline.source().read(event.frame, record))
      marks = record.marks;
    if (!trips.take(packet, marks)) break;
  }
  return trips.result();
}

std::vector<RoundTrip> round_trips_of(const Timeline& timeline, std::uint32_t journey) {
  return trips_of(timeline, journey).waited;
}

std::uint32_t told_journey(const Timeline& timeline, std::uint32_t chosen) {
  if (chosen != 0) return chosen;
  return timeline.last_journey() == 1 ? 1 : 0;
}

ClockUncertainty clock_uncertainty_of(const Timeline& timeline, std::uint32_t journey) {
  ClockUncertainty found;
  const JourneySummary* of = timeline.summary(journey);
  if (journey != 0 && of == nullptr) return found;
  const std::size_t begin = of == nullptr ? 0 : of->first_event;
  const std::size_t end = of == nullptr ? timeline.events().size() : of->last_event + std::size_t{1};
  EventRecord record;
  std::size_t asked = 0;
  for (std::size_t i = begin; i < std::min(end, begin + most_looked_at) && asked < most_letters_asked; ++i) {
    const Event& event = timeline.events()[i];
    if ((event.flags & Event::twin) == 0 || (journey != 0 && event.journey != journey)) continue;
    ++asked;
    if (!timeline.source().read(event.frame, record) || record.peer == no_frame) continue;
    found.precision_ns = std::max(found.precision_ns, record.precision_ns);
    found.error_ns = std::max(found.error_ns, record.error_ns);
  }
  return found;
}

}  // namespace humantime::ui
