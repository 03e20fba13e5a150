// SPDX-License-Identifier: GPL-2.0-or-later
// A scene of events: what a pointer and a keyboard do with it, whatever it looks like. It changes nothing by
// itself but what is under the pointer; the window answers its wishes.
#pragma once

#include <QPainterPath>
#include <QTimer>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "window/event_card.h"
#include "window/event_steps.h"
#include "window/scene_canvas.h"

namespace humantime::ui {

class EventCanvas : public SceneCanvas {
  Q_OBJECT

 public:
  explicit EventCanvas(QWidget* parent);
  ~EventCanvas() override;

  void set_timeline(const Timeline* timeline) override;
  virtual void set_selected(std::optional<EventIndex> event);
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
  /// What the page, its rows and its places are called, for a screen reader.
  virtual QString page_name() = 0;
  virtual QString row_name(std::size_t row) = 0;
  virtual QString name_of_hit(const Hit& hit) const;

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
  void scene_changed() override;
  void paint_overlay(QPainter& painter) override;

  // -- what differs from page to page

  /// The captured times that the page shows, from the first to before the last.
  struct Span {
    std::int64_t begin_ns = 0, end_ns = 0;
  };
  virtual std::optional<Span> shown_span() const = 0;
  virtual std::optional<StretchedTime> time_under(const QPointF& at) const = 0;
  /// Rows as rectangles of the page, from top to bottom, without what is in them.
  virtual std::vector<Rect> row_rects() const = 0;
  /// A frame around everything that is drawn of these events.
  virtual std::vector<QPainterPath> frames_around(const std::vector<EventIndex>& events) = 0;
  virtual const Hit* hit_at(const QPointF& at);
  virtual void zoom(int steps, StretchedTime about, const QPointF& anchor) = 0;
  virtual void drag(const QPointF& moved) = 0;
  /// Takes a wheel that does not zoom; false where it always does.
  virtual bool scroll(const QWheelEvent& event) = 0;
  virtual void turn(int pages) = 0;
  virtual void show_whole() = 0;
  /// False where there is nothing to go back to.
  virtual bool go_back() = 0;
  /// The milestone next to the selected one in time; without one the first or last from an instant on.
  virtual std::optional<EventIndex> next_event(std::int64_t from_ns, Step step) const;

  std::optional<StretchedTime> time_of_event(EventIndex event) const;
  void hover(const Hit* hit, const QPointF& at);
  void frame_selection();
  void set_rows_stale() { rows_stale_ = true; }

 private:
  /// Where keys zoom: the selected event or, without one, the first on the page.
  StretchedTime centre() const;
  void choose(std::optional<EventIndex> event);
  void step_in_time(int step);
  bool step_in_lanes(int step);
  void show_card();

  std::optional<EventIndex> selected_, hovered_;
  Hit hovered_hit_;
  QPointF pointer_;
  QTimer hover_delay_;
  std::unique_ptr<EventCard> card_;
  std::vector<EventIndex> selected_pair_;  ///< the letter's copies
  std::vector<QPainterPath> selection_;
  std::vector<RowContent> rows_;
  bool rows_stale_ = true;
  std::optional<QPointF> pressed_;
  bool dragging_ = false;
  int wheel_ = 0;  ///< eighths of a degree not yet used
};

}  // namespace humantime::ui
