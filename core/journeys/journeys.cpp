// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/journeys.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "journeys/witness.h"
#include "saturating.h"

namespace humantime::journeys {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
/// A look-up that nothing has been heard of for this long is over.
constexpr std::int64_t lookup_idle_ns = 10 * second_ns;
/// A second question for what is being asked for: sooner it is somebody else's, later it is sent again.
constexpr std::int64_t side_by_side_ns = second_ns / 2;
/// A program connects when it has its answer; what it waits for besides is its neighbour.
constexpr std::int64_t just_answered_ns = second_ns;
/// How long an address is taken to be known from a look-up: as long as it lies in a cache, mostly.
constexpr std::int64_t known_ns = 600 * second_ns;
/// A packet follows when its neighbour is found; resolvers ask three times, a second apart.
constexpr std::int64_t neighbour_ns = 5 * second_ns;
constexpr std::size_t most_lookups = 4096;
constexpr std::size_t most_open = 32;  // that are looked through for a name that is not theirs
constexpr std::size_t most_questions = 16384;
constexpr std::size_t most_neighbours = 64;
constexpr std::size_t most_resolved = 16384;
constexpr std::size_t most_of_an_address = 64;

constexpr std::uint16_t dns_port = 53;
constexpr std::uint16_t type_a = 1, type_aaaa = 28;

std::uint64_t question_key(AddressId server, const Fact& fact) {
  return mix(std::uint64_t{static_cast<std::uint32_t>(server)} << 32 | static_cast<std::uint32_t>(fact.name),
             std::uint64_t{fact.id} << 16 | fact.type);
}

/// What nobody may have answered.
bool asks_for_tunnel(Phase phase) {
  return phase == Phase::openvpn_hard_reset_client || phase == Phase::wireguard_initiation;
}

bool is_of_tls(const PhaseMark& mark) {
  return row_of(mark.phase).lane == Lane::tls;
}

bool is(const Endpoint& endpoint, AddressId address, std::uint16_t port) {
  return endpoint.address == address && endpoint.port == port;
}

}  // namespace

void Journeys::clear() {
  ++late_changes_;
  ++beginnings_;
  taken_ = 0;
  generation_ = facts_.generation();
  groups_.clear();
  number_of_.clear();
  by_number_.clear();
  members_.clear();
  carried_.clear();
  of_connection_.clear();
  same_attempt_.clear();
  begun_.clear();
  is_fetch_.clear();
  lookups_.clear();
  first_lookup_ = 0;
  questions_.clear();
  asked_.clear();
  resolved_.clear();
  neighbours_.clear();
  attempts_ = {};
}

bool Journeys::is_behind() const {
  return generation_ != facts_.generation() || taken_ != facts_.size() || number_of_.size() != groups_.size();
}

bool Journeys::catch_up(std::uint32_t budget) {
  if (generation_ != facts_.generation() || taken_ > facts_.size()) clear();
  for (; taken_ < facts_.size() && budget > 0; --budget) take(facts_[taken_++]);
  if (taken_ < facts_.size()) return true;
  // Not before: what is numbered stands in its place among those that begin later.
  if (number_of_.size() != groups_.size()) number_groups();
  return false;
}

void Journeys::take(const Fact& fact) {
  const FrameRow* row = store_.find(fact.frame);
  if (row == nullptr) return;
  switch (fact.kind) {
    case Fact::Kind::neighbour_request:
    case Fact::Kind::neighbour_reply:
      return take_neighbour(fact, *row);
    case Fact::Kind::question:
      return take_question(fact, *row);
    case Fact::Kind::answer:
      return take_answer(fact, *row);
    case Fact::Kind::connection:
      return take_connection(fact, *row);
    case Fact::Kind::server_name:
      return take_server_name(fact);
  }
}

// --- groups ---------------------------------------------------------------------------------------------

Journeys::GroupId Journeys::begin_group(FrameNumber first, TextId name, AddressId client, TextId carrier) {
  const GroupId group{static_cast<std::uint32_t>(groups_.size())};
  groups_.push_back({});
  groups_.back().first = first;
  groups_.back().name = name;
  groups_.back().carrier = carrier;
  groups_.back().client = groups_.back().asker = client;
  return group;
}

