// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/journey_map.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "layout/drawing.h"
#include "layout/event_text.h"
#include "layout/known_date.h"
#include "layout/label_text.h"
#include "layout/letters_lines.h"
#include "layout/page.h"
#include "layout/period_totals.h"
#include "layout/time_axis.h"
#include "layout/whereabouts_words.h"
#include "layout/words.h"
#include "model/round_trips.h"
#include "saturating.h"

namespace humantime::ui {
namespace {

constexpr LettersStyle style = {1.6F, 0.7F, 3.2F, true};
constexpr double margin = 10;
/// Of a day, which is less than a pixel of a long journey, so much is seen.
constexpr double least_place = 3;
/// The mark of the place reaches so far above and below the rails.
constexpr double place_above = 20, place_below = 4;
/// Months have short names, and what does not fit is left out.
constexpr double least_tick_gap = 26;
/// Room beside a whole journey, and beside its round trips, of their length.
constexpr double beside = 0.03, beside_trips = 0.05;

double line_of(const TextMeasure& measure, TextStyle of) {
  return std::ceil(measure.height(of)) + 3;
}

/// Above the client's rail: the title, what is marked, the client's name beside it.
LettersMargins margins_of(const TextMeasure& measure) {
  const double label = line_of(measure, TextStyle::label);
  return {margin, margin, margin + line_of(measure, TextStyle::heading) + std::max(place_above, label) + 2,
          2 * label + line_of(measure, TextStyle::tick) + 4};
}

/// A map shows all, also while a year is played and lanes are hidden.
View whole(const View& view) {
  View of = view;
  of.hidden = {};
  of.until.reset();
  return of;
}

struct TripGroup {
  Lane lane{};
  std::size_t count = 0;
  std::int64_t begin_ns = 0, end_ns = 0;
};

std::vector<TripGroup> groups_of(const std::vector<RoundTrip>& trips) {
  std::vector<TripGroup> groups;
  for (const RoundTrip& trip : trips) {
    if (groups.empty() || groups.back().lane != trip.lane)
      groups.push_back({trip.lane, 0, trip.begin_ns, trip.end_ns});
    ++groups.back().count;
    groups.back().end_ns = trip.end_ns;
  }
  return groups;
}

class MapLayout {
 public:
  MapLayout(const Drawing& d, const LettersFrame& frame, const JourneyMap& map)
      : d_(d), frame_(frame), map_(map) {}

  void lay_out() {
    d_.fill(0, 0, d_.scene.bounds.width, d_.scene.bounds.height, Ink::page);
    const double heading = line_of(d_.measure, TextStyle::heading);
    std::string title = map_.title;
    shorten(title, TextStyle::heading, d_.scene.bounds.width - 2 * margin);
    d_.text(std::move(title), margin, margin + heading / 2 - 3, TextStyle::heading, Ink::text);
    mark_place();
    for (std::size_t i = 0; i < rail_count; ++i) draw_rail(static_cast<Rail>(i));
    draw_letters(d_, frame_, style);
    name_trips();
    draw_ticks();
  }

 private:
  double top() const { return frame_.rail(Rail::client); }
  double bottom() const { return frame_.rail(Rail::server); }
  double x_at(std::int64_t time_ns) const {
    return std::clamp(frame_.frame.x_at(frame_.row(), time_ns), frame_.frame.left, frame_.right());
  }

  void shorten(std::string& text, TextStyle of, double room) const {
    if (d_.text_width(text, of) <= room) return;
    while (!text.empty() && d_.text_width(text + "…", of) > room) {
      // A character of UTF-8 goes as a whole.
      while (text.size() > 1 && (static_cast<unsigned char>(text.back()) & 0xC0) == 0x80) text.pop_back();
      text.pop_back();
    }
    text += "…";
  }

  void mark_place() {
    if (!map_.place) return;
    double left = x_at(map_.place->begin_ns), right = x_at(map_.place->end_ns);
    if (right - left < least_place) {
      const double middle = std::clamp((left + right) / 2, frame_.frame.left + least_place / 2,
                                       frame_.right() - least_place / 2);
      left = middle - least_place / 2, right = middle + least_place / 2;
    }
    const double above = top() - place_above;
    place_ = {left, above, right - left, bottom() + place_below - above};
    d_.fill(left, above, right, place_.bottom(), Ink::selection, Strength::rails);
    const double width = d_.text_width(map_.place_name, TextStyle::label_bold);
    const bool fits_right = right + 5 + width <= frame_.right();
    const double x = fits_right ? right + 5 : std::max(frame_.frame.left, left - 5 - width);
    place_label_ = d_.text(map_.place_name, x, above + d_.measure.height(TextStyle::label_bold) / 2,
                           TextStyle::label_bold, Ink::text);
  }

