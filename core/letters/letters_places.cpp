// SPDX-License-Identifier: GPL-2.0-or-later
// Where on the way places are, told by handshakes and by who answers whom.
#include <algorithm>
#include <array>
#include <unordered_set>

#include "letters/letters.h"
#include "saturating.h"

namespace humantime::letters {
namespace {

/// A place that is at no client's end of other flows.
constexpr std::uint8_t elsewhere_bits = bit_of(End::server) | bit_of(End::middle);

}  // namespace

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

}  // namespace humantime::letters
