// SPDX-License-Identifier: GPL-2.0-or-later
// The calendar: its levels, its rows, and how it turns from page to page.
#pragma once

#include <QScrollBar>
#include <QVariantAnimation>
#include <optional>
#include <vector>

#include "window/event_canvas.h"

namespace humantime::ui {

class CalendarView : public EventCanvas {
  Q_OBJECT

 public:
  explicit CalendarView(QWidget* parent);
  ~CalendarView() override;

  /// Goes over to another level in 180 ms.
  void set_view(const View& view) override;
  /// Where the page scrolls, another event than before is scrolled into sight.
  void set_selected(std::optional<EventIndex> event) override;

  QString page_name() override;
  QString row_name(std::size_t row) override;
  QString name_of_hit(const Hit& hit) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  double scrolled() const override;

  std::optional<Span> shown_span() const override;
  std::optional<StretchedTime> time_under(const QPointF& at) const override;
  std::vector<Rect> row_rects() const override;
  std::vector<QPainterPath> frames_around(const std::vector<EventIndex>& events) override;
  void zoom(int steps, StretchedTime about, const QPointF& anchor) override;
  void drag(const QPointF& moved) override;
  bool scroll(const QWheelEvent& event) override;
  void turn(int pages) override;
  void show_whole() override;
  bool go_back() override;
  void mousePressEvent(QMouseEvent* event) override;

 private:
  double page_width() const;
  /// Scrolls to an instant, or stays where that is in sight, as soon as it is known how high the page is.
  struct Target {
    StretchedTime time;
    std::optional<Lane> lane;
    bool stay = false;
  };
  std::optional<Target> target_of(EventIndex event) const;
  double scroll_for(const Target& target, const Timeline& timeline, double page_width) const;

  QScrollBar* scroll_bar_;
  double dragged_ = 0;  ///< pixels since a page was turned
  QVariantAnimation transition_;
  QPixmap before_;  ///< what is left behind
  QPointF anchor_;
  bool closer_ = true;
  std::optional<Target> target_;
};

}  // namespace humantime::ui
