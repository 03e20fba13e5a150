// SPDX-License-Identifier: GPL-2.0-or-later
// From each place's clock to the reference's.
#include <algorithm>
#include <cmath>
#include <map>
#include <queue>

#include "letters/letters.h"
#include "saturating.h"

namespace humantime::letters {
namespace {

/// Packets between two places that are kept for comparing their clocks: more are thinned out, the fastest
/// stay.
constexpr std::size_t most_crossings = 8192;

std::uint64_t pair_key(std::uint16_t place, std::uint16_t other) {
  return std::uint64_t{place} << 16 | other;
}

/// Of two neighbours one way the faster.
void thin_out(std::vector<Crossing>& crossings) {
  std::array<std::optional<Crossing>, 2> waiting;
  std::size_t kept = 0;
  for (const Crossing& one : crossings) {
    std::optional<Crossing>& before = waiting[one.a_to_b ? 1 : 0];
    if (!before) {
      before = one;
      continue;
    }
    const std::int64_t now = difference(one.b_ns, one.a_ns), then = difference(before->b_ns, before->a_ns);
    crossings[kept++] = (one.a_to_b ? now < then : now > then) ? one : *before;
    before.reset();
  }
  for (const std::optional<Crossing>& one : waiting)
    if (one) crossings[kept++] = *one;
  crossings.resize(kept);
}

}  // namespace

/// The client's end: the one where most flows have theirs.
Work Letters::choose_reference() {
  std::vector<std::uint32_t> clients(corrections_.size(), 0);
  co_await each(0U, flows_.sight_count(), [&](std::uint32_t sight) {
    if (sights_[sight].end == End::client) ++clients[flows_.sight(sight).place];
  });
  const auto most = std::max_element(clients.begin(), clients.end());
  reference_ = flows_.place_of_vantage(static_cast<std::uint16_t>(most - clients.begin()));
  Correction& correction = corrections_[*reference_];
  correction.known = true;
  correction.parent = *reference_;
}

/// The frame's time without what its clock was set forward by.
std::int64_t Letters::stepless(std::uint32_t frame, std::uint16_t place) const {
  std::int64_t ns = time_of(frame);
  for (const ClockStep& step : corrections_[place].steps)
    if (step.from <= FrameNumber{frame}) ns = difference(ns, step.size_ns);
  return ns;
}

std::int64_t Letters::Correction::unsure_ns(FrameNumber frame) const {
  std::int64_t ns = 0;
  for (const ClockStep& step : steps)
    if (step.unsure_from <= frame && frame <= step.unsure_to) ns = sum(ns, distance(step.size_ns, 0));
  return ns;
}

std::int64_t Letters::corrected(std::uint32_t frame) const {
  const FrameRow& row = *store_.find(FrameNumber{frame});
  const std::uint16_t place = place_of(frame);
  const Correction& correction = corrections_[place];
  if (!settings_.correct_clocks || !correction.known) return row.time_ns;
  const std::int64_t own = correction.steps.empty() ? row.time_ns : stepless(frame, place);
  const std::int64_t since = difference(own, correction.own_ns);
  if (correction.rate == 0) return sum(correction.reference_ns, since);
  constexpr double most = 9e18;
  const double drift = std::clamp(static_cast<double>(since) * correction.rate, -most, most);
  return sum(sum(correction.reference_ns, since), std::llround(drift));
}

Work Letters::compare_places() {
  // Packets between neighbours on the way, by their places.
  std::map<std::uint64_t, std::vector<Crossing>> pairs;
  std::vector<std::uint32_t> ring;
  co_await each(1U, frame_end(), [&](std::uint32_t frame) {
    if (!flows_.has(frame) || twins_.alone(frame)) return;
    ring.clear();
    bool first = true;
    std::uint32_t at = frame;
    do {
      first = first && at >= frame;
      if (timed(at) && sights_[flows_.sight_of(at)].closest_ns >= 0) ring.push_back(at);
      at = twins_.next(at);
    } while (at != frame);
    if (!first || ring.size() < 2) return;
    const auto position = [&](std::uint32_t one) { return sights_[flows_.sight_of(one)].position_ns; };
    std::sort(ring.begin(), ring.end(), [&](std::uint32_t a, std::uint32_t b) {
      return position(a) != position(b) ? position(a) < position(b) : flows_.place_of(a) < flows_.place_of(b);
    });
    for (std::size_t i = 0; i + 1 < ring.size(); ++i) {
      std::uint32_t a = ring[i], b = ring[i + 1];
      bool a_to_b = flows_.from_client(frame);
      if (flows_.place_of(a) > flows_.place_of(b)) {
        std::swap(a, b);
        a_to_b = !a_to_b;
      }
      std::vector<Crossing>& crossings = pairs[pair_key(flows_.place_of(a), flows_.place_of(b))];
      crossings.push_back({FrameNumber{a}, FrameNumber{b}, time_of(a), time_of(b), a_to_b});
      if (crossings.size() >= most_crossings) thin_out(crossings);
    }
  });
  // A tree from the reference, along those that have most in common.
  struct Edge {
    std::size_t score = 0;
    std::uint16_t from = 0, to = 0;
    bool operator<(const Edge& other) const { return score < other.score; }
  };
  std::map<std::uint16_t, std::vector<Edge>> edges;
  for (const auto& [key, crossings] : pairs) {
    const auto low = static_cast<std::uint16_t>(key >> 16), high = static_cast<std::uint16_t>(key);
    const auto there = static_cast<std::size_t>(
        std::count_if(crossings.begin(), crossings.end(), [](const Crossing& one) { return one.a_to_b; }));
    const std::size_t score = std::min(there, crossings.size() - there);
    edges[low].push_back({score, low, high});
    edges[high].push_back({score, high, low});
  }
  std::priority_queue<Edge> queue;
  for (const Edge& edge : edges[*reference_]) queue.push(edge);
  while (!queue.empty()) {
    const Edge edge = queue.top();
    queue.pop();
    if (corrections_[edge.to].known) continue;
    std::vector<Crossing> crossings =
        pairs[pair_key(std::min(edge.from, edge.to), std::max(edge.from, edge.to))];
    for (Crossing& one : crossings) {
      if (edge.from > edge.to) {
        std::swap(one.at_a, one.at_b);
        one.a_to_b = !one.a_to_b;
      }
      one.a_ns = stepless(to_number(one.at_a), edge.from);
      one.b_ns = time_of(to_number(one.at_b));
    }
    ClockComparison clocks;
    co_await compare_clocks(crossings, clocks);
    if (!clocks.known) continue;
    // An interface has one clock, unless captures were folded into it.
    if (share_clock(store_.vantages()[edge.from], store_.vantages()[edge.to]) && clocks.rate == 0 &&
        clocks.steps.empty() && clocks.offset_ns <= clocks.error_ns && clocks.offset_ns >= -clocks.error_ns)
      clocks.offset_ns = clocks.precision_ns = clocks.error_ns = 0;
    const Correction parent = corrections_[edge.from];
    Correction& child = corrections_[edge.to];
    child.known = true;
    child.parent = edge.from;
    child.own_ns = sum(clocks.since_ns, clocks.offset_ns);
    const std::int64_t since = difference(clocks.since_ns, parent.own_ns);
    child.reference_ns = sum(sum(parent.reference_ns, since),
                             std::llround(std::clamp(static_cast<double>(since) * parent.rate, -9e18, 9e18)));
    child.rate = (1 + parent.rate) / (1 + clocks.rate) - 1;
    child.precision_ns = clocks.precision_ns;
    child.error_ns = clocks.error_ns;
    child.total_precision_ns = sum(parent.total_precision_ns, child.precision_ns);
    child.total_error_ns = sum(parent.total_error_ns, child.error_ns);
    for (const ClockStep& step : clocks.steps)
      corrections_[step.of_a ? edge.from : edge.to].steps.push_back(step);
    for (const Edge& next : edges[edge.to]) queue.push(next);

    Finding finding;
    finding.place = edge.to;
    finding.other = edge.from;
    finding.count = clocks.a_to_b + clocks.b_to_a;
    finding.offset_ns = clocks.offset_ns;
    finding.precision_ns = clocks.precision_ns;
    finding.error_ns = std::max<std::int64_t>(difference(child.error_ns, settings_.light_ns), 0);
    finding.rate = clocks.rate;
    const auto add = [&](Finding::Kind kind) {
      finding.kind = kind;
      findings_.push_back(finding);
    };
    const bool one_end = clocks.round_trip_ns >= 0 && clocks.round_trip_ns <= same_place_ns;
    add(one_end ? Finding::Kind::same_place : Finding::Kind::clock);
    if (clocks.rate != 0) add(Finding::Kind::drift);
    for (const ClockStep& step : clocks.steps) {
      finding.place = step.of_a ? edge.from : edge.to;
      finding.offset_ns = step.size_ns;
      finding.frame = to_number(step.from);
      add(Finding::Kind::step);
    }
    finding.place = edge.to;
    if (clocks.round_trip_ns < 0) {
      finding.offset_ns = difference(0, clocks.round_trip_ns);
      add(Finding::Kind::contradiction);
    } else if (!one_end && settings_.light_ns > 0 && clocks.round_trip_ns / 2 < settings_.light_ns) {
      finding.offset_ns = difference(settings_.light_ns * 2, clocks.round_trip_ns);
      add(Finding::Kind::faster_than_light);
    }
  }
  const auto places = static_cast<std::uint16_t>(corrections_.size());
  for (std::uint16_t place = 0; place < places; ++place) {
    if (flows_.place_of_vantage(place) != place || corrections_[place].known) continue;
    Finding finding;
    finding.place = place;
    finding.other = *reference_;
    finding.kind = edges.contains(place) ? Finding::Kind::one_way : Finding::Kind::nothing_in_common;
    findings_.push_back(finding);
  }
}

bool Letters::are_compared(std::uint16_t place, std::uint16_t other) const {
  return corrections_[place].known && corrections_[other].known;
}

std::int64_t Letters::precision_ns() const {
  std::int64_t least = 0;
  for (const Correction& one : corrections_)
    if (one.known && one.error_ns > same_place_ns && (least == 0 || one.total_precision_ns < least))
      least = one.total_precision_ns;
  return least;
}

}  // namespace humantime::letters
