// SPDX-License-Identifier: GPL-2.0-or-later
// The end where nobody captured.
#include <algorithm>
#include <utility>

#include "letters/letters.h"
#include "saturating.h"

namespace humantime::letters {
namespace {

using journeys::Direction;

}  // namespace

/// A question reaches its server, and the answer leaves, in the middle between the two. A connection's
/// packets take half of its handshake's round trip, but an answer does not leave before what it acknowledges
/// arrives.
Work Letters::estimate() {
  const auto one_ended = [&](std::uint32_t frame) {
    return frame < fates_.size() && flows_.has(frame) && timed(frame) &&
           fates_[frame].unmatched == Unmatched::only_one_vantage &&
           fates_[frame].direction != Direction::unknown;
  };
  struct Answerable {
    std::uint32_t end = 0;
    std::int64_t arrival_ns = 0;
    bool known = false;
  };
  // Room that is not used takes no memory, and what grows would be moved all at once.
  estimates_.reserve(frame_end());
  std::vector<Answerable> sent;
  co_await grown(sent, sights_.size());
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    if (!one_ended(frame)) return;
    const std::uint32_t sight = flows_.sight_of(frame);
    const std::int64_t half = sights_[sight].half_ns;
    if (half <= 0) return;
    Fate& fate = fates_[frame];
    const PacketNote& note = notes_[FrameNumber{frame}];
    Answerable& last = sent[sight];
    fate.flags |= estimated | of_letter;
    const std::int64_t now = corrected(frame);
    if (fate.direction == Direction::sent) {
      const std::uint32_t end = note.sequence + note.length + note.syn + note.fin;
      if (!last.known || static_cast<std::int32_t>(end - last.end) > 0) last = {end, sum(now, half), true};
      return;
    }
    fate.flags |= received_here;
    const bool answers = last.known && static_cast<std::int32_t>(note.acknowledgment - last.end) >= 0;
    if (!answers || difference(now, half) >= last.arrival_ns) return;
    fate.flags |= elsewhere;
    keep_estimate(frame, std::min(last.arrival_ns, now));
  });

  struct Question {
    std::uint64_t key = 0;
    std::uint32_t frame = 0;  ///< 0: it has its answer
  };
  std::vector<Question> questions;
  questions.reserve(extent_.facts);
  GradualIndex index;
  co_await each(std::size_t{0}, extent_.facts, [&](std::size_t i) {
    const journeys::Fact& fact = facts_[i];
    const std::uint32_t frame = to_number(fact.frame);
    const bool question = fact.kind == journeys::Fact::Kind::question;
    if ((!question && fact.kind != journeys::Fact::Kind::answer) || fact.number != 0 || !one_ended(frame))
      return;
    const std::uint64_t key = mix(std::uint64_t{flows_.sight_of(frame)} << 16 | fact.id,
                                  std::uint64_t{static_cast<std::uint32_t>(fact.name)} << 16 | fact.type);
    const std::uint32_t asked = index.find(key, [&](std::uint32_t id) { return questions[id].key == key; });
    if (question) {
      if (asked != GradualIndex::none) {
        questions[asked].frame = frame;
        return;
      }
      index.insert(key, static_cast<std::uint32_t>(questions.size()),
                   [&](std::uint32_t id) { return questions[id].key; });
      questions.push_back({key, frame});
      return;
    }
    if (asked == GradualIndex::none || questions[asked].frame == 0) return;
    const std::uint32_t first = std::exchange(questions[asked].frame, 0);
    const std::int64_t from = corrected(first), to = corrected(frame);
    if (to < from || fates_[first].direction == fates_[frame].direction) return;
    // At the server's end the other way round: nothing tells how long the way is.
    if (fates_[first].direction != Direction::sent) return;
    for (const std::uint32_t one : {first, frame}) {
      fates_[one].flags |= estimated | of_letter | elsewhere;
      keep_estimate(one, sum(from, difference(to, from) / 2));
    }
    fates_[frame].flags |= received_here;
  });
}

std::uint32_t Letters::find_estimate(std::uint32_t frame) const {
  return estimate_index_.find(mix(frame),
                              [&](std::uint32_t place) { return estimates_[place].first == frame; });
}

void Letters::keep_estimate(std::uint32_t frame, std::int64_t ns) {
  const std::uint32_t known = find_estimate(frame);
  if (known != GradualIndex::none) {
    estimates_[known].second = ns;
    return;
  }
  estimate_index_.insert(mix(frame), static_cast<std::uint32_t>(estimates_.size()),
                         [&](std::uint32_t place) { return mix(estimates_[place].first); });
  estimates_.emplace_back(frame, ns);
}

std::optional<std::int64_t> Letters::estimated_other_end(std::uint32_t frame, const Fate& fate) const {
  if ((fate.flags & estimated) == 0) return std::nullopt;
  if ((fate.flags & elsewhere) != 0) return estimates_[find_estimate(frame)].second;
  const std::int64_t half = sights_[flows_.sight_of(frame)].half_ns;
  return (fate.flags & received_here) != 0 ? difference(corrected(frame), half) : sum(corrected(frame), half);
}

}  // namespace humantime::letters
