// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/letters_view.h"

#include <QWheelEvent>
#include <algorithm>
#include <array>
#include <climits>
#include <cmath>

#include "layout/letters_layout.h"
#include "layout/words.h"
#include "window/event_words.h"
#include "window/line_frames.h"

namespace humantime::ui {
namespace {

/// A step of the wheel or of a key makes the window so much shorter.
constexpr double closer = 0.75;
/// So near to a line a pointer means it.
constexpr double line_reach = 5;

}  // namespace

LettersView::LettersView(QWidget* parent) : EventCanvas(parent) {
  setObjectName(QStringLiteral("letters"));
}

void LettersView::lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) {
  lay_out_letters(timeline, view_, width(), height(), measure, scene);
}

// -- what is where

std::optional<EventCanvas::Span> LettersView::shown_span() const {
  if (timeline() == nullptr || !timeline()->first_ns()) return std::nullopt;
  const LettersFrame frame = letters_frame(*timeline(), view_, width(), height());
  return Span{frame.row().begin_ns, frame.row().end_ns};
}

std::optional<StretchedTime> LettersView::time_under(const QPointF& at) const {
  if (timeline() == nullptr) return std::nullopt;
  return letters_time_at(*timeline(), view_, width(), height(), {at.x(), at.y()});
}

std::vector<Rect> LettersView::row_rects() const {
  const LettersFrame frame = letters_frame(*timeline(), view_, width(), height());
  std::vector<double> rails;
  for (std::size_t i = 0; i < rail_count; ++i)
    if (frame.used[i]) rails.push_back(frame.rails[i]);
  std::vector<Rect> rects;
  double top = 0;
  for (std::size_t i = 0; i < rails.size(); ++i) {
    const double bottom = i + 1 < rails.size() ? (rails[i] + rails[i + 1]) / 2 : height();
    rects.push_back({0, top, static_cast<double>(width()), bottom - top});
    top = bottom;
  }
  return rects;
}

std::vector<QPainterPath> LettersView::frames_around(const std::vector<EventIndex>& events) {
  return frames_along_lines(scene(), events);
}

const Hit* LettersView::hit_at(const QPointF& at) {
  if (const Hit* hit = EventCanvas::hit_at(at)) return hit;
  if (timeline() == nullptr) return nullptr;
  const auto event = event_near(scene(), {at.x(), at.y()}, line_reach);
  if (!event) return nullptr;
  line_hit_ = {{at.x() - line_reach, at.y() - line_reach, 2 * line_reach, 2 * line_reach}, *event, 1};
  return &line_hit_;
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

QString LettersView::row_name(std::size_t row) {
  const auto& all = rows();
  if (timeline() == nullptr || row >= all.size()) return {};
  std::size_t events = 0;
  for (const Hit& hit : all[row].hits) events += hit.count;
  const LettersFrame frame = letters_frame(*timeline(), view_, width(), height());
  const std::array<QString, rail_count> names = {tr("Client"), tr("Router"), tr("Name servers"),
                                                 tr("Server")};
  std::vector<QString> used;
  for (std::size_t i = 0; i < rail_count; ++i)
    if (frame.used[i]) used.push_back(names[i]);
  //: An end and what happens there: "Client, 12 events"
  return tr("%1, %n event(s)", nullptr, static_cast<int>(std::min<std::size_t>(events, INT_MAX)))
      .arg(used[std::min(row, used.size() - 1)]);
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
