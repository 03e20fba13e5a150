// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/other_end.h"

#include <algorithm>
#include <map>
#include <vector>

#include "saturating.h"

namespace humantime::reports {
namespace {

using journeys::Direction;
using journeys::End;
using journeys::Journey;
using journeys::Leg;
using letters::Letters;
using letters::Sighting;
using letters::Unmatched;

/// The place that has most of the twins of what `vantage` saw; of several the first.
std::optional<std::uint16_t> find_other(const FrameStore& store, const Journey& journey,
                                        std::uint16_t vantage) {
  std::map<std::uint16_t, std::uint32_t> twins;
  for (const Leg& leg : journey.legs) {
    if (leg.peer == no_frame) continue;
    const FrameRow *row = store.find(leg.frame), *peer = store.find(leg.peer);
    if (row != nullptr && peer != nullptr && row->vantage == vantage && peer->vantage != vantage)
      ++twins[peer->vantage];
  }
  const auto most = std::max_element(twins.begin(), twins.end(),
                                     [](const auto& a, const auto& b) { return a.second < b.second; });
  return most == twins.end() ? std::nullopt : std::optional(most->first);
}

/// From the client to the server? Nothing where the end does not tell.
std::optional<bool> goes_out(End end, Direction direction) {
  if (direction == Direction::unknown || (end != End::client && end != End::server)) return std::nullopt;
  return (end == End::client) == (direction == Direction::sent);
}

std::int64_t median_of(std::vector<std::int64_t>& values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  if (values.size() % 2 == 1) return *middle;
  const std::int64_t below = *std::max_element(values.begin(), middle);
  return sum(below, difference(*middle, below) / 2);
}

/// Goes through a journey's packets as two places saw them.
class Comparison {
 public:
  Comparison(const FrameStore& store, const Letters& letters, const Journey& journey, std::uint16_t first,
             OtherEnd& found)
      : store_(store), letters_(letters), journey_(journey), first_(first), found_(found) {
    const End near = position_of(store, journey, first);
    first_is_nearer_client_ = found.position != End::client && near != End::server;
  }

  void take(const Leg& leg) {
    const FrameRow* row = store_.find(leg.frame);
    if (row == nullptr || row->has(FrameRow::is_copy)) return;
    const bool here = row->vantage == first_;
    if (!here && row->vantage != found_.view.vantage) return;
    if (!here) take_other(leg, *row);
    if (here && leg.has_time && !first_shows_more_ns_)
      first_shows_more_ns_ = difference(row->time_ns, leg.time_ns);
    const Sighting seen = letters_.of(leg.frame);
    const bool out = is_out(leg, *row);
    const bool at_sender = here == (out == first_is_nearer_client_);
    Way& way = out ? found_.out : found_.back;
    if (at_sender && was_sent_again(leg.frame)) ++way.retransmissions;
    if (leg.peer != no_frame && is_there(leg.peer, here)) {
      // Of a packet and its twin the first place's tells; of what was cut on the way, each part.
      if (here || letters_.of(leg.peer).peer != leg.frame) take_letter(way, out, seen);
      return;
    }
    const bool elsewhere = leg.peer != no_frame;
    if (!elsewhere && seen.unmatched != Unmatched::lost && seen.unmatched != Unmatched::outside &&
        seen.unmatched != Unmatched::ambiguous)
      return;
    // What a third place saw and this one did not was lost between them; what this one sees of a third
    // place's, the first one cannot have.
    if (elsewhere && !at_sender) return;
    ++way.unmatched;
    if (at_sender && (elsewhere || seen.unmatched == Unmatched::lost)) ++way.lost;
  }

  void finish() {
    if (!out_ns_.empty()) found_.out.median_ns = median_of(out_ns_);
    if (!back_ns_.empty()) found_.back.median_ns = median_of(back_ns_);
    if (found_.precision_ns && first_shows_more_ns_ && other_shows_more_ns_)
      found_.clock_offset_ns = difference(*other_shows_more_ns_, *first_shows_more_ns_);
  }

