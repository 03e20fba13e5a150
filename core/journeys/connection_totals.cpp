// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/connection_totals.h"

#include <algorithm>
#include <limits>

#include "saturating.h"

namespace humantime::journeys {
namespace {

// Indexed by TlsVersion: its token, and what the wire calls it (RFC 8446 4.1.3). QUIC is told by its packets.
struct VersionRow {
  std::string_view token;
  std::uint16_t on_the_wire;
};
constexpr std::array<VersionRow, tls_version_count> version_rows = {{
    {"ssl30", 0x0300},
    {"tls10", 0x0301},
    {"tls11", 0x0302},
    {"tls12", 0x0303},
    {"tls13", 0x0304},
    {"dtls10", 0xfeff},
    {"dtls12", 0xfefd},
    {"quic", 0},
    {"unknown", 0},
}};

// Indexed by HttpVersion.
constexpr std::array<std::string_view, http_version_count> http_tokens = {"http1", "http2", "http3",
                                                                          "unknown"};

enum class Part : std::uint8_t { none, request, response };

/// What a phase says of a frame that is counted.
struct PhaseMeaning {
  Part part = Part::none;
  bool begins_message = false;
  bool only_http2 = false;  ///< over TCP
};

constexpr auto meanings = [] {
  std::array<PhaseMeaning, std::size(phase_rows)> table{};
  const auto at = [&table](Phase phase) -> PhaseMeaning& { return table[static_cast<std::size_t>(phase)]; };
  at(Phase::http_request) = {Part::request, true, false};
  at(Phase::http_request_body) = {Part::request, false, false};
  at(Phase::http_request_end) = {Part::request, false, false};
  at(Phase::http_interim) = {Part::response, false, false};
  at(Phase::http_response_start) = {Part::response, true, false};
  at(Phase::http_response_body) = {Part::response, false, false};
  at(Phase::http_response_end) = {Part::response, false, false};
  at(Phase::http_settings) = {Part::none, false, true};
  at(Phase::http_goaway) = {Part::none, false, true};
  at(Phase::http_push_promise) = {Part::none, false, true};
  return table;
}();

const PhaseMeaning& meaning_of(Phase phase) {
  return meanings[static_cast<std::size_t>(phase)];
}

/// What of a handshake's time was waiting for the wire is told at its two ends only.
bool knows_waiting(End end) {
  return end == End::client || end == End::server;
}

/// Handshakes with one text of humantime.handshake have one number; in order of handshakes.def.
std::uint32_t group_of(const Handshake& handshake) {
  const bool client = handshake.client_authentication == ClientAuthentication::given;
  return static_cast<std::uint32_t>(handshake.kind) * 4 + (client ? 2U : 0U) +
         (handshake.renegotiation ? 1U : 0U);
}

void add_to(MessageTotals& totals, const MessageTotals& more) {
  totals.messages += more.messages;
  totals.frames += more.frames;
  totals.frame_bytes += more.frame_bytes;
  totals.application_bytes += more.application_bytes;
  totals.record_bytes += more.record_bytes;
  totals.unread += more.unread;
}

/// What one direction of a connection carried.
MessageTotals with_bytes(MessageTotals seen, const CarriedBytes& carried) {
  if (seen.frames == 0) return seen;
  seen.application_bytes = carried.application;
  seen.record_bytes = carried.records;
  seen.unread = carried.unread > 0 || carried.application == 0 ? 1 : 0;
  return seen;
}

}  // namespace

std::string_view token_of(TlsVersion version) {
  return version_rows[static_cast<std::size_t>(version)].token;
}

std::string_view token_of(HttpVersion version) {
  return http_tokens[static_cast<std::size_t>(version)];
}

Quartiles quartiles_of(std::vector<std::int64_t> values_ns) {
  if (values_ns.empty()) return {};
  std::sort(values_ns.begin(), values_ns.end());
  const auto at = [&](std::size_t quarter) {
    const std::size_t place = (values_ns.size() - 1) * quarter;
    const std::int64_t below = values_ns[place / 4], part = static_cast<std::int64_t>(place % 4);
    if (part == 0) return below;
    // In this order nothing overflows.
    const std::int64_t gap = difference(values_ns[place / 4 + 1], below);
    return sum(below, gap / 4 * part + (gap % 4 * part + 2) / 4);
  };
  return {values_ns.size(), values_ns.front(), at(1), at(2), at(3), values_ns.back()};
}

// --- one connection -------------------------------------------------------------------------------------

void ConnectionCount::Seen::take(const FrameRow& row, std::span<const PhaseMark> marks) {
  ++segments;
  if (row.has(FrameRow::has_time)) {
    first_ns = timed == 0 ? row.time_ns : std::min(first_ns, row.time_ns);
    last_ns = timed == 0 ? row.time_ns : std::max(last_ns, row.time_ns);
    ++timed;
  }
  bool requests_here = false, responses_here = false;
  for (const PhaseMark& mark : marks) {
    const PhaseMeaning& meaning = meaning_of(mark.phase);
    lanes |= 1U << static_cast<unsigned>(row_of(mark.phase).lane);
    http2 |= meaning.only_http2;
    begun |= mark.phase == Phase::tcp_syn || mark.phase == Phase::tcp_syn_ack;
    retransmissions += mark.phase == Phase::tcp_retransmission ? 1 : 0;
    zero_windows += mark.phase == Phase::tcp_zero_window ? 1 : 0;
    if (meaning.part == Part::none) continue;
    const bool request = meaning.part == Part::request;
    (request ? requests_here : responses_here) = true;
    if (meaning.begins_message) ++(request ? requests : responses).messages;
  }
  if (requests_here) {
    ++requests.frames;
    requests.frame_bytes += row.length;
  }
  if (responses_here) {
    ++responses.frames;
    responses.frame_bytes += row.length;
  }
}

/// What was connected to rather than looked up over, and seen by the client rather than by others.
bool ConnectionCount::Seen::is_better_than(const Seen& other) const {
  if (has(Lane::dns) != other.has(Lane::dns)) return !has(Lane::dns);
  return end == End::client && other.end != End::client;
}

HttpVersion ConnectionCount::Seen::http_version() const {
  if (has(Lane::quic)) return HttpVersion::http3;
  if (http2) return HttpVersion::http2;
  return begun ? HttpVersion::http1 : HttpVersion::unknown;
}

// --- all of them ----------------------------------------------------------------------------------------

ConnectionCount::ConnectionCount(const FrameStore& store) : store_(store) {
  const std::span<const Handshake> handshakes = store.handshakes();
  places_.reserve(handshakes.size());
  for (std::size_t i = 0; i < handshakes.size(); ++i)
    places_.emplace_back(handshakes[i].connection, static_cast<std::uint32_t>(i));
  std::sort(places_.begin(), places_.end());
}

std::span<const ConnectionCount::Place> ConnectionCount::handshakes_of(std::uint32_t connection) const {
  const auto first = std::lower_bound(places_.begin(), places_.end(), Place{connection, 0});
  const auto last =
      std::upper_bound(first, places_.end(), Place{connection, std::numeric_limits<std::uint32_t>::max()});
  return {first, last};
}

TlsVersion ConnectionCount::tls_version(const Seen& seen, std::uint32_t connection) const {
  if (seen.has(Lane::quic)) return TlsVersion::quic;
  for (const auto& [number, at] : handshakes_of(connection)) {
    const std::uint16_t version = store_.handshakes()[at].version;
    if (version == 0) continue;
    for (std::size_t i = 0; i < version_rows.size(); ++i)
      if (version_rows[i].on_the_wire == version) return static_cast<TlsVersion>(i);
  }
  return TlsVersion::unknown;
}

Work ConnectionCount::take(const Journey& journey, std::string server) {
  if (journey.kind == Kind::failed) co_return;
  seen_.clear();
  // Frames of one connection mostly follow each other.
  std::uint32_t number = 0;
  Seen* seen = nullptr;
  co_await each(std::size_t{0}, journey.legs.size(), [&](std::size_t i) {
    const Leg& leg = journey.legs[i];
    const FrameRow* row = store_.find(leg.frame);
    if (row == nullptr || row->connection == 0 || row->has(FrameRow::is_copy)) return;
    if (seen == nullptr || row->connection != number) seen = &seen_[number = row->connection];
    if (seen->end == End::unknown) seen->end = leg.end;
    store_.marks(leg.frame, false, marks_);
    seen->take(*row, marks_);
  });
  if (seen_.empty()) co_return;
  auto chosen = seen_.begin();
  for (auto one = std::next(chosen); one != seen_.end(); ++one)
    if (one->second.is_better_than(chosen->second)) chosen = one;

  chosen->second.over_udp = journey.over_udp;

  const auto [at, is_new] = index_.try_emplace(server, servers_.size());
  if (is_new) servers_.push_back({server, {}});
  for (ConnectionTotals* totals : {&all_, &servers_[at->second].totals})
    add_to(*totals, journey.kind, chosen->first, chosen->second);
}

void ConnectionCount::add_to(ConnectionTotals& totals, Kind kind, std::uint32_t connection,
                             const Seen& seen) const {
  if (seen.is_tcp()) {
    totals.segments += seen.segments;
    totals.retransmissions += seen.retransmissions;
    totals.zero_windows += seen.zero_windows;
    if (seen.timed > 1) {
      totals.span_ns = sum(totals.span_ns, difference(seen.last_ns, seen.first_ns));
      totals.steps += seen.timed - 1;
    }
  }
  if (kind == Kind::refused || kind == Kind::unanswered) {
    ++(kind == Kind::refused ? totals.refused : totals.unanswered);
    return;
  }
  ++totals.connections;
  if (seen.has(Lane::tls) || seen.has(Lane::quic)) {
    ++totals.with_tls;
    ++totals.tls[static_cast<std::size_t>(tls_version(seen, connection))];
  }
  if (seen.has(Lane::http)) {
    ++totals.with_http;
    ++totals.http[static_cast<std::size_t>(seen.http_version())];
  }
  const ConnectionBytes carried = store_.message_bytes(connection);
  journeys::add_to(totals.requests, with_bytes(seen.requests, carried.requests));
  journeys::add_to(totals.responses, with_bytes(seen.responses, carried.responses));
  for (const auto& [number, at] : handshakes_of(connection))
    add_handshake(totals, store_.handshakes()[at], seen.end);
}

void ConnectionCount::add_handshake(ConnectionTotals& totals, const Handshake& handshake, End end) const {
  if (!handshake.completed()) {
    ++totals.broken_off;
    return;
  }
  if (handshake.kind == HandshakeKind::none) return;
  ++totals.handshakes;
  HandshakeGroup& group = totals.groups[group_of(handshake)];
  if (group.n++ == 0) group.like = handshake;
  std::vector<std::uint8_t>& trips = group.round_trips;
  const auto place = std::lower_bound(trips.begin(), trips.end(), handshake.round_trips);
  if (handshake.round_trips != Handshake::unknown_round_trips &&
      (place == trips.end() || *place != handshake.round_trips))
    trips.insert(place, handshake.round_trips);
  const auto time = store_.duration(handshake);
  if (!time) return;
  group.times_ns.push_back(time->count());
  if (!knows_waiting(end)) return;
  group.waits_ns.push_back(store_.waited(handshake, end == End::client).count());
  group.waited_of_ns.push_back(time->count());
}

}  // namespace humantime::journeys
