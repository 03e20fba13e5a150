// SPDX-License-Identifier: GPL-2.0-or-later
// The letters' page: a stretch of the year that is moved and zoomed continuously.
#pragma once

#include <optional>

#include "window/rails_canvas.h"

namespace humantime::ui {

class LettersView : public RailsCanvas {
  Q_OBJECT

 public:
  explicit LettersView(QWidget* parent);

  /// The view with its window so many steps closer or further about an instant.
  static View zoomed_view(const Timeline& timeline, const View& view, int steps, StretchedTime about);

  QString page_name() override;

 protected:
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  std::optional<LettersFrame> rails_frame() const override;
  std::optional<Span> shown_span() const override;
  void zoom(int steps, StretchedTime about, const QPointF& anchor) override;
  void drag(const QPointF& moved) override;
  bool scroll(const QWheelEvent& event) override;
  void turn(int pages) override;
  void show_whole() override;
  bool go_back() override;

 private:
  void want_window(const TimeWindow& window);
};

}  // namespace humantime::ui
