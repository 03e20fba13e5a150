// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/map_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include "window/pointer_position.h"

namespace humantime::ui {
namespace {

constexpr int wheel_step = 120;

}  // namespace

MapView::MapView(const QString& name, int usual_height, QWidget* parent)
    : SceneCanvas(parent), usual_height_(usual_height) {
  setObjectName(name);
  setFocusPolicy(Qt::TabFocus);
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize MapView::sizeHint() const {
  const int line = QFontMetrics(theme().font(TextStyle::body)).height();
  return {600, qMax(usual_height_, line * usual_height_ / 16)};
}

void MapView::paint_overlay(QPainter& painter) {
  if (!hasFocus()) return;
  painter.setPen(QPen(theme().color(Ink::selection), 1, Qt::DotLine));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

std::optional<StretchedTime> MapView::time_under(const QPointF& at) const {
  return timeline() == nullptr ? std::nullopt : time_at(at);
}

void MapView::move_to(const QPointF& at) {
  if (const auto time = time_under(at)) Q_EMIT view_wanted(moved_to(*time));
}

void MapView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  const QPointF at = position_of(*event);
  dragging_ = time_under(at).has_value();
  const std::optional<View> wanted = timeline() == nullptr ? std::nullopt : view_by_click(at);
  if (wanted)
    Q_EMIT view_wanted(*wanted);
  else
    move_to(at);
}

void MapView::mouseMoveEvent(QMouseEvent* event) {
  const QPointF at = position_of(*event);
  if (dragging_)
    move_to(at);
  else
    setCursor(time_under(at) || (timeline() != nullptr && is_button(at)) ? Qt::PointingHandCursor
                                                                         : Qt::ArrowCursor);
}

void MapView::mouseReleaseEvent(QMouseEvent*) {
  dragging_ = false;
}

void MapView::wheelEvent(QWheelEvent* event) {
  event->accept();
  wheel_ += event->angleDelta().y();
  const int steps = wheel_ / wheel_step;
  wheel_ -= steps * wheel_step;
  const auto time = time_under(event->position());
  if (steps != 0 && time) Q_EMIT view_wanted(zoomed_by(steps, *time));
}

void MapView::keyPressEvent(QKeyEvent* event) {
  if (timeline() == nullptr) return SceneCanvas::keyPressEvent(event);
  switch (event->key()) {
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      Q_EMIT view_wanted(zoomed_by(1, middle()));
      return;
    case Qt::Key_Minus:
      Q_EMIT view_wanted(zoomed_by(-1, middle()));
      return;
    default:
      if (const auto wanted = view_by_key(event->key()))
        Q_EMIT view_wanted(*wanted);
      else
        SceneCanvas::keyPressEvent(event);
  }
}

void MapView::focusInEvent(QFocusEvent* event) {
  SceneCanvas::focusInEvent(event);
  update();
}

void MapView::focusOutEvent(QFocusEvent* event) {
  SceneCanvas::focusOutEvent(event);
  update();
}

void MapView::changeEvent(QEvent* event) {
  SceneCanvas::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

}  // namespace humantime::ui
