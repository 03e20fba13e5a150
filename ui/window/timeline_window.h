// SPDX-License-Identifier: GPL-2.0-or-later
// Stands in for the dialog until that is there: a list of the events.
#pragma once

#include <QDialog>
#include <QLabel>
#include <QListWidget>

#include "model/source.h"
#include "model/wireshark.h"

namespace humantime::ui {

class TimelineWindow : public QDialog {
  Q_OBJECT
 public:
  TimelineWindow(const Source& source, Wireshark* wireshark, QWidget* parent);
  void select_frame(FrameNumber frame);
  void source_changed();
  void filter_changed();
  void preferences_changed();

 private:
  const Source& source_;
  Wireshark* wireshark_;
  QListWidget* list_;
  QLabel* state_;
};

}  // namespace humantime::ui
