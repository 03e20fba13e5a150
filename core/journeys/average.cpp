// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/average.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>

#include "saturating.h"

namespace humantime::journeys {
namespace {

/// What tells shapes apart, besides the kind: whether a journey has such a milestone.
constexpr std::array telling_phases = {
    Phase::dns_query,
    Phase::tcp_syn,
    Phase::tls_client_hello,
    Phase::tls_certificate,
    Phase::tls_server_key_exchange,
    Phase::tls_client_key_exchange,
    Phase::tls_hello_retry_request,
    Phase::tls_early_data,
    Phase::http_request,
    Phase::quic_initial,
    Phase::quic_retry,
    Phase::http_settings,
    Phase::http_tunnel,
};

using Shape = std::pair<Kind, std::uint32_t>;

Shape shape_of(const Run& run) {
  std::uint32_t has = 0;
  for (const TimedMilestone& milestone : run.milestones)
    for (std::size_t i = 0; i < telling_phases.size(); ++i)
      if (milestone.key.phase == telling_phases[i]) has |= 1U << i;
  return {run.kind, has};
}

/// A word of a shape's name, where a journey has one of two milestones, and neither of two others.
struct ShapeWord {
  std::string_view word;
  Phase one, or_other;
  std::array<Phase, 2> without;
};
constexpr std::array shape_words = {
    ShapeWord{"dns", Phase::dns_query, Phase::dns_query, {}},
    ShapeWord{"tcp", Phase::tcp_syn, Phase::tcp_syn, {}},
    ShapeWord{"quic", Phase::quic_initial, Phase::quic_initial, {}},
    ShapeWord{"retry", Phase::quic_retry, Phase::quic_retry, {}},
    // Keys were agreed upon anew, with a certificate or without.
    ShapeWord{"tls_full", Phase::tls_certificate, Phase::tls_client_key_exchange, {}},
    ShapeWord{"tls",
              Phase::tls_client_hello,
              Phase::tls_client_hello,
              {Phase::tls_certificate, Phase::tls_client_key_exchange}},
    ShapeWord{"hello_retry_request", Phase::tls_hello_retry_request, Phase::tls_hello_retry_request, {}},
    ShapeWord{"early_data", Phase::tls_early_data, Phase::quic_zero_rtt, {}},
    ShapeWord{"tunnel", Phase::http_tunnel, Phase::http_tunnel, {}},
    ShapeWord{"http2", Phase::http_settings, Phase::http_settings, {Phase::quic_initial}},
    ShapeWord{"http", Phase::http_request, Phase::http_request, {Phase::http_settings}},
};

/// `dns tcp tls_full http2`. A phase that stands for none is no row of these: it is the first of all phases,
/// which no word is about.
std::string text_of_shape(const Run& run) {
  std::array<bool, std::size(phase_rows)> has{};
  for (const TimedMilestone& milestone : run.milestones)
    has[static_cast<std::size_t>(milestone.key.phase)] = true;
  const auto there = [&](Phase phase) { return has[static_cast<std::size_t>(phase)]; };
  std::string text;
  for (const ShapeWord& word : shape_words) {
    if (!there(word.one) && !there(word.or_other)) continue;
    const bool ruled_out = std::any_of(word.without.begin(), word.without.end(),
                                       [&](Phase phase) { return phase != Phase{} && there(phase); });
    if (!ruled_out) text.append(text.empty() ? "" : " ").append(word.word);
  }
  return text;
}

/// One kind of event at one end: its milestones differ by their ordinals only.
using Series = std::tuple<Phase, Direction, End>;
Series series_of(const MilestoneKey& key) {
  return {key.phase, key.direction, key.end};
}

std::int64_t mean_of(std::span<const std::int64_t> values) {
  __int128 sum = 0;
  for (const std::int64_t value : values) sum += value;
  const auto n = static_cast<__int128>(values.size());
  return static_cast<std::int64_t>((2 * sum + (sum < 0 ? -n : n)) / (2 * n));
}

/// Matches all of `few` with as many of `many`, in order, so that they are nearest: for each of `few` its
/// index in `many`. Both ascend. Beyond `most_cells` (a capture made up for it) in order from the first on.
std::vector<std::size_t> match(std::span<const std::int64_t> few, std::span<const std::int64_t> many) {
  constexpr std::size_t most_cells = 1 << 20;
  std::vector<std::size_t> matched(few.size());
  const std::size_t width = many.size() + 1;
  if (few.size() == many.size() || (few.size() + 1) * width > most_cells) {
    for (std::size_t i = 0; i < few.size(); ++i) matched[i] = i;
    return matched;
  }
  constexpr double impossible = std::numeric_limits<double>::infinity();
  std::vector<double> cost((few.size() + 1) * width, impossible);
  for (std::size_t j = 0; j < width; ++j) cost[j] = 0;
  const auto taken = [&](std::size_t i, std::size_t j) {
    return cost[(i - 1) * width + j - 1] + static_cast<double>(distance(few[i - 1], many[j - 1]));
  };
  for (std::size_t i = 1; i <= few.size(); ++i)
    for (std::size_t j = i; j < width; ++j)
      cost[i * width + j] = std::min(cost[i * width + j - 1], taken(i, j));
  for (std::size_t i = few.size(), j = many.size(); i > 0; --j) {
    if (cost[i * width + j] < cost[i * width + j - 1]) matched[--i] = j - 1;
  }
  return matched;
}

/// The series' milestones of one run, in order.
struct Row {
  std::vector<std::int64_t> times;
  std::vector<std::uint32_t> ordinals;
  std::vector<std::int64_t> precisions;
};

/// The number of milestones that most rows have; of several the largest.
std::size_t usual_count(std::span<const Row> rows) {
  std::map<std::size_t, std::size_t> counts;
  for (const Row& row : rows) ++counts[row.times.size()];
  const auto usual = std::max_element(counts.begin(), counts.end(), [](const auto& a, const auto& b) {
    return std::pair(a.second, a.first) < std::pair(b.second, b.first);
  });
  return usual->first;
}

Spread spread_of(std::vector<std::int64_t>& values, std::int64_t precision_ns) {
  std::sort(values.begin(), values.end());
  Spread spread;
  spread.n = static_cast<std::uint32_t>(values.size());
  spread.precision_ns = precision_ns;
  spread.min_ns = values.front();
  spread.max_ns = values.back();
  spread.mean_ns = mean_of(values);
  const std::size_t half = values.size() / 2;
  spread.median_ns = values.size() % 2 == 1 ? values[half] : mean_of(std::span(values).subspan(half - 1, 2));
  if (values.size() > 1) {
    double squares = 0;
    for (const std::int64_t value : values) {
      const auto off = static_cast<double>(difference(value, spread.mean_ns));
      squares += off * off;
    }
    spread.sd_ns = std::llround(std::sqrt(squares / static_cast<double>(values.size() - 1)));
  }
  return spread;
}

/// A series over all runs: which of each run's milestones are the first, the second, … of them.
void average_series(const Series& series, std::span<const Row> rows, std::vector<MeanMilestone>& out) {
  const std::size_t usual = usual_count(rows);
  std::vector<std::vector<std::int64_t>> values(usual), precisions(usual);
  std::vector<std::uint32_t> ordinals;
  const auto put = [&](std::size_t place, const Row& row, std::size_t i) {
    if (place >= values.size()) {
      values.resize(place + 1);
      precisions.resize(place + 1);
    }
    values[place].push_back(row.times[i]);
    precisions[place].push_back(row.precisions[i]);
  };
  for (const Row& row : rows) {
    if (row.times.size() != usual) continue;
    if (ordinals.empty()) ordinals = row.ordinals;
    for (std::size_t i = 0; i < usual; ++i) put(i, row, i);
  }
  std::vector<std::int64_t> usual_times;
  usual_times.reserve(values.size());
  for (const auto& of_place : values) usual_times.push_back(mean_of(of_place));
  for (const Row& row : rows) {
    if (row.times.size() < usual) {
      const std::vector<std::size_t> places = match(row.times, usual_times);
      for (std::size_t i = 0; i < places.size(); ++i) put(places[i], row, i);
    } else if (row.times.size() > usual) {
      const std::vector<std::size_t> of_usual = match(usual_times, row.times);
      std::size_t next = 0, more = usual;
      for (std::size_t i = 0; i < row.times.size(); ++i) {
        if (next < usual && of_usual[next] == i)
          put(next++, row, i);
        else
          put(more++, row, i);
      }
    }
  }
  const auto& [phase, direction, end] = series;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const std::uint32_t last = ordinals.empty() ? 0 : ordinals.back();
    const std::uint32_t ordinal =
        i < ordinals.size() ? ordinals[i] : last + static_cast<std::uint32_t>(i - ordinals.size()) + 1;
    const std::int64_t precision = *std::max_element(precisions[i].begin(), precisions[i].end());
    out.push_back({{phase, ordinal, direction, end}, spread_of(values[i], precision)});
  }
}

MeanJourney average(std::span<const Run* const> runs) {
  MeanJourney mean{runs.front()->name,
                   runs.front()->kind,
                   static_cast<std::uint32_t>(runs.size()),
                   {},
                   text_of_shape(*runs.front())};
  std::map<Series, std::vector<Row>> series;
  std::map<Series, const Run*> last;
  for (const Run* run : runs) {
    for (const TimedMilestone& milestone : run->milestones) {
      const Series one = series_of(milestone.key);
      std::vector<Row>& rows = series[one];
      if (std::exchange(last[one], run) != run) rows.emplace_back();
      rows.back().times.push_back(milestone.ns);
      rows.back().ordinals.push_back(milestone.key.ordinal);
      rows.back().precisions.push_back(milestone.precision_ns);
    }
  }
  for (const auto& [one, rows] : series) average_series(one, rows, mean.milestones);
  std::stable_sort(
      mean.milestones.begin(), mean.milestones.end(),
      [](const MeanMilestone& a, const MeanMilestone& b) { return a.spread.mean_ns < b.spread.mean_ns; });
  return mean;
}

}  // namespace

