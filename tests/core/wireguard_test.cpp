// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/wireguard.h"

#include <gtest/gtest.h>

#include "message.h"
#include "told.h"
#include "wireguard/session.h"

namespace humantime::wireguard {
namespace {

using wire::read_wireguard;
using wire::WireGuardType;

const Message initiation = message("01000000 4b0fdd47") + fill(140, 0x5a);
const Message response = message("02000000 e0c5c6ee 4b0fdd47") + fill(80, 0x5a);
const Message cookie = message("03000000 4b0fdd47") + fill(56, 0x5a);
const Message keep_alive = message("04000000 e0c5c6ee 0500000000000000") + fill(16, 0x5a);
const Message data = message("04000000 e0c5c6ee 0000000001000000") + fill(80, 0x5a);

std::optional<wire::WireGuard> read(const Message& bytes) {
  return read_wireguard(bytes, static_cast<std::uint32_t>(bytes.size()));
}

TEST(WireGuard, FactsAreTheBytes) {
  ASSERT_TRUE(read(initiation));
  EXPECT_EQ(read(initiation)->type, WireGuardType::initiation);
  EXPECT_EQ(read(initiation)->sender, 0x47dd0f4bU);
  EXPECT_EQ(read(initiation)->receiver, 0U);
  ASSERT_TRUE(read(response));
  EXPECT_EQ(read(response)->sender, 0xeec6c5e0U);
  EXPECT_EQ(read(response)->receiver, 0x47dd0f4bU);
  ASSERT_TRUE(read(cookie));
  EXPECT_EQ(read(cookie)->receiver, 0x47dd0f4bU);
  ASSERT_TRUE(read(data));
  EXPECT_EQ(read(data)->receiver, 0xeec6c5e0U);
  EXPECT_EQ(read(data)->counter, std::uint64_t{1} << 32);
}

TEST(WireGuard, Phases) {
  EXPECT_EQ(phase_of(*read(initiation)), Phase::wireguard_initiation);
  EXPECT_EQ(phase_of(*read(response)), Phase::wireguard_response);
  EXPECT_EQ(phase_of(*read(cookie)), Phase::wireguard_cookie);
  EXPECT_EQ(phase_of(*read(data)), Phase::wireguard_data);
  EXPECT_EQ(phase_of(*read(keep_alive)), Phase::wireguard_keep_alive);
  EXPECT_EQ(read(keep_alive)->counter, 5U);
}

TEST(WireGuard, LengthsMustFit) {
  for (const Message& whole : {initiation, response, cookie}) {
    EXPECT_FALSE(read(whole + fill(1)));
    EXPECT_FALSE(read(Message(whole.begin(), whole.end() - 1)));
  }
  EXPECT_FALSE(read(Message(keep_alive.begin(), keep_alive.end() - 1)));
  // The padding stops at the MTU: 1420 bytes are no multiple of 16.
  EXPECT_TRUE(read(keep_alive + fill(1420)));
}

TEST(WireGuard, WhatIsNone) {
  for (const unsigned type : {0, 5, 6, 255}) EXPECT_FALSE(read(with(data, 0, type))) << type;
  for (const std::size_t reserved : {1, 2, 3}) EXPECT_FALSE(read(with(data, reserved, 1))) << reserved;
}

/// By its length on the wire; a header that was cut is none.
TEST(WireGuard, Snapped) {
  for (const Message& whole : {initiation, response, cookie, data}) {
    for_each_prefix(whole, [&](const Message& cut) {
      const auto seen = read_wireguard(cut, static_cast<std::uint32_t>(whole.size()));
      if (!seen) return;
      EXPECT_EQ(phase_of(*seen), phase_of(*read(whole)));
      EXPECT_EQ(seen->sender, read(whole)->sender);
      EXPECT_EQ(seen->receiver, read(whole)->receiver);
      EXPECT_EQ(seen->counter, read(whole)->counter);
    });
    EXPECT_TRUE(read_wireguard(Bytes(whole).first(16), static_cast<std::uint32_t>(whole.size())));
    // More was captured than there was.
    EXPECT_FALSE(read_wireguard(whole, static_cast<std::uint32_t>(whole.size() - 1)));
  }
}

udp::Datagram datagram(const Message& payload, udp::Role from = udp::Role::initiator) {
  udp::Datagram made;
  made.frame = FrameNumber{1};
  made.from = from;
  made.source_port = 51820;
  made.destination_port = 51820;
  made.payload = payload;
  made.payload_length = static_cast<std::uint32_t>(payload.size());
  made.above.add(Layer::wireguard);
  return made;
}

TEST(WireGuardSession, WhoBegan) {
  EXPECT_TRUE(Session::beginning(datagram(initiation)).from_client);
  EXPECT_TRUE(Session::beginning(datagram(initiation)).has_sequence);
  EXPECT_EQ(Session::beginning(datagram(initiation)).sequence, 0x47dd0f4bU);
  EXPECT_FALSE(Session::beginning(datagram(response)).from_client);
  EXPECT_FALSE(Session::beginning(datagram(cookie)).from_client);
}

/// The names that are told are those by which messages of the other side find the tunnel.
TEST(WireGuardSession, IndicesFindIt) {
  Session session;
  Told told;
  std::vector<std::pair<udp::Role, Message>> names;
  const auto tell = [&](udp::Role receiver, Bytes name) {
    names.emplace_back(receiver, Message(name.begin(), name.end()));
  };
  EXPECT_FALSE(session.proven());
  session.take(datagram(initiation), told);
  EXPECT_TRUE(session.proven());
  session.tell_aliases(tell);
  session.tell_aliases(tell);
  session.take(datagram(response, udp::Role::responder), told);
  session.tell_aliases(tell);
  ASSERT_EQ(names.size(), 2U);
  const auto wanted = [](const Message& payload) {
    const udp::Aliases aliases = Session::aliases_in(payload, 1U << 4);
    return aliases.count == 0 ? Message{} : Message(aliases.names[0].begin(), aliases.names[0].end());
  };
  EXPECT_EQ(names[0].first, udp::Role::initiator);
  EXPECT_EQ(names[0].second, wanted(response));
  EXPECT_EQ(names[1].first, udp::Role::responder);
  EXPECT_EQ(names[1].second, wanted(data));
  EXPECT_TRUE(wanted(initiation).empty());
}

TEST(WireGuardSession, WhatIsNoneIsNoTunnel) {
  Session session;
  Told told;
  session.take(datagram(with(data, 1, 7)), told);
  EXPECT_FALSE(session.proven());
  EXPECT_TRUE(told.frames.empty());
}

}  // namespace
}  // namespace humantime::wireguard
