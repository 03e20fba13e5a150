// SPDX-License-Identifier: GPL-2.0-or-later
// Letters as lines between rails: what a canvas of them has in common, whole page or small map.
#pragma once

#include <optional>
#include <vector>

#include "layout/letters_frame.h"
#include "window/event_canvas.h"

namespace humantime::ui {

/// Its rows are the rails; a line is met where the pointer is near to it.
class RailsCanvas : public EventCanvas {
  Q_OBJECT

 public:
  QString row_name(std::size_t row) override;

 protected:
  /// `line_reach`: so near to a line a click means it, pixels.
  RailsCanvas(double line_reach, QWidget* parent) : EventCanvas(parent), line_reach_(line_reach) {}

  /// Where the rails and the dates are; none while there is nothing to draw.
  virtual std::optional<LettersFrame> rails_frame() const = 0;

  std::optional<Span> shown_span() const override;
  std::optional<StretchedTime> time_under(const QPointF& at) const override;
  std::vector<Rect> row_rects() const override;
  std::vector<QPainterPath> frames_around(const std::vector<EventIndex>& events) override;
  const Hit* hit_at(const QPointF& at) override;

 private:
  double line_reach_;
  Hit line_hit_;  ///< a line has no place in the scene's list: it is slanted
};

}  // namespace humantime::ui
