// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/letters_overview.h"

#include "window/letters_view.h"

namespace humantime::ui {
namespace {

/// A key moves the window by this share of it.
constexpr double key_share = 0.2;

}  // namespace

LettersOverview::LettersOverview(QWidget* parent)
    : MapView(QStringLiteral("letters_overview"), static_cast<int>(overview_height), parent) {}

void LettersOverview::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  lay_out_letters_overview(timeline, view_, width(), height(), measure, scene);
}

std::optional<StretchedTime> LettersOverview::time_at(const QPointF& at) const {
  return overview_time_at(*timeline(), view_, width(), height(), {at.x(), at.y()});
}

View LettersOverview::with(const TimeWindow& window) const {
  View view = view_;
  view.window = window;
  return view;
}

View LettersOverview::moved_to(StretchedTime time) const {
  return with(centred(window_of(*timeline(), view_), time));
}

View LettersOverview::zoomed_by(int steps, StretchedTime time) const {
  return LettersView::zoomed_view(*timeline(), view_, steps, time);
}

StretchedTime LettersOverview::middle() const {
  return {moved(window_of(*timeline(), view_), 0.5).begin, 0};
}

std::optional<View> LettersOverview::view_by_key(int key) const {
  const TimeWindow window = window_of(*timeline(), view_);
  switch (key) {
    case Qt::Key_Left:
      return with(moved(window, -key_share));
    case Qt::Key_Right:
      return with(moved(window, key_share));
    case Qt::Key_PageUp:
      return with(moved(window, -1));
    case Qt::Key_PageDown:
      return with(moved(window, 1));
    default:
      return std::nullopt;
  }
}

}  // namespace humantime::ui
