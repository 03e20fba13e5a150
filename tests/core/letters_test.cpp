// SPDX-License-Identifier: GPL-2.0-or-later
// The same packet at several places, and when it was sent and received.
#include "letters/letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "letters/light.h"
#include "paper_wire.h"

namespace humantime::letters {
namespace {

using journeys::Direction;
using ::testing::Contains;
using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;
using wire::tcp_ack;
using wire::tcp_fin;
using wire::tcp_rst;
using wire::tcp_syn;

const Letters& letters_with(Engine& engine, const Settings& settings) {
  engine.compare_places(settings);
  return engine.letters();
}

constexpr std::int64_t us = PaperWire::us, ms = PaperWire::ms, second = PaperWire::second;

std::uint64_t count_of(const Letters& letters, Unmatched reason) {
  return letters.unmatched()[static_cast<std::size_t>(reason)];
}

std::vector<Finding::Kind> kinds_of(const Letters& letters) {
  std::vector<Finding::Kind> kinds;
  for (const Finding& finding : letters.findings()) kinds.push_back(finding.kind);
  return kinds;
}

/// Every frame has the other end's frame of the same packet for its peer, and none where there is none.
void expect_truth(const PaperWire& wire, const Letters& letters) {
  const std::size_t last = wire.places.size() - 1;
  for (std::uint32_t i = 1; i <= wire.frames(); ++i) {
    const FrameNumber frame{i};
    const std::size_t packet = wire.packet_of(frame), place = wire.place_of(frame);
    if (place != 0 && place != last) continue;
    EXPECT_EQ(letters.of(frame).peer, wire.frame_of(packet, place == 0 ? last : 0))
        << "frame " << i << ", packet " << packet << " at place " << place << ", "
        << token_of(letters.of(frame).unmatched);
  }
}

/// Corrected times are the client's, to `within_ns`, and nothing is received before it is sent.
void expect_times(const PaperWire& wire, const Letters& letters, std::int64_t within_ns) {
  std::int64_t before = std::numeric_limits<std::int64_t>::min();
  letters.for_each([&](const Letter& letter) {
    EXPECT_LE(letter.sent_ns, letter.received_ns);
    EXPECT_LE(before, letter.sent_ns) << "in order of sending";
    before = letter.sent_ns;
    for (const auto& [frame, ns] :
         {std::pair{letter.sent, letter.sent_ns}, std::pair{letter.received, letter.received_ns}}) {
      if (frame == no_frame) continue;
      EXPECT_NEAR(static_cast<double>(ns - wire.true_ns(frame)), 0, static_cast<double>(within_ns))
          << "frame " << to_number(frame);
    }
  });
}

TEST(Letters, NothingOfNothing) {
  Engine engine;
  EXPECT_THAT(engine.letters().findings(), IsEmpty());
  EXPECT_EQ(engine.letters().of(FrameNumber{1}).peer, no_frame);
  EXPECT_EQ(engine.letters().of(no_frame).peer, no_frame);
  EXPECT_EQ(engine.letters().reference(), std::nullopt);
}

TEST(Letters, BothEnds) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 5);
  Engine engine;
  wire.take_all(engine);
  const Letters& letters = engine.letters();
  expect_truth(wire, letters);
  expect_times(wire, letters, 100 * us);
  EXPECT_EQ(letters.matched(), wire.frames());
  EXPECT_EQ(letters.reference(), 0);

  const Sighting sent = letters.of(wire.frame_of(0, 0)), received = letters.of(wire.frame_of(0, 1));
  EXPECT_EQ(sent.end, End::client);
  EXPECT_EQ(sent.direction, Direction::sent);
  EXPECT_EQ(received.end, End::server);
  EXPECT_EQ(received.direction, Direction::received);
  EXPECT_NEAR(static_cast<double>(*sent.travel_ns), 22e6, 100e3);
  EXPECT_EQ(sent.travel_ns, received.travel_ns);
  EXPECT_EQ(sent.other_end_ns, received.corrected_ns);
  EXPECT_EQ(received.other_end_ns, sent.corrected_ns);
  EXPECT_LT(*sent.precision_ns, ms / 10);
  EXPECT_EQ(sent.precision_ns, received.precision_ns);
  EXPECT_NEAR(static_cast<double>(*sent.error_ns), 22e6, 100e3);
  EXPECT_FALSE(sent.estimated);
  const Sighting answer = letters.of(wire.frame_of(1, 1));
  EXPECT_EQ(answer.direction, Direction::sent) << "the SYN+ACK leaves the server";
}

TEST(Letters, ClocksHoursApart) {
  for (const std::int64_t hours : {9, -9}) {
    for (const std::size_t place : {0, 1}) {
      PaperWire wire = PaperWire::two();
      wire.places[place].clock_ns = hours * 3600 * second;
      PaperConnection connection(wire);
      connection.talk(connection.shake(0), 5);
      Engine engine;
      wire.take_all(engine);
      const Letters& letters = engine.letters();
      expect_truth(wire, letters);
      if (place == 1) expect_times(wire, letters, 200 * us);
      EXPECT_EQ(letters.of(wire.frame_of(0, 0)).end, End::client);
      EXPECT_EQ(letters.of(wire.frame_of(0, 1)).end, End::server);
      EXPECT_NEAR(static_cast<double>(*letters.of(wire.frame_of(0, 0)).travel_ns), 22e6, 200e3);
    }
  }
}

