// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/tshark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QEventLoop>
#include <QStandardPaths>
#include <QTimer>
#include <cerrno>
#include <system_error>

#include "command/argument_bytes.h"
#include "text.h"

namespace humantime::ui {
namespace {

/// What tshark says is shown up to here.
constexpr int longest_words = 1 << 16;
constexpr int poll_ms = 50;

QString quoted(const QString& name) {
  return QStringLiteral("\"%1\"").arg(name);
}

}  // namespace

HandedFile::~HandedFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

std::optional<Failure> HandedFile::open(const std::string& path, const QString& what) {
  shown_ = QString::fromStdString(printable(path));
  const auto fail = [&](const QString& why) {
    return Failure{ExitStatus::bad_input,
                   QStringLiteral("%1 %2 cannot be read: %3.").arg(what, quoted(shown_), why)};
  };
  const auto system = [&] { return fail(QString::fromStdString(std::generic_category().message(errno))); };
  // Not waiting for one who writes: a pipe is refused below.
  descriptor_ = ::open(path.c_str(), O_RDONLY | O_NONBLOCK);
  if (descriptor_ < 0) return system();
  struct stat about {};
  if (::fstat(descriptor_, &about) != 0) return system();
  if (S_ISDIR(about.st_mode)) return fail(QStringLiteral("it is a folder"));
  if (!S_ISREG(about.st_mode))
    return fail(QStringLiteral("it is no regular file, and is read more than once"));
  const QString text = QString::fromUtf8(path.data(), static_cast<int>(path.size()));
  if (text.toStdString() == path) {
    // A dash in front would be an option, a dash alone the standard input.
    path_ = text.startsWith(QLatin1Char('-')) ? QStringLiteral("./") + text : text;
    ::close(descriptor_);
    descriptor_ = -1;
  } else {
    path_ = QStringLiteral("/dev/fd/%1").arg(descriptor_);
  }
  return std::nullopt;
}

QStringList tshark_arguments(const Options& options, const HandedFile& capture, const HandedFile& key_log) {
  QStringList arguments{QStringLiteral("-2"), QStringLiteral("-q"), QStringLiteral("-r"), capture.path()};
  const auto set = [&](const char* preference, const QString& value) {
    arguments << QStringLiteral("-o") << QLatin1String(preference) + QLatin1Char(':') + value;
  };
  // All of them, for the user's own preferences are read too.
  set("humantime.seconds_per_year", QString::number(options.seconds_per_year));
  set("humantime.origin",
      options.origin == OriginChoice::journey ? QStringLiteral("journey") : QStringLiteral("capture"));
  set("humantime.language",
      options.language == Language::japanese ? QStringLiteral("ja") : QStringLiteral("en"));
  set("humantime.distance_km", QString::number(options.distance_km, 'f', 9));
  if (!key_log.path().isEmpty()) set("tls.keylog_file", key_log.path());
  return arguments;
}

QStringList report_arguments(const QString& report, const QString& format, const QString& filter) {
  return {QStringLiteral("-z"), QStringLiteral("humantime,%1,%2").arg(report, format) +
                                    (filter.isEmpty() ? QString() : QLatin1Char(',') + filter)};
}

TsharkRun::TsharkRun(const HandedFile& capture, Take take, QObject* parent)
    : QObject(parent), capture_(capture), take_(std::move(take)) {
  connect(&process_, &QProcess::readyReadStandardOutput, this, &TsharkRun::read_output);
  connect(&process_, &QProcess::readyReadStandardError, this, &TsharkRun::read_words);
  connect(&process_, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
    if (error == QProcess::FailedToStart) end();
  });
  connect(&process_, static_cast<void (QProcess::*)(int, QProcess::ExitStatus)>(&QProcess::finished), this,
          [this] { end(); });
}

TsharkRun::~TsharkRun() {
  stop();
}

void TsharkRun::start(const QStringList& arguments) {
  const QString program = QStandardPaths::findExecutable(QStringLiteral("tshark"));
  missing_ = program.isEmpty();
  running_ = true;
  if (missing_) {
    // As if it had been started: who waits is told in the next turn.
    QTimer::singleShot(0, this, &TsharkRun::end);
    return;
  }
  process_.setStandardInputFile(QProcess::nullDevice());
  process_.start(program, arguments, QIODevice::ReadOnly);
}

