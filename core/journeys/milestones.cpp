// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>

#include "flat_index.h"
#include "journeys/journey.h"

namespace humantime::journeys {
namespace {

constexpr std::array<std::string_view, 5> kind_tokens = {"completed", "refused", "unanswered", "abandoned",
                                                         "failed"};
constexpr std::array<std::string_view, 3> direction_tokens = {"", "sent", "received"};
constexpr std::array<std::string_view, 4> end_tokens = {"", "client", "server", "middle"};

/// What a header says again when its segment is sent again: no event of its own, the retransmission is.
bool is_repeated(Phase phase) {
  return phase == Phase::tcp_syn || phase == Phase::tcp_syn_ack || phase == Phase::tcp_fin;
}

/// Counts the packets of each phase, sent and received ones apart and each vantage for itself, so that the
/// two copies of a letter have the same number.
class Ordinals {
 public:
  /// Sets the ordinal, and whether it was asked or answered before; `question` is Leg::question.
  void count(Milestone& milestone, std::uint16_t vantage, std::uint32_t question) {
    const std::uint64_t key = std::uint64_t{vantage} << 16 |
                              static_cast<std::uint64_t>(milestone.direction) << 8 |
                              static_cast<std::uint64_t>(milestone.mark.phase);
    if (question == 0 || row_of(milestone.mark.phase).lane != Lane::dns) {
      milestone.ordinal = next(key, milestone.frame);
      return;
    }
    const std::uint64_t hash = mix(key, question);
    const std::uint32_t id = step_index_.find(hash, [&](std::uint32_t other) {
      return steps_[other].key == key && steps_[other].question == question;
    });
    if (id != FlatIndex::none) {
      milestone.ordinal = steps_[id].ordinal;
      milestone.again = steps_[id].frame != milestone.frame;
      return;
    }
    milestone.ordinal = next(key, milestone.frame);
    steps_.push_back({key, question, milestone.ordinal, milestone.frame});
    step_index_.insert(hash, static_cast<std::uint32_t>(steps_.size() - 1),
                       [&](std::uint32_t other) { return mix(steps_[other].key, steps_[other].question); });
  }

 private:
  std::uint32_t next(std::uint64_t key, FrameNumber frame) {
    std::uint32_t id =
        index_.find(mix(key), [&](std::uint32_t other) { return counters_[other].key == key; });
    if (id == FlatIndex::none) {
      id = static_cast<std::uint32_t>(counters_.size());
      counters_.push_back({key, no_frame, 0});
      index_.insert(mix(key), id, [&](std::uint32_t other) { return mix(counters_[other].key); });
    }
    Counter& counter = counters_[id];
    // Two tickets in one packet are one packet of that phase.
    if (counter.last != frame) ++counter.count;
    counter.last = frame;
    return counter.count;
  }

  struct Counter {
    std::uint64_t key;
    FrameNumber last;
    std::uint32_t count;
  };
  struct Step {
    std::uint64_t key;
    std::uint32_t question, ordinal;
    FrameNumber frame;  ///< the first
  };
  std::vector<Counter> counters_;
  FlatIndex index_;
  std::vector<Step> steps_;
  FlatIndex step_index_;
};

}  // namespace

std::string_view token_of(Kind kind) {
  return kind_tokens[static_cast<std::size_t>(kind)];
}

std::string_view token_of(Direction direction) {
  return direction_tokens[static_cast<std::size_t>(direction)];
}

std::string_view token_of(End end) {
  return end_tokens[static_cast<std::size_t>(end)];
}

void list_milestones(const FrameStore& store, const Journey& journey, std::vector<Milestone>& out) {
  out.clear();
  struct Found {
    Milestone milestone;
    std::uint32_t question;
  };
  std::vector<Found> found;
  std::vector<PhaseMark> marks;
  std::int64_t time_ns = 0;
  for (const Leg& leg : journey.legs) {
    const FrameRow* row = store.find(leg.frame);
    // A mirror port's second copy is no second packet.
    if (row == nullptr || row->has(FrameRow::is_copy)) continue;
    // A frame without a time stands where the one before it does.
    if (row->has(FrameRow::has_time)) time_ns = row->time_ns;
    store.marks(leg.frame, false, marks);
    const bool again = std::any_of(marks.begin(), marks.end(), [](const PhaseMark& mark) {
      return mark.phase == Phase::tcp_retransmission;
    });
    for (const PhaseMark& mark : marks) {
      if (!row_of(mark.phase).milestone || (again && is_repeated(mark.phase))) continue;
      found.push_back({{leg.frame, time_ns, mark, 1, leg.direction, false}, leg.question});
    }
  }
  // Files that were merged are not always in order of time; the marks of a frame keep theirs.
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return a.milestone.time_ns < b.milestone.time_ns; });
  Ordinals ordinals;
  for (Found& one : found) {
    ordinals.count(one.milestone, store.find(one.milestone.frame)->vantage, one.question);
    out.push_back(one.milestone);
  }
}

}  // namespace humantime::journeys
