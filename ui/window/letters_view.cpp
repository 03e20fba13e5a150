// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/letters_view.h"

#include <QWheelEvent>
#include <algorithm>
#include <climits>
#include <cmath>

#include "layout/letters_layout.h"
#include "layout/words.h"
#include "window/event_words.h"

namespace humantime::ui {
namespace {

/// A step of the wheel or of a key makes the window so much shorter.
constexpr double closer = 0.75;
/// So near to a line a pointer means it.
constexpr double line_reach = 5;

}  // namespace

LettersView::LettersView(QWidget* parent) : RailsCanvas(line_reach, parent) {
  setObjectName(QStringLiteral("letters"));
}

void LettersView::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  lay_out_letters(timeline, view_, width(), height(), measure, scene);
}

// -- what is where

std::optional<LettersFrame> LettersView::rails_frame() const {
  if (timeline() == nullptr) return std::nullopt;
  return letters_frame(*timeline(), view_, width(), height());
}

std::optional<EventCanvas::Span> LettersView::shown_span() const {
  if (timeline() == nullptr || !timeline()->first_ns()) return std::nullopt;
  return RailsCanvas::shown_span();
}

QString LettersView::page_name() {
  if (timeline() == nullptr) return {};
  std::size_t events = 0;
  for (const Hit& hit : scene().hits) events += hit.count;
  const QString trips = QString::fromStdString(describe_trips(*timeline(), view_));
  const QString name =
      tr("Letters, %n event(s)", nullptr, static_cast<int>(std::min<std::size_t>(events, INT_MAX)));
  return trips.isEmpty() ? name : name + QStringLiteral("; ") + trips;
}

// -- what a person does

View LettersView::zoomed_view(const Timeline& timeline, const View& view, int steps, StretchedTime about) {
  View next = view;
  next.window = zoomed(window_of(timeline, view), std::pow(closer, std::clamp(steps, -20, 20)), about);
  return next;
}

void LettersView::want_window(const TimeWindow& window) {
  View next = view_;
  next.window = window;
  Q_EMIT view_wanted(next);
}

void LettersView::zoom(int steps, StretchedTime about, const QPointF&) {
  Q_EMIT view_wanted(zoomed_view(*timeline(), view_, steps, about));
}

void LettersView::drag(const QPointF& moved_by) {
  const LettersFrame frame = letters_frame(*timeline(), view_, width(), height());
  want_window(moved(window_of(*timeline(), view_), -moved_by.x() / frame.frame.width));
}

bool LettersView::scroll(const QWheelEvent& event) {
  // A wheel or a touch pad that goes sideways moves.
  const int across = event.angleDelta().x();
  if (across == 0 || std::abs(across) < std::abs(event.angleDelta().y())) return false;
  constexpr double whole = 2400;
  want_window(moved(window_of(*timeline(), view_), -across / whole));
  return true;
}

void LettersView::turn(int pages) {
  want_window(moved(window_of(*timeline(), view_), pages));
}

void LettersView::show_whole() {
  View whole = view_;
  whole.window.reset();
  Q_EMIT view_wanted(whole);
}

bool LettersView::go_back() {
  if (!view_.window) return false;
  show_whole();
  return true;
}

}  // namespace humantime::ui
