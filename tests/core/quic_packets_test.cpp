// SPDX-License-Identifier: GPL-2.0-or-later
// The packets of a datagram, and which of them the host's decrypted buffers are.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "frame_builder.h"
#include "message.h"
#include "quic/packets.h"

namespace humantime::quic {
namespace {

const Message id = message("c1c2c3c4");

/// A long header packet with so many protected bytes.
Message packet_of(unsigned type, std::size_t protected_length, const Message& destination = id) {
  return number(0xc0 | type << 4, 1) + number(1, 4) + number(destination.size(), 1) + destination +
         message("00") + (type == 0 ? message("00") : Message{}) + number(0x4000 | protected_length, 2) +
         fill(protected_length, 0x5a);
}
Message short_packet(std::size_t protected_length) {
  return message("40") + id + fill(protected_length, 0x5a);
}

/// The plaintexts' first bytes: `Initial=a 1-RTT=-`.
std::string read(const Message& datagram, const std::vector<Message>& plaintexts) {
  static const std::vector<std::string> names = {"Initial", "0-RTT", "Handshake", "Retry", "VN", "1-RTT"};
  ConnectionIds ids;
  ids.add(id);
  std::vector<DataSource> sources = {{datagram, 0, {}}};
  for (const Message& plaintext : plaintexts)
    sources.push_back({plaintext, 0, std::string_view("Decrypted QUIC (5 bytes)")});
  sources.push_back({datagram, 0, std::string_view("Reassembled TLS Handshake")});
  const Packets packets(datagram, datagram.size(), ids, sources);
  std::string text;
  for (const Packet& packet : packets.all())
    text += (text.empty() ? "" : " ") + names[static_cast<std::size_t>(packet.type)] + "=" +
            (packet.plaintext.empty() ? "-" : std::string(1, static_cast<char>(packet.plaintext[0])));
  return text;
}

TEST(QuicPackets, EachWithItsPlaintext) {
  const Message datagram = packet_of(0, 100) + packet_of(2, 200) + short_packet(300);
  EXPECT_EQ(read(datagram, {}), "Initial=- Handshake=- 1-RTT=-");
  EXPECT_EQ(read(datagram, {fill(83, 'a'), fill(180, 'b'), fill(282, 'c')}), "Initial=a Handshake=b 1-RTT=c");
  EXPECT_EQ(read(datagram, {fill(83, 'a')}), "Initial=a Handshake=- 1-RTT=-");
  EXPECT_EQ(read(datagram, {fill(182, 'b')}), "Initial=- Handshake=b 1-RTT=-");
}

/// A packet number has one to four bytes.
TEST(QuicPackets, LengthsThatFit) {
  for (const std::size_t size : {79U, 80U, 81U, 82U, 83U, 84U})
    EXPECT_EQ(read(packet_of(2, 100), {fill(size, 'a')}),
              size >= 80 && size <= 83 ? "Handshake=a" : "Handshake=-")
        << size;
}

TEST(QuicPackets, NothingIsTakenWhereThereIsAChoice) {
  const Message datagram = packet_of(2, 100) + packet_of(2, 101) + packet_of(2, 300);
  EXPECT_EQ(read(datagram, {fill(81, 'a')}), "Handshake=- Handshake=- Handshake=-");
  EXPECT_EQ(read(datagram, {fill(81, 'a'), fill(282, 'c')}), "Handshake=- Handshake=- Handshake=c");
  EXPECT_EQ(read(datagram, {fill(81, 'a'), fill(82, 'b'), fill(282, 'c')}),
            "Handshake=a Handshake=b Handshake=c");
}

/// Nothing is decrypted where an Initial is not.
TEST(QuicPackets, AnInitialIsNoChoice) {
  EXPECT_EQ(read(packet_of(0, 100) + packet_of(2, 100), {fill(81, 'a')}), "Initial=a Handshake=-");
}

TEST(QuicPackets, PlaintextsOfSomethingElse) {
  EXPECT_EQ(read(packet_of(0, 100), {fill(40, 'a')}), "Initial=-");
  EXPECT_EQ(read(packet_of(0, 100), {fill(81, 'a'), fill(81, 'b')}), "Initial=-");
}

/// RFC 9000 12.2: what is for another ID, or no packet, is left alone.
TEST(QuicPackets, WhatStandsBehind) {
  EXPECT_EQ(read(packet_of(0, 100) + packet_of(2, 50, message("dddddddd")), {}), "Initial=-");
  EXPECT_EQ(read(packet_of(0, 100) + fill(60), {}), "Initial=-");
  EXPECT_EQ(read(packet_of(0, 100) + short_packet(19), {}), "Initial=-");
  EXPECT_EQ(read(packet_of(0, 100) + short_packet(20), {}), "Initial=- 1-RTT=-");
}

TEST(QuicPackets, ManyAndCut) {
  Message many;
  for (int i = 0; i < 100; ++i) many = many + packet_of(2, 20);
  EXPECT_EQ(Packets(many, many.size(), {}, {}).all().size(), Packets::most);
  for_each_prefix(packet_of(0, 30) + packet_of(2, 30) + short_packet(30),
                  [](const Message& prefix) { EXPECT_LE(Packets(prefix, 200, {}, {}).all().size(), 3U); });
}

TEST(QuicConnectionIds, TheNewestAreKnown) {
  ConnectionIds ids;
  EXPECT_FALSE(ids.length_in(id));
  for (unsigned i = 0; i < 20; ++i) ids.add(number(i, 4));
  EXPECT_FALSE(ids.knows(number(11, 4)));
  EXPECT_TRUE(ids.knows(number(12, 4)));
  EXPECT_EQ(ids.length_in(fill(9, 0xff)), 4U);
  ids.add(message("aabb"));
  EXPECT_FALSE(ids.length_in(fill(9, 0xff)));
  EXPECT_EQ(ids.length_in(message("aabbcc")), 2U);
  std::size_t told = 0;
  ids.tell_new([&](Bytes) { ++told; });
  EXPECT_EQ(told, ConnectionIds::most);
  ids.tell_new([&](Bytes) { ++told; });
  EXPECT_EQ(told, ConnectionIds::most);
}

}  // namespace
}  // namespace humantime::quic
