// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/journey_map_view.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <climits>
#include <cmath>

#include "layout/calendar_layout.h"
#include "layout/page.h"
#include "window/event_steps.h"
#include "window/event_words.h"
#include "window/line_frames.h"
#include "window/pointer_position.h"

namespace humantime::ui {
namespace {

/// So near to a letter a click means it: there is little room, and nothing else to click at.
constexpr double line_reach = 10;
constexpr QSize usual_size(300, 240), least_size(200, 150);

}  // namespace

JourneyMapView::JourneyMapView(QWidget* parent) : EventCanvas(parent) {
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

std::optional<EventCanvas::Span> JourneyMapView::shown_span() const {
  if (is_empty() || frame_.frame.page.count == 0) return std::nullopt;
  return Span{frame_.row().begin_ns, frame_.row().end_ns};
}

std::optional<StretchedTime> JourneyMapView::time_under(const QPointF& at) const {
  if (is_empty() || frame_.frame.page.count == 0) return std::nullopt;
  const double share = (at.x() - frame_.frame.left) / frame_.frame.width;
  if (!(share >= 0) || share >= 1) return std::nullopt;
  StretchedTime time = frame_.row().start;
  const double seconds = share * static_cast<double>(frame_.row().capacity);
  if (__builtin_add_overflow(time.seconds, static_cast<std::int64_t>(seconds), &time.seconds))
    return std::nullopt;
  return time;
}

std::vector<Rect> JourneyMapView::row_rects() const {
  std::vector<double> rails;
  for (std::size_t i = 0; i < rail_count; ++i)
    if (frame_.used[i]) rails.push_back(frame_.rails[i]);
  std::vector<Rect> rects;
  double top = 0;
  for (std::size_t i = 0; i < rails.size(); ++i) {
    const double bottom = i + 1 < rails.size() ? (rails[i] + rails[i + 1]) / 2 : height();
    rects.push_back({0, top, static_cast<double>(width()), bottom - top});
    top = bottom;
  }
  return rects;
}

std::vector<QPainterPath> JourneyMapView::frames_around(const std::vector<EventIndex>& events) {
  return frames_along_lines(scene(), events);
}

const Hit* JourneyMapView::hit_at(const QPointF& at) {
  if (const Hit* hit = EventCanvas::hit_at(at)) return hit;
  if (is_empty()) return nullptr;
  const auto event = event_near(scene(), {at.x(), at.y()}, line_reach);
  if (!event) return nullptr;
  line_hit_ = {{at.x() - line_reach, at.y() - line_reach, 2 * line_reach, 2 * line_reach}, *event, 1};
  return &line_hit_;
}

QString JourneyMapView::page_name() {
  return to_qt(map_.title);
}

QString JourneyMapView::row_name(std::size_t row) {
  const auto& all = rows();
  if (is_empty() || row >= all.size()) return {};
  std::size_t events = 0;
  for (const Hit& hit : all[row].hits) events += hit.count;
  const std::array<QString, rail_count> names = {tr("Client"), tr("Router"), tr("Name servers"),
                                                 tr("Server")};
  std::vector<QString> used;
  for (std::size_t i = 0; i < rail_count; ++i)
    if (frame_.used[i]) used.push_back(names[i]);
  //: An end and what happens there: "Client, 12 events"
  return tr("%1, %n event(s)", nullptr, static_cast<int>(std::min<std::size_t>(events, INT_MAX)))
      .arg(used[std::min(row, used.size() - 1)]);
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