TEST(Letters, DriftAndStep) {
  for (const bool step : {false, true}) {
    PaperWire wire = PaperWire::two();
    wire.places[1].clock_ns = -21 * ms;
    if (step) {
      wire.places[1].set_at_ns = 30 * second;
      wire.places[1].set_by_ns = 40 * ms;
    } else {
      wire.places[1].drift = 400e-6;
    }
    PaperConnection connection(wire);
    connection.talk(connection.shake(0), 300, 150 * ms);
    Engine engine;
    wire.take_all(engine);
    expect_truth(wire, engine.letters());
    expect_times(wire, engine.letters(), 300 * us);
    EXPECT_THAT(kinds_of(engine.letters()), Contains(step ? Finding::Kind::step : Finding::Kind::drift));
  }
}

TEST(Letters, RawTimes) {
  PaperWire wire = PaperWire::two();
  wire.places[1].clock_ns = 137 * ms;
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 5);
  Engine engine;
  wire.take_all(engine);
  const Sighting raw = letters_with(engine, {.correct_clocks = false}).of(wire.frame_of(0, 1));
  EXPECT_EQ(raw.corrected_ns, wire.true_ns(wire.frame_of(0, 1)) + 137 * ms);
  EXPECT_EQ(raw.travel_ns, 159 * ms);
  EXPECT_EQ(raw.precision_ns, std::nullopt);
  const Sighting corrected = letters_with(engine, {}).of(wire.frame_of(0, 1));
  EXPECT_NEAR(static_cast<double>(*corrected.travel_ns), 22e6, 100e3) << "asked again otherwise";
}

TEST(Letters, Translated) {
  for (const bool of_server : {false, true}) {
    PaperWire wire = PaperWire::two();
    wire.places[of_server ? 0 : 1].translated = true;
    PaperConnection connection(wire);
    connection.talk(connection.shake(0), 5);
    PaperWire::Packet query;
    query.header.source_port = 50000;
    query.header.destination_port = 5300;
    query.datagram = message("1234 0100 0001 0000 0000 0000 03777777 00 0001 0001");
    wire.send(second, query);
    query.from_client = false;
    std::swap(query.header.source_port, query.header.destination_port);
    query.datagram = message("1234 8180 0001 0000 0000 0000 03777777 00 0001 0001");
    wire.send(second + 30 * ms, query);
    Engine engine;
    wire.take_all(engine);
    expect_truth(wire, engine.letters());
    expect_times(wire, engine.letters(), 100 * us);
  }
}

TEST(Letters, NoIdentification) {
  for (const bool ipv6 : {false, true}) {
    PaperWire wire = PaperWire::two();
    if (ipv6) wire.ends = ipv6_ends();
    PaperConnection connection(wire);
    connection.identified = false;
    connection.talk(connection.shake(0), 5);
    Engine engine;
    wire.take_all(engine);
    expect_truth(wire, engine.letters());
  }
}

TEST(Letters, ChangedOnTheWay) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  const std::int64_t now = connection.shake(0);
  for (std::uint16_t i = 0; i < 5; ++i) {
    PaperWire::Packet packet = connection.packet(true, tcp_ack, 100);
    packet.server_changes_id = static_cast<std::uint16_t>(9000 + i);
    connection.send(now + i * ms, packet);
  }
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
}

TEST(Letters, Retransmissions) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  const std::int64_t now = connection.talk(connection.shake(0), 2);
  PaperWire::Packet packet = connection.packet(true, tcp_ack, 100);
  packet.lost_before = 1;
  connection.send(now, packet);
  connection.renew(packet);
  packet.lost_before = ~std::size_t{0};
  connection.send(now + 200 * ms, packet);
  connection.renew(packet);
  connection.send(now + 600 * ms, packet);
  connection.talk(now + second, 2);
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
  EXPECT_EQ(count_of(engine.letters(), Unmatched::lost), 1U);
}

TEST(Letters, RetransmissionsToldByTimeStamps) {
  PaperWire wire = PaperWire::two();
  wire.places[1].clock_ns = 3600 * second;
  PaperConnection connection(wire);
  connection.identified = false;
  connection.stamped = true;
  const std::int64_t now = connection.talk(connection.shake(0), 2);
  PaperWire::Packet packet = connection.packet(true, tcp_ack, 100);
  packet.lost_before = 1;
  connection.send(now, packet);
  connection.renew(packet);
  packet.lost_before = ~std::size_t{0};
  connection.send(now + 200 * ms, packet);
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
}

