// SPDX-License-Identifier: GPL-2.0-or-later
// In a year: how long an end kept a letter before it wrote the next one: dotted, on that end's edge.
#include <algorithm>
#include <vector>

#include "layout/drawing.h"
#include "layout/words.h"
#include "model/round_trips.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

/// Of a journey with more events nobody reads the waits.
constexpr std::uint32_t most_events = 4096;
/// A shorter line is no line, pixels.
constexpr double least_width = 12;
/// A label line is at least so high.
constexpr double least_line = 11;

/// At one end: from what came in to what goes out.
struct Wait {
  std::int64_t begin_ns, end_ns;
  Lane lane;  ///< of what goes out
  bool client;
};

std::vector<Wait> waits_of(const Timeline& timeline, std::uint32_t journey, bool client) {
  std::vector<EventIndex> at_end;
  for (const EventIndex index : timeline.events_of(journey)) {
    const Event& event = timeline.at(index);
    // Name servers answer the client, so that only its end has their packets.
    const bool here = event.end == (client ? End::client : End::server);
    if (here && event.time_ns != Event::unknown && event.direction != journeys::Direction::unknown)
      at_end.push_back(index);
  }
  std::stable_sort(at_end.begin(), at_end.end(), [&](EventIndex a, EventIndex b) {
    return timeline.at(a).time_ns < timeline.at(b).time_ns;
  });
  std::vector<Wait> waits;
  for (std::size_t i = 1; i < at_end.size(); ++i) {
    const Event &before = timeline.at(at_end[i - 1]), &after = timeline.at(at_end[i]);
    if (!is_sent(before) && is_sent(after) && is_mark(after))
      waits.push_back({before.time_ns, after.time_ns, lane_of(after), client});
  }
  return waits;
}

void lay_out_wait(const Drawing& d, const PageRow& row, const RowFrame& frame, const Wait& wait) {
  const auto lane = std::find_if(frame.lanes().begin(), frame.lanes().end(),
                                 [&](const LaneFrame& of) { return of.lane == wait.lane; });
  if (lane == frame.lanes().end()) return;
  const std::int64_t stop = std::min(row.end_ns, d.frame.until_ns);
  if (wait.end_ns <= row.begin_ns || wait.begin_ns >= stop) return;
  const float radius = style_of(d.view.level).radius;
  const double left = d.frame.x_at(row, std::max(wait.begin_ns, row.begin_ns));
  double right = d.frame.x_at(row, std::min(wait.end_ns, stop));
  if (wait.end_ns <= stop) right -= radius + 1;
  if (right - left < least_width) return;
  const double y = wait.client ? lane->band_top : lane->band_bottom;
  d.line({left, y}, {right, y}, Ink::muted, Strength::solid, 1.2F, LineStyle::dotted);

  const Words& words = words_of(d.view.language);
  const std::string length = length_text(
      stretch(Nanoseconds{difference(wait.end_ns, wait.begin_ns)}, d.view.scale), d.view.language);
  std::string text = filled(wait.client ? words.inside_client : words.inside_server, {length});
  const double height = d.measure.height(TextStyle::label);
  // On the lane's own label line, above it or below.
  const double line = wait.client ? lane->above : lane->below;
  const double middle = wait.client ? y - line / 2 - 1 : y + line / 2 + 1;
  const double width = d.text_width(text, TextStyle::label);
  const Rect box{(left + right - width) / 2, middle - height / 2, width, height};
  if (width + 12 > right - left || line < least_line) return;
  for (const Label& label : d.scene.labels)
    if (label.box.intersects(box)) return;
  d.text(std::move(text), box.x, middle, TextStyle::label, Ink::muted);
}

}  // namespace

void lay_out_waits(const Drawing& d) {
  if (d.frame.stacked || d.view.level != Level::year || d.timeline.has_means()) return;
  const std::uint32_t journey = told_journey(d.timeline, d.view.journey);
  const JourneySummary* of = d.timeline.summary(journey);
  if (of == nullptr || of->last_event - of->first_event > most_events) return;
  const auto rows = d.frame.page.rows();
  for (const bool client : {true, false})
    for (const Wait& wait : waits_of(d.timeline, journey, client))
      for (std::size_t r = 0; r < rows.size(); ++r) lay_out_wait(d, rows[r], d.frame.rows[r], wait);
}

}  // namespace humantime::ui