void TsharkRun::stop() {
  process_.disconnect(this);
  running_ = false;
  if (process_.state() == QProcess::NotRunning) return;
  process_.kill();
  process_.waitForFinished();
}

bool TsharkRun::wait(const std::function<bool()>& go_on) {
  QEventLoop loop;
  QTimer poll;
  bool interrupted = false;
  connect(this, &TsharkRun::finished, &loop, &QEventLoop::quit);
  connect(&poll, &QTimer::timeout, &loop, [&] {
    if (!go_on()) {
      interrupted = true;
      loop.quit();
    }
  });
  poll.start(poll_ms);
  if (running_) loop.exec();
  if (interrupted) stop();
  return !interrupted;
}

void TsharkRun::read_output() {
  if (refused_) return;
  if (take_(process_.readAllStandardOutput())) return;
  refused_ = true;
  process_.kill();
}

void TsharkRun::read_words() {
  said_ += process_.readAllStandardError();
  said_.truncate(longest_words);
}

void TsharkRun::end() {
  if (!running_) return;
  if (process_.state() == QProcess::NotRunning && !missing_) {
    read_output();
    read_words();
  }
  running_ = false;
  Q_EMIT finished();
}

bool TsharkRun::succeeded() const {
  return !missing_ && !refused_ && process_.error() == QProcess::UnknownError &&
         process_.exitStatus() == QProcess::NormalExit && process_.exitCode() == 0;
}

QString TsharkRun::words() const {
  QString text;
  for (const QByteArray& line : said_.split('\n')) {
    QString shown =
        QString::fromStdString(printable({line.constData(), static_cast<std::size_t>(line.size())}));
    if (shown.isEmpty() || shown.startsWith(QLatin1String("Running as user"))) continue;
    if (shown.startsWith(QLatin1String("tshark: "))) shown.remove(0, 8);
    text += (text.isEmpty() ? QString() : QStringLiteral("\n")) + shown;
  }
  return text.replace(capture_.path(), capture_.shown());
}

Failure TsharkRun::failure() const {
  if (missing_)
    return {ExitStatus::no_tshark,
            QStringLiteral("There is no tshark in PATH: install it (on Debian: tshark).")};
  if (process_.error() == QProcess::FailedToStart)
    return {ExitStatus::no_tshark,
            QStringLiteral("tshark could not be started: %1.").arg(process_.errorString())};
  const QString said = words();
  // Whichever tshark stumbles over first.
  if (said.contains(QLatin1String("\"humantime.")) || said.contains(QLatin1String("Invalid -z argument")) ||
      said.contains(QLatin1String("humantime has no report"))) {
    QString sentence = said.contains(QLatin1String("humantime has no report"))
                           ? QStringLiteral("tshark has a humantime plugin that is older than this command: ")
                           : QStringLiteral("tshark has no humantime plugin: ");
    sentence += QStringLiteral("install it, or name the folder that it is in in WIRESHARK_PLUGIN_DIR.");
    if (::geteuid() == 0)
      sentence += QStringLiteral(
          " You are root: then tshark ignores that variable and personal folders, so install the plugin for "
          "everybody, or be somebody else.");
    return {ExitStatus::no_tshark, sentence};
  }
  // Of the reports that are asked with the user's filter whichever comes first.
  for (const QLatin1String filter_error :
       {QLatin1String("humantime,events: "), QLatin1String("humantime,journeys: ")}) {
    const auto at = said.indexOf(filter_error);
    if (at >= 0)
      return {ExitStatus::bad_filter,
              QStringLiteral("The display filter is wrong: ") + said.mid(at + filter_error.size())};
  }
  if (!refused_ && process_.exitStatus() == QProcess::CrashExit)
    return {ExitStatus::no_tshark, QStringLiteral("tshark was ended before it had read the capture.") +
                                       (said.isEmpty() ? QString() : QStringLiteral(" It said: ") + said)};
  if (!said.isEmpty()) return {ExitStatus::bad_input, said};
  return {ExitStatus::no_tshark,
          QStringLiteral("tshark failed without a word, with exit status %1.").arg(process_.exitCode())};
}

}  // namespace humantime::ui
