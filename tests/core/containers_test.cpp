// SPDX-License-Identifier: GPL-2.0-or-later
// The containers that captures of millions of frames are kept in.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <unordered_map>
#include <vector>

#include "chunked.h"
#include "flat_index.h"
#include "message.h"
#include "pools.h"
#include "rare.h"

namespace humantime {
namespace {

// -- FlatIndex
// -----------------------------------------------------------------------------------------------------------

/// Keys by id, and an index over them, beside a map that does the same.
class IndexedKeys {
 public:
  /// `spread` 0: the mixed hash; else only so many hashes, so that chains grow long and wrap around.
  explicit IndexedKeys(std::uint64_t spread) : spread_(spread) {}

  void insert(std::uint64_t key) {
    if (expected_.contains(key)) return;
    const auto id = static_cast<std::uint32_t>(keys_.size());
    keys_.push_back(key);
    index_.insert(hash(key), id, [this](std::uint32_t i) { return hash(keys_[i]); });
    expected_[key] = id;
  }
  void erase(std::uint64_t key) {
    const auto found = expected_.find(key);
    // What is not there is erased without harm.
    const std::uint32_t id = found == expected_.end() ? 0xfffffffe : found->second;
    index_.erase(hash(key), id, [this](std::uint32_t i) { return hash(keys_[i]); });
    expected_.erase(key);
  }
  void check(std::uint64_t key) const {
    const auto expected = expected_.find(key);
    ASSERT_EQ(index_.find(hash(key), [&](std::uint32_t i) { return keys_[i] == key; }),
              expected == expected_.end() ? FlatIndex::none : expected->second)
        << key;
    ASSERT_EQ(index_.size(), expected_.size());
  }

 private:
  std::uint64_t hash(std::uint64_t key) const {
    return spread_ == 0 ? mix(key) : 0xffffffffffffffff - key % spread_;
  }

