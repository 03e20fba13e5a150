// SPDX-License-Identifier: GPL-2.0-or-later
// Where the rails of the letters stand, and what stretch of the year lies between their ends.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "layout/frame.h"
#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// The places that letters go between, from above. A look-up's letters do not go to the server, and what asks
/// for a link address does not leave the house.
enum class Rail : std::uint8_t { client, neighbour, name_server, server };
constexpr std::size_t rail_count = 4;

/// The place that a client's packets of the lane go to.
Rail far_rail_of(Lane lane);

struct LettersFrame {
  /// One row, from `frame.left` on, as wide as `frame.width`: its pieces and columns are the calendar's.
  CalendarFrame frame;
  std::array<double, rail_count> rails{};
  std::array<bool, rail_count> used{};  ///< client and server always

  const PageRow& row() const { return frame.page.storage[0]; }
  /// The band that the letters of a lane cross.
  LaneFrame band_of(Lane lane) const;
  double rail(Rail which) const { return rails[static_cast<std::size_t>(which)]; }
  double right() const { return frame.left + frame.width; }
  /// Of the whole row: pixels of a stretched day.
  double day_width() const;
};

/// Room around the rails: logical pixels.
struct LettersMargins {
  double left, right, top, bottom;
};

/// `window` to scale between the margins. Pure, and the same for any size: what has no room has none. Rails
/// are those that events of `index` use; without it those of the view's.
LettersFrame letters_frame(const Timeline& timeline, const TimelineIndex& index, const View& view,
                           const TimeWindow& window, double width, double height,
                           const LettersMargins& margins);
LettersFrame letters_frame(const Timeline& timeline, const View& view, const TimeWindow& window, double width,
                           double height, const LettersMargins& margins);
/// The same for the view's window, with the margins of the page.
LettersFrame letters_frame(const Timeline& timeline, const View& view, double width, double height);

/// The shortest and the longest stretch that is shown: rows of the finest level, and ten years.
constexpr std::int64_t shortest_window = 10;
constexpr std::int64_t longest_window = 10 * stretched_seconds_per_year;

/// What the view shows: its window; without one the round trips of its journey with some room around them,
/// and where there are none everything, but not more than a year.
TimeWindow window_of(const Timeline& timeline, const View& view);
/// The journey whose round trips are told: the view's, or the only one that is going on in the window; 0:
/// there are several, or none.
std::uint32_t journey_in(const Timeline& timeline, const View& view);
/// The window `factor` times as long (less than 1: closer) about an instant, which keeps its place.
TimeWindow zoomed(const TimeWindow& window, double factor, StretchedTime about);
/// The window moved by a share of its length.
TimeWindow moved(const TimeWindow& window, double share);
/// The window moved so that the instant is in its middle.
TimeWindow centred(const TimeWindow& window, StretchedTime about);
bool holds(const TimeWindow& window, StretchedTime time);

/// The instant under a point of the letters' page, none beside the rails; and the other way round, the point
/// of an instant on a rail.
std::optional<StretchedTime> letters_time_at(const LettersFrame& frame, double x);
std::optional<StretchedTime> letters_time_at(const Timeline& timeline, const View& view, double width,
                                             double height, Point point);
std::optional<Point> letters_point_of(const Timeline& timeline, const View& view, double width, double height,
                                      StretchedTime time, Rail rail);

/// The event whose line is nearest to the point, at most `reach` pixels away.
std::optional<EventIndex> event_near(const Scene& scene, Point point, double reach);

}  // namespace humantime::ui