std::vector<Journeys::Member>::iterator Journeys::place_of(std::vector<Member>& members, FrameNumber frame) {
  return std::lower_bound(members.begin(), members.end(), frame,
                          [](const Member& one, FrameNumber wanted) { return one.first < wanted; });
}

Journeys::GroupId Journeys::find(const std::vector<Member>& members, FrameNumber frame) {
  const auto place =
      std::lower_bound(members.begin(), members.end(), frame,
                       [](const Member& one, FrameNumber wanted) { return one.first < wanted; });
  return place != members.end() && place->first == frame ? place->second : no_group;
}

/// Facts come in the order of frames, but for what is noted late.
void Journeys::assign(FrameNumber frame, GroupId group) {
  const auto place = place_of(members_, frame);
  if (place != members_.end() && place->first == frame)
    place->second = group;
  else
    members_.insert(place, {frame, group});
  at(group).first = std::min(at(group).first, frame);
}

/// A message of a look-up. What carries look-ups over TLS or HTTPS is a journey of its own; of several
/// messages in a frame the first one has it. A connection to port 53 is a step of its look-up.
void Journeys::assign_message(const Fact& fact, GroupId group) {
  if (fact.number == 0) return assign(fact.frame, group);
  if (!carries(fact.number)) return assign_connection(fact.number, group);
  const auto place = place_of(carried_, fact.frame);
  if (place != carried_.end()) {
    if (place->first == fact.frame) return;
    ++late_changes_;
  }
  carried_.insert(place, {fact.frame, group});
  at(group).first = std::min(at(group).first, fact.frame);
}

void Journeys::assign_connection(std::uint32_t connection, GroupId group) {
  // Told by its first frame it is new; one that a later frame tells of has frames already.
  if (of_connection_.size() >= connection && of_connection_[connection - 1] != group) ++late_changes_;
  if (of_connection_.size() < connection) of_connection_.resize(connection, no_group);
  of_connection_[connection - 1] = group;
  if (group == no_group) return;
  // A question over TCP comes after the handshake.
  if (connection <= begun_.size() && begun_[connection - 1] != no_frame)
    at(group).first = std::min(at(group).first, begun_[connection - 1]);
}

void Journeys::add_name(GroupId id, TextId name) {
  Group& group = at(id);
  if (group.name == TextId{0}) group.name = name;
  if (group.name == name) return;
  for (TextId& other : group.other_names) {
    if (other == name) return;
    if (other != TextId{0}) continue;
    other = name;
    return;
  }
}

Journeys::GroupId Journeys::group_of(FrameNumber frame) const {
  const FrameRow* row = store_.find(frame);
  if (row == nullptr) return no_group;
  if (row->connection == 0) return find(members_, frame);
  if (!carried_.empty())
    if (const GroupId carried = find(carried_, frame); carried != no_group) return carried;
  return row->connection <= of_connection_.size() ? of_connection_[row->connection - 1] : no_group;
}

std::uint32_t Journeys::of(FrameNumber frame) const {
  const GroupId group = group_of(frame);
  // no_group is behind all of them, and so is one that catch_up() has not numbered yet.
  const auto place = static_cast<std::size_t>(group);
  return place < number_of_.size() ? number_of_[place] : 0;
}

/// A neighbour exchange moves the beginning of a journey that has just begun before some that began earlier.
void Journeys::number_groups() {
  const auto earlier = [this](std::uint32_t a, std::uint32_t b) {
    return groups_[a].first < groups_[b].first;
  };
  number_of_.resize(groups_.size());
  for (std::size_t group = by_number_.size(); group < groups_.size(); ++group) {
    by_number_.push_back(static_cast<std::uint32_t>(group));
    std::size_t place = group;
    for (; place > 0 && earlier(by_number_[place], by_number_[place - 1]); --place) {
      ++late_changes_;
      std::swap(by_number_[place], by_number_[place - 1]);
      number_of_[by_number_[place]] = static_cast<std::uint32_t>(place + 1);
    }
    number_of_[by_number_[place]] = static_cast<std::uint32_t>(place + 1);
  }
}