/// Duplicate acknowledgments over IPv6 differ in what they acknowledge selectively (RFC 2018) alone.
TEST(Letters, DuplicateAcknowledgmentsAreToldByTheirBlocks) {
  for (const bool stamped : {false, true}) {
    PaperWire wire = PaperWire::two();
    wire.ends = ipv6_ends();
    PaperConnection connection(wire);
    const std::int64_t now = connection.talk(connection.shake(0), 2);
    for (std::uint32_t i = 0; i < 6; ++i) {
      PaperWire::Packet packet = connection.packet(true, tcp_ack);
      packet.header.options = (stamped ? message("0101080a0000007700000007") : Message()) +
                              message("0101050a") + number(3'000'009'000, 4) +
                              number(3'000'009'000 + (i + 1) * 1448, 4);
      // Every other one is overtaken, one is lost.
      if (i % 2 == 0) packet.queue_ns = 5 * ms;
      if (i == 3) packet.lost_before = 1;
      connection.send(now + i * ms / 10, packet);
    }
    Engine engine;
    wire.take_all(engine);
    expect_truth(wire, engine.letters());
  }
}

/// What a device on the way leaves alone, the identification or the time stamps, still tells which is which.
TEST(Letters, RetransmissionsOfWhatIsChangedOnTheWay) {
  for (const bool id_is_changed : {false, true}) {
    PaperWire wire = PaperWire::two();
    PaperConnection connection(wire);
    connection.stamped = true;
    const std::int64_t now = connection.talk(connection.shake(0), 2);
    for (std::uint16_t i = 0; i < 6; ++i) {
      PaperWire::Packet packet = connection.packet(true, tcp_ack, 100);
      packet.header.sequence = 1'000'000'201;
      if (i % 2 == 0) packet.queue_ns = 5 * ms;
      if (i == 3) packet.lost_before = 1;
      if (id_is_changed) packet.server_changes_id = static_cast<std::uint16_t>(9000 + 7 * i);
      packet.server_changes_window = id_is_changed ? 0 : 500;
      connection.send(now + i * ms / 10, packet);
    }
    Engine engine;
    wire.take_all(engine);
    expect_truth(wire, engine.letters());
  }
}

/// A firewall counts sequence numbers from others (RFC 6528 4), and the ports are used again.
TEST(Letters, RenumberedOnTheWay) {
  PaperWire wire = PaperWire::two();
  wire.places[1].client_sequence_shift = 0x87654321;
  wire.places[0].server_sequence_shift = 0x12345678;
  PaperConnection connection(wire);
  std::int64_t now = connection.talk(connection.shake(0), 5);
  connection.send(now, true, tcp_ack | tcp_rst);
  connection.client_next += 1'000'000;
  connection.server_next -= 77'777'777;
  wire.places[1].client_sequence_shift = 0x00345678;
  now = connection.talk(connection.shake(now + second), 5);
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
  expect_times(wire, engine.letters(), 100 * us);
}

/// IPv6 at the client's end, IPv4 at the server's (NAT64, RFC 6146).
TEST(Letters, BothAddressesTranslated) {
  PaperWire wire = PaperWire::two();
  wire.places[0].ends = ipv6_ends();
  PaperConnection connection(wire);
  connection.stamped = true;
  connection.talk(connection.shake(0), 5);
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
  expect_times(wire, engine.letters(), 100 * us);
}

/// One capture kept less of each datagram than what is digested of it.
TEST(Letters, DatagramsThatOneCaptureCut) {
  PaperWire wire = PaperWire::two();
  wire.places[1].snapshot = 14 + 20 + 8 + 20;
  for (std::int64_t i = 0; i < 20; ++i) {
    PaperWire::Packet packet;
    packet.from_client = i % 2 == 0;
    packet.header.source_port = packet.from_client ? 50000 : 4444;
    packet.header.destination_port = packet.from_client ? 4444 : 50000;
    packet.datagram = number(static_cast<std::uint64_t>(i), 4) + fill(60);
    if (i == 7) packet.lost_before = 1;
    wire.send(i * 5 * ms, packet);
  }
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
}

/// Datagrams that two places saw before their addresses were translated, and one behind it.
TEST(Letters, TranslatedBehindTheSecondOfThree) {
  PaperWire wire = PaperWire::two();
  wire.places.insert(wire.places.begin() + 1, PaperWire::Place{});
  wire.places[1].from_client_ns = 5 * ms;
  wire.places[1].interface = 2;
  wire.places[2].translated = true;
  for (std::int64_t i = 0; i < 10; ++i) {
    PaperWire::Packet packet;
    packet.from_client = i % 2 == 0;
    packet.header.source_port = packet.from_client ? 50000 : 4444;
    packet.header.destination_port = packet.from_client ? 4444 : 50000;
    packet.datagram = number(static_cast<std::uint64_t>(i), 4) + fill(60);
    wire.send(i * 50 * ms, packet);
  }
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
}

TEST(Letters, AlikeButForTheirTimes) {
  for (const bool first_is_lost : {true, false}) {
    PaperWire wire = PaperWire::two();
    wire.places[1].clock_ns = -3600 * second;
    PaperConnection connection(wire);
    connection.identified = false;
    const std::int64_t now = connection.talk(connection.shake(0), 2);
    for (const bool first : {true, false}) {
      PaperWire::Packet packet = connection.packet(true, tcp_ack, 100);
      packet.header.sequence = 1'000'000'201;
      if (first == first_is_lost) packet.lost_before = 1;
      connection.send(now + (first ? 0 : 200 * ms), packet);
    }
    connection.talk(now + second, 2);
    Engine engine;
    wire.take_all(engine);
    expect_truth(wire, engine.letters());
    EXPECT_EQ(count_of(engine.letters(), Unmatched::lost), 1U);
  }
}

TEST(Letters, AlikeAndNoTimesToTell) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  connection.identified = false;
  // Resets without anything before: the clocks cannot be compared.
  for (int i = 0; i < 3; ++i) {
    PaperWire::Packet packet = connection.packet(true, tcp_rst);
    if (i == 1) packet.lost_before = 1;
    connection.send(i * ms, packet);
  }
  Engine engine;
  wire.take_all(engine);
  EXPECT_EQ(count_of(engine.letters(), Unmatched::ambiguous), 5U);
}

TEST(Letters, IdenticalResetsAndDatagramsInTheirOrder) {
  PaperWire wire = PaperWire::two();
  wire.places[0].clock_ns = 5 * second;
  PaperConnection connection(wire);
  connection.identified = false;
  const std::int64_t now = connection.talk(connection.shake(0), 2);
  for (std::int64_t i = 0; i < 3; ++i) connection.send(now + i * 5 * ms, connection.packet(false, tcp_rst));
  for (std::int64_t i = 0; i < 3; ++i) {
    PaperWire::Packet query;
    query.header.source_port = 50000;
    query.header.destination_port = 53;
    query.datagram = message("1234 0100 0001 0000 0000 0000 03777777 00 0001 0001");
    wire.send(now + i * 5 * ms, query);
  }
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
}

TEST(Letters, LostAndMissed) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  const std::int64_t now = connection.talk(connection.shake(0), 3);
  PaperWire::Packet packet = connection.packet(true, tcp_ack, 100);
  packet.missed = {0};
  connection.send(now, packet);
  packet = connection.packet(false, tcp_ack, 1000);
  packet.missed = {0};
  connection.send(now + 50 * ms, packet);
  packet = connection.packet(false, tcp_ack, 1000);
  packet.lost_before = 1;
  connection.send(now + 51 * ms, packet);
  connection.talk(now + 100 * ms, 3);
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
  EXPECT_EQ(count_of(engine.letters(), Unmatched::lost), 3U);
}

