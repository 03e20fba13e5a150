// SPDX-License-Identifier: GPL-2.0-or-later
// The overview above the letters: all of them, and in it the bracket of what is shown.
#pragma once

#include "layout/letters_layout.h"
#include "window/map_view.h"

namespace humantime::ui {

class LettersOverview : public MapView {
  Q_OBJECT

 public:
  explicit LettersOverview(QWidget* parent);

 protected:
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  std::optional<StretchedTime> time_at(const QPointF& at) const override;
  View moved_to(StretchedTime time) const override;
  View zoomed_by(int steps, StretchedTime time) const override;
  StretchedTime middle() const override;
  std::optional<View> view_by_key(int key) const override;

 private:
  View with(const TimeWindow& window) const;
};

}  // namespace humantime::ui
