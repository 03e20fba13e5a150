// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/twins.h"

#include <algorithm>
#include <array>
#include <limits>

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
void Twins::match_by(std::span<const std::uint64_t> keys, bool by_id, bool joins) {
  struct First {
    std::uint32_t frame = 0;
    std::uint32_t count = 0;
    std::uint32_t leader = 0;  ///< of the key, an index like this
    bool uneven = false;       ///< of a leader
    bool several = false;      ///< of a leader: places
  };
  std::vector<First> firsts;
  std::vector<std::uint32_t> first_of(keys.size()), ordinal_of(keys.size());
  {
    FlatIndex index;
    const auto hash_of = [&](std::uint32_t first) {
      return mix(keys[firsts[first].frame], flows_->place_of(firsts[first].frame));
    };
    for (std::uint32_t frame = 1; frame < keys.size(); ++frame) {
      if (keys[frame] == 0) continue;
      const std::uint16_t place = flows_->place_of(frame);
      const std::uint64_t hash = mix(keys[frame], place);
      std::uint32_t first = index.find(hash, [&](std::uint32_t id) {
        return keys[firsts[id].frame] == keys[frame] && flows_->place_of(firsts[id].frame) == place;
      });
      if (first == FlatIndex::none) {
        first = static_cast<std::uint32_t>(firsts.size());
        firsts.push_back({frame, 0, 0, false, false});
        index.insert(hash, first, hash_of);
      }
      first_of[frame] = first;
      ordinal_of[frame] = firsts[first].count++;
    }
  }
  FlatIndex leaders;
  for (std::uint32_t i = 0; i < firsts.size(); ++i) {
    const std::uint64_t key = keys[firsts[i].frame];
    const auto key_of = [&](std::uint32_t id) { return keys[firsts[id].frame]; };
    const std::uint32_t leader = leaders.find(key, [&](std::uint32_t id) { return key_of(id) == key; });
    firsts[i].leader = leader == FlatIndex::none ? i : leader;
    if (leader == FlatIndex::none) {
      leaders.insert(key, i, key_of);
      continue;
    }
    firsts[leader].several = true;
    if (firsts[leader].count != firsts[i].count) firsts[leader].uneven = true;
  }
  // The n-th of a key at all places.
  FlatIndex packets;
  const auto hash_of = [&](std::uint32_t frame) { return mix(keys[frame], ordinal_of[frame]); };
  for (std::uint32_t frame = 1; frame < keys.size(); ++frame) {
    if (keys[frame] == 0) continue;
    const First& leader = firsts[firsts[first_of[frame]].leader];
    const bool identified = by_id && (*notes_)[FrameNumber{frame}].ip_id != 0;
    if (identified && ordinal_of[frame] > 0) repeated_[frame] = 1;
    if (!leader.several) continue;
    if (leader.uneven && !identified) {
      if (!joins && alone(frame)) alike_.push_back({leader.frame, frame});
      continue;
    }
    const std::uint64_t hash = hash_of(frame);
    const std::uint32_t twin = packets.find(hash, [&](std::uint32_t other) {
      return keys[other] == keys[frame] && ordinal_of[other] == ordinal_of[frame];
    });
    if (twin == FlatIndex::none)
      packets.insert(hash, frame, hash_of);
    else if (merge(twin, frame) && joins)
      flows_->join(twin, frame);
  }
}

/// By all that is noted.
void Twins::match_exactly() {
  std::vector<std::uint64_t> keys(next_.size(), 0);
  for (std::uint32_t frame = 1; frame < keys.size(); ++frame) {
    if (!flows_->has(frame) || flows_->flow(flows_->flow_of(frame)).places < 2) continue;
    const PacketNote& note = (*notes_)[FrameNumber{frame}];
    const std::uint64_t way =
        std::uint64_t{flows_->flow_of(frame)} << 1 | (flows_->from_client(frame) ? 1 : 0);
    keys[frame] = as_key(mix(mix(way, std::uint64_t{note.ip_id} << 16 | note.stamp), digest_of(note)));
  }
  match_by(keys, true, false);
}

/// What is left: a device on the way wrote another identification, window or time stamp.
void Twins::match_changed() {
  std::vector<std::uint64_t> keys(next_.size(), 0);
  std::vector<bool> waits(next_.size(), false);
  for (const Alike& one : alike_) waits[one.frame] = true;
  bool any = false;
  for (std::uint32_t frame = 1; frame < keys.size(); ++frame) {
    if (!flows_->has(frame) || waits[frame] || repeated_[frame] != 0) continue;
    std::size_t seen = 0;
    std::uint32_t at = frame;
    do {
      ++seen;
      at = next(at);
    } while (at != frame);
    if (seen >= flows_->flow(flows_->flow_of(frame)).places) continue;
    const std::uint64_t way =
        std::uint64_t{flows_->flow_of(frame)} << 1 | (flows_->from_client(frame) ? 1 : 0);
    keys[frame] = as_key(mix(way, digest_of((*notes_)[FrameNumber{frame}])));
    any = true;
  }
  if (any) match_by(keys, false, false);
}

