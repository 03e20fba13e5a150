// SPDX-License-Identifier: GPL-2.0-or-later
// Whole frames through the engine: what each is called, and that the order of reading does not show.
#include "engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "frame_builder.h"
#include "store_text.h"
#include "tls_transcripts.h"
#include "transcript.h"
#include "transcripts.h"
#include "wire/tcp.h"

namespace humantime {
namespace {

using ::testing::ElementsAre;

using Frames = std::vector<OwnedFrame>;

Frames frames_of(const Transcript& transcript) {
  Frames frames;
  for (const Transcript::Line& line : transcript.lines()) frames.push_back(line.frame);
  return frames;
}

void take(Engine& engine, const OwnedFrame& frame, std::size_t as) {
  frame.view(FrameNumber{static_cast<std::uint32_t>(as)},
             [&](const FrameBytes& bytes) { engine.take(bytes); });
}

void take_all(Engine& engine, const Frames& frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) take(engine, frames[i], i + 1);
}

/// The first frame that differs, or nothing.
std::string difference(const std::vector<std::string>& is, const std::vector<std::string>& expected) {
  for (std::size_t i = 0; i < std::max(is.size(), expected.size()); ++i) {
    const std::string a = i < is.size() ? is[i] : "nothing",
                      b = i < expected.size() ? expected[i] : "nothing";
    if (a != b) return "is       " + a + "\nexpected " + b;
  }
  return {};
}

std::vector<std::string> dump_of(const Frames& frames) {
  Engine engine;
  take_all(engine, frames);
  engine.finish();
  return dump(engine.store());
}

void expect_line(const FrameStore& store, std::size_t frame, const Transcript::Line& line) {
  const FrameNumber as{static_cast<std::uint32_t>(frame)};
  const std::vector<std::string> with_stages = tokens_of(store, as, true);
  const std::vector<std::string> without = tokens_of(store, as);
  std::istringstream expected(line.expected);
  std::vector<std::string> tokens;
  for (std::string token; expected >> token;) tokens.push_back(token);
  // Each with a stage or without, as it is written.
  bool same = tokens.size() == without.size();
  for (std::size_t i = 0; same && i < tokens.size(); ++i)
    same = tokens[i] == without[i] || tokens[i] == with_stages[i];
  EXPECT_TRUE(same) << "frame " << frame << ":" << line.text << "\n  is " << join(with_stages);
  if (line.connection != 0) {
    const FrameRow* row = store.find(as);
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->connection, line.connection) << "frame " << frame << ":" << line.text;
  }
}

void expect_phases(const Transcript& transcript) {
  Engine engine;
  take_all(engine, frames_of(transcript));
  engine.finish();
  for (std::size_t i = 0; i < transcript.lines().size(); ++i)
    expect_line(engine.store(), i + 1, transcript.lines()[i]);
}

// -- every situation
// ------------------------------------------------------------------------------------------------------

class Situations : public ::testing::TestWithParam<Situation> {};
class PlainSituations : public ::testing::TestWithParam<Situation> {};

TEST_P(Situations, Phases) {
  expect_phases(Transcript(GetParam().text));
}

TEST_P(Situations, PhasesOverIpv6) {
  Transcript::Options options;
  options.ends = ipv6_ends();
  expect_phases(Transcript(GetParam().text, options));
}

TEST_P(Situations, PhasesWhereTheClientHasTheHigherAddress) {
  Transcript::Options options;
  options.ends = ipv4_ends().reversed();
  expect_phases(Transcript(GetParam().text, options));
}

TEST_P(Situations, PhasesWhereverSequenceNumbersWrap) {
  for (const std::uint32_t before :
       {0U, 1U, 2U, 3U, 11U, 60U, 101U, 500U, 1001U, 1500U, 2000U, 0x80000000U}) {
    SCOPED_TRACE(before);
    Transcript::Options options;
    options.client_base = options.server_base = 0U - before;
    expect_phases(Transcript(GetParam().text, options));
  }
}

