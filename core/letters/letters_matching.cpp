// SPDX-License-Identifier: GPL-2.0-or-later
// Twins made into letters, and why frames have none.
#include <algorithm>
#include <array>
#include <limits>
#include <map>

#include "letters/letters.h"
#include "saturating.h"

namespace humantime::letters {
namespace {

/// Two looks at a frame that are further apart than this are no mirror port's.
constexpr std::int64_t mirror_ns = 1'000'000;

}  // namespace

/// Packets that look alike, of which one place has more: by corrected times each that was received is the
/// last that was sent before it.
Work Letters::settle_alike() {
  const std::span<const Alike> alike = twins_.alike();
  for (std::size_t begin = 0; begin < alike.size();) {
    std::size_t end = begin;
    std::map<std::uint16_t, std::vector<std::uint32_t>> by_place;
    bool comparable = true;
    for (; end < alike.size() && alike[end].set == alike[begin].set; ++end) {
      const std::uint32_t frame = alike[end].frame;
      const std::uint16_t place = flows_.place_of(frame);
      comparable = comparable && timed(frame) && corrections_[place].known && twins_.alone(frame) &&
                   twins_.whole_of(frame) == 0 && sights_[flows_.sight_of(frame)].closest_ns >= 0;
      by_place[place].push_back(frame);
      fates_[frame].unmatched = Unmatched::ambiguous;
    }
    const bool from_client = flows_.from_client(alike[begin].frame);
    co_await spent(end - begin);
    begin = end;
    if (!comparable || by_place.size() < 2) continue;
    const auto nearness = [&](const auto& one) {
      const std::int64_t position = sights_[flows_.sight_of(one.second.front())].position_ns;
      return from_client ? position : difference(0, position);
    };
    const auto sender = std::min_element(by_place.begin(), by_place.end(), [&](const auto& a, const auto& b) {
      return nearness(a) < nearness(b);
    });
    for (const auto& [place, received] : by_place) {
      if (place == sender->first) continue;
      const std::int64_t slack =
          sum(corrections_[place].total_precision_ns, corrections_[sender->first].total_precision_ns);
      std::size_t sent = sender->second.size();
      for (std::size_t i = received.size(); i-- > 0 && sent > 0;) {
        const std::int64_t latest = sum(corrected(received[i]), slack);
        while (sent > 0 && corrected(sender->second[sent - 1]) > latest) --sent;
        if (sent > 0) twins_.pair(sender->second[--sent], received[i]);
      }
    }
    for (const auto& [place, frames] : by_place)
      for (const std::uint32_t frame : frames) fates_[frame].unmatched = Unmatched::no_key;
  }
}

Work Letters::match_frames() {
  // When each place was listening.
  std::vector<std::array<std::int64_t, 2>> running(
      corrections_.size(),
      {std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::min()});
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    const FrameRow* row = store_.find(FrameNumber{frame});
    if (row == nullptr || !row->has(FrameRow::has_time)) return;
    auto& [first, last] = running[flows_.place_of_vantage(row->vantage)];
    const std::int64_t now = corrected(frame);
    first = std::min(first, now);
    last = std::max(last, now);
  });
  const auto rank = [&](std::uint32_t frame) {
    const Place& place = sights_[flows_.sight_of(frame)];
    if (place.closest_ns >= 0) return place.position_ns;
    constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max() / 2;
    return place.end == End::client ? -far : place.end == End::server ? far : 0;
  };
  const auto reason_of = [&](std::uint32_t frame) {
    const Flow& flow = flows_.flow(flows_.flow_of(frame));
    if (flow.places < 2) return Unmatched::only_one_vantage;
    if (twins_.is_repeated(frame)) return Unmatched::copy;
    if (fates_[frame].unmatched == Unmatched::ambiguous) return Unmatched::ambiguous;
    if (!timed(frame)) return Unmatched::lost;
    bool listening = false;
    for (std::uint32_t at = flow.first_sight; at != Sight::none && !listening; at = flows_.sight(at).next) {
      const std::uint16_t place = flows_.sight(at).place;
      if (place == flows_.place_of(frame)) continue;
      const std::int64_t now = corrected(frame);
      listening = !are_compared(place, flows_.place_of(frame)) ||
                  (now >= running[place][0] && now <= running[place][1]);
    }
    return listening ? Unmatched::lost : Unmatched::outside;
  };
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    Fate& fate = fates_[frame];
    if (!flows_.has(frame)) {
      const FrameRow* row = store_.find(FrameNumber{frame});
      if (row != nullptr && row->has(FrameRow::is_copy)) fate.unmatched = Unmatched::copy;
      if (row != nullptr) ++unmatched_[static_cast<std::size_t>(fate.unmatched)];
      return;
    }
    const bool from_client = flows_.from_client(frame);
    fate.end = sights_[flows_.sight_of(frame)].end;
    fate.direction = direction_at(fate.end, from_client);
    const std::uint32_t whole = twins_.whole_of(frame), part = twins_.last_part_of(frame);
    if (whole != 0) {
      fate.peer = whole;
      fate.flags |= of_letter;
      if ((rank(frame) > rank(whole)) == from_client) fate.flags |= received_here;
    } else if (part != 0) {
      fate.peer = part;
    } else if (!twins_.alone(frame)) {
      std::uint32_t client = frame, server = frame;
      for (std::uint32_t at = twins_.next(frame); at != frame; at = twins_.next(at)) {
        if (rank(at) < rank(client) || (rank(at) == rank(client) && at < client)) client = at;
        if (rank(at) > rank(server) || (rank(at) == rank(server) && at < server)) server = at;
      }
      const std::uint32_t sent = from_client ? client : server, received = from_client ? server : client;
      if (difference(rank(server), rank(client)) > same_place_ns) {
        // Another interface of the receiver's is at the receiver.
        fate.peer = distance(rank(frame), rank(received)) <= same_place_ns ? sent : received;
        if (frame == sent) fate.flags |= of_letter;
      } else if (rank(frame) == 0 && sights_[flows_.sight_of(frame)].closest_ns < 0) {
        // The same packet, but nothing tells which way it went.
        fate.peer = twins_.next(frame);
      }
    }
    fate.unmatched = fate.peer != 0        ? Unmatched::none
                     : twins_.alone(frame) ? reason_of(frame)
                                           : Unmatched::only_one_vantage;
    ++unmatched_[static_cast<std::size_t>(fate.unmatched)];
  });
}

