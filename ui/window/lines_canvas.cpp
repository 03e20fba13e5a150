// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/lines_canvas.h"

#include <QAccessible>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "window/pointer_position.h"

namespace humantime::ui {
namespace {

/// Of what is in sight one turn of PgDn moves so much.
constexpr double page_share = 0.9;
constexpr int step = 48;

}  // namespace

LinesCanvas::LinesCanvas(QWidget* parent) : SceneCanvas(parent), bar_(new QScrollBar(Qt::Vertical, this)) {
  make_lines_canvases_accessible();
  setFocusPolicy(Qt::StrongFocus);
  bar_->setSingleStep(step);
  bar_->setRange(0, 0);
  bar_->hide();
  connect(bar_, &QScrollBar::valueChanged, this, [this] { offset_changed(); });
}

double LinesCanvas::room() const {
  // A bar that comes and goes with what it makes narrower would never come to rest.
  return std::max(1, width() - bar_->sizeHint().width());
}

void LinesCanvas::place_bar() {
  const int wide = bar_->sizeHint().width();
  const int head = static_cast<int>(head_height());
  bar_->setGeometry(width() - wide, head, wide, std::max(1, height() - head));
  const int most = std::max(0, static_cast<int>(std::ceil(content_height())) - height());
  bar_->setPageStep(std::max(1, height() - head));
  bar_->setRange(0, most);
  bar_->setVisible(most > 0);
}

void LinesCanvas::scene_changed() {
  place_bar();
  if (current_ && *current_ >= line_count()) current_.reset();
}

void LinesCanvas::resizeEvent(QResizeEvent* event) {
  SceneCanvas::resizeEvent(event);
  scene();
}

QRect LinesCanvas::rect_of_line(std::size_t line) {
  scene();
  if (line >= line_count()) return {};
  const Rect rect = line_rect(line);
  return QRectF(rect.x, rect.y - offset(), rect.width, rect.height).toAlignedRect();
}

std::optional<std::size_t> LinesCanvas::line_at(const QPointF& at) {
  scene();
  if (at.y() < head_height()) return std::nullopt;
  for (std::size_t line = 0; line < line_count(); ++line)
    if (line_rect(line).contains({at.x(), at.y() + offset()})) return line;
  return std::nullopt;
}

void LinesCanvas::set_current(std::optional<std::size_t> line) {
  scene();
  current_ = line && *line < line_count() ? line : std::nullopt;
  if (current_) keep_in_sight(*current_);
  update();
}

void LinesCanvas::keep_in_sight(std::size_t line) {
  // The first and the last one with the margin beyond them.
  if (line == 0) return bar_->setValue(0);
  if (line + 1 == line_count()) return bar_->setValue(bar_->maximum());
  const Rect rect = line_rect(line);
  const double top = rect.y - head_height(), bottom = rect.bottom() - height();
  if (offset() > top) bar_->setValue(static_cast<int>(std::floor(top)));
  if (offset() < bottom) bar_->setValue(static_cast<int>(std::ceil(bottom)));
}

void LinesCanvas::choose(std::size_t line) {
  set_current(line);
  tell_focus();
  Q_EMIT line_chosen(line);
}

void LinesCanvas::tell_focus() {
  if (!current_ || !hasFocus()) return;
  QAccessibleEvent told(this, QAccessible::Focus);
  told.setChild(static_cast<int>(*current_));
  QAccessible::updateAccessibility(&told);
}

bool LinesCanvas::event(QEvent* event) {
  if (event->type() == QEvent::ToolTip) scene();
  return SceneCanvas::event(event);
}

void LinesCanvas::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || timeline() == nullptr) return;
  if (const auto line = line_at(position_of(*event))) choose(*line);
}

void LinesCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || timeline() == nullptr) return;
  if (const auto line = line_at(position_of(*event))) Q_EMIT line_activated(*line);
}

void LinesCanvas::wheelEvent(QWheelEvent* event) {
  event->accept();
  const int moved =
      event->pixelDelta().isNull() ? event->angleDelta().y() * step / 120 : event->pixelDelta().y();
  bar_->setValue(bar_->value() - moved);
}

void LinesCanvas::keyPressEvent(QKeyEvent* event) {
  const std::size_t count = timeline() == nullptr ? 0 : (scene(), line_count());
  if (count == 0) return SceneCanvas::keyPressEvent(event);
  const std::size_t last = count - 1;
  const int page = static_cast<int>(page_share * (height() - head_height()));
  switch (event->key()) {
    case Qt::Key_Up:
      return choose(current_ && *current_ > 0 ? *current_ - 1 : 0);
    case Qt::Key_Down:
      return choose(current_ ? std::min(*current_ + 1, last) : 0);
    case Qt::Key_Home:
      return choose(0);
    case Qt::Key_End:
      return choose(last);
    case Qt::Key_PageUp:
      return bar_->setValue(bar_->value() - page);
    case Qt::Key_PageDown:
      return bar_->setValue(bar_->value() + page);
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (current_) Q_EMIT line_activated(*current_);
      return;
    default:
      SceneCanvas::keyPressEvent(event);
  }
}

void LinesCanvas::contextMenuEvent(QContextMenuEvent* event) {
  if (timeline() == nullptr) return;
  if (event->reason() == QContextMenuEvent::Keyboard) {
    const QPoint at = current_ ? rect_of_line(*current_).center() : rect().center();
    Q_EMIT menu_wanted(current_, mapToGlobal(at));
    return;
  }
  const auto line = line_at(event->pos());
  if (line) choose(*line);
  Q_EMIT menu_wanted(line, event->globalPos());
}

void LinesCanvas::focusInEvent(QFocusEvent* event) {
  SceneCanvas::focusInEvent(event);
  tell_focus();
  update();
}

void LinesCanvas::focusOutEvent(QFocusEvent* event) {
  SceneCanvas::focusOutEvent(event);
  update();
}

void LinesCanvas::paint_overlay(QPainter& painter) {
  const QColor ink = theme().color(Ink::selection);
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setBrush(Qt::NoBrush);
  if (current_ && frames_current()) {
    painter.setPen(QPen(ink, hasFocus() ? 2 : 1));
    painter.drawRect(rect_of_line(*current_).adjusted(-3, 0, 2, -1));
  }
  if (!hasFocus()) return;
  painter.setPen(QPen(ink, 1, Qt::DotLine));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

}  // namespace humantime::ui
