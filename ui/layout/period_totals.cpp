// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/period_totals.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "layout/event_text.h"
#include "layout/page.h"
#include "layout/whereabouts_words.h"
#include "layout/words.h"
#include "model/round_trips.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// Spans of all journeys that are gone through to add them up; of more than these only journeys are counted.
constexpr std::size_t most_spans = 100'000;
/// Journeys that are looked at to find the one that is going on.
constexpr std::uint32_t most_journeys = 100'000;

std::string length_of(std::int64_t ns, const View& view) {
  return length_text(stretch(Nanoseconds{ns}, view.scale), view.language);
}

void append(std::string& list, std::string_view part, std::string_view separator) {
  if (!list.empty()) list.append(separator);
  list.append(part);
}

/// Letters by their names, or what an end did before it sent them.
std::string detail_of(const Timeline& timeline, const View& view, const Stay& stay) {
  const WhereaboutsWords& words = whereabouts_words(view.language);
  const bool at_end = stay.where == Whereabout::with_far || stay.where == Whereabout::with_client;
  std::string list;
  std::vector<std::string> told;
  const auto tell = [&](std::string text) {
    if (std::find(told.begin(), told.end(), text) != told.end()) return;
    append(list, text, words.separator);
    told.push_back(std::move(text));
  };
  EventRecord record;
  for (const EventIndex event : stay.what) {
    bool said = false;
    if (at_end && timeline.source().read(timeline.at(event).frame, record))
      for (const PhaseMark& mark : record.marks) {
        const std::string_view work = work_before(mark.phase, view.language);
        if (!work.empty()) tell(std::string(work));
        said = said || !work.empty();
      }
    if (said) continue;
    const std::string name = name_of(timeline, event, view.language);
    tell(at_end ? filled(words.before, {name}) : name);
  }
  return list;
}

std::string_view name_of_stay(const Stay& stay, const WhereaboutsWords& words) {
  const auto far = static_cast<std::size_t>(stay.far);
  switch (stay.where) {
    case Whereabout::to_client:
      return words.to_client;
    case Whereabout::to_far:
      return words.to_far[far];
    case Whereabout::with_far:
      return words.with_far[far];
    case Whereabout::with_client:
      return words.with_client;
    case Whereabout::away:
      return words.away[far];
    case Whereabout::away_at_client:
      return words.away_at_client;
  }
  return {};
}

/// What of a span lies in the period.
std::int64_t part_of(const StageSpan& span, std::int64_t begin_ns, std::int64_t end_ns) {
  const std::int64_t from = std::max(span.begin_ns, begin_ns), to = std::min(span.end_ns, end_ns);
  return to > from ? difference(to, from) : 0;
}

/// Stages in the order of their rows in Stage.
template <typename Spans>
void add_stages(const Spans& spans, const View& view, std::int64_t begin_ns, std::int64_t end_ns,
                PeriodTotals& totals) {
  struct Total {
    std::int64_t length_ns = 0;
    Lane lane{};
  };
  std::array<Total, stage_count> stages;
  for (const StageSpan& span : spans) {
    Total& of = stages[static_cast<std::size_t>(span.stage)];
    of.length_ns = sum(of.length_ns, part_of(span, begin_ns, end_ns));
    of.lane = span.lane;
  }
  for (std::size_t i = 0; i < stage_count; ++i)
    if (stages[i].length_ns > 0)
      totals.rows.push_back({std::string(label_of(static_cast<Stage>(i), view.language)),
                             {},
                             stages[i].length_ns,
                             ink_of(stages[i].lane)});
}

