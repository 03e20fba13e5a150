// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/strip.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "layout/answer_words.h"
#include "layout/breadcrumb.h"
#include "layout/calendar_layout.h"
#include "layout/drawing.h"
#include "layout/event_text.h"
#include "layout/summary.h"
#include "layout/words.h"
#include "model/round_trips.h"
#include "reports/sentences.h"
#include "reports/time_text.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr double title_width = 201;
constexpr double right_margin = 14;
constexpr double bars_top = 25;
constexpr double month_height = 19;
constexpr double column_width = 2;

constexpr std::int64_t year_seconds = stretched_seconds_per_year;

StretchedTime year_start(std::int64_t year) {
  Date date;
  date.year = year;
  return time_of(date);
}

/// The last mean of a journey; null where it was captured.
const journeys::Spread* last_mean(const Timeline& timeline, std::uint32_t journey) {
  const JourneySummary* of = timeline.summary(journey);
  return of == nullptr ? nullptr : timeline.spread(EventIndex{of->last_event});
}

std::string mean_sentence(const Timeline& timeline, const View& view, const journeys::Spread& last) {
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  const auto day = [&](std::int64_t ns) {
    return day_text(date_of(stretched(ns, origin, view.scale)), view.language);
  };
  return filled(words_of(view.language).mean_total,
                {day(last.mean_ns), deviation_text(last.sd_ns, view), day(last.min_ns), day(last.max_ns)});
}

/// {0} how long, {1} in real time: what became of a journey that was no fetch.
struct FailureRow {
  journeys::Kind kind;
  reports::Sentence sentence;
};
constexpr FailureRow failures[] = {
    {journeys::Kind::refused,
     {"The connection was *refused* after *{0}* ({1})", "*{0}*（{1}）で接続を*拒否された*"}},
    {journeys::Kind::unanswered,
     {"*No answer* to the connection's SYN in *{0}* ({1})", "*{0}*（{1}）待っても SYN に*応答なし*"}},
    {journeys::Kind::abandoned,
     {"The connection was *reset* after *{0}* ({1}), before anything was said",
      "*{0}*（{1}）で、何も送らないうちに接続が*リセットされた*"}},
    {journeys::Kind::failed,
     {"The lookup took *{0}* ({1}) and *led to no connection*",
      "名前解決に *{0}*（{1}）かけたが*接続に至らなかった*"}},
};

/// Of a journey that is a fetch, or of which nothing is known yet, nothing.
const FailureRow* failure_of(const Timeline& timeline, std::uint32_t journey) {
  const auto& records = timeline.journeys();
  const auto record =
      std::lower_bound(records.begin(), records.end(), journey,
                       [](const JourneyRecord& of, std::uint32_t number) { return of.number < number; });
  if (record == records.end() || record->number != journey) return nullptr;
  const auto* row = std::find_if(std::begin(failures), std::end(failures),
                                 [&](const FailureRow& of) { return of.kind == record->kind; });
  return row == std::end(failures) ? nullptr : row;
}

/// What the time was spent on, and the sentence's end.
std::string story_of(const Timeline& timeline, const View& view, std::uint32_t journey) {
  const Words& words = words_of(view.language);
  const auto length = [&](std::int64_t ns) {
    return length_text(stretch(Nanoseconds{ns}, view.scale), view.language);
  };
  std::string text;
  if (const std::size_t trips = round_trips_of(timeline, journey).size(); trips > 0) {
    text += filled(words.fetch_trips, {trips == 1 ? std::string(words.round_trip)
                                                  : filled(words.round_trips, {std::to_string(trips)})});
    if (const auto light = light_share_of(timeline, view, journey))
      text += filled(words.fetch_light, {length(light->distance_ns)});
  }
  std::int64_t answer_ns = 0;
  for (const StageSpan& span : timeline.stages(journey))
    if (span.stage == Stage::response) answer_ns = sum(answer_ns, difference(span.end_ns, span.begin_ns));
  if (const auto answer = answer_of(timeline, journey))
    text += answer_clause(timeline, *answer, view, answer_ns);
  else if (answer_ns > 0)
    text += filled(words.fetch_answer, {length(answer_ns)});
  return text.append(words.sentence_end);
}

