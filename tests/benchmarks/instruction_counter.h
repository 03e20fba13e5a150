// SPDX-License-Identifier: GPL-2.0-or-later
// How many instructions a benchmark has taken.
#pragma once

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace humantime {

/// Of this process, without the kernel's. 0 where the kernel does not tell.
class InstructionCounter {
 public:
  InstructionCounter() {
    perf_event_attr attributes{};
    attributes.type = PERF_TYPE_HARDWARE;
    attributes.size = sizeof(attributes);
    attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
    attributes.exclude_kernel = 1;
    file_ = static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
  }
  ~InstructionCounter() {
    if (file_ >= 0) close(file_);
  }
  InstructionCounter(const InstructionCounter&) = delete;
  InstructionCounter& operator=(const InstructionCounter&) = delete;
  std::uint64_t count() const {
    std::uint64_t value = 0;
    if (file_ < 0 || ::read(file_, &value, sizeof(value)) != static_cast<ssize_t>(sizeof(value))) return 0;
    return value;
  }

 private:
  int file_ = -1;
};

}  // namespace humantime
