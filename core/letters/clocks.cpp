// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/clocks.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "saturating.h"

namespace humantime::letters {
namespace {

/// Packets each way below which a line or a step would follow the noise.
constexpr std::size_t enough_for_line = 8, enough_for_step = 2;
constexpr double shortest_span_for_line_ns = 1e9;
/// A crystal is within 0.01 %, a virtual machine's clock in trouble within 1 %.
constexpr double greatest_rate = 0.01;
/// What a line or a step must widen the band by: so many times the noise of its edges, and so much.
constexpr double noises = 4, least_line_gain_ns = 10e3, least_step_gain_ns = 100e3;
constexpr int deepest_split = 4;
constexpr int rounds = 4;

std::int64_t to_ns(double ns) {
  constexpr double most = 9.2e18;  // what a hostile file may hold is more than 64 bits
  return static_cast<std::int64_t>(std::llround(std::clamp(ns, -most, most)));
}

struct Sample {
  double t = 0;  ///< on a's clock, since the first
  double y = 0;  ///< b's clock less a's, less the first's
  FrameNumber at_a = no_frame, at_b = no_frame;
  bool a_to_b = true;
};

/// Where the offset may lie: below all of one way, above all of the other.
struct Band {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::size_t up = 0, down = 0;  ///< packets from a to b, from b to a

