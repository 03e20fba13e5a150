// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/averaging.h"

#include <QFile>
#include <QStringList>
#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "command/argument_bytes.h"
#include "command/average_source.h"
#include "command/interruption.h"
#include "command/run_reader.h"
#include "command/saving.h"
#include "command/viewer.h"
#include "layout/words.h"
#include "reports/mean_list.h"
#include "text.h"

namespace humantime::ui {
namespace {

using journeys::MeanJourney;
using journeys::Run;

const Failure interruption{ExitStatus::interrupted, {}};

Outcome write_text(const ExportJob& job, QIODevice& device, const Progress& progress, QString& error) {
  return job.records(reports::Format::text, device, progress, error);
}
constexpr Exporter text_exporter{"txt", "text/plain", "Text", write_text};

/// The source's origin is where the journeys begin.
View view_of_mean(const Options& options) {
  View view = view_of(options);
  view.origin = OriginChoice::capture;
  return view;
}

/// With several captures a sentence says which it is about.
Failure of_run(const HandedFile& capture, Failure failure) {
  if (failure.status != ExitStatus::bad_filter && !failure.sentence.contains(capture.shown()))
    failure.sentence = QStringLiteral("\"%1\": %2").arg(capture.shown(), failure.sentence);
  return failure;
}

/// The runs of one capture.
std::optional<Failure> read_runs(const Options& options, const Recording& recording, std::vector<Run>& runs) {
  HandedFile capture, key_log;
  if (auto failure = capture.open(recording.capture, QStringLiteral("The capture"))) return failure;
  if (!recording.key_log.empty())
    if (auto failure = key_log.open(recording.key_log, QStringLiteral("The key log"))) return failure;
  RunReader reader;
  TsharkRun run(capture, [&](const QByteArray& bytes) {
    return reader.take({bytes.constData(), static_cast<std::size_t>(bytes.size())});
  });
  const QString json = QStringLiteral("json");
  QStringList arguments = tshark_arguments(options, capture, key_log) +
                          report_arguments(QStringLiteral("events"), json, {}) +
                          report_arguments(QStringLiteral("journeys"), json, options.filter) +
                          report_arguments(QStringLiteral("capture"), json, {});
  // How many journeys there are is told of those that the filter leaves.
  if (!options.filter.isEmpty())
    arguments += report_arguments(QStringLiteral("capture"), json, options.filter);
  run.start(arguments);
  if (!run.wait([] { return !is_interrupted(); })) return interruption;
  if (run.was_refused() || (run.succeeded() && !reader.finish()))
    return of_run(capture, {ExitStatus::no_tshark, QString::fromStdString(reader.error())});
  // A file that was cut short has its events up to there, and tshark says so.
  if (!run.succeeded() && (run.crashed() || !reader.finish())) return of_run(capture, run.failure());
  tell(run.words());
  runs = reader.runs();
  return std::nullopt;
}

/// All runs' means; of those that are named as the options ask.
std::optional<Failure> read_means(const Options& options, std::vector<MeanJourney>& means) {
  journeys::Average average;
  std::size_t journey_count = 0;
  for (const Recording& recording : options.runs) {
    std::vector<Run> runs;
    if (auto failure = read_runs(options, recording, runs)) return failure;
    journey_count += runs.size();
    bool has_any = false;
    for (Run& run : runs) {
      const QString name = QString::fromStdString(run.name);
      if (!options.journey.isEmpty() && name.compare(options.journey, Qt::CaseInsensitive) != 0) continue;
      has_any = has_any || !run.milestones.empty();
      average.add(std::move(run));
    }
    if (!has_any)
      tell(QStringLiteral("\"%1\" has no such journey, and is no part of the mean.")
               .arg(QString::fromStdString(printable(recording.capture))));
  }
  means = average.make();
  if (!means.empty()) return std::nullopt;
  if (!options.journey.isEmpty())
    return Failure{ExitStatus::bad_arguments,
                   QStringLiteral("There is no journey \"%1\": the captures have %2. tshark -q -r CAPTURE -z "
                                  "humantime,journeys lists them.")
                       .arg(QString::fromStdString(printable(bytes_of(options.journey))))
                       .arg(journey_count)};
  return Failure{ExitStatus::bad_input, QStringLiteral("There is no journey to be averaged.")};
}

reports::Telling telling_of(const Options& options) {
  reports::Telling telling;
  telling.language = options.language;
  telling.scale.seconds_per_year = options.seconds_per_year;
  telling.origin = reports::Origin::journey;
  return telling;
}

Outcome write_records(const Options& options, const std::vector<MeanJourney>& means, reports::Format format,
                      QIODevice& device) {
  bool written = true;
  reports::write_means(means, telling_of(options), format, [&](std::string_view text) {
    const auto size = static_cast<qint64>(text.size());
    written = written && device.write(text.data(), size) == size;
  });
  return written ? Outcome::done : Outcome::failed;
}

/// ` · 2 shapes: dns tcp tls_full http; tcp tls_full http`: of a year that is the mean of unlike fetches.
std::string shapes_text(const std::vector<MeanJourney>& means, Language language) {
  constexpr std::size_t most = 3;
  std::vector<std::string> shapes;
  for (const MeanJourney& mean : means)
    if (std::find(shapes.begin(), shapes.end(), mean.shape) == shapes.end()) shapes.push_back(mean.shape);
  if (shapes.size() < 2) return {};
  const std::string count = counted(shapes.size());
  std::string text =
      language == Language::japanese ? " · 進み方 " + count + " 通り：" : " · " + count + " shapes: ";
  for (std::size_t i = 0; i < std::min(shapes.size(), most); ++i)
    text.append(i == 0 ? "" : "; ").append(shapes[i].empty() ? "–" : shapes[i]);
  return shapes.size() > most ? text + "; …" : text;
}

/// `mean of 10 runs · article-fetch-01.pcapng.gz …`
std::string title_of(const Options& options, const std::vector<MeanJourney>& means) {
  const std::string first = base_name(options.runs.front().capture).toStdString();
  const std::string count = counted(options.runs.size());
  std::string title = options.language == Language::japanese ? count + " 個のキャプチャの平均 · " + first
                      : options.runs.size() == 1             ? "mean of " + first
                                                             : "mean of " + count + " captures · " + first;
  if (options.runs.size() > 1) title += " …";
  return title + shapes_text(means, options.language);
}

}  // namespace

const Exporter* mean_exporter_of(std::string_view file_name) {
  const QString name = text_of(file_name);
  if (name.endsWith(QLatin1String(".txt"), Qt::CaseInsensitive)) return &text_exporter;
  const Exporter* exporter = exporter_of(file_name);
  return exporter != nullptr && exporter->takes_means ? exporter : nullptr;
}

QString mean_exporter_suffixes() {
  QStringList suffixes;
  for (const Exporter& exporter : exporters())
    if (exporter.takes_means)
      suffixes += QString::fromUtf8(exporter.suffix.data(), static_cast<int>(exporter.suffix.size()));
  return (suffixes << QStringLiteral("txt")).join(QStringLiteral(", "));
}

std::optional<Failure> save_mean(const Options& options) {
  std::vector<MeanJourney> means;
  if (auto failure = read_means(options, means)) return failure;
  const AverageSource source(title_of(options, means), means);
  Timeline timeline(source);
  if (!take_all(timeline)) return interruption;
  return save_timeline(options, timeline, view_of_mean(options),
                       [&](reports::Format format, QIODevice& device, const Progress&, QString&) {
                         return write_records(options, means, format, device);
                       });
}

std::optional<Failure> print_mean(const Options& options) {
  std::vector<MeanJourney> means;
  if (auto failure = read_means(options, means)) return failure;
  QFile out;
  if (!out.open(stdout, QIODevice::WriteOnly) ||
      write_records(options, means, reports::Format::text, out) != Outcome::done || !out.flush())
    return Failure{ExitStatus::bad_output,
                   QStringLiteral("The table could not be printed: %1.").arg(out.errorString())};
  return std::nullopt;
}

std::optional<Failure> show_mean(const Options& options) {
  std::vector<MeanJourney> means;
  if (auto failure = read_means(options, means)) return failure;
  const AverageSource source(title_of(options, means), means);
  return show_source(options, source, view_of_mean(options));
}

}  // namespace humantime::ui
