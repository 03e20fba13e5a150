// SPDX-License-Identifier: GPL-2.0-or-later
// The calendar: what a pointer and a keyboard do with it. It changes nothing by itself but what is under the
// pointer; the window answers its wishes.
#pragma once

#include <QPainterPath>
#include <QScrollBar>
#include <QTimer>
#include <QVariantAnimation>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "window/event_card.h"
#include "window/scene_canvas.h"

namespace humantime::ui {

class CalendarView : public SceneCanvas {
  Q_OBJECT

 public:
  explicit CalendarView(QWidget* parent);
  ~CalendarView() override;

  void set_timeline(const Timeline* timeline) override;
  /// Goes over to another level in 180 ms.
  void set_view(const View& view) override;
  void set_selected(std::optional<EventIndex> event);
  std::optional<EventIndex> selected() const { return selected_; }
  std::optional<EventIndex> hovered() const { return hovered_; }
  const EventCard& hover_card() const { return *card_; }

  /// The rows of the page from top to bottom, in the widget's coordinates, and the events in them from left
  /// to right: what a screen reader walks through.
  struct RowContent {
    QRect rect;
    std::vector<Hit> hits;
  };
  const std::vector<RowContent>& rows();
  QRect rect_of(const Hit& hit) const;

 Q_SIGNALS:
  void view_wanted(const humantime::ui::View& view);
  void event_chosen(humantime::ui::EventIndex event);
  void selection_cleared();
  void activated(humantime::ui::EventIndex event);
  /// Over an event or over none; `time` where the place is a date.
  void menu_wanted(std::optional<humantime::ui::EventIndex> event,
                   std::optional<humantime::StretchedTime> time, const QPoint& global);

 protected:
  bool event(QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseMoveEvent(QMouseEvent* event) override;
  void mouseReleaseEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void leaveEvent(QEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;

  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  void scene_changed() override;
  void paint_overlay(QPainter& painter) override;
  double scrolled() const override;

 private:
  double page_width() const;
  Point page_point(const QPointF& at) const { return {at.x(), at.y() + scrolled()}; }
  const Hit* hit_at(const QPointF& at);
  std::optional<StretchedTime> time_under(const QPointF& at) const;
  std::optional<StretchedTime> time_of_event(EventIndex event) const;
  /// Where keys zoom: the selected event or, without one, the first on the page.
  StretchedTime centre() const;
  void zoom(int steps, StretchedTime about, const QPointF& anchor);
  void choose(std::optional<EventIndex> event);
  void step_in_time(int step);
  bool step_in_lanes(int step);
  void go_back();
  void hover(const Hit* hit, const QPointF& at);
  void show_card();
  void frame_selection();

  QScrollBar* scroll_bar_;
  std::optional<EventIndex> selected_, hovered_;
  Hit hovered_hit_;
  QPointF pointer_;
  QTimer hover_delay_;
  std::unique_ptr<EventCard> card_;
  std::vector<EventIndex> selected_pair_;  ///< the letter's copies
  std::vector<QPainterPath> selection_;    ///< one for each row that it is in
  std::vector<RowContent> rows_;
  bool rows_stale_ = true;
  std::optional<QPointF> pressed_;
  bool dragging_ = false;
  double dragged_ = 0;  ///< pixels since a page was turned
  int wheel_ = 0;       ///< eighths of a degree not yet used
  QVariantAnimation transition_;
  QPixmap before_;  ///< what is left behind
  QPointF anchor_;
  bool closer_ = true;
};

}  // namespace humantime::ui
