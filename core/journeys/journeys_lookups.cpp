// SPDX-License-Identifier: GPL-2.0-or-later
// What goes before a connection: the neighbour that was asked for, and look-ups from the first question on.
#include <algorithm>

#include "journeys/journeys.h"
#include "saturating.h"

namespace humantime::journeys {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;
/// A look-up that nothing has been heard of for this long is over.
constexpr std::int64_t lookup_idle_ns = 10 * second_ns;
/// A second question for what is being asked for: sooner it is somebody else's, later it is sent again.
constexpr std::int64_t side_by_side_ns = second_ns / 2;
/// A packet follows when its neighbour is found; resolvers ask three times, a second apart.
constexpr std::int64_t neighbour_ns = 5 * second_ns;
constexpr std::size_t most_lookups = 4096;
constexpr std::size_t most_open = 32;  // that are looked through for a name that is not theirs
constexpr std::size_t most_questions = 16384;
constexpr std::size_t most_neighbours = 64;
constexpr std::size_t most_resolved = 16384;
constexpr std::size_t most_of_an_address = 64;
constexpr std::uint16_t type_a = 1, type_aaaa = 28;

std::uint64_t question_key(AddressId server, const Fact& fact) {
  return mix(std::uint64_t{static_cast<std::uint32_t>(server)} << 32 | static_cast<std::uint32_t>(fact.name),
             std::uint64_t{fact.id} << 16 | fact.type);
}

}  // namespace

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

}  // namespace humantime::journeys
