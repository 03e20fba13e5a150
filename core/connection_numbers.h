// SPDX-License-Identifier: GPL-2.0-or-later
// One row of numbers for all connections of a capture, over TCP and over UDP.
#pragma once

#include <cstdint>

namespace humantime {

/// Numbers from 1, in order of first frames.
class ConnectionNumbers {
 public:
  void clear() { count_ = before_ = 0; }
  /// How many connections have been seen.
  std::uint32_t count() const { return count_; }
  std::uint32_t next() { return ++count_; }
  /// From here on what is given out can be taken back: called before each frame.
  void checkpoint() { before_ = count_; }
  void undo() { count_ = before_; }

 private:
  std::uint32_t count_ = 0, before_ = 0;
};

}  // namespace humantime
