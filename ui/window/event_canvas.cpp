// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/event_canvas.h"

#include <QAccessible>
#include <QApplication>
#include <QContextMenuEvent>
#include <QFocusEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QScreen>
#include <QWheelEvent>
#include <algorithm>
#include <climits>

#include "layout/event_text.h"
#include "layout/page.h"
#include "window/motion.h"
#include "window/pointer_position.h"

namespace humantime::ui {
namespace {

constexpr int wheel_step = 120;
constexpr double card_distance = 12;

}  // namespace

EventCanvas::EventCanvas(QWidget* parent)
    : SceneCanvas(parent), card_(std::make_unique<EventCard>(EventCard::Place::hover, this)) {
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(300, 160);
  hover_delay_.setSingleShot(true);
  connect(&hover_delay_, &QTimer::timeout, this, &EventCanvas::show_card);
}

EventCanvas::~EventCanvas() = default;

void EventCanvas::set_timeline(const Timeline* timeline) {
  selected_.reset();
  selected_pair_.clear();
  hover(nullptr, {});
  SceneCanvas::set_timeline(timeline);
}

void EventCanvas::set_selected(std::optional<EventIndex> event) {
  selected_ = event;
  selected_pair_.clear();
  if (event && timeline() != nullptr) {
    selected_pair_.push_back(*event);
    EventRecord record;
    if (timeline()->source().read(timeline()->at(*event).frame, record) && record.peer != no_frame) {
      if (const auto peer = timeline()->find(record.peer)) selected_pair_.push_back(*peer);
    }
    setAccessibleDescription(QString::fromStdString(describe_event(*timeline(), view_, *event)));
  } else {
    setAccessibleDescription({});
  }
  frame_selection();
  update();
}

void EventCanvas::scene_changed() {
  rows_stale_ = true;
  frame_selection();
  if (underMouse()) hover(hit_at(pointer_), pointer_);
}

void EventCanvas::frame_selection() {
  selection_.clear();
  if (selected_pair_.empty() || timeline() == nullptr) return;
  selection_ = frames_around(selected_pair_);
}

void EventCanvas::paint_overlay(QPainter& painter) {
  painter.setRenderHint(QPainter::Antialiasing);
  const QColor ink = theme().color(Ink::selection);
  painter.save();
  painter.translate(0, -scrolled());
  if (hovered_) {
    for (const Line& line : scene().lines) {
      if (line.event != *hovered_) continue;
      QPen pen = theme().pen(line);
      pen.setWidthF(pen.widthF() + 1);
      painter.setPen(pen);
      painter.drawLine(QPointF(line.from.x, line.from.y), QPointF(line.to.x, line.to.y));
    }
    if (const Mark* mark = mark_of(scene(), *hovered_)) {
      painter.setPen(QPen(theme().color(ink_of(mark->lane)), 1.2));
      painter.setBrush(Qt::NoBrush);
      const double r = mark->radius + 3;
      painter.drawEllipse(QPointF(mark->at.x, mark->at.y), r, r);
    }
  }
  painter.setPen(QPen(ink, 2, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin));
  painter.setBrush(Qt::NoBrush);
  for (const QPainterPath& path : selection_) painter.drawPath(path);
  painter.restore();
  if (hasFocus()) {
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setPen(QPen(ink, 1, Qt::DotLine));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
  }
}

// -- what is where

const Hit* EventCanvas::hit_at(const QPointF& at) {
  if (timeline() == nullptr) return nullptr;
  const Point point{at.x(), at.y() + scrolled()};
  const auto& hits = scene().hits;
  const auto found =
      std::find_if(hits.begin(), hits.end(), [&](const Hit& hit) { return hit.rect.contains(point); });
  return found == hits.end() ? nullptr : &*found;
}

std::optional<StretchedTime> EventCanvas::time_of_event(EventIndex event) const {
  const auto origin = origin_of(*timeline(), view_);
  const std::int64_t time_ns = timeline()->at(event).time_ns;
  if (!origin || time_ns == Event::unknown) return std::nullopt;
  return stretched(time_ns, *origin, view_.scale);
}

StretchedTime EventCanvas::centre() const {
  if (timeline() == nullptr) return view_.at;
  if (selected_) return time_of_event(*selected_).value_or(view_.at);
  const auto span = shown_span();
  if (!span) return view_.at;
  const auto first = next_in_time(*timeline(), view_, std::nullopt, span->begin_ns, Step::forth);
  if (!first || timeline()->at(*first).time_ns >= span->end_ns) return view_.at;
  return time_of_event(*first).value_or(view_.at);
}

const std::vector<EventCanvas::RowContent>& EventCanvas::rows() {
  const Scene& shapes = scene();
  if (!rows_stale_) return rows_;
  rows_stale_ = false;
  rows_.clear();
  if (timeline() == nullptr) return rows_;
  for (const Rect& row : row_rects()) {
    rows_.push_back({QRect(static_cast<int>(row.x), static_cast<int>(row.y - scrolled()),
                           static_cast<int>(row.width), static_cast<int>(row.height)),
                     {}});
    for (const Hit& hit : shapes.hits) {
      const double middle = hit.rect.y + hit.rect.height / 2;
      if (middle >= row.y && middle < row.bottom()) rows_.back().hits.push_back(hit);
    }
    std::stable_sort(rows_.back().hits.begin(), rows_.back().hits.end(),
                     [](const Hit& a, const Hit& b) { return a.rect.x < b.rect.x; });
  }
  return rows_;
}

QRect EventCanvas::rect_of(const Hit& hit) const {
  return QRectF(hit.rect.x, hit.rect.y - scrolled(), hit.rect.width, hit.rect.height).toAlignedRect();
}

QString EventCanvas::name_of_hit(const Hit& hit) const {
  if (timeline() == nullptr || hit.event == no_event) return {};
  QString name = QString::fromStdString(describe_event(*timeline(), view_, hit.event));
  if (hit.count > 1) name += tr(", and %n more", nullptr, static_cast<int>(hit.count - 1));
  return name;
}

// -- what a person does

void EventCanvas::choose(std::optional<EventIndex> event) {
  if (!event) return;
  Q_EMIT event_chosen(*event);
}

void EventCanvas::step_in_time(int step) {
  const auto span = shown_span();
  if (!span) return;
  choose(next_event(step > 0 ? span->begin_ns : span->end_ns, Step{static_cast<std::int8_t>(step)}));
}

std::optional<EventIndex> EventCanvas::next_event(std::int64_t from_ns, Step step) const {
  return next_in_time(*timeline(), view_, selected_, from_ns, step);
}

bool EventCanvas::step_in_lanes(int step) {
  if (timeline() == nullptr) return false;
  const Mark* here = selected_ ? mark_of(scene(), *selected_) : nullptr;
  const auto next = next_in_lanes(scene(), here != nullptr ? std::optional(here->lane) : std::nullopt,
                                  here != nullptr ? here->at : Point{}, Step{static_cast<std::int8_t>(step)});
  choose(next);
  return next.has_value();
}

bool EventCanvas::event(QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    // From lane to lane, and from the last one on to the diary.
    if (key->key() == Qt::Key_Tab && key->modifiers() == Qt::NoModifier && step_in_lanes(1)) return true;
    if (key->key() == Qt::Key_Backtab && step_in_lanes(-1)) return true;
  }
  return SceneCanvas::event(event);
}