  void draw_rail(Rail rail) {
    if (!frame_.used[static_cast<std::size_t>(rail)]) return;
    const Words& words = words_of(d_.view.language);
    const double y = frame_.rail(rail);
    const bool between = rail == Rail::neighbour || rail == Rail::name_server;
    d_.line({frame_.frame.left, y}, {frame_.right(), y}, between ? Ink::grid : Ink::text, Strength::solid,
            between ? 1 : 1.2F);
    if (between) return;
    const bool client = rail == Rail::client;
    const double height = d_.measure.height(TextStyle::label);
    const std::string name(client ? words.client : words.server);
    const double width = d_.text_width(name, TextStyle::label);
    // At the other side where something is marked.
    for (const double x : {frame_.frame.left, frame_.right() - width}) {
      const Rect box{x, client ? y - height - 2 : y + 2, width, height};
      if ((place_label_ && place_label_->intersects(box)) || place_.intersects(box)) continue;
      d_.text(name, box.x, box.y + height / 2, TextStyle::label, Ink::muted);
      return;
    }
  }

  /// All with their numbers or, where one of them has no room for it, all without.
  void name_trips() {
    std::vector<TripGroup> groups = groups_of(round_trips_of(d_.timeline, map_.journey));
    const auto outside = [&](const TripGroup& group) {
      return group.end_ns < frame_.row().begin_ns || group.begin_ns >= frame_.row().end_ns;
    };
    groups.erase(std::remove_if(groups.begin(), groups.end(), outside), groups.end());
    for (const bool numbered : {true, false})
      if (place_names(groups, numbered)) break;
    const double y =
        bottom() + line_of(d_.measure, TextStyle::label) + 2 + d_.measure.height(TextStyle::label_bold) / 2;
    for (auto& [name, x, ink] : trip_names_) d_.text(std::move(name), x, y, TextStyle::label_bold, ink);
  }

  /// Below their trips, moved to the left as far as the names before leave room; false where there is not
  /// enough for all: those that have room are there.
  bool place_names(const std::vector<TripGroup>& groups, bool numbered) {
    const WhereaboutsWords& words = whereabouts_words(d_.view.language);
    constexpr double gap = 8;
    trip_names_.clear();
    std::vector<double> widths;
    for (const TripGroup& group : groups) {
      const std::string lane(token_of(group.lane));
      std::string name = !numbered          ? lane
                         : group.count == 1 ? filled(words.round_trip, {lane})
                                            : filled(words.round_trips, {lane, counted(group.count)});
      const double width = d_.text_width(name, TextStyle::label_bold);
      const double middle = (x_at(group.begin_ns) + x_at(group.end_ns)) / 2;
      trip_names_.push_back({std::move(name), middle - width / 2, ink_of(group.lane)});
      widths.push_back(width);
    }
    // From the right each as far left as the next one wants, then from the left as far right as it must.
    double limit = frame_.right();
    for (std::size_t i = trip_names_.size(); i-- > 0;) {
      trip_names_[i].x = std::min(trip_names_[i].x, limit - widths[i]);
      limit = trip_names_[i].x - gap;
    }
    double free = frame_.frame.left;
    bool all = true;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < trip_names_.size(); ++i) {
      trip_names_[i].x = std::max(trip_names_[i].x, free);
      if (trip_names_[i].x + widths[i] > frame_.right()) {
        all = false;
        break;
      }
      free = trip_names_[i].x + widths[i] + gap;
      ++kept;
    }
    trip_names_.resize(kept);
    return all;
  }

  void draw_ticks() {
    const double height = d_.measure.height(TextStyle::tick);
    const double y = d_.scene.bounds.height - 4 - height / 2;
    double free = frame_.frame.left;
    for (const Tick& tick : ticks_of(d_, least_tick_gap)) {
      d_.line({tick.x, bottom()}, {tick.x, bottom() + 4}, Ink::muted);
      const double width = d_.text_width(tick.text, TextStyle::tick);
      if (tick.text.empty() || tick.x < free || tick.x + width > frame_.right()) continue;
      d_.text(tick.text, tick.x, y, TextStyle::tick, Ink::muted);
      free = tick.x + width + 6;
    }
  }

