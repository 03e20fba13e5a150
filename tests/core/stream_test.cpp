// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/stream.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <vector>

#include "message.h"

namespace humantime::tcp {
namespace {

std::uint8_t byte_at(Offset offset) {
  return static_cast<std::uint8_t>(offset * 31 ^ offset >> 5);
}

/// A piece of the one true stream, of which the capture kept `kept` bytes.
struct Segment {
  std::uint32_t frame;
  Offset offset;
  Message bytes;
  std::uint32_t length;

  Segment(std::uint32_t number, Offset from, std::uint32_t count, std::size_t kept = ~std::size_t{0})
      : frame(number), offset(from), length(count) {
    for (Offset at = from; at < from + count && bytes.size() < kept; ++at) bytes.push_back(byte_at(at));
  }
  Piece piece() const { return {FrameNumber{frame}, offset, bytes, length, {}}; }
};

/// What was delivered, and that it is the true stream, in order, once.
class Reader {
 public:
  explicit Reader(Offset first) : at_(first) {}

  auto deliver() {
    return [this](const Piece& piece) {
      ASSERT_EQ(piece.offset, at_) << "delivered out of order";
      ASSERT_GT(piece.length, 0u);
      ASSERT_LE(piece.bytes.size(), piece.length);
      for (std::size_t i = 0; i < piece.bytes.size(); ++i)
        ASSERT_EQ(piece.bytes[i], byte_at(at_ + static_cast<Offset>(i))) << "byte " << at_;
      at_ += piece.length;
      delivered_ += piece.length;
      frames_.push_back(to_number(piece.frame));
    };
  }
  auto skip() {
    return [this](std::uint64_t count) {
      ASSERT_GT(count, 0u);
      at_ += static_cast<Offset>(count);
      skipped_ += count;
    };
  }
  Offset at() const { return at_; }
  std::uint64_t delivered() const { return delivered_; }
  std::uint64_t skipped() const { return skipped_; }
  const std::vector<std::uint32_t>& frames() const { return frames_; }

