// SPDX-License-Identifier: GPL-2.0-or-later
// year-timeline CAPTURE -o FILE: asks tshark, and writes the file.
#pragma once

#include "command/json_source.h"
#include "command/options.h"
#include "command/tshark.h"
#include "export/export_job.h"
#include "model/timeline.h"

namespace humantime::ui {

/// The view that the options ask for, before anything is known of the capture.
View view_of(const Options& options);
/// The file's name without its folder, printable.
QString base_name(const std::string& path);

/// A sentence to the standard error; nothing where it is empty.
void tell(const QString& words);

/// Takes all events of the timeline's source; false where it was interrupted.
bool take_all(Timeline& timeline);
/// Writes options.output of what `view` shows, of the year that the options ask for; records by `records`.
std::optional<Failure> save_timeline(const Options& options, const Timeline& timeline, View view,
                                     const RecordWriter& records);

/// All events and journeys of the options' filter.
std::optional<Failure> load_source(const Options& options, const HandedFile& capture,
                                   const HandedFile& key_log, JsonSource& source);

/// None where the file was written. What tshark said on the way goes to the standard error.
std::optional<Failure> save_year(const Options& options);

}  // namespace humantime::ui