/// Both ends in one file: each place sees the whole connection, the second one 30 ms later.
TEST_P(PlainSituations, PhasesAtEachOfTwoPlaces) {
  const Transcript transcript(GetParam().text);
  struct Seen {
    OwnedFrame frame;
    const Transcript::Line* line;
  };
  std::vector<Seen> seen;
  for (const Transcript::Line& line : transcript.lines())
    for (const std::uint32_t place : {0U, 1U}) {
      seen.push_back({line.frame, &line});
      seen.back().frame.vantage.interface = place;
      if (place == 0) continue;
      seen.back().frame.time += std::chrono::milliseconds(30);
      seen.back().frame.decrypted.clear();  // the host decrypts what it sees first
    }
  std::stable_sort(seen.begin(), seen.end(),
                   [](const Seen& a, const Seen& b) { return a.frame.time < b.frame.time; });
  Engine engine;
  for (std::size_t i = 0; i < seen.size(); ++i) take(engine, seen[i].frame, i + 1);
  engine.finish();
  for (std::size_t i = 0; i < seen.size(); ++i) {
    SCOPED_TRACE(seen[i].frame.vantage.interface);
    Transcript::Line line = *seen[i].line;
    line.connection = 0;
    expect_line(engine.store(), i + 1, line);
  }
}

/// A mirror port that shows every packet twice changes nothing, over IPv6 neither.
TEST_P(PlainSituations, PhasesWithEveryPacketTwice) {
  for (const bool v6 : {false, true}) {
    SCOPED_TRACE(v6 ? "IPv6" : "IPv4");
    Transcript::Options options;
    if (v6) options.ends = ipv6_ends();
    const Transcript transcript(GetParam().text, options);
    Engine engine;
    std::size_t frame = 0;
    for (const Transcript::Line& line : transcript.lines()) {
      take(engine, line.frame, ++frame);
      OwnedFrame copy = line.frame;
      copy.time += std::chrono::microseconds(2);
      copy.decrypted.clear();
      take(engine, copy, ++frame);
    }
    engine.finish();
    frame = 0;
    for (const Transcript::Line& line : transcript.lines()) {
      expect_line(engine.store(), ++frame, line);
      const FrameRow* row = engine.store().find(FrameNumber{static_cast<std::uint32_t>(++frame)});
      ASSERT_NE(row, nullptr);
      EXPECT_TRUE(row->has(FrameRow::is_copy)) << "frame " << frame;
    }
  }
}

/// Frames that might have stood before `frame`: others of the capture, and such as would turn its connection
/// over.
OwnedFrame some_other_frame(const Transcript& transcript, std::size_t before, std::mt19937& random) {
  const auto& lines = transcript.lines();
  Transcript::Line line = lines[random() % lines.size()];
  bool changed = true;
  switch (random() % 6) {
    case 0:
      line.header.flags = 0x04;
      break;
    case 1:
      line.header.flags = 0x02;
      line.header.sequence += 12345;
      break;
    case 2:
      line.header.flags |= 0x01;
      break;
    case 3:
      line.header.sequence += 700;
      break;
    default:
      changed = false;
  }
  const std::uint32_t place =
      random() % 3 == 0 ? static_cast<std::uint32_t>(random() % 3) : line.frame.vantage.interface;
  if (changed) transcript.rebuild(line, static_cast<std::uint16_t>(60000 + random() % 5000));
  line.frame.vantage.interface = place;
  line.frame.time = lines[before].frame.time;
  line.frame.has_time = random() % 8 != 0;
  return line.frame;
}

