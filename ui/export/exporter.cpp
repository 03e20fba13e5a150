// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/exporter.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

#include "export/connections_picture.h"
#include "export/event_records.h"
#include "export/formats.h"
#include "export/replacement_file.h"
#include "text.h"

namespace humantime::ui {
namespace {

template <reports::Format format>
Outcome write_records(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error) {
  if (!job.records && job.kind == ViewKind::connections)
    return write_connection_records(job, format, device, progress);
  if (!job.records) return write_event_records(job, format, device, progress);
  return job.records(format, device, progress, error);
}

constexpr std::array rows = {
    Exporter{"png", "image/png", QT_TRANSLATE_NOOP("Exporter", "PNG picture"), write_png},
    Exporter{"svg", "image/svg+xml", QT_TRANSLATE_NOOP("Exporter", "SVG drawing"), write_svg},
    Exporter{"pdf", "application/pdf", QT_TRANSLATE_NOOP("Exporter", "PDF document, A4"), write_pdf},
    Exporter{"csv", "text/csv", QT_TRANSLATE_NOOP("Exporter", "Table as CSV"),
             write_records<reports::Format::csv>},
    Exporter{"json", "application/x-ndjson", QT_TRANSLATE_NOOP("Exporter", "Table as JSON lines"),
             write_records<reports::Format::json>},
#ifdef HUMANTIME_ICALENDAR
    Exporter{"ics", "text/calendar", QT_TRANSLATE_NOOP("Exporter", "iCalendar"), write_icalendar},
#endif
    Exporter{"har", "application/json", QT_TRANSLATE_NOOP("Exporter", "HTTP archive (HAR)"),
             write_http_archive, false},
    Exporter{"trace.json", "application/json", QT_TRANSLATE_NOOP("Exporter", "Trace events"),
             write_trace_events},
};

bool same_letter(char a, char b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return lower(a) == lower(b);
}

}  // namespace

std::span<const Exporter> exporters() {
  return rows;
}

const Exporter* exporter_of(std::string_view file_name) {
  const std::string_view name = file_name.substr(file_name.find_last_of('/') + 1);
  const auto ends_with = [&](std::string_view suffix) {
    if (name.size() <= suffix.size() || name[name.size() - suffix.size() - 1] != '.') return false;
    const std::string_view end = name.substr(name.size() - suffix.size());
    return std::equal(end.begin(), end.end(), suffix.begin(), suffix.end(), same_letter);
  };
  // Of suffixes that end alike the longest.
  const Exporter* found = nullptr;
  for (const Exporter& row : rows)
    if (ends_with(row.suffix) && (found == nullptr || row.suffix.size() > found->suffix.size())) found = &row;
  return found;
}

std::string exporter_suffixes() {
  std::string list;
  for (const Exporter& row : rows) list.append(list.empty() ? "" : ", ").append(row.suffix);
  return list;
}

Saved save(const std::string& path, const Exporter& exporter, const ExportJob& job,
           const Progress& progress) {
  const auto failed = [&](const QString& why) {
    const QString sentence = QCoreApplication::translate("Exporter", "%1 could not be written: %2")
                                 .arg(QString::fromStdString(printable(path)),
                                      why.endsWith(QLatin1Char('.')) ? why : why + QLatin1Char('.'));
    return Saved{Outcome::failed, sentence};
  };
  ReplacementFile file(path);
  if (!file.open()) return failed(file.error());
  QString error;
  const Outcome outcome = exporter.write(job, file.device(), progress, error);
  if (outcome == Outcome::cancelled) return {outcome, {}};
  // What the system says is why; a writer may know no more than that it could not.
  if (outcome == Outcome::failed && !file.write_error().isEmpty()) return failed(file.write_error());
  if (outcome == Outcome::failed) return failed(error.isEmpty() ? file.device().errorString() : error);
  if (!file.commit()) return failed(file.error());
  return {};
}

}  // namespace humantime::ui
