// SPDX-License-Identifier: GPL-2.0-or-later
// year-timeline: the year of a capture as a picture, a file or a window.
#include <langinfo.h>

#include <QApplication>
#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "command/averaging.h"
#include "command/comparing.h"
#include "command/interruption.h"
#include "command/options.h"
#include "command/saving.h"
#include "command/viewer.h"

using namespace humantime::ui;

namespace {

bool is_set(const char* name) {
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): there is one thread yet
  return value != nullptr && *value != '\0';
}

/// Everything that is handed to tshark and comes from it is UTF-8, whatever the locale.
void use_utf8() {
  std::setlocale(LC_CTYPE, "");  // NOLINT(concurrency-mt-unsafe)
  if (std::strcmp(nl_langinfo(CODESET), "UTF-8") == 0) return;
  ::setenv("LC_ALL", "C.UTF-8", 1);  // NOLINT(concurrency-mt-unsafe)
}

/// What Qt warns of is the desktop, which a file does not need: a folder of the session's that is missing, or
/// of another user under sudo.
void leave_out_warnings(QtMsgType type, const QMessageLogContext&, const QString& message) {
  if (type == QtCriticalMsg || type == QtFatalMsg) std::fprintf(stderr, "%s\n", message.toUtf8().constData());
}

}  // namespace

int main(int argc, char** argv) {
  const Parsed parsed = parse_options(std::vector<std::string>(argv + std::min(argc, 1), argv + argc));
  const auto end_with = [](ExitStatus status, const QString& sentence) {
    if (!sentence.isEmpty()) std::fprintf(stderr, "year-timeline: %s\n", sentence.toUtf8().constData());
    return static_cast<int>(status);
  };
  if (!parsed.options) {
    if (parsed.status != ExitStatus::done) return end_with(parsed.status, parsed.text);
    std::fputs(parsed.text.toUtf8().constData(), stdout);
    return static_cast<int>(ExitStatus::done);
  }
  use_utf8();
  const bool saves = parsed.options->output.has_value();
  const bool averages = !parsed.options->runs.empty();
  const bool compares = !parsed.options->compared.empty();
  const bool display = is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") || is_set("QT_QPA_PLATFORM");
  // Runs are averaged on servers, too.
  const bool prints = averages && !saves && !display;
  if (!is_set("QT_QPA_PLATFORM")) {
    if (!saves && !display && !prints)
      return end_with(ExitStatus::bad_arguments,
                      QStringLiteral("There is no display to open a window on. Name a file: -o year.png"));
    // A file needs no display, not even one that is there: it may be one that does not answer.
    if (saves || prints) ::setenv("QT_QPA_PLATFORM", "offscreen", 1);  // NOLINT(concurrency-mt-unsafe)
  }
  if (saves || prints) qInstallMessageHandler(leave_out_warnings);
  watch_for_interruption();
  // Qt's own options are not ours: what it is given is the program's name alone.
  int count = 1;
  QApplication application(count, argv);
  QApplication::setApplicationName(QStringLiteral("year-timeline"));
  const auto run = prints              ? print_mean
                   : averages && saves ? save_mean
                   : averages          ? show_mean
                   : compares && saves ? save_comparison
                   : saves             ? save_year
                                       : show_year;
  const std::optional<Failure> failure = run(*parsed.options);
  return failure ? end_with(failure->status, failure->sentence) : static_cast<int>(ExitStatus::done);
}
