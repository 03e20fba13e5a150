// SPDX-License-Identifier: GPL-2.0-or-later
// The letters' page: a stretch of the year that is moved and zoomed continuously.
#pragma once

#include <optional>
#include <vector>

#include "window/event_canvas.h"

namespace humantime::ui {

class LettersView : public EventCanvas {
  Q_OBJECT

 public:
  explicit LettersView(QWidget* parent);

  /// The view with its window so many steps closer or further about an instant.
  static View zoomed_view(const Timeline& timeline, const View& view, int steps, StretchedTime about);

  QString page_name() override;
  QString row_name(std::size_t row) override;

 protected:
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  std::optional<Span> shown_span() const override;
  std::optional<StretchedTime> time_under(const QPointF& at) const override;
  std::vector<Rect> row_rects() const override;
  std::vector<QPainterPath> frames_around(const std::vector<EventIndex>& events) override;
  const Hit* hit_at(const QPointF& at) override;
  void zoom(int steps, StretchedTime about, const QPointF& anchor) override;
  void drag(const QPointF& moved) override;
  bool scroll(const QWheelEvent& event) override;
  void turn(int pages) override;
  void show_whole() override;
  bool go_back() override;

 private:
  void want_window(const TimeWindow& window);

  Hit line_hit_;  ///< a line has no place in the scene's list: it is slanted
};

}  // namespace humantime::ui