  std::uint64_t spread_;
  std::vector<std::uint64_t> keys_;
  FlatIndex index_;
  std::unordered_map<std::uint64_t, std::uint32_t> expected_;
};

TEST(FlatIndex, IsAMap) {
  std::mt19937 random(1975);
  for (const std::uint64_t spread : {0, 1, 3, 50}) {
    IndexedKeys keys(spread);
    const unsigned long range = spread == 1 ? 60 : 500;
    for (int step = 0; step < 6000; ++step) {
      const std::uint64_t key = random() % range;
      if (random() % 5 < 3)
        keys.insert(key);
      else
        keys.erase(key);
      keys.check(random() % range);
      keys.check(key);
      if (HasFatalFailure()) return;
    }
    for (std::uint64_t key = 0; key < range; ++key) keys.check(key);
  }
}

TEST(FlatIndex, AnEmptyOneHasNothing) {
  FlatIndex index;
  EXPECT_EQ(index.find(1, [](std::uint32_t) { return true; }), FlatIndex::none);
  index.erase(1, 1, [](std::uint32_t) { return 1U; });
  EXPECT_EQ(index.size(), 0u);
  index.insert(1, 7, [](std::uint32_t) { return 1U; });
  EXPECT_EQ(index.find(1, [](std::uint32_t id) { return id == 7; }), 7u);
  index.clear();
  EXPECT_EQ(index.find(1, [](std::uint32_t) { return true; }), FlatIndex::none);
  EXPECT_EQ(index.size(), 0u);
}

// -- Chunked
// -----------------------------------------------------------------------------------------------------------

TEST(Chunked, ElementsNeverMove) {
  Chunked<int, 4> numbers;
  EXPECT_EQ(numbers.size(), 0u);
  numbers.grow_to(1);
  numbers[0] = 42;
  const int* first = &numbers[0];
  for (std::size_t size = 2; size < 100; ++size) {
    numbers.grow_to(size);
    ASSERT_EQ(numbers.size(), size);
    ASSERT_EQ(numbers[size - 1], 0) << "value-initialised";
    numbers[size - 1] = static_cast<int>(size);
  }
  EXPECT_EQ(&numbers[0], first);
  EXPECT_EQ(numbers[0], 42);
  for (std::size_t i = 1; i < 99; ++i) EXPECT_EQ(numbers[i], static_cast<int>(i + 1));
  numbers.grow_to(3);
  EXPECT_EQ(numbers.size(), 99u) << "does not shrink";
  numbers.clear();
  EXPECT_EQ(numbers.size(), 0u);
  numbers.grow_to(9);
  EXPECT_EQ(numbers[0], 0);
  EXPECT_EQ(numbers[8], 0);
}

TEST(Chunked, GrowsOverManyChunksAtOnce) {
  Chunked<int, 4> numbers;
  numbers.grow_to(4);
  numbers.grow_to(17);
  for (std::size_t i = 0; i < 17; ++i) EXPECT_EQ(numbers[i], 0);
}

// -- Rare
// -----------------------------------------------------------------------------------------------------------

TEST(Rare, CopiesItsValue) {
  Rare<std::string> none, some;
  EXPECT_FALSE(none);
  some.make() = "value";
  Rare<std::string> copy = some;
  ASSERT_TRUE(copy);
  *copy = "another";
  EXPECT_EQ(*some, "value");
  copy = some;
  EXPECT_EQ(*copy, "value");
  EXPECT_NE(&*copy, &*some);
  none = some;
  EXPECT_EQ(*none, "value");
  none = Rare<std::string>();
  EXPECT_FALSE(none);
  copy = none;
  EXPECT_FALSE(copy);
  some.make();
  EXPECT_EQ(*some, "value") << "is made once";
  some.reset();
  EXPECT_FALSE(some);
}

// -- pools
// -----------------------------------------------------------------------------------------------------------

Address address(std::uint32_t last, bool v6) {
  return Address::from(
      v6 ? message("20010db8 00000000 00000000") +
               Message{static_cast<std::uint8_t>(last >> 24), static_cast<std::uint8_t>(last >> 16),
                       static_cast<std::uint8_t>(last >> 8), static_cast<std::uint8_t>(last)}
         : Message{static_cast<std::uint8_t>(last >> 24), static_cast<std::uint8_t>(last >> 16),
                   static_cast<std::uint8_t>(last >> 8), static_cast<std::uint8_t>(last)});
}

TEST(AddressPool, EachAddressHasOneNumber) {
  AddressPool pool;
  std::vector<AddressId> ids;
  for (std::uint32_t i = 0; i < 2000; ++i) ids.push_back(pool.intern(address(i * 7919, i % 2 == 0)));
  for (std::uint32_t i = 0; i < 2000; ++i) {
    ASSERT_EQ(pool.intern(address(i * 7919, i % 2 == 0)), ids[i]);
    ASSERT_EQ(pool[ids[i]], address(i * 7919, i % 2 == 0));
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

TEST(AddressPool, NoneIsZero) {
  AddressPool pool;
  EXPECT_EQ(pool.intern(Address{}), AddressId{0});
  EXPECT_EQ(pool[AddressId{0}].size, 0);
}

TEST(AddressPool, ZeroAddressesAreNotNone) {
  AddressPool pool;
  const Address zero4 = Address::from(message("00000000")), zero6 = Address::from(fill(16));
  const AddressId id4 = pool.intern(zero4), id6 = pool.intern(zero6);
  EXPECT_NE(id4, AddressId{0});
  EXPECT_NE(id6, AddressId{0});
  EXPECT_NE(id4, id6) << "0.0.0.0 and :: have the same bytes";
}

TEST(AddressPool, ClearForgets) {
  AddressPool pool;
  const AddressId before = pool.intern(address(1, false));
  pool.intern(address(2, false));
  pool.clear();
  EXPECT_EQ(pool.intern(address(3, true)), before) << "numbers begin anew";
  EXPECT_EQ(pool[before], address(3, true));
  EXPECT_NE(pool.intern(address(1, false)), before);
}

TEST(Address, OnlyOfFourOrSixteenBytes) {
  for (std::size_t size = 0; size < 20; ++size)
    EXPECT_EQ(Address::from(fill(size, 1)).size, size == 4 || size == 16 ? size : 0) << size;
}

TEST(TextPool, EachTextHasOneNumber) {
  TextPool pool;
  std::vector<std::string> texts = {std::string("\0", 1), std::string("a\0b", 3), std::string("a\0c", 3),
                                    "a"};
  // More than one chunk of 64 KiB.
  for (int i = 0; i < 1500; ++i)
    texts.push_back("text " + std::to_string(i) + std::string(static_cast<std::size_t>(i % 200), 'x'));
  std::vector<TextId> ids;
  for (const std::string& text : texts) ids.push_back(pool.intern(text));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    ASSERT_EQ(pool.intern(texts[i]), ids[i]);
    ASSERT_EQ(pool[ids[i]], texts[i]);
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(std::unique(ids.begin(), ids.end()), ids.end());
}

TEST(TextPool, EmptyIsZero) {
  TextPool pool;
  EXPECT_EQ(pool.intern(""), TextId{0});
  EXPECT_EQ(pool[TextId{0}], "");
}

TEST(TextPool, LongTextsAreCut) {
  TextPool pool;
  const std::string longest(TextPool::longest, 'x');
  const TextId id = pool.intern(longest);
  EXPECT_EQ(pool[id], longest);
  EXPECT_EQ(pool.intern(longest + "y"), id);
  EXPECT_EQ(pool.intern(std::string(100'000, 'x')), id);
}

TEST(TextPool, ClearForgets) {
  TextPool pool;
  const TextId before = pool.intern("one");
  pool.clear();
  EXPECT_EQ(pool.intern("two"), before);
  EXPECT_EQ(pool[before], "two");
}

}  // namespace
}  // namespace humantime
