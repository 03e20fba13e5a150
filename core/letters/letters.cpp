// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/letters.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <queue>
#include <unordered_set>
#include <utility>

#include "gradual_index.h"
#include "reports/time_text.h"

namespace humantime::letters {
namespace {

using journeys::Direction;

/// Two captures of one end see a packet within a microsecond; a packet on a wire takes longer.
constexpr std::int64_t same_place_ns = 1'000;
/// Packets between two places that are kept for comparing their clocks: more are thinned out, the fastest
/// stay.
constexpr std::size_t most_crossings = 8192;
/// Two looks at a frame that are further apart than this are no mirror port's.
constexpr std::int64_t mirror_ns = 1'000'000;

std::int64_t distance(std::int64_t a, std::int64_t b) {
  return a < b ? difference(b, a) : difference(a, b);
}

std::uint64_t pair_key(std::uint16_t place, std::uint16_t other) {
  return std::uint64_t{place} << 16 | other;
}

constexpr std::uint8_t bit_of(End end) {
  const unsigned bit = end == End::unknown ? 0U : 1U << static_cast<unsigned>(end);
  return static_cast<std::uint8_t>(bit & 0xffU);
}
/// A place that is at no client's end of other flows.
constexpr std::uint8_t elsewhere_bits = bit_of(End::server) | bit_of(End::middle);

/// Of two neighbours one way the faster.
void thin_out(std::vector<Crossing>& crossings) {
  std::array<std::optional<Crossing>, 2> waiting;
  std::size_t kept = 0;
  for (const Crossing& one : crossings) {
    std::optional<Crossing>& before = waiting[one.a_to_b ? 1 : 0];
    if (!before) {
      before = one;
      continue;
    }
    const std::int64_t now = difference(one.b_ns, one.a_ns), then = difference(before->b_ns, before->a_ns);
    crossings[kept++] = (one.a_to_b ? now < then : now > then) ? one : *before;
    before.reset();
  }
  for (const std::optional<Crossing>& one : waiting)
    if (one) crossings[kept++] = *one;
  crossings.resize(kept);
}

}  // namespace

std::string_view token_of(Unmatched reason) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Unmatched::count_)> tokens = {
      "", "no_key", "only_one_vantage", "outside", "lost", "ambiguous", "copy"};
  return tokens[static_cast<std::size_t>(reason)];
}

Work Letters::work_out(Extent extent, Settings settings) {
  extent_ = extent;
  settings_ = settings;
  if (!store_.vantages().empty()) {
    co_await flows_.build(store_, notes_, facts_, extent_.frames, extent_.facts);
    co_await twins_.build(notes_, flows_);
    co_await grown(fates_, flows_.frame_count() + 1);
    co_await grown(sights_, flows_.sight_count());
    corrections_.resize(flows_.vantage_count());
    co_await each(1U, frame_end(), [this](std::uint32_t frame) { see_place(frame); });
    co_await see_handshakes();
    co_await choose_reference();
    co_await compare_places();
    co_await see_one_way();
    co_await settle_alike();
    co_await match_frames();
    co_await estimate();
    co_await find_folded();
    co_await sort_letters();
    twins_.clear();
  }
  made_ = true;
}

bool Letters::timed(std::uint32_t frame) const {
  const FrameRow* row = store_.find(FrameNumber{frame});
  return row != nullptr && row->has(FrameRow::has_time);
}

/// A number that was given again may be of a place that nobody knew.
std::uint16_t Letters::place_of(std::uint32_t frame) const {
  const std::uint16_t vantage = store_.find(FrameNumber{frame})->vantage;
  return vantage < corrections_.size() ? flows_.place_of_vantage(vantage) : 0;
}

// -- where places are
// --------------------------------------------------------------------------------------------------

void Letters::see_place(std::uint32_t frame) {
  if (!flows_.has(frame) || twins_.alone(frame) || !timed(frame)) return;
  const std::uint32_t sight = flows_.sight_of(frame);
  const std::uint32_t first = flows_.flow(flows_.sight(sight).flow).first_sight;
  if (sight == first) return;
  std::uint32_t at = twins_.next(frame);
  while (at != frame && flows_.sight_of(at) != first) at = twins_.next(at);
  if (at == frame || !timed(at)) return;
  Place& place = sights_[sight];
  const bool way = flows_.from_client(frame);
  const std::int64_t now = time_of(frame);
  place.last_ns[way ? 1 : 0] = now;
  place.last_difference_ns[way ? 1 : 0] = difference(now, time_of(at));
  place.has_last[way ? 1 : 0] = true;
  if (!place.has_last[way ? 0 : 1]) return;
  const std::int64_t closely = distance(now, place.last_ns[way ? 0 : 1]);
  if (place.closest_ns >= 0 && place.closest_ns <= closely) return;
  place.closest_ns = closely;
  place.position_ns = difference(place.last_difference_ns[1], place.last_difference_ns[0]);
  sights_[first].closest_ns = 0;
}

