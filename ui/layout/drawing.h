// SPDX-License-Identifier: GPL-2.0-or-later
// What the layouts of a calendar page share: what is laid out, and how a shape gets into the scene.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "layout/frame.h"
#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// Whiskers of a mean: ± one standard deviation (or the clocks' precision, where that is more), and from the
/// earliest to the latest.
constexpr float deviation_width = 3.6F, range_width = 1.4F;

struct Drawing {
  const Timeline& timeline;
  const View& view;
  const CalendarFrame& frame;
  const TimelineIndex& index;
  const TextMeasure& measure;
  Scene& scene;

  void fill(double left, double top, double right, double bottom, Ink ink,
            Strength strength = Strength::solid, float share = 1) const {
    if (right > left && bottom > top)
      scene.fills.push_back({{left, top, right - left, bottom - top}, ink, strength, share});
  }
  void line(Point from, Point to, Ink ink, Strength strength = Strength::solid, float width = 1,
            LineStyle style = LineStyle::solid, EventIndex event = no_event) const {
    scene.lines.push_back({from, to, ink, strength, style, width, event});
  }
  double text_width(std::string_view text, TextStyle style) const { return measure.width(text, style); }
  /// A text whose middle is at `y`, and whose left, middle or right is at `x`.
  Rect text(std::string text, double x, double y, TextStyle style, Ink ink, Align align = Align::left,
            EventIndex event = no_event) const {
    const double width = measure.width(text, style);
    const double height = measure.height(style);
    const double left = align == Align::left ? x : align == Align::center ? x - width / 2 : x - width;
    const Rect box{left, y - height / 2, width, height};
    scene.labels.push_back({box, std::move(text), style, ink, align, false, event});
    return box;
  }
};

/// Rows, days, dates and lane names: all that is there without an event.
void lay_out_grid(const Drawing& drawing);
/// Closer than the year at the foot of the page: that at an end nothing happens, and what does so next. In a
/// year in the first empty month behind the last event: that it was the last, or which year has the next one.
void lay_out_closing_sentence(const Drawing& drawing);
/// In a year, where one journey is told: how long an end kept a letter before it wrote the next.
void lay_out_waits(const Drawing& drawing);
/// The same closer than the year, and how long an end writes nothing.
void lay_out_zoomed_waits(const Drawing& drawing);
/// Closer than the year, where a lane says nothing else: which stage goes on.
void lay_out_stage_names(const Drawing& drawing);
/// Lanes as ladders: bars, letters, marks, segments, labels.
void lay_out_lanes(const Drawing& drawing);
/// Where there are too many journeys for that: how many are in progress, and how many begin each day.
void lay_out_stacked(const Drawing& drawing);

}  // namespace humantime::ui
