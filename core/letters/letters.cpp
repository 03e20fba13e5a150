// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/letters.h"

#include <algorithm>
#include <array>

#include "saturating.h"

namespace humantime::letters {

std::string_view token_of(Unmatched reason) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Unmatched::count_)> tokens = {
      "", "no_key", "only_one_vantage", "outside", "lost", "ambiguous", "copy"};
  return tokens[static_cast<std::size_t>(reason)];
}

Work Letters::work_out(Extent extent, Settings settings) {
  extent_ = extent;
  settings_ = settings;
  if (!store_.vantages().empty()) {
    co_await flows_.build(store_, notes_, facts_, extent_.frames, extent_.facts);
    co_await twins_.build(notes_, flows_);
    co_await grown(fates_, flows_.frame_count() + 1);
    co_await grown(sights_, flows_.sight_count());
    corrections_.resize(flows_.vantage_count());
    co_await each(1U, frame_end(), [this](std::uint32_t frame) { see_place(frame); });
    co_await see_handshakes();
    co_await choose_reference();
    co_await compare_places();
    co_await see_one_way();
    co_await settle_alike();
    co_await match_frames();
    co_await estimate();
    co_await find_folded();
    co_await sort_letters();
    twins_.clear();
  }
  made_ = true;
}

bool Letters::timed(std::uint32_t frame) const {
  const FrameRow* row = store_.find(FrameNumber{frame});
  return row != nullptr && row->has(FrameRow::has_time);
}

/// A number that was given again may be of a place that nobody knew.
std::uint16_t Letters::place_of(std::uint32_t frame) const {
  const std::uint16_t vantage = store_.find(FrameNumber{frame})->vantage;
  return vantage < corrections_.size() ? flows_.place_of_vantage(vantage) : 0;
}

Letter Letters::letter_of(std::uint32_t frame) const {
  const Fate& fate = fates_[frame];
  Letter letter;
  letter.estimated = (fate.flags & estimated) != 0;
  std::int64_t own = told(frame);
  std::int64_t other = letter.estimated ? *estimated_other_end(frame, fate) : told(fate.peer);
  FrameNumber peer{fate.peer};
  FrameNumber self{frame};
  if ((fate.flags & received_here) != 0) {
    std::swap(own, other);
    std::swap(self, peer);
  }
  letter.sent = self;
  letter.received = peer;
  letter.sent_ns = own;
  letter.received_ns = settings_.correct_clocks ? std::max(own, other) : other;
  return letter;
}

Work Letters::sort_letters() {
  using Dated = std::pair<std::int64_t, std::uint32_t>;
  // What one place sent is in order nearly always, which is seen at a glance. Of many places, which a file
  // may be made up of, all are sorted at once.
  constexpr std::size_t few_places = 8;
  std::vector<std::vector<Dated>> by_place(corrections_.size());
  // What grows would be moved all at once; room that is not used takes no memory.
  if (by_place.size() <= few_places)
    for (std::vector<Dated>& own : by_place) own.reserve(frame_end());
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    const Fate& fate = fates_[frame];
    if ((fate.flags & of_letter) == 0 || !timed(frame) || (fate.peer != 0 && !timed(fate.peer))) return;
    by_place[place_of(frame)].emplace_back(letter_of(frame).sent_ns, frame);
  });
  std::vector<Dated> all, merged;
  for (std::vector<Dated>& own : by_place) {
    if (own.empty()) continue;
    if (by_place.size() > few_places) {
      all.insert(all.end(), own.begin(), own.end());
      co_await spent(own.size());
      continue;
    }
    co_await sorted(own, std::less<Dated>());
    if (all.empty()) {
      all = std::move(own);
      continue;
    }
    merged.clear();
    merged.reserve(all.size() + own.size());
    std::size_t other = 0;
    co_await each(std::size_t{0}, all.size(), [&](std::size_t i) {
      for (; other < own.size() && own[other] < all[i]; ++other) merged.push_back(own[other]);
      merged.push_back(all[i]);
    });
    co_await each(other, own.size(), [&](std::size_t i) { merged.push_back(own[i]); });
    all.swap(merged);
  }
  if (by_place.size() > few_places) co_await sorted(all, std::less<Dated>());
  sorted_.reserve(all.size());
  co_await each(std::size_t{0}, all.size(), [&](std::size_t i) { sorted_.push_back(all[i].second); });
}

void Letters::for_each(const std::function<void(const Letter&)>& visit) const {
  for (const std::uint32_t frame : sorted_) visit(letter_of(frame));
}

