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
  flow_index_ = {};
  sight_index_ = {};
}

std::uint32_t Flows::place_count() const {
  std::uint32_t count = 0;
  for (std::size_t vantage = 0; vantage < places_.size(); ++vantage)
    if (places_[vantage] == vantage) ++count;
  return count;
}

void Flows::list_connection(const FrameStore& store, const Notes& notes, const journeys::Fact& fact) {
  if (fact.kind != journeys::Fact::Kind::connection || fact.number == 0) return;
  const FrameRow* row = store.find(fact.frame);
  if (row == nullptr) return;
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
  if (to_number(fact.frame) <= notes.size()) connection.stamp = notes[fact.frame].stamp;
}

/// A connection that begins elsewhere with the same number, and whose other end is the same, is the same one
/// with an address translated: the client's, or the server's (a load balancer). Where both are (NAT64, RFC
/// 6146; a load balancer that hides the clients) its time stamp has to be the same.
Work Flows::translate() {
  enum class Kept : std::uint8_t { server, client, stamp };
  for (const Kept kept : {Kept::server, Kept::client, Kept::stamp}) {
    const auto fixed = [&](std::uint32_t c) {
      const Connection& connection = connections_[c];
      return kept == Kept::server   ? connection.server
             : kept == Kept::client ? connection.client
                                    : EndpointWord{connection.stamp};
    };
    const auto hash = [&](std::uint32_t c) { return mix(fixed(c), connections_[c].sequence); };
    GradualIndex index;
    co_await each(0U, static_cast<std::uint32_t>(connections_.size()), [&](std::uint32_t i) {
      Connection& connection = connections_[i];
      if (!connection.known || !connection.has_sequence) return;
      if (kept == Kept::stamp && connection.stamp == 0) return;
      const std::uint32_t first = index.find(hash(i), [&](std::uint32_t other) {
        return fixed(other) == fixed(i) && connections_[other].sequence == connection.sequence;
      });
      if (first == GradualIndex::none) {
        index.insert(hash(i), i, hash);
        return;
      }
      // At one place they would be two connections that happen to begin alike.
      const bool untouched =
          connection.as_client == connection.client && connection.as_server == connection.server;
      if (connections_[first].vantage == connection.vantage || !untouched) return;
      connection.as_client = connections_[first].as_client;
      connection.as_server = connections_[first].as_server;
    });
  }
}

std::uint32_t Flows::find_flow(EndpointWord from, EndpointWord to, bool tcp, const Connection* connection) {
  const std::uint64_t hash = hash_of(from, to, tcp);
  const std::uint32_t found = flow_index_.find(hash, [&](std::uint32_t id) {
    const Flow& flow = flows_[id];
    return flow.tcp == tcp &&
           ((flow.client == from && flow.server == to) || (flow.client == to && flow.server == from));
  });
  if (found != GradualIndex::none) return found;
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
  if (found != GradualIndex::none) return found;
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
Work Flows::join_taps(const FrameStore& store) {
  std::set<std::pair<std::uint16_t, std::uint16_t>> taps;
  co_await each(1U, static_cast<std::uint32_t>(sights_of_.size()), [&](std::uint32_t frame) {
    if (taps.size() >= most_taps || !has(frame)) return;
    const FrameRow& row = *store.find(FrameNumber{frame});
    if (row.connection == 0 || row.connection > connections_.size()) return;
    const std::uint16_t home = connections_[row.connection - 1].vantage;
    if (home != row.vantage) taps.insert({std::min(home, row.vantage), std::max(home, row.vantage)});
  });
  if (taps.empty()) co_return;
  for (auto tap = taps.begin(); tap != taps.end();) {
    bool both = false;
    co_await each(std::size_t{0}, sights_.size(), [&](std::size_t i) {
      const Sight& sight = sights_[i];
      if (both || sight.place != tap->first) return;
      for (std::uint32_t other = flows_[sight.flow].first_sight; other != Sight::none && !both;
           other = sights_[other].next)
        both = sights_[other].place == tap->second && (sights_[other].seen & sight.seen) != 0;
    });
    tap = both ? taps.erase(tap) : std::next(tap);
  }
  if (taps.empty()) co_return;
  for (const auto& [low, high] : taps) places_[high] = places_[low];
  // Once more, by places.
  std::vector<std::uint32_t> moved(sights_.size());
  const std::vector<Sight> before = std::move(sights_);
  sights_.clear();
  sight_index_ = {};
  co_await each(std::size_t{0}, flows_.size(), [&](std::size_t i) {
    flows_[i].first_sight = Sight::none;
    flows_[i].places = 0;
  });
  co_await each(std::size_t{0}, before.size(), [&](std::size_t i) {
    moved[i] = find_sight(before[i].flow, places_[before[i].place]);
    sights_[moved[i]].seen |= before[i].seen;
  });
  co_await each(std::size_t{0}, sights_of_.size(), [&](std::size_t i) {
    std::uint32_t& sight = sights_of_[i];
    if (sight != none) sight = moved[sight & none_bits] | (sight & client_bit);
  });
}

/// The connection's endpoints, or its own.
void Flows::find_sight_of(const FrameStore& store, const Notes& notes, std::uint32_t frame) {
  sights_of_.push_back(none);
  const PacketNote::Kind kind = notes[FrameNumber{frame}].is();
  if (kind == PacketNote::Kind::none) return;
  const FrameRow* row = store.find(FrameNumber{frame});
  if (row == nullptr || row->has(FrameRow::is_copy)) return;
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
  sights_of_.back() = sight | (from_client ? client_bit : 0);
}

Work Flows::build(const FrameStore& store, const Notes& notes, const journeys::FactLog& facts,
                  std::uint32_t frames, std::size_t fact_count) {
  clear();
  places_.resize(store.vantages().size());
  std::iota(places_.begin(), places_.end(), std::uint16_t{0});
  co_await each(std::size_t{0}, fact_count, [&](std::size_t i) { list_connection(store, notes, facts[i]); });
  co_await translate();
  frames = static_cast<std::uint32_t>(std::min<std::size_t>(frames, std::min(store.size(), notes.size())));
  sights_of_.reserve(frames + std::size_t{1});
  sights_of_.push_back(none);
  // Room that is not used takes no memory, and what grows would be moved all at once.
  flows_.reserve(frames);
  sights_.reserve(frames);
  co_await each(1U, frames + 1, [&](std::uint32_t frame) { find_sight_of(store, notes, frame); });
  co_await join_taps(store);
  // Nobody looks for any behind this.
  flow_index_ = {};
  sight_index_ = {};
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

Work Flows::settle_joined() {
  bool any = false;
  co_await each(0U, flow_count(), [&](std::uint32_t flow) { any = any || root(flow) != flow; });
  if (!any) co_return;
  co_await each(0U, sight_count(), [&](std::uint32_t id) {
    Sight& sight = sights_[id];
    const std::uint32_t flow = root(sight.flow);
    if (flow == sight.flow) return;
    Sight& first = sights_[flows_[flow].first_sight];
    sight.flow = flow;
    sight.next = first.next;
    first.next = id;
    ++flows_[flow].places;
  });
}

}  // namespace humantime::letters
