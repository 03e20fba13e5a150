// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <array>
#include <map>
#include <tuple>
#include <utility>
#include <vector>

#include "gradual_index.h"
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

/// What is counted: a packet, or a question that may take several.
struct Counted {
  Phase phase{};
  bool is_question = false;
  std::uint32_t number = 0;  ///< of the frame, or of Leg::question
  std::uint16_t vantage = 0;
  bool operator==(const Counted&) const = default;
  std::uint64_t hash() const {
    return mix(std::uint64_t{number} << 1 | (is_question ? 1 : 0),
               static_cast<std::uint64_t>(phase) << 16 | vantage);
  }
};

/// The ordinals of one journey's milestones. Each vantage counts for itself, but what another one has counted
/// keeps its number: a capture that lacks a packet would be out of step for the rest.
class Ordinals {
 public:
  void count(Milestone& milestone, const Leg& leg, std::uint16_t vantage, std::uint16_t vantage_of_peer) {
    const Phase phase = milestone.mark.phase;
    const bool step = leg.question != 0 && row_of(phase).lane == Lane::dns;
    const Counted one{phase, step, step ? leg.question : to_number(leg.frame), vantage};
    if (const Entry* known = find(one)) {
      milestone.ordinal = known->ordinal;
      milestone.again = known->frame != leg.frame;
      return;
    }
    const Entry* twin = nullptr;
    if (leg.peer != no_frame)
      twin = find({phase, step, step ? leg.question : to_number(leg.peer), vantage_of_peer});
    std::uint32_t& last = last_[{phase, vantage}];
    milestone.ordinal = twin != nullptr ? twin->ordinal : last + 1;
    last = std::max(last, milestone.ordinal);
    entries_.push_back({one, milestone.ordinal, leg.frame});
    index_.insert(one.hash(), static_cast<std::uint32_t>(entries_.size() - 1),
                  [&](std::uint32_t other) { return entries_[other].counted.hash(); });
  }

 private:
  struct Entry {
    Counted counted;
    std::uint32_t ordinal;
    FrameNumber frame;  ///< the first
  };
  const Entry* find(const Counted& one) const {
    const std::uint32_t id =
        index_.find(one.hash(), [&](std::uint32_t other) { return entries_[other].counted == one; });
    return id == GradualIndex::none ? nullptr : &entries_[id];
  }

  std::vector<Entry> entries_;
  GradualIndex index_;
  std::map<std::pair<Phase, std::uint16_t>, std::uint32_t> last_;
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
  find_milestones(store, journey, out).finish();
}

Work find_milestones(const FrameStore& store, const Journey& journey, std::vector<Milestone>& out) {
  out.clear();
  struct Found {
    Milestone milestone;
    std::uint32_t leg;
    std::uint16_t vantage;
    std::uint32_t order_of_vantage;  ///< the one that saw the journey first counts first
    std::int64_t sent_ns;
  };
  std::vector<Found> found;
  // Most frames have one at the most: what is not needed is not touched.
  found.reserve(journey.legs.size());
  std::vector<PhaseMark> marks;
  std::map<std::uint16_t, std::uint32_t> order_of_vantages;
  std::int64_t time_ns = 0, sent_ns = 0;
  co_await each(std::size_t{0}, journey.legs.size(), [&](std::size_t i) {
    const Leg& leg = journey.legs[i];
    const FrameRow* row = store.find(leg.frame);
    // A mirror port's second copy is no second packet.
    if (row == nullptr || row->has(FrameRow::is_copy)) return;
    // A frame without a time stands where the one before it does.
    if (leg.has_time) {
      time_ns = leg.time_ns;
      sent_ns = leg.sent_ns;
    }
    store.marks(leg.frame, false, marks);
    const bool again = std::any_of(marks.begin(), marks.end(), [](const PhaseMark& mark) {
      return mark.phase == Phase::tcp_retransmission;
    });
    const std::uint32_t place =
        order_of_vantages.try_emplace(row->vantage, static_cast<std::uint32_t>(order_of_vantages.size()))
            .first->second;
    for (const PhaseMark& mark : marks) {
      if (!row_of(mark.phase).milestone || (again && is_repeated(mark.phase))) continue;
      found.push_back({{leg.frame, time_ns, mark, 1, leg.direction, leg.precision_ns, leg.end, false},
                       static_cast<std::uint32_t>(i),
                       row->vantage,
                       place,
                       sent_ns});
    }
  });
  std::vector<std::uint32_t> order;
  order.reserve(found.size());
  co_await each(0U, static_cast<std::uint32_t>(found.size()), [&](std::uint32_t i) { order.push_back(i); });
  co_await sorted(order, [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(found[a].order_of_vantage, found[a].sent_ns, a) <
           std::tie(found[b].order_of_vantage, found[b].sent_ns, b);
  });
  Ordinals ordinals;
  co_await each(std::size_t{0}, order.size(), [&](std::size_t i) {
    Found& one = found[order[i]];
    const Leg& leg = journey.legs[one.leg];
    const FrameRow* peer = leg.peer == no_frame ? nullptr : store.find(leg.peer);
    ordinals.count(one.milestone, leg, one.vantage, peer == nullptr ? one.vantage : peer->vantage);
  });
  // Files that were merged are not always in order of time; the marks of a frame keep theirs.
  co_await sorted(order, [&](std::uint32_t a, std::uint32_t b) {
    return std::tie(found[a].milestone.time_ns, found[a].leg, a) <
           std::tie(found[b].milestone.time_ns, found[b].leg, b);
  });
  out.reserve(order.size());
  co_await each(std::size_t{0}, order.size(),
                [&](std::size_t i) { out.push_back(found[order[i]].milestone); });
}

}  // namespace humantime::journeys
