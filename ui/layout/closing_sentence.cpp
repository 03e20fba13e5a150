// SPDX-License-Identifier: GPL-2.0-or-later
// How a year ends, said where nothing happens any more.
#include <algorithm>

#include "layout/drawing.h"
#include "layout/event_text.h"
#include "layout/known_date.h"
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

}  // namespace

void lay_out_closing_sentence(const Drawing& d) {
  if (d.view.level != Level::year || d.view.until || !d.timeline.first_ns()) return;
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
