// SPDX-License-Identifier: GPL-2.0-or-later
// A hash index over numbered things that live elsewhere: open addressing, four bytes a slot, no allocation
// per look-up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace humantime {

/// Mixes two words (the finaliser of splitmix64): spreads keys that differ in few bits over the whole word.
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b = 0) {
  std::uint64_t x = a + 0x9e3779b97f4a7c15U + b * 0xff51afd7ed558ccdU;
  x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
  x = (x ^ x >> 27) * 0x94d049bb133111ebU;
  return x ^ x >> 31;
}

/// Ids from 0 to 2^32 − 2, found by hash and a test for equality. The owner keeps the keys: it passes
/// `equal(id) → bool` and, where slots move, `hash_of(id) → uint64_t`.
class FlatIndex {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  template <typename Equal>
  std::uint32_t find(std::uint64_t hash, Equal equal) const {
    if (slots_.empty()) return none;
    for (std::size_t i = hash & mask();; i = (i + 1) & mask()) {
      if (slots_[i] == none) return none;
      if (equal(slots_[i])) return slots_[i];
    }
  }

  /// The id must not be there yet.
  template <typename HashOf>
  void insert(std::uint64_t hash, std::uint32_t id, HashOf hash_of) {
    if ((size_ + 1) * 4 > slots_.size() * 3) grow(hash_of);
    put(hash, id);
    ++size_;
  }

  template <typename HashOf>
  void erase(std::uint64_t hash, std::uint32_t id, HashOf hash_of) {
    if (slots_.empty()) return;
    std::size_t hole = hash & mask();
    while (slots_[hole] != id) {
      if (slots_[hole] == none) return;
      hole = (hole + 1) & mask();
    }
    // Close the gap, so that chains stay whole without tombstones.
    for (std::size_t i = (hole + 1) & mask(); slots_[i] != none; i = (i + 1) & mask()) {
      const std::size_t home = hash_of(slots_[i]) & mask();
      if (((i - home) & mask()) < ((i - hole) & mask())) continue;
      slots_[hole] = slots_[i];
      hole = i;
    }
    slots_[hole] = none;
    --size_;
  }

  void clear() {
    slots_.clear();
    size_ = 0;
  }
  std::size_t size() const { return size_; }

 private:
  std::size_t mask() const { return slots_.size() - 1; }
  void put(std::uint64_t hash, std::uint32_t id) {
    std::size_t i = hash & mask();
    while (slots_[i] != none) i = (i + 1) & mask();
    slots_[i] = id;
  }
  template <typename HashOf>
  void grow(HashOf hash_of) {
    std::vector<std::uint32_t> old(slots_.empty() ? 64 : slots_.size() * 2, none);
    old.swap(slots_);
    for (const std::uint32_t id : old)
      if (id != none) put(hash_of(id), id);
  }

  std::vector<std::uint32_t> slots_;
  std::size_t size_ = 0;
};

}  // namespace humantime
