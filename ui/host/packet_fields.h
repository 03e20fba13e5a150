// SPDX-License-Identifier: GPL-2.0-or-later
// The fields of the packet list and the packet details that all frames together tell: looked at a part at a
// time, with or without the dialog, and drawn when they are known.
#pragma once

#include <QObject>
#include <QTimer>
#include <QWidget>
#include <cstdint>

#include "host/host_source.h"

namespace humantime::ui {

/// One for each main window.
class PacketFields final : public QObject {
 public:
  /// All outlive it. The plugin tells it alone what is wanted.
  PacketFields(const HumantimeHost& host, const HostSource& source, QWidget* main_window);
  ~PacketFields() override;

 private:
  void want(bool in_details);
  void work();
  void draw();

  const HumantimeHost& host_;
  const HostSource& source_;
  QWidget* main_window_;
  QTimer work_;
  bool in_list_ = false, in_details_ = false;  ///< where something is lacking
  bool worked_ = false;
  std::uint64_t drawn_ = 0;  ///< the source's revision then
};

}  // namespace humantime::ui
