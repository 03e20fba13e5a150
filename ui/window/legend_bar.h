// SPDX-License-Identifier: GPL-2.0-or-later
// The line below the calendar: the lanes, each to be shown or hidden; what the signs mean; Play and zoom.
#pragma once

#include <QLabel>
#include <QToolButton>
#include <QWidget>
#include <array>
#include <vector>

#include "layout/view.h"
#include "model/timeline.h"
#include "paint/theme.h"
#include "window/play_control.h"

namespace humantime::ui {

/// One sign and what it means; painted with the calendar's own painter.
class LegendSample;

class LegendBar : public QWidget {
  Q_OBJECT

 public:
  explicit LegendBar(QWidget* parent);

  /// Shows lanes that have events or are hidden, and signs that can be on the page.
  void show_view(const Timeline* timeline, const View& view, ViewKind kind);
  /// `reading, 41 %`; empty: nothing is being read.
  void set_progress(const QString& text);
  PlayControl* play() const { return play_; }
  QToolButton* lane_button(Lane lane) const { return lanes_[static_cast<std::size_t>(lane)]; }

 Q_SIGNALS:
  void lane_hidden(humantime::Lane lane, bool hidden);
  void zoom_wanted(int steps);

 protected:
  void changeEvent(QEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void retranslate();
  void take_theme();
  void fit();

  Theme theme_;
  std::array<QToolButton*, lane_count> lanes_{};
  std::vector<LegendSample*> samples_;
  QLabel *progress_, *level_;
  PlayControl* play_;
  QToolButton *closer_, *further_;
  View view_;
};

}  // namespace humantime::ui