/// What each place's own frames tell of the end that it is at, and then what the others' do.
Work Letters::see_handshakes() {
  struct Handshake {
    std::int64_t syn_ns = 0, syn_ack_ns = 0;
    std::optional<std::int64_t> least_there;  ///< from the SYN before it to a SYN+ACK
    std::uint32_t syns = 0, syn_acks = 0;
    std::uint32_t next = 0;  ///< what acknowledges the SYN+ACK
    std::uint32_t sight = Sight::none;
    bool over = false;
  };
  std::vector<Handshake> handshakes;
  std::vector<Evidence> evidence;
  std::vector<std::int64_t> to_server, to_client;
  co_await grown(evidence, sights_.size());
  co_await grown(to_server, sights_.size());
  co_await grown(to_client, sights_.size());
  const auto keep_least = [](std::int64_t& least, std::int64_t ns) {
    if (ns > 0 && (least == 0 || ns < least)) least = ns;
  };
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    if (!flows_.has(frame)) return;
    const std::uint32_t sight = flows_.sight_of(frame);
    const bool from_client = flows_.from_client(frame);
    const PacketNote& note = notes_[FrameNumber{frame}];
    Evidence& of = evidence[sight];
    std::uint8_t& hops = from_client ? of.hops_of_client : of.hops_of_server;
    hops = std::min(hops, static_cast<std::uint8_t>(note.hops));
    const FrameRow& row = *store_.find(FrameNumber{frame});
    if (row.connection == 0 || !row.has(FrameRow::has_time)) return;
    if (handshakes.size() < row.connection) handshakes.resize(row.connection);
    Handshake& shake = handshakes[row.connection - 1];
    // What another place saw was stamped by another clock, and elsewhere on the way.
    if (shake.sight == Sight::none) shake.sight = sight;
    if (shake.over || shake.sight != sight) return;
    if (note.syn != 0 && from_client) {
      shake.syn_ns = row.time_ns;
      ++shake.syns;
    } else if (note.syn != 0) {
      shake.syn_ack_ns = row.time_ns;
      shake.next = note.sequence + 1;
      ++shake.syn_acks;
      // Where answers are lost the server sends another one without being asked.
      const std::int64_t there = difference(row.time_ns, shake.syn_ns);
      if (shake.syns > 0) shake.least_there = std::min(shake.least_there.value_or(there), there);
    } else if (from_client && shake.syn_acks > 0 && note.acknowledgment == shake.next) {
      shake.over = true;
      if (!shake.least_there) return;
      const std::int64_t there = *shake.least_there, back = difference(row.time_ns, shake.syn_ack_ns);
      if (!of.to_server_ns) {
        of.to_server_ns = there;
        of.to_client_ns = back;
      }
      // Of what was sent twice nobody knows which one was answered (Karn, RFC 6298 3).
      if (shake.syns == 1 && shake.syn_acks == 1) keep_least(to_server[sight], there);
      if (shake.syn_acks == 1) keep_least(to_client[sight], back);
    }
  });

  const auto homes_key = [](std::uint16_t place, AddressId address) {
    return std::uint64_t{place} << 32 | static_cast<std::uint32_t>(address);
  };
  // Whoever captures there stands at both ends.
  const auto is_loopback = [&](const Flow& flow) {
    return flow.client >> 16 == flow.server >> 16 ||
           store_.addresses()[address_of(flow.client)].is_loopback();
  };
  std::unordered_set<std::uint64_t> homes;
  place_ends_.assign(corrections_.size(), 0);
  const auto set_end = [&](std::uint32_t sight, End end) {
    Place& place = sights_[sight];
    place.end = end;
    place_ends_[flows_.sight(sight).place] |= bit_of(end);
    if (end != End::client && end != End::server) return;
    const Flow& flow = flows_.flow(flows_.sight(sight).flow);
    homes.insert(
        homes_key(flows_.sight(sight).place, address_of(end == End::client ? flow.client : flow.server)));
    place.half_ns = (end == End::client ? to_server : to_client)[sight] / 2;
  };
  co_await each(0U, flows_.flow_count(), [&](std::uint32_t id) {
    const Flow& flow = flows_.flow(id);
    if (flow.joined != id || is_loopback(flow)) return;
    // The two that are furthest apart.
    std::uint32_t client_most = flow.first_sight, server_most = flow.first_sight;
    for (std::uint32_t at = flow.first_sight; at != Sight::none; at = flows_.sight(at).next) {
      if (sights_[at].closest_ns < 0) continue;
      if (sights_[at].position_ns < sights_[client_most].position_ns) client_most = at;
      if (sights_[at].position_ns > sights_[server_most].position_ns) server_most = at;
    }
    const bool ordered =
        difference(sights_[server_most].position_ns, sights_[client_most].position_ns) > same_place_ns;
    for (std::uint32_t at = flow.first_sight; at != Sight::none; at = flows_.sight(at).next) {
      const End own = end_of(evidence[at]);
      if (!ordered || sights_[at].closest_ns < 0) {
        constexpr std::array<End, 4> positions = {End::unknown, End::client, End::middle, End::server};
        const End set = positions[static_cast<std::size_t>(settings_.position)];
        set_end(at, set != End::unknown && flow.places == 1 ? set : own);
        continue;
      }
      // Of several places one is the client's end at the most, and one the server's: the outermost, unless
      // its own frames say that it is not there.
      const End outermost = at == client_most ? End::client : at == server_most ? End::server : End::middle;
      set_end(at, own == End::unknown || own == outermost ? outermost : End::middle);
    }
  });
  // Whose packets tell nothing by themselves are where others of the same host were seen.
  co_await each(0U, flows_.sight_count(), [&](std::uint32_t sight) {
    if (sights_[sight].end != End::unknown || evidence[sight].to_server_ns) return;
    const Flow& flow = flows_.flow(flows_.sight(sight).flow);
    if (is_loopback(flow)) return;
    const std::uint16_t place = flows_.sight(sight).place;
    const bool client = homes.contains(homes_key(place, address_of(flow.client))),
               server = homes.contains(homes_key(place, address_of(flow.server)));
    if (client != server) sights_[sight].end = client ? End::client : End::server;
    // Nobody else was there: most captures are taken where names are asked for. Of what else runs over UDP
    // (tunnels, QUIC) nothing is known.
    constexpr EndpointWord dns_port = 53;
    if (!client && !server && !flow.tcp && (flow.server & 0xffff) == dns_port && flow.places == 1 &&
        settings_.position == CapturePosition::automatic && (place_ends_[place] & elsewhere_bits) == 0)
      sights_[sight].end = End::client;
  });
}

