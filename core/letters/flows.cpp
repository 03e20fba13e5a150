// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/flows.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

namespace humantime::letters {
namespace {

constexpr std::uint16_t most_well_known = 1023;
/// Pairs of vantages that are tried for being the two ports of a tap.
constexpr std::size_t most_taps = 16;

std::uint16_t port_of(EndpointWord endpoint) {
  return static_cast<std::uint16_t>(endpoint);
}

/// The same for both directions.
std::uint64_t hash_of(EndpointWord a, EndpointWord b, bool tcp) {
  return mix(std::min(a, b), std::max(a, b) << 1 | (tcp ? 1U : 0U));
}

std::uint8_t seen_bit(bool from_client) {
  return from_client ? 1 : 2;
}

}  // namespace

void Flows::clear() {
  connections_.clear();
  flows_.clear();
  sights_.clear();
  sights_of_.clear();
  places_.clear();
  flow_index_.clear();
  sight_index_.clear();
}

std::uint32_t Flows::place_count() const {
  std::uint32_t count = 0;
  for (std::size_t vantage = 0; vantage < places_.size(); ++vantage)
    if (places_[vantage] == vantage) ++count;
  return count;
}

void Flows::list_connections(const FrameStore& store, const journeys::FactLog& facts) {
  for (std::size_t i = 0; i < facts.size(); ++i) {
    const journeys::Fact& fact = facts[i];
    if (fact.kind != journeys::Fact::Kind::connection || fact.number == 0) continue;
    const FrameRow* row = store.find(fact.frame);
    if (row == nullptr) continue;
    if (connections_.size() < fact.number) connections_.resize(fact.number);
    Connection& connection = connections_[fact.number - 1];
    connection.client = endpoint_word(row->source, row->source_port);
    connection.server = endpoint_word(row->destination, row->destination_port);
    if (!fact.has(journeys::Fact::from_client)) std::swap(connection.client, connection.server);
    connection.as_client = connection.client;
    connection.as_server = connection.server;
    connection.sequence = fact.sequence;
    connection.has_sequence = fact.has(journeys::Fact::has_sequence);
    connection.vantage = row->vantage;
    connection.known = true;
  }
}

/// A connection that begins elsewhere with the same number, and whose other end is the same, is the same one
/// with an address translated: the client's, or the server's (a load balancer).
void Flows::translate() {
  for (const bool by_server : {true, false}) {
    const auto fixed = [&](std::uint32_t c) {
      return by_server ? connections_[c].server : connections_[c].client;
    };
    const auto hash = [&](std::uint32_t c) { return mix(fixed(c), connections_[c].sequence); };
    FlatIndex index;
    for (std::uint32_t i = 0; i < connections_.size(); ++i) {
      Connection& connection = connections_[i];
      if (!connection.known || !connection.has_sequence) continue;
      const std::uint32_t first = index.find(hash(i), [&](std::uint32_t other) {
        return fixed(other) == fixed(i) && connections_[other].sequence == connection.sequence;
      });
      if (first == FlatIndex::none) {
        index.insert(hash(i), i, hash);
        continue;
      }
      // At one place they would be two connections that happen to begin alike.
      const bool untouched =
          connection.as_client == connection.client && connection.as_server == connection.server;
      if (connections_[first].vantage == connection.vantage || !untouched) continue;
      connection.as_client = connections_[first].as_client;
      connection.as_server = connections_[first].as_server;
    }
  }
}

std::uint32_t Flows::find_flow(EndpointWord from, EndpointWord to, bool tcp, const Connection* connection) {
  const std::uint64_t hash = hash_of(from, to, tcp);
  const std::uint32_t found = flow_index_.find(hash, [&](std::uint32_t id) {
    const Flow& flow = flows_[id];
    return flow.tcp == tcp &&
           ((flow.client == from && flow.server == to) || (flow.client == to && flow.server == from));
  });
  if (found != FlatIndex::none) return found;
  const auto id = static_cast<std::uint32_t>(flows_.size());
  Flow flow;
  flow.tcp = tcp;
  flow.joined = id;
  flow.first_sight = Sight::none;
  // A server has the well-known port; else who speaks first is the client.
  const bool answer = port_of(from) <= most_well_known && port_of(to) > most_well_known;
  flow.client = connection != nullptr ? connection->as_client : answer ? to : from;
  flow.server = flow.client == from ? to : from;
  flows_.push_back(flow);
  flow_index_.insert(hash, id, [this](std::uint32_t other) {
    return hash_of(flows_[other].client, flows_[other].server, flows_[other].tcp);
  });
  return id;
}

std::uint32_t Flows::find_sight(std::uint32_t flow, std::uint16_t place) {
  const std::uint64_t hash = mix(flow, place);
  const std::uint32_t found = sight_index_.find(
      hash, [&](std::uint32_t id) { return sights_[id].flow == flow && sights_[id].place == place; });
  if (found != FlatIndex::none) return found;
  const auto id = static_cast<std::uint32_t>(sights_.size());
  Sight sight;
  sight.flow = flow;
  sight.place = place;
  sights_.push_back(sight);
  // The first one stays first: it is where the others are measured from.
  if (flows_[flow].first_sight == Sight::none) {
    flows_[flow].first_sight = id;
  } else {
    Sight& first = sights_[flows_[flow].first_sight];
    sights_[id].next = first.next;
    first.next = id;
  }
  ++flows_[flow].places;
  sight_index_.insert(hash, id,
                      [this](std::uint32_t other) { return mix(sights_[other].flow, sights_[other].place); });
  return id;
}

/// The tracker gave one connection to two vantages: the ports of a tap, one for each direction. Not so where
/// a flow was seen in the same direction at both.
void Flows::join_taps(const FrameStore& store) {
  std::set<std::pair<std::uint16_t, std::uint16_t>> taps;
  const auto frames = static_cast<std::uint32_t>(sights_of_.size());
  for (std::uint32_t frame = 1; frame < frames && taps.size() < most_taps; ++frame) {
    if (!has(frame)) continue;
    const FrameRow& row = *store.find(FrameNumber{frame});
    if (row.connection == 0 || row.connection > connections_.size()) continue;
    const std::uint16_t home = connections_[row.connection - 1].vantage;
    if (home != row.vantage) taps.insert({std::min(home, row.vantage), std::max(home, row.vantage)});
  }
  if (taps.empty()) return;
  for (auto tap = taps.begin(); tap != taps.end();) {
    bool both = false;
    for (const Sight& sight : sights_) {
      if (sight.place != tap->first) continue;
      for (std::uint32_t other = flows_[sight.flow].first_sight; other != Sight::none && !both;
           other = sights_[other].next)
        both = sights_[other].place == tap->second && (sights_[other].seen & sight.seen) != 0;
      if (both) break;
    }
    tap = both ? taps.erase(tap) : std::next(tap);
  }
  if (taps.empty()) return;
  for (const auto& [low, high] : taps) places_[high] = places_[low];
  // Once more, by places.
  std::vector<std::uint32_t> moved(sights_.size());
  const std::vector<Sight> before = std::move(sights_);
  sights_.clear();
  sight_index_.clear();
  for (Flow& flow : flows_) {
    flow.first_sight = Sight::none;
    flow.places = 0;
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    moved[i] = find_sight(before[i].flow, places_[before[i].place]);
    sights_[moved[i]].seen |= before[i].seen;
  }
  for (std::uint32_t& sight : sights_of_)
    if (sight != none) sight = moved[sight & none_bits] | (sight & client_bit);
}

void Flows::build(const FrameStore& store, const Notes& notes, const journeys::FactLog& facts) {
  clear();
  list_connections(store, facts);
  translate();
  places_.resize(store.vantages().size());
  std::iota(places_.begin(), places_.end(), std::uint16_t{0});
  const auto frames = static_cast<std::uint32_t>(std::min(store.size(), notes.size()));
  sights_of_.assign(frames + std::size_t{1}, none);
  for (std::uint32_t frame = 1; frame <= frames; ++frame) {
    const PacketNote::Kind kind = notes[FrameNumber{frame}].is();
    if (kind == PacketNote::Kind::none) continue;
    const FrameRow* row = store.find(FrameNumber{frame});
    if (row == nullptr || row->has(FrameRow::is_copy)) continue;
    EndpointWord from = endpoint_word(row->source, row->source_port),
                 to = endpoint_word(row->destination, row->destination_port);
    const bool tcp = kind == PacketNote::Kind::tcp;
    const Connection* connection = nullptr;
    if (tcp && row->connection != 0 && row->connection <= connections_.size() &&
        connections_[row->connection - 1].known)
      connection = &connections_[row->connection - 1];
    if (connection != nullptr) {
      const bool from_client = from == connection->client;
      from = from_client ? connection->as_client : connection->as_server;
      to = from_client ? connection->as_server : connection->as_client;
    }
    const std::uint32_t flow = find_flow(from, to, tcp, connection);
    const bool from_client = from == flows_[flow].client;
    const std::uint32_t sight = find_sight(flow, row->vantage);
    sights_[sight].seen |= seen_bit(from_client);
    sights_of_[frame] = sight | (from_client ? client_bit : 0);
  }
  join_taps(store);
}

std::uint32_t Flows::root(std::uint32_t flow) {
  while (flows_[flow].joined != flow) flow = flows_[flow].joined = flows_[flows_[flow].joined].joined;
  return flow;
}

void Flows::join(std::uint32_t frame, std::uint32_t other) {
  std::uint32_t a = root(flow_of(frame)), b = root(flow_of(other));
  if (a == b) return;
  if (a > b) std::swap(a, b);
  flows_[b].joined = a;
}

void Flows::settle_joined() {
  bool any = false;
  for (std::uint32_t flow = 0; flow < flows_.size(); ++flow) any = any || root(flow) != flow;
  if (!any) return;
  for (std::uint32_t id = 0; id < sights_.size(); ++id) {
    Sight& sight = sights_[id];
    const std::uint32_t flow = root(sight.flow);
    if (flow == sight.flow) continue;
    Sight& first = sights_[flows_[flow].first_sight];
    sight.flow = flow;
    sight.next = first.next;
    first.next = id;
    ++flows_[flow].places;
  }
}

}  // namespace humantime::letters
