// SPDX-License-Identifier: GPL-2.0-or-later
// The formats that a year can be saved in, one row each.
#pragma once

#include <QIODevice>
#include <QString>
#include <span>
#include <string_view>

#include "export/export_job.h"

namespace humantime::ui {

struct Exporter {
  std::string_view suffix;  ///< without the dot in front, lower case; `trace.json` has two parts
  std::string_view mime;
  const char* name;  ///< English, to be translated in the context "Exporter"
  /// Writes the whole file. Where it fails for another reason than the device, `error` gets a sentence.
  Outcome (*write)(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error);
  bool takes_means = true;  ///< whether a mean of several fetches can be written
};

std::span<const Exporter> exporters();
/// By the suffix of a file's name, whatever its case; null where it has none of ours.
const Exporter* exporter_of(std::string_view file_name);
/// `png, svg, …`: for messages.
std::string exporter_suffixes();

struct Saved {
  Outcome outcome = Outcome::done;
  QString sentence;  ///< what went wrong, with the file's name
};

/// Writes `path` (as the file system spells it: any bytes but zero) whole or not at all: the new file is made
/// beside it and takes its place when it is complete.
Saved save(const std::string& path, const Exporter& exporter, const ExportJob& job, const Progress& progress);

}  // namespace humantime::ui
