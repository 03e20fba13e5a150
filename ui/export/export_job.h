// SPDX-License-Identifier: GPL-2.0-or-later
// What an export is about: the events, the view of them, and how a picture looks.
#pragma once

#include <QFont>
#include <QIODevice>
#include <QString>
#include <functional>
#include <string>

#include "export/progress.h"
#include "layout/view.h"
#include "model/timeline.h"
#include "paint/theme.h"
#include "reports/format.h"

namespace humantime::ui {

/// Writes the event records, in the format and with the columns of the report `events`, to the device. Where
/// the report itself is to be had, as in the command, which runs tshark, its bytes are passed on. Where it
/// fails, `error` says what went wrong.
using RecordWriter = std::function<Outcome(reports::Format format, QIODevice& device,
                                           const Progress& progress, QString& error)>;

/// Everything is viewed, and must stay as it is until the export is done.
struct ExportJob {
  const Timeline& timeline;
  View view;     ///< its level and instant choose what a picture shows; a PDF has all of its years
  QString file;  ///< the capture's name, printable, for the title
  Theme::Variant variant = Theme::Variant::light;  ///< of PNG and SVG; paper is white
  QFont font;                                      ///< the application's
  double width = 1280, height = 800;               ///< of PNG and SVG, in logical pixels
  RecordWriter records;                            ///< may be empty: then they are made from the source
  ViewKind kind = ViewKind::calendar;              ///< what a picture shows; of the diary there is none
};

}  // namespace humantime::ui