/// Every packet twice at one vantage: a mirror port's copies follow within microseconds and have passed the
/// same routers, another place's have not. Told by packets with an identification, which retransmissions do
/// not share.
Work Letters::find_folded() {
  constexpr std::uint64_t least_pairs = 4;
  struct Count {
    std::uint64_t packets = 0, twice = 0, elsewhere = 0;
  };
  std::vector<Count> counts(corrections_.size());
  GradualIndex index;
  const auto hash_of = [&](std::uint32_t frame) {
    const PacketNote& note = notes_[FrameNumber{frame}];
    const FrameRow& row = *store_.find(FrameNumber{frame});
    return mix(
        mix(endpoint_word(row.source, row.source_port), endpoint_word(row.destination, row.destination_port)),
        mix(std::uint64_t{note.sequence} << 32 | note.acknowledgment,
            std::uint64_t{note.length} << 32 | std::uint64_t{note.ip_id} << 16 | row.vantage));
  };
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    const PacketNote& note = notes_[FrameNumber{frame}];
    // What was seen elsewhere is told apart from it.
    if (fates_[frame].peer != 0) return;
    if (note.is() == PacketNote::Kind::none || note.ip_id == 0 || !timed(frame)) return;
    const FrameRow& row = *store_.find(FrameNumber{frame});
    Count& count = counts[row.vantage];
    ++count.packets;
    const std::uint64_t hash = hash_of(frame);
    const std::uint32_t first = index.find(hash, [&](std::uint32_t other) { return hash_of(other) == hash; });
    if (first == GradualIndex::none) {
      index.insert(hash, frame, hash_of);
      return;
    }
    ++count.twice;
    if (notes_[FrameNumber{first}].hops != note.hops || distance(time_of(first), row.time_ns) > mirror_ns)
      ++count.elsewhere;
  });
  for (std::size_t vantage = 0; vantage < counts.size(); ++vantage) {
    const Count& count = counts[vantage];
    if (count.twice < least_pairs || count.twice < count.packets / 3 || count.elsewhere < count.twice / 2)
      continue;
    Finding finding;
    finding.kind = Finding::Kind::folded;
    finding.place = static_cast<std::uint16_t>(vantage);
    finding.other = finding.place;
    finding.count = count.twice;
    findings_.push_back(finding);
  }
}

}  // namespace humantime::letters
