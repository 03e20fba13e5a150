// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of a comparison and of its rows.
#include "layout/compare_text.h"

#include <algorithm>

#include "layout/compare_layout.h"
#include "layout/compare_words.h"
#include "layout/event_text.h"
#include "layout/handshake_words.h"
#include "layout/page.h"
#include "layout/words.h"
#include "saturating.h"

namespace humantime::ui {

std::string stretched_text(std::int64_t ns, const View& view) {
  return length_text(stretch(Nanoseconds{ns}, view.scale), view.language);
}

std::string compared_date(std::int64_t ns, const View& view, bool with_clock) {
  const Date date = date_of(stretch(Nanoseconds{ns}, view.scale));
  return with_clock || date.year != 1 ? date_text(date, view.language) : day_text(date, view.language);
}

std::string trips_text(std::optional<std::size_t> count, Language language) {
  const CompareWords& words = compare_words(language);
  if (!count) return std::string(words.unknown_round_trips);
  if (*count == 0) return std::string(words.no_round_trip);
  if (*count == 1) return std::string(words.round_trip);
  return filled(words.round_trips, {std::to_string(*count)});
}

HandshakeName handshake_of_row(const ComparedRow& row, const View& view) {
  const CompareWords& words = compare_words(view.language);
  if (!row.handshake.empty()) return name_of_handshake(row.handshake, view.language);
  const auto has = [&](Lane lane) {
    return std::any_of(row.trips.begin(), row.trips.end(),
                       [&](const ComparedTrip& trip) { return trip.lane == lane; });
  };
  if (has(Lane::quic)) return {"QUIC", std::string(words.unknown_handshake)};
  if (has(Lane::tls)) return {"TLS", std::string(words.unknown_handshake)};
  if (has(Lane::vpn)) return {"VPN", std::string(words.no_tls)};
  return {has(Lane::http) ? "HTTP" : "TCP", std::string(words.no_tls)};
}

std::string name_of_row(const ComparedRow& row, const View& view) {
  const HandshakeName name = handshake_of_row(row, view);
  const std::string_view between = name.protocol.empty() || name.course.empty() ? "" : " ";
  return std::string(name.protocol).append(between).append(name.course);
}

std::string trips_difference(const ComparedRow& row, const ComparedRow& slowest, Language language) {
  const CompareWords& words = compare_words(language);
  if (!row.round_trips || !slowest.round_trips || *row.round_trips == *slowest.round_trips) return {};
  const bool less = *row.round_trips < *slowest.round_trips;
  const std::size_t count =
      less ? *slowest.round_trips - *row.round_trips : *row.round_trips - *slowest.round_trips;
  if (count == 1) return std::string(less ? words.one_trip_less : words.one_trip_more);
  return filled(less ? words.trips_less : words.trips_more, {std::to_string(count)});
}

std::string time_difference(const ComparedRow& row, const ComparedRow& slowest, const View& view) {
  if (!row.hears_ns || !slowest.hears_ns) return {};
  const std::int64_t saved = difference(*slowest.hears_ns, *row.hears_ns);
  return filled(compare_words(view.language).earlier, {real_text(saved), stretched_text(saved, view)});
}

std::string saving_text(const Comparison& comparison, std::size_t at, const View& view) {
  if (!comparison.slowest || at >= comparison.rows.size() || at == *comparison.slowest) return {};
  const ComparedRow &row = comparison.rows[at], &slowest = comparison.rows[*comparison.slowest];
  const std::string time = time_difference(row, slowest, view);
  if (time.empty()) return {};
  const std::string trips = trips_difference(row, slowest, view.language);
  return trips.empty() ? time : trips + std::string(compare_words(view.language).separator) + time;
}

std::string comparison_title(const Comparison& comparison, const View& view) {
  const CompareWords& words = compare_words(view.language);
  if (comparison.rows.empty())
    return filled(words.nothing, {words.lacking[static_cast<std::size_t>(comparison.align)]});
  if (comparison.slowest) {
    const ComparedRow &slow = comparison.rows[*comparison.slowest],
                      &fast = comparison.rows[*comparison.fastest];
    return filled(words.earlier_title,
                  {name_of_row(fast, view), stretched_text(difference(*slow.hears_ns, *fast.hears_ns), view),
                   name_of_row(slow, view)});
  }
  const ComparedRow& row = comparison.rows.front();
  if (comparison.rows.size() == 1 && row.hears_ns)
    return filled(words.single_title, {name_of_row(row, view), stretched_text(*row.hears_ns, view)});
  return std::string(words.unanswered_title);
}

std::string alignment_sentence(const Comparison& comparison, const View& view) {
  const CompareWords& words = compare_words(view.language);
  return filled(words.aligned, {words.alignments[static_cast<std::size_t>(comparison.align)]});
}

std::string comparison_sentence(const Comparison& comparison, const View& view) {
  const CompareWords& words = compare_words(view.language);
  const std::string_view align = words.alignments[static_cast<std::size_t>(comparison.align)];
  if (comparison.rows.empty()) return {};
  if (!comparison.slowest) return alignment_sentence(comparison, view);
  const ComparedRow &slow = comparison.rows[*comparison.slowest],
                    &fast = comparison.rows[*comparison.fastest];
  return filled(words.both_ends,
                {align, name_of_row(slow, view), trips_text(slow.round_trips, view.language),
                 compared_date(*slow.hears_ns, view, false), name_of_row(fast, view),
                 trips_text(fast.round_trips, view.language), compared_date(*fast.hears_ns, view, false)});
}

std::vector<std::string> comparison_notes(const Timeline& timeline, const Comparison& comparison,
                                          const View& view) {
  constexpr std::size_t most_named = 6;
  const CompareWords& words = compare_words(view.language);
  std::vector<std::string> notes;
  if (!comparison.without.empty()) {
    std::string names;
    for (std::size_t i = 0; i < std::min(comparison.without.size(), most_named); ++i) {
      const std::uint32_t number = comparison.without[i];
      if (i > 0) names += words.separator;
      names += std::to_string(number);
      const auto& records = timeline.journeys();
      const auto record =
          std::lower_bound(records.begin(), records.end(), number,
                           [](const JourneyRecord& a, std::uint32_t wanted) { return a.number < wanted; });
      if (record != records.end() && record->number == number) names.append(" · ").append(record->name);
    }
    if (comparison.without.size() > most_named) names += "…";
    notes.push_back(
        filled(words.without, {counted(comparison.without.size()),
                               words.lacking[static_cast<std::size_t>(comparison.align)], names}));
  }
  if (comparison.left_out > 0) notes.push_back(filled(words.left_out, {counted(comparison.left_out)}));
  return notes;
}

std::string describe_compared_row(const Comparison& comparison, const View& view, std::size_t at) {
  if (at >= comparison.rows.size()) return {};
  const CompareWords& words = compare_words(view.language);
  const ComparedRow& row = comparison.rows[at];
  const auto behind = [&](const std::string& text) {
    return text.empty() ? text : std::string(words.separator) + text;
  };
  std::string name = name_of_row(row, view);
  name += behind(row.is_mean() ? filled(words.mean_of, {counted(row.journeys.size())}) : row.name);
  const std::string asks = row.asks_ns ? filled(words.asks_on, {compared_date(*row.asks_ns, view, true)})
                                       : std::string(words.no_question);
  const std::string hears = row.hears_ns ? filled(words.hears_on, {compared_date(*row.hears_ns, view, true)})
                                         : std::string(words.no_answer);
  return filled(words.row_line, {name, trips_text(row.round_trips, view.language), behind(asks),
                                 behind(hears), behind(saving_text(comparison, at, view))});
}

std::string describe_comparison(const Comparison& comparison, const View& view) {
  const CompareWords& words = compare_words(view.language);
  return filled(words.page_line, {counted(comparison.rows.size()),
                                  words.alignments[static_cast<std::size_t>(comparison.align)]});
}

}  // namespace humantime::ui
