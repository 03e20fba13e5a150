// SPDX-License-Identifier: GPL-2.0-or-later
// What the dialog asks of Wireshark: most by way of the plugin's functions, and what no function does by the
// widgets of its main window.
#pragma once

#include <QPointer>
#include <QWidget>

#include "model/wireshark.h"
#include "ui_module.h"

namespace humantime::ui {

class HostWireshark final : public Wireshark {
 public:
  /// Both outlive it, or the window becomes null.
  HostWireshark(const HumantimeHost& host, QWidget* main_window) : host_(host), main_window_(main_window) {}

  bool go_to_frame(FrameNumber frame) override;
  std::string check_filter(const std::string& filter) const override;
  std::string apply_filter(const std::string& filter) override;
  std::string prepare_filter(const std::string& filter) override;
  Preferences preferences() const override;
  std::string set_preference(const std::string& name, const std::string& value) override;

  /// The packet that is selected in the packet list, the first of several.
  FrameNumber selected_frame() const;

 private:
  const HumantimeHost& host_;
  QPointer<QWidget> main_window_;
};

}  // namespace humantime::ui