// --- neighbours -----------------------------------------------------------------------------------------

void Journeys::take_neighbour(const Fact& fact, const FrameRow& row) {
  if (fact.kind == Fact::Kind::neighbour_reply) {
    for (Neighbour& one : neighbours_) {
      if (one.asked != fact.address || one.vantage != row.vantage || one.reply != no_frame) continue;
      one.reply = fact.frame;
      one.reply_link = fact.link_source;
    }
    return;
  }
  // Who asks a neighbour itself checks an old entry, nobody waits for it (RFC 4861 7.3.3, RFC 1122 2.3.2.1).
  // Where the link tells no addresses nothing can be said.
  const bool known = fact.link_destination != 0;
  if (known && !fact.has(Fact::to_group)) return;
  // Before an address is one's own, one asks from none (RFC 4862 5.4).
  const Address& asker = store_.addresses()[row.source];
  if (asker.size == 0 || asker.words() == Address{}.words()) return;
  if (neighbours_.size() == most_neighbours) neighbours_.pop_front();
  neighbours_.push_back(
      {fact.frame, no_frame, fact.link_source, 0, row.source, fact.address, row.vantage, row.time_ns});
}

/// The packet that begins or continues a journey was held back until its neighbour was found.
void Journeys::claim_neighbours(GroupId group, const Fact& fact, const FrameRow& row) {
  for (auto one = neighbours_.begin(); one != neighbours_.end();) {
    const bool over = difference(row.time_ns, one->time_ns) > neighbour_ns;
    const bool same_asker = one->asker_link != 0 && fact.link_source != 0
                                ? one->asker_link == fact.link_source
                                : one->asker == row.source;
    const bool same_way =
        one->reply_link == 0 || fact.link_destination == 0 || one->reply_link == fact.link_destination;
    if (!over && !(same_asker && same_way && one->vantage == row.vantage)) {
      ++one;
      continue;
    }
    if (!over) {
      ++late_changes_;
      assign(one->request, group);
      if (one->reply != no_frame) assign(one->reply, group);
    }
    one = neighbours_.erase(one);
  }
}

// --- look-ups -------------------------------------------------------------------------------------------

bool Journeys::is_below(TextId name, TextId ancestor) const {
  const std::string_view below = facts_.text(name), above = facts_.text(ancestor);
  return below.size() > above.size() && below.ends_with(above) &&
         below[below.size() - above.size() - 1] == '.';
}

/// Whether a question belongs to a look-up that is under way: for its name, for an ancestor of it or from one
/// towards it (query name minimisation, RFC 9156), for what it is an alias of, for a name server's address.
bool Journeys::belongs(const Lookup& lookup, const Fact& fact, const FrameRow& row) const {
  if (lookup.client != row.source || difference(row.time_ns, lookup.last_ns) > lookup_idle_ns) return false;
  const bool recursive = fact.has(Fact::recursion_desired);
  if (recursive != lookup.recursive) return false;
  const bool known = std::find(lookup.names.begin(), lookup.names.end(), fact.name) != lookup.names.end();
  if (recursive) {
    if (!known || lookup.claimed) return false;
    return fact.type == type_a ? !lookup.answered_a : fact.type == type_aaaa ? !lookup.answered_aaaa : true;
  }
  if (known)
    return !(fact.type == type_a && lookup.answered_a) && !(fact.type == type_aaaa && lookup.answered_aaaa);
  if (lookup.answered_a || lookup.answered_aaaa) return false;
  for (const TextId server : lookup.name_servers)
    if (server == fact.name) return true;
  for (const TextId name : lookup.names)
    if (name != TextId{0} && (is_below(fact.name, name) || is_below(name, fact.name))) return true;
  return false;
}

