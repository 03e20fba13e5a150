// SPDX-License-Identifier: GPL-2.0-or-later
// year-timeline CAPTURE -o FILE: asks tshark, and writes the file.
#pragma once

#include <QFont>

#include "command/options.h"
#include "command/tshark.h"

namespace humantime::ui {

/// The view that the options ask for, before anything is known of the capture.
View view_of(const Options& options);
/// The file's name without its folder, printable.
QString base_name(const std::string& path);

/// A picture's type: the same wherever it is drawn.
QFont picture_font(Language language);
/// The reports of which a JsonSource is made.
QStringList source_arguments(const Options& options, const HandedFile& capture, const HandedFile& key_log);
/// tshark's own records, passed on as they come; `journey` 0: all. Where tshark is to blame `failure` says so
/// too, unless it is null. All arguments outlive the writer.
RecordWriter record_writer(const Options& options, const HandedFile& capture, const HandedFile& key_log,
                           std::uint32_t journey, std::optional<Failure>* failure);

/// None where the file was written. What tshark said on the way goes to the standard error.
std::optional<Failure> save_year(const Options& options);

}  // namespace humantime::ui