/// A read filter throws frames away: then the next one comes with the same number.
TEST_P(Situations, AFrameThatIsThrownAwayLeavesNoTrace) {
  const Transcript transcript(GetParam().text);
  const Frames frames = frames_of(transcript);
  const std::vector<std::string> expected = dump_of(frames);
  std::mt19937 random(9293);
  for (std::size_t k = 0; k < frames.size(); ++k)
    for (int variant = 0; variant < 12; ++variant) {
      const OwnedFrame other = some_other_frame(transcript, k, random);
      Engine engine;
      for (std::size_t i = 0; i < frames.size(); ++i) {
        if (i == k) take(engine, other, i + 1);
        take(engine, frames[i], i + 1);
      }
      engine.finish();
      ASSERT_EQ(difference(dump(engine.store()), expected), "")
          << "thrown away before frame " << k + 1 << ": variant " << variant;
    }
}

TEST_P(Situations, FramesThatAreThrownAwayEverywhereLeaveNoTrace) {
  const Transcript transcript(GetParam().text);
  const Frames frames = frames_of(transcript);
  const std::vector<std::string> expected = dump_of(frames);
  std::mt19937 random(793);
  for (int run = 0; run < 20; ++run) {
    Engine engine;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      for (auto count = random() % 4; count > 0; --count)
        take(engine, some_other_frame(transcript, i, random), i + 1);
      take(engine, frames[i], i + 1);
    }
    engine.finish();
    ASSERT_EQ(difference(dump(engine.store()), expected), "") << "run " << run;
  }
}

TEST_P(Situations, AFrameThatComesTwiceIsThere) {
  const Frames frames = frames_of(Transcript(GetParam().text));
  Engine engine;
  for (std::size_t i = 0; i < frames.size(); ++i)
    for (int times = 0; times < 3; ++times) take(engine, frames[i], i + 1);
  engine.finish();
  EXPECT_EQ(difference(dump(engine.store()), dump_of(frames)), "");
}

TEST_P(Situations, TheNextFrameTakesTheEndBack) {
  const Frames frames = frames_of(Transcript(GetParam().text));
  const std::vector<std::string> expected = dump_of(frames);
  for (std::size_t k = 0; k <= frames.size(); ++k) {
    Engine engine;
    if (k == 0) engine.finish();
    for (std::size_t i = 0; i < frames.size(); ++i) {
      take(engine, frames[i], i + 1);
      if (i + 1 == k) {
        engine.finish();
        engine.finish();
      }
    }
    engine.finish();
    ASSERT_EQ(difference(dump(engine.store()), expected), "") << "finished after frame " << k;
  }
  Engine every_time;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    take(every_time, frames[i], i + 1);
    every_time.finish();
  }
  EXPECT_EQ(difference(dump(every_time.store()), expected), "") << "finished after each frame";
}

/// A window that is drawn while a filtered file is read finishes it again and again.
TEST_P(Situations, AFrameThatIsThrownAwayAfterTheEndLeavesNoTrace) {
  const Transcript transcript(GetParam().text);
  const Frames frames = frames_of(transcript);
  const std::vector<std::string> expected = dump_of(frames);
  std::mt19937 random(1035);
  for (int run = 0; run < 20; ++run) {
    Engine engine;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      for (auto count = random() % 3; count > 0; --count) {
        take(engine, some_other_frame(transcript, i, random), i + 1);
        if (random() % 2 == 0) engine.finish();
      }
      take(engine, frames[i], i + 1);
      if (random() % 2 == 0) engine.finish();
    }
    engine.finish();
    ASSERT_EQ(difference(dump(engine.store()), expected), "") << "run " << run;
  }
}

TEST_P(Situations, ClearForgetsEverything) {
  const Frames frames = frames_of(Transcript(GetParam().text));
  Engine engine;
  for (int times = 0; times < 2; ++times) {
    take_all(engine, frames);
    engine.finish();
    EXPECT_EQ(difference(dump(engine.store()), dump_of(frames)), "");
    engine.clear();
    EXPECT_EQ(engine.store().size(), 0u);
  }
}