/// Flows of which packets were seen one way only: their hosts' other flows tell the ends or, once clocks are
/// compared by others, the times tell who is nearer to the server.
Work Letters::see_one_way() {
  if (!settings_.correct_clocks) co_return;
  bool any = false;
  co_await each(0U, flows_.sight_count(), [&](std::uint32_t sight) {
    const bool unknown = flows_.flow(flows_.sight(sight).flow).places > 1 && sights_[sight].closest_ns < 0;
    any = any || unknown;
  });
  if (!any) co_return;
  co_await each(0U, flows_.sight_count(), [&](std::uint32_t sight) {
    const std::uint32_t first = flows_.flow(flows_.sight(sight).flow).first_sight;
    Place &here = sights_[sight], &there = sights_[first];
    if (sight == first || here.closest_ns >= 0 || there.closest_ns > 0) return;
    if (!are_compared(flows_.sight(sight).place, flows_.sight(first).place)) return;
    const bool to_server = there.end == End::client && here.end == End::server;
    if (!to_server && (there.end != End::server || here.end != End::client)) return;
    here.position_ns = to_server ? 2 * same_place_ns : -2 * same_place_ns;
    here.closest_ns = there.closest_ns = 0;
  });
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    if (!flows_.has(frame) || twins_.alone(frame) || !timed(frame)) return;
    const std::uint32_t sight = flows_.sight_of(frame);
    const std::uint32_t first = flows_.flow(flows_.sight(sight).flow).first_sight;
    Place& place = sights_[sight];
    if (sight == first || (place.closest_ns >= 0 && !place.one_way)) return;
    std::uint32_t at = twins_.next(frame);
    while (at != frame && flows_.sight_of(at) != first) at = twins_.next(at);
    if (at == frame || !timed(at) || !are_compared(flows_.sight(sight).place, flows_.sight(first).place))
      return;
    const std::int64_t later = difference(corrected(frame), corrected(at));
    const std::int64_t unsure =
        sum(corrections_[place_of(frame)].total_precision_ns, corrections_[place_of(at)].total_precision_ns);
    if (distance(later, 0) <= unsure) return;
    const std::int64_t position = flows_.from_client(frame) ? later : difference(0, later);
    if (place.one_way && distance(position, 0) >= distance(place.position_ns, 0)) return;
    place.position_ns = position;
    place.one_way = true;
    place.closest_ns = sights_[first].closest_ns = 0;
  });
}

// -- clocks
// ------------------------------------------------------------------------------------------------------------

/// The client's end: the one where most flows have theirs.
Work Letters::choose_reference() {
  std::vector<std::uint32_t> clients(corrections_.size(), 0);
  co_await each(0U, flows_.sight_count(), [&](std::uint32_t sight) {
    if (sights_[sight].end == End::client) ++clients[flows_.sight(sight).place];
  });
  const auto most = std::max_element(clients.begin(), clients.end());
  reference_ = flows_.place_of_vantage(static_cast<std::uint16_t>(most - clients.begin()));
  Correction& correction = corrections_[*reference_];
  correction.known = true;
  correction.parent = *reference_;
}

/// The frame's time without what its clock was set forward by.
std::int64_t Letters::stepless(std::uint32_t frame, std::uint16_t place) const {
  std::int64_t ns = time_of(frame);
  for (const ClockStep& step : corrections_[place].steps)
    if (step.from <= FrameNumber{frame}) ns = difference(ns, step.size_ns);
  return ns;
}

std::int64_t Letters::Correction::unsure_ns(FrameNumber frame) const {
  std::int64_t ns = 0;
  for (const ClockStep& step : steps)
    if (step.unsure_from <= frame && frame <= step.unsure_to) ns = sum(ns, distance(step.size_ns, 0));
  return ns;
}

std::int64_t Letters::corrected(std::uint32_t frame) const {
  const FrameRow& row = *store_.find(FrameNumber{frame});
  const std::uint16_t place = place_of(frame);
  const Correction& correction = corrections_[place];
  if (!settings_.correct_clocks || !correction.known) return row.time_ns;
  const std::int64_t own = correction.steps.empty() ? row.time_ns : stepless(frame, place);
  const std::int64_t since = difference(own, correction.own_ns);
  if (correction.rate == 0) return sum(correction.reference_ns, since);
  constexpr double most = 9e18;
  const double drift = std::clamp(static_cast<double>(since) * correction.rate, -most, most);
  return sum(sum(correction.reference_ns, since), std::llround(drift));
}

