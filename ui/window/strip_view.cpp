// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/strip_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include "layout/breadcrumb.h"
#include "layout/calendar_layout.h"
#include "layout/strip.h"
#include "window/pointer_position.h"

namespace humantime::ui {
namespace {

constexpr int strip_height = 72;
constexpr int wheel_step = 120;

}  // namespace

StripView::StripView(QWidget* parent) : SceneCanvas(parent) {
  setObjectName(QStringLiteral("strip"));
  setFocusPolicy(Qt::TabFocus);
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize StripView::sizeHint() const {
  // 72 with a font of 12 pixels; a larger one needs more.
  const int line = QFontMetrics(theme().font(TextStyle::body)).height();
  return {600, qMax(strip_height, line * 72 / 16)};
}

void StripView::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  lay_out_strip(timeline, view_, width(), height(), measure, scene);
}

void StripView::paint_overlay(QPainter& painter) {
  if (!hasFocus()) return;
  painter.setPen(QPen(theme().color(Ink::selection), 1, Qt::DotLine));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

std::optional<StretchedTime> StripView::time_under(const QPointF& at) const {
  if (timeline() == nullptr) return std::nullopt;
  return strip_time_at(*timeline(), view_, width(), height(), {at.x(), at.y()});
}

bool StripView::over_title(const QPointF& at) const {
  return timeline() != nullptr && at.x() < strip_map(*timeline(), view_, width(), height()).rect.x &&
         at.y() < 30;
}

void StripView::move_to(const QPointF& at) {
  const auto time = time_under(at);
  if (!time) return;
  View moved = view_;
  moved.at = *time;
  moved.scroll = 0;
  Q_EMIT view_wanted(moved);
}

void StripView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  if (over_title(position_of(*event))) {
    // The way back: one step up.
    const std::vector<Crumb> crumbs = breadcrumb(view_);
    if (crumbs.size() > 1) Q_EMIT view_wanted(crumbs[crumbs.size() - 2].view);
    return;
  }
  dragging_ = time_under(position_of(*event)).has_value();
  // A month is the nearest that a click in the year may mean.
  if (dragging_ && view_.level == Level::year) {
    View closer = zoomed(view_, 1, *time_under(position_of(*event)));
    const auto map = strip_map(*timeline(), view_, width(), height());
    if (map.first_year == map.last_year) {
      Q_EMIT view_wanted(closer);
      return;
    }
  }
  move_to(position_of(*event));
}

void StripView::mouseMoveEvent(QMouseEvent* event) {
  if (dragging_)
    move_to(position_of(*event));
  else
    setCursor(time_under(position_of(*event)) ||
                      (over_title(position_of(*event)) && breadcrumb(view_).size() > 1)
                  ? Qt::PointingHandCursor
                  : Qt::ArrowCursor);
}

void StripView::mouseReleaseEvent(QMouseEvent*) {
  dragging_ = false;
}

void StripView::wheelEvent(QWheelEvent* event) {
  event->accept();
  wheel_ += event->angleDelta().y();
  const int steps = wheel_ / wheel_step;
  wheel_ -= steps * wheel_step;
  const auto time = time_under(event->position());
  if (steps != 0 && time) Q_EMIT view_wanted(zoomed(view_, steps, *time));
}

void StripView::keyPressEvent(QKeyEvent* event) {
  if (timeline() == nullptr) return SceneCanvas::keyPressEvent(event);
  switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_PageUp:
      Q_EMIT view_wanted(turned(view_, -1));
      return;
    case Qt::Key_Right:
    case Qt::Key_PageDown:
      Q_EMIT view_wanted(turned(view_, 1));
      return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      Q_EMIT view_wanted(zoomed(view_, 1, view_.at));
      return;
    case Qt::Key_Minus:
      Q_EMIT view_wanted(zoomed(view_, -1, view_.at));
      return;
    default:
      SceneCanvas::keyPressEvent(event);
  }
}

void StripView::focusInEvent(QFocusEvent* event) {
  SceneCanvas::focusInEvent(event);
  update();
}

void StripView::focusOutEvent(QFocusEvent* event) {
  SceneCanvas::focusOutEvent(event);
  update();
}

void StripView::changeEvent(QEvent* event) {
  SceneCanvas::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

}  // namespace humantime::ui