TEST(Letters, OutsideTheOtherCapture) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  std::int64_t now = connection.talk(connection.shake(0), 3);
  for (int i = 0; i < 4; ++i) {
    PaperWire::Packet packet = connection.packet(true, tcp_ack, 100);
    packet.missed = {1};
    connection.send(now + second + i * ms, packet);
  }
  Engine engine;
  wire.take_all(engine);
  EXPECT_EQ(count_of(engine.letters(), Unmatched::outside), 4U);
}

TEST(Letters, Reordered) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  const std::int64_t now = connection.shake(0);
  std::mt19937 random(7);
  for (int i = 0; i < 40; ++i) {
    PaperWire::Packet packet = connection.packet(false, tcp_ack, 1000);
    packet.queue_ns = static_cast<std::int64_t>(random() % 8) * ms;
    connection.send(now + i * ms, packet);
  }
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
  expect_times(wire, engine.letters(), 200 * us);
}

TEST(Letters, SegmentationOffload) {
  // The server hands 4,000 bytes to its network card, the client receives three segments; twice.
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  std::int64_t now = connection.talk(connection.shake(0), 3);
  for (int round = 0; round < 2; ++round) {
    const PaperWire::Packet whole = connection.packet(false, tcp_ack, 4000);
    const std::size_t sent = wire.appear(now, 1, whole);
    std::vector<std::size_t> parts;
    for (const std::size_t length : {1448, 1448, 1104}) {
      PaperWire::Packet part = connection.packet(false, tcp_ack, length);
      connection.server_next += static_cast<std::uint32_t>(length);
      parts.push_back(
          wire.appear(now + 22 * ms + static_cast<std::int64_t>(parts.size()) * 20 * us, 0, part));
    }
    now += 100 * ms;
    if (round == 0) continue;
    Engine engine;
    wire.take_all(engine);
    const Letters& letters = engine.letters();
    const FrameNumber one = wire.frame_of(sent, 1);
    EXPECT_EQ(letters.of(one).peer, wire.frame_of(parts.back(), 0)) << "the part that brought its last byte";
    EXPECT_EQ(letters.of(one).direction, Direction::sent);
    for (const std::size_t part : parts) EXPECT_EQ(letters.of(wire.frame_of(part, 0)).peer, one);
    EXPECT_NEAR(static_cast<double>(*letters.of(wire.frame_of(parts[0], 0)).travel_ns), 22e6, 200e3);
    expect_times(wire, letters, 100 * us);
    EXPECT_EQ(letters.matched(), wire.frames());
    std::size_t told = 0;
    letters.for_each([&](const Letter& letter) { told += letter.sent == one ? 1 : 0; });
    EXPECT_EQ(told, parts.size()) << "a letter for each part";
  }
}