Work Letters::compare_places() {
  // Packets between neighbours on the way, by their places.
  std::map<std::uint64_t, std::vector<Crossing>> pairs;
  std::vector<std::uint32_t> ring;
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    if (!flows_.has(frame) || twins_.alone(frame)) return;
    ring.clear();
    bool first = true;
    std::uint32_t at = frame;
    do {
      first = first && at >= frame;
      if (timed(at) && sights_[flows_.sight_of(at)].closest_ns >= 0) ring.push_back(at);
      at = twins_.next(at);
    } while (at != frame);
    if (!first || ring.size() < 2) return;
    const auto position = [&](std::uint32_t one) { return sights_[flows_.sight_of(one)].position_ns; };
    std::sort(ring.begin(), ring.end(), [&](std::uint32_t a, std::uint32_t b) {
      return position(a) != position(b) ? position(a) < position(b) : flows_.place_of(a) < flows_.place_of(b);
    });
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      std::uint32_t a = ring[i], b = ring[i + 1];
      bool a_to_b = flows_.from_client(frame);
      if (flows_.place_of(a) > flows_.place_of(b)) {
        std::swap(a, b);
        a_to_b = !a_to_b;
      }
      std::vector<Crossing>& crossings = pairs[pair_key(flows_.place_of(a), flows_.place_of(b))];
      crossings.push_back({FrameNumber{a}, FrameNumber{b}, time_of(a), time_of(b), a_to_b});
      if (crossings.size() >= most_crossings) thin_out(crossings);
    }
  });
  // A tree from the reference, along those that have most in common.
  struct Edge {
    std::size_t score = 0;
    std::uint16_t from = 0, to = 0;
    bool operator<(const Edge& other) const { return score < other.score; }
  };
  std::map<std::uint16_t, std::vector<Edge>> edges;
  for (const auto& [key, crossings] : pairs) {
    const auto low = static_cast<std::uint16_t>(key >> 16), high = static_cast<std::uint16_t>(key);
    const auto there = static_cast<std::size_t>(
        std::count_if(crossings.begin(), crossings.end(), [](const Crossing& one) { return one.a_to_b; }));
    const std::size_t score = std::min(there, crossings.size() - there);
    edges[low].push_back({score, low, high});
    edges[high].push_back({score, high, low});
  }
  std::priority_queue<Edge> queue;
  for (const Edge& edge : edges[*reference_]) queue.push(edge);
  while (!queue.empty()) {
    const Edge edge = queue.top();
    queue.pop();
    if (corrections_[edge.to].known) continue;
    std::vector<Crossing> crossings =
        pairs[pair_key(std::min(edge.from, edge.to), std::max(edge.from, edge.to))];
    for (Crossing& one : crossings) {
      if (edge.from > edge.to) {
        std::swap(one.at_a, one.at_b);
        one.a_to_b = !one.a_to_b;
      }
      one.a_ns = stepless(to_number(one.at_a), edge.from);
      one.b_ns = time_of(to_number(one.at_b));
    }
    ClockComparison clocks;
    co_await compare_clocks(crossings, clocks);
    if (!clocks.known) continue;
    // An interface has one clock, unless captures were folded into it.
    if (share_clock(store_.vantages()[edge.from], store_.vantages()[edge.to]) && clocks.rate == 0 &&
        clocks.steps.empty() && clocks.offset_ns <= clocks.error_ns && clocks.offset_ns >= -clocks.error_ns)
      clocks.offset_ns = clocks.precision_ns = clocks.error_ns = 0;
    const Correction parent = corrections_[edge.from];
    Correction& child = corrections_[edge.to];
    child.known = true;
    child.parent = edge.from;
    child.own_ns = sum(clocks.since_ns, clocks.offset_ns);
    const std::int64_t since = difference(clocks.since_ns, parent.own_ns);
    child.reference_ns = sum(sum(parent.reference_ns, since),
                             std::llround(std::clamp(static_cast<double>(since) * parent.rate, -9e18, 9e18)));
    child.rate = (1 + parent.rate) / (1 + clocks.rate) - 1;
    child.precision_ns = clocks.precision_ns;
    child.error_ns = clocks.error_ns;
    child.total_precision_ns = sum(parent.total_precision_ns, child.precision_ns);
    child.total_error_ns = sum(parent.total_error_ns, child.error_ns);
    for (const ClockStep& step : clocks.steps)
      corrections_[step.of_a ? edge.from : edge.to].steps.push_back(step);
    for (const Edge& next : edges[edge.to]) queue.push(next);

    Finding finding;
    finding.place = edge.to;
    finding.other = edge.from;
    finding.count = clocks.a_to_b + clocks.b_to_a;
    finding.offset_ns = clocks.offset_ns;
    finding.precision_ns = clocks.precision_ns;
    finding.error_ns = std::max<std::int64_t>(difference(child.error_ns, settings_.light_ns), 0);
    finding.rate = clocks.rate;
    const auto add = [&](Finding::Kind kind) {
      finding.kind = kind;
      findings_.push_back(finding);
    };
    const bool one_end = clocks.round_trip_ns >= 0 && clocks.round_trip_ns <= same_place_ns;
    add(one_end ? Finding::Kind::same_place : Finding::Kind::clock);
    if (clocks.rate != 0) add(Finding::Kind::drift);
    for (const ClockStep& step : clocks.steps) {
      finding.place = step.of_a ? edge.from : edge.to;
      finding.offset_ns = step.size_ns;
      finding.frame = to_number(step.from);
      add(Finding::Kind::step);
    }
    finding.place = edge.to;
    if (clocks.round_trip_ns < 0) {
      finding.offset_ns = difference(0, clocks.round_trip_ns);
      add(Finding::Kind::contradiction);
    } else if (!one_end && settings_.light_ns > 0 && clocks.round_trip_ns / 2 < settings_.light_ns) {
      finding.offset_ns = difference(settings_.light_ns * 2, clocks.round_trip_ns);
      add(Finding::Kind::faster_than_light);
    }
  }
  const auto places = static_cast<std::uint16_t>(corrections_.size());
  for (std::uint16_t place = 0; place < places; ++place) {
    if (flows_.place_of_vantage(place) != place || corrections_[place].known) continue;
    Finding finding;
    finding.place = place;
    finding.other = *reference_;
    finding.kind = edges.contains(place) ? Finding::Kind::one_way : Finding::Kind::nothing_in_common;
    findings_.push_back(finding);
  }
}