std::uint32_t Journeys::find_lookup(const Fact& fact, const FrameRow& row) const {
  std::size_t looked = 0;
  for (std::size_t i = lookups_.size(); i > 0 && looked < most_open; --i, ++looked)
    if (belongs(lookups_[i - 1], fact, row)) return first_lookup_ + static_cast<std::uint32_t>(i - 1);
  return no_lookup;
}

void Journeys::take_question(const Fact& fact, const FrameRow& row) {
  // Its copy at another place, and with the same id sent again. Over a connection nothing is sent again, and
  // over HTTPS the id is always 0 (RFC 8484 4.1): what was answered is asked anew.
  const auto is_new_over = [](const Question& before, const Fact& now, const FrameRow& now_row) {
    return now.number != 0 && before.answered && before.vantage == now_row.vantage;
  };
  const std::uint64_t key = question_key(row.destination, fact);
  if (const auto known = questions_.find(key);
      known != questions_.end() && difference(row.time_ns, known->second.time_ns) < lookup_idle_ns &&
      !is_new_over(known->second, fact, row)) {
    if (Lookup* lookup = this->lookup(known->second.lookup)) {
      assign_message(fact, lookup->group);
      lookup->last_ns = std::max(lookup->last_ns, row.time_ns);
      return;
    }
  }
  std::uint32_t id = find_lookup(fact, row);
  // Two programs may ask for one name at once: each has its own journey.
  if (id != no_lookup && fact.has(Fact::recursion_desired)) {
    for (auto asked = asked_.rbegin(); asked != asked_.rend() && asked - asked_.rbegin() < 16; ++asked) {
      const auto other = questions_.find(*asked);
      if (other == questions_.end() || other->second.lookup != id || other->second.answered) continue;
      const FrameRow* before = store_.find(other->second.frame);
      const bool same_question = other->second.vantage == row.vantage && before != nullptr &&
                                 before->destination == row.destination &&
                                 before->source_port != row.source_port &&
                                 question_key(row.destination, fact) != *asked &&
                                 difference(row.time_ns, other->second.time_ns) < side_by_side_ns &&
                                 store_.detail(other->second.frame) == store_.detail(fact.frame);
      if (same_question) id = no_lookup;
      break;
    }
  }
  if (id == no_lookup) {
    id = first_lookup_ + static_cast<std::uint32_t>(lookups_.size());
    lookups_.emplace_back();
    Lookup& begun = lookups_.back();
    begun.group = begin_group(fact.frame, fact.name, row.source, fact.alias);
    begun.client = row.source;
    begun.client_link = fact.link_source;
    begun.recursive = fact.has(Fact::recursion_desired);
    if (lookups_.size() > most_lookups) {
      lookups_.pop_front();
      ++first_lookup_;
    }
  }
  Lookup& lookup = *this->lookup(id);
  lookup.last_ns = row.time_ns;
  if (std::find(lookup.names.begin(), lookup.names.end(), fact.name) == lookup.names.end()) {
    // Grown by a label: what is asked for in the end is the longest.
    if (is_below(fact.name, at(lookup.group).name)) at(lookup.group).name = fact.name;
    lookup.names[lookup.next_name++ % lookup.names.size()] = fact.name;
  }
  assign_message(fact, lookup.group);
  claim_neighbours(lookup.group, fact, row);

  // One that is asked anew keeps its place.
  if (questions_.insert_or_assign(key, Question{id, row.vantage, row.time_ns, fact.frame, false}).second)
    asked_.push_back(key);
  if (asked_.size() > most_questions) {
    questions_.erase(asked_.front());
    asked_.pop_front();
  }
}

