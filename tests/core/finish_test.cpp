// SPDX-License-Identifier: GPL-2.0-or-later
// The end of a capture in parts: of very many connections with a gap it is told a few at a time, says in the
// end what it says in one go, and the frame that comes in its midst takes it back.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine.h"
#include "frame_builder.h"
#include "store_text.h"
#include "wire/tcp.h"

namespace humantime {
namespace {

constexpr std::uint32_t connections = 200, frames_of_each = 5;

Message text(const std::string& said) {
  return Message(said.begin(), said.end());
}

/// Frame `index` of all: of a connection of which the first part of the response was not captured.
void take(Engine& engine, std::uint32_t index) {
  using namespace wire;
  static const Message request = text("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), rest = text("the rest of a body");
  const auto asked = static_cast<std::uint32_t>(request.size());
  const struct {
    bool from_client;
    std::uint8_t flags;
    std::uint32_t sequence, acknowledgment;
    const Message payload;
  } exchange[frames_of_each] = {
      {true, tcp_syn, 0, 0, {}},
      {false, tcp_syn | tcp_ack, 0, 1, {}},
      {true, tcp_ack, 1, 1, {}},
      {true, tcp_ack | tcp_psh, 1, 1, request},
      {false, tcp_ack | tcp_psh, 501, 1 + asked, rest},
  };
  const auto& one = exchange[index % frames_of_each];
  TcpHeader header;
  header.source_port = static_cast<std::uint16_t>(10'000 + index / frames_of_each);
  header.destination_port = 80;
  header.sequence = one.sequence;
  header.acknowledgment = one.acknowledgment;
  header.flags = one.flags;
  Ends ends = ipv4_ends();
  if (!one.from_client) {
    std::swap(header.source_port, header.destination_port);
    ends = ends.reversed();
  }
  OwnedFrame frame({Layer::frame, Layer::ethernet, Layer::ethertype, Layer::ipv4, Layer::tcp},
                   ethernet_ip(ends, tcp_segment(ends, header, one.payload), IpOptions{}));
  frame.time = Nanoseconds{std::int64_t{1'000'000} * index};
  frame.view(FrameNumber{index + 1}, [&](const FrameBytes& bytes) { engine.take(bytes); });
}

void take_all(Engine& engine, std::uint32_t behind = 0) {
  for (std::uint32_t i = 0; i < connections * frames_of_each + behind; ++i) take(engine, i);
}

std::vector<std::string> told(Engine& engine) {
  engine.finish();
  return dump(engine.store());
}

TEST(EndInParts, IsTheSameAndNoPartIsLong) {
  Engine plain, engine;
  take_all(plain);
  take_all(engine);
  const std::vector<std::string> before = dump(engine.store()), expected = told(plain);
  ASSERT_NE(before, expected) << "nothing waits";
  Work end = engine.finish_gradually();
  std::uint32_t parts = 1;
  std::uint64_t spent = 0;
  while (end.advance(1)) {
    EXPECT_FALSE(engine.is_finished());
    EXPECT_LE(end.spent() - spent, 200U) << "a part is of a few connections";
    spent = end.spent();
    ++parts;
  }
  EXPECT_TRUE(engine.is_finished());
  EXPECT_GE(parts, connections / 10);
  EXPECT_EQ(dump(engine.store()), expected);
}

TEST(EndInParts, IsGoneOnWithInOneGo) {
  Engine plain, engine;
  take_all(plain);
  take_all(engine);
  Work end = engine.finish_gradually();
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(end.advance(1));
  EXPECT_EQ(told(engine), told(plain));
}

TEST(EndInParts, IsTakenBackByTheNextFrame) {
  for (const int parts : {1, 2, 7}) {
    Engine plain, engine;
    take_all(plain, frames_of_each);
    take_all(engine);
    Work end = engine.finish_gradually();
    for (int i = 0; i < parts; ++i) EXPECT_TRUE(end.advance(1));
    for (std::uint32_t i = 0; i < frames_of_each; ++i) take(engine, connections * frames_of_each + i);
    EXPECT_EQ(told(engine), told(plain)) << parts;
  }
}

/// A read filter throws the last frame away that has come, and gives its number to the next one.
TEST(EndInParts, IsTakenBackWithTheFrameBeforeIt) {
  Engine plain, engine;
  take_all(plain);
  take_all(engine);
  Work end = engine.finish_gradually();
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(end.advance(1));
  take(engine, connections * frames_of_each - 1);
  EXPECT_EQ(told(engine), told(plain));
}

}  // namespace
}  // namespace humantime