 private:
  void take_other(const Leg& leg, const FrameRow& row) {
    if (found_.first_frame == no_frame) found_.first_frame = leg.frame;
    found_.last_frame = leg.frame;
    if (!leg.has_time || other_shows_more_ns_) return;
    other_shows_more_ns_ = difference(row.time_ns, leg.time_ns);
    found_.date_precision_ns = leg.precision_ns;
  }

  /// Whether a twin is at the other one of the two places; another interface of the same end is at that end.
  bool is_there(FrameNumber peer, bool seen_from_first) const {
    const FrameRow* row = store_.find(peer);
    if (row == nullptr) return false;
    if (row->vantage == (seen_from_first ? found_.view.vantage : first_)) return true;
    const bool at_an_end = found_.position == End::client || found_.position == End::server;
    return seen_from_first && at_an_end && letters_.of(peer).end == found_.position;
  }

  bool is_out(const Leg& leg, const FrameRow& row) const {
    if (const auto out = goes_out(leg.end, leg.direction)) return *out;
    if (leg.peer != no_frame) {
      const Sighting peer = letters_.of(leg.peer);
      if (const auto out = goes_out(peer.end, peer.direction)) return *out;
    }
    return row.source != journey_.server.address || row.source_port != journey_.server.port;
  }

  bool was_sent_again(FrameNumber frame) {
    store_.marks(frame, false, marks_);
    return std::any_of(marks_.begin(), marks_.end(),
                       [](const PhaseMark& mark) { return mark.phase == Phase::tcp_retransmission; });
  }

  void take_letter(Way& way, bool out, const Sighting& seen) {
    ++way.letters;
    if (seen.precision_ns)
      found_.precision_ns = std::max(found_.precision_ns.value_or(0), *seen.precision_ns);
    if (seen.error_ns) found_.error_ns = std::max(found_.error_ns.value_or(0), *seen.error_ns);
    if (!seen.travel_ns) return;
    way.least_ns = std::min(way.least_ns.value_or(*seen.travel_ns), *seen.travel_ns);
    (out ? out_ns_ : back_ns_).push_back(*seen.travel_ns);
  }

  const FrameStore& store_;
  const Letters& letters_;
  const Journey& journey_;
  const std::uint16_t first_;
  OtherEnd& found_;
  bool first_is_nearer_client_ = true;
  /// What a place's clock showed more than the corrected time, at its first frame.
  std::optional<std::int64_t> first_shows_more_ns_, other_shows_more_ns_;
  std::vector<std::int64_t> out_ns_, back_ns_;
  std::vector<PhaseMark> marks_;
};

}  // namespace

End position_of(const FrameStore& store, const Journey& journey, std::uint16_t vantage) {
  for (const Leg& leg : journey.legs) {
    const FrameRow* row = store.find(leg.frame);
    if (row != nullptr && row->vantage == vantage && leg.end != End::unknown) return leg.end;
  }
  return End::unknown;
}

std::optional<OtherEnd> other_end(const FrameStore& store, const Letters& letters, const Journey& journey,
                                  std::span<const journeys::Milestone> milestones, const PlaceView& view) {
  const auto vantage = find_other(store, journey, view.vantage);
  if (!vantage) return std::nullopt;
  OtherEnd found;
  found.view = view_of(store, journey, milestones, *vantage);
  found.position = position_of(store, journey, *vantage);
  Comparison comparison(store, letters, journey, view.vantage, found);
  for (const Leg& leg : journey.legs) comparison.take(leg);
  comparison.finish();

  const StageTotals &near = view.totals, &far = found.view.totals;
  const bool comparable = near.wait != StageTotals::none && far.wait != StageTotals::none &&
                          !near.overlapping && !far.overlapping && view.requests == found.view.requests &&
                          near.wait >= far.wait;
  if (comparable) found.network_wait_ns = near.wait - far.wait;
  return found;
}

}  // namespace humantime::reports
