// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/calendar_entries.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <utility>

#include "layout/event_text.h"
#include "layout/page.h"
#include "layout/words.h"
#include "reports/time_text.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr EntryTime year_begins{2015, 1, 1, 0, 0, 0};
constexpr EntryTime year_ends{2016, 1, 1, 0, 0, 0};

EntryTime in_2015(const Date& date) {
  return {2015, date.month, date.day, date.hour, date.minute, date.second};
}

bool is_new_year(const Date& date) {
  return in_2015(date) == year_begins;
}

/// The dates of a journey's events, and what they are told with.
struct Years {
  const Timeline& timeline;
  const View& view;
  const Words& words;
  std::optional<std::int64_t> origin_ns;

  Date date(std::int64_t time_ns) const { return date_of(stretched(time_ns, *origin_ns, view.scale)); }
  /// `Year 2: …`; nothing in front in the first.
  std::string in_year(std::int64_t year, const std::string& what) const {
    if (year == 1) return what;
    return filled(words.year, {std::to_string(year)}) + ": " + what;
  }
  std::string in_years(std::int64_t first, std::int64_t last, const std::string& what) const {
    if (first == last) return in_year(first, what);
    return filled(words.years, {std::to_string(first), std::to_string(last)}) + ": " + what;
  }
};

const JourneyRecord* find_journey(const Timeline& timeline, std::uint32_t number) {
  const auto& journeys = timeline.journeys();
  const auto found =
      std::lower_bound(journeys.begin(), journeys.end(), number,
                       [](const JourneyRecord& of, std::uint32_t wanted) { return of.number < wanted; });
  return found != journeys.end() && found->number == number ? &*found : nullptr;
}

/// When the journey's year 1 begins: with its first frame, or that of the capture.
std::optional<std::int64_t> origin_for(const Timeline& timeline, const View& view, std::uint32_t number) {
  if (view.origin != OriginChoice::journey) return origin_of(timeline, view);
  if (number == 0) return std::nullopt;
  if (const JourneyRecord* journey = find_journey(timeline, number)) {
    const std::optional<EventIndex> first = timeline.find(journey->first);
    if (first && timeline.at(*first).time_ns != Event::unknown) return timeline.at(*first).time_ns;
  }
  const JourneySummary* of = timeline.summary(number);
  if (of == nullptr || of->first_ns == Event::unknown) return std::nullopt;
  return of->first_ns;
}

std::string name_of_journey(const Timeline& timeline, std::uint32_t number) {
  const JourneyRecord* journey = find_journey(timeline, number);
  return journey == nullptr ? std::string() : journey->name;
}

class Entries {
 public:
  Entries(const Timeline& timeline, const View& view,
          const std::function<bool(const CalendarEntry&, double)>& visit)
      : timeline_(timeline), view_(view), visit_(visit), identity_(capture_identity(timeline)) {}

  bool visit() { return visit_stages() && visit_milestones(); }

 private:
  Years years_of(std::uint32_t journey) const {
    return {timeline_, view_, words_of(view_.language), origin_for(timeline_, view_, journey)};
  }
  bool is_hidden(Lane lane) const { return view_.hidden[static_cast<std::size_t>(lane)]; }

  /// By journey number: whether an event of it passes the display filter.
  std::vector<bool> passing() const {
    std::vector<bool> passes(std::size_t{timeline_.last_journey()} + 1, !view_.limit_to_filter);
    for (const Event& event : timeline_.events())
      if ((event.flags & Event::hidden_by_filter) == 0) passes[event.journey] = true;
    return passes;
  }

  bool visit_stages() {
    // All at once: to look for each journey's among all of them would be quadratic.
    std::vector<StageSpan> spans(timeline_.all_stages().begin(), timeline_.all_stages().end());
    std::stable_sort(spans.begin(), spans.end(), [](const StageSpan& a, const StageSpan& b) {
      return std::pair(a.journey, a.begin_ns) < std::pair(b.journey, b.begin_ns);
    });
    const std::vector<bool> passes = passing();
    std::size_t next = 0;
    for (std::size_t first = 0; first < spans.size(); first = next) {
      const std::uint32_t journey = spans[first].journey;
      for (next = first; next < spans.size() && spans[next].journey == journey;) ++next;
      if (view_.journey != 0 && view_.journey != journey) continue;
      const JourneySummary* of = timeline_.summary(journey);
      const Years years = years_of(journey);
      if (of == nullptr || !years.origin_ns || !passes[journey]) continue;
      const std::string name = name_of_journey(timeline_, journey);
      const double share = 0.5 * static_cast<double>(first) / static_cast<double>(spans.size());
      std::array<int, stage_count> times{};
      for (std::size_t i = first; i < next; ++i) {
        const int time = ++times[static_cast<std::size_t>(spans[i].stage)];
        if (is_hidden(spans[i].lane)) continue;
        if (!visit_stage(years, spans[i], time, name, share)) return false;
      }
    }
    return true;
  }