void EventCanvas::keyPressEvent(QKeyEvent* event) {
  if (timeline() == nullptr) {
    SceneCanvas::keyPressEvent(event);
    return;
  }
  const auto rows_step = [&](Step step) {
    if (!selected_) return step_in_time(static_cast<int>(step));
    std::vector<double> tops;
    for (const Rect& row : row_rects()) tops.push_back(row.y);
    choose(next_in_rows(scene(), tops, *selected_, step));
  };
  switch (event->key()) {
    case Qt::Key_Left:
      return step_in_time(-1);
    case Qt::Key_Right:
      return step_in_time(1);
    case Qt::Key_Up:
      return rows_step(Step::back);
    case Qt::Key_Down:
      return rows_step(Step::forth);
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      return zoom(1, centre(), rect().center());
    case Qt::Key_Minus:
      return zoom(-1, centre(), rect().center());
    case Qt::Key_Home:
      return show_whole();
    case Qt::Key_PageUp:
      return turn(-1);
    case Qt::Key_PageDown:
      return turn(1);
    case Qt::Key_Escape:
      // Back, then clear.
      if (!go_back() && selected_) Q_EMIT selection_cleared();
      return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (selected_) Q_EMIT activated(*selected_);
      return;
    default:
      SceneCanvas::keyPressEvent(event);
  }
}

void EventCanvas::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || timeline() == nullptr) return;
  pressed_ = position_of(*event);
  dragging_ = false;
  if (const Hit* hit = hit_at(position_of(*event)); hit != nullptr && hit->event != no_event)
    choose(hit->event);
}