Run run_of(const Journey& journey, std::span<const Milestone> milestones) {
  Run run{journey.kind, std::string(journey.name), {}};
  std::optional<std::int64_t> start;
  for (const Leg& leg : journey.legs)
    if (leg.has_time) start = std::min(start.value_or(leg.time_ns), leg.time_ns);
  if (!start) return run;
  FrameNumber before = no_frame;
  Phase phase_before{};
  for (const Milestone& milestone : milestones) {
    // Two tickets in one packet are one milestone.
    const bool same = milestone.frame == before && milestone.mark.phase == phase_before;
    before = milestone.frame;
    phase_before = milestone.mark.phase;
    if (milestone.again || same) continue;
    run.milestones.push_back({{milestone.mark.phase, milestone.ordinal, milestone.direction, milestone.end},
                              difference(milestone.time_ns, *start),
                              milestone.precision_ns});
  }
  return run;
}

std::vector<MeanJourney> Average::make() const {
  std::vector<std::pair<Shape, std::vector<const Run*>>> groups;
  std::map<Shape, std::size_t> index;
  for (const Run& run : runs_) {
    if (run.milestones.empty()) continue;
    const Shape shape = shape_of(run);
    const auto [at, is_new] = index.try_emplace(shape, groups.size());
    if (is_new) groups.push_back({shape, {}});
    groups[at->second].second.push_back(&run);
  }
  std::vector<MeanJourney> means;
  means.reserve(groups.size());
  for (const auto& [shape, runs] : groups) means.push_back(average(runs));
  return means;
}

}  // namespace humantime::journeys