TEST(Letters, ReceiveOffload) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  connection.server_next = 0xffffff00;  // across the end of the numbers
  const std::int64_t now = connection.talk(connection.shake(0), 3);
  const PaperWire::Packet whole = connection.packet(false, tcp_ack, 2896);
  std::vector<std::size_t> parts;
  for (const std::size_t length : {1448, 1448}) {
    parts.push_back(wire.appear(now, 1, connection.packet(false, tcp_ack, length)));
    connection.server_next += static_cast<std::uint32_t>(length);
  }
  const std::size_t received = wire.appear(now + 22 * ms + 10 * us, 0, whole);
  Engine engine;
  wire.take_all(engine);
  const FrameNumber one = wire.frame_of(received, 0);
  EXPECT_EQ(engine.letters().of(one).peer, wire.frame_of(parts.back(), 1));
  for (const std::size_t part : parts) EXPECT_EQ(engine.letters().of(wire.frame_of(part, 1)).peer, one);
  expect_times(wire, engine.letters(), 100 * us);
}

TEST(Letters, MirrorPort) {
  for (const bool identified : {true, false}) {
    PaperWire wire = PaperWire::two();
    PaperConnection connection(wire);
    connection.identified = identified;
    std::int64_t now = connection.shake(0);
    std::vector<std::size_t> packets;
    for (std::int64_t i = 0; i < 10; ++i) {
      PaperWire::Packet packet = connection.packet(i % 2 == 0, tcp_ack, 100);
      packet.again = true;
      packets.push_back(connection.send(now + i * 50 * ms, packet));
    }
    Engine engine;
    wire.take_all(engine);
    for (const std::size_t packet : packets) {
      const std::size_t twice = wire.frame_of(packet, 0, 1) != no_frame ? 0 : 1;
      EXPECT_EQ(engine.letters().of(wire.frame_of(packet, 0)).peer, wire.frame_of(packet, 1));
      EXPECT_EQ(engine.letters().of(wire.frame_of(packet, 1)).peer, wire.frame_of(packet, 0));
      EXPECT_EQ(engine.letters().of(wire.frame_of(packet, twice, 1)).unmatched, Unmatched::copy);
    }
    EXPECT_THAT(kinds_of(engine.letters()), Not(Contains(Finding::Kind::folded)));
  }
}

TEST(Letters, FourPlaces) {
  PaperWire wire;
  wire.places.resize(4);
  constexpr std::array<std::int64_t, 4> clocks = {0, 500 * ms, -3600 * second, 77 * ms};
  for (std::size_t i = 0; i < 4; ++i) {
    wire.places[i].from_client_ns = static_cast<std::int64_t>(i) * 22 * ms / 3;
    wire.places[i].clock_ns = clocks[i];
    wire.places[i].hops = static_cast<std::uint8_t>(3 * i);
    wire.places[i].interface = static_cast<std::uint32_t>(3 - i);  // in no order
    wire.places[i].translated = i > 1;
  }
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 10);
  Engine engine;
  wire.take_all(engine);
  const Letters& letters = engine.letters();
  expect_truth(wire, letters);
  expect_times(wire, letters, 500 * us);
  constexpr std::array<End, 4> ends = {End::client, End::middle, End::middle, End::server};
  for (std::size_t i = 0; i < 4; ++i) {
    const Sighting syn = letters.of(wire.frame_of(0, i)), answer = letters.of(wire.frame_of(1, i));
    EXPECT_EQ(syn.end, ends[i]) << i;
    EXPECT_EQ(syn.peer, wire.frame_of(0, i < 3 ? 3 : 0)) << "on its way to the server";
    EXPECT_EQ(answer.peer, wire.frame_of(1, i > 0 ? 0 : 3));
  }
  std::size_t count = 0;
  letters.for_each([&](const Letter&) { ++count; });
  EXPECT_EQ(count, wire.frames() / 4) << "one letter for each packet";
}

TEST(Letters, OnePlaceTwice) {
  PaperWire wire = PaperWire::two();
  wire.places[1] = wire.places[0];
  wire.places[1].interface = 1;
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 5);
  // Both are at the client's end.
  Engine engine;
  PaperWire merged = wire;
  merged.take_all(engine);
  const Letters& letters = engine.letters();
  EXPECT_THAT(kinds_of(letters), Contains(Finding::Kind::same_place));
  EXPECT_EQ(letters.matched(), 0U);
  EXPECT_EQ(count_of(letters, Unmatched::only_one_vantage), merged.frames());
}