/// Datagrams between other addresses: one end's is the same.
void Twins::match_translated(bool by_destination) {
  std::vector<std::uint64_t> keys(next_.size(), 0);
  bool any = false;
  for (std::uint32_t frame = 1; frame < keys.size(); ++frame) {
    if (!flows_->has(frame) || !alone(frame)) continue;
    const Flow& flow = flows_->flow(flows_->flow_of(frame));
    const PacketNote& note = (*notes_)[FrameNumber{frame}];
    if (flow.tcp || note.length < least_evidence) continue;
    const bool from_client = flows_->from_client(frame);
    const EndpointWord kept = from_client == by_destination ? flow.server : flow.client;
    keys[frame] = as_key(mix(mix(kept, from_client ? 1 : 0), digest_of(note)));
    any = true;
  }
  if (any) match_by(keys, false, true);
}

/// Large segments and their parts, among what is left. A part lies within the whole; a whole is sent again
/// with its parts, so each takes the first whole that it is not in yet.
void Twins::match_parts() {
  struct Range {
    std::uint64_t way = 0;  ///< flow and direction
    std::int64_t begin = 0, end = 0;
    std::uint32_t frame = 0;
    std::uint16_t place = 0;
  };
  std::vector<Range> ranges;
  for (std::uint32_t frame = 1; frame < next_.size(); ++frame) {
    if (!flows_->has(frame) || !alone(frame)) continue;
    const PacketNote& note = (*notes_)[FrameNumber{frame}];
    const Flow& flow = flows_->flow(flows_->flow_of(frame));
    if (!flow.tcp || note.length == 0 || flow.places < 2) continue;
    const std::uint64_t way =
        std::uint64_t{flows_->flow_of(frame)} << 1 | (flows_->from_client(frame) ? 1 : 0);
    ranges.push_back({way, note.sequence, note.length, frame, flows_->place_of(frame)});
  }
  const auto by_way = [](const Range& a, const Range& b) {
    return a.way != b.way ? a.way < b.way : a.frame < b.frame;
  };
  std::sort(ranges.begin(), ranges.end(), by_way);
  for (std::size_t begin = 0; begin < ranges.size();) {
    std::size_t end = begin;
    while (end < ranges.size() && ranges[end].way == ranges[begin].way) ++end;
    const std::span<Range> own(ranges.data() + begin, end - begin);
    begin = end;
    // Sequence numbers go on behind 2^32, at each place in its order.
    std::array<std::int64_t, 2> last = {own.front().begin, own.front().begin};
    const std::uint16_t one_place = own.front().place;
    bool several = false;
    for (Range& range : own) {
      std::int64_t& near = last[range.place == one_place ? 0 : 1];
      several = several || range.place != one_place;
      range.begin = near + static_cast<std::int32_t>(static_cast<std::uint32_t>(range.begin) -
                                                     static_cast<std::uint32_t>(near));
      near = range.begin;
      range.end += range.begin;
    }
    if (!several) continue;
    std::sort(own.begin(), own.end(), [](const Range& a, const Range& b) {
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
    for (const Range& range : own) {
      Open* whole = nullptr;
      for (std::size_t i = std::min(opened, most_open); i > 0; --i) {
        Open& one = open[(opened - i) % most_open];
        if (one.range.place == range.place || one.range.begin > range.begin || one.range.end < range.end ||
            one.range.end - one.range.begin == range.end - range.begin)
          continue;
        if (whole == nullptr || (whole->covered > range.begin && one.covered <= range.begin)) whole = &one;
      }
      if (whole == nullptr) {
        open[opened++ % most_open] = {range, range.begin};
        continue;
      }
      if (wholes_.empty()) {
        wholes_.assign(next_.size(), 0);
        last_parts_.assign(next_.size(), 0);
      }
      wholes_[range.frame] = whole->range.frame;
      whole->covered = std::max(whole->covered, range.end);
      if (range.end == whole->range.end && last_parts_[whole->range.frame] == 0)
        last_parts_[whole->range.frame] = range.frame;
    }
  }
}

void Twins::build(const Notes& notes, Flows& flows) {
  clear();
  notes_ = &notes;
  flows_ = &flows;
  next_.assign(std::min<std::size_t>(notes.size(), flows.frame_count()) + 1, 0);
  repeated_.assign(next_.size(), 0);
  match_exactly();
  if (flows.place_count() < 2) return;
  match_changed();
  match_parts();
  for (const bool by_destination : {true, false}) match_translated(by_destination);
  flows.settle_joined();
  std::sort(alike_.begin(), alike_.end(), [](const Alike& a, const Alike& b) {
    return a.set != b.set ? a.set < b.set : a.frame < b.frame;
  });
}

}  // namespace humantime::letters