std::string sentence_of(const Timeline& timeline, const View& view, const StripMap& map) {
  const Words& words = words_of(view.language);
  const std::uint32_t journey = told_journey(timeline, view.journey);
  const JourneySummary* of = timeline.summary(journey);
  // Of those that have an event: numbers have gaps.
  const std::string count = counted(timeline.index(0, false).journeys.begins.size());
  std::string text;
  if (of != nullptr && of->first_ns != Event::unknown) {
    const std::int64_t length = difference(of->last_ns, of->first_ns);
    if (const journeys::Spread* last = last_mean(timeline, journey); last != nullptr && last->n > 1)
      return mean_sentence(timeline, view, *last);
    const FailureRow* failure = failure_of(timeline, journey);
    text = filled(failure == nullptr ? words.fetch_total : failure->sentence.in(view.language),
                  {spoken_length(stretch(Nanoseconds{length}, view.scale), view.language), real_text(length),
                   size_text(of->bytes)});
    text += failure == nullptr ? story_of(timeline, view, journey) : std::string(words.sentence_end);
  } else if (map.last_year > map.first_year) {
    text = filled(words.years_total, {count, counted(static_cast<std::uint64_t>(map.last_year) -
                                                     static_cast<std::uint64_t>(map.first_year) + 1)});
  } else if (timeline.first_ns()) {
    text = filled(words.page_total, {count, counted(timeline.events().size()),
                                     real_text(difference(*timeline.last_ns(), *timeline.first_ns()))});
  }
  return text;
}

void lay_out_title(const Drawing& d, const StripMap& map) {
  const Words& words = words_of(d.view.language);
  const std::vector<Crumb> crumbs = breadcrumb(d.view);
  // `12月30日午後10時58分` is longer than what stands beside the sentence.
  const std::string& here = crumbs.back().text;
  const bool fits = 12 + d.text_width(here, TextStyle::title) <= map.rect.x - 8;
  const Rect title = d.text(here, 12, 18, fits ? TextStyle::title : TextStyle::heading, Ink::text);
  if (crumbs.size() > 1) {
    double x = title.right() + 10;
    for (auto crumb = crumbs.rbegin() + 1; crumb != crumbs.rend(); ++crumb) {
      std::string text = "‹ " + crumb->text;
      const double width = d.text_width(text, TextStyle::label);
      if (x + width > map.rect.x - 8) break;
      d.text(std::move(text), x, 20, TextStyle::label, Ink::muted);
      x += width + 6;
    }
  }
  std::string name;
  const std::uint32_t journey = told_journey(d.timeline, d.view.journey);
  const auto& journeys = d.timeline.journeys();
  // In order, but where a tshark was asked with a filter not all of them.
  const auto record =
      std::lower_bound(journeys.begin(), journeys.end(), journey,
                       [](const JourneyRecord& of, std::uint32_t number) { return of.number < number; });
  if (record != journeys.end() && record->number == journey) name = record->name;
  // A name from the capture: bounded, cut at a character's beginning.
  if (name.size() > 40) {
    std::size_t cut = 39;
    while (cut > 0 && (static_cast<unsigned char>(name[cut]) & 0xC0) == 0x80) --cut;
    name.resize(cut);
    name += "…";
  }
  if (!name.empty()) d.text(std::move(name), 12, 39, TextStyle::label, Ink::muted);
  if (const journeys::Spread* last = last_mean(d.timeline, journey)) {
    d.text(filled(words.mean_of_journeys, {counted(last->n)}), 12, 54, TextStyle::label, Ink::muted);
    return;
  }
  const Page& page = d.frame.page;
  const auto real = [&](StretchedTime time) { return reports::ms_text(shrink(time, d.view.scale).count()); };
  d.text(filled(words.of_the_capture, {real(page.start), real(page.end)}), 12, 54, TextStyle::label,
         Ink::muted);
}

void lay_out_months(const Drawing& d, const StripMap& map) {
  const Words& words = words_of(d.view.language);
  const double y = map.rect.bottom() + month_height / 2;
  if (map.first_year == map.last_year) {
    double day = 0;
    for (int month = 1; month <= 12; ++month) {
      const double length = days_in_month(month);
      const double x = map.rect.x + day / 365 * map.rect.width;
      if (month > 1) d.line({x, map.rect.y}, {x, map.rect.bottom()}, Ink::grid);
      d.text(std::string(words.months[month - 1]), x + length / 730 * map.rect.width, y, TextStyle::tick,
             Ink::muted, Align::center);
      day += length;
    }
    return;
  }
  const double years = static_cast<double>(map.last_year) - static_cast<double>(map.first_year) + 1;
  // 1, 2, 5, 10, … years apart, so that their numbers do not touch.
  const double room = d.text_width(std::to_string(map.last_year), TextStyle::tick) + 24;
  double step = 1;
  for (int i = 0; step / years * map.rect.width < room; ++i) step *= i % 3 == 1 ? 2.5 : 2;
  step = std::round(step);
  // NOLINTNEXTLINE(clang-analyzer-security.FloatLoopCounter)
  for (double year = 0; year < years; year += step) {
    const double x = map.rect.x + year / years * map.rect.width;
    d.line({x, map.rect.bottom()}, {x, map.rect.bottom() + 3}, Ink::muted);
    d.text(std::to_string(map.first_year + static_cast<std::int64_t>(year)), x + 2, y, TextStyle::tick,
           Ink::muted);
  }
}

