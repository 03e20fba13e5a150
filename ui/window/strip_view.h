// SPDX-License-Identifier: GPL-2.0-or-later
// The strip above the calendar: the whole capture, and in it the bracket of what is shown. It is the map.
#pragma once

#include <optional>

#include "window/scene_canvas.h"

namespace humantime::ui {

class StripView : public SceneCanvas {
  Q_OBJECT

 public:
  explicit StripView(QWidget* parent);

  QSize sizeHint() const override;

 Q_SIGNALS:
  void view_wanted(const humantime::ui::View& view);

 protected:
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  void paint_overlay(QPainter& painter) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void move_to(const QPointF& at);
  std::optional<StretchedTime> time_under(const QPointF& at) const;
  bool over_title(const QPointF& at) const;

  bool dragging_ = false;
  int wheel_ = 0;
};

}  // namespace humantime::ui
