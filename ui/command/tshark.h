// SPDX-License-Identifier: GPL-2.0-or-later
// One run of tshark: what it is asked, what it says, what its end means.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <QString>
#include <QStringList>
#include <functional>
#include <optional>
#include <string>

#include "command/exit_status.h"
#include "command/options.h"

namespace humantime::ui {

/// A sentence for the user and the status to end with.
struct Failure {
  ExitStatus status = ExitStatus::bad_input;
  QString sentence;
};

/// A file that tshark is to read, by a name that can be handed over. A name that is no text is handed over as
/// an open file.
class HandedFile {
 public:
  HandedFile() = default;
  ~HandedFile();
  HandedFile(const HandedFile&) = delete;
  HandedFile& operator=(const HandedFile&) = delete;

  /// `what` begins the sentence: `The capture`. None where the file can be read, and again and again.
  std::optional<Failure> open(const std::string& path, const QString& what);
  /// For a command line, never with a dash in front; empty before open().
  const QString& path() const { return path_; }
  /// The file's own name, printable.
  const QString& shown() const { return shown_; }

 private:
  int descriptor_ = -1;
  QString path_, shown_;
};

/// What every run has in common: two passes, the capture, the preferences, the key log.
QStringList tshark_arguments(const Options& options, const HandedFile& capture, const HandedFile& key_log);
/// `-z humantime,REPORT,FORMAT,FILTER`
QStringList report_arguments(const QString& report, const QString& format, const QString& filter);

class TsharkRun : public QObject {
  Q_OBJECT

 public:
  /// `take` gets what is printed as it comes; false ends the run.
  using Take = std::function<bool(const QByteArray& bytes)>;

  /// `capture` outlives the run; tshark's words about it get its own name.
  TsharkRun(const HandedFile& capture, Take take, QObject* parent = nullptr);
  ~TsharkRun() override;

  void start(const QStringList& arguments);
  /// Ends it without ado; finished() is not told.
  void stop();
  /// Handles events until it has ended, or `go_on` says no: false.
  bool wait(const std::function<bool()>& go_on);

  bool is_running() const { return running_; }
  /// Whether `take` refused.
  bool was_refused() const { return refused_; }
  /// tshark ended by itself with status 0.
  bool succeeded() const;
  /// A signal ended it.
  bool crashed() const { return process_.exitStatus() == QProcess::CrashExit; }
  /// Why it did not succeed; tshark's own words where it has any.
  Failure failure() const;
  /// What it said on the way, where it succeeded or told its reports nevertheless (a file that was cut
  /// short).
  QString words() const;

 Q_SIGNALS:
  void finished();

 private:
  void read_output();
  void read_words();
  void end();

  const HandedFile& capture_;
  Take take_;
  QProcess process_;
  QByteArray said_;
  bool running_ = false, refused_ = false, missing_ = false;
};

}  // namespace humantime::ui
