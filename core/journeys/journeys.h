// SPDX-License-Identifier: GPL-2.0-or-later
// Which frames belong to one fetch: a look-up and what it waited for, the connection that it led to.
//
// Facts are taken in their order, each once and only when somebody asks. A journey begins with the first
// question of a look-up, or with a connection that nobody looked a name up for; it takes in the neighbour
// exchange that its first packet waited for, so its first frame may be an earlier one.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "chunked.h"
#include "gradual_index.h"
#include "journeys/facts.h"
#include "journeys/journey.h"
#include "store.h"
#include "work.h"

namespace humantime::journeys {

class Witnesses;

class Journeys {
 public:
  Journeys(const FrameStore& store, const FactLog& facts) : store_(store), facts_(facts) {}

  void clear();
  /// Takes the facts that have come since, or all anew where some were taken back.
  void catch_up() {
    while (catch_up(std::numeric_limits<std::uint32_t>::max())) {
    }
  }
  /// The same, at most `budget` of them; true where there is more to do. Until then the functions below hold
  /// for what had been taken before, or for nothing.
  bool catch_up(std::uint32_t budget);
  /// Whether catch_up() has anything to do.
  bool is_behind() const;
  /// Grows each time that all facts are taken anew: then no number means what it meant before.
  std::uint32_t beginnings() const { return beginnings_; }

  /// The number of the frame's journey, 0 where it has none. After catch_up().
  std::uint32_t of(FrameNumber frame) const;
  std::uint32_t count() const { return static_cast<std::uint32_t>(by_number_.size()); }
  /// The journey's first frame.
  FrameNumber first_of(std::uint32_t number) const { return groups_[by_number_[number - 1]].first; }
  /// Who began it: asked, or opened the connection.
  AddressId client_of(std::uint32_t number) const { return groups_[by_number_[number - 1]].client; }
  /// Grows whenever a frame may belong to another journey than before, or a journey have another number.
  std::uint64_t late_changes() const { return late_changes_; }
  /// None for a look-up that led to no connection.
  AddressId server_of(std::uint32_t number) const { return groups_[by_number_[number - 1]].server.address; }
  /// Whether nothing that may come can change its number or its name.
  bool is_settled(std::uint32_t number) const;
  /// Raw bytes; empty where there is no name.
  std::string_view name_of(std::uint32_t number) const {
    return facts_.text(groups_[by_number_[number - 1]].name);
  }

  /// What is known of a frame by other frames: may overrule the leg's end, direction and times.
  using Completion = std::function<void(Leg&)>;
  /// All journeys in order of their numbers, with their frames.
  void for_each(const Completion& complete, const std::function<void(const Journey&)>& visit) const;

  /// What is done with a journey: it may rest in its middle, while the journey stays. An empty one is done.
  using Visit = std::function<Work(const Journey&)>;
  /// The same a part at a time, of the first `frames`. Other frames may come meanwhile, but no facts be taken
  /// back: it is over when beginnings() have grown. What it is given stays until it is done.
  Work visit_all(std::uint32_t frames, const Completion& complete, const Visit& visit) const;

 private:
  enum class GroupId : std::uint32_t {};
  static constexpr GroupId no_group{0xffffffff};

  struct Group {
    FrameNumber first = no_frame;
    TextId name{0};
    TextId carrier{0};                    ///< the tunnel that it is in
    std::array<TextId, 2> other_names{};  ///< that differ
    AddressId client{0};
    AddressId asker{0};  ///< who looked up: it may connect from another address
    Endpoint server;
    bool over_udp = false;         ///< the connection
    std::uint64_t attempt = 0;     ///< the connection, whoever saw it: a hash; 0: none
    std::uint32_t connection = 0;  ///< the last number of that connection; further ones: same_attempt_
    /// The server's address was told for other names too: until the connection says its own it may be of
    /// another look-up.
    bool doubtful = false;
    bool guessed = false;  ///< the name is the latest one that led to the address
  };

  /// A look-up: the questions for one name, and what they led to.
  struct Lookup {
    GroupId group = no_group;
    AddressId client{0};
    std::uint32_t client_link = 0;
    std::int64_t last_ns = 0;
    std::array<TextId, 4> names{};         ///< the one asked for, its ancestors and aliases: the last ones
    std::array<TextId, 8> name_servers{};  ///< that were named on the way
    std::uint8_t next_name = 0, next_server = 0;
    bool recursive = false;  ///< a stub's question to a resolver
    bool answered_a = false, answered_aaaa = false;
    bool claimed = false;  ///< a connection has begun because of it
  };

  /// A question that is under way or was answered.
  struct Question {
    std::uint32_t lookup = 0;
    std::uint16_t vantage = 0;
    std::int64_t time_ns = 0;
    FrameNumber frame = no_frame;
    bool answered = false;
  };

