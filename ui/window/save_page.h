// SPDX-License-Identifier: GPL-2.0-or-later
// Save…: asks for a file, and writes it in the format that its name or the person chose.
#pragma once

#include <QString>
#include <QWidget>

#include "export/export_job.h"

namespace humantime::ui {

/// The timeline must not change until it returns: events of the window are handled while it writes. Returns
/// what went wrong, in one sentence, or that it is saved; empty where the person thought better of it.
QString save_page(QWidget* parent, const ExportJob& job);

}  // namespace humantime::ui
