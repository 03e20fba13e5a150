// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/compare_view.h"

#include <QElapsedTimer>
#include <QKeyEvent>
#include <QSignalBlocker>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "layout/compare_layout.h"
#include "layout/letters_frame.h"
#include "layout/page.h"
#include "saturating.h"
#include "window/line_frames.h"

namespace humantime::ui {
namespace {

/// A step of the wheel or of a key makes the window so much shorter.
constexpr double closer = 0.75;
/// So near to a line a pointer means it.
constexpr double line_reach = 5;
/// Events that are looked at before a layout waits no longer, and in a part; for as long parts are done
/// before the event loop has its turn.
constexpr std::uint64_t first_part = 50000, part = 2000;
constexpr qint64 turn_ms = 6;

}  // namespace

CompareView::CompareView(QWidget* parent)
    : EventCanvas(parent), scroll_bar_(new QScrollBar(Qt::Vertical, this)) {
  setObjectName(QStringLiteral("compare"));
  scroll_bar_->hide();
  scroll_bar_->setFocusPolicy(Qt::NoFocus);
  turns_.setInterval(0);
  connect(&turns_, &QTimer::timeout, this, &CompareView::go_on);
  connect(scroll_bar_, &QScrollBar::valueChanged, this, [this] {
    set_rows_stale();
    frame_selection();
    repaint_scene();
  });
}

CompareView::~CompareView() = default;

void CompareView::set_timeline(const Timeline* timeline) {
  made_.reset();
  making_ = Work();
  turns_.stop();
  comparison_ = {};
  EventCanvas::set_timeline(timeline);
}

void CompareView::bring_up_to_date(const Timeline& timeline) {
  Made wanted;
  wanted.generation = timeline.generation();
  wanted.events = timeline.events().size();
  wanted.journeys = timeline.journeys().size();
  if (view_.limit_to_filter) wanted.hidden = timeline.hidden_count();
  wanted.journey = view_.journey;
  wanted.align = view_.compare.align;
  wanted.rows = view_.compare.rows;
  wanted.only = view_.compare.only;
  if (made_ == wanted) return;
  if (made_ && made_->generation == wanted.generation) {
    Made grown = *made_;
    grown.events = wanted.events;
    grown.journeys = wanted.journeys;
    grown.hidden = wanted.hidden;
    // While events come, what was begun is brought to its end, and not begun anew for each of them.
    const bool few = timeline.source().progress() < 1 && wanted.events < made_->events + made_->events / 8;
    if (grown == wanted && (!making_.done() || few)) return;
  } else {
    // Its events are none of these.
    comparison_ = {};
  }
  made_ = wanted;
  next_ = {};
  making_ = compare(timeline, view_, next_);
  if (making_.advance(first_part)) return turns_.start();
  making_ = Work();
  turns_.stop();
  comparison_ = std::move(next_);
}

void CompareView::go_on() {
  if (timeline() == nullptr || !made_ || made_->generation != timeline()->generation()) {
    making_ = Work();
    made_.reset();
    turns_.stop();
    return set_stale();
  }
  QElapsedTimer turn;
  turn.start();
  bool more = true;
  while (more && turn.elapsed() < turn_ms) more = making_.advance(part);
  if (more) return;
  turns_.stop();
  making_ = Work();
  comparison_ = std::move(next_);
  set_stale();
  Q_EMIT compared();
}

const Comparison& CompareView::comparison() {
  scene();
  return comparison_;
}

TimeWindow CompareView::shown_window() {
  return compare_window(comparison(), view_);
}

double CompareView::page_width() const {
  return width() - (scroll_bar_->isHidden() ? 0 : scroll_bar_->width());
}

double CompareView::scrolled() const {
  return scroll_bar_->isHidden() ? 0 : scroll_bar_->value();
}

void CompareView::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  bring_up_to_date(timeline);
  lay_out_compare(timeline, comparison_, view_, width(), height(), measure, scene);
  const bool scrolls = scene.bounds.height - height() > 1;
  if (scrolls) {
    // The bar takes its room from the axis.
    const int bar = scroll_bar_->sizeHint().width();
    lay_out_compare(timeline, comparison_, view_, width() - bar, height(), measure, scene);
    scroll_bar_->setGeometry(width() - bar, 0, bar, height());
    const QSignalBlocker silent(scroll_bar_);
    scroll_bar_->setRange(0, static_cast<int>(std::ceil(scene.bounds.height - height())));
    scroll_bar_->setPageStep(height());
    scroll_bar_->setSingleStep(20);
  }
  scroll_bar_->setVisible(scrolls);
}

// -- what is where

std::vector<Rect> CompareView::row_rects() const {
  std::vector<Rect> rects;
  for (const CompareRowFrame& row : compare_frame(comparison_, view_, page_width(), height()).rows)
    rects.push_back({0, row.top, page_width(), row.bottom - row.top});
  return rects;
}

std::vector<QPainterPath> CompareView::frames_around(const std::vector<EventIndex>& events) {
  return frames_along_lines(scene(), events);
}