  const Drawing& d_;
  const LettersFrame& frame_;
  const JourneyMap& map_;
  std::optional<Rect> place_label_;
  Rect place_;
  struct TripName {
    std::string name;
    double x;
    Ink ink;
  };
  std::vector<TripName> trip_names_;
};

}  // namespace

JourneyMap map_of_page(const Timeline& timeline, const View& view, std::uint32_t journey) {
  const Period period = shown_period(timeline, view);
  const std::string title = page_title(view);
  const Date date = date_of(view.at);
  std::string place = day_text(date, view.language);
  if (view.level > Level::day) {
    Date shown = date;
    if (view.level == Level::hour) shown.minute = 0;
    place.append(view.language == Language::japanese ? "" : ", ").append(clock_text(shown, view.language));
  }
  return {journey, MapPlace{period.begin_ns, std::max(period.begin_ns, period.end_ns)},
          filled(whereabouts_words(view.language).where_is, {title}), std::move(place)};
}

JourneyMap map_of_event(const Timeline& timeline, const View& view, std::uint32_t journey,
                        std::optional<EventIndex> event) {
  const WhereaboutsWords& words = whereabouts_words(view.language);
  JourneyMap map;
  map.journey = journey;
  if (event && timeline.at(*event).time_ns != Event::unknown) {
    const std::int64_t time_ns = timeline.at(*event).time_ns;
    const StretchedTime time = stretched(time_ns, origin_of(timeline, view).value_or(0), view.scale);
    map.place = MapPlace{time_ns, time_ns};
    map.place_name = date_text(date_of(time), view.language);
    map.title = filled(words.in_its_journey, {name_of(timeline, *event, view.language)});
    return map;
  }
  const auto& records = timeline.journeys();
  const auto record = std::lower_bound(records.begin(), records.end(), journey,
                                       [](const JourneyRecord& j, std::uint32_t n) { return j.number < n; });
  const bool known = record != records.end() && record->number == journey && !record->name.empty();
  map.title = filled(words.letters_of, {known ? record->name : std::to_string(journey)});
  return map;
}

TimeWindow map_window(const Timeline& timeline, const View& view, const JourneyMap& map) {
  const std::int64_t origin = origin_of(timeline, view).value_or(0);
  const auto around = [&](std::int64_t first_ns, std::int64_t last_ns, double share) {
    const std::int64_t first = stretched(first_ns, origin, view.scale).seconds;
    const std::int64_t last = stretched(last_ns, origin, view.scale).seconds;
    const std::int64_t length = std::max<std::int64_t>(shortest_window, difference(last, first));
    const auto room = static_cast<std::int64_t>(static_cast<double>(length) * share) + 1;
    return TimeWindow{difference(first, room), sum(length, sum(room, room))};
  };
  const std::vector<RoundTrip> trips = round_trips_of(timeline, map.journey);
  if (!trips.empty() && map.place && map.place->begin_ns < trips.back().end_ns &&
      map.place->end_ns >= trips.front().begin_ns)
    return around(trips.front().begin_ns, trips.back().end_ns, beside_trips);
  const JourneySummary* summary = timeline.summary(map.journey);
  if (summary == nullptr || summary->first_ns == Event::unknown) return {};
  std::int64_t first_ns = summary->first_ns, last_ns = summary->last_ns;
  if (map.place)
    first_ns = std::min(first_ns, map.place->begin_ns), last_ns = std::max(last_ns, map.place->end_ns);
  return around(first_ns, last_ns, beside);
}

LettersFrame map_frame(const Timeline& timeline, const TimelineIndex& index, const View& view,
                       const JourneyMap& map, const TextMeasure& measure, double width, double height) {
  return letters_frame(timeline, index, whole(view), map_window(timeline, view, map), width, height,
                       margins_of(measure));
}

void lay_out_journey_map(const Timeline& timeline, const TimelineIndex& index, const View& view,
                         const JourneyMap& map, double width, double height, const TextMeasure& measure,
                         Scene& scene) {
  scene.clear();
  const View of = whole(view);
  const LettersFrame frame = map_frame(timeline, index, view, map, measure, width, height);
  scene.bounds = frame.frame.bounds;
  const Drawing d{timeline, of, frame.frame, index, measure, scene};
  MapLayout(d, frame, map).lay_out();
}

}  // namespace humantime::ui
