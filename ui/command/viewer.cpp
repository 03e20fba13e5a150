// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/viewer.h"

#include <QApplication>
#include <QMessageBox>
#include <QTimer>

#include "command/interruption.h"
#include "command/json_source.h"
#include "command/saving.h"
#include "window/timeline_window.h"

namespace humantime::ui {
namespace {

/// Ends the program's windows when it is interrupted, and says so.
class InterruptionWatch {
 public:
  explicit InterruptionWatch(std::optional<Failure>& failure) {
    constexpr int poll_ms = 100;
    QObject::connect(&poll_, &QTimer::timeout, &poll_, [&failure] {
      if (!is_interrupted()) return;
      failure = Failure{ExitStatus::interrupted, {}};
      QApplication::quit();
    });
    poll_.start(poll_ms);
  }

 private:
  QTimer poll_;
};

}  // namespace

std::optional<Failure> show_source(const Options& options, const Source& source, const View& view) {
  std::optional<Failure> failure;
  TimelineWindow window(source, nullptr);
  window.set_view(view);
  window.show_page(options.view);
  const InterruptionWatch watch(failure);
  window.show();
  QApplication::exec();
  return failure;
}

std::optional<Failure> show_year(const Options& options) {
  HandedFile capture, key_log;
  if (auto failure = capture.open(options.capture, QStringLiteral("The capture"))) return failure;
  if (!options.key_log.empty())
    if (auto failure = key_log.open(options.key_log, QStringLiteral("The key log"))) return failure;

  JsonSource source(base_name(options.capture).toStdString());
  std::optional<Failure> failure;
  TimelineWindow window(source, nullptr);
  View view = view_of(options);
  window.set_view(view);
  window.show_page(options.view);

  TsharkRun run(capture, [&](const QByteArray& bytes) {
    return source.take({bytes.constData(), static_cast<std::size_t>(bytes.size())});
  });
  QObject::connect(&run, &TsharkRun::finished, &window, [&] {
    if (run.was_refused() || (run.succeeded() && !source.finish()))
      failure = Failure{ExitStatus::no_tshark, QString::fromStdString(source.error())};
    else if (!run.succeeded() && (run.crashed() || !source.finish()))
      failure = run.failure();
    window.source_changed();
    if (!failure) return;
    // Half of a year would be taken for the whole.
    // What tshark said may hold anything: shown as it is, never read as markup.
    QMessageBox message(QMessageBox::Critical, window.windowTitle(), failure->sentence, QMessageBox::Ok,
                        &window);
    message.setTextFormat(Qt::PlainText);
    message.exec();
    window.close();
  });
  QStringList arguments = tshark_arguments(options, capture, key_log);
  for (const char* report : {"events", "journeys", "capture", "connections", "streams"})
    arguments += report_arguments(QLatin1String(report), QStringLiteral("json"), options.filter);
  // Of all frames: a record may begin in one that the filter hides.
  arguments += report_arguments(QStringLiteral("bytes"), QStringLiteral("json"), {});
  run.start(arguments);

  const InterruptionWatch watch(failure);
  window.show();
  QApplication::exec();
  return failure;
}

}  // namespace humantime::ui
