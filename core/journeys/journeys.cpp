// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/journeys.h"

#include <algorithm>

namespace humantime::journeys {

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
  return generation_ != facts_.generation() || taken_ != facts_.size() || by_number_.size() != groups_.size();
}

bool Journeys::catch_up(std::uint32_t budget) {
  if (generation_ != facts_.generation() || taken_ > facts_.size()) clear();
  for (; taken_ < facts_.size() && budget > 0; --budget) take(facts_[taken_++]);
  if (taken_ < facts_.size()) return true;
  // Not before: what is numbered stands in its place among those that begin later.
  for (; by_number_.size() < groups_.size() && budget > 0; --budget) number_group();
  return by_number_.size() < groups_.size();
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

Journeys::GroupId Journeys::begin_group(FrameNumber first, TextId name, AddressId client, TextId carrier) {
  const GroupId id{static_cast<std::uint32_t>(groups_.size())};
  groups_.grow_to(groups_.size() + 1);
  Group& group = at(id) = Group{};
  group.first = first;
  group.name = name;
  group.carrier = carrier;
  group.client = group.asker = client;
  return id;
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
void Journeys::number_group() {
  const auto earlier = [this](std::uint32_t a, std::uint32_t b) {
    return groups_[a].first < groups_[b].first;
  };
  std::size_t place = by_number_.size();
  by_number_.push_back(static_cast<std::uint32_t>(place));
  number_of_.push_back(0);
  for (; place > 0 && earlier(by_number_[place], by_number_[place - 1]); --place) {
    ++late_changes_;
    std::swap(by_number_[place], by_number_[place - 1]);
    number_of_[by_number_[place]] = static_cast<std::uint32_t>(place + 1);
  }
  number_of_[by_number_[place]] = static_cast<std::uint32_t>(place + 1);
}

}  // namespace humantime::journeys
