// SPDX-License-Identifier: GPL-2.0-or-later
#include "app/dns_stream.h"

#include <gtest/gtest.h>

#include <map>
#include <string>
#include <vector>

namespace humantime::app {
namespace {

class Recorder final : public PhaseSink {
 public:
  void add(FrameNumber frame, Phase phase, Certainty) override { named[to_number(frame)].push_back(phase); }
  void settle(FrameNumber, Phase, Phase, Certainty) override {}
  void detail(FrameNumber frame, std::string_view text) override { details[to_number(frame)] = text; }
  void moment(Stage) override {}

  std::map<std::uint32_t, std::vector<Phase>> named;
  std::map<std::uint32_t, std::string> details;
};

using Bytes8 = std::vector<std::uint8_t>;

/// A query for `a. A`, behind its length.
const Bytes8 query = {0, 19, 0x12, 0x34, 0x01, 0x00, 0, 1, 0, 0, 0, 0, 0, 0, 1, 'a', 0, 0, 1, 0, 1};

Bytes part(const Bytes8& whole, std::size_t from, std::size_t to) {
  return slice(whole, from, to - from);
}

constexpr auto side = tcp::Role::initiator;

TEST(DnsStream, WhereverAMessageIsCutItsLastFrameIsNamed) {
  for (std::size_t cut = 1; cut < query.size(); ++cut) {
    DnsStreams streams;
    Recorder found;
    streams.feed(side, FrameNumber{1}, part(query, 0, cut), found);
    EXPECT_TRUE(found.named.empty()) << cut;
    streams.feed(side, FrameNumber{2}, part(query, cut, query.size()), found);
    EXPECT_EQ(found.named[2], std::vector{Phase::dns_query}) << cut;
    EXPECT_EQ(found.named.size(), 1U) << cut;
    EXPECT_EQ(found.details[2], "a A");
  }
}

// Frame 3 holds the end and came first; with frame 4 the last missing byte arrived.
TEST(DnsStream, OutOfOrderTheLateSegmentIsNamed) {
  DnsStreams streams;
  Recorder found;
  streams.feed(side, FrameNumber{4}, part(query, 0, 9), found);
  streams.feed(side, FrameNumber{3}, part(query, 9, query.size()), found);
  EXPECT_EQ(found.named[4], std::vector{Phase::dns_query});
  EXPECT_FALSE(found.named.contains(3));
}

TEST(DnsStream, SeveralMessagesInASegmentAndAcrossThem) {
  Bytes8 three;
  for (int i = 0; i < 3; ++i) three.insert(three.end(), query.begin(), query.end());
  DnsStreams streams;
  Recorder found;
  streams.feed(side, FrameNumber{1}, part(three, 0, 50), found);
  streams.feed(side, FrameNumber{2}, part(three, 50, three.size()), found);
  EXPECT_EQ(found.named[1], (std::vector{Phase::dns_query, Phase::dns_query}));
  EXPECT_EQ(found.named[2], std::vector{Phase::dns_query});
}

TEST(DnsStream, AfterALossOnlyAWholeSegmentIsTrusted) {
  DnsStreams streams;
  Recorder found;
  streams.feed(side, FrameNumber{1}, part(query, 0, 5), found);
  streams.skip(side);
  streams.feed(side, FrameNumber{2}, part(query, 7, query.size()), found);
  EXPECT_TRUE(found.named.empty());
  streams.feed(side, FrameNumber{3}, query, found);
  EXPECT_EQ(found.named[3], std::vector{Phase::dns_query});
  // The other direction lost nothing.
  streams.feed(tcp::Role::responder, FrameNumber{4}, query, found);
  EXPECT_EQ(found.named[4], std::vector{Phase::dns_query});
}

TEST(DnsStream, LengthsOfZeroEndAndNameNothing) {
  DnsStreams streams;
  Recorder found;
  const Bytes8 zeros(4096, 0);
  streams.feed(side, FrameNumber{1}, zeros, found);
  streams.feed(side, FrameNumber{2}, query, found);
  EXPECT_EQ(found.named[2], std::vector{Phase::dns_query});
  EXPECT_FALSE(found.named.contains(1));
}

}  // namespace
}  // namespace humantime::app