  /// A neighbour that was asked for, and nobody has been seen to need yet.
  struct Neighbour {
    FrameNumber request = no_frame, reply = no_frame;
    std::uint32_t asker_link = 0, reply_link = 0;
    AddressId asker{0}, asked{0};
    std::uint16_t vantage = 0;
    std::int64_t time_ns = 0;
  };

  void take(const Fact& fact);
  void take_neighbour(const Fact& fact, const FrameRow& row);
  void take_question(const Fact& fact, const FrameRow& row);
  void take_answer(const Fact& fact, const FrameRow& row);
  void take_connection(const Fact& fact, const FrameRow& row);
  void take_server_name(const Fact& fact);

  GroupId begin_group(FrameNumber first, TextId name, AddressId client, TextId carrier);
  void claim_neighbours(GroupId group, const Fact& fact, const FrameRow& row);
  static constexpr std::uint32_t no_lookup = 0xffffffff;
  std::uint32_t find_lookup(const Fact& fact, const FrameRow& row) const;
  bool belongs(const Lookup& lookup, const Fact& fact, const FrameRow& row) const;
  bool is_below(TextId name, TextId ancestor) const;
  std::uint32_t find_resolved(const Fact& fact, AddressId client, AddressId server);
  using Member = std::pair<FrameNumber, GroupId>;
  static std::vector<Member>::iterator place_of(std::vector<Member>& members, FrameNumber frame);
  static GroupId find(const std::vector<Member>& members, FrameNumber frame);
  bool carries(std::uint32_t connection) const {
    return connection != 0 && connection <= is_fetch_.size() && is_fetch_[connection - 1];
  }
  void assign_message(const Fact& fact, GroupId group);
  void assign(FrameNumber frame, GroupId group);
  void assign_connection(std::uint32_t connection, GroupId group);
  void add_name(GroupId group, TextId name);
  bool is_doubtful(const Fact& fact, const Group& group);
  void correct_by_name(GroupId group, TextId name);
  void exchange_connections(GroupId a, GroupId b);
  void number_group();
  void take_witness(const Leg& leg, const Group& group, Witnesses& witnesses) const;
  void tell_end(Leg& leg, const Group& group, Witnesses& witnesses) const;
  bool is_from_client(FrameNumber frame, const FrameRow& row, const Group& group,
                      std::vector<PhaseMark>& marks) const;
  Work number_questions(const std::vector<std::uint32_t>& journey_of,
                        std::vector<std::uint32_t>& numbers) const;
  /// What became of a connection, as far as its frames have been looked at.
  struct Outcome {
    bool answered = false, reset = false, spoke = false, by_datagrams = false;
    void take(const Journeys& journeys, const Leg& leg, const Group& group);
    Kind kind(const Group& group) const;
  };

  Lookup* lookup(std::uint32_t id) {
    return id < first_lookup_ || id - first_lookup_ >= lookups_.size() ? nullptr
                                                                       : &lookups_[id - first_lookup_];
  }
  Group& at(GroupId group) { return groups_[static_cast<std::size_t>(group)]; }
  GroupId group_of(FrameNumber frame) const;

  const FrameStore& store_;
  const FactLog& facts_;
  std::size_t taken_ = 0;
  std::uint32_t generation_ = 0;

  Chunked<Group> groups_;
  std::vector<std::uint32_t> number_of_;  ///< by group
  std::vector<std::uint32_t> by_number_;  ///< the groups in order of their first frames
  /// Frames that are no connection's, ascending, and what they belong to.
  std::vector<Member> members_;
  /// Frames of a connection with a journey of its own that carries look-ups (DNS over TLS, over HTTPS),
  /// ascending, and the look-ups' journeys.
  std::vector<Member> carried_;
  std::vector<GroupId> of_connection_;       ///< by number − 1
  std::vector<FrameNumber> begun_;           ///< by number − 1: a connection's first frame
  std::vector<std::uint32_t> same_attempt_;  ///< by number − 1: the connection that another place saw before
  std::vector<bool> is_fetch_;               ///< by number − 1: it is no step of a look-up

  // What is only needed for a while is kept for a while.
  std::deque<Lookup> lookups_;  ///< the last ones, by id − first_lookup_
  std::uint32_t first_lookup_ = 0;
  std::unordered_map<std::uint64_t, Question> questions_;  ///< by server, id, name and type
  std::deque<std::uint64_t> asked_;                        ///< the keys of questions_, the oldest first
  std::unordered_map<AddressId, std::deque<std::uint32_t>> resolved_;  ///< look-ups that led to the address
  std::deque<Neighbour> neighbours_;
  GradualIndex attempts_;  ///< groups by Group::attempt
  std::uint64_t late_changes_ = 0;
  std::uint32_t beginnings_ = 0;
  /// For those that are looked at one by one: no allocation for each.
  mutable std::vector<PhaseMark> marks_, unused_;
};

}  // namespace humantime::journeys
