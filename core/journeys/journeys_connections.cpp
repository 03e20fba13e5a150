// SPDX-License-Identifier: GPL-2.0-or-later
// Which journey a connection is, and the name that it says itself.
#include <algorithm>

#include "journeys/journeys.h"
#include "saturating.h"

namespace humantime::journeys {
namespace {

/// A program connects when it has its answer; what it waits for besides is its neighbour.
constexpr std::int64_t just_answered_ns = 1'000'000'000;
/// How long an address is taken to be known from a look-up: as long as it lies in a cache, mostly.
constexpr std::int64_t known_ns = 600'000'000'000;
constexpr std::uint16_t dns_port = 53;

}  // namespace

/// The look-up that told the server's address. Of those that no connection has begun of, the oldest where
/// several have just been answered side by side; else the latest one, for programs also look up what they do
/// not fetch. Where all have led to a connection the latest one: its address is known.
std::uint32_t Journeys::find_resolved(const Fact& fact, AddressId client, AddressId server) {
  const auto known = resolved_.find(server);
  if (known == resolved_.end()) return no_lookup;
  const std::int64_t now_ns = store_.find(fact.frame)->time_ns;
  std::uint32_t cached = no_lookup, unused = no_lookup;
  for (const bool own : {true, false}) {
    for (const std::uint32_t id : known->second) {
      const Lookup* one = lookup(id);
      if (one == nullptr || difference(now_ns, one->last_ns) > known_ns || one->last_ns > now_ns) continue;
      const bool mine =
          one->client == client || (one->client_link != 0 && one->client_link == fact.link_source);
      if (mine != own) continue;
      if (one->claimed)
        cached = id;
      else if (difference(now_ns, one->last_ns) <= just_answered_ns)
        return id;
      else
        unused = id;
    }
    if (unused != no_lookup) return unused;
    if (cached != no_lookup) return cached;
  }
  return no_lookup;
}

void Journeys::take_connection(const Fact& fact, const FrameRow& row) {
  if (begun_.size() < fact.number) begun_.resize(fact.number, no_frame);
  begun_[fact.number - 1] = fact.frame;
  if (is_fetch_.size() < fact.number) is_fetch_.resize(fact.number, false);
  const bool from_client = fact.has(Fact::from_client);
  const Endpoint client =
      from_client ? Endpoint{row.source, row.source_port} : Endpoint{row.destination, row.destination_port};
  const Endpoint server =
      from_client ? Endpoint{row.destination, row.destination_port} : Endpoint{row.source, row.source_port};
  // The same connection at another place; behind NAT the client is another one, its first number is not.
  const std::uint64_t attempt =
      mix(std::uint64_t{fact.has(Fact::over_udp)} << 48 |
              std::uint64_t{static_cast<std::uint32_t>(server.address)} << 16 | server.port,
          fact.has(Fact::has_sequence)
              ? std::uint64_t{1} << 63 | fact.sequence
              : std::uint64_t{static_cast<std::uint32_t>(client.address)} << 16 | client.port) |
      1;
  const std::uint32_t twin =
      attempts_.find(attempt, [&](std::uint32_t group) { return groups_[group].attempt == attempt; });
  if (same_attempt_.size() < fact.number) same_attempt_.resize(fact.number, 0);
  if (twin != GradualIndex::none) {
    is_fetch_[fact.number - 1] = true;
    same_attempt_[fact.number - 1] = at(GroupId{twin}).connection;
    at(GroupId{twin}).connection = fact.number;
    return assign_connection(fact.number, GroupId{twin});
  }
  // What is asked over TCP is a step of its look-up.
  if (server.port == dns_port && !fact.has(Fact::over_udp)) return assign_connection(fact.number, no_group);
  is_fetch_[fact.number - 1] = true;

  const std::uint32_t id = find_resolved(fact, client.address, server.address);
  Lookup* lookup = id == no_lookup ? nullptr : this->lookup(id);
  GroupId group = no_group;
  if (lookup != nullptr && !lookup->claimed) {
    lookup->claimed = true;
    group = lookup->group;
  } else {
    group = begin_group(fact.frame, lookup == nullptr ? TextId{0} : at(lookup->group).name, client.address,
                        fact.alias);
    at(group).guessed = lookup != nullptr;
  }
  at(group).connection = fact.number;
  assign_connection(fact.number, group);
  at(group).client = client.address;
  at(group).carrier = fact.alias;  // the look-up may have gone another way
  at(group).server = server;
  at(group).over_udp = fact.has(Fact::over_udp);
  at(group).attempt = attempt;
  at(group).doubtful = is_doubtful(fact, at(group));
  attempts_.insert(attempt, static_cast<std::uint32_t>(group),
                   [this](std::uint32_t other) { return groups_[other].attempt; });
  if (from_client) claim_neighbours(group, fact, row);
}

/// Whether the server's address was told for other names too, so that the connection may be of one of these:
/// of one that nobody knows to have led to another connection, or, where all have, of any.
bool Journeys::is_doubtful(const Fact& fact, const Group& group) {
  const auto known = resolved_.find(group.server.address);
  if (known == resolved_.end()) return false;
  return std::any_of(known->second.begin(), known->second.end(), [&](std::uint32_t id) {
    const Lookup* one = lookup(id);
    if (one == nullptr || at(one->group).name == group.name) return false;
    const bool own =
        one->client == group.client || (one->client_link != 0 && one->client_link == fact.link_source);
    return own && (group.guessed || at(one->group).attempt == 0 || at(one->group).doubtful);
  });
}

void Journeys::take_server_name(const Fact& fact) {
  if (fact.number == 0 || fact.number > of_connection_.size()) return;
  const GroupId group = of_connection_[fact.number - 1];
  if (group == no_group) return;
  if (at(group).doubtful && at(group).attempt != 0) correct_by_name(group, fact.name);
  // It may be in another group now.
  add_name(of_connection_[fact.number - 1], fact.name);
}

/// Look-ups of several names, side by side, that told one address: which connection was begun because of
/// which shows the name that each asks the server for.
void Journeys::correct_by_name(GroupId group, TextId name) {
  at(group).doubtful = false;
  const auto known = resolved_.find(at(group).server.address);
  if (at(group).name == name || known == resolved_.end()) return;
  for (auto id = known->second.rbegin(); id != known->second.rend(); ++id) {
    Lookup* const its = lookup(*id);
    if (its == nullptr || its->group == group || at(its->group).name != name) continue;
    if (at(its->group).client != at(group).client) continue;
    if (at(group).guessed) {
      at(group).name = name;
      at(group).guessed = false;
      return;
    }
    // Another connection has said that it is that one's.
    if (at(its->group).attempt != 0 && !at(its->group).doubtful) continue;
    const bool was_claimed = its->claimed;
    its->claimed = true;
    for (const std::uint32_t other : known->second)
      if (Lookup* const before = lookup(other); before != nullptr && before->group == group)
        before->claimed = was_claimed;
    ++late_changes_;
    return exchange_connections(group, its->group);
  }
}

/// What was looked up stays where it is.
void Journeys::exchange_connections(GroupId a, GroupId b) {
  Group &one = at(a), &other = at(b);
  attempts_.exchange(one.attempt, static_cast<std::uint32_t>(a), other.attempt,
                     static_cast<std::uint32_t>(b));
  std::swap(one.server, other.server);
  std::swap(one.over_udp, other.over_udp);
  std::swap(one.attempt, other.attempt);
  std::swap(one.connection, other.connection);
  std::swap(one.doubtful, other.doubtful);
  for (const GroupId group : {a, b})
    for (std::uint32_t number = at(group).connection; number != 0; number = same_attempt_[number - 1])
      of_connection_[number - 1] = group;
}

bool Journeys::is_settled(std::uint32_t number) const {
  const Group& group = groups_[by_number_[number - 1]];
  if (group.attempt == 0 || group.name == TextId{0} || group.doubtful) return false;
  return std::none_of(neighbours_.begin(), neighbours_.end(),
                      [&](const Neighbour& one) { return one.request < group.first; });
}

}  // namespace humantime::journeys
