// SPDX-License-Identifier: GPL-2.0-or-later
// The page of connections as a picture and as records: what the window shows, without its controls.
#pragma once

#include <QIODevice>
#include <QPainter>

#include "export/export_job.h"
#include "paint/text_measure.h"
#include "paint/theme.h"

namespace humantime::ui {

/// Paints title, servers and page into `width` by `height` logical pixels; what needs more room is drawn
/// smaller.
void paint_connections(QPainter& painter, const Theme& theme, const ExportJob& job, FontMeasure& measure,
                       double width, double height);

/// The report `connections` of what the job's view is limited to. `format` is csv or json.
Outcome write_connection_records(const ExportJob& job, reports::Format format, QIODevice& device,
                                 const Progress& progress);

}  // namespace humantime::ui
