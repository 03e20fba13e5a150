// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/scene_canvas.h"

#include <QEvent>
#include <QPainter>

#include "paint/scene_painter.h"

namespace humantime::ui {

SceneCanvas::SceneCanvas(QWidget* parent) : QWidget(parent), theme_(palette(), font()) {
  setAttribute(Qt::WA_OpaquePaintEvent);
  refresh_.setSingleShot(true);
  refresh_.setInterval(0);
  connect(&refresh_, &QTimer::timeout, this, [this] {
    // A page that is not shown waits until it is.
    if (isHidden()) return;
    picture();
    update();
  });
  take_theme();
}

SceneCanvas::~SceneCanvas() = default;

void SceneCanvas::take_theme() {
  theme_ = Theme(palette(), font());
  measure_ = std::make_unique<FontMeasure>(theme_);
  set_stale();
}

void SceneCanvas::set_timeline(const Timeline* timeline) {
  timeline_ = timeline;
  set_stale();
}

void SceneCanvas::set_view(const View& view) {
  view_ = view;
  set_stale();
}

void SceneCanvas::set_stale() {
  scene_stale_ = picture_stale_ = true;
  refresh_.start();
}

void SceneCanvas::repaint_scene() {
  picture_stale_ = true;
  refresh_.start();
}

const Scene& SceneCanvas::scene() {
  if (!scene_stale_) return scene_;
  scene_stale_ = false;
  picture_stale_ = true;
  scene_.clear();
  scene_.bounds = {0, 0, static_cast<double>(width()), static_cast<double>(height())};
  if (timeline_ != nullptr) {
    ++layouts_;
    lay_out(*timeline_, measure_->measure(), scene_);
  }
  scene_changed();
  return scene_;
}

const QPixmap& SceneCanvas::picture() {
  scene();
  const QSize pixels = (QSizeF(size()) * devicePixelRatioF()).toSize();
  if (!picture_stale_ && picture_.size() == pixels) return picture_;
  picture_stale_ = false;
  if (picture_.size() != pixels) picture_ = QPixmap(pixels);
  picture_.setDevicePixelRatio(devicePixelRatioF());
  picture_.fill(theme_.color(Ink::page));
  QPainter painter(&picture_);
  painter.setClipRect(rect());
  painter.translate(0, -scrolled());
  paint_scene(painter, scene_, theme_);
  return picture_;
}

void SceneCanvas::paintEvent(QPaintEvent*) {
  // Up to date already, but for a first or a resized window.
  const QPixmap& shown = picture();
  QPainter painter(this);
  painter.drawPixmap(0, 0, shown);
  paint_overlay(painter);
}

void SceneCanvas::paint_overlay(QPainter&) {}

void SceneCanvas::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  set_stale();
}

void SceneCanvas::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  switch (event->type()) {
    case QEvent::PaletteChange:
    case QEvent::FontChange:
    case QEvent::StyleChange:
      take_theme();
      break;
    default:
      break;
  }
}

}  // namespace humantime::ui
