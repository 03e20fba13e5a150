// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/calendar_view.h"

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
#include <cmath>

#include "layout/calendar_layout.h"
#include "layout/event_text.h"
#include "layout/frame.h"
#include "window/event_steps.h"
#include "window/motion.h"
#include "window/pointer_position.h"

namespace humantime::ui {
namespace {

constexpr int wheel_step = 120;
constexpr double card_distance = 12;
constexpr double selection_margin = 4;

Rect united(const Rect& a, const Rect& b) {
  const double x = std::min(a.x, b.x), y = std::min(a.y, b.y);
  return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

Rect bounds_of(const Line& line) {
  const auto [left, right] = std::minmax(line.from.x, line.to.x);
  const auto [top, bottom] = std::minmax(line.from.y, line.to.y);
  return {left, top, right - left, bottom - top};
}

Rect bounds_of(const Mark& mark) {
  const double r = mark.radius;
  return {mark.at.x - r, mark.at.y - r, 2 * r, 2 * r};
}

Rect bounds_of(const Label& label) {
  return label.box;
}

}  // namespace

CalendarView::CalendarView(QWidget* parent)
    : SceneCanvas(parent),
      scroll_bar_(new QScrollBar(Qt::Vertical, this)),
      card_(std::make_unique<EventCard>(EventCard::Place::hover, this)) {
  setObjectName(QStringLiteral("calendar"));
  setFocusPolicy(Qt::StrongFocus);
  setMouseTracking(true);
  setMinimumSize(300, 160);
  scroll_bar_->hide();
  scroll_bar_->setFocusPolicy(Qt::NoFocus);
  connect(scroll_bar_, &QScrollBar::valueChanged, this, [this](int value) {
    view_.scroll = value;
    rows_stale_ = true;
    frame_selection();
    repaint_scene();
  });
  hover_delay_.setSingleShot(true);
  connect(&hover_delay_, &QTimer::timeout, this, &CalendarView::show_card);
  transition_.setEasingCurve(QEasingCurve::OutCubic);
  transition_.setStartValue(0.0);
  transition_.setEndValue(1.0);
  connect(&transition_, &QVariantAnimation::valueChanged, this, [this] { update(); });
  connect(&transition_, &QVariantAnimation::finished, this, [this] { before_ = {}; });
}

CalendarView::~CalendarView() = default;

void CalendarView::set_timeline(const Timeline* timeline) {
  selected_.reset();
  selected_pair_.clear();
  hover(nullptr, {});
  SceneCanvas::set_timeline(timeline);
}

void CalendarView::set_view(const View& view) {
  const bool other_level = view.level != view_.level;
  const bool other_page = other_level || !(view.at == view_.at);
  const int duration = motion(*this, level_transition_ms);
  if (other_level && duration > 0 && isVisible()) {
    before_ = picture().copy();
    closer_ = view.level > view_.level;
    if (anchor_.isNull()) anchor_ = rect().center();
    transition_.stop();
    transition_.setDuration(duration);
    transition_.start();
  }
  if (other_page) hover(nullptr, {});
  SceneCanvas::set_view(view);
  anchor_ = {};
}

void CalendarView::set_selected(std::optional<EventIndex> event) {
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

double CalendarView::page_width() const {
  return width() - (scroll_bar_->isHidden() ? 0 : scroll_bar_->width());
}

double CalendarView::scrolled() const {
  return scroll_bar_->isHidden() ? 0 : scroll_bar_->value();
}

void CalendarView::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  lay_out_calendar(timeline, view_, width(), height(), measure, scene);
  const double overflow = scene.bounds.height - height();
  const bool scrolls = overflow > 1;
  if (scrolls) {
    // The bar takes its room from the days.
    const int bar = scroll_bar_->sizeHint().width();
    lay_out_calendar(timeline, view_, width() - bar, height(), measure, scene);
    scroll_bar_->setGeometry(width() - bar, 0, bar, height());
    scroll_bar_->setRange(0, static_cast<int>(std::ceil(scene.bounds.height - height())));
    scroll_bar_->setPageStep(height());
    scroll_bar_->setSingleStep(20);
    const QSignalBlocker silent(scroll_bar_);
    scroll_bar_->setValue(static_cast<int>(view_.scroll));
  }
  scroll_bar_->setVisible(scrolls);
}

void CalendarView::scene_changed() {
  rows_stale_ = true;
  frame_selection();
  if (underMouse()) hover(hit_at(pointer_), pointer_);
}

void CalendarView::frame_selection() {
  selection_.clear();
  if (selected_pair_.empty() || timeline() == nullptr) return;
  const auto wanted = [&](EventIndex event) {
    return event != no_event &&
           std::find(selected_pair_.begin(), selected_pair_.end(), event) != selected_pair_.end();
  };
  const auto frame = frame_of(*timeline(), view_, page_width(), height());
  const Scene& shapes = scene();
  const auto page_rows = frame.page.rows();
  for (std::size_t r = 0; r < page_rows.size(); ++r) {
    for (const LaneFrame& lane : frame.rows[r].lanes()) {
      std::optional<Rect> box;
      const auto take = [&](const auto& shapes_of) {
        for (const auto& shape : shapes_of) {
          if (!wanted(shape.event)) continue;
          const Rect bounds = bounds_of(shape);
          const double middle = bounds.y + bounds.height / 2;
          if (middle < lane.top || middle >= lane.bottom) continue;
          box = box ? united(*box, bounds) : bounds;
        }
      };
      take(shapes.lines);
      take(shapes.marks);
      take(shapes.labels);
      if (!box) continue;
      const double right_end = frame.left + frame.width * static_cast<double>(page_rows[r].seconds) /
                                                static_cast<double>(page_rows[r].capacity);
      const bool open_left = box->x <= frame.left + 0.5, open_right = box->right() >= right_end - 0.5;
      const double left = open_left ? frame.left : box->x - selection_margin;
      const double right = open_right ? right_end : box->right() + selection_margin;
      const double top = std::min(lane.top, box->y), bottom = std::max(lane.band_bottom, box->bottom()) + 2;
      QPainterPath path;
      // Where it goes on in another row, the frame is open.
      path.moveTo(right, top);
      path.lineTo(left, top);
      open_left ? path.moveTo(left, bottom) : path.lineTo(left, bottom);
      path.lineTo(right, bottom);
      if (!open_right) path.lineTo(right, top);
      selection_.push_back(path);
    }
  }
}

void CalendarView::paintEvent(QPaintEvent* event) {
  if (before_.isNull()) {
    SceneCanvas::paintEvent(event);
    return;
  }
  // The old page grows (or shrinks) about the pointer while the new one appears in it.
  const double t = transition_.currentValue().toDouble();
  const QPixmap& after = picture();
  QPainter painter(this);
  painter.fillRect(rect(), theme().color(Ink::page));
  painter.setRenderHint(QPainter::SmoothPixmapTransform);
  const auto draw = [&](const QPixmap& shown, double scale, double opacity) {
    painter.save();
    painter.setOpacity(opacity);
    painter.translate(anchor_);
    painter.scale(scale, scale);
    painter.translate(-anchor_);
    painter.drawPixmap(0, 0, shown);
    painter.restore();
  };
  draw(before_, closer_ ? 1 + t : 1 - 0.3 * t, 1 - t);
  draw(after, closer_ ? 0.7 + 0.3 * t : 1.6 - 0.6 * t, t);
}

void CalendarView::paint_overlay(QPainter& painter) {
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

const Hit* CalendarView::hit_at(const QPointF& at) {
  if (timeline() == nullptr) return nullptr;
  const Point point = page_point(at);
  const auto& hits = scene().hits;
  const auto found =
      std::find_if(hits.begin(), hits.end(), [&](const Hit& hit) { return hit.rect.contains(point); });
  return found == hits.end() ? nullptr : &*found;
}

std::optional<StretchedTime> CalendarView::time_under(const QPointF& at) const {
  if (timeline() == nullptr) return std::nullopt;
  return time_at(*timeline(), view_, page_width(), height(), page_point(at));
}

std::optional<StretchedTime> CalendarView::time_of_event(EventIndex event) const {
  const auto origin = origin_of(*timeline(), view_);
  const std::int64_t time_ns = timeline()->at(event).time_ns;
  if (!origin || time_ns == Event::unknown) return std::nullopt;
  return stretched(time_ns, *origin, view_.scale);
}

StretchedTime CalendarView::centre() const {
  if (timeline() == nullptr) return view_.at;
  if (selected_) return time_of_event(*selected_).value_or(view_.at);
  const auto origin = origin_of(*timeline(), view_);
  if (!origin) return view_.at;
  const Page page = page_of(view_, *origin);
  const auto first = next_in_time(*timeline(), view_, std::nullopt, page.begin_ns(), Step::forth);
  if (!first || timeline()->at(*first).time_ns >= page.end_ns()) return view_.at;
  return time_of_event(*first).value_or(view_.at);
}

const std::vector<CalendarView::RowContent>& CalendarView::rows() {
  const Scene& shapes = scene();
  if (!rows_stale_) return rows_;
  rows_stale_ = false;
  rows_.clear();
  if (timeline() == nullptr) return rows_;
  const auto frame = frame_of(*timeline(), view_, page_width(), height());
  for (std::size_t r = 0; r < frame.page.rows().size(); ++r) {
    const RowFrame& row = frame.rows[r];
    rows_.push_back({QRect(0, static_cast<int>(row.top - scrolled()), static_cast<int>(page_width()),
                           static_cast<int>(row.bottom - row.top)),
                     {}});
    for (const Hit& hit : shapes.hits) {
      const double middle = hit.rect.y + hit.rect.height / 2;
      if (middle >= row.top && middle < row.bottom) rows_.back().hits.push_back(hit);
    }
    std::stable_sort(rows_.back().hits.begin(), rows_.back().hits.end(),
                     [](const Hit& a, const Hit& b) { return a.rect.x < b.rect.x; });
  }
  return rows_;
}

QRect CalendarView::rect_of(const Hit& hit) const {
  return QRectF(hit.rect.x, hit.rect.y - scrolled(), hit.rect.width, hit.rect.height).toAlignedRect();
}

// -- what a person does

void CalendarView::zoom(int steps, StretchedTime about, const QPointF& anchor) {
  anchor_ = anchor;
  Q_EMIT view_wanted(zoomed(view_, steps, about));
}

void CalendarView::choose(std::optional<EventIndex> event) {
  if (!event) return;
  Q_EMIT event_chosen(*event);
}

void CalendarView::step_in_time(int step) {
  const auto origin = origin_of(*timeline(), view_);
  if (!origin) return;
  const Page page = page_of(view_, *origin);
  choose(next_in_time(*timeline(), view_, selected_, step > 0 ? page.begin_ns() : page.end_ns(),
                      Step{static_cast<std::int8_t>(step)}));
}

bool CalendarView::step_in_lanes(int step) {
  if (timeline() == nullptr) return false;
  const Mark* here = selected_ ? mark_of(scene(), *selected_) : nullptr;
  const auto next = next_in_lanes(scene(), here != nullptr ? std::optional(here->lane) : std::nullopt,
                                  here != nullptr ? here->at : Point{}, Step{static_cast<std::int8_t>(step)});
  choose(next);
  return next.has_value();
}

void CalendarView::go_back() {
  if (view_.level > Level::year)
    zoom(-1, view_.at, rect().center());
  else if (selected_)
    Q_EMIT selection_cleared();
}

bool CalendarView::event(QEvent* event) {
  if (event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    // From lane to lane, and from the last one on to the diary.
    if (key->key() == Qt::Key_Tab && key->modifiers() == Qt::NoModifier && step_in_lanes(1)) return true;
    if (key->key() == Qt::Key_Backtab && step_in_lanes(-1)) return true;
  }
  return SceneCanvas::event(event);
}

void CalendarView::keyPressEvent(QKeyEvent* event) {
  if (timeline() == nullptr) {
    SceneCanvas::keyPressEvent(event);
    return;
  }
  const auto rows_step = [&](Step step) {
    if (!selected_) return step_in_time(static_cast<int>(step));
    std::vector<double> tops;
    for (const RowContent& row : rows()) tops.push_back(row.rect.top() + scrolled());
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
    case Qt::Key_Home: {
      View whole = view_;
      whole.level = Level::year;
      whole.zoom = 1;
      whole.scroll = 0;
      Q_EMIT view_wanted(whole);
      return;
    }
    case Qt::Key_PageUp:
      Q_EMIT view_wanted(turned(view_, -1));
      return;
    case Qt::Key_PageDown:
      Q_EMIT view_wanted(turned(view_, 1));
      return;
    case Qt::Key_Escape:
      return go_back();
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (selected_) Q_EMIT activated(*selected_);
      return;
    default:
      SceneCanvas::keyPressEvent(event);
  }
}

void CalendarView::mousePressEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || timeline() == nullptr) return;
  pressed_ = position_of(*event);
  dragging_ = false;
  dragged_ = 0;
  if (const Hit* hit = hit_at(position_of(*event)); hit != nullptr && hit->event != no_event)
    choose(hit->event);
}

void CalendarView::mouseMoveEvent(QMouseEvent* event) {
  const QPointF at = position_of(*event);
  if (pressed_ && (event->buttons() & Qt::LeftButton) != 0) {
    const QPointF moved = at - *pressed_;
    if (!dragging_ && moved.manhattanLength() < QApplication::startDragDistance()) return;
    if (!dragging_) hover(nullptr, {});
    dragging_ = true;
    setCursor(Qt::ClosedHandCursor);
    if (!scroll_bar_->isHidden()) {
      scroll_bar_->setValue(scroll_bar_->value() - static_cast<int>(std::lround(moved.y())));
    } else {
      // The page follows the hand: a third of its width turns it.
      dragged_ += moved.x();
      const double page = width() / 3.0;
      const int pages = static_cast<int>(dragged_ / page);
      if (pages != 0) {
        dragged_ -= pages * page;
        Q_EMIT view_wanted(turned(view_, -pages));
      }
    }
    pressed_ = at;
    return;
  }
  pointer_ = at;
  hover(hit_at(at), at);
}

void CalendarView::mouseReleaseEvent(QMouseEvent*) {
  pressed_.reset();
  dragging_ = false;
  unsetCursor();
}

void CalendarView::mouseDoubleClickEvent(QMouseEvent* event) {
  if (event->button() != Qt::LeftButton || timeline() == nullptr) return;
  const Hit* hit = hit_at(position_of(*event));
  if (hit != nullptr && hit->event != no_event && hit->count == 1) {
    Q_EMIT activated(hit->event);
  } else if (const auto time = time_under(position_of(*event))) {
    zoom(1, *time, position_of(*event));
  }
}

void CalendarView::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (timeline() == nullptr) return;
  const bool zooms = (event->modifiers() & Qt::ControlModifier) != 0 || scroll_bar_->isHidden();
  if (!zooms) {
    const int pixels = event->pixelDelta().isNull() ? event->angleDelta().y() / 2 : event->pixelDelta().y();
    scroll_bar_->setValue(scroll_bar_->value() - pixels);
    return;
  }
  // A touch pad sends a little at a time.
  wheel_ += event->angleDelta().y();
  const int steps = wheel_ / wheel_step;
  if (steps == 0) return;
  wheel_ -= steps * wheel_step;
  if (const auto time = time_under(event->position())) {
    zoom(steps, *time, event->position());
  } else {
    zoom(steps, centre(), event->position());
  }
}

void CalendarView::contextMenuEvent(QContextMenuEvent* event) {
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

void CalendarView::leaveEvent(QEvent* event) {
  SceneCanvas::leaveEvent(event);
  hover(nullptr, {});
}

void CalendarView::focusInEvent(QFocusEvent* event) {
  SceneCanvas::focusInEvent(event);
  update();
}

void CalendarView::focusOutEvent(QFocusEvent* event) {
  SceneCanvas::focusOutEvent(event);
  update();
}

void CalendarView::resizeEvent(QResizeEvent* event) {
  SceneCanvas::resizeEvent(event);
  rows_stale_ = true;
}

void CalendarView::hover(const Hit* hit, const QPointF& at) {
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

void CalendarView::show_card() {
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
