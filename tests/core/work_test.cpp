// SPDX-License-Identifier: GPL-2.0-or-later
// Computations that are done a part at a time: the outcome is that of one go, whatever the parts.
#include "work.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

namespace humantime {
namespace {

/// How much each part looked at, and how many there were.
struct Parts {
  std::uint64_t most = 0, all = 0, count = 0;
};

Parts run(Work& work, std::uint64_t budget) {
  Parts parts;
  for (bool more = true; more;) {
    const std::uint64_t before = work.spent();
    more = work.advance(budget);
    parts.most = std::max(parts.most, work.spent() - before);
    ++parts.count;
  }
  parts.all = work.spent();
  return parts;
}

Work count_to(int n, std::vector<int>& out) {
  co_await each(0, n, [&](int i) { out.push_back(i); });
}

Work count_in_turns(std::vector<int>& out) {
  for (const int n : {3, 0, 100, 1}) {
    co_await count_to(n, out);
    out.push_back(-n);
    co_await spent(5);
  }
}

TEST(Work, IsTheSameInPartsOfEverySize) {
  std::vector<int> expected;
  count_in_turns(expected).finish();
  ASSERT_EQ(expected.size(), 108U);
  for (std::uint64_t budget = 1; budget < 150; ++budget) {
    std::vector<int> out;
    Work work = count_in_turns(out);
    const Parts parts = run(work, budget);
    EXPECT_EQ(out, expected) << budget;
    EXPECT_EQ(parts.all, 124U) << budget;
    EXPECT_LE(parts.most, budget + 4) << "what is counted in one piece is not cut";
    EXPECT_FALSE(work.advance(budget)) << "it is done once";
    EXPECT_EQ(out, expected);
  }
}

TEST(Work, NothingIsDoneBeforeItIsAsked) {
  std::vector<int> out;
  {
    Work work = count_to(100, out);
    EXPECT_TRUE(out.empty());
    EXPECT_TRUE(work.advance(10));
    EXPECT_EQ(out.size(), 10U);
    EXPECT_TRUE(work.advance(0));
    EXPECT_EQ(out.size(), 10U);
  }
  EXPECT_EQ(out.size(), 10U) << "nor when it is given up";
  Work none;
  EXPECT_FALSE(none.advance(1));
  EXPECT_TRUE(none.done());
}

/// Computations that wait for one another do not stand on a stack.
Work deep(std::uint32_t depth) {
  if (depth > 0) co_await deep(depth - 1);
  co_await spent(1);
}
Work wide(std::uint32_t width) {
  for (std::uint32_t i = 0; i < width; ++i) co_await deep(0);
}

TEST(Work, MayWaitForMillions) {
  Work far = wide(1'000'000);
  far.finish();
  EXPECT_EQ(far.spent(), 1'000'000U);
  Work below = deep(10'000);
  EXPECT_EQ(run(below, 7).all, 10'001U);
}

Work throws_at(int n) {
  co_await each(0, n + 1, [&](int i) {
    if (i == n) throw std::runtime_error("no more");
  });
}
Work waits_for(int n) {
  co_await throws_at(n);
}

TEST(Work, WhatIsThrownComesOut) {
  Work work = waits_for(5);
  EXPECT_TRUE(work.advance(3));
  EXPECT_THROW(work.advance(10), std::runtime_error);
}

struct Pair {
  std::uint32_t key, place;
  bool operator==(const Pair&) const = default;
};

Work sort_all(std::vector<Pair>& values) {
  co_await sorted(values, [](const Pair& a, const Pair& b) { return a.key < b.key; });
}

TEST(Work, SortsStably) {
  std::mt19937 random(1);
  for (const std::size_t size : {0U, 1U, 2U, 1023U, 1024U, 1025U, 5000U, 100'000U}) {
    for (const std::uint32_t keys : {1U, 50U, 1'000'000U}) {
      std::vector<Pair> values;
      for (std::uint32_t i = 0; i < size; ++i)
        values.push_back({static_cast<std::uint32_t>(random() % keys), i});
      std::vector<Pair> expected = values;
      std::stable_sort(expected.begin(), expected.end(),
                       [](const Pair& a, const Pair& b) { return a.key < b.key; });
      for (const std::uint64_t budget : {1U, 700U, 4096U}) {
        if (budget == 1 && size > 5000) continue;
        std::vector<Pair> out = values;
        Work work = sort_all(out);
        const Parts parts = run(work, budget);
        EXPECT_EQ(out, expected) << size << " " << keys << " " << budget;
        EXPECT_LE(parts.most, budget + 1024);
        // Sorted again, everything is in order.
        Work again = sort_all(out);
        EXPECT_LE(run(again, budget).all, size);
        EXPECT_EQ(out, expected);
      }
    }
  }
}

TEST(Work, GrowsVectors) {
  struct Row {
    std::uint64_t a = 7, b = 8;
  };
  const auto grow = [](std::vector<Row>& rows, std::size_t size) -> Work { co_await grown(rows, size); };
  std::vector<Row> rows;
  Work work = grow(rows, 10'000);
  EXPECT_GT(run(work, 1).count, 100U);
  ASSERT_EQ(rows.size(), 10'000U);
  EXPECT_EQ(rows.back().a + rows.front().b, 15U);
}

}  // namespace
}  // namespace humantime
