// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/event_text.h"

#include <algorithm>

#include "layout/frame.h"
#include "layout/known_date.h"
#include "layout/words.h"
#include "reports/time_text.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

std::string numbered(std::size_t count, const Words& words) {
  return count == 1 ? std::string(words.one_event) : filled(words.events, {counted(count)});
}

std::size_t events_between(const Timeline& timeline, const View& view, std::int64_t begin_ns,
                           std::int64_t end_ns) {
  const TimelineIndex& index = timeline.index(view.journey, view.limit_to_filter);
  std::size_t sum = 0;
  for (std::size_t lane = 0; lane < lane_count; ++lane) {
    if (view.hidden[lane]) continue;
    for (const TimeIndex* of : {&index.lanes[lane].marks, &index.lanes[lane].segments})
      sum += of->lower_bound(timeline.events(), end_ns) - of->lower_bound(timeline.events(), begin_ns);
  }
  return sum;
}

}  // namespace

std::string name_of(const Timeline& timeline, EventIndex index, Language language) {
  const Event& event = timeline.at(index);
  std::string name(label_of(event.phase, language));
  const auto ordinal = event.ordinal > 1 && event.phase == Phase::dns_query
                           ? " " + std::to_string(event.ordinal)
                           : std::string();
  name += ordinal;
  if ((event.flags & Event::more_phases) == 0) return name;
  EventRecord record;
  if (!timeline.source().read(event.frame, record)) return name;
  const Lane lane = lane_of(event);
  Phase last = event.phase;
  bool after = false;
  const PhaseMark* below = nullptr;
  for (const PhaseMark& mark : record.marks) {
    const PhaseRow& row = row_of(mark.phase);
    if (mark.phase == event.phase) after = true;
    if (row.lane == lane && row.milestone && after) last = mark.phase;
    if (row.lane != lane && row.milestone && below == nullptr) below = &mark;
  }
  if (last != event.phase) name.append(" … ").append(label_of(last, language));
  if (below != nullptr) name.append(" + ").append(label_of(below->phase, language));
  return name;
}

std::string mean_date(const Timeline& timeline, const View& view, EventIndex index) {
  const journeys::Spread* spread = timeline.spread(index);
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  return reports::Dates::since_zero({view.language, view.scale, reports::Origin::journey})
      .rounded(difference(timeline.at(index).time_ns, origin), spread == nullptr ? 0 : spread->precision_ns);
}

std::string deviation_text(std::int64_t ns, const View& view) {
  StretchedTime length = stretch(Nanoseconds{std::max<std::int64_t>(ns, 0)}, view.scale);
  constexpr std::int64_t hour = 3600, minute = 60;
  const std::int64_t step = length.seconds >= 2 * hour ? hour : length.seconds >= 2 * minute ? minute : 1;
  length.seconds = sum(length.seconds, step / 2) / step * step;
  return length_text({length.seconds, 0}, view.language);
}

std::string mean_text(const Timeline& timeline, const View& view, EventIndex index) {
  const journeys::Spread* spread = timeline.spread(index);
  if (spread == nullptr) return {};
  return filled(words_of(view.language).mean_of, {counted(spread->n), deviation_text(spread->sd_ns, view)});
}

std::string describe_event(const Timeline& timeline, const View& view, EventIndex index) {
  const Event& event = timeline.at(index);
  const Words& words = words_of(view.language);
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  const journeys::Spread* spread = timeline.spread(index);
  const reports::Dates means =
      reports::Dates::since_zero({view.language, view.scale, reports::Origin::journey});
  const auto date = [&](std::int64_t ns, const auto& known) {
    if (spread != nullptr) return means.rounded(difference(ns, origin), spread->precision_ns);
    return spoken_date(known(timeline, view, event), view.language);
  };
  const bool sent = is_sent(event);
  std::string_view way;
  if (event.direction != journeys::Direction::unknown && event.end != End::middle)
    way = sent == is_at_client(event) ? words.client_to_server : words.server_to_client;
  std::string dates;
  if (event.time_ns != Event::unknown) {
    const bool told = event.direction != journeys::Direction::unknown;
    if (event.other_ns == Event::unknown) {
      dates = filled(!told  ? words.seen_on
                     : sent ? words.sent_on
                            : words.received_on,
                     {date(event.time_ns, known_date)});
    } else {
      const std::string_view guessed =
          (event.flags & Event::estimated) != 0 ? words.estimated : std::string_view();
      const std::string own = date(event.time_ns, known_date);
      const std::string other = date(event.other_ns, known_other_date).append(guessed);
      dates = filled(words.sent_on, {sent ? own : other}) + filled(words.received_on, {sent ? other : own});
      const std::int64_t way_ns =
          sent ? difference(event.other_ns, event.time_ns) : difference(event.time_ns, event.other_ns);
      dates.append(words.comma)
          .append(spoken_length(stretch(Nanoseconds{way_ns}, view.scale), view.language));
    }
  }
  if (spread != nullptr) dates.append(words.comma).append(mean_text(timeline, view, index));
  return filled(words.event_line,
                {name_of(timeline, index, view.language), token_of(lane_of(event)), way, dates});
}

std::string page_title(const View& view) {
  const Words& words = words_of(view.language);
  const Date date = date_of(view.at);
  const bool ja = view.language == Language::japanese;
  switch (view.level) {
    case Level::years: {
      std::int64_t first = (date.year - 1) % 10;
      if (first < 0) first += 10;
      first = date.year - first;
      return filled(words.years, {std::to_string(first), std::to_string(first + 9)});
    }
    case Level::year:
      return filled(words.year, {std::to_string(date.year)});
    case Level::month:
      return std::string(words.long_months[date.month - 1]);
    default:
      break;
  }
  std::string day = filled(words.day, {words.long_months[date.month - 1], std::to_string(date.day)});
  if (view.level == Level::day) return day;
  Date shown = date;
  if (view.level == Level::hour) shown.minute = 0;
  return day.append(ja ? "" : " ").append(clock_text(shown, view.language));
}

std::string describe_row(const Timeline& timeline, const View& view, std::size_t row) {
  const Words& words = words_of(view.language);
  const Page page = page_of(view, origin_of(timeline, view).value_or(0));
  if (row >= page.count) return {};
  const PageRow& of = page.rows()[row];
  const Date date = date_of(of.start);
  std::string name;
  if (view.level == Level::years) {
    name = filled(words.year, {std::to_string(date.year)});
  } else if (view.level == Level::year) {
    name = words.long_months[date.month - 1];
  } else {
    name = filled(words.day, {words.long_months[date.month - 1], std::to_string(date.day)});
    if (view.level != Level::month) name.append(" ").append(clock_text(date, view.language));
  }
  return filled(words.row_events,
                {name, numbered(events_between(timeline, view, of.begin_ns, of.end_ns), words)});
}

std::string describe_page(const Timeline& timeline, const View& view) {
  const Words& words = words_of(view.language);
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  const Page page = page_of(view, origin);
  const std::size_t events =
      events_between(timeline, view, page.begin_ns(), captured(page.end, origin, view.scale));
  return filled(words.row_events, {page_title(view), numbered(events, words)});
}

std::string describe_begins(const View& view, std::uint32_t count, StretchedTime day) {
  const Words& words = words_of(view.language);
  const Date date = date_of(day);
  return filled(
      words.begin_on,
      {counted(count), filled(words.day, {words.long_months[date.month - 1], std::to_string(date.day)})});
}

}  // namespace humantime::ui
