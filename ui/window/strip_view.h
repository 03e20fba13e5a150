// SPDX-License-Identifier: GPL-2.0-or-later
// The strip above the calendar: the whole capture, and in it the bracket of what is shown.
#pragma once

#include "window/map_view.h"

namespace humantime::ui {

class StripView : public MapView {
  Q_OBJECT

 public:
  explicit StripView(QWidget* parent);

 protected:
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  std::optional<StretchedTime> time_at(const QPointF& at) const override;
  View moved_to(StretchedTime time) const override;
  View zoomed_by(int steps, StretchedTime time) const override;
  StretchedTime middle() const override { return view_.at; }
  std::optional<View> view_by_key(int key) const override;
  std::optional<View> view_by_click(const QPointF& at) const override;
  /// The title, where there is a way back.
  bool is_button(const QPointF& at) const override;
};

}  // namespace humantime::ui
