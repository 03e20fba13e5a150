// SPDX-License-Identifier: GPL-2.0-or-later
// A scene of lines that is scrolled, and stepped through with keys: what a pointer, a keyboard and a screen
// reader do with it, whatever the lines say.
#pragma once

#include <QScrollBar>
#include <cstddef>
#include <optional>
#include <string>

#include "window/scene_canvas.h"

namespace humantime::ui {

class LinesCanvas : public SceneCanvas {
  Q_OBJECT

 public:
  explicit LinesCanvas(QWidget* parent);

  /// As last laid out.
  virtual std::size_t line_count() = 0;
  virtual QString line_name(std::size_t line) = 0;
  /// What the whole page is called, for a screen reader.
  virtual QString page_name() = 0;
  /// In the widget's coordinates, also where it is scrolled out of sight.
  QRect rect_of_line(std::size_t line);
  std::optional<std::size_t> current() const { return current_; }
  /// Scrolls to it; nobody is told. None, or one that there is not: nothing is current.
  void set_current(std::optional<std::size_t> line);
  QScrollBar* scroll_bar() const { return bar_; }

 Q_SIGNALS:
  /// A person has gone there.
  void line_chosen(std::size_t line);
  /// Enter, or a double click.
  void line_activated(std::size_t line);
  void menu_wanted(std::optional<std::size_t> line, const QPoint& global);

 protected:
  bool event(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void mousePressEvent(QMouseEvent* event) override;
  void mouseDoubleClickEvent(QMouseEvent* event) override;
  void wheelEvent(QWheelEvent* event) override;
  void keyPressEvent(QKeyEvent* event) override;
  void contextMenuEvent(QContextMenuEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void paint_overlay(QPainter& painter) override;
  void scene_changed() override;

  /// Where a line lies when nothing is scrolled.
  virtual Rect line_rect(std::size_t line) = 0;
  virtual double content_height() = 0;
  /// What stays above the lines when they are scrolled.
  virtual double head_height() { return 0; }
  /// Whether the line that is current is to be framed: a list shows it in another way.
  virtual bool frames_current() const { return true; }
  /// The lines were moved.
  virtual void offset_changed() = 0;
  double offset() const { return bar_->value(); }
  /// How wide the lines may be.
  double room() const;

 private:
  std::optional<std::size_t> line_at(const QPointF& at);
  void choose(std::size_t line);
  void keep_in_sight(std::size_t line);
  void place_bar();
  void tell_focus();

  QScrollBar* bar_;
  std::optional<std::size_t> current_;
};

/// From here on every LinesCanvas is a list for screen readers; harmless to call again.
void make_lines_canvases_accessible();

}  // namespace humantime::ui
