// SPDX-License-Identifier: GPL-2.0-or-later
// humantime-ui.so: where the plugin enters.
#include <QApplication>
#include <QThread>

#include "host/menu_entry.h"
#include "phases.h"
#include "ui_module.h"

extern "C" Q_DECL_EXPORT const char* humantime_ui_start(const HumantimeHost* host) {
  if (host == nullptr || host->abi != HUMANTIME_UI_ABI || host->size != sizeof(HumantimeHost) ||
      host->vocabulary != humantime::vocabulary())
    return "is of another version than humantime.so: build and install humantime again.";
  auto* application = qobject_cast<QApplication*>(QCoreApplication::instance());
  if (application == nullptr || QThread::currentThread() != application->thread())
    return "was started by a program that has no window.";
  const auto* entry = new humantime::ui::MenuEntry(*host, application);
  return entry->is_waiting() ? nullptr : "does not know this version of Wireshark.";
}
