// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/letters_frame.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "layout/visible_events.h"
#include "model/round_trips.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr std::array<Rail, lane_count> far_rails = {
    Rail::neighbour, Rail::name_server, Rail::server, Rail::server, Rail::server, Rail::server, Rail::server};
// Where a place stands between client and server, which it is nearer to the client than.
constexpr std::array<double, rail_count> shares = {0, 0.25, 0.7, 1};

/// Above and below the rails their events are written.
constexpr double axis_height = 26;
constexpr double labels_share = 0.16, least_labels = 20, most_labels = 96;
/// The server's address stands below its rail.
constexpr double address_below = 26;
constexpr double gutter = 84, right_margin = 10;
/// Room around the round trips, of their length.
constexpr double before_trips = 0.07, behind_trips = 0.05;
constexpr std::size_t most_looked_at = 64;

std::int64_t saturated(double value) {
  // Beyond this a double is no longer an int64.
  return static_cast<std::int64_t>(std::clamp(value, -9.2e18, 9.2e18));
}

bool used_in(const VisibleRow& visible, const LaneIndex& lane, TimeIndex::Events events) {
  for (const TimeIndex* index : {&lane.marks, &lane.segments}) {
    const std::size_t first = index->lower_bound(events, visible.row.begin_ns);
    if (first < index->size() && events[index->event_at(first)].time_ns < visible.stop_ns) return true;
    bool found = false;
    for_each_carried(visible, *index, events, most_looked_at,
                     [&](std::uint32_t, std::size_t) { found = true; });
    if (found) return true;
  }
  return false;
}

/// Whether there is something to be written below the server's rail: not where only the client's end was
/// captured. Of all that is shown, not of the window, so that the rail stays where it is.
bool is_far_end_captured(const Timeline& timeline, const View& view) {
  constexpr std::size_t most_marks = 4096;
  const TimelineIndex& index = timeline.index(view.journey, view.limit_to_filter);
  for (const LaneIndex& lane : index.lanes)
    for (std::size_t i = 0; i < lane.marks.size(); ++i)
      if (i >= most_marks || !is_at_client(timeline.at(EventIndex{lane.marks.event_at(i)}))) return true;
  return false;
}

TimeWindow clamped(double begin, double seconds) {
  const double length =
      std::clamp(seconds, static_cast<double>(shortest_window), static_cast<double>(longest_window));
  return {saturated(std::floor(begin)), static_cast<std::int64_t>(std::llround(length))};
}

}  // namespace

Rail far_rail_of(Lane lane) {
  return far_rails[static_cast<std::size_t>(lane)];
}

LaneFrame LettersFrame::band_of(Lane lane) const {
  LaneFrame band;
  band.lane = lane;
  band.top = band.band_top = rail(Rail::client);
  band.bottom = band.band_bottom = rail(far_rail_of(lane));
  return band;
}

double LettersFrame::day_width() const {
  return frame.width / static_cast<double>(row().capacity) * seconds_per_day;
}

LettersFrame letters_frame(const Timeline& timeline, const View& view, const TimeWindow& window, double width,
                           double height, const LettersMargins& margins) {
  return letters_frame(timeline, timeline.index(view.journey, view.limit_to_filter), view, window, width,
                       height, margins);
}

LettersFrame letters_frame(const Timeline& timeline, const TimelineIndex& index, const View& view,
                           const TimeWindow& window, double width, double height,
                           const LettersMargins& margins) {
  LettersFrame made;
  CalendarFrame& frame = made.frame;
  frame.origin_ns = origin_of(timeline, view).value_or(0);
  frame.page = page_of(window, frame.origin_ns, view.scale);
  frame.until_ns = view.until ? captured(*view.until, frame.origin_ns, view.scale) : INT64_MAX;
  frame.left = margins.left;
  frame.width = std::max(1.0, width - margins.left - margins.right);
  frame.bounds = {0, 0, std::max(width, frame.left + frame.width), std::max(height, 0.0)};
  const double top = std::min(margins.top, frame.bounds.height);
  const double bottom = std::max(top, frame.bounds.height - margins.bottom);
  for (std::size_t i = 0; i < rail_count; ++i) made.rails[i] = top + (bottom - top) * shares[i];
  made.used[static_cast<std::size_t>(Rail::client)] = true;
  made.used[static_cast<std::size_t>(Rail::server)] = true;
  const VisibleRow visible{frame, made.row(), made.row().end_ns};
  for (std::size_t l = 0; l < lane_count; ++l) {
    bool& used = made.used[static_cast<std::size_t>(far_rails[l])];
    used = used || (!view.hidden[l] && used_in(visible, index.lanes[l], timeline.events()));
  }
  return made;
}

LettersFrame letters_frame(const Timeline& timeline, const View& view, double width, double height) {
  const double labels = std::clamp(height * labels_share, least_labels, most_labels);
  const double below = is_far_end_captured(timeline, view) ? labels : std::min(labels, address_below);
  return letters_frame(timeline, view, window_of(timeline, view), width, height,
                       {gutter, right_margin, axis_height + labels, below});
}