/// What an earlier frame is called may only be completed where it was unsettled, or not named at all.
TEST_P(Situations, WhatIsSettledStays) {
  const Frames frames = frames_of(Transcript(GetParam().text));
  Engine engine;
  std::vector<std::vector<PhaseMark>> settled(frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    take(engine, frames[i], i + 1);
    for (std::size_t j = 0; j <= i; ++j) {
      std::vector<PhaseMark> now;
      engine.store().marks(FrameNumber{static_cast<std::uint32_t>(j + 1)}, true, now);
      for (const PhaseMark& mark : settled[j])
        EXPECT_NE(std::find(now.begin(), now.end(), mark), now.end())
            << "frame " << j + 1 << " was " << token_of(mark.phase) << " until frame " << i + 1;
      settled[j] = now;
    }
  }
}

std::string name_of(const ::testing::TestParamInfo<Situation>& situation) {
  return std::string(situation.param.name);
}
std::vector<Situation> plain_ones(std::span<const Situation> all) {
  std::vector<Situation> plain;
  for (const Situation& situation : all)
    if (situation.plain) plain.push_back(situation);
  return plain;
}
INSTANTIATE_TEST_SUITE_P(Tcp, Situations, ::testing::ValuesIn(situations), name_of);
INSTANTIATE_TEST_SUITE_P(Tcp, PlainSituations, ::testing::ValuesIn(plain_ones(situations)), name_of);
INSTANTIATE_TEST_SUITE_P(Tls, Situations, ::testing::ValuesIn(tls_situations), name_of);
INSTANTIATE_TEST_SUITE_P(Tls, PlainSituations, ::testing::ValuesIn(plain_ones(tls_situations)), name_of);

// -- what is no TCP connection, or not only
// ---------------------------------------------------------------------------------------------

const std::vector<Layer> udp_layers = {Layer::frame, Layer::ethernet, Layer::ethertype, Layer::ipv4,
                                       Layer::udp};

