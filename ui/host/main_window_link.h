// SPDX-License-Identifier: GPL-2.0-or-later
// Between Wireshark's main window and the dialog: what happens to the capture, the selection, the filter and
// the preferences is told to the dialog, as long as it is open.
#pragma once

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <QWidget>

#include "host/host_source.h"
#include "host/host_wireshark.h"
#include "host/packet_fields.h"
#include "window/timeline_window.h"

namespace humantime::ui {

/// One for each main window, whose child it is.
class MainWindowLink final : public QObject {
  Q_OBJECT
 public:
  MainWindowLink(const HumantimeHost& host, QWidget* main_window);
  ~MainWindowLink() override;

 public Q_SLOTS:
  /// Opens the dialog, or brings it to the front.
  void open();

 private Q_SLOTS:
  void begin_capture();
  void read_capture();
  void filter();
  void select();
  void take_preferences();
  void zoom(const QFont& font);
  void look();

 private:
  QWidget* main_window_;
  HostSource source_;
  HostWireshark wireshark_;
  PacketFields fields_;
  QPointer<TimelineWindow> window_;
  QTimer look_, selection_;
  bool opened_ = false;  ///< a file, that has not been read to its end yet
  std::uint64_t revision_ = 0;
  std::uint32_t frames_ = 0;
  Preferences preferences_;
};

}  // namespace humantime::ui
