// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/journey_map_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include "layout/calendar_layout.h"
#include "layout/page.h"
#include "window/event_steps.h"
#include "window/event_words.h"
#include "window/pointer_position.h"

namespace humantime::ui {
namespace {

/// So near to a letter a click means it: there is little room, and nothing else to click at.
constexpr double line_reach = 10;
constexpr QSize usual_size(300, 240), least_size(200, 150);

}  // namespace

JourneyMapView::JourneyMapView(QWidget* parent) : RailsCanvas(line_reach, parent) {
  setObjectName(QStringLiteral("journey_map"));
  setMinimumSize(least_size);
}

void JourneyMapView::set_timeline(const Timeline* timeline) {
  map_ = {};
  EventCanvas::set_timeline(timeline);
}

void JourneyMapView::show_map(JourneyMap map, JourneyIndex& index) {
  map_ = std::move(map);
  index_ = &index;
  setAccessibleName(page_name());
  set_stale();
}

QSize JourneyMapView::sizeHint() const {
  return usual_size;
}

void JourneyMapView::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  if (is_empty() || timeline.summary(map_.journey) == nullptr) return;
  frame_ = map_frame(timeline, index(), view_, map_, measure, width(), height());
  lay_out_journey_map(timeline, index(), view_, map_, width(), height(), measure, scene);
}

void JourneyMapView::paint_overlay(QPainter& painter) {
  painter.setPen(theme().color(Ink::grid_strong));
  painter.drawRect(rect().adjusted(0, 0, -1, -1));
  EventCanvas::paint_overlay(painter);
}

// -- what is where

std::optional<LettersFrame> JourneyMapView::rails_frame() const {
  if (is_empty() || frame_.frame.page.count == 0) return std::nullopt;
  return frame_;
}

QString JourneyMapView::page_name() {
  return to_qt(map_.title);
}

std::optional<EventIndex> JourneyMapView::next_event(std::int64_t from_ns, Step step) const {
  if (is_empty()) return std::nullopt;
  // Others' events are not on the map.
  return next_in_time(*timeline(), index(), {}, selected(), from_ns, step);
}

// -- what a person does

void JourneyMapView::mousePressEvent(QMouseEvent* event) {
  EventCanvas::mousePressEvent(event);
  if (event->button() != Qt::LeftButton || is_empty() || hit_at(position_of(*event)) != nullptr) return;
  if (const auto time = time_under(position_of(*event))) Q_EMIT time_wanted(*time);
}

bool JourneyMapView::event(QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const int key = static_cast<QKeyEvent*>(event)->key();
    // A small map has no lanes to go through: the arrows go from letter to letter, Tab leaves it.
    if (key == Qt::Key_Tab || key == Qt::Key_Backtab) return SceneCanvas::event(event);
  }
  return EventCanvas::event(event);
}

void JourneyMapView::zoom(int steps, StretchedTime about, const QPointF&) {
  Q_EMIT view_wanted(zoomed(view_, steps, about));
}

void JourneyMapView::drag(const QPointF&) {}

bool JourneyMapView::scroll(const QWheelEvent&) {
  return false;
}

void JourneyMapView::turn(int pages) {
  Q_EMIT view_wanted(turned(view_, pages));
}

void JourneyMapView::show_whole() {
  View whole = view_;
  whole.level = Level::year;
  whole.zoom = 1;
  whole.scroll = 0;
  Q_EMIT view_wanted(whole);
}

bool JourneyMapView::go_back() {
  return false;
}

}  // namespace humantime::ui