bool Letters::are_compared(std::uint16_t place, std::uint16_t other) const {
  return corrections_[place].known && corrections_[other].known;
}

std::int64_t Letters::precision_ns() const {
  std::int64_t least = 0;
  for (const Correction& one : corrections_)
    if (one.known && one.error_ns > same_place_ns && (least == 0 || one.total_precision_ns < least))
      least = one.total_precision_ns;
  return least;
}

// -- matching
// ----------------------------------------------------------------------------------------------------------

/// Packets that look alike, of which one place has more: by corrected times each that was received is the
/// last that was sent before it.
Work Letters::settle_alike() {
  const std::span<const Alike> alike = twins_.alike();
  for (std::size_t begin = 0; begin < alike.size();) {
    std::size_t end = begin;
    std::map<std::uint16_t, std::vector<std::uint32_t>> by_place;
    bool comparable = true;
    for (; end < alike.size() && alike[end].set == alike[begin].set; ++end) {
      const std::uint32_t frame = alike[end].frame;
      const std::uint16_t place = flows_.place_of(frame);
      comparable = comparable && timed(frame) && corrections_[place].known && twins_.alone(frame) &&
                   twins_.whole_of(frame) == 0 && sights_[flows_.sight_of(frame)].closest_ns >= 0;
      by_place[place].push_back(frame);
      fates_[frame].unmatched = Unmatched::ambiguous;
    }
    const bool from_client = flows_.from_client(alike[begin].frame);
    co_await spent(end - begin);
    begin = end;
    if (!comparable || by_place.size() < 2) continue;
    const auto nearness = [&](const auto& one) {
      const std::int64_t position = sights_[flows_.sight_of(one.second.front())].position_ns;
      return from_client ? position : difference(0, position);
    };
    const auto sender = std::min_element(by_place.begin(), by_place.end(), [&](const auto& a, const auto& b) {
      return nearness(a) < nearness(b);
    });
    for (const auto& [place, received] : by_place) {
      if (place == sender->first) continue;
      const std::int64_t slack =
          sum(corrections_[place].total_precision_ns, corrections_[sender->first].total_precision_ns);
      std::size_t sent = sender->second.size();
      for (std::size_t i = received.size(); i-- > 0 && sent > 0;) {
        const std::int64_t latest = sum(corrected(received[i]), slack);
        while (sent > 0 && corrected(sender->second[sent - 1]) > latest) --sent;
        if (sent > 0) twins_.pair(sender->second[--sent], received[i]);
      }
    }
    for (const auto& [place, frames] : by_place)
      for (const std::uint32_t frame : frames) fates_[frame].unmatched = Unmatched::no_key;
  }
}

Work Letters::match_frames() {
  // When each place was listening.
  std::vector<std::array<std::int64_t, 2>> running(
      corrections_.size(),
      {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()});
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    const FrameRow* row = store_.find(FrameNumber{frame});
    if (row == nullptr || !row->has(FrameRow::has_time)) return;
    auto& [first, last] = running[flows_.place_of_vantage(row->vantage)];
    const std::int64_t now = corrected(frame);
    first = std::min(first, now);
    last = std::max(last, now);
  });
  const auto rank = [&](std::uint32_t frame) {
    const Place& place = sights_[flows_.sight_of(frame)];
    if (place.closest_ns >= 0) return place.position_ns;
    constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max() / 2;
    return place.end == End::client ? -far : place.end == End::server ? far : 0;
  };
  const auto reason_of = [&](std::uint32_t frame) {
    const Flow& flow = flows_.flow(flows_.flow_of(frame));
    if (flow.places < 2) return Unmatched::only_one_vantage;
    if (twins_.is_repeated(frame)) return Unmatched::copy;
    if (fates_[frame].unmatched == Unmatched::ambiguous) return Unmatched::ambiguous;
    if (!timed(frame)) return Unmatched::lost;
    bool listening = false;
    for (std::uint32_t at = flow.first_sight; at != Sight::none && !listening; at = flows_.sight(at).next) {
      const std::uint16_t place = flows_.sight(at).place;
      if (place == flows_.place_of(frame)) continue;
      const std::int64_t now = corrected(frame);
      listening = !are_compared(place, flows_.place_of(frame)) ||
                  (now >= running[place][0] && now <= running[place][1]);
    }
    return listening ? Unmatched::lost : Unmatched::outside;
  };
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    Fate& fate = fates_[frame];
    if (!flows_.has(frame)) {
      const FrameRow* row = store_.find(FrameNumber{frame});
      if (row != nullptr && row->has(FrameRow::is_copy)) fate.unmatched = Unmatched::copy;
      if (row != nullptr) ++unmatched_[static_cast<std::size_t>(fate.unmatched)];
      return;
    }
    const bool from_client = flows_.from_client(frame);
    fate.end = sights_[flows_.sight_of(frame)].end;
    fate.direction = direction_at(fate.end, from_client);
    const std::uint32_t whole = twins_.whole_of(frame), part = twins_.last_part_of(frame);
    if (whole != 0) {
      fate.peer = whole;
      fate.flags |= of_letter;
      if ((rank(frame) > rank(whole)) == from_client) fate.flags |= received_here;
    } else if (part != 0) {
      fate.peer = part;
    } else if (!twins_.alone(frame)) {
      std::uint32_t client = frame, server = frame;
      for (std::uint32_t at = twins_.next(frame); at != frame; at = twins_.next(at)) {
        if (rank(at) < rank(client) || (rank(at) == rank(client) && at < client)) client = at;
        if (rank(at) > rank(server) || (rank(at) == rank(server) && at < server)) server = at;
      }
      const std::uint32_t sent = from_client ? client : server, received = from_client ? server : client;
      if (difference(rank(server), rank(client)) > same_place_ns) {
        // Another interface of the receiver's is at the receiver.
        fate.peer = distance(rank(frame), rank(received)) <= same_place_ns ? sent : received;
        if (frame == sent) fate.flags |= of_letter;
      } else if (rank(frame) == 0 && sights_[flows_.sight_of(frame)].closest_ns < 0) {
        // The same packet, but nothing tells which way it went.
        fate.peer = twins_.next(frame);
      }
    }
    fate.unmatched = fate.peer != 0        ? Unmatched::none
                     : twins_.alone(frame) ? reason_of(frame)
                                           : Unmatched::only_one_vantage;
    ++unmatched_[static_cast<std::size_t>(fate.unmatched)];
  });
}