TEST(Letters, OneEndTwiceAndTheOther) {
  PaperWire wire = PaperWire::two();
  wire.places.insert(wire.places.begin(), wire.places.front());
  wire.places[1].interface = 2;
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 5);
  Engine engine;
  wire.take_all(engine);
  for (std::uint32_t i = 1; i <= wire.frames(); ++i) {
    const FrameNumber frame{i};
    const std::size_t packet = wire.packet_of(frame);
    const std::vector<FrameNumber> peers =
        wire.place_of(frame) < 2 ? std::vector{wire.frame_of(packet, 2)}
                                 : std::vector{wire.frame_of(packet, 0), wire.frame_of(packet, 1)};
    EXPECT_THAT(peers, Contains(engine.letters().of(frame).peer)) << i;
  }
}

TEST(Letters, FoldedIntoOne) {
  PaperWire wire = PaperWire::two();
  wire.places[1].interface = 0;
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 5);
  Engine engine;
  wire.take_all(engine);
  ASSERT_THAT(kinds_of(engine.letters()), Contains(Finding::Kind::folded));
  const Finding& finding = engine.letters().findings().front();
  EXPECT_EQ(
      sentence_of(finding, Language::english),
      "13 packets of interface 0 stand there twice, as seen at two places: two captures seem to have been "
      "merged into one interface. Merge them again with mergecap -I none, and both ends are told apart.");
  EXPECT_THAT(sentence_of(finding, Language::japanese), ::testing::HasSubstr("mergecap -I none"));
}

TEST(Letters, OneWayAndNothingInCommon) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  for (int i = 0; i < 5; ++i) connection.send(i * ms, true, tcp_ack, 100);
  Engine engine;
  wire.take_all(engine);
  EXPECT_THAT(kinds_of(engine.letters()), Each(Finding::Kind::nothing_in_common));
  EXPECT_EQ(engine.letters().of(FrameNumber{1}).travel_ns, std::nullopt) << "a guess is no measurement";
  EXPECT_NE(engine.letters().of(FrameNumber{1}).peer, no_frame);
}

/// A flow of which nothing comes back: other flows tell the clocks, and those who of the two sent it.
TEST(Letters, OneWayBetweenComparedClocks) {
  PaperWire wire = PaperWire::two();
  wire.places[1].clock_ns = -3600 * second;
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 5);
  std::vector<std::size_t> sent;
  for (std::int64_t i = 0; i < 10; ++i) {
    PaperWire::Packet packet;
    packet.header.source_port = 50000;
    packet.header.destination_port = 4444;
    packet.datagram = fill(60);  // all alike
    if (i == 4) packet.lost_before = 1;
    packet.queue_ns = i * ms;
    sent.push_back(wire.send(i * 50 * ms, packet));
  }
  Engine engine;
  wire.take_all(engine);
  expect_truth(wire, engine.letters());
  expect_times(wire, engine.letters(), 100 * us);
  const Sighting last = engine.letters().of(wire.frame_of(sent[9], 1));
  ASSERT_TRUE(last.travel_ns);
  EXPECT_NEAR(static_cast<double>(*last.travel_ns), 31e6, 100e3);
}

/// The capture at the server's end has one direction only. That a question was seen there does not make it
/// the client's end: the other place, which saw it too, has that.
TEST(Letters, OneDirectionAtTheOtherEnd) {
  for (const bool from_client : {true, false}) {
    PaperWire wire = PaperWire::two();
    PaperConnection connection(wire);
    std::int64_t now = 0;
    const auto send = [&](bool by_client, std::uint8_t flags, std::size_t length) {
      PaperWire::Packet packet = connection.packet(by_client, flags, length);
      if (by_client != from_client) packet.missed = {1};
      connection.send(now, packet);
      now += 23 * ms;
    };
    send(true, tcp_syn, 0);
    send(false, tcp_syn | tcp_ack, 0);
    send(true, tcp_ack, 0);
    for (int i = 0; i < 5; ++i) send(i % 2 == 0, tcp_ack, 100);
    Engine engine;
    wire.take_all(engine);
    expect_truth(wire, engine.letters());
    for (std::uint32_t i = 1; i <= wire.frames(); ++i) {
      const FrameNumber frame{i};
      if (wire.place_of(frame) == 0) {
        EXPECT_EQ(engine.letters().of(frame).end, End::client) << i;
      } else {
        EXPECT_NE(engine.letters().of(frame).end, End::client) << i;
        EXPECT_FALSE(engine.letters().may_be_at(frame, End::client)) << i;
      }
    }
  }
}

TEST(Letters, FasterThanLight) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 5);
  Engine engine;
  wire.take_all(engine);
  const std::int64_t light = light_ns(1177.3, 1.5);
  const Letters& near = letters_with(engine, {.light_ns = light});
  EXPECT_THAT(kinds_of(near), Not(Contains(Finding::Kind::faster_than_light)));
  EXPECT_NEAR(static_cast<double>(*near.of(wire.frame_of(0, 0)).error_ns), 16.2e6, 100e3);
  EXPECT_THAT(kinds_of(letters_with(engine, {.light_ns = 44 * ms})),
              Contains(Finding::Kind::faster_than_light));
}

