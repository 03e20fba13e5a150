// SPDX-License-Identifier: GPL-2.0-or-later
// The page on which journeys stand one below another: moved and zoomed along their common axis, scrolled from
// row to row.
#pragma once

#include <QScrollBar>
#include <optional>
#include <vector>

#include "model/comparison.h"
#include "window/event_canvas.h"

namespace humantime::ui {

class CompareView : public EventCanvas {
  Q_OBJECT

 public:
  explicit CompareView(QWidget* parent);
  ~CompareView() override;

  void set_timeline(const Timeline* timeline) override;
  /// As last laid out; brings it up to date first.
  const Comparison& comparison();
  /// How long the axis is: stretched time since the alignment.
  TimeWindow shown_window();
  /// So many steps closer or further, about the middle of the page.
  void zoom_by(int steps);
  /// The first instant behind this one at which something is sent or received in a row; none where nothing
  /// is.
  std::optional<StretchedTime> next_instant(std::optional<StretchedTime> after);

  QString page_name() override;
  QString row_name(std::size_t row) override;

 Q_SIGNALS:
  /// Another comparison is shown.
  void compared();

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  double scrolled() const override;
  /// The page's dates are no dates of the capture.
  std::optional<Span> shown_span() const override { return std::nullopt; }
  std::optional<StretchedTime> time_under(const QPointF&) const override { return std::nullopt; }
  std::vector<Rect> row_rects() const override;
  std::vector<QPainterPath> frames_around(const std::vector<EventIndex>& events) override;
  const Hit* hit_at(const QPointF& at) override;
  void zoom(int steps, StretchedTime about, const QPointF& anchor) override;
  void drag(const QPointF& moved) override;
  bool scroll(const QWheelEvent& event) override;
  void turn(int pages) override;
  void show_whole() override;
  bool go_back() override;

 private:
  void bring_up_to_date(const Timeline& timeline);
  void go_on();
  void want_window(const std::optional<TimeWindow>& window);
  double page_width() const;
  void step(int rows, int marks);

  /// What the comparison was made of.
  struct Made {
    std::uint64_t generation = 0;
    std::size_t events = 0, journeys = 0;
    std::optional<std::size_t> hidden;  ///< by the display filter, where that limits
    std::uint32_t journey = 0;
    std::optional<Alignment> align;
    std::optional<CompareRows> rows;
    std::vector<std::uint32_t> only;
    bool operator==(const Made&) const = default;
  };
  std::optional<Made> made_;
  Comparison comparison_, next_;
  Work making_;  ///< the next one, a part at a time
  QTimer turns_;
  QScrollBar* scroll_bar_;
  Hit line_hit_;  ///< a line has no place in the scene's list: it is slanted
};

}  // namespace humantime::ui
