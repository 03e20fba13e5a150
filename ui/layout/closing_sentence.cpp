// SPDX-License-Identifier: GPL-2.0-or-later
// How a year ends, said where nothing happens any more; closer, when at an end something happens next.
#include <algorithm>
#include <utility>

#include "layout/drawing.h"
#include "layout/event_text.h"
#include "layout/known_date.h"
#include "layout/page_waits.h"
#include "layout/words.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// The last event before an instant, and when the first at or after it happens.
struct Ends {
  std::int64_t last_ns = Event::unknown, next_ns = Event::unknown;
  EventIndex last = no_event;
};

Ends ends_at(const Drawing& d, std::int64_t instant) {
  const TimeIndex::Events events = d.timeline.events();
  Ends ends;
  for (std::size_t l = 0; l < lane_count; ++l) {
    if (d.view.hidden[l]) continue;
    for (const TimeIndex* index : {&d.index.lanes[l].marks, &d.index.lanes[l].segments}) {
      const std::size_t at = index->lower_bound(events, instant);
      if (at < index->size()) {
        const std::int64_t next_ns = events[index->event_at(at)].time_ns;
        ends.next_ns = ends.next_ns == Event::unknown ? next_ns : std::min(ends.next_ns, next_ns);
      }
      if (at == 0) continue;
      const std::uint32_t before = index->event_at(at - 1);
      if (ends.last != no_event && events[before].time_ns < ends.last_ns) continue;
      ends.last_ns = events[before].time_ns;
      ends.last = EventIndex{before};
    }
  }
  return ends;
}

std::string sentence_of(const Drawing& d, const Ends& ends) {
  const Words& words = words_of(d.view.language);
  if (ends.next_ns != Event::unknown) {
    const Date date = date_of(stretched(ends.next_ns, d.frame.origin_ns, d.view.scale));
    return filled(words.next_letter, {std::to_string(date.year)});
  }
  const auto first = d.timeline.first_ns();
  // While a capture is read nobody knows which event is the last.
  if (ends.last == no_event || !first || d.timeline.source().progress() < 1 || d.timeline.has_means())
    return {};
  const JourneySummary* journey = d.timeline.summary(d.view.journey);
  const std::int64_t begin = journey == nullptr ? *first : journey->first_ns;
  const std::int64_t length = difference(ends.last_ns, begin);
  return filled(
      words.no_more_letters,
      {name_of(d.timeline, ends.last, d.view.language),
       spoken_date(known_date(d.timeline, d.view, d.timeline.at(ends.last)), d.view.language),
       spoken_length(stretch(Nanoseconds{length}, d.view.scale), d.view.language), real_text(length)});
}

// -- closer than the year

/// Of a page with more events nobody needs to be told of those that come next.
constexpr std::size_t most_events = 256;

/// What happens at one end, or at either: on the page, and next.
struct Next {
  bool on_page = false;
  EventIndex next = no_event;
};

struct PageEnds {
  Next client, server, either;
  bool known = true;  ///< false: too many events to look at
};

PageEnds ends_of_page(const Drawing& d) {
  const TimeIndex::Events events = d.timeline.events();
  const std::int64_t begin_ns = d.frame.page.begin_ns(), end_ns = d.frame.page.end_ns();
  PageEnds ends;
  const auto earlier = [&](Next& of, std::uint32_t event) {
    if (of.next == no_event || events[event].time_ns < d.timeline.at(of.next).time_ns)
      of.next = EventIndex{event};
  };
  for (const LaneIndex& lane : d.index.lanes)
    for (const TimeIndex* index : {&lane.marks, &lane.segments}) {
      const std::size_t begin = index->lower_bound(events, begin_ns);
      const std::size_t end = index->lower_bound(events, end_ns, begin);
      if (end - begin > most_events) return {{}, {}, {}, false};
      for (std::size_t at = begin; at < end; ++at) {
        const End place = events[index->event_at(at)].end;
        ends.either.on_page = true;
        if (place != End::server) ends.client.on_page = true;
        if (place != End::client) ends.server.on_page = true;
      }
      bool client = false, server = false;
      for (std::size_t at = end; at < std::min(index->size(), end + most_events) && !(client && server);
           ++at) {
        const std::uint32_t event = index->event_at(at);
        const End place = events[event].end;
        if (at == end) earlier(ends.either, event);
        if (place == End::client && !std::exchange(client, true)) earlier(ends.client, event);
        if (place == End::server && !std::exchange(server, true)) earlier(ends.server, event);
      }
    }
  return ends;
}