TEST(Letters, EstimatedFromOneEnd) {
  for (const std::size_t place : {0, 1}) {
    PaperWire wire = PaperWire::two();
    PaperConnection connection(wire);
    connection.talk(connection.shake(0), 5);
    wire.merge();
    Engine engine;
    std::uint32_t number = 0;
    std::vector<FrameNumber> captured;
    for (std::uint32_t i = 0; i < wire.frames(); ++i) {
      if (wire.place_of(FrameNumber{i + 1}) != place) continue;
      wire.take(engine, i, ++number);
      captured.push_back(FrameNumber{i + 1});
    }
    const Letters& letters = engine.letters();
    for (std::uint32_t i = 1; i <= number; ++i) {
      const Sighting one = letters.of(FrameNumber{i});
      EXPECT_EQ(one.end, place == 0 ? End::client : End::server);
      ASSERT_TRUE(one.estimated) << i;
      EXPECT_EQ(one.unmatched, Unmatched::only_one_vantage);
      const FrameNumber truth = wire.frame_of(wire.packet_of(captured[i - 1]), 1 - place);
      EXPECT_NEAR(static_cast<double>(*one.other_end_ns - wire.true_ns(truth)), 0, 100e3) << i;
      EXPECT_EQ(one.precision_ns, std::nullopt);
      EXPECT_EQ(one.error_ns, one.travel_ns);
    }
    std::size_t count = 0;
    letters.for_each([&](const Letter& letter) {
      EXPECT_TRUE(letter.estimated);
      EXPECT_LE(letter.sent_ns, letter.received_ns);
      ++count;
    });
    EXPECT_EQ(count, number);
  }
}

TEST(Letters, AnAnswerIsNotSentBeforeItsQuestionArrives) {
  // The handshake was slow, the exchange was not.
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  wire.places.resize(1);
  wire.one_way_ns = 100 * ms;
  std::int64_t now = connection.shake(0);
  wire.one_way_ns = 20 * ms;
  const std::size_t asked = connection.send(now, true, tcp_ack, 100);
  const std::size_t answered = connection.send(now + 20 * ms, false, tcp_ack, 1000);
  Engine engine;
  wire.take_all(engine);
  const Sighting question = engine.letters().of(wire.frame_of(asked, 0)),
                 answer = engine.letters().of(wire.frame_of(answered, 0));
  ASSERT_TRUE(question.estimated);
  ASSERT_TRUE(answer.estimated);
  EXPECT_LE(*answer.other_end_ns, answer.corrected_ns);
  EXPECT_GE(*answer.other_end_ns, std::min(*question.other_end_ns, answer.corrected_ns));
}

TEST(Letters, AQuestionAndItsAnswer) {
  PaperWire wire = PaperWire::two();
  wire.places.resize(1);
  PaperWire::Packet packet;
  packet.header.source_port = 50000;
  packet.header.destination_port = 53;
  packet.datagram = message("1234 0100 0001 0000 0000 0000 03777777 00 0001 0001");
  const std::size_t asked = wire.send(0, packet);
  packet.from_client = false;
  std::swap(packet.header.source_port, packet.header.destination_port);
  packet.datagram = message("1234 8183 0001 0000 0000 0000 03777777 00 0001 0001");
  const std::size_t answered = wire.send(23 * ms, packet);
  Engine engine;
  wire.take_all(engine);
  const Sighting question = engine.letters().of(wire.frame_of(asked, 0)),
                 answer = engine.letters().of(wire.frame_of(answered, 0));
  ASSERT_TRUE(question.estimated);
  EXPECT_EQ(question.travel_ns, 22'500 * us);
  EXPECT_EQ(question.other_end_ns, answer.other_end_ns) << "arrives and is answered in the middle";
  EXPECT_EQ(question.direction, Direction::sent);
  EXPECT_EQ(answer.direction, Direction::received);
}

TEST(Letters, CapturePositionOverrules) {
  PaperWire wire = PaperWire::two();
  wire.places.resize(1);
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 2);
  Engine engine;
  wire.take_all(engine);
  const FrameNumber syn = wire.frame_of(0, 0);
  EXPECT_EQ(engine.letters().of(syn).end, End::client);
  EXPECT_EQ(letters_with(engine, {.position = CapturePosition::server}).of(syn).end, End::server);
  EXPECT_EQ(letters_with(engine, {.position = CapturePosition::server}).of(syn).direction,
            Direction::received);
  EXPECT_EQ(letters_with(engine, {.position = CapturePosition::middle}).of(syn).direction,
            Direction::unknown);
  EXPECT_FALSE(letters_with(engine, {.position = CapturePosition::middle}).of(syn).estimated);
}