void Journeys::take_answer(const Fact& fact, const FrameRow& row) {
  const auto asked = questions_.find(question_key(row.source, fact));
  if (asked == questions_.end()) return;
  Lookup* lookup = this->lookup(asked->second.lookup);
  if (lookup == nullptr) return;
  if (fact.number == 0 || carries(fact.number)) assign_message(fact, lookup->group);
  if (!fact.has(Fact::truncated)) asked->second.answered = true;
  lookup->last_ns = std::max(lookup->last_ns, row.time_ns);

  const bool of_a_server = std::find(lookup->name_servers.begin(), lookup->name_servers.end(), fact.name) !=
                           lookup->name_servers.end();
  for (std::size_t i = 0; i < fact.name_server_count; ++i)
    lookup->name_servers[lookup->next_server++ % lookup->name_servers.size()] = facts_.name_server(fact, i);
  if (fact.alias != TextId{0} &&
      std::find(lookup->names.begin(), lookup->names.end(), fact.alias) == lookup->names.end())
    lookup->names[lookup->next_name++ % lookup->names.size()] = fact.alias;
  if (of_a_server) return;
  // An alias without an address is not the end of it for one who asks name servers himself.
  const bool final = fact.has(Fact::final_answer) &&
                     (lookup->recursive || fact.address_count > 0 || fact.alias == TextId{0});
  const bool whole_name = !is_below(at(lookup->group).name, fact.name);
  if (final && whole_name && fact.type == type_a) lookup->answered_a = true;
  if (final && whole_name && fact.type == type_aaaa) lookup->answered_aaaa = true;
  for (std::size_t i = 0; i < fact.address_count; ++i) {
    if (resolved_.size() > most_resolved) resolved_.clear();
    auto& known = resolved_[facts_.address(fact, i)];
    if (std::find(known.begin(), known.end(), asked->second.lookup) != known.end()) continue;
    known.push_back(asked->second.lookup);
    if (known.size() > most_of_an_address) known.pop_front();
  }
}

// --- connections ----------------------------------------------------------------------------------------

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

// --- telling --------------------------------------------------------------------------------------------

void Journeys::Outcome::take(const Journeys& journeys, const Leg& leg, const Group& group) {
  const FrameStore& store = journeys.store_;
  std::vector<PhaseMark>& marks = journeys.marks_;
  store.marks(leg.frame, false, marks);
  const auto is_from_client = [&] {
    return journeys.is_from_client(leg.frame, *store.find(leg.frame), group, journeys.unused_);
  };
  if (std::any_of(marks.begin(), marks.end(),
                  [](const PhaseMark& mark) { return row_of(mark.phase).lane == Lane::quic; })) {
    // Without an answer of the server's the ClientHello in the first packet says nothing.
    by_datagrams = true;
    if (is_from_client()) return;
    answered = true;
    for (const PhaseMark& mark : marks) {
      if (mark.phase == Phase::quic_handshake || mark.phase == Phase::quic_one_rtt) spoke = true;
      if (mark.phase == Phase::quic_connection_close) reset = true;
    }
    return;
  }
  // The same of DTLS. A server that only wants the address proved has agreed to nothing yet.
  if (group.over_udp && !marks.empty() && is_of_tls(marks.front())) {
    by_datagrams = true;
    if (is_from_client()) return;
    answered = true;
    for (const PhaseMark& mark : marks) {
      if (mark.phase == Phase::tls_alert)
        reset = true;
      else if (is_of_tls(mark) && mark.phase != Phase::tls_hello_verify_request)
        spoke = true;
    }
    return;
  }
  for (const PhaseMark& mark : marks) {
    const Lane lane = row_of(mark.phase).lane;
    if (mark.phase == Phase::tcp_syn_ack) answered = true;
    if (mark.phase == Phase::tcp_rst) reset = true;
    if (mark.phase == Phase::tcp_data || lane == Lane::tls || lane == Lane::http ||
        (lane == Lane::vpn && !asks_for_tunnel(mark.phase)))
      spoke = true;
  }
}

Kind Journeys::Outcome::kind(const Group& group) const {
  if (group.attempt == 0) return Kind::failed;
  if (spoke) return Kind::completed;
  if (by_datagrams && answered) return reset ? Kind::refused : Kind::abandoned;
  if (!answered) return reset ? Kind::refused : Kind::unanswered;
  return Kind::abandoned;
}

