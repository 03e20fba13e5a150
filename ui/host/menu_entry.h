// SPDX-License-Identifier: GPL-2.0-or-later
// Statistics → Year Timeline, in the menu of Wireshark's main window. Of Wireshark only what Qt shows is
// known: names of objects and signals, which are no API; what is not there is left alone.
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QMainWindow>
#include <QObject>

#include "ui_module.h"

namespace humantime::ui {

class MenuEntry final : public QObject {
  Q_OBJECT
 public:
  /// Waits for Wireshark to be ready. `host` outlives it.
  MenuEntry(const HumantimeHost& host, QObject* parent);

  /// False where the application does not tell when it is ready: no Wireshark, or one that changed.
  bool is_waiting() const { return waiting_; }

  /// The first of the shortcuts that we would like, and that none of the window's actions has; empty where
  /// all are taken.
  static QKeySequence free_shortcut(const QWidget& window);

 private Q_SLOTS:
  void insert();

 private:
  const HumantimeHost& host_;
  bool waiting_ = false;
};

}  // namespace humantime::ui