/// Whether the frame is the one of the two that was sent; nothing where that is not known.
std::optional<bool> Letters::was_sent(std::uint32_t frame, std::uint32_t peer) const {
  const Place &here = sights_[flows_.sight_of(frame)], &there = sights_[flows_.sight_of(peer)];
  if (here.closest_ns < 0 || there.closest_ns < 0) return std::nullopt;
  return (here.position_ns < there.position_ns) == flows_.from_client(frame);
}

/// The corrected time, and never a receipt before its sending: where clocks contradict themselves the frame
/// that is not the reference's gives way.
std::int64_t Letters::told(std::uint32_t frame) const {
  const std::int64_t own = corrected(frame);
  const std::uint32_t peer = fates_[frame].peer;
  if (!settings_.correct_clocks || peer == 0 || !timed(peer)) return own;
  const std::uint16_t place = place_of(frame);
  if (place == *reference_ || !are_compared(place, place_of(peer))) return own;
  const std::optional<bool> sent = was_sent(frame, peer);
  if (!sent) return own;
  if (!*sent) return std::max(own, corrected(peer));
  return place_of(peer) == *reference_ ? std::min(own, corrected(peer)) : own;
}

bool Letters::may_be_at(FrameNumber number, End end) const {
  const std::uint32_t frame = to_number(number);
  if (frame == 0 || frame >= fates_.size() || place_ends_.size() < 2) return true;
  const std::uint8_t known = place_ends_[place_of(frame)];
  if (known != 0 && (known & bit_of(end)) == 0) return false;
  // Of two that saw the same packet one is at that end at the most.
  return fates_[frame].peer == 0 || fates_[fates_[frame].peer].end != end;
}

std::int64_t Letters::corrected_ns(FrameNumber frame) const {
  const std::uint32_t number = to_number(frame);
  if (!timed(number)) return 0;
  if (number < fates_.size()) return told(number);
  // Whoever asks before all have come: its place may be new.
  return store_.find(frame)->vantage < corrections_.size() ? corrected(number) : time_of(number);
}

Sighting Letters::of(FrameNumber number) const {
  Sighting result;
  const std::uint32_t frame = to_number(number);
  if (frame == 0 || frame >= fates_.size() || store_.find(number) == nullptr) return result;
  const Fate& fate = fates_[frame];
  result.end = fate.end;
  result.direction = fate.direction;
  result.peer = FrameNumber{fate.peer};
  result.unmatched = fate.unmatched;
  result.estimated = (fate.flags & estimated) != 0;
  if (!timed(frame)) return result;
  result.corrected_ns = told(frame);
  if (settings_.correct_clocks) result.clock_precision_ns = corrections_[place_of(frame)].total_precision_ns;
  if (result.estimated) {
    result.other_end_ns = estimated_other_end(frame, fate);
    result.travel_ns = distance(result.corrected_ns, *result.other_end_ns);
    // One way may have taken all of the time.
    result.error_ns = std::max<std::int64_t>(difference(*result.travel_ns, settings_.light_ns), 0);
    return result;
  }
  if (fate.peer == 0 || !timed(fate.peer)) return result;
  const std::uint16_t place = place_of(frame), other = place_of(fate.peer);
  if (settings_.correct_clocks && !are_compared(place, other)) return result;
  result.other_end_ns = told(fate.peer);
  const std::optional<bool> sent_here = was_sent(frame, fate.peer);
  if (!sent_here) return result;
  const Place &here = sights_[flows_.sight_of(frame)], &there = sights_[flows_.sight_of(fate.peer)];
  const std::int64_t way = *sent_here ? difference(*result.other_end_ns, result.corrected_ns)
                                      : difference(result.corrected_ns, *result.other_end_ns);
  result.travel_ns = settings_.correct_clocks ? std::max<std::int64_t>(way, 0) : way;
  const bool from_end_to_end = here.end != End::middle && there.end != End::middle;
  result.faster_than_light = from_end_to_end && !*sent_here && *result.travel_ns < settings_.light_ns;
  if (!settings_.correct_clocks) return result;
  const Correction &own = corrections_[place], &far = corrections_[other];
  const bool direct = own.parent == other || far.parent == place;
  const Correction& edge = own.parent == other && place != *reference_ ? own : far;
  result.precision_ns = direct ? edge.precision_ns : sum(own.total_precision_ns, far.total_precision_ns);
  std::int64_t error = direct ? edge.error_ns : sum(own.total_error_ns, far.total_error_ns);
  if (from_end_to_end) error = std::max<std::int64_t>(difference(error, settings_.light_ns), 0);
  // Beside a step it is not known which clock stamped the frame.
  result.error_ns = sum(error, sum(own.unsure_ns(number), far.unsure_ns(result.peer)));
  return result;
}

}  // namespace humantime::letters