/// `next` begins next, null where none does. A stage ends where it goes on as another one, as QUIC's connect
/// does as its TLS handshake; what is written on it ends where any other begins.
void lay_out_stage(const Drawing& d, const StripMap& map, const StageSpan& span, const StageSpan* next) {
  const auto x_at = [&](std::int64_t time_ns) {
    return std::clamp(map.x_at(time_ns), map.rect.x, map.rect.right());
  };
  const double left = x_at(span.begin_ns), end = x_at(span.end_ns);
  const double free = next == nullptr ? end : std::min(end, x_at(next->begin_ns));
  const double right = next != nullptr && next->end_ns >= span.end_ns ? free : end;
  if (right - left < 0.5) return;
  const Ink ink = ink_of(span.lane);
  d.fill(left, map.rect.y, right, map.rect.bottom(), ink, Strength::under_text);
  d.fill(left, map.rect.y, right, map.rect.y + 3, ink);
  const std::string name(label_of(span.stage, d.view.language));
  const std::string length = length_text(
      stretch(Nanoseconds{difference(span.end_ns, span.begin_ns)}, d.view.scale), d.view.language);
  const double name_width = d.text_width(name, TextStyle::label_bold);
  const double length_width = d.text_width(length, TextStyle::label);
  const double middle = (map.rect.y + 3 + map.rect.bottom()) / 2;
  const double room = free - left - 8;
  if (name_width + 7 + length_width <= room) {
    d.text(name, left + 6, middle, TextStyle::label_bold, Ink::text);
    d.text(length, left + 6 + name_width + 7, middle, TextStyle::label, Ink::text);
  } else if (std::max(name_width, d.text_width(length, TextStyle::tick)) <= room + 4 &&
             map.rect.height >= 25) {
    d.text(name, left + 3, middle - 6, TextStyle::label_bold, Ink::text);
    d.text(length, left + 3, middle + 6, TextStyle::tick, Ink::text);
  } else if (std::max(d.text_width(name, TextStyle::tick_bold), d.text_width(length, TextStyle::tick)) <=
                 room + 5 &&
             map.rect.height >= 25) {
    d.text(name, left + 2, middle - 6, TextStyle::tick_bold, Ink::text);
    d.text(length, left + 2, middle + 6, TextStyle::tick, Ink::text);
  } else if (name_width <= room + 4) {
    d.text(name, left + 3, middle, TextStyle::label_bold, Ink::text);
  }
}

void lay_out_columns(const Drawing& d, const StripMap& map) {
  const auto count = static_cast<std::size_t>(std::max(0.0, std::floor(map.rect.width / column_width)));
  const double per_pixel =
      (static_cast<double>(map.end_ns) - static_cast<double>(map.begin_ns)) / map.rect.width;
  std::vector<std::array<std::size_t, lane_count>> columns(count);
  std::size_t highest = 1;
  const auto time_of_column = [&](std::size_t c) {
    const double ns = static_cast<double>(map.begin_ns) + static_cast<double>(c) * column_width * per_pixel;
    return static_cast<std::int64_t>(std::clamp(ns, -9.2e18, 9.2e18));
  };
  for (std::size_t c = 0; c < count; ++c) {
    std::size_t sum = 0;
    for (std::size_t l = 0; l < lane_count; ++l) {
      if (d.view.hidden[l] || d.index.lanes[l].stages.begins.empty()) continue;
      columns[c][l] = d.index.lanes[l].stages.during(time_of_column(c), time_of_column(c + 1));
      sum += columns[c][l];
    }
    highest = std::max(highest, sum);
  }
  for (std::size_t c = 0; c < count; ++c) {
    double y = map.rect.bottom();
    const double x = map.rect.x + static_cast<double>(c) * column_width;
    for (std::size_t l = 0; l < lane_count; ++l) {
      const double h = static_cast<double>(columns[c][l]) / static_cast<double>(highest) * map.rect.height;
      d.fill(x, y - h, x + column_width, y, ink_of(static_cast<Lane>(l)), Strength::segments);
      y -= h;
    }
  }
  d.text(std::to_string(highest), map.rect.x - 4, map.rect.y + 4, TextStyle::tick, Ink::muted, Align::right);
}

