// SPDX-License-Identifier: GPL-2.0-or-later
// The overview above the letters: all of them, and in it the bracket of what is shown. It is the map.
#pragma once

#include <optional>

#include "window/scene_canvas.h"

namespace humantime::ui {

class LettersOverview : public SceneCanvas {
  Q_OBJECT

 public:
  explicit LettersOverview(QWidget* parent);

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
  std::optional<StretchedTime> time_under(const QPointF& at) const;
  void want_window(const TimeWindow& window);
  void move_to(const QPointF& at);

  bool dragging_ = false;
  int wheel_ = 0;
};

}  // namespace humantime::ui
