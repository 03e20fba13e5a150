// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/sequence.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <limits>
#include <random>
#include <vector>

#include "tcp/connection.h"

namespace humantime::tcp {
namespace {

/// The same, a byte at a time.
class Bitmap {
 public:
  explicit Bitmap(std::size_t size) : seen_(size, false) {}
  void add(Offset from, Offset to) {
    for (Offset at = from; at < to; ++at) seen_[static_cast<std::size_t>(at)] = true;
    if (to > from) next_ = std::max(next_, to);
  }
  SeenRanges::Overlap overlap(Offset from, Offset to) const {
    SeenRanges::Overlap result;
    result.below = from < next_;
    for (Offset at = from; at < to; ++at)
      (seen_[static_cast<std::size_t>(at)] ? result.seen : result.unseen) = true;
    return result;
  }
  Offset next() const { return next_; }

 private:
  std::vector<bool> seen_;
  Offset next_ = 0;
};

struct Range {
  Offset from, to;
};

void expect_same(const SeenRanges& ranges, const Bitmap& bitmap, Range range) {
  const SeenRanges::Overlap is = ranges.overlap(range.from, range.to);
  const SeenRanges::Overlap expected = bitmap.overlap(range.from, range.to);
  ASSERT_EQ(is.seen, expected.seen) << range.from << " to " << range.to;
  ASSERT_EQ(is.unseen, expected.unseen) << range.from << " to " << range.to;
  ASSERT_EQ(is.below, expected.below) << range.from << " to " << range.to;
}

/// Random ranges that never leave more gaps than are remembered.
TEST(SeenRanges, IsABitmap) {
  std::mt19937 random(9293);
  for (int run = 0; run < 300; ++run) {
    SeenRanges ranges;
    ranges.begin(0);
    Bitmap bitmap(20'000);
    const auto size = 1 + random() % 80;
    for (int step = 0; step < 40; ++step) {
      // Near the end mostly, as segments are, sometimes anywhere.
      const Offset base = random() % 4 == 0 ? 0 : std::max<Offset>(0, ranges.next() - 100);
      const Offset from = base + static_cast<Offset>(random() % 300);
      const Range range{from, from + static_cast<Offset>(random() % size)};
      if (range.from < range.to) expect_same(ranges, bitmap, range);
      ranges.add(range.from, range.to);
      bitmap.add(range.from, range.to);
      ASSERT_EQ(ranges.next(), bitmap.next());
      for (int probe = 0; probe < 20; ++probe) {
        const Offset at = static_cast<Offset>(random()) % (ranges.next() + 100);
        expect_same(ranges, bitmap, {at, at + 1 + static_cast<Offset>(random() % 60)});
      }
    }
  }
}

TEST(SeenRanges, NothingIsSeenAtFirst) {
  SeenRanges ranges;
  ranges.begin(1);
  EXPECT_EQ(ranges.next(), 1);
  const auto overlap = ranges.overlap(1, 10);
  EXPECT_FALSE(overlap.seen);
  EXPECT_TRUE(overlap.unseen);
  EXPECT_FALSE(overlap.below);
}

TEST(SeenRanges, AnEmptyRangeLeavesNoTrace) {
  SeenRanges ranges;
  ranges.begin(0);
  ranges.add(0, 10);
  ranges.add(50, 50);
  ranges.add(5, 5);
  EXPECT_EQ(ranges.next(), 10);
  EXPECT_FALSE(ranges.overlap(5, 5).seen);
  EXPECT_FALSE(ranges.overlap(10, 20).seen);
}

TEST(SeenRanges, WhatWasBeforeTheCaptureIsUnknown) {
  SeenRanges ranges;
  ranges.begin(1);
  ranges.unknown_below(1);
  ranges.add(1, 100);
  auto late = ranges.overlap(-500, -400);
  EXPECT_TRUE(late.unseen);
  EXPECT_TRUE(late.below);
  EXPECT_FALSE(late.seen);
  ranges.add(-500, -400);
  EXPECT_TRUE(ranges.overlap(-500, -400).seen);
  EXPECT_FALSE(ranges.overlap(-500, -400).unseen);
  late = ranges.overlap(-400, -399);
  EXPECT_FALSE(late.seen);
  EXPECT_EQ(ranges.next(), 100);
}

TEST(SeenRanges, BeginForgets) {
  SeenRanges ranges;
  ranges.begin(0);
  ranges.add(10, 20);
  ranges.begin(5);
  EXPECT_EQ(ranges.next(), 5);
  EXPECT_TRUE(ranges.overlap(0, 5).seen);
  EXPECT_FALSE(ranges.overlap(0, 5).unseen);
}

/// Gaps beyond the limit are forgotten, the oldest first, and count as seen.
TEST(SeenRanges, RemembersTheLatestGaps) {
  SeenRanges ranges;
  ranges.begin(0);
  constexpr Offset count = 200;
  for (Offset i = 0; i < count; ++i) ranges.add(i * 10 + 5, i * 10 + 10);
  EXPECT_FALSE(ranges.overlap(0, 5).unseen);
  EXPECT_TRUE(ranges.overlap((count - 1) * 10, (count - 1) * 10 + 5).unseen);
  EXPECT_TRUE(ranges.overlap((count - 60) * 10, (count - 60) * 10 + 5).unseen);
}

/// A hostile sender that fills one great gap with crumbs must not make each segment cost more than the one
/// before.
TEST(SeenRanges, CrumbsInAGapAreBounded) {
  SeenRanges ranges;
  ranges.begin(1);
  ranges.unknown_below(1);
  constexpr Offset crumbs = 1000;
  for (Offset i = 1; i <= crumbs; ++i) ranges.add(-10 * i, -10 * i + 1);
  int gaps = 0;
  for (Offset i = 1; i < crumbs; ++i) gaps += ranges.overlap(-10 * i - 9, -10 * i).unseen ? 1 : 0;
  EXPECT_LE(gaps, 64);
  EXPECT_GT(gaps, 0);
}

TEST(Sender, UnwrapsSequenceNumbers) {
  for (const std::uint32_t base : {0U, 1U, 1000U, 0x7fffffffU, 0x80000000U, 0xfffffff0U, 0xffffffffU}) {
    Sender sender;
    sender.base = base;
    sender.seen.begin(0);
    // Three times around, in steps that are no divisor of it.
    for (Offset at = 0; at < Offset{3} << 32; at += 0x1fedcba9) {
      ASSERT_EQ(sender.offset_of(base + static_cast<std::uint32_t>(at)), at) << base;
      sender.seen.add(sender.seen.next(), at);
      for (const Offset distance :
           {Offset{1}, Offset{-1}, Offset{1460}, Offset{-1460}, (Offset{1} << 31) - 1, -(Offset{1} << 31)})
        ASSERT_EQ(sender.offset_of(base + static_cast<std::uint32_t>(sender.seen.next() + distance)),
                  sender.seen.next() + distance)
            << base;
    }
  }
}

TEST(Sender, UnwrapsAtTheWrap) {
  Sender sender;
  sender.base = 0xffffffff;  // the SYN has the last number before the wrap
  sender.seen.begin(0);
  sender.seen.add(0, 1);
  EXPECT_EQ(sender.offset_of(0xffffffff), 0);
  EXPECT_EQ(sender.offset_of(0), 1);
  EXPECT_EQ(sender.offset_of(99), 100);
  sender.seen.add(1, 101);
  EXPECT_EQ(sender.offset_of(0xffffffff), 0);
  EXPECT_EQ(sender.offset_of(0xfffffffe), -1);
}

}  // namespace
}  // namespace humantime::tcp