OwnedFrame dns_query() {
  const Message query = message("1234 0100 0001 0000 0000 0000 03'www'07'example'02'jp'00 0001 0001");
  IpOptions options;
  options.protocol = 17;
  std::vector<Layer> layers = udp_layers;
  layers.push_back(Layer::dns);
  OwnedFrame frame(layers, ethernet_ip(ipv4_ends(), udp_datagram(ipv4_ends(), 5353, 53, query), options));
  frame.time = Nanoseconds{1'500'000'000};
  return frame;
}

OwnedFrame arp_request() {
  const Message request =
      message("0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202") + fill(18);
  return {{Layer::frame, Layer::ethernet, Layer::ethertype, Layer::arp}, ethernet_frame(0x0806, request)};
}

OwnedFrame first_segment(std::uint16_t source_port = 40000) {
  TcpHeader header;
  header.source_port = source_port;
  header.flags = wire::tcp_syn;
  return {{Layer::frame, Layer::ethernet, Layer::ethertype, Layer::ipv4, Layer::tcp},
          ethernet_ip(ipv4_ends(), tcp_segment(ipv4_ends(), header))};
}

std::vector<std::string> only_frame(const OwnedFrame& frame) {
  Engine engine;
  take(engine, frame, 1);
  return tokens_of(engine.store(), FrameNumber{1}, true);
}

TEST(Engine, NamesDatagramsByWhatWiresharkFound) {
  Engine engine;
  take(engine, dns_query(), 1);
  const FrameStore& store = engine.store();
  EXPECT_THAT(tokens_of(store, FrameNumber{1}, true), ElementsAre("dns.query@dns"));
  EXPECT_EQ(store.detail(FrameNumber{1}), "www.example.jp A");
  const FrameRow* row = store.find(FrameNumber{1});
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(to_text(store.addresses()[row->source], row->source_port), "192.0.2.1:5353");
  EXPECT_EQ(to_text(store.addresses()[row->destination], row->destination_port), "198.51.100.2:53");
  EXPECT_EQ(row->time_ns, 1'500'000'000);
  EXPECT_EQ(row->length, 74u);
  EXPECT_EQ(row->connection, 0u);

  OwnedFrame unknown = dns_query();
  unknown.layers.back() = Layer::unknown;
  EXPECT_THAT(only_frame(unknown), ElementsAre());
}

TEST(Engine, DnsInsideOfAnotherProtocolIsNotInTheDatagram) {
  OwnedFrame frame = dns_query();
  frame.layers.back() = Layer::dtls;
  frame.layers.push_back(Layer::dns);
  EXPECT_THAT(only_frame(frame), ElementsAre());
}

TEST(Engine, NamesArpWithItsAddresses) {
  Engine engine;
  take(engine, arp_request(), 1);
  EXPECT_THAT(tokens_of(engine.store(), FrameNumber{1}, true), ElementsAre("arp.request@address"));
  const FrameRow* row = engine.store().find(FrameNumber{1});
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(to_text(engine.store().addresses()[row->source], row->source_port), "192.0.2.1");
  EXPECT_EQ(to_text(engine.store().addresses()[row->destination], row->destination_port), "192.0.2.2");
}

TEST(Engine, FrameWithoutATimeHasPhases) {
  Engine engine;
  OwnedFrame frame = first_segment();
  frame.has_time = false;
  take(engine, frame, 1);
  take(engine, dns_query(), 2);
  EXPECT_THAT(tokens_of(engine.store(), FrameNumber{1}), ElementsAre("tcp.syn"));
  EXPECT_FALSE(engine.store().find(FrameNumber{1})->has(FrameRow::has_time));
  EXPECT_EQ(engine.store().first_timed(), FrameNumber{2});
}

TEST(Engine, SameSegmentsWithoutATimeAreNoCopies) {
  Engine engine;
  OwnedFrame frame = first_segment();
  frame.has_time = false;
  take(engine, frame, 1);
  take(engine, frame, 2);
  EXPECT_THAT(tokens_of(engine.store(), FrameNumber{2}), ElementsAre("tcp.syn", "tcp.retransmission"));
}

TEST(Engine, TellsTimeThatRunsBackwards) {
  Engine engine;
  OwnedFrame frame = arp_request();
  const auto backwards = [&](std::uint32_t number, std::int64_t time) {
    frame.time = Nanoseconds{time};
    take(engine, frame, number);
    return engine.store().find(FrameNumber{number})->has(FrameRow::time_backwards);
  };
  EXPECT_FALSE(backwards(1, 1000));
  EXPECT_FALSE(backwards(2, 1000));
  EXPECT_TRUE(backwards(3, 999));
  EXPECT_FALSE(backwards(4, 1000));
  EXPECT_TRUE(backwards(5, 10));
  EXPECT_FALSE(backwards(5, 9000));
  EXPECT_FALSE(backwards(5, 2000)) << "the one with 9000 ns was thrown away";
  EXPECT_TRUE(backwards(6, 1999));
}

TEST(Engine, FrameZeroIsNone) {
  Engine engine;
  take(engine, first_segment(), 0);
  EXPECT_EQ(engine.store().size(), 0u);
}

TEST(Engine, FramesThatWereNeverTakenAreAbsent) {
  Engine engine;
  take(engine, first_segment(), 3);
  EXPECT_EQ(engine.store().size(), 3u);
  EXPECT_EQ(engine.store().find(FrameNumber{1}), nullptr);
  EXPECT_EQ(engine.store().find(FrameNumber{4}), nullptr);
  EXPECT_THAT(tokens_of(engine.store(), FrameNumber{2}), ElementsAre());
}

TEST(Engine, FrameWithoutBytesOrLayers) {
  EXPECT_THAT(only_frame(OwnedFrame()), ElementsAre());
  OwnedFrame layers_only;
  layers_only.layers = first_segment().layers;
  EXPECT_THAT(only_frame(layers_only), ElementsAre());
  OwnedFrame bytes_only = first_segment();
  bytes_only.layers.clear();
  EXPECT_THAT(only_frame(bytes_only), ElementsAre());
}

TEST(Engine, TwoPacketsSideBySideBothCount) {
  OwnedFrame frame = first_segment(40000);
  const OwnedFrame second = first_segment(40001);
  Message both = frame.bytes();
  both.insert(both.end(), second.sources[0].bytes.begin(), second.sources[0].bytes.end());
  frame = OwnedFrame(frame.layers, both);
  for (const Layer layer : {Layer::ethernet, Layer::ethertype, Layer::ipv4, Layer::tcp})
    frame.layers.push_back(layer);
  Engine engine;
  take(engine, frame, 1);
  take(engine, first_segment(40000), 2);
  take(engine, first_segment(40001), 3);
  EXPECT_EQ(engine.store().find(FrameNumber{1})->connection, 2u) << "the last one's";
  EXPECT_EQ(engine.store().find(FrameNumber{2})->connection, 1u);
  EXPECT_EQ(engine.store().find(FrameNumber{3})->connection, 2u);
}

TEST(Engine, QuotedSegmentsWereNotSent) {
  Message quoted = ipv4_packet(ipv4_ends(), tcp_segment(ipv4_ends(), {}));
  IpOptions options;
  options.protocol = 1;
  OwnedFrame unreachable(
      {Layer::frame, Layer::ethernet, Layer::ethertype, Layer::ipv4, Layer::icmp, Layer::ipv4, Layer::tcp},
      ethernet_ip(ipv4_ends().reversed(), message("0303000000000000") + quoted, options));
  Engine engine;
  take(engine, unreachable, 1);
  take(engine, first_segment(), 2);
  EXPECT_THAT(tokens_of(engine.store(), FrameNumber{1}), ElementsAre());
  EXPECT_EQ(engine.store().find(FrameNumber{2})->connection, 1u);
}

TEST(Engine, InterfacesOfACookedCaptureArePlaces) {
  const Message segment = ipv4_packet(ipv4_ends(), tcp_segment(ipv4_ends(), {}));
  const auto cooked = [&](const char* index) {
    OwnedFrame frame(
        {Layer::frame, Layer::cooked, Layer::ethertype, Layer::ipv4, Layer::tcp},
        message("0800 0000") + message(index) + message("0001 00 06 0200000000010000") + segment);
    frame.cooked_v2 = true;
    return frame;
  };
  Engine engine;
  take(engine, cooked("00000002"), 1);
  take(engine, cooked("00000003"), 2);
  take(engine, cooked("00000002"), 3);
  const FrameStore& store = engine.store();
  EXPECT_EQ(store.vantages()[store.find(FrameNumber{1})->vantage].ifindex, 2u);
  EXPECT_EQ(store.vantages()[store.find(FrameNumber{2})->vantage].ifindex, 3u);
  EXPECT_EQ(store.find(FrameNumber{2})->connection, 2u);
  EXPECT_EQ(store.find(FrameNumber{3})->connection, 1u);
}

/// More connections than are remembered: numbers go on, nothing is mixed up.
TEST(Engine, ManyConnections) {
  Engine engine;
  std::uint32_t frame = 0;
  for (std::uint32_t i = 0; i < 20'000; ++i) {
    const Ends ends = {message("0a") + number(i, 3), message("c6336402")};
    const auto segment = [&](std::uint8_t flags, bool back, std::uint32_t sequence) {
      TcpHeader header;
      header.flags = flags;
      header.sequence = sequence;
      if (back) std::swap(header.source_port, header.destination_port);
      const Ends way = back ? ends.reversed() : ends;
      return OwnedFrame({Layer::raw, Layer::ipv4, Layer::tcp}, ipv4_packet(way, tcp_segment(way, header)));
    };
    take(engine, segment(wire::tcp_syn, false, 7), ++frame);
    take(engine, segment(wire::tcp_rst | wire::tcp_ack, true, 0), ++frame);
    ASSERT_EQ(engine.store().find(FrameNumber{frame})->connection, i + 1);
    ASSERT_EQ(join(tokens_of(engine.store(), FrameNumber{frame})), "tcp.rst");
  }
}

}  // namespace
}  // namespace humantime