  void add(bool a_to_b, double y) {
    if (a_to_b) {
      high = std::min(high, y);
      ++up;
    } else {
      low = std::max(low, y);
      ++down;
    }
  }
  bool has(std::size_t each_way) const { return up >= each_way && down >= each_way; }
  Band with(const Band& other) const {
    return {std::max(low, other.low), std::min(high, other.high), up + other.up, down + other.down};
  }
  double width() const { return high - low; }
  double middle() const { return low + (high - low) / 2; }
};

Band band_of(std::span<const Sample> samples) {
  Band band;
  for (const Sample& sample : samples) band.add(sample.a_to_b, sample.y);
  return band;
}

/// How far the third fastest packet of a way stays behind the fastest (the second, where there are but two),
/// both ways together; nothing where a way has only one.
std::optional<double> noise_of(std::span<const Sample> samples) {
  constexpr double none = std::numeric_limits<double>::infinity();
  std::array<std::array<double, 3>, 2> least = {{{none, none, none}, {none, none, none}}};
  for (const Sample& sample : samples) {
    std::array<double, 3>& of = least[sample.a_to_b ? 1 : 0];
    double y = sample.a_to_b ? sample.y : -sample.y;
    for (double& one : of)
      if (y < one) std::swap(y, one);
  }
  double sum = 0;
  for (const std::array<double, 3>& of : least) {
    if (of[1] == none) return std::nullopt;
    sum += (of[2] == none ? of[1] : of[2]) - of[0];
  }
  return sum;
}

// -- a clock that runs fast
// --------------------------------------------------------------------------------------------

struct Point {
  double t, y;
};

/// The lower convex hull of the fastest packets one way: all that a line below them can touch. `sign` turns
/// the other way round. Samples are in order of t.
std::vector<Point> lower_hull(std::span<const Sample> samples, bool a_to_b) {
  std::vector<Point> hull;
  for (const Sample& sample : samples) {
    if (sample.a_to_b != a_to_b) continue;
    const Point p{sample.t, a_to_b ? sample.y : -sample.y};
    const auto turns_right = [&] {
      const Point &o = hull[hull.size() - 2], &q = hull.back();
      return (q.t - o.t) * (p.y - o.y) - (q.y - o.y) * (p.t - o.t) <= 0;
    };
    while (hull.size() >= 2 && turns_right()) hull.pop_back();
    hull.push_back(p);
  }
  return hull;
}

double least_above(std::span<const Point> hull, double rate) {
  double least = std::numeric_limits<double>::infinity();
  for (const Point& p : hull) least = std::min(least, p.y - rate * p.t);
  return least;
}

/// Where a clock was set: samples [0, cuts[0]), [cuts[0], cuts[1]), …
using Cuts = std::vector<std::size_t>;

template <typename Visit>
void for_each_piece(std::span<const Sample> samples, const Cuts& cuts, Visit visit) {
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    visit(samples.subspan(begin, cut - begin));
    begin = cut;
  }
  visit(samples.subspan(begin));
}

/// The rate that keeps the narrowest piece widest. Its width is a concave function of the rate: a least of
/// sums of two least values of lines.
Work find_rate(std::span<const Sample> samples, const Cuts& cuts, double& rate) {
  std::vector<std::array<std::vector<Point>, 2>> hulls;
  bool enough = false;
  for_each_piece(samples, cuts, [&](std::span<const Sample> piece) {
    std::vector<Sample> in_time(piece.begin(), piece.end());
    std::stable_sort(in_time.begin(), in_time.end(),
                     [](const Sample& a, const Sample& b) { return a.t < b.t; });
    hulls.push_back({lower_hull(in_time, true), lower_hull(in_time, false)});
    enough = enough || (band_of(piece).has(enough_for_line) &&
                        in_time.back().t - in_time.front().t >= shortest_span_for_line_ns);
  });
  rate = 0;
  co_await spent(samples.size());
  if (!enough) co_return;
  std::size_t points = 0;
  for (const auto& [there, back] : hulls) points += there.size() + back.size();
  const auto width = [&](double with) {
    double least = std::numeric_limits<double>::infinity();
    for (const auto& [there, back] : hulls)
      least = std::min(least, least_above(there, with) + least_above(back, -with));
    return least;
  };
  double low = -greatest_rate, high = greatest_rate;
  constexpr int narrowings = 90;
  for (int i = 0; i < narrowings; ++i) {
    co_await spent(2 * points);
    const double third = (high - low) / 3;
    if (width(low + third) < width(high - third))
      low += third;
    else
      high -= third;
  }
  rate = low + (high - low) / 2;
}

// -- a clock that was set
// ----------------------------------------------------------------------------------------------

/// Cuts [begin, end) where the two sides together are widest, counted by their packets, and those again.
void split(std::span<const Sample> samples, std::size_t begin, std::size_t end, int depth, Cuts& cuts) {
  if (depth == deepest_split) return;
  const std::span<const Sample> all = samples.subspan(begin, end - begin);
  const auto area = [](const Band& band) { return band.width() * static_cast<double>(band.up + band.down); };
  std::vector<double> before(all.size(), 0);  // 0: too little
  Band band;
  for (std::size_t i = 0; i < all.size(); ++i) {
    before[i] = band.has(enough_for_step) ? area(band) : 0;
    band.add(all[i].a_to_b, all[i].y);
  }
  double best = area(band);
  band = Band{};
  std::size_t cut = 0;
  for (std::size_t i = all.size(); i-- > 0;) {
    band.add(all[i].a_to_b, all[i].y);
    if (before[i] == 0 || !band.has(enough_for_step)) continue;
    const double both = before[i] + area(band);
    if (both <= best) continue;
    best = both;
    cut = i;
  }
  if (cut == 0) return;
  cuts.push_back(begin + cut);
  split(samples, begin, begin + cut, depth + 1, cuts);
  split(samples, begin + cut, end, depth + 1, cuts);
}

double narrowest(std::span<const Band> bands) {
  double least = std::numeric_limits<double>::infinity();
  for (const Band& band : bands) least = std::min(least, band.width());
  return least;
}

/// The fastest of all may lie beyond what the fastest of one side tells: by so much, and no more than tells
/// the sides apart.
double slack_between(const Band& before, const Band& after) {
  constexpr double most_ns = 200e3;
  return std::min(most_ns, std::abs(after.middle() - before.middle()) / 4);
}

/// Packets between the last one that can only lie before a cut and the first that can only lie after it fit
/// on both sides: they lie on the one where they took less time. Gives where the cut is then.
std::size_t refine(std::span<const Sample> samples, const Band& before, const Band& after) {
  // Earlier than the fastest is impossible: worse than any delay.
  constexpr double impossible = 1e18;
  const double slack = slack_between(before, after);
  const auto delay = [slack](const Sample& sample, const Band& band) {
    const double ns = sample.a_to_b ? sample.y - band.high : band.low - sample.y;
    return ns < -slack ? impossible : std::abs(ns);
  };
  double cost = 0, best = 0;
  std::size_t cut = 0;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    cost += delay(samples[i], before) - delay(samples[i], after);
    if (i > 0 && cost >= best) continue;
    best = cost;
    cut = i + 1;
  }
  return std::min(cut, samples.size() - 1);
}