/// What a frame tells of the place where it was captured.
void Journeys::take_witness(const Leg& leg, const Group& group, Witnesses& witnesses) const {
  const FrameRow& row = *store_.find(leg.frame);
  Witness& witness = witnesses.at(row.vantage);
  if (row.connection != 0) {
    witness.has_tcp = true;
    if (store_.addresses()[row.source].is_loopback()) witness.on_loopback = true;
    if (witness.shook_hands()) return;
  }
  store_.marks(leg.frame, false, marks_);
  const bool is_quic = !marks_.empty() && (row_of(marks_.front().phase).lane == Lane::quic ||
                                           (group.over_udp && is_of_tls(marks_.front())));
  if (is_quic && row.has(FrameRow::has_time))
    witness.take_quic(is_from_client(leg.frame, row, group, unused_), row.time_ns);
  for (const PhaseMark& mark : marks_) {
    if (mark.phase == Phase::dns_query) witness.asked = true;
    if (row.connection != 0 && row.has(FrameRow::has_time)) witness.take(mark.phase, row.time_ns);
  }
}

/// Where the frame was captured, and whether it was sent there.
void Journeys::tell_end(Leg& leg, const Group& group, Witnesses& witnesses) const {
  const FrameRow& row = *store_.find(leg.frame);
  if (row.source == row.destination) return;
  leg.end = witnesses.at(row.vantage).end();
  if (leg.end != End::client && leg.end != End::server) return;
  const bool from_client = is_from_client(leg.frame, row, group, unused_);
  leg.direction = from_client == (leg.end == End::client) ? Direction::sent : Direction::received;
}

bool Journeys::is_from_client(FrameNumber frame, const FrameRow& row, const Group& group,
                              std::vector<PhaseMark>& marks) const {
  // Behind a translated address the client has another one, the server has not.
  const bool from_server = is(group.server, row.source, row.source_port);
  const bool to_server = is(group.server, row.destination, row.destination_port);
  if (from_server != to_server) return to_server;
  if (row.connection != 0) return row.source == group.client || row.source == group.asker;
  // The client may look up from other addresses than it connects from: IPv4 and IPv6, a link-local one.
  store_.marks(frame, false, marks);
  return std::any_of(marks.begin(), marks.end(), [](const PhaseMark& mark) {
    return mark.phase == Phase::dns_query || mark.phase == Phase::arp_request ||
           mark.phase == Phase::ndp_solicitation;
  });
}

/// By frame number, Leg::question. Whoever asks the same server for the same in one journey asks again: the
/// id, the port and the transport may be others.
Work Journeys::number_questions(const std::vector<std::uint32_t>& journey_of,
                                std::vector<std::uint32_t>& numbers) const {
  struct Asked {
    std::uint32_t journey;
    AddressId server;
    TextId name;
    std::uint16_t type;
    bool operator==(const Asked&) const = default;
  };
  const auto hash_of = [](const Asked& q) {
    return mix(std::uint64_t{q.journey} << 32 | static_cast<std::uint32_t>(q.server),
               std::uint64_t{static_cast<std::uint32_t>(q.name)} << 16 | q.type);
  };
  // Room that is not used takes no memory, and what grows would be moved all at once.
  std::vector<Asked> questions;
  questions.reserve(taken_);
  numbers.reserve(journey_of.size());
  GradualIndex index;
  co_await each(std::size_t{0}, taken_, [&](std::size_t i) {
    const Fact& fact = facts_[i];
    if (fact.kind != Fact::Kind::question && fact.kind != Fact::Kind::answer) return;
    const FrameRow* row = store_.find(fact.frame);
    const std::size_t frame = to_number(fact.frame);
    const std::uint32_t journey = frame < journey_of.size() ? journey_of[frame] : 0;
    if (row == nullptr || journey == 0) return;
    const bool asks = fact.kind == Fact::Kind::question;
    const Asked question{journey, asks ? row->destination : row->source, fact.name, fact.type};
    const std::uint64_t hash = hash_of(question);
    std::uint32_t id = index.find(hash, [&](std::uint32_t other) { return questions[other] == question; });
    if (id == GradualIndex::none) {
      id = static_cast<std::uint32_t>(questions.size());
      questions.push_back(question);
      index.insert(hash, id, [&](std::uint32_t other) { return hash_of(questions[other]); });
    }
    if (numbers.size() <= frame) numbers.resize(std::max(frame + 1, numbers.size() * 2), 0);
    // Of several messages in a segment the first one stands for it, as it does where packets are counted.
    if (numbers[frame] == 0) numbers[frame] = id + 1;
  });
}

