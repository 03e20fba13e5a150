// SPDX-License-Identifier: GPL-2.0-or-later
// CSV and JSON lines from what a source tells: for a window, which has no report that could be passed on.
#pragma once

#include <QIODevice>

#include "export/export_job.h"

namespace humantime::ui {

/// The columns of the report `events` in its order, of the events that the job's view is limited to. A source
/// that does not tell an event's vantage, milestones or own time stamp leaves a number for the first, the
/// first milestone for the second, and the time as shown for the third. `format` is csv or json.
Outcome write_event_records(const ExportJob& job, reports::Format format, QIODevice& device,
                            const Progress& progress);

}  // namespace humantime::ui
