// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace humantime {

/// A growing array whose elements never move and whose unused room is at most one chunk: no copying while a
/// capture loads, no doubled memory.
template <typename T, std::size_t ChunkSize = 4096>
class Chunked {
 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return chunks_[i / ChunkSize][i % ChunkSize]; }
  const T& operator[](std::size_t i) const { return chunks_[i / ChunkSize][i % ChunkSize]; }

  /// Adds value-initialised elements up to `size`.
  void grow_to(std::size_t size) {
    while (chunks_.size() * ChunkSize < size) chunks_.push_back(std::make_unique<T[]>(ChunkSize));
    if (size > size_) size_ = size;
  }
  void clear() {
    chunks_.clear();
    size_ = 0;
  }

 private:
  std::vector<std::unique_ptr<T[]>> chunks_;
  std::size_t size_ = 0;
};

}  // namespace humantime