// -- the end where nobody captured
// -------------------------------------------------------------------------------------

/// A question reaches its server, and the answer leaves, in the middle between the two. A connection's
/// packets take half of its handshake's round trip, but an answer does not leave before what it acknowledges
/// arrives.
Work Letters::estimate() {
  const auto one_ended = [&](std::uint32_t frame) {
    return frame < fates_.size() && flows_.has(frame) && timed(frame) &&
           fates_[frame].unmatched == Unmatched::only_one_vantage &&
           fates_[frame].direction != Direction::unknown;
  };
  struct Answerable {
    std::uint32_t end = 0;
    std::int64_t arrival_ns = 0;
    bool known = false;
  };
  // Room that is not used takes no memory, and what grows would be moved all at once.
  estimates_.reserve(frame_end());
  std::vector<Answerable> sent;
  co_await grown(sent, sights_.size());
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    if (!one_ended(frame)) return;
    const std::uint32_t sight = flows_.sight_of(frame);
    const std::int64_t half = sights_[sight].half_ns;
    if (half <= 0) return;
    Fate& fate = fates_[frame];
    const PacketNote& note = notes_[FrameNumber{frame}];
    Answerable& last = sent[sight];
    fate.flags |= estimated | of_letter;
    const std::int64_t now = corrected(frame);
    if (fate.direction == Direction::sent) {
      const std::uint32_t end = note.sequence + note.length + note.syn + note.fin;
      if (!last.known || static_cast<std::int32_t>(end - last.end) > 0) last = {end, sum(now, half), true};
      return;
    }
    fate.flags |= received_here;
    const bool answers = last.known && static_cast<std::int32_t>(note.acknowledgment - last.end) >= 0;
    if (!answers || difference(now, half) >= last.arrival_ns) return;
    fate.flags |= elsewhere;
    keep_estimate(frame, std::min(last.arrival_ns, now));
  });

  struct Question {
    std::uint64_t key = 0;
    std::uint32_t frame = 0;  ///< 0: it has its answer
  };
  std::vector<Question> questions;
  questions.reserve(extent_.facts);
  GradualIndex index;
  co_await each(std::size_t{0}, extent_.facts, [&](std::size_t i) {
    const journeys::Fact& fact = facts_[i];
    const std::uint32_t frame = to_number(fact.frame);
    const bool question = fact.kind == journeys::Fact::Kind::question;
    if ((!question && fact.kind != journeys::Fact::Kind::answer) || fact.number != 0 || !one_ended(frame))
      return;
    const std::uint64_t key = mix(std::uint64_t{flows_.sight_of(frame)} << 16 | fact.id,
                                  std::uint64_t{static_cast<std::uint32_t>(fact.name)} << 16 | fact.type);
    const std::uint32_t asked = index.find(key, [&](std::uint32_t id) { return questions[id].key == key; });
    if (question) {
      if (asked != GradualIndex::none) {
        questions[asked].frame = frame;
        return;
      }
      index.insert(key, static_cast<std::uint32_t>(questions.size()),
                   [&](std::uint32_t id) { return questions[id].key; });
      questions.push_back({key, frame});
      return;
    }
    if (asked == GradualIndex::none || questions[asked].frame == 0) return;
    const std::uint32_t first = std::exchange(questions[asked].frame, 0);
    const std::int64_t from = corrected(first), to = corrected(frame);
    if (to < from || fates_[first].direction == fates_[frame].direction) return;
    // At the server's end the other way round: nothing tells how long the way is.
    if (fates_[first].direction != Direction::sent) return;
    for (const std::uint32_t one : {first, frame}) {
      fates_[one].flags |= estimated | of_letter | elsewhere;
      keep_estimate(one, sum(from, difference(to, from) / 2));
    }
    fates_[frame].flags |= received_here;
  });
}