TimeWindow window_of(const Timeline& timeline, const View& view) {
  if (view.window)
    return {view.window->begin, std::clamp(view.window->seconds, shortest_window, longest_window)};
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  const std::uint32_t journey = told_journey(timeline, view.journey);
  const auto seconds = [&](std::int64_t time_ns) {
    const StretchedTime time = stretched(time_ns, origin, view.scale);
    return static_cast<double>(time.seconds) + time.nanoseconds * 1e-9;
  };
  double begin = static_cast<double>(time_of({date_of(view.at).year, 1, 1, 0, 0, 0, 0}).seconds);
  double end = begin + static_cast<double>(stretched_seconds_per_year);
  const std::vector<RoundTrip> trips = round_trips_of(timeline, journey);
  const JourneySummary* of = timeline.summary(journey);
  if (!trips.empty()) {
    begin = seconds(trips.front().begin_ns);
    end = seconds(trips.back().end_ns);
  } else if (of != nullptr && of->first_ns != Event::unknown) {
    begin = seconds(of->first_ns);
    end = seconds(of->last_ns);
  } else if (timeline.first_ns() && seconds(*timeline.last_ns()) - seconds(*timeline.first_ns()) <
                                        static_cast<double>(stretched_seconds_per_year)) {
    begin = seconds(*timeline.first_ns());
    end = seconds(*timeline.last_ns());
  }
  const double length = std::max(end - begin, static_cast<double>(shortest_window));
  return clamped(begin - before_trips * length, length * (1 + before_trips + behind_trips));
}

std::uint32_t journey_in(const Timeline& timeline, const View& view) {
  const std::uint32_t told = told_journey(timeline, view.journey);
  if (told != 0) return told;
  const Page page = page_of(window_of(timeline, view), origin_of(timeline, view).value_or(0), view.scale);
  const std::int64_t begin = page.begin_ns(), end = page.end_ns();
  if (timeline.index(0, view.limit_to_filter).journeys.during(begin, end) != 1) return 0;
  for (std::uint32_t journey = 1; journey <= timeline.last_journey(); ++journey) {
    const JourneySummary* of = timeline.summary(journey);
    if (of != nullptr && of->first_ns != Event::unknown && of->first_ns < end && of->last_ns >= begin)
      return journey;
  }
  return 0;
}

TimeWindow zoomed(const TimeWindow& window, double factor, StretchedTime about) {
  const double seconds = static_cast<double>(window.seconds);
  const double length =
      std::clamp(seconds * factor, static_cast<double>(shortest_window), static_cast<double>(longest_window));
  // Exact to the second at any date: what is rounded is the way from the instant, not from the origin.
  const double share =
      std::clamp((static_cast<double>(difference(about.seconds, window.begin)) + about.nanoseconds * 1e-9) /
                     std::max(seconds, 1.0),
                 0.0, 1.0);
  const std::int64_t moved_by = std::llround(share * (seconds - length));
  return {sum(window.begin, moved_by), static_cast<std::int64_t>(std::llround(length))};
}

TimeWindow moved(const TimeWindow& window, double share) {
  return {sum(window.begin, saturated(std::round(share * static_cast<double>(window.seconds)))),
          window.seconds};
}

TimeWindow centred(const TimeWindow& window, StretchedTime about) {
  return {difference(about.seconds, window.seconds / 2), window.seconds};
}

bool holds(const TimeWindow& window, StretchedTime time) {
  return time.seconds >= window.begin && time.seconds < sum(window.begin, window.seconds);
}

std::optional<StretchedTime> letters_time_at(const LettersFrame& frame, double x) {
  const double seconds =
      (x - frame.frame.left) / frame.frame.width * static_cast<double>(frame.row().capacity);
  if (!(seconds >= 0) || seconds >= static_cast<double>(frame.row().seconds)) return std::nullopt;
  const double whole = std::floor(seconds);
  StretchedTime time = frame.row().start;
  if (__builtin_add_overflow(time.seconds, static_cast<std::int64_t>(whole), &time.seconds))
    return std::nullopt;
  time.nanoseconds = static_cast<std::uint32_t>(std::min((seconds - whole) * 1e9, 999'999'999.0));
  return time;
}

std::optional<StretchedTime> letters_time_at(const Timeline& timeline, const View& view, double width,
                                             double height, Point point) {
  return letters_time_at(letters_frame(timeline, view, width, height), point.x);
}

std::optional<Point> letters_point_of(const Timeline& timeline, const View& view, double width, double height,
                                      StretchedTime time, Rail rail) {
  const LettersFrame frame = letters_frame(timeline, view, width, height);
  const PageRow& row = frame.row();
  std::int64_t seconds = 0;
  if (time < row.start || __builtin_sub_overflow(time.seconds, row.start.seconds, &seconds) ||
      seconds >= row.seconds)
    return std::nullopt;
  const double within = static_cast<double>(seconds) + time.nanoseconds * 1e-9;
  return Point{frame.frame.left + within / static_cast<double>(row.capacity) * frame.frame.width,
               frame.rail(rail)};
}

std::optional<EventIndex> event_near(const Scene& scene, Point point, double reach) {
  std::optional<EventIndex> nearest;
  double best = reach;
  for (const Line& line : scene.lines) {
    if (line.event == no_event) continue;
    const double dx = line.to.x - line.from.x, dy = line.to.y - line.from.y;
    const double length = dx * dx + dy * dy;
    const double along =
        length > 0 ? ((point.x - line.from.x) * dx + (point.y - line.from.y) * dy) / length : 0;
    const double t = std::clamp(along, 0.0, 1.0);
    const double away = std::hypot(point.x - line.from.x - t * dx, point.y - line.from.y - t * dy);
    if (away < best) best = away, nearest = line.event;
  }
  return nearest;
}

}  // namespace humantime::ui