void Journeys::for_each(const Completion& complete, const std::function<void(const Journey&)>& visit) const {
  const Visit at_once = [&](const Journey& journey) {
    visit(journey);
    return Work();
  };
  visit_all(static_cast<std::uint32_t>(store_.size()), complete, at_once).finish();
}

Work Journeys::visit_all(std::uint32_t frames, const Completion& complete, const Visit& visit) const {
  // As they are numbered now: while this rests, others may come.
  const std::vector<std::uint32_t> by_number = by_number_, number_of = number_of_;
  const auto journeys = static_cast<std::uint32_t>(by_number.size());
  // A journey's frames side by side: counted first, then put in their places.
  std::vector<std::uint32_t> begin, journey_of;
  co_await grown(begin, journeys + std::size_t{2});
  journey_of.reserve(frames + std::size_t{1});
  journey_of.push_back(0);
  co_await each(1U, frames + 1, [&](std::uint32_t frame) {
    const auto group = static_cast<std::size_t>(group_of(FrameNumber{frame}));
    journey_of.push_back(group < number_of.size() ? number_of[group] : 0);
    if (journey_of.back() != 0) ++begin[journey_of.back() + 1];
  });
  co_await each(std::size_t{1}, begin.size(), [&](std::size_t i) { begin[i] += begin[i - 1]; });
  std::vector<std::uint32_t> questions;
  co_await number_questions(journey_of, questions);
  std::vector<Leg> legs;
  co_await grown(legs, begin.back());
  std::vector<std::uint32_t> next;
  next.reserve(begin.size());
  co_await each(std::size_t{0}, begin.size() - 1, [&](std::size_t i) { next.push_back(begin[i]); });
  co_await each(1U, frames + 1, [&](std::uint32_t frame) {
    const FrameRow* row = store_.find(FrameNumber{frame});
    if (row == nullptr || journey_of[frame] == 0) return;
    Leg& leg = legs[next[journey_of[frame]]++];
    leg.frame = FrameNumber{frame};
    leg.has_time = row->has(FrameRow::has_time);
    if (leg.has_time) leg.time_ns = leg.sent_ns = row->time_ns;
    if (frame < questions.size()) leg.question = questions[frame];
  });

  Witnesses witnesses(store_.vantages().size());
  for (std::uint32_t number = 1; number <= journeys; ++number) {
    const Group group = groups_[by_number[number - 1]];
    const std::span<Leg> own(legs.data() + begin[number], begin[number + 1] - begin[number]);
    Outcome outcome;
    witnesses.clear();
    co_await each(std::size_t{0}, own.size(), [&](std::size_t i) { take_witness(own[i], group, witnesses); });
    co_await each(std::size_t{0}, own.size(), [&](std::size_t i) {
      tell_end(own[i], group, witnesses);
      complete(own[i]);
      if (group.attempt != 0) outcome.take(*this, own[i], group);
    });
    std::array<std::string_view, 2> others;
    std::size_t other_count = 0;
    for (const TextId other : group.other_names)
      if (other != TextId{0}) others[other_count++] = facts_.text(other);
    Journey journey;
    journey.number = number;
    journey.kind = outcome.kind(group);
    journey.name = facts_.text(group.name);
    journey.other_names = std::span<const std::string_view>(others.data(), other_count);
    journey.server = group.server;
    journey.carrier = facts_.text(group.carrier);
    journey.over_udp = group.over_udp;
    journey.legs = own;
    co_await visit(journey);
    co_await spent(1);
  }
}

}  // namespace humantime::journeys
