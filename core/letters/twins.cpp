// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/twins.h"

#include <algorithm>
#include <array>
#include <limits>

#include "gradual_index.h"

namespace humantime::letters {
namespace {

/// Payload bytes below which equal datagrams between other addresses are no evidence of translation.
constexpr std::uint32_t least_evidence = 8;

std::uint64_t flags_and_length(const PacketNote& note) {
  return std::uint64_t{note.length} << 3 | note.syn << 2U | note.fin << 1U | note.rst;
}

std::uint64_t digest_of(const PacketNote& note) {
  return mix(std::uint64_t{note.sequence} << 32 | note.acknowledgment, flags_and_length(note));
}

/// 0 stands for none.
std::uint64_t as_key(std::uint64_t hash) {
  return hash | 1;
}

}  // namespace

void Twins::clear() {
  next_.clear();
  repeated_.clear();
  wholes_.clear();
  last_parts_.clear();
  alike_.clear();
  left_.clear();
  ways_.clear();
  waits_.clear();
}

/// One ring of two, unless one place would be in it twice.
bool Twins::merge(std::uint32_t frame, std::uint32_t other) {
  std::array<std::uint16_t, most_places> places{};
  std::size_t count = 0;
  for (const std::uint32_t start : {frame, other}) {
    std::uint32_t at = start;
    do {
      const std::uint16_t place = flows_->place_of(at);
      if (count == places.size()) return false;
      if (std::find(places.begin(), places.begin() + count, place) != places.begin() + count) return false;
      places[count++] = place;
      at = next(at);
    } while (at != start);
  }
  const std::uint32_t after = next(frame);
  next_[frame] = next(other);
  next_[other] = after;
  return true;
}

/// Matches the frames of equal key (0: none) in their order at each place. Where places have different
/// numbers of them the order says nothing, unless the key has an identification: then the further ones are
/// copies.
Work Twins::match_by(std::span<const std::uint64_t> keys, bool by_id, bool joins) {
  struct First {
    std::uint32_t frame = 0;
    std::uint32_t count = 0;
    std::uint32_t leader = 0;  ///< of the key, an index like this
    bool uneven = false;       ///< of a leader
    bool several = false;      ///< of a leader: places
  };
  std::vector<First> firsts;
  std::vector<std::uint32_t> first_of, ordinal_of;
  co_await grown(first_of, keys.size());
  co_await grown(ordinal_of, keys.size());
  {
    GradualIndex index;
    const auto hash_of = [&](std::uint32_t first) {
      return mix(keys[firsts[first].frame], flows_->place_of(firsts[first].frame));
    };
    co_await each(1U, static_cast<std::uint32_t>(keys.size()), [&](std::uint32_t frame) {
      if (keys[frame] == 0) return;
      const std::uint16_t place = flows_->place_of(frame);
      const std::uint64_t hash = mix(keys[frame], place);
      std::uint32_t first = index.find(hash, [&](std::uint32_t id) {
        return keys[firsts[id].frame] == keys[frame] && flows_->place_of(firsts[id].frame) == place;
      });
      if (first == GradualIndex::none) {
        first = static_cast<std::uint32_t>(firsts.size());
        firsts.push_back({frame, 0, 0, false, false});
        index.insert(hash, first, hash_of);
      }
      first_of[frame] = first;
      ordinal_of[frame] = firsts[first].count++;
    });
  }
  GradualIndex leaders;
  co_await each(0U, static_cast<std::uint32_t>(firsts.size()), [&](std::uint32_t i) {
    const std::uint64_t key = keys[firsts[i].frame];
    const auto key_of = [&](std::uint32_t id) { return keys[firsts[id].frame]; };
    const std::uint32_t leader = leaders.find(key, [&](std::uint32_t id) { return key_of(id) == key; });
    firsts[i].leader = leader == GradualIndex::none ? i : leader;
    if (leader == GradualIndex::none) {
      leaders.insert(key, i, key_of);
      return;
    }
    firsts[leader].several = true;
    if (firsts[leader].count != firsts[i].count) firsts[leader].uneven = true;
  });
  // The n-th of a key at all places.
  GradualIndex packets;
  const auto hash_of = [&](std::uint32_t frame) { return mix(keys[frame], ordinal_of[frame]); };
  co_await each(1U, static_cast<std::uint32_t>(keys.size()), [&](std::uint32_t frame) {
    if (keys[frame] == 0) return;
    const First& leader = firsts[firsts[first_of[frame]].leader];
    const bool identified = by_id && (*notes_)[FrameNumber{frame}].ip_id != 0;
    if (identified && ordinal_of[frame] > 0) repeated_[frame] = 1;
    if (!leader.several) return;
    if (leader.uneven && !identified) {
      if (!joins && alone(frame)) alike_.push_back({leader.frame, frame});
      return;
    }
    const std::uint64_t hash = hash_of(frame);
    const std::uint32_t twin = packets.find(hash, [&](std::uint32_t other) {
      return keys[other] == keys[frame] && ordinal_of[other] == ordinal_of[frame];
    });
    if (twin == GradualIndex::none)
      packets.insert(hash, frame, hash_of);
    else if (merge(twin, frame) && joins)
      flows_->join(twin, frame);
  });
}

/// By all that is noted.
Work Twins::match_exactly() {
  std::vector<std::uint64_t> keys;
  co_await grown(keys, next_.size());
  co_await each(1U, static_cast<std::uint32_t>(keys.size()), [&](std::uint32_t frame) {
    if (!flows_->has(frame) || flows_->flow(flows_->flow_of(frame)).places < 2) return;
    const PacketNote& note = (*notes_)[FrameNumber{frame}];
    keys[frame] =
        as_key(mix(mix(way_of(frame), std::uint64_t{note.ip_id} << 16 | note.stamp), digest_of(note)));
  });
  co_await match_by(keys, true, false);
}

/// How many places the packet was found at.
std::size_t Twins::places_of(std::uint32_t frame) const {
  std::size_t places = 0;
  std::uint32_t at = frame;
  do {
    ++places;
    at = next(at);
  } while (at != frame);
  return places;
}

/// A flow's direction, whoever saw it.
std::uint32_t Twins::way_of(std::uint32_t frame) const {
  return flows_->flow_of(frame) << 1 | (flows_->from_client(frame) ? 1U : 0U);
}

/// What two places or more have left of the same way: one alone has it because it was lost.
Work Twins::find_left() {
  ways_.clear();
  co_await grown(ways_, std::size_t{2} * flows_->flow_count());
  left_.clear();
  co_await each(1U, static_cast<std::uint32_t>(next_.size()), [&](std::uint32_t frame) {
    if (!flows_->has(frame) || repeated_[frame] != 0 || waits_[frame]) return;
    Way& way = ways_[way_of(frame)];
    const std::size_t places = places_of(frame);
    if (places > 1) ++way.found;
    if (places >= flows_->flow(flows_->flow_of(frame)).places) return;
    const std::uint16_t place = flows_->place_of(frame);
    way.several = way.several || (way.left > 0 && way.place != place);
    way.place = place;
    ++way.left;
    way.cut = way.cut || (*notes_)[FrameNumber{frame}].cut != 0;
    left_.push_back(frame);
  });
  std::erase_if(left_, [&](std::uint32_t frame) { return !ways_[way_of(frame)].several; });
}

/// What is left: a device on the way wrote another identification, window, time stamp or option, or a capture
/// kept less of a datagram. First by those that it left alone: they tell a segment from its retransmission.
Work Twins::match_changed() {
  waits_.assign(next_.size(), false);
  std::size_t known_alike = 0;
  const auto wait = [&] {
    return each(known_alike, alike_.size(), [&](std::size_t i) { waits_[alike_[i].frame] = true; });
  };
  enum class By : std::uint8_t { identification, stamp, rest };
  std::vector<std::uint64_t> keys;
  std::vector<bool> unchanged;  // by way: more of it was found than is left, so nothing is changed there
  for (const By by : {By::identification, By::stamp, By::rest}) {
    co_await wait();
    known_alike = alike_.size();
    co_await find_left();
    if (left_.empty()) co_return;
    if (by == By::identification) {
      unchanged.reserve(ways_.size());
      for (const Way& way : ways_) unchanged.push_back(way.found > way.left);
    }
    keys.assign(next_.size(), 0);
    co_await each(std::size_t{0}, left_.size(), [&](std::size_t i) {
      const std::uint32_t frame = left_[i], way = way_of(frame);
      const bool cut = ways_[way].cut;
      PacketNote note = (*notes_)[FrameNumber{frame}];
      // Each place missed some then: what differs is another packet.
      if (unchanged[way] && by != By::identification && (note.ip_id != 0 || (by == By::rest && !cut))) return;
      if (cut && note.is() == PacketNote::Kind::udp) note.acknowledgment = 0;
      const std::uint32_t told = by == By::identification ? note.ip_id : by == By::stamp ? note.stamp : 0U;
      if (by == By::identification && told == 0) return;
      keys[frame] = as_key(mix(mix(way, told), digest_of(note)));
    });
    co_await match_by(keys, by == By::identification, false);
  }
  co_await wait();
}

/// Segments whose sequence numbers a firewall counts from another one (RFC 6528 4): by how far they are
/// behind those of the connection's SYNs, and the identification or the stamp, which tell that connection
/// from others on the same ports.
Work Twins::match_renumbered() {
  if (left_.empty()) co_return;  // nor was there any before
  co_await find_left();
  if (left_.empty()) co_return;
  std::vector<bool> is_left(next_.size(), false);
  co_await each(std::size_t{0}, left_.size(), [&](std::size_t i) { is_left[left_[i]] = true; });
  struct Begin {
    std::array<std::uint32_t, 2> sequence{};  ///< by from_client
    std::array<bool, 2> known{};
  };
  std::vector<Begin> begins;
  co_await grown(begins, flows_->sight_count());
  std::vector<std::uint64_t> keys;
  co_await grown(keys, next_.size());
  co_await each(1U, static_cast<std::uint32_t>(next_.size()), [&](std::uint32_t frame) {
    if (!flows_->has(frame) || !flows_->flow(flows_->flow_of(frame)).tcp) return;
    PacketNote note = (*notes_)[FrameNumber{frame}];
    if (note.syn == 0 && !is_left[frame]) return;
    const std::size_t from = flows_->from_client(frame) ? 1 : 0, to = 1 - from;
    Begin& begin = begins[flows_->sight_of(frame)];
    if (note.syn != 0) {
      // A SYN begins another connection, whose other end has not spoken yet.
      if (note.acknowledgment == 0 && begin.known[from] && begin.sequence[from] != note.sequence)
        begin.known[to] = false;
      begin.sequence[from] = note.sequence;
      begin.known[from] = true;
    }
    const bool acknowledges = note.acknowledgment != 0;
    const std::uint32_t evidence = note.ip_id != 0 ? note.ip_id : note.stamp;
    if (!is_left[frame] || !begin.known[from] || (acknowledges && !begin.known[to]) || evidence == 0) return;
    note.sequence -= begin.sequence[from];
    if (acknowledges) note.acknowledgment -= begin.sequence[to];
    keys[frame] = as_key(mix(mix(way_of(frame), evidence), digest_of(note)));
  });
  co_await match_by(keys, true, false);
}

/// Datagrams between other addresses: one end's is the same.
Work Twins::match_translated(bool by_destination) {
  std::vector<std::uint64_t> keys;
  co_await grown(keys, next_.size());
  const std::uint32_t places = flows_->place_count();
  bool any = false;
  co_await each(1U, static_cast<std::uint32_t>(keys.size()), [&](std::uint32_t frame) {
    if (!flows_->has(frame)) return;
    const Flow& flow = flows_->flow(flows_->flow_of(frame));
    const PacketNote& note = (*notes_)[FrameNumber{frame}];
    // Of three places two may have found each other.
    if (flow.tcp || note.length < least_evidence || (!alone(frame) && places_of(frame) >= places)) return;
    const bool from_client = flows_->from_client(frame);
    const EndpointWord kept = from_client == by_destination ? flow.server : flow.client;
    keys[frame] = as_key(mix(mix(kept, from_client ? 1 : 0), digest_of(note)));
    any = any || alone(frame);
  });
  if (any) co_await match_by(keys, false, true);
}

/// Payload bytes of a direction, by sequence numbers that go on behind 2^32.
struct Twins::Range {
  std::uint32_t way = 0;  ///< way_of()
  std::int64_t begin = 0, end = 0;
  std::uint32_t frame = 0;
  std::uint16_t place = 0;
};

/// Large segments and their parts, among what is left. A part lies within the whole; a whole is sent again
/// with its parts, so each takes the first whole that it is not in yet.
Work Twins::match_parts() {
  std::vector<Range> ranges;
  co_await each(1U, static_cast<std::uint32_t>(next_.size()), [&](std::uint32_t frame) {
    if (!flows_->has(frame) || !alone(frame)) return;
    const PacketNote& note = (*notes_)[FrameNumber{frame}];
    const Flow& flow = flows_->flow(flows_->flow_of(frame));
    if (!flow.tcp || note.length == 0 || flow.places < 2) return;
    ranges.push_back({way_of(frame), note.sequence, note.length, frame, flows_->place_of(frame)});
  });
  co_await sorted(ranges, [](const Range& a, const Range& b) {
    return a.way != b.way ? a.way < b.way : a.frame < b.frame;
  });
  // Sequence numbers go on behind 2^32, at each place in its order.
  std::size_t begin = 0;  // of the way
  std::array<std::int64_t, 2> last{};
  co_await each(std::size_t{0}, ranges.size(), [&](std::size_t i) {
    if (i == 0 || ranges[i].way != ranges[begin].way) {
      begin = i;
      last = {ranges[i].begin, ranges[i].begin};
    }
    Range& range = ranges[i];
    std::int64_t& near = last[range.place == ranges[begin].place ? 0 : 1];
    range.begin = near + static_cast<std::int32_t>(static_cast<std::uint32_t>(range.begin) -
                                                   static_cast<std::uint32_t>(near));
    near = range.begin;
    range.end += range.begin;
  });
  co_await sorted(ranges, [](const Range& a, const Range& b) {
    if (a.way != b.way) return a.way < b.way;
    if (a.begin != b.begin) return a.begin < b.begin;
    return a.end != b.end ? a.end > b.end : a.frame < b.frame;
  });
  // The last ones that began, of which one may go on to here.
  struct Open {
    Range range;
    std::int64_t covered = 0;  ///< up to here by parts
  };
  constexpr std::size_t most_open = 8;
  std::array<Open, most_open> open{};
  std::size_t opened = 0;
  co_await each(std::size_t{0}, ranges.size(), [&](std::size_t i) {
    const Range& range = ranges[i];
    if (i > 0 && range.way != ranges[i - 1].way) opened = 0;
    Open* whole = nullptr;
    for (std::size_t back = std::min(opened, most_open); back > 0; --back) {
      Open& one = open[(opened - back) % most_open];
      if (one.range.place == range.place || one.range.begin > range.begin || one.range.end < range.end ||
          one.range.end - one.range.begin == range.end - range.begin)
        continue;
      if (whole == nullptr || (whole->covered > range.begin && one.covered <= range.begin)) whole = &one;
    }
    if (whole == nullptr) {
      open[opened++ % most_open] = {range, range.begin};
      return;
    }
    if (wholes_.empty()) {
      wholes_.assign(next_.size(), 0);
      last_parts_.assign(next_.size(), 0);
    }
    wholes_[range.frame] = whole->range.frame;
    whole->covered = std::max(whole->covered, range.end);
    if (range.end == whole->range.end && last_parts_[whole->range.frame] == 0)
      last_parts_[whole->range.frame] = range.frame;
  });
}

Work Twins::build(const Notes& notes, Flows& flows) {
  clear();
  notes_ = &notes;
  flows_ = &flows;
  co_await grown(next_, flows.frame_count() + 1);
  co_await grown(repeated_, next_.size());
  co_await match_exactly();
  if (flows.place_count() < 2) co_return;
  co_await match_changed();
  co_await match_renumbered();
  co_await match_parts();
  for (const bool by_destination : {true, false}) co_await match_translated(by_destination);
  co_await flows.settle_joined();
  co_await sorted(alike_, [](const Alike& a, const Alike& b) {
    return a.set != b.set ? a.set < b.set : a.frame < b.frame;
  });
}

}  // namespace humantime::letters
