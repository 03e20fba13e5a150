// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/letters_overview.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>

#include "layout/letters_layout.h"
#include "window/letters_view.h"
#include "window/pointer_position.h"

namespace humantime::ui {
namespace {

constexpr int wheel_step = 120;
/// A key moves the window by this share of it.
constexpr double key_share = 0.2;

}  // namespace

LettersOverview::LettersOverview(QWidget* parent) : SceneCanvas(parent) {
  setObjectName(QStringLiteral("letters_overview"));
  setFocusPolicy(Qt::TabFocus);
  setMouseTracking(true);
  setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

QSize LettersOverview::sizeHint() const {
  const int line = QFontMetrics(theme().font(TextStyle::body)).height();
  constexpr int usual = static_cast<int>(overview_height);
  return {600, qMax(usual, line * usual / 16)};
}

void LettersOverview::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  lay_out_letters_overview(timeline, view_, width(), height(), measure, scene);
}

void LettersOverview::paint_overlay(QPainter& painter) {
  if (!hasFocus()) return;
  painter.setPen(QPen(theme().color(Ink::selection), 1, Qt::DotLine));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

std::optional<StretchedTime> LettersOverview::time_under(const QPointF& at) const {
  if (timeline() == nullptr) return std::nullopt;
  return overview_time_at(*timeline(), view_, width(), height(), {at.x(), at.y()});
}

void LettersOverview::want_window(const TimeWindow& window) {
  View next = view_;
  next.window = window;
  Q_EMIT view_wanted(next);
}

void LettersOverview::move_to(const QPointF& at) {
  if (const auto time = time_under(at)) want_window(centred(window_of(*timeline(), view_), *time));
}

void LettersOverview::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton) return;
  dragging_ = time_under(position_of(*event)).has_value();
  move_to(position_of(*event));
}

void LettersOverview::mouseMoveEvent(QMouseEvent* event) {
  if (dragging_)
    move_to(position_of(*event));
  else
    setCursor(time_under(position_of(*event)) ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void LettersOverview::mouseReleaseEvent(QMouseEvent*) {
  dragging_ = false;
}

void LettersOverview::wheelEvent(QWheelEvent* event) {
  event->accept();
  wheel_ += event->angleDelta().y();
  const int steps = wheel_ / wheel_step;
  wheel_ -= steps * wheel_step;
  const auto time = time_under(event->position());
  if (steps != 0 && time) Q_EMIT view_wanted(LettersView::zoomed_view(*timeline(), view_, steps, *time));
}

void LettersOverview::keyPressEvent(QKeyEvent* event) {
  if (timeline() == nullptr) return SceneCanvas::keyPressEvent(event);
  const TimeWindow window = window_of(*timeline(), view_);
  const StretchedTime middle{moved(window, 0.5).begin, 0};
  switch (event->key()) {
    case Qt::Key_Left:
      return want_window(moved(window, -key_share));
    case Qt::Key_Right:
      return want_window(moved(window, key_share));
    case Qt::Key_PageUp:
      return want_window(moved(window, -1));
    case Qt::Key_PageDown:
      return want_window(moved(window, 1));
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      Q_EMIT view_wanted(LettersView::zoomed_view(*timeline(), view_, 1, middle));
      return;
    case Qt::Key_Minus:
      Q_EMIT view_wanted(LettersView::zoomed_view(*timeline(), view_, -1, middle));
      return;
    default:
      SceneCanvas::keyPressEvent(event);
  }
}

void LettersOverview::focusInEvent(QFocusEvent* event) {
  SceneCanvas::focusInEvent(event);
  update();
}

void LettersOverview::focusOutEvent(QFocusEvent* event) {
  SceneCanvas::focusOutEvent(event);
  update();
}

void LettersOverview::changeEvent(QEvent* event) {
  SceneCanvas::changeEvent(event);
  if (event->type() == QEvent::FontChange) updateGeometry();
}

}  // namespace humantime::ui
