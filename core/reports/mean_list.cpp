// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/mean_list.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "reports/columns.h"
#include "reports/journey_text.h"
#include "reports/time_text.h"
#include "text.h"

namespace humantime::reports {
namespace {

using journeys::Direction;
using journeys::End;
using journeys::MeanJourney;
using journeys::MeanMilestone;
using journeys::MilestoneKey;
using journeys::Spread;

/// A milestone of a group and what is asked of it.
struct Line {
  const Dates& dates;
  std::size_t group;
  const MeanJourney& journey;
  const MeanMilestone& milestone;
  std::string date(std::int64_t ns) const { return dates.rounded(ns, milestone.spread.precision_ns); }
};

std::string text_of(const MilestoneKey& key) {
  journeys::Milestone milestone;
  milestone.mark.phase = key.phase;
  milestone.ordinal = key.ordinal;
  milestone.direction = key.direction;
  return reports::text_of(milestone);
}

using Column = TableColumn<Line>;

// In this order in CSV and JSON.
constexpr std::array columns = {
    Column{"group", [](const Line& l) -> Json { return l.group; }},
    Column{"name", [](const Line& l) { return text_or_null(printable(l.journey.name)); }},
    Column{"kind", [](const Line& l) -> Json { return token_of(l.journey.kind); }},
    Column{"journeys", [](const Line& l) -> Json { return l.journey.runs; }},
    Column{"shape", [](const Line& l) { return text_or_null(l.journey.shape); }},
    Column{"milestone", [](const Line& l) -> Json { return text_of(l.milestone.key); }},
    Column{"phase", [](const Line& l) -> Json { return row_of(l.milestone.key.phase).token; }},
    Column{"label",
           [](const Line& l) -> Json { return label_of(l.milestone.key.phase, l.dates.language()); }},
    Column{"end", [](const Line& l) { return text_or_null(std::string(token_of(l.milestone.key.end))); }},
    Column{"n", [](const Line& l) -> Json { return l.milestone.spread.n; }},
    Column{"mean_ns", [](const Line& l) -> Json { return l.milestone.spread.mean_ns; }},
    Column{"median_ns", [](const Line& l) -> Json { return l.milestone.spread.median_ns; }},
    Column{"min_ns", [](const Line& l) -> Json { return l.milestone.spread.min_ns; }},
    Column{"max_ns", [](const Line& l) -> Json { return l.milestone.spread.max_ns; }},
    Column{"sd_ns", [](const Line& l) -> Json { return l.milestone.spread.sd_ns; }},
    Column{"precision_ns", [](const Line& l) -> Json { return l.milestone.spread.precision_ns; }},
    Column{"mean", [](const Line& l) -> Json { return l.date(l.milestone.spread.mean_ns); }},
    Column{"median", [](const Line& l) -> Json { return l.date(l.milestone.spread.median_ns); }},
    Column{"min", [](const Line& l) -> Json { return l.date(l.milestone.spread.min_ns); }},
    Column{"max", [](const Line& l) -> Json { return l.date(l.milestone.spread.max_ns); }},
    Column{"sd", [](const Line& l) -> Json { return l.dates.length(l.milestone.spread.sd_ns); }},
};

// -- text: a line for each letter

constexpr std::size_t event_width = 38, date_width = 20, n_width = 4, sd_width = 12, longest_name = 60;

/// An event with the date of its sending and that of its arrival.
struct Letter {
  const MeanMilestone *sent = nullptr, *received = nullptr, *other = nullptr;
  const MeanMilestone& first() const {
    return sent != nullptr ? *sent : received != nullptr ? *received : *other;
  }
};

std::vector<Letter> letters_of(const MeanJourney& journey) {
  std::vector<Letter> letters;
  std::map<std::pair<Phase, std::uint32_t>, std::size_t> index;
  for (const MeanMilestone& milestone : journey.milestones) {
    const auto [at, is_new] = index.try_emplace({milestone.key.phase, milestone.key.ordinal}, letters.size());
    if (is_new) letters.emplace_back();
    const MeanMilestone* Letter::*place = milestone.key.direction == Direction::sent       ? &Letter::sent
                                          : milestone.key.direction == Direction::received ? &Letter::received
                                                                                           : &Letter::other;
    // Two of one kind at one place (three interfaces): each has a line.
    if (letters[at->second].*place != nullptr) {
      letters.emplace_back().*place = &milestone;
      continue;
    }
    letters[at->second].*place = &milestone;
  }
  std::stable_sort(letters.begin(), letters.end(), [](const Letter& a, const Letter& b) {
    return a.first().spread.mean_ns < b.first().spread.mean_ns;
  });
  return letters;
}

std::string text_head(Language language) {
  const bool japanese = language == Language::japanese;
  return pad(japanese ? "できごと" : "Event", event_width) + pad(japanese ? "送信" : "Sent", date_width) +
         pad(japanese ? "受信" : "Received", date_width) + pad_left("n", n_width) +
         pad_left(japanese ? "標準偏差" : "± sd", sd_width) + "\n";
}

std::string as_text(const Letter& letter, const Dates& dates, bool repeated) {
  const Language language = dates.language();
  const MilestoneKey& key = letter.first().key;
  std::string event(label_of(key.phase, language));
  if (repeated) {
    const std::string ordinal = ordinal_text(key.ordinal, language);
    event += language == Language::japanese ? "（" + ordinal + "）" : " (" + ordinal + ")";
  }
  const auto date = [&](const MeanMilestone* milestone) {
    return milestone == nullptr ? std::string("–")
                                : dates.rounded(milestone->spread.mean_ns, milestone->spread.precision_ns);
  };
  std::uint32_t n = 0;
  std::int64_t sd = 0;
  for (const MeanMilestone* one : {letter.sent, letter.received, letter.other}) {
    if (one == nullptr) continue;
    n = std::max(n, one->spread.n);
    sd = std::max(sd, one->spread.sd_ns);
  }
  return pad(event, event_width) +
         pad(date(letter.other != nullptr ? letter.other : letter.sent), date_width) +
         pad(date(letter.received), date_width) + pad_left(std::to_string(n), n_width) +
         pad_left(dates.length(sd), sd_width) + "\n";
}

void write_text(const MeanJourney& journey, std::size_t group, const Dates& dates, const Sink& sink) {
  const bool japanese = dates.language() == Language::japanese;
  std::string heading = (japanese ? "平均 " : "Mean ") + std::to_string(group);
  const std::string name = cut(printable(journey.name), longest_name);
  if (!name.empty()) heading += ": " + name;
  heading += " — " + std::to_string(journey.runs) +
             (japanese            ? " 回の通信"
              : journey.runs == 1 ? " journey"
                                  : " journeys");
  if (journey.kind != journeys::Kind::completed)
    heading.append(japanese ? "、" : ", ").append(label_of(journey.kind, dates.language()));
  if (!journey.shape.empty()) heading += " (" + journey.shape + ")";
  sink((group > 1 ? "\n" : "") + heading + "\n" + text_head(dates.language()));
  std::map<Phase, std::uint32_t> most;
  for (const MeanMilestone& milestone : journey.milestones)
    most[milestone.key.phase] = std::max(most[milestone.key.phase], milestone.key.ordinal);
  for (const Letter& letter : letters_of(journey))
    sink(as_text(letter, dates, most[letter.first().key.phase] > 1));
}

}  // namespace

void write_means(std::span<const journeys::MeanJourney> means, Telling telling, Format format,
                 const Sink& sink) {
  const Dates dates = Dates::since_zero(telling);
  if (format == Format::csv) sink(csv_head<Line>(columns));
  std::size_t group = 0;
  for (const MeanJourney& journey : means) {
    ++group;
    if (format == Format::text) {
      write_text(journey, group, dates, sink);
      continue;
    }
    for (const MeanMilestone& milestone : journey.milestones) {
      const Line line{dates, group, journey, milestone};
      sink(format == Format::json ? json_line<Line>(columns, line) : csv_line<Line>(columns, line));
    }
  }
}

void write_average(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                   const Sink& sink) {
  journeys::Average average;
  std::vector<journeys::Milestone> milestones;
  journeys([&](const journeys::Journey& journey) {
    list_milestones(store, journey, milestones);
    average.add(run_of(journey, milestones));
  });
  write_means(average.make(), telling, format, sink);
}

}  // namespace humantime::reports