  bool visit_stage(const Years& years, const StageSpan& span, int time, const std::string& name,
                   double share) {
    CalendarEntry entry;
    std::string what(label_of(span.stage, view_.language));
    if (!name.empty()) what += " · " + name;
    const std::int64_t length_ns = difference(span.end_ns, span.begin_ns);
    entry.description = length_text(stretch(Nanoseconds{length_ns}, view_.scale), view_.language) + ", " +
                        real_text(length_ns);
    entry.category = token_of(span.lane);
    const std::string uid = "journey-" + std::to_string(span.journey) + "-" +
                            std::string(token_of(span.stage)) + "-" + std::to_string(time);
    const Date begin = years.date(span.begin_ns), end = years.date(std::max(span.begin_ns, span.end_ns));
    const auto piece = [&](std::string_view part, const EntryTime& from, const EntryTime& to,
                           std::string summary) {
      entry.uid = uid + std::string(part) + "@" + identity_;
      entry.begin = from;
      entry.end = to;
      entry.summary = std::move(summary);
      return visit_(entry, share);
    };
    if (begin.year == end.year)
      return piece("", in_2015(begin), in_2015(end), years.in_year(begin.year, what));
    if (!piece("", in_2015(begin), year_ends, years.in_year(begin.year, what))) return false;
    if (end.year - begin.year > 1 &&
        !piece("-years", year_begins, year_ends, years.in_years(begin.year + 1, end.year - 1, what)))
      return false;
    return is_new_year(end) || piece("-end", year_begins, in_2015(end), years.in_year(end.year, what));
  }

  bool visit_milestones() {
    const auto events = timeline_.events();
    // Mostly a journey's events stand side by side.
    Years years = years_of(0);
    std::uint32_t journey = 0;
    for (std::size_t i = 0; i < events.size(); ++i) {
      const Event& event = events[i];
      if (!is_mark(event) || event.time_ns == Event::unknown || is_hidden(lane_of(event))) continue;
      if (view_.journey != 0 && event.journey != view_.journey) continue;
      if (view_.limit_to_filter && (event.flags & Event::hidden_by_filter) != 0) continue;
      if (event.journey != journey) {
        journey = event.journey;
        // References cannot be assigned.
        years.origin_ns = origin_for(timeline_, view_, journey);
      }
      if (!years.origin_ns) continue;
      const double share = 0.5 + 0.5 * static_cast<double>(i) / static_cast<double>(events.size());
      if (!visit_milestone(years, event, EventIndex{static_cast<std::uint32_t>(i)}, share)) return false;
    }
    return true;
  }

  bool visit_milestone(const Years& years, const Event& event, EventIndex index, double share) {
    CalendarEntry entry;
    const std::string frame = std::to_string(to_number(event.frame));
    entry.uid = "frame-" + frame + "-" + std::string(token_of(event.phase)) + "@" + identity_;
    const Date date = years.date(event.time_ns);
    entry.begin = entry.end = in_2015(date);
    std::string name = name_of(timeline_, index, view_.language);
    // Which way it went is known where the end is.
    if (event.direction != journeys::Direction::unknown)
      name = filled(event.direction == journeys::Direction::sent ? years.words.sent : years.words.received,
                    {name});
    entry.summary = years.in_year(date.year, name);
    entry.category = token_of(lane_of(event));
    const EventText text = timeline_.source().text(event.frame);
    const std::string mean = mean_text(timeline_, view_, index);
    entry.description = mean.empty()
                            ? filled(years.words.frame,
                                     {reports::ms_text(difference(event.time_ns, *years.origin_ns)), frame})
                            : mean_date(timeline_, view_, index).append(years.words.comma).append(mean);
    if (!text.from.empty() || !text.to.empty()) entry.description += "\n" + text.from + " → " + text.to;
    if (!text.detail.empty()) entry.description += "\n" + text.detail;
    const std::string journey = name_of_journey(timeline_, event.journey);
    if (!journey.empty()) entry.description += "\n" + journey;
    return visit_(entry, share);
  }

  const Timeline& timeline_;
  const View& view_;
  const std::function<bool(const CalendarEntry&, double)>& visit_;
  std::string identity_;
};

}  // namespace

std::string capture_identity(const Timeline& timeline) {
  const std::int64_t origin = timeline.origin_ns().value_or(timeline.first_ns().value_or(0));
  std::array<char, 48> text;
  const int size =
      std::snprintf(text.data(), text.size(), "%016llx.humantime", static_cast<unsigned long long>(origin));
  return {text.data(), static_cast<std::size_t>(size)};
}

bool visit_entries(const Timeline& timeline, const View& view,
                   const std::function<bool(const CalendarEntry&, double)>& visit) {
  return Entries(timeline, view, visit).visit();
}

}  // namespace humantime::ui