const Hit* CompareView::hit_at(const QPointF& at) {
  if (const Hit* hit = EventCanvas::hit_at(at)) return hit;
  if (timeline() == nullptr) return nullptr;
  const Point point{at.x(), at.y() + scrolled()};
  const auto event = event_near(scene(), point, line_reach);
  if (!event) return nullptr;
  line_hit_ = {{point.x - line_reach, point.y - line_reach, 2 * line_reach, 2 * line_reach}, *event, 1};
  return &line_hit_;
}

QString CompareView::page_name() {
  return timeline() == nullptr ? QString() : QString::fromStdString(describe_comparison(comparison(), view_));
}

QString CompareView::row_name(std::size_t row) {
  return timeline() == nullptr ? QString()
                               : QString::fromStdString(describe_compared_row(comparison(), view_, row));
}

std::optional<StretchedTime> CompareView::next_instant(std::optional<StretchedTime> after) {
  std::optional<StretchedTime> next;
  for (const ComparedRow& row : comparison().rows)
    for (const ComparedTrip& trip : row.trips)
      for (const std::int64_t ns : {trip.begin_ns, trip.turn_ns, trip.answered_ns, trip.end_ns}) {
        // Just behind it: what is at the date itself has not happened yet.
        const StretchedTime time = stretched(sum(ns, 1), 0, view_.scale);
        if ((!after || *after < time) && (!next || time < *next)) next = time;
      }
  return next;
}

// -- what a person does

void CompareView::want_window(const std::optional<TimeWindow>& window) {
  View next = view_;
  next.compare.window = window;
  Q_EMIT view_wanted(next);
}

void CompareView::zoom_by(int steps) {
  zoom(steps, {}, rect().center());
}

void CompareView::zoom(int steps, StretchedTime, const QPointF& anchor) {
  const TimeWindow window = shown_window();
  const auto time = compare_time_at(comparison_, view_, page_width(), height(), {anchor.x(), anchor.y()});
  want_window(zoomed(window, std::pow(closer, std::clamp(steps, -20, 20)), time.value_or(StretchedTime{})));
}

void CompareView::drag(const QPointF& moved_by) {
  if (!scroll_bar_->isHidden())
    scroll_bar_->setValue(scroll_bar_->value() - static_cast<int>(std::lround(moved_by.y())));
  const double axis = compare_frame(comparison_, view_, page_width(), height()).axis.width;
  if (view_.compare.window) want_window(moved(shown_window(), -moved_by.x() / axis));
}

bool CompareView::scroll(const QWheelEvent& event) {
  if (scroll_bar_->isHidden()) return false;
  const int pixels = event.pixelDelta().isNull() ? event.angleDelta().y() / 2 : event.pixelDelta().y();
  scroll_bar_->setValue(scroll_bar_->value() - pixels);
  return true;
}

void CompareView::turn(int pages) {
  if (!scroll_bar_->isHidden())
    scroll_bar_->setValue(scroll_bar_->value() + pages * height());
  else
    want_window(moved(shown_window(), pages));
}

void CompareView::show_whole() {
  want_window(std::nullopt);
}

bool CompareView::go_back() {
  if (!view_.compare.window) return false;
  show_whole();
  return true;
}

/// From mark to mark of a row, or to the nearest one of another row.
void CompareView::step(int rows_by, int marks_by) {
  const auto& all = rows();
  std::optional<std::size_t> row, place;
  for (std::size_t r = 0; r < all.size() && selected(); ++r)
    for (std::size_t h = 0; h < all[r].hits.size(); ++h)
      if (all[r].hits[h].event == *selected() && all[r].hits[h].count > 0 && !row) row = r, place = h;
  if (!row) {
    for (const RowContent& content : all)
      for (const Hit& hit : content.hits)
        if (hit.event != no_event) return void(Q_EMIT event_chosen(hit.event));
    return;
  }
  if (marks_by != 0) {
    const auto next = static_cast<std::ptrdiff_t>(*place) + marks_by;
    const auto& hits = all[*row].hits;
    for (std::ptrdiff_t h = next; h >= 0 && h < static_cast<std::ptrdiff_t>(hits.size()); h += marks_by)
      if (hits[static_cast<std::size_t>(h)].event != *selected())
        return void(Q_EMIT event_chosen(hits[static_cast<std::size_t>(h)].event));
    return;
  }
  const double x = all[*row].hits[*place].rect.x;
  for (auto r = static_cast<std::ptrdiff_t>(*row) + rows_by;
       r >= 0 && r < static_cast<std::ptrdiff_t>(all.size()); r += rows_by) {
    const auto& hits = all[static_cast<std::size_t>(r)].hits;
    // A mean has no packets to go to.
    if (hits.empty()) continue;
    const auto nearest = std::min_element(hits.begin(), hits.end(), [&](const Hit& a, const Hit& b) {
      return std::abs(a.rect.x - x) < std::abs(b.rect.x - x);
    });
    return void(Q_EMIT event_chosen(nearest->event));
  }
}

void CompareView::keyPressEvent(QKeyEvent* event) {
  if (timeline() == nullptr) return EventCanvas::keyPressEvent(event);
  switch (event->key()) {
    case Qt::Key_Left:
      return step(0, -1);
    case Qt::Key_Right:
      return step(0, 1);
    case Qt::Key_Up:
      return step(-1, 0);
    case Qt::Key_Down:
      return step(1, 0);
    default:
      EventCanvas::keyPressEvent(event);
  }
}

}  // namespace humantime::ui
