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

ReplacementFile::~ReplacementFile() {
  file_.close();
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

bool ReplacementFile::fail(int number) {
  if (error_.isEmpty()) error_ = QString::fromStdString(std::generic_category().message(number));
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
  if (!file_.open(descriptor, QIODevice::ReadWrite, QFileDevice::AutoCloseHandle)) {
    ::close(descriptor);
    error_ = file_.errorString();
    return false;
  }
  return true;
}

QString ReplacementFile::write_error() {
  // Where the system took a part of the bytes, Qt knows that it is an error but not which: what comes next is
  // told.
  if (::write(file_.handle(), "", 1) >= 0) return file_.errorString();
  return QString::fromStdString(std::generic_category().message(errno));
}

bool ReplacementFile::commit() {
  // Some writers do not look whether they could: the device remembers.
  if (file_.error() != QFileDevice::NoError || !file_.flush() || file_.error() != QFileDevice::NoError) {
    error_ = write_error();
    return false;
  }
  // A full disk may tell only now.
  if (::fsync(file_.handle()) != 0 && errno != EINVAL && errno != EROFS) return fail(errno);
  file_.close();
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) return fail(errno);
  temporary_.clear();
  return true;
}

}  // namespace humantime::ui
