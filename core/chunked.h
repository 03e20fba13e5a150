// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace humantime {

/// A growing array whose elements never move and whose unused room is at most one chunk: no copying while a
/// capture loads, no doubled memory. New elements of a trivially copyable T are all zero bits, which must be
/// one of its values.
template <typename T, std::size_t ChunkSize = 4096>
class Chunked {
 public:
  std::size_t size() const { return size_; }
  T& operator[](std::size_t i) { return chunks_[i / ChunkSize][i % ChunkSize]; }
  const T& operator[](std::size_t i) const { return chunks_[i / ChunkSize][i % ChunkSize]; }

  void grow_to(std::size_t size) {
    if (size == 0) return;
    // One more within the last chunk, as nearly always: worth its own way, each frame takes it some times.
    if (const std::size_t last = size - 1; size_ == last && last % ChunkSize != 0) {
      clear_element(last);
      size_ = size;
      return;
    }
    while (chunks_.size() * ChunkSize < size) chunks_.push_back(new_chunk());
    for (; size_ < size; ++size_) clear_element(size_);
  }
  void clear() {
    chunks_.clear();
    size_ = 0;
  }

 private:
  static constexpr bool is_plain = std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>;
  struct Free {
    void operator()(T* chunk) const {
      if constexpr (is_plain)
        std::free(chunk);
      else
        delete[] chunk;
    }
  };
  using Chunk = std::unique_ptr<T[], Free>;

  /// One by one, as they are needed: nothing is written to what is not used yet.
  void clear_element(std::size_t i) {
    if constexpr (is_plain) std::memset(static_cast<void*>(&(*this)[i]), 0, sizeof(T));
  }

  static Chunk new_chunk() {
    if constexpr (is_plain) {
      if (void* room = std::malloc(ChunkSize * sizeof(T))) return Chunk(static_cast<T*>(room));
      throw std::bad_alloc();
    } else {
      return Chunk(new T[ChunkSize]());
    }
  }

  std::vector<Chunk> chunks_;
  std::size_t size_ = 0;
};

}  // namespace humantime