/// A queue that was long for a while makes a band wide too, but the whole no narrower: such cuts are left
/// out, the least of them first.
Cuts find_cuts(std::span<const Sample> samples) {
  Cuts cuts;
  split(samples, 0, samples.size(), 0, cuts);
  std::sort(cuts.begin(), cuts.end());
  std::vector<Band> bands;
  std::vector<Sample> levelled;
  for_each_piece(samples, cuts, [&](std::span<const Sample> piece) {
    bands.push_back(band_of(piece));
    for (Sample sample : piece) {
      sample.y -= bands.back().middle();
      levelled.push_back(sample);
    }
  });
  const double needed = std::max(noises * noise_of(levelled).value_or(0), least_step_gain_ns);
  while (!cuts.empty()) {
    const double least = narrowest(bands);
    std::size_t weakest = 0;
    double width = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < cuts.size(); ++i) {
      const double both = bands[i].with(bands[i + 1]).width();
      if (both > width) {
        width = both;
        weakest = i;
      }
    }
    if (width + needed < least) break;
    const auto at = static_cast<std::ptrdiff_t>(weakest);
    bands[weakest] = bands[weakest].with(bands[weakest + 1]);
    bands.erase(bands.begin() + at + 1);
    cuts.erase(cuts.begin() + at);
  }
  Cuts refined = cuts;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    const std::size_t begin = i == 0 ? 0 : refined[i - 1];
    const std::size_t end = i + 1 == cuts.size() ? samples.size() : cuts[i + 1];
    refined[i] = begin + refine(samples.subspan(begin, end - begin), bands[i], bands[i + 1]);
  }
  bool whole = true;
  for_each_piece(samples, refined,
                 [&](std::span<const Sample> piece) { whole = whole && band_of(piece).has(1); });
  if (whole) cuts = refined;
  return cuts;
}

// -- both
// --------------------------------------------------------------------------------------------------------------

/// What a clock may have done, and the band that this leaves.
struct Model {
  double rate = 0;
  double middle = 0;  ///< of the first piece, at t = 0
  std::vector<ClockStep> steps;
  double width = 0;   ///< of the narrowest piece
  double widest = 0;  ///< where least is known
  double delay = 0;   ///< of all packets, behind the fastest of their piece
  std::optional<double> noise;

  bool explains_more_than(const Model& simpler) const {
    const double gain = width - simpler.width;
    const double least = steps.empty() ? least_line_gain_ns : least_step_gain_ns;
    // Each step more has to: with enough of them any noise is explained.
    const std::size_t more = steps.size() > simpler.steps.size() ? steps.size() - simpler.steps.size() : 1;
    return noise && gain >= static_cast<double>(more) * std::max(noises * *noise, least);
  }
};

/// The same steps of the other clock, at about the same time. What crossed meanwhile took as long as others
/// where they are the right one's.
bool fits_better(const Model& model, const Model& other) {
  if (model.steps.empty() || model.steps.size() != other.steps.size() || !model.noise) return false;
  if ((model.rate == 0) != (other.rate == 0)) return false;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  for (const ClockStep& step : model.steps)
    least = std::min(least, step.size_ns < 0 ? difference(0, step.size_ns) : step.size_ns);
  return model.width >= other.width - noises * *model.noise &&
         model.delay + static_cast<double>(least) / 2 < other.delay;
}

std::vector<Sample> flattened(std::span<const Sample> samples, double rate) {
  std::vector<Sample> flat(samples.begin(), samples.end());
  for (Sample& sample : flat) sample.y -= rate * sample.t;
  return flat;
}

/// Whether a packet may have gone by where a clock shows that band: no faster than the fastest, but for so
/// much.
bool fits(const Sample& sample, const Band& band, double slack) {
  return sample.a_to_b ? sample.y >= band.high - slack : sample.y <= band.low + slack;
}

/// How far around a cut packets fit on both sides of it: where between two that do not the clock was set,
/// nothing tells. Gives the frames of the place whose clock it is.
std::pair<FrameNumber, FrameNumber> unsure_around(std::span<const Sample> before,
                                                  std::span<const Sample> after, bool by_a) {
  const Band earlier = band_of(before), later = band_of(after);
  const double slack = slack_between(earlier, later);
  const auto frame_of = [by_a](const Sample& sample) { return by_a ? sample.at_a : sample.at_b; };
  std::size_t left = before.size();
  while (left > 0 && fits(before[left - 1], later, slack)) --left;
  std::size_t right = 0;
  while (right < after.size() && fits(after[right], earlier, slack)) ++right;
  const FrameNumber first =
      left == 0 ? frame_of(before.front()) : FrameNumber{to_number(frame_of(before[left - 1])) + 1};
  const FrameNumber last =
      right == after.size() ? frame_of(after.back()) : FrameNumber{to_number(frame_of(after[right])) - 1};
  return {first, last};
}

