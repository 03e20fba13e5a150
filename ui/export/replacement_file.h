// SPDX-License-Identifier: GPL-2.0-or-later
// A file that takes another one's place when it is complete, and leaves nothing when it is not. As QSaveFile,
// for names of any bytes: a QString holds only those that are text.
#pragma once

#include <QIODevice>
#include <string>
#include <vector>

namespace humantime::ui {

/// Bytes into an open file, one after another. The first failure stays: a QFile forgets it with the next
/// write, and Qt's writers of SVG and PDF do not look.
class SequentialFile : public QIODevice {
 public:
  /// Takes the descriptor.
  void begin(int descriptor);
  /// Writes what is still in memory; false where anything could not be written.
  bool finish();
  ~SequentialFile() override;

  bool isSequential() const override { return true; }
  /// Of the first failure; 0: none.
  int failure() const { return failure_; }

 protected:
  qint64 readData(char*, qint64) override { return -1; }
  qint64 writeData(const char* bytes, qint64 size) override;

 private:
  bool write_out(const char* bytes, std::size_t size);

  int descriptor_ = -1;
  int failure_ = 0;
  std::vector<char> waiting_;
};

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
  /// The system's words for what could not be written so far; empty: all could.
  QString write_error() const;
  /// Writes what is still in memory and puts the file into its place.
  bool commit();
  /// The system's words for what open() or commit() could not do.
  const QString& error() const { return error_; }

 private:
  bool fail(int number);

  std::string path_, temporary_;
  SequentialFile file_;
  QString error_;
};

}  // namespace humantime::ui
