// SPDX-License-Identifier: GPL-2.0-or-later
// Journeys one below another on one axis of dates: each a ladder, client above, server below, its questions
// and answers as slanted lines, its round trips counted, and what it saves against the slowest. Pure
// functions from a comparison to shapes.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "layout/frame.h"
#include "layout/scene.h"
#include "layout/view.h"
#include "model/comparison.h"

namespace humantime::ui {

/// One row, pixels from the page's top.
struct CompareRowFrame {
  double top = 0, bottom = 0;
  double client = 0, server = 0;  ///< the rails
};

struct CompareFrame {
  /// One row of time, from `left` on, as wide as `width`; 0 is the alignment.
  CalendarFrame axis;
  double header_bottom = 0;  ///< title, sentence, dates
  std::vector<CompareRowFrame> rows;
  double foot = 0;  ///< where it is said what is not shown
  double right() const { return axis.left + axis.width; }
};

/// What of the year is shown: the choice's window; without one from the alignment to the last answer.
TimeWindow compare_window(const Comparison& comparison, const View& view);

/// The bounds are higher than `height` where the rows need it: then the page scrolls. Pure.
CompareFrame compare_frame(const Comparison& comparison, const View& view, double width, double height);

/// `scene` is overwritten, its capacity kept.
void lay_out_compare(const Timeline& timeline, const Comparison& comparison, const View& view, double width,
                     double height, const TextMeasure& measure, Scene& scene);

/// The instant since the alignment that is under a point; none beside the axis.
std::optional<StretchedTime> compare_time_at(const Comparison& comparison, const View& view, double width,
                                             double height, Point point);

/// `TLS 1.2, full handshake`: what a row is called.
std::string name_of_row(const ComparedRow& row, const View& view);
/// What a row saves against the slowest, `1 round trip less, 43 ms, 15 d 16 h earlier`; empty where there is
/// nothing to be compared with.
std::string saving_text(const Comparison& comparison, std::size_t row, const View& view);
/// A row and the page as read aloud.
std::string describe_compared_row(const Comparison& comparison, const View& view, std::size_t row);
std::string describe_comparison(const Comparison& comparison, const View& view);

}  // namespace humantime::ui