TEST(Letters, AFrameThatComesAgain) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 3);
  wire.merge();
  // A read filter throws each second frame away: its number is given again.
  Engine engine, plain;
  std::uint32_t number = 0;
  for (std::uint32_t i = 0; i < wire.frames(); ++i) {
    const bool stays = wire.packet_of(FrameNumber{i + 1}) % 2 == 0;
    wire.take(engine, i, number + 1);
    engine.letters();
    if (stays) wire.take(plain, i, ++number);
  }
  // The last one stays, or is thrown away and nothing comes after it.
  for (std::uint32_t i = 1; i < number; ++i)
    EXPECT_EQ(engine.letters().of(FrameNumber{i}).peer, plain.letters().of(FrameNumber{i}).peer) << i;
  engine.clear();
  EXPECT_EQ(engine.letters().matched(), 0U);
}

TEST(Letters, WithoutTimes) {
  PaperWire wire = PaperWire::two();
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), 3);
  wire.merge();
  Engine engine;
  for (std::uint32_t i = 0; i < wire.frames(); ++i) {
    OwnedFrame frame = wire.owned(i);
    frame.has_time = false;
    frame.view(FrameNumber{i + 1}, [&](const FrameBytes& bytes) { engine.take(bytes); });
  }
  engine.letters().for_each([](const Letter&) { FAIL() << "nobody knows when"; });
  EXPECT_EQ(engine.letters().of(FrameNumber{1}).other_end_ns, std::nullopt);
}

TEST(Letters, AnyOrderOfAnyTimes) {
  // Hostile: places without number, times at both ends of time, everything at random.
  std::mt19937 random(11);
  for (int round = 0; round < 20; ++round) {
    PaperWire wire = PaperWire::two();
    PaperConnection connection(wire);
    connection.talk(connection.shake(0), 20);
    wire.merge();
    Engine engine;
    for (std::uint32_t i = 0; i < 200; ++i) {
      OwnedFrame frame = wire.owned(random() % wire.frames());
      frame.vantage.interface = static_cast<std::uint32_t>(random() % 24);
      const auto kind = random() % 4;
      if (kind == 0) frame.time = Nanoseconds{std::numeric_limits<std::int64_t>::max() - random() % 1000};
      if (kind == 1) frame.time = Nanoseconds{std::numeric_limits<std::int64_t>::min() + random() % 1000};
      frame.view(FrameNumber{i + 1}, [&](const FrameBytes& bytes) { engine.take(bytes); });
    }
    const Letters& letters = letters_with(engine, {.light_ns = 5});
    letters.for_each([](const Letter& letter) { EXPECT_LE(letter.sent_ns, letter.received_ns); });
    std::uint64_t sum = 0;
    for (const std::uint64_t count : letters.unmatched()) sum += count;
    EXPECT_EQ(sum, 200U) << "each frame is counted once";
    for (const Finding& finding : letters.findings()) {
      EXPECT_FALSE(sentence_of(finding, Language::english).empty());
      EXPECT_EQ(sentence_of(finding, Language::japanese).find('{'), std::string::npos);
    }
  }
}

TEST(Ends, ByHandshake) {
  EXPECT_EQ(end_of({.to_server_ns = 44 * ms, .to_client_ns = 50 * us}), End::client);
  EXPECT_EQ(end_of({.to_server_ns = 100 * us, .to_client_ns = 44 * ms}), End::server);
  EXPECT_EQ(end_of({.to_server_ns = 20 * ms, .to_client_ns = 24 * ms}), End::middle);
  EXPECT_EQ(end_of({.to_server_ns = 40 * us, .to_client_ns = 20 * us}), End::unknown) << "a fast network";
  EXPECT_EQ(end_of({}), End::unknown);
}

TEST(Ends, ByRouters) {
  EXPECT_EQ(end_of({.hops_of_client = 0, .hops_of_server = 7}), End::client);
  EXPECT_EQ(end_of({.hops_of_client = 7, .hops_of_server = 0}), End::server);
  EXPECT_EQ(end_of({.hops_of_client = 3, .hops_of_server = 4}), End::middle);
  EXPECT_EQ(end_of({.hops_of_client = 0, .hops_of_server = 0}), End::unknown);
  EXPECT_EQ(end_of({.hops_of_client = 0}), End::unknown);
}

TEST(Ends, HostileTimes) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(end_of({.to_server_ns = most, .to_client_ns = least}), End::unknown);
  EXPECT_EQ(end_of({.to_server_ns = least, .to_client_ns = least}), End::unknown);
}

TEST(Ends, Directions) {
  EXPECT_EQ(direction_at(End::client, true), Direction::sent);
  EXPECT_EQ(direction_at(End::client, false), Direction::received);
  EXPECT_EQ(direction_at(End::server, true), Direction::received);
  EXPECT_EQ(direction_at(End::server, false), Direction::sent);
  EXPECT_EQ(direction_at(End::middle, true), Direction::unknown);
  EXPECT_EQ(direction_at(End::unknown, true), Direction::unknown);
}

}  // namespace
}  // namespace humantime::letters
