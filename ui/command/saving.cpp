// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/saving.h"

#include <QFont>
#include <QFontDatabase>
#include <algorithm>
#include <cstdio>
#include <vector>

#include "command/argument_bytes.h"
#include "command/interruption.h"
#include "command/json_source.h"
#include "export/exporter.h"
#include "export/formats.h"
#include "layout/page.h"
#include "model/wireshark.h"
#include "text.h"

namespace humantime::ui {
namespace {

// A picture's type is the picture's, not the desktop's: the same wherever it is drawn.
constexpr int body_pixels = 12;

const Failure interruption{ExitStatus::interrupted, {}};

bool goes_on(double) {
  return !is_interrupted();
}

QFont picture_font(Language language) {
  // One that is there by its name, for an SVG names it to those who show it; what it lacks others have.
  QStringList families{QStringLiteral("Noto Sans"), QStringLiteral("DejaVu Sans")};
  const QStringList installed = QFontDatabase().families();
  const auto found = std::find_if(families.begin(), families.end(),
                                  [&](const QString& family) { return installed.contains(family); });
  QFont font(found == families.end() ? QFont().family() : *found);
  // Characters that both have look Japanese in Japanese.
  if (language == Language::japanese)
    font.setFamilies({font.family(), QStringLiteral("Noto Sans CJK JP"), QStringLiteral("Noto Sans JP")});
  font.setPixelSize(body_pixels);
  // Widths must hold on paper too, where there are no pixels to fit to.
  font.setHintingPreference(QFont::PreferNoHinting);
  return font;
}

std::string_view as_view(const QByteArray& bytes) {
  return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

/// A journey by its number or its name, whatever the name's case; of several of a name the first.
std::optional<Failure> choose_journey(const Options& options, const Timeline& timeline, View& view) {
  if (options.journey.isEmpty()) return std::nullopt;
  bool is_number = false;
  const unsigned number = options.journey.toUInt(&is_number);
  for (const JourneyRecord& journey : timeline.journeys()) {
    const QString name = QString::fromStdString(journey.name);
    if (is_number ? journey.number != number : name.compare(options.journey, Qt::CaseInsensitive) != 0)
      continue;
    view.journey = journey.number;
    view.server = journey.name;
    return std::nullopt;
  }
  return Failure{ExitStatus::bad_arguments,
                 QStringLiteral("There is no journey \"%1\": the capture has %2. tshark -q -r CAPTURE -z "
                                "humantime,journeys lists them.")
                     .arg(QString::fromStdString(printable(bytes_of(options.journey))))
                     .arg(timeline.journeys().size())};
}

void choose_year(const Options& options, const Timeline& timeline, View& view) {
  Date date;
  if (options.year) {
    date.year = *options.year;
  } else if (view.origin != OriginChoice::journey) {
    const JourneySummary* journey = view.journey != 0 ? timeline.summary(view.journey) : nullptr;
    const std::optional<std::int64_t> first =
        journey != nullptr && journey->first_ns != Event::unknown ? journey->first_ns : timeline.first_ns();
    const std::optional<std::int64_t> origin = origin_of(timeline, view);
    if (first && origin) date.year = date_of(stretched(*first, *origin, view.scale)).year;
  }
  view.at = time_of(date);
}

/// tshark's own records, passed on as they come.
Outcome pass_records(const Options& options, const HandedFile& capture, const HandedFile& key_log,
                     std::uint32_t journey, reports::Format format, QIODevice& device, QString& error,
                     std::optional<Failure>& failure) {
  QString filter = options.filter;
  // Connections are counted by server, and a journey is one of several: its file has them all.
  const bool connections = options.view == ViewKind::connections;
  if (journey != 0 && !connections) {
    const QString only = QStringLiteral("humantime.journey == %1").arg(journey);
    filter = filter.isEmpty() ? only : QStringLiteral("(%1) && %2").arg(filter, only);
  }
  qint64 written = 0;
  TsharkRun run(capture, [&](const QByteArray& bytes) {
    const qint64 count = device.write(bytes);
    written += count > 0 ? count : 0;
    return count == bytes.size();
  });
  run.start(tshark_arguments(options, capture, key_log) +
            report_arguments(connections ? QStringLiteral("connections") : QStringLiteral("events"),
                             format == reports::Format::csv ? QStringLiteral("csv") : QStringLiteral("json"),
                             filter));
  if (!run.wait([] { return goes_on(0); })) return Outcome::cancelled;
  if (run.was_refused()) {
    error = device.errorString();
    return Outcome::failed;
  }
  if (!run.succeeded() && (run.crashed() || written == 0)) {
    failure = run.failure();
    return Outcome::failed;
  }
  tell(run.words());
  return Outcome::done;
}

}  // namespace

std::optional<Failure> load_source(const Options& options, const HandedFile& capture,
                                   const HandedFile& key_log, JsonSource& source) {
  TsharkRun run(capture, [&](const QByteArray& bytes) { return source.take(as_view(bytes)); });
  QStringList arguments = tshark_arguments(options, capture, key_log);
  std::vector<const char*> reports = {"events", "journeys", "capture"};
  if (options.view == ViewKind::connections) reports.push_back("connections");
  if (options.exporter != nullptr && options.exporter->write == write_http_archive)
    reports.push_back("streams");
  for (const char* report : reports)
    arguments += report_arguments(QLatin1String(report), QStringLiteral("json"), options.filter);
  run.start(arguments);
  if (!run.wait([] { return goes_on(0); })) return interruption;
  if (run.was_refused() || (run.succeeded() && !source.finish()))
    return Failure{ExitStatus::no_tshark, QString::fromStdString(source.error())};
  // A file that was cut short has its events up to there, and tshark says so.
  if (!run.succeeded() && (run.crashed() || !source.finish())) return run.failure();
  tell(run.words());
  return std::nullopt;
}

void tell(const QString& words) {
  if (!words.isEmpty()) std::fprintf(stderr, "year-timeline: %s\n", words.toUtf8().constData());
}

View view_of(const Options& options) {
  View view;
  view.scale.seconds_per_year = options.seconds_per_year;
  view.origin = options.origin;
  view.language = options.language;
  view.compare = options.compare;
  Preferences preferences;
  preferences.distance_km = options.distance_km;
  view.light_ns = preferences.light_ns();
  return view;
}

QString base_name(const std::string& path) {
  return QString::fromStdString(printable(path.substr(path.find_last_of('/') + 1)));
}

bool take_all(Timeline& timeline) {
  constexpr std::uint32_t slice = 1U << 16U;
  while (timeline.advance(slice))
    if (is_interrupted()) return false;
  return true;
}

std::optional<Failure> save_timeline(const Options& options, const Timeline& timeline, View view,
                                     const RecordWriter& records) {
  choose_year(options, timeline, view);
  const ExportJob job{timeline,
                      view,
                      QString::fromStdString(timeline.source().name()),
                      options.theme,
                      picture_font(options.language),
                      static_cast<double>(options.width),
                      static_cast<double>(options.height),
                      records,
                      options.view};
  const Saved saved = save(*options.output, *options.exporter, job, goes_on);
  switch (saved.outcome) {
    case Outcome::done:
      return std::nullopt;
    case Outcome::cancelled:
      return interruption;
    case Outcome::failed:
      break;
  }
  return Failure{ExitStatus::bad_output, saved.sentence};
}

std::optional<Failure> save_year(const Options& options) {
  HandedFile capture, key_log;
  if (auto failure = capture.open(options.capture, QStringLiteral("The capture"))) return failure;
  if (!options.key_log.empty())
    if (auto failure = key_log.open(options.key_log, QStringLiteral("The key log"))) return failure;

  JsonSource source(base_name(options.capture).toStdString());
  const bool is_records = options.exporter->suffix == "csv" || options.exporter->suffix == "json";
  // Records need no picture of the capture, but a journey's name is looked up in one.
  if (!is_records || !options.journey.isEmpty())
    if (auto failure = load_source(options, capture, key_log, source)) return failure;

  Timeline timeline(source);
  if (!take_all(timeline)) return interruption;
  View view = view_of(options);
  if (auto failure = choose_journey(options, timeline, view)) return failure;
  std::optional<Failure> of_records;
  const auto failure = save_timeline(
      options, timeline, view,
      [&](reports::Format format, QIODevice& device, const Progress&, QString& error) {
        return pass_records(options, capture, key_log, view.journey, format, device, error, of_records);
      });
  return of_records ? of_records : failure;
}

}  // namespace humantime::ui