 private:
  Offset at_;
  std::uint64_t delivered_ = 0, skipped_ = 0;
  std::vector<std::uint32_t> frames_;
};

TEST(Stream, InOrder) {
  Stream stream;
  stream.begin(1);
  Reader reader(1);
  stream.take(Segment(1, 1, 100).piece(), reader.deliver());
  stream.take(Segment(2, 101, 50).piece(), reader.deliver());
  EXPECT_EQ(reader.at(), 151);
  EXPECT_EQ(stream.next(), 151);
  EXPECT_FALSE(stream.waiting());
  EXPECT_EQ(reader.frames(), (std::vector<std::uint32_t>{1, 2}));
}

TEST(Stream, WhatComesTooEarlyWaits) {
  Stream stream;
  stream.begin(1);
  Reader reader(1);
  stream.take(Segment(1, 101, 50).piece(), reader.deliver());
  EXPECT_EQ(reader.delivered(), 0u);
  ASSERT_TRUE(stream.waiting());
  EXPECT_EQ(stream.waiting_from(), 101);
  stream.take(Segment(2, 1, 100).piece(), reader.deliver());
  EXPECT_EQ(reader.frames(), (std::vector<std::uint32_t>{2, 1}));
  EXPECT_FALSE(stream.waiting());
}

TEST(Stream, WhatIsKnownIsCutOff) {
  Stream stream;
  stream.begin(1);
  Reader reader(1);
  stream.take(Segment(1, 1, 100).piece(), reader.deliver());
  stream.take(Segment(2, 1, 100).piece(), reader.deliver());
  stream.take(Segment(3, -50, 60).piece(), reader.deliver());
  stream.take(Segment(4, 51, 100).piece(), reader.deliver());
  EXPECT_EQ(reader.frames(), (std::vector<std::uint32_t>{1, 4}));
  EXPECT_EQ(stream.next(), 151);
}

TEST(Stream, WhatTheCaptureCutOffCounts) {
  Stream stream;
  stream.begin(1);
  Reader reader(1);
  stream.take(Segment(1, 1, 100, 40).piece(), reader.deliver());
  stream.take(Segment(2, 51, 100, 60).piece(), reader.deliver());  // of the new part, ten bytes are there
  stream.take(Segment(3, 151, 100, 0).piece(), reader.deliver());
  EXPECT_EQ(stream.next(), 251);
}

TEST(Stream, AGapIsGivenUpOnce) {
  Stream stream;
  stream.begin(1);
  Reader reader(1);
  stream.give_up_gap(reader.skip(), reader.deliver());
  EXPECT_EQ(reader.skipped(), 0u) << "there is none";
  stream.take(Segment(1, 101, 100).piece(), reader.deliver());
  stream.take(Segment(2, 301, 100).piece(), reader.deliver());
  stream.give_up_gap(reader.skip(), reader.deliver());
  EXPECT_EQ(reader.skipped(), 100u);
  EXPECT_EQ(reader.frames(), (std::vector<std::uint32_t>{1}));
  ASSERT_TRUE(stream.waiting());
  EXPECT_EQ(stream.waiting_from(), 301);
  stream.take(Segment(3, 1, 100).piece(), reader.deliver());
  EXPECT_EQ(reader.frames(), (std::vector<std::uint32_t>{1})) << "too late";
  stream.give_up_gap(reader.skip(), reader.deliver());
  EXPECT_EQ(reader.frames(), (std::vector<std::uint32_t>{1, 2}));
  EXPECT_EQ(reader.skipped(), 200u);
  EXPECT_FALSE(stream.waiting());
}

/// Every byte once and in order, whatever the order, the overlaps and the copies.
TEST(Stream, RandomOrderGivesTheStream) {
  std::mt19937 random(793);
  for (int run = 0; run < 200; ++run) {
    const Offset first = static_cast<Offset>(random() % 1000) - 500, end = first + 5000;
    std::vector<Segment> segments;
    std::uint32_t frame = 0;
    for (Offset at = first; at < end;) {
      const Offset length = std::min<Offset>(1 + static_cast<Offset>(random() % 300), end - at);
      segments.emplace_back(++frame, at, static_cast<std::uint32_t>(length));
      at += length;
    }
    // Copies, overlaps, parts.
    for (auto count = random() % 30; count > 0; --count) {
      const Offset from = first - 50 + static_cast<Offset>(random() % 5000);
      segments.emplace_back(++frame, from,
                            static_cast<std::uint32_t>(std::min<Offset>(1 + random() % 400, end - from)),
                            random() % 4 == 0 ? random() % 400 : ~std::size_t{0});
    }
    std::shuffle(segments.begin(), segments.end(), random);
    Stream stream;
    stream.begin(first);
    Reader reader(first);
    for (const Segment& segment : segments) {
      // Copies are how a frame is taken back.
      if (random() % 8 == 0) stream = Stream(stream);
      stream.take(segment.piece(), reader.deliver());
      if (HasFatalFailure()) return;
    }
    EXPECT_EQ(reader.at(), end);
    EXPECT_EQ(reader.delivered(), 5000u);
    EXPECT_FALSE(stream.waiting());
    EXPECT_FALSE(stream.overfull());
  }
}

/// With segments that never come: what is delivered and what is skipped make the whole.
TEST(Stream, RandomGapsGivenUp) {
  std::mt19937 random(6298);
  for (int run = 0; run < 200; ++run) {
    const Offset end = 5000;
    std::vector<Segment> segments;
    std::uint64_t present = 0;
    std::uint32_t frame = 0;
    for (Offset at = 0; at < end;) {
      const Offset length = std::min<Offset>(1 + static_cast<Offset>(random() % 300), end - at);
      if (at + length == end || random() % 3 != 0) {
        segments.emplace_back(++frame, at, static_cast<std::uint32_t>(length));
        present += static_cast<std::uint64_t>(length);
      }
      at += length;
    }
    std::shuffle(segments.begin(), segments.end(), random);
    Stream stream;
    stream.begin(0);
    Reader reader(0);
    const bool at_the_end = run % 2 == 0;
    for (const Segment& segment : segments) {
      stream.take(segment.piece(), reader.deliver());
      if (!at_the_end && random() % 10 == 0) stream.give_up_gap(reader.skip(), reader.deliver());
      ASSERT_EQ(stream.next(), reader.at());
    }
    while (stream.waiting()) stream.give_up_gap(reader.skip(), reader.deliver());
    if (HasFatalFailure()) return;
    EXPECT_EQ(reader.at(), end);
    EXPECT_EQ(reader.delivered() + reader.skipped(), 5000u);
    EXPECT_TRUE(!at_the_end || reader.delivered() == present);
  }
}

/// How many pieces of `kept` bytes may wait until the stream calls itself overfull.
std::size_t pieces_until_overfull(std::uint32_t length, std::size_t kept) {
  Stream stream;
  stream.begin(0);
  Reader reader(0);
  std::size_t pieces = 0;
  for (Offset at = 1; !stream.overfull() && pieces < 100'000; at += length, ++pieces)
    stream.take(Segment(1, at, length, kept).piece(), reader.deliver());
  EXPECT_EQ(reader.delivered(), 0u);
  return pieces;
}

/// What waits is copied before each frame: many small pieces cost as much as many bytes.
TEST(Stream, WaitingIsBounded) {
  EXPECT_LE(pieces_until_overfull(65535, 65535), 17u);
  EXPECT_LE(pieces_until_overfull(1460, 1460), (std::size_t{1} << 20) / 1460 + 1);
  EXPECT_LE(pieces_until_overfull(1, 1), 2000u) << "small pieces";
  EXPECT_LE(pieces_until_overfull(1460, 0), 2000u) << "of which the capture keeps nothing";
}

TEST(Stream, IsNotOverfullAfterItWasRead) {
  Stream stream;
  stream.begin(0);
  Reader reader(0);
  for (Offset at = 1000; !stream.overfull(); at += 1000)
    stream.take(Segment(1, at, 1000).piece(), reader.deliver());
  stream.give_up_gap(reader.skip(), reader.deliver());
  EXPECT_FALSE(stream.overfull());
  EXPECT_FALSE(stream.waiting());
}

}  // namespace
}  // namespace humantime::tcp