void tell_several(const Timeline& timeline, const View& view, std::int64_t begin_ns, std::int64_t end_ns,
                  const std::string& period, PeriodTotals& totals) {
  const WhereaboutsWords& words = whereabouts_words(view.language);
  const Intervals& journeys = timeline.index(0, false).journeys;
  const std::size_t during = journeys.during(begin_ns, end_ns);
  if (during == 0) {
    totals.notes.push_back(filled(words.no_journey, {period}));
    return;
  }
  const auto within = [&](const std::vector<std::int64_t>& times) {
    return static_cast<std::size_t>(std::lower_bound(times.begin(), times.end(), end_ns) -
                                    std::lower_bound(times.begin(), times.end(), begin_ns));
  };
  if (timeline.all_stages().size() <= most_spans)
    add_stages(timeline.all_stages(), view, begin_ns, end_ns, totals);
  totals.notes.push_back(filled(
      words.journeys, {counted(during), counted(within(journeys.begins)), counted(within(journeys.ends))}));
}

}  // namespace

Period shown_period(const Timeline& timeline, const View& view) {
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  const Page page = page_of(view, origin);
  // A month's last row goes on into the next one.
  return {captured(page.start, origin, view.scale), captured(page.end, origin, view.scale)};
}

std::uint32_t journey_of_period(const Timeline& timeline, const View& view, std::uint32_t preferred,
                                const Period& period) {
  const auto [begin_ns, end_ns] = period;
  if (view.journey != 0) return view.journey;
  if (timeline.last_journey() == 1) return 1;
  if (preferred != 0) return preferred;
  if (timeline.last_journey() > most_journeys) return 0;
  if (timeline.index(0, false).journeys.during(begin_ns, end_ns) != 1) return 0;
  for (std::uint32_t journey = 1; journey <= timeline.last_journey(); ++journey) {
    const JourneySummary* of = timeline.summary(journey);
    if (of != nullptr && of->first_ns != Event::unknown && of->first_ns < end_ns && of->last_ns >= begin_ns)
      return journey;
  }
  return 0;
}

PeriodTotals period_totals_by_stage(const Timeline& timeline, const View& view, std::uint32_t journey) {
  const WhereaboutsWords& words = whereabouts_words(view.language);
  PeriodTotals totals;
  totals.title = filled(words.where_went, {page_title(view)});
  const auto [begin_ns, end_ns] = shown_period(timeline, view);
  add_stages(timeline.stages(journey), view, begin_ns, end_ns, totals);
  totals.notes.emplace_back(words.by_stage);
  return totals;
}

PeriodTotals period_totals(const Timeline& timeline, const TimelineIndex& index, const View& view,
                           std::uint32_t journey) {
  const WhereaboutsWords& words = whereabouts_words(view.language);
  const std::string period = page_title(view);
  PeriodTotals totals;
  totals.title = filled(words.where_went, {period});
  const auto [begin_ns, end_ns] = shown_period(timeline, view);
  const JourneySummary* of = timeline.summary(journey);
  if (of == nullptr || of->first_ns == Event::unknown) {
    tell_several(timeline, view, begin_ns, end_ns, period, totals);
    return totals;
  }
  const auto found = whereabouts_of(timeline, index, journey, begin_ns, end_ns);
  if (!found) return period_totals_by_stage(timeline, view, journey);
  if (found->stays.empty()) {
    totals.notes.push_back(filled(words.no_letter, {period}));
    return totals;
  }
  bool one_end = false;
  for (const Stay& stay : found->stays) {
    one_end = one_end || stay.where == Whereabout::away || stay.where == Whereabout::away_at_client;
    totals.rows.push_back({std::string(name_of_stay(stay, words)), detail_of(timeline, view, stay),
                           stay.length_ns, Ink::muted});
  }
  if (one_end) totals.notes.emplace_back(words.one_end);
  if (found->begin_ns > begin_ns)
    totals.notes.push_back(
        filled(words.first_later, {length_of(difference(found->begin_ns, begin_ns), view), period}));
  if (found->end_ns < end_ns)
    totals.notes.push_back(
        filled(words.last_earlier, {length_of(difference(end_ns, found->end_ns), view), period}));
  return totals;
}

}  // namespace humantime::ui
