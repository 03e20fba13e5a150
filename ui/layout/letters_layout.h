// SPDX-License-Identifier: GPL-2.0-or-later
// The letters: client above, server below, time to the right in dates, each packet a slanted line from its
// sent to its received date. Pure functions from events and a view to shapes.
#pragma once

#include <string>

#include "layout/letters_frame.h"
#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// Lays the view's window out into `width` by `height` pixels; it does not scroll. `scene` is overwritten,
/// its capacity kept. The cost follows the pixels, not the events.
void lay_out_letters(const Timeline& timeline, const View& view, double width, double height,
                     const TextMeasure& measure, Scene& scene);

/// Above it: one sentence of totals, the letters of all years that there are, and the bracket of the window.
void lay_out_letters_overview(const Timeline& timeline, const View& view, double width, double height,
                              const TextMeasure& measure, Scene& scene);

/// The height that the overview wants, with a font of 12 pixels.
constexpr double overview_height = 134;

/// The instant under a point of the overview; none beside its rails.
std::optional<StretchedTime> overview_time_at(const Timeline& timeline, const View& view, double width,
                                              double height, Point point);

/// A round trip as read aloud, `round trip 2, TLS hellos, 22 days 2 hours`: the words for those that
/// round_trips_of() counts, in its order.
std::string describe_trips(const Timeline& timeline, const View& view);
/// `90 d`: how long the window is.
std::string window_length_text(const TimeWindow& window, Language language);

}  // namespace humantime::ui