void EventCanvas::mouseMoveEvent(QMouseEvent* event) {
  const QPointF at = position_of(*event);
  if (pressed_ && (event->buttons() & Qt::LeftButton) != 0) {
    const QPointF moved = at - *pressed_;
    if (!dragging_ && moved.manhattanLength() < QApplication::startDragDistance()) return;
    if (!dragging_) hover(nullptr, {});
    dragging_ = true;
    setCursor(Qt::ClosedHandCursor);
    drag(moved);
    pressed_ = at;
    return;
  }
  pointer_ = at;
  hover(hit_at(at), at);
}

void EventCanvas::mouseReleaseEvent(QMouseEvent*) {
  pressed_.reset();
  dragging_ = false;
  unsetCursor();
}

void EventCanvas::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || timeline() == nullptr) return;
  const Hit* hit = hit_at(position_of(*event));
  if (hit != nullptr && hit->event != no_event && hit->count == 1) {
    Q_EMIT activated(hit->event);
  } else if (const auto time = time_under(position_of(*event))) {
    zoom(1, *time, position_of(*event));
  }
}

void EventCanvas::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (timeline() == nullptr) return;
  if ((event->modifiers() & Qt::ControlModifier) == 0 && scroll(*event)) return;
  // A touch pad sends a little at a time.
  wheel_ += event->angleDelta().y();
  const int steps = wheel_ / wheel_step;
  if (steps == 0) return;
  wheel_ -= steps * wheel_step;
  zoom(steps, time_under(event->position()).value_or(centre()), event->position());
}

void EventCanvas::contextMenuEvent(QContextMenuEvent* event) {
  if (timeline() == nullptr) return;
  hover(nullptr, {});
  if (event->reason() == QContextMenuEvent::Keyboard) {
    const Mark* mark = selected_ ? mark_of(scene(), *selected_) : nullptr;
    const QPoint place =
        mark != nullptr ? QPointF(mark->at.x, mark->at.y - scrolled()).toPoint() : rect().center();
    Q_EMIT menu_wanted(selected_, selected_ ? time_of_event(*selected_) : std::nullopt, mapToGlobal(place));
    return;
  }
  const Hit* hit = hit_at(event->pos());
  const auto over = hit != nullptr && hit->event != no_event ? std::optional(hit->event) : std::nullopt;
  if (over) choose(over);
  Q_EMIT menu_wanted(over, time_under(event->pos()), event->globalPos());
}

void EventCanvas::leaveEvent(QEvent* event) {
  SceneCanvas::leaveEvent(event);
  hover(nullptr, {});
}

void EventCanvas::focusInEvent(QFocusEvent* event) {
  SceneCanvas::focusInEvent(event);
  update();
}

void EventCanvas::focusOutEvent(QFocusEvent* event) {
  SceneCanvas::focusOutEvent(event);
  update();
}

void EventCanvas::resizeEvent(QResizeEvent* event) {
  SceneCanvas::resizeEvent(event);
  rows_stale_ = true;
}

void EventCanvas::hover(const Hit* hit, const QPointF& at) {
  const auto over = hit != nullptr && hit->event != no_event ? std::optional(hit->event) : std::nullopt;
  pointer_ = at;
  if (over == hovered_) return;
  hovered_ = over;
  card_->hide();
  hover_delay_.stop();
  if (over) {
    hovered_hit_ = *hit;
    hover_delay_.start(motion(*this, hover_delay_ms));
  }
  setCursor(over ? Qt::PointingHandCursor : Qt::ArrowCursor);
  update();
}

void EventCanvas::show_card() {
  if (!hovered_ || timeline() == nullptr) return;
  CardText card = card_of(*timeline(), view_, *hovered_);
  if (hovered_hit_.count > 1)
    card.sentence = tr("And %n event(s) more at this place: zoom in to see them.", nullptr,
                       static_cast<int>(std::min<std::uint32_t>(hovered_hit_.count - 1, INT_MAX)));
  card_->show_card(card, theme());
  const QRect object = rect_of(hovered_hit_).translated(mapToGlobal(QPoint(0, 0)));
  QPoint place = mapToGlobal(pointer_.toPoint()) + QPoint(card_distance, card_distance);
  const QSize size = card_->size();
  const QScreen* on = screen();
  const QRect available = on != nullptr ? on->availableGeometry() : QRect(place, size);
  if (place.x() + size.width() > available.right()) place.setX(available.right() - size.width());
  // Never over what it speaks of.
  if (QRect(place, size).intersects(object)) place.setY(object.bottom() + static_cast<int>(card_distance));
  if (place.y() + size.height() > available.bottom())
    place.setY(object.top() - size.height() - static_cast<int>(card_distance));
  card_->move(place);
  card_->show();
}

}  // namespace humantime::ui
