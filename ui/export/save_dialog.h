// SPDX-License-Identifier: GPL-2.0-or-later
// Save…: which file and format, how far it is, what went wrong.
#pragma once

#include <QCoreApplication>
#include <QWidget>

#include "export/export_job.h"

namespace humantime::ui {

class SaveDialog {
  Q_DECLARE_TR_FUNCTIONS(humantime::ui::SaveDialog)

 public:
  /// Asks for a file, beginning beside `folder`, and saves `job` in the format that its suffix or the chosen
  /// filter says. Formats that need records are offered where the job has them. Handles events until it is
  /// done: what the job views must not change meanwhile. Returns the file's folder; empty where nothing was
  /// saved.
  static QString run(QWidget* parent, const ExportJob& job, const QString& folder);
};

}  // namespace humantime::ui