std::string closing_line(const Drawing& d) {
  const PageEnds ends = ends_of_page(d);
  if (!ends.known) return {};
  const Words& words = words_of(d.view.language);
  const auto when =
      words.page_spans[static_cast<std::size_t>(d.view.level) - static_cast<std::size_t>(Level::month)];
  const auto date_of_next = [&](EventIndex event) {
    return spoken_date(known_date(d.timeline, d.view, d.timeline.at(event)), d.view.language);
  };
  if (!ends.either.on_page) {
    if (ends.either.next == no_event) return sentence_of(d, ends_at(d, d.frame.page.end_ns()));
    return filled(words.nothing_at_all, {when, name_of(d.timeline, ends.either.next, d.view.language),
                                         date_of_next(ends.either.next)});
  }
  // Of one end only where one journey is told: else nobody knows whose letter is meant.
  const std::uint32_t journey = told_on_page(d);
  for (const auto& [of, end] : {std::pair{&ends.client, words.client}, {&ends.server, words.server}}) {
    if (of->on_page || of->next == no_event || journey == 0) continue;
    const Event& next = d.timeline.at(of->next);
    if (next.journey != journey || next.direction == journeys::Direction::unknown) continue;
    return filled(is_sent(next) ? words.nothing_goes : words.nothing_here,
                  {end, when, name_of(d.timeline, of->next, d.view.language), date_of_next(of->next)});
  }
  return {};
}

void lay_out_closing_line(const Drawing& d) {
  if (d.timeline.has_means() || (d.view.limit_to_filter && d.timeline.hidden_count() > 0)) return;
  const auto rows = d.frame.page.rows();
  const bool empty =
      std::all_of(d.frame.rows.begin(), d.frame.rows.begin() + static_cast<std::ptrdiff_t>(rows.size()),
                  [](const RowFrame& row) { return row.count == 0; });
  // A month has no foot: what is said there is said where nothing happens in it.
  if (d.frame.stacked || (d.view.level == Level::month && !empty)) return;
  std::string text = closing_line(d);
  const double x = d.frame.left + 5;
  if (text.empty() || x + d.text_width(text, TextStyle::label) > d.frame.left + d.frame.width) return;
  const double y =
      empty ? (d.frame.rows[0].top + style_of(d.view.level).row_header + d.frame.rows[0].bottom) / 2
            : d.frame.footer_top + style_of(d.view.level).footer / 2;
  d.text(std::move(text), x, y, TextStyle::label, Ink::muted);
}

}  // namespace

void lay_out_closing_sentence(const Drawing& d) {
  if (d.view.level < Level::year || d.view.until || !d.timeline.first_ns()) return;
  if (d.view.level > Level::year) return lay_out_closing_line(d);
  const auto rows = d.frame.page.rows();
  // Stacked years say by heights what happens, and have no lanes.
  std::size_t row = rows.size();
  while (row > 0 && d.frame.rows[row - 1].count == 0) --row;
  if (row == rows.size() || d.frame.stacked) return;
  const Ends ends = ends_at(d, d.frame.page.end_ns());
  // A letter may still be on its way in a row without an event, and that row has a lane.
  std::string text = sentence_of(d, ends);
  const double right = d.frame.left + d.frame.width * 28 / 31;
  const double x = d.frame.left + 5;
  if (text.empty() || x + d.text_width(text, TextStyle::label) > right) return;
  const RowFrame& frame = d.frame.rows[row];
  d.text(std::move(text), x, (frame.top + frame.bottom) / 2, TextStyle::label, Ink::muted);
}

}  // namespace humantime::ui
