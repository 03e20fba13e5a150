// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/strip_view.h"

#include "layout/breadcrumb.h"
#include "layout/calendar_layout.h"
#include "layout/strip.h"

namespace humantime::ui {
namespace {

constexpr int strip_height = 72;
constexpr double title_height = 30;

}  // namespace

StripView::StripView(QWidget* parent) : MapView(QStringLiteral("strip"), strip_height, parent) {}

void StripView::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  lay_out_strip(timeline, view_, width(), height(), measure, scene);
}

std::optional<StretchedTime> StripView::time_at(const QPointF& at) const {
  return strip_time_at(*timeline(), view_, width(), height(), {at.x(), at.y()});
}

View StripView::moved_to(StretchedTime time) const {
  View moved = view_;
  moved.at = time;
  moved.scroll = 0;
  return moved;
}

View StripView::zoomed_by(int steps, StretchedTime time) const {
  return zoomed(view_, steps, time);
}

bool StripView::is_button(const QPointF& at) const {
  return at.x() < strip_map(*timeline(), view_, width(), height()).rect.x && at.y() < title_height &&
         breadcrumb(view_).size() > 1;
}

std::optional<View> StripView::view_by_click(const QPointF& at) const {
  // The way back: one step up.
  if (is_button(at)) {
    const std::vector<Crumb> crumbs = breadcrumb(view_);
    return crumbs[crumbs.size() - 2].view;
  }
  // A month is the nearest that a click in the year may mean.
  const auto time = time_at(at);
  if (!time || view_.level != Level::year) return std::nullopt;
  const auto map = strip_map(*timeline(), view_, width(), height());
  return map.first_year == map.last_year ? std::optional(zoomed(view_, 1, *time)) : std::nullopt;
}

std::optional<View> StripView::view_by_key(int key) const {
  switch (key) {
    case Qt::Key_Left:
    case Qt::Key_PageUp:
      return turned(view_, -1);
    case Qt::Key_Right:
    case Qt::Key_PageDown:
      return turned(view_, 1);
    default:
      return std::nullopt;
  }
}

}  // namespace humantime::ui