std::uint32_t Letters::find_estimate(std::uint32_t frame) const {
  return estimate_index_.find(mix(frame),
                              [&](std::uint32_t place) { return estimates_[place].first == frame; });
}

void Letters::keep_estimate(std::uint32_t frame, std::int64_t ns) {
  const std::uint32_t known = find_estimate(frame);
  if (known != GradualIndex::none) {
    estimates_[known].second = ns;
    return;
  }
  estimate_index_.insert(mix(frame), static_cast<std::uint32_t>(estimates_.size()),
                         [&](std::uint32_t place) { return mix(estimates_[place].first); });
  estimates_.emplace_back(frame, ns);
}

std::optional<std::int64_t> Letters::estimated_other_end(std::uint32_t frame, const Fate& fate) const {
  if ((fate.flags & estimated) == 0) return std::nullopt;
  if ((fate.flags & elsewhere) != 0) return estimates_[find_estimate(frame)].second;
  const std::int64_t half = sights_[flows_.sight_of(frame)].half_ns;
  return (fate.flags & received_here) != 0 ? difference(corrected(frame), half) : sum(corrected(frame), half);
}

// -- two captures in one
// ---------------------------------------------------------------------------------------------

/// Every packet twice at one vantage: a mirror port's copies follow within microseconds and have passed the
/// same routers, another place's have not. Told by packets with an identification, which retransmissions do
/// not share.
Work Letters::find_folded() {
  constexpr std::uint64_t least_pairs = 4;
  struct Count {
    std::uint64_t packets = 0, twice = 0, elsewhere = 0;
  };
  std::vector<Count> counts(corrections_.size());
  GradualIndex index;
  const auto hash_of = [&](std::uint32_t frame) {
    const PacketNote& note = notes_[FrameNumber{frame}];
    const FrameRow& row = *store_.find(FrameNumber{frame});
    return mix(
        mix(endpoint_word(row.source, row.source_port), endpoint_word(row.destination, row.destination_port)),
        mix(std::uint64_t{note.sequence} << 32 | note.acknowledgment,
            std::uint64_t{note.length} << 32 | std::uint64_t{note.ip_id} << 16 | row.vantage));
  };
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    const PacketNote& note = notes_[FrameNumber{frame}];
    // What was seen elsewhere is told apart from it.
    if (fates_[frame].peer != 0) return;
    if (note.is() == PacketNote::Kind::none || note.ip_id == 0 || !timed(frame)) return;
    const FrameRow& row = *store_.find(FrameNumber{frame});
    Count& count = counts[row.vantage];
    ++count.packets;
    const std::uint64_t hash = hash_of(frame);
    const std::uint32_t first = index.find(hash, [&](std::uint32_t other) { return hash_of(other) == hash; });
    if (first == GradualIndex::none) {
      index.insert(hash, frame, hash_of);
      return;
    }
    ++count.twice;
    if (notes_[FrameNumber{first}].hops != note.hops || distance(time_of(first), row.time_ns) > mirror_ns)
      ++count.elsewhere;
  });
  for (std::size_t vantage = 0; vantage < counts.size(); ++vantage) {
    const Count& count = counts[vantage];
    if (count.twice < least_pairs || count.twice < count.packets / 3 || count.elsewhere < count.twice / 2)
      continue;
    Finding finding;
    finding.kind = Finding::Kind::folded;
    finding.place = static_cast<std::uint16_t>(vantage);
    finding.other = finding.place;
    finding.count = count.twice;
    findings_.push_back(finding);
  }
}

// -- what is told
// ------------------------------------------------------------------------------------------------------

Letter Letters::letter_of(std::uint32_t frame) const {
  const Fate& fate = fates_[frame];
  Letter letter;
  letter.estimated = (fate.flags & estimated) != 0;
  std::int64_t own = told(frame);
  std::int64_t other = letter.estimated ? *estimated_other_end(frame, fate) : told(fate.peer);
  FrameNumber peer{fate.peer};
  FrameNumber self{frame};
  if ((fate.flags & received_here) != 0) {
    std::swap(own, other);
    std::swap(self, peer);
  }
  letter.sent = self;
  letter.received = peer;
  letter.sent_ns = own;
  letter.received_ns = settings_.correct_clocks ? std::max(own, other) : other;
  return letter;
}

Work Letters::sort_letters() {
  using Dated = std::pair<std::int64_t, std::uint32_t>;
  std::vector<std::vector<Dated>> by_place(corrections_.size());
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    const Fate& fate = fates_[frame];
    if ((fate.flags & of_letter) == 0 || !timed(frame) || (fate.peer != 0 && !timed(fate.peer))) return;
    by_place[place_of(frame)].emplace_back(letter_of(frame).sent_ns, frame);
  });
  // What one place sent is in order nearly always, which is seen at a glance. Of many places, which a file
  // may be made up of, all are sorted at once.
  constexpr std::size_t few_places = 8;
  std::vector<Dated> all, merged;
  for (std::vector<Dated>& own : by_place) {
    if (own.empty()) continue;
    if (by_place.size() > few_places) {
      all.insert(all.end(), own.begin(), own.end());
      co_await spent(own.size());
      continue;
    }
    co_await sorted(own, std::less<Dated>());
    if (all.empty()) {
      all = std::move(own);
      continue;
    }
    merged.clear();
    merged.reserve(all.size() + own.size());
    std::size_t other = 0;
    co_await each(std::size_t{0}, all.size(), [&](std::size_t i) {
      for (; other < own.size() && own[other] < all[i]; ++other) merged.push_back(own[other]);
      merged.push_back(all[i]);
    });
    co_await each(other, own.size(), [&](std::size_t i) { merged.push_back(own[i]); });
    all.swap(merged);
  }
  if (by_place.size() > few_places) co_await sorted(all, std::less<Dated>());
  sorted_.reserve(all.size());
  co_await each(std::size_t{0}, all.size(), [&](std::size_t i) { sorted_.push_back(all[i].second); });
}

