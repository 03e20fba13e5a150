// SPDX-License-Identifier: GPL-2.0-or-later
// The index that grows a little with each insertion: every id is found while it grows, also in another's
// place.
#include "gradual_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

using humantime::GradualIndex;

namespace {

constexpr std::uint32_t count = 5000;

/// Few hashes for many keys, so that chains meet.
std::uint64_t hash_of_key(std::uint32_t key) {
  return key % 700;
}

TEST(GradualIndex, FindsEveryIdWhileItGrows) {
  GradualIndex index;
  for (std::uint32_t id = 0; id < count; ++id) {
    index.insert(hash_of_key(id), id, hash_of_key);
    for (std::uint32_t known = 0; known <= id; known += 97)
      ASSERT_EQ(index.find(hash_of_key(known), [&](std::uint32_t other) { return other == known; }), known);
    ASSERT_EQ(index.find(hash_of_key(id), [&](std::uint32_t other) { return other == id + 1; }),
              GradualIndex::none);
  }
}

TEST(GradualIndex, ExchangesIdsWhileItGrows) {
  GradualIndex index;
  std::vector<std::uint32_t> keys;  // by id
  const auto hash_of = [&](std::uint32_t id) { return hash_of_key(keys[id]); };
  for (std::uint32_t id = 0; id < count; ++id) {
    keys.push_back(id);
    index.insert(hash_of(id), id, hash_of);
    // One that has moved to the larger table, and one that may not have.
    const std::uint32_t a = id, b = static_cast<std::uint32_t>(std::uint64_t{id} * 7919 % (id + 1));
    if (a != b) {
      index.exchange(hash_of(a), a, hash_of(b), b);
      std::swap(keys[a], keys[b]);
    }
    for (std::uint32_t known = id % 61; known <= id; known += 61) {
      const std::uint32_t key = keys[known];
      ASSERT_EQ(index.find(hash_of_key(key), [&](std::uint32_t other) { return keys[other] == key; }), known)
          << id;
    }
  }
}

}  // namespace
