// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/calendar_view.h"

#include <QMouseEvent>
#include <QPainter>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>

#include "layout/calendar_layout.h"
#include "layout/event_text.h"
#include "layout/frame.h"
#include "window/motion.h"
#include "window/scene_bounds.h"

namespace humantime::ui {
namespace {

constexpr double selection_margin = 4;

}  // namespace

CalendarView::CalendarView(QWidget* parent)
    : EventCanvas(parent), scroll_bar_(new QScrollBar(Qt::Vertical, this)) {
  setObjectName(QStringLiteral("calendar"));
  scroll_bar_->hide();
  scroll_bar_->setFocusPolicy(Qt::NoFocus);
  connect(scroll_bar_, &QScrollBar::valueChanged, this, [this](int value) {
    view_.scroll = value;
    set_rows_stale();
    frame_selection();
    repaint_scene();
  });
  transition_.setEasingCurve(QEasingCurve::OutCubic);
  transition_.setStartValue(0.0);
  transition_.setEndValue(1.0);
  connect(&transition_, &QVariantAnimation::valueChanged, this, [this] { update(); });
  connect(&transition_, &QVariantAnimation::finished, this, [this] { before_ = {}; });
}

CalendarView::~CalendarView() = default;

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
  const double scroll = view_.scroll;
  SceneCanvas::set_view(view);
  anchor_ = {};
  // Who changes something else knows nothing of where this page is scrolled to.
  if (!other_page) view_.scroll = scroll;
  if (!other_page || timeline() == nullptr) return;
  const auto selected = this->selected() ? target_of(*this->selected()) : std::nullopt;
  const Page page = page_of(view_, origin_of(*timeline(), view_).value_or(0));
  target_.reset();
  if (selected && !(selected->time < page.start) && selected->time < page.end)
    target_ = selected;
  else if (other_level)
    target_ = Target{view_.at, std::nullopt};
}

void CalendarView::set_selected(std::optional<EventIndex> event) {
  const bool other = event != selected();
  EventCanvas::set_selected(event);
  if (!other || !event || timeline() == nullptr) return;
  const auto target = target_of(*event);
  if (!target || target_) return;
  if (is_stale())
    target_ = Target{target->time, target->lane, true};
  else if (!scroll_bar_->isHidden())
    scroll_bar_->setValue(static_cast<int>(
        std::lround(scroll_for({target->time, target->lane, true}, *timeline(), page_width()))));
}

std::optional<CalendarView::Target> CalendarView::target_of(EventIndex event) const {
  const auto time = time_of_event(event);
  if (!time) return std::nullopt;
  return Target{*time, lane_of(timeline()->at(event))};
}

double CalendarView::scroll_for(const Target& target, const Timeline& timeline, double page_width) const {
  if (target.stay && is_in_sight(timeline, view_, page_width, height(), target.time, target.lane))
    return view_.scroll;
  return scroll_to(timeline, view_, page_width, height(), target.time, target.lane);
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
    view_.scroll = scroll_bar_->value();
    if (target_) view_.scroll = scroll_for(*target_, timeline, width() - bar);
    scroll_bar_->setValue(static_cast<int>(view_.scroll));
  }
  target_.reset();
  scroll_bar_->setVisible(scrolls);
}

std::vector<QPainterPath> CalendarView::frames_around(const std::vector<EventIndex>& events) {
  std::vector<QPainterPath> frames;
  const auto frame = frame_of(*timeline(), view_, page_width(), height());
  const Scene& shapes = scene();
  const auto page_rows = frame.page.rows();
  for (std::size_t r = 0; r < page_rows.size(); ++r) {
    for (const LaneFrame& lane : frame.rows[r].lanes()) {
      const auto box = bounds_of(shapes, events, lane.top, lane.bottom);
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
      frames.push_back(path);
    }
  }
  return frames;
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

// -- what is where

std::optional<StretchedTime> CalendarView::time_under(const QPointF& at) const {
  if (timeline() == nullptr) return std::nullopt;
  return time_at(*timeline(), view_, page_width(), height(), {at.x(), at.y() + scrolled()});
}

std::optional<EventCanvas::Span> CalendarView::shown_span() const {
  const auto origin = timeline() == nullptr ? std::nullopt : origin_of(*timeline(), view_);
  if (!origin) return std::nullopt;
  const Page page = page_of(view_, *origin);
  return Span{page.begin_ns(), page.end_ns()};
}

std::vector<Rect> CalendarView::row_rects() const {
  std::vector<Rect> rects;
  const auto frame = frame_of(*timeline(), view_, page_width(), height());
  for (std::size_t r = 0; r < frame.page.rows().size(); ++r)
    rects.push_back({0, frame.rows[r].top, page_width(), frame.rows[r].bottom - frame.rows[r].top});
  return rects;
}

QString CalendarView::page_name() {
  return timeline() == nullptr ? QString() : QString::fromStdString(describe_page(*timeline(), view_));
}

QString CalendarView::row_name(std::size_t row) {
  return timeline() == nullptr ? QString() : QString::fromStdString(describe_row(*timeline(), view_, row));
}

QString CalendarView::name_of_hit(const Hit& hit) const {
  if (hit.event != no_event || timeline() == nullptr) return EventCanvas::name_of_hit(hit);
  const auto day = time_at(*timeline(), view_, page_width(), height(),
                           {hit.rect.x + hit.rect.width / 2, hit.rect.y + hit.rect.height / 2});
  return day ? QString::fromStdString(describe_begins(view_, hit.count, *day)) : QString();
}

// -- what a person does

void CalendarView::zoom(int steps, StretchedTime about, const QPointF& anchor) {
  anchor_ = anchor;
  Q_EMIT view_wanted(zoomed(view_, steps, about));
}

void CalendarView::show_whole() {
  View whole = view_;
  whole.level = Level::year;
  whole.zoom = 1;
  whole.scroll = 0;
  Q_EMIT view_wanted(whole);
}

void CalendarView::turn(int pages) {
  Q_EMIT view_wanted(turned(view_, pages));
}

bool CalendarView::go_back() {
  if (view_.level <= Level::year) return false;
  zoom(-1, view_.at, rect().center());
  return true;
}

void CalendarView::mousePressEvent(QMouseEvent* event) {
  dragged_ = 0;
  EventCanvas::mousePressEvent(event);
}

void CalendarView::drag(const QPointF& moved) {
  if (!scroll_bar_->isHidden()) {
    scroll_bar_->setValue(scroll_bar_->value() - static_cast<int>(std::lround(moved.y())));
    return;
  }
  // The page follows the hand: a third of its width turns it.
  dragged_ += moved.x();
  const double page = width() / 3.0;
  const int pages = static_cast<int>(dragged_ / page);
  if (pages == 0) return;
  dragged_ -= pages * page;
  turn(-pages);
}

bool CalendarView::scroll(const QWheelEvent& event) {
  if (scroll_bar_->isHidden()) return false;
  const int pixels = event.pixelDelta().isNull() ? event.angleDelta().y() / 2 : event.pixelDelta().y();
  scroll_bar_->setValue(scroll_bar_->value() - pixels);
  return true;
}

}  // namespace humantime::ui