void Letters::for_each(const std::function<void(const Letter&)>& visit) const {
  for (const std::uint32_t frame : sorted_) visit(letter_of(frame));
}

/// Whether the frame is the one of the two that was sent; nothing where that is not known.
std::optional<bool> Letters::was_sent(std::uint32_t frame, std::uint32_t peer) const {
  const Place &here = sights_[flows_.sight_of(frame)], &there = sights_[flows_.sight_of(peer)];
  if (here.closest_ns < 0 || there.closest_ns < 0) return std::nullopt;
  return (here.position_ns < there.position_ns) == flows_.from_client(frame);
}

/// The corrected time, and never a receipt before its sending: where clocks contradict themselves the frame
/// that is not the reference's gives way.
std::int64_t Letters::told(std::uint32_t frame) const {
  const std::int64_t own = corrected(frame);
  const std::uint32_t peer = fates_[frame].peer;
  if (!settings_.correct_clocks || peer == 0 || !timed(peer)) return own;
  const std::uint16_t place = place_of(frame);
  if (place == *reference_ || !are_compared(place, place_of(peer))) return own;
  const std::optional<bool> sent = was_sent(frame, peer);
  if (!sent) return own;
  if (!*sent) return std::max(own, corrected(peer));
  return place_of(peer) == *reference_ ? std::min(own, corrected(peer)) : own;
}

bool Letters::may_be_at(FrameNumber number, End end) const {
  const std::uint32_t frame = to_number(number);
  if (frame == 0 || frame >= fates_.size() || place_ends_.size() < 2) return true;
  const std::uint8_t known = place_ends_[place_of(frame)];
  if (known != 0 && (known & bit_of(end)) == 0) return false;
  // Of two that saw the same packet one is at that end at the most.
  return fates_[frame].peer == 0 || fates_[fates_[frame].peer].end != end;
}

std::int64_t Letters::corrected_ns(FrameNumber frame) const {
  const std::uint32_t number = to_number(frame);
  if (!timed(number)) return 0;
  if (number < fates_.size()) return told(number);
  // Whoever asks before all have come: its place may be new.
  return store_.find(frame)->vantage < corrections_.size() ? corrected(number) : time_of(number);
}

Sighting Letters::of(FrameNumber number) const {
  Sighting result;
  const std::uint32_t frame = to_number(number);
  if (frame == 0 || frame >= fates_.size() || store_.find(number) == nullptr) return result;
  const Fate& fate = fates_[frame];
  result.end = fate.end;
  result.direction = fate.direction;
  result.peer = FrameNumber{fate.peer};
  result.unmatched = fate.unmatched;
  result.estimated = (fate.flags & estimated) != 0;
  if (!timed(frame)) return result;
  result.corrected_ns = told(frame);
  if (settings_.correct_clocks) result.clock_precision_ns = corrections_[place_of(frame)].total_precision_ns;
  if (result.estimated) {
    result.other_end_ns = estimated_other_end(frame, fate);
    result.travel_ns = distance(result.corrected_ns, *result.other_end_ns);
    // One way may have taken all of the time.
    result.error_ns = std::max<std::int64_t>(difference(*result.travel_ns, settings_.light_ns), 0);
    return result;
  }
  if (fate.peer == 0 || !timed(fate.peer)) return result;
  const std::uint16_t place = place_of(frame), other = place_of(fate.peer);
  if (settings_.correct_clocks && !are_compared(place, other)) return result;
  result.other_end_ns = told(fate.peer);
  const std::optional<bool> sent_here = was_sent(frame, fate.peer);
  if (!sent_here) return result;
  const Place &here = sights_[flows_.sight_of(frame)], &there = sights_[flows_.sight_of(fate.peer)];
  const std::int64_t way = *sent_here ? difference(*result.other_end_ns, result.corrected_ns)
                                      : difference(result.corrected_ns, *result.other_end_ns);
  result.travel_ns = settings_.correct_clocks ? std::max<std::int64_t>(way, 0) : way;
  const bool from_end_to_end = here.end != End::middle && there.end != End::middle;
  result.faster_than_light = from_end_to_end && !*sent_here && *result.travel_ns < settings_.light_ns;
  if (!settings_.correct_clocks) return result;
  const Correction &own = corrections_[place], &far = corrections_[other];
  const bool direct = own.parent == other || far.parent == place;
  const Correction& edge = own.parent == other && place != *reference_ ? own : far;
  result.precision_ns = direct ? edge.precision_ns : sum(own.total_precision_ns, far.total_precision_ns);
  std::int64_t error = direct ? edge.error_ns : sum(own.total_error_ns, far.total_error_ns);
  if (from_end_to_end) error = std::max<std::int64_t>(difference(error, settings_.light_ns), 0);
  // Beside a step it is not known which clock stamped the frame.
  result.error_ns = sum(error, sum(own.unsure_ns(number), far.unsure_ns(result.peer)));
  return result;
}

}  // namespace humantime::letters