Model model_of(std::span<const Sample> samples, double rate, const Cuts& cuts, bool by_a) {
  Model model;
  model.rate = rate;
  std::vector<Sample> flat = flattened(samples, rate);
  model.width = std::numeric_limits<double>::infinity();
  {
    std::span<const Sample> last;
    for_each_piece(flat, cuts, [&](std::span<const Sample> piece) {
      if (!last.empty()) {
        ClockStep step;
        std::tie(step.unsure_from, step.unsure_to) = unsure_around(last, piece, by_a);
        model.steps.push_back(step);
      }
      last = piece;
    });
  }
  std::optional<double> before;
  std::size_t begin = 0;
  auto step = model.steps.begin();
  for_each_piece(flat, cuts, [&](std::span<const Sample> piece) {
    const Band band = band_of(piece);
    const double middle = band.middle();
    const Sample& first = piece.front();
    model.width = std::min(model.width, band.width());
    model.widest = std::max(model.widest, band.width());
    for (const Sample& sample : piece)
      model.delay += sample.a_to_b ? sample.y - band.high : band.low - sample.y;
    if (!before) {
      model.middle = middle;
    } else {
      step->of_a = by_a;
      step->from = by_a ? first.at_a : first.at_b;
      // What a's clock is put forward by, b's shows less, and t counts by a's.
      step->size_ns = by_a ? to_ns((*before - middle) / (1 + rate)) : to_ns(middle - *before);
      ++step;
    }
    before = middle;
    for (const std::size_t end = begin + piece.size(); begin < end; ++begin) flat[begin].y -= middle;
  });
  model.noise = noise_of(flat);
  return model;
}

/// The simplest model that leaves the widest band: no change, a line, steps, both.
Work best_model(std::span<Sample> samples, Model& best) {
  best = model_of(samples, 0, {}, false);
  co_await spent(samples.size());
  double rate = 0;
  const auto try_one = [&](const Model& other) {
    if (other.explains_more_than(best) || fits_better(other, best)) best = other;
  };
  const Cuts none;
  co_await find_rate(samples, none, rate);
  try_one(model_of(samples, rate, none, false));
  // A step shows in the order of the frames of the place whose clock was set; where both orders tell it
  // alike it is taken for b's.
  for (const bool by_a : {false, true}) {
    std::stable_sort(samples.begin(), samples.end(), [by_a](const Sample& a, const Sample& b) {
      return by_a ? a.at_a < b.at_a : a.at_b < b.at_b;
    });
    Cuts cuts = find_cuts(samples);
    co_await spent(samples.size());
    if (cuts.empty()) continue;
    try_one(model_of(samples, 0, cuts, by_a));
    // Steps that follow a slope tell it, and without it those are left that were steps.
    for (int i = 0; i < rounds; ++i) {
      co_await find_rate(samples, cuts, rate);
      cuts = find_cuts(flattened(samples, rate));
      co_await spent(samples.size());
    }
    co_await find_rate(samples, cuts, rate);
    try_one(model_of(samples, rate, cuts, by_a));
    co_await spent(samples.size());
  }
}

}  // namespace

Work compare_clocks(std::span<const Crossing> crossings, ClockComparison& result) {
  result = {};
  if (crossings.empty()) co_return;
  const Crossing& first = crossings.front();
  const std::int64_t base_ns = difference(first.b_ns, first.a_ns);
  // Of each place's time stamps. What is shown is up to as much behind the time.
  constexpr std::int64_t coarsest_ns = 1'000'000'000;
  std::array<std::int64_t, 2> resolutions = {coarsest_ns, coarsest_ns};
  std::vector<Sample> samples;
  samples.reserve(crossings.size());
  for (const Crossing& one : crossings) {
    samples.push_back({static_cast<double>(difference(one.a_ns, first.a_ns)),
                       static_cast<double>(difference(difference(one.b_ns, one.a_ns), base_ns)), one.at_a,
                       one.at_b, one.a_to_b});
    for (auto& [ns, resolution_ns] :
         {std::pair<std::int64_t, std::int64_t&>{one.a_ns, resolutions[0]}, {one.b_ns, resolutions[1]}})
      while (resolution_ns > 1 && ns % resolution_ns != 0) resolution_ns /= 10;
  }
  const Band band = band_of(samples);
  result.a_to_b = band.up;
  result.b_to_a = band.down;
  result.known = band.has(1);
  if (!result.known) co_return;

  Model model;
  co_await best_model(samples, model);
  result.since_ns = first.a_ns;
  result.offset_ns = sum(base_ns, to_ns(model.middle));
  result.rate = model.rate;
  result.steps = model.steps;
  result.round_trip_ns = to_ns(model.width);
  // Clocks that contradict themselves were set, nobody knows when, by as much at least.
  const double worst = std::max(model.widest / 2, -model.width);
  const std::int64_t coarse_ns = resolutions[0] - 1 + resolutions[1] - 1;
  result.error_ns = sum(to_ns(worst), coarse_ns);
  // A line hangs on two points a way, which are off by as much each; where they are close to each other its
  // ends are off by more.
  const double lever = model.rate == 0 ? 1 : 4;
  const double noise = model.width < 0 ? worst : lever * model.noise.value_or(worst);
  result.precision_ns = std::max({to_ns(std::min(noise, worst)), resolutions[0], resolutions[1]});
}

ClockComparison compare_clocks(std::span<const Crossing> crossings) {
  ClockComparison result;
  compare_clocks(crossings, result).finish();
  return result;
}

}  // namespace humantime::letters
