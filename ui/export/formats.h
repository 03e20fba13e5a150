// SPDX-License-Identifier: GPL-2.0-or-later
// The writers behind the table of exporters that the dialog's program writes itself.
#pragma once

#include <QIODevice>
#include <QString>

#include "export/export_job.h"

namespace humantime::ui {

/// The page of the view's level and instant, at the job's size and theme.
Outcome write_png(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error);
Outcome write_svg(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error);
/// A4 landscape, a day 8 mm wide, a page for each year that has events; or for each ten, where years are what
/// a row shows. At finer levels the page of the view.
Outcome write_pdf(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error);
/// RFC 5545: an event for each stage of a journey and for each milestone, in floating local time of 2015, the
/// year said in the summary from year 2 on. By libical.
Outcome write_icalendar(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error);
/// HAR 1.2: the requests of each journey that the view shows, in real time. A mean has none: failed.
Outcome write_http_archive(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error);
/// Trace events as JSON: the stages and milestones of what the view shows, in real microseconds since its
/// origin.
Outcome write_trace_events(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error);

}  // namespace humantime::ui
