// SPDX-License-Identifier: GPL-2.0-or-later
// A journey's letters in a corner of the window: where the visible day, or the selected event, is among them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "layout/letters_frame.h"
#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// What is marked: captured times, [begin_ns, end_ns]; an instant where they are the same.
struct MapPlace {
  std::int64_t begin_ns = 0, end_ns = 0;
  bool operator==(const MapPlace&) const = default;
};

struct JourneyMap {
  std::uint32_t journey = 0;
  std::optional<MapPlace> place;
  std::string title;
  std::string place_name;  ///< above the place
};

/// The page that `view` shows, as a place on the map: its day, hour or minute.
JourneyMap map_of_page(const Timeline& timeline, const View& view, std::uint32_t journey);
/// The event as a place, and without one the journey by itself.
JourneyMap map_of_event(const Timeline& timeline, const View& view, std::uint32_t journey,
                        std::optional<EventIndex> event);

/// The round trips with some room around them where the place is among them, else the whole journey.
TimeWindow map_window(const Timeline& timeline, const View& view, const JourneyMap& map);

LettersFrame map_frame(const Timeline& timeline, const TimelineIndex& index, const View& view,
                       const JourneyMap& map, const TextMeasure& measure, double width, double height);
void lay_out_journey_map(const Timeline& timeline, const TimelineIndex& index, const View& view,
                         const JourneyMap& map, double width, double height, const TextMeasure& measure,
                         Scene& scene);

}  // namespace humantime::ui
