// SPDX-License-Identifier: GPL-2.0-or-later
// A hash index like FlatIndex that never stops to grow: while the larger table is filled both are looked up,
// so that no insertion costs more than a few moves, however many things there are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <utility>

#include "flat_index.h"

namespace humantime {

/// Ids from 0 to 2^32 − 2, found by hash and a test for equality, as in FlatIndex. Nothing is taken out, but
/// two may exchange their places.
class GradualIndex {
 public:
  static constexpr std::uint32_t none = FlatIndex::none;

  template <typename Equal>
  std::uint32_t find(std::uint64_t hash, Equal equal) const {
    const std::uint32_t found = now_.find(hash, equal);
    return found != none || before_.size == 0 ? found : before_.find(hash, equal);
  }

  /// The id must not be there yet. `hash_of(id) → uint64_t` is asked of others, too.
  template <typename HashOf>
  void insert(std::uint64_t hash, std::uint32_t id, HashOf hash_of) {
    for (std::size_t i = 0; i < moves && before_.size > 0; ++i) {
      if (moved_ == before_.size) {
        before_ = Table();
      } else if (const std::uint32_t stored = before_.slots[moved_++]; stored != 0) {
        now_.put(hash_of(stored - 1), stored - 1);
      }
    }
    if ((size_ + 1) * 4 > now_.size * 3) {
      before_ = std::exchange(now_, Table(now_.size == 0 ? least : now_.size * 2));
      moved_ = 0;
    }
    now_.put(hash, id);
    ++size_;
  }

  /// From now on each has the other's hash. One that is not there leaves its place to the other.
  void exchange(std::uint64_t hash_a, std::uint32_t a, std::uint64_t hash_b, std::uint32_t b) {
    // Found before one is written: where chains meet, what was written would be found again.
    for (Table* table : {&now_, &before_}) {
      std::uint32_t* const slot_a = table->slot_of(hash_a, a);
      std::uint32_t* const slot_b = table->slot_of(hash_b, b);
      if (slot_a != nullptr) *slot_a = b + 1;
      if (slot_b != nullptr) *slot_b = a + 1;
    }
  }

 private:
  static constexpr std::size_t least = 64;
  /// Slots that are looked at with each insertion. From the growth of a table to the next one there are three
  /// quarters as many insertions as the old one has slots.
  static constexpr std::size_t moves = 4;

  struct Free {
    void operator()(std::uint32_t* slots) const { std::free(slots); }
  };
  struct Table {
    Table() = default;
    /// A power of two. Memory that the system has not given yet is zero and costs nothing: so ids are stored
    /// one higher.
    explicit Table(std::size_t count)
        : slots(static_cast<std::uint32_t*>(std::calloc(count, sizeof(std::uint32_t)))), size(count) {
      if (slots == nullptr) throw std::bad_alloc();
    }
    Table(Table&& other) noexcept : slots(std::move(other.slots)), size(std::exchange(other.size, 0)) {}
    Table& operator=(Table&& other) noexcept {
      slots = std::move(other.slots);
      size = std::exchange(other.size, 0);
      return *this;
    }
    ~Table() = default;
    Table(const Table&) = delete;
    Table& operator=(const Table&) = delete;

    template <typename Equal>
    std::uint32_t find(std::uint64_t hash, Equal equal) const {
      if (size == 0) return none;
      for (std::size_t i = hash & (size - 1);; i = (i + 1) & (size - 1)) {
        if (slots[i] == 0) return none;
        if (equal(slots[i] - 1)) return slots[i] - 1;
      }
    }
    void put(std::uint64_t hash, std::uint32_t id) {
      std::size_t i = hash & (size - 1);
      while (slots[i] != 0) i = (i + 1) & (size - 1);
      slots[i] = id + 1;
    }
    std::uint32_t* slot_of(std::uint64_t hash, std::uint32_t id) {
      if (size == 0) return nullptr;
      for (std::size_t i = hash & (size - 1); slots[i] != 0; i = (i + 1) & (size - 1))
        if (slots[i] == id + 1) return &slots[i];
      return nullptr;
    }

    std::unique_ptr<std::uint32_t[], Free> slots;
    std::size_t size = 0;
  };

  Table now_, before_;     ///< before_ is empty but for a while
  std::size_t moved_ = 0;  ///< of its slots
  std::size_t size_ = 0;
};

}  // namespace humantime
