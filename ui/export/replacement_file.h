// SPDX-License-Identifier: GPL-2.0-or-later
// A file that takes another one's place when it is complete, and leaves nothing when it is not. As QSaveFile,
// for names of any bytes: a QString holds only those that are text.
#pragma once

#include <QFile>
#include <string>

namespace humantime::ui {

class ReplacementFile {
 public:
  /// `path` may be a symbolic link: then what it points to is replaced.
  explicit ReplacementFile(std::string path) : path_(std::move(path)) {}
  ~ReplacementFile();
  ReplacementFile(const ReplacementFile&) = delete;
  ReplacementFile& operator=(const ReplacementFile&) = delete;

  /// False: error() says why.
  bool open();
  QIODevice& device() { return file_; }
  /// Writes what is still in memory and puts the file into its place.
  bool commit();
  /// The system's words for what open() or commit() could not do.
  const QString& error() const { return error_; }
  /// The system's words for why device() could not be written to. The file is of no more use.
  QString write_error();

 private:
  bool fail(int number);

  std::string path_, temporary_;
  QFile file_;
  QString error_;
};

}  // namespace humantime::ui