void lay_out_bracket(const Drawing& d, const StripMap& map) {
  const double shown_begin = map.x_at(d.frame.page.begin_ns());
  const double shown_end = map.x_at(captured(d.frame.page.end, d.frame.origin_ns, d.view.scale));
  double left = std::clamp(shown_begin, map.rect.x, map.rect.right()) - 1;
  double right = std::clamp(shown_end, map.rect.x, map.rect.right()) + 1;
  // A minute is less than a pixel: the frame stays to be seen and to be dragged.
  if (right - left < 6) {
    const double middle = (left + right) / 2;
    left = middle - 3, right = middle + 3;
  }
  const double top = map.rect.y - 2, bottom = map.rect.bottom() + 2;
  d.line({left, top}, {right, top}, Ink::selection, Strength::solid, 2);
  d.line({right, top}, {right, bottom}, Ink::selection, Strength::solid, 2);
  d.line({right, bottom}, {left, bottom}, Ink::selection, Strength::solid, 2);
  d.line({left, bottom}, {left, top}, Ink::selection, Strength::solid, 2);
}

}  // namespace

double StripMap::x_at(std::int64_t time_ns) const {
  const double length = static_cast<double>(end_ns) - static_cast<double>(begin_ns);
  if (!(length > 0)) return rect.x;
  return rect.x + (static_cast<double>(time_ns) - static_cast<double>(begin_ns)) / length * rect.width;
}

StripMap strip_map(const Timeline& timeline, const View& view, double width, double height) {
  StripMap map;
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  std::int64_t first_ns = timeline.first_ns().value_or(origin);
  std::int64_t last_ns = timeline.last_ns().value_or(origin);
  const std::uint32_t journey = told_journey(timeline, view.journey);
  if (const JourneySummary* of = timeline.summary(journey); of != nullptr && of->first_ns != Event::unknown)
    first_ns = of->first_ns, last_ns = of->last_ns;
  map.first_year = date_of(stretched(first_ns, origin, view.scale)).year;
  map.last_year = date_of(stretched(last_ns, origin, view.scale)).year;
  map.begin_ns = captured(year_start(map.first_year), origin, view.scale);
  map.end_ns =
      captured(year_start(map.last_year == INT64_MAX ? INT64_MAX : map.last_year + 1), origin, view.scale);
  map.columns = map.last_year > map.first_year || (journey == 0 && timeline.last_journey() > 1);
  map.rect = {title_width + 12, bars_top, std::max(1.0, width - title_width - 12 - right_margin),
              std::max(1.0, height - bars_top - month_height)};
  return map;
}

std::optional<StretchedTime> strip_time_at(const Timeline& timeline, const View& view, double width,
                                           double height, Point point) {
  const StripMap map = strip_map(timeline, view, width, height);
  if (!map.rect.contains(point) || map.end_ns <= map.begin_ns) return std::nullopt;
  const double share = (point.x - map.rect.x) / map.rect.width;
  const double years = static_cast<double>(map.last_year) - static_cast<double>(map.first_year) + 1;
  const double seconds = share * years * static_cast<double>(year_seconds);
  StretchedTime time = year_start(map.first_year);
  if (__builtin_add_overflow(time.seconds, static_cast<std::int64_t>(std::min(seconds, 9.2e18)),
                             &time.seconds))
    return std::nullopt;
  return time;
}

void lay_out_strip(const Timeline& timeline, const View& view, double width, double height,
                   const TextMeasure& measure, Scene& scene) {
  scene.clear();
  scene.bounds = {0, 0, width, height};
  // The height of the calendar does not matter here, only the page that it shows.
  CalendarFrame frame;
  frame.origin_ns = origin_of(timeline, view).value_or(0);
  frame.page = page_of(view, frame.origin_ns);
  const Drawing d{timeline, view, frame, timeline.index(view.journey, view.limit_to_filter), measure, scene};
  const StripMap map = strip_map(timeline, view, width, height);
  d.fill(0, 0, width, height, Ink::page);
  lay_out_title(d, map);
  write_sentence(d, sentence_of(timeline, view, map), map.rect.x, 13, map.rect.right());
  lay_out_months(d, map);
  if (map.columns) {
    lay_out_columns(d, map);
  } else if (const std::uint32_t journey = told_journey(timeline, view.journey); journey != 0) {
    std::vector<StageSpan> spans = timeline.stages(journey);
    std::stable_sort(spans.begin(), spans.end(), [](const StageSpan& a, const StageSpan& b) {
      return std::tie(a.begin_ns, a.end_ns) < std::tie(b.begin_ns, b.end_ns);
    });
    for (std::size_t i = 0; i < spans.size(); ++i)
      lay_out_stage(d, map, spans[i], i + 1 < spans.size() ? &spans[i + 1] : nullptr);
  }
  lay_out_bracket(d, map);
}

}  // namespace humantime::ui
