// SPDX-License-Identifier: GPL-2.0-or-later
// A map above a page: all of it, and in it the bracket of what is shown. What the pages' maps have in common.
#pragma once

#include <optional>

#include "window/scene_canvas.h"

namespace humantime::ui {

/// A click or a drag moves what is shown to where the pointer is, the wheel zooms about it.
class MapView : public SceneCanvas {
  Q_OBJECT

 public:
  /// `usual_height` with a font of 12 pixels; a larger one needs more.
  MapView(const QString& name, int usual_height, QWidget* parent);

  QSize sizeHint() const override;

 Q_SIGNALS:
  void view_wanted(const humantime::ui::View& view);

 protected:
  void paint_overlay(QPainter& painter) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void changeEvent(QEvent* event) override;

  /// The instant there; none beside the map. There is a timeline.
  virtual std::optional<StretchedTime> time_at(const QPointF& at) const = 0;
  /// The view moved to an instant.
  virtual View moved_to(StretchedTime time) const = 0;
  /// The view so many steps closer to an instant.
  virtual View zoomed_by(int steps, StretchedTime time) const = 0;
  /// The instant that keys zoom about.
  virtual StretchedTime middle() const = 0;
  /// The view that an arrow or a page key asks for; none for other keys.
  virtual std::optional<View> view_by_key(int key) const = 0;
  /// The view that a click there asks for instead of moving to it.
  virtual std::optional<View> view_by_click(const QPointF&) const { return std::nullopt; }
  /// Whether a click there does something, though it is beside the map.
  virtual bool is_button(const QPointF&) const { return false; }

 private:
  std::optional<StretchedTime> time_under(const QPointF& at) const;
  void move_to(const QPointF& at);

  int usual_height_;
  bool dragging_ = false;
  int wheel_ = 0;
};

}  // namespace humantime::ui
