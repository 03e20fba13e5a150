// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/replacement_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <system_error>
#include <vector>

namespace humantime::ui {
namespace {

constexpr std::size_t most_waiting = 1U << 16U;

QString words_of(int number) {
  return QString::fromStdString(std::generic_category().message(number));
}

}  // namespace

void SequentialFile::begin(int descriptor) {
  descriptor_ = descriptor;
  QIODevice::open(QIODevice::WriteOnly | QIODevice::Unbuffered);
}

SequentialFile::~SequentialFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool SequentialFile::write_out(const char* bytes, std::size_t size) {
  while (failure_ == 0 && size > 0) {
    const ssize_t written = ::write(descriptor_, bytes, size);
    if (written > 0) {
      bytes += written;
      size -= static_cast<std::size_t>(written);
    } else if (written == 0 || errno != EINTR) {
      failure_ = written == 0 ? ENOSPC : errno;
      setErrorString(words_of(failure_));
    }
  }
  return failure_ == 0;
}

qint64 SequentialFile::writeData(const char* bytes, qint64 size) {
  waiting_.insert(waiting_.end(), bytes, bytes + size);
  if (waiting_.size() < most_waiting) return failure_ == 0 ? size : -1;
  const bool written = write_out(waiting_.data(), waiting_.size());
  waiting_.clear();
  return written ? size : -1;
}

bool SequentialFile::finish() {
  write_out(waiting_.data(), waiting_.size());
  waiting_.clear();
  // A full disk may tell only now. What cannot be synchronised (a pipe, some network's files) says EINVAL.
  if (failure_ == 0 && ::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) failure_ = errno;
  if (::close(descriptor_) != 0 && failure_ == 0) failure_ = errno;
  descriptor_ = -1;
  QIODevice::close();
  return failure_ == 0;
}

ReplacementFile::~ReplacementFile() {
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool ReplacementFile::fail(int number) {
  if (error_.isEmpty()) error_ = words_of(number);
  return false;
}

bool ReplacementFile::open() {
  mode_t mode = 0;
  struct stat existing {};
  if (::stat(path_.c_str(), &existing) == 0) {
    // A folder cannot be replaced, a device must not be.
    if (S_ISDIR(existing.st_mode)) return fail(EISDIR);
    if (!S_ISREG(existing.st_mode)) {
      error_ = QStringLiteral("It is no regular file");
      return false;
    }
    if (::access(path_.c_str(), W_OK) != 0) return fail(errno);
    mode = existing.st_mode & 07777U;
    const std::unique_ptr<char, decltype(&std::free)> real(::realpath(path_.c_str(), nullptr), &std::free);
    if (real != nullptr) path_ = real.get();
  } else {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    mode = 0666U & ~mask;
  }
  // In the same folder, for only within a file system does a name change at once. The name of the file is
  // left out: with it the new name might be too long.
  const std::size_t slash = path_.find_last_of('/');
  const std::string folder = slash == std::string::npos ? "" : path_.substr(0, slash + 1);
  std::string name = folder + ".year-timeline-XXXXXX";
  const int descriptor = ::mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) return fail(errno);
  temporary_ = name;
  ::fchmod(descriptor, mode);
  file_.begin(descriptor);
  return true;
}

QString ReplacementFile::write_error() const {
  return file_.failure() == 0 ? QString() : words_of(file_.failure());
}

bool ReplacementFile::commit() {
  if (!file_.finish()) return fail(file_.failure());
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return fail(errno);
  temporary_.clear();
  return true;
}

}  // namespace humantime::ui
