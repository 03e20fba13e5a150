// SPDX-License-Identifier: GPL-2.0-or-later
// OpenVPN packets, what proves that they are some, and the TLS that the control channel carries.
#include "wire/openvpn.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "message.h"
#include "openvpn/stream.h"
#include "openvpn/tunnel.h"
#include "tls_notation.h"
#include "told.h"

namespace humantime::openvpn {
namespace {

using tcp::Role;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::OpenVpnHmac;
using wire::OpenVpnOpcode;

const Message client_id = message("a14794d91acc52bf"), server_id = message("497613742017a3c7");

/// Packets of one control channel, wrapped as it says. `hmac` bytes of HMAC; 0 for none.
class Wrapping {
 public:
  explicit Wrapping(unsigned hmac, unsigned key_id = 0) : hmac_(hmac), key_id_(key_id) {}

  Message control(Role from, unsigned opcode, const std::vector<unsigned>& acks, unsigned packet_id,
                  const Message& payload = {}) {
    return header(from, opcode) + ack_array(from, acks) + number(packet_id, 4) + payload;
  }
  Message ack(Role from, const std::vector<unsigned>& acks) {
    return header(from, 5) + ack_array(from, acks);
  }

 private:
  Message header(Role from, unsigned opcode) {
    const Message session = from == Role::initiator ? client_id : server_id;
    const Message replay =
        hmac_ == 0 ? Message{} : fill(hmac_, 0xaa) + number(++replay_id_, 4) + message("6b026929");
    return number(opcode << 3 | key_id_, 1) + session + replay;
  }
  static Message ack_array(Role from, const std::vector<unsigned>& acks) {
    Message array = number(acks.size(), 1);
    for (const unsigned id : acks) array = array + number(id, 4);
    return acks.empty() ? array : array + (from == Role::initiator ? server_id : client_id);
  }

  unsigned hmac_, key_id_;
  unsigned replay_id_ = 0;
};

constexpr Role client = Role::initiator, server = Role::responder;

/// Feeds a tunnel, a packet a frame.
class Line {
 public:
  explicit Line(Transport over = Transport::udp) : tunnel(over) {}
  void take(Role from, const Message& packet) {
    ++frame;
    tunnel.take(from, FrameNumber{frame}, packet, static_cast<std::uint32_t>(packet.size()), told);
  }
  std::vector<std::string> operator[](std::uint32_t number) const { return told.of(number); }

  Tunnel tunnel;
  Told told;
  std::uint32_t frame = 0;
};

Message hello() {
  return TlsNotation::read("CH(gateway.example)").bytes;
}
Message server_flight() {
  return TlsNotation::read("SH(1.2) Cert SKE CR SHD").bytes;
}
Message part(const Message& whole, std::size_t from, std::size_t to) {
  return {whole.begin() + static_cast<std::ptrdiff_t>(from), whole.begin() + static_cast<std::ptrdiff_t>(to)};
}

// --- packets --------------------------------------------------------------------------------------------

TEST(OpenVpn, HeaderIsTheBytes) {
  const Message packet = Wrapping(0, 3).control(client, 4, {7, 8}, 9, message("160301"));
  const auto read = wire::read_openvpn(packet, static_cast<std::uint32_t>(packet.size()));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->opcode, OpenVpnOpcode::control);
  EXPECT_EQ(read->key_id, 3);
  EXPECT_EQ(read->session_id, 0xa14794d91acc52bfU);
  const auto control =
      wire::read_openvpn_control(packet, static_cast<std::uint32_t>(packet.size()), OpenVpnHmac{0});
  ASSERT_TRUE(control);
  EXPECT_THAT(control->all_acks(), ElementsAre(7, 8));
  EXPECT_EQ(control->peer_session_id, 0x497613742017a3c7U);
  EXPECT_EQ(control->packet_id, 9U);
  EXPECT_EQ(control->payload_length, 3U);
}

TEST(OpenVpn, PhasesByOpcode) {
  const std::vector<std::pair<unsigned, Phase>> phases = {{1, Phase::openvpn_hard_reset_client},
                                                          {2, Phase::openvpn_hard_reset_server},
                                                          {3, Phase::openvpn_soft_reset},
                                                          {4, Phase::openvpn_control},
                                                          {5, Phase::openvpn_ack},
                                                          {6, Phase::openvpn_data},
                                                          {7, Phase::openvpn_hard_reset_client},
                                                          {8, Phase::openvpn_hard_reset_server},
                                                          {9, Phase::openvpn_data},
                                                          {10, Phase::openvpn_hard_reset_client},
                                                          {11, Phase::openvpn_control}};
  for (const auto& [opcode, phase] : phases) {
    const Message packet = number(opcode << 3, 1) + fill(99, 7);
    const auto read = wire::read_openvpn(packet, 100);
    ASSERT_TRUE(read) << opcode;
    EXPECT_EQ(wire::phase_of(*read), phase) << opcode;
    EXPECT_FALSE(wire::read_openvpn(Message(packet.begin(), packet.begin() + 1), 1)) << opcode;
  }
  for (const unsigned opcode : {0, 12, 13, 20, 31})
    EXPECT_FALSE(wire::read_openvpn(number(opcode << 3, 1) + fill(99, 7), 100)) << opcode;
}

TEST(OpenVpn, EveryTruncationOfAControlPacket) {
  const Message whole = Wrapping(20).control(client, 4, {1, 2, 3}, 5, fill(200, 0x16));
  const auto length = static_cast<std::uint32_t>(whole.size());
  const auto seen = wire::read_openvpn_control(whole, length, OpenVpnHmac{20});
  ASSERT_TRUE(seen);
  for_each_prefix(whole, [&](const Message& cut) {
    const auto read = wire::read_openvpn_control(cut, length, OpenVpnHmac{20});
    if (!read) return;
    EXPECT_EQ(read->packet_id, seen->packet_id);
    EXPECT_EQ(read->payload_length, seen->payload_length);
    EXPECT_LE(read->payload.size(), seen->payload.size());
  });
  EXPECT_FALSE(wire::read_openvpn_control(Bytes(whole).first(30), length, OpenVpnHmac{20}));
}

TEST(OpenVpn, FirstPacketsProveThemselves) {
  for (const OpenVpnHmac hmac : wire::openvpn_hmacs) {
    const Message first = Wrapping(static_cast<unsigned>(hmac)).control(client, 7, {}, 0);
    const auto read = wire::read_openvpn_first(first, static_cast<std::uint32_t>(first.size()));
    ASSERT_TRUE(read);
    EXPECT_EQ(read->hmac, hmac);
    EXPECT_FALSE(wire::read_openvpn_first(first + fill(1), static_cast<std::uint32_t>(first.size() + 1)));
    EXPECT_FALSE(
        wire::read_openvpn_first(with(first, first.size() - 1, 1), static_cast<std::uint32_t>(first.size())))
        << "another packet id";
  }
}

// As recorded: a reset of tls-crypt is as long as one with an HMAC of 32 bytes.
TEST(OpenVpn, FirstPacketOfTlsCrypt) {
  const Message first = message(
      "38a14794d91acc52bf 00000001 6b026929 e9a889a58fbaa8767b0ebf3a473cb8a2b0ee92dce6fcbbb6134e09feb7c2d617"
      "b9bf08ee9c");
  ASSERT_EQ(first.size(), 54U);
  const auto read = wire::read_openvpn_first(first, 54);
  ASSERT_TRUE(read);
  EXPECT_FALSE(read->hmac);
  EXPECT_FALSE(wire::read_openvpn_first(with(first, 12, 2), 54));
}

// --- proofs ---------------------------------------------------------------------------------------------

TEST(OpenVpnTunnel, NothingIsToldOfRandomBytes) {
  std::mt19937 random(1194);
  Line line;
  for (int i = 0; i < 20000; ++i) {
    Message packet(20 + random() % 100);
    for (std::uint8_t& byte : packet) byte = static_cast<std::uint8_t>(random());
    line.take((i & 1) != 0 ? client : server, packet);
  }
  EXPECT_FALSE(line.tunnel.proven());
  EXPECT_TRUE(line.told.frames.empty());
}

TEST(OpenVpnTunnel, CopiesProveNothing) {
  Line line;
  const Message packet = number(4U << 3, 1) + message("9e3cb3fe4d2f4223") + fill(50, 0x5a);
  for (int i = 0; i < 40; ++i) line.take(client, packet);
  const Message data = message("48000001 00000009") + fill(50, 0x5a);
  for (int i = 0; i < 40; ++i) line.take(client, data);
  EXPECT_FALSE(line.tunnel.proven());
}

TEST(OpenVpnTunnel, TextIsNone) {
  Line line;
  for (int i = 0; i < 40; ++i)
    line.take(client, message("'$GPGGA,123519,4807.038,N,'") + number(static_cast<unsigned>(i), 4));
  for (int i = 0; i < 40; ++i)
    line.take(client, message("'HTTP/1.1 200 OK'") + number(static_cast<unsigned>(i), 4));
  EXPECT_FALSE(line.tunnel.proven());
}

/// Picked up among data packets: the ones before the proof are named with it.
TEST(OpenVpnTunnel, DataThatCounts) {
  Line line;
  for (unsigned id = 100; id < 104; ++id) {
    EXPECT_FALSE(line.tunnel.proven());
    line.take(client, message("48000001") + number(id, 4) + fill(60, 0x77));
  }
  EXPECT_TRUE(line.tunnel.proven());
  for (const std::uint32_t frame : {1, 2, 3, 4}) EXPECT_THAT(line[frame], ElementsAre("openvpn.data"));
}

TEST(OpenVpnTunnel, ASessionIdTwiceAndTheOneBeforeIsNamed) {
  Line line;
  // tls-crypt, picked up in the middle.
  line.take(client, number(4U << 3, 1) + client_id + fill(60, 1));
  EXPECT_THAT(line[1], IsEmpty());
  line.take(client, number(5U << 3, 1) + client_id + fill(60, 2));
  EXPECT_THAT(line[1], ElementsAre("openvpn.control"));
  EXPECT_THAT(line[2], ElementsAre("openvpn.ack"));
}

// --- the control channel --------------------------------------------------------------------------------

class OpenVpnWrapped : public ::testing::TestWithParam<unsigned> {};

TEST_P(OpenVpnWrapped, TlsIsRead) {
  Wrapping wrap(GetParam());
  Line line;
  line.take(client, wrap.control(client, 7, {}, 0));
  line.take(server, wrap.control(server, 8, {0}, 0));
  line.take(client, wrap.control(client, 4, {0}, 1, hello()));
  const Message flight = server_flight();
  line.take(server, wrap.control(server, 4, {1}, 1, part(flight, 0, 500)));
  line.take(server, wrap.control(server, 4, {}, 2, part(flight, 500, flight.size())));
  line.take(client, wrap.ack(client, {1, 2}));
  EXPECT_THAT(line[1], ElementsAre("openvpn.hard_reset_client"));
  EXPECT_THAT(line[2], ElementsAre("openvpn.hard_reset_server"));
  EXPECT_THAT(line[3], ElementsAre("openvpn.control", "tls.client_hello"));
  EXPECT_THAT(line[4], ElementsAre("openvpn.control", "tls.server_hello"));
  EXPECT_THAT(line[5], ElementsAre("openvpn.control", "tls.certificate", "tls.server_key_exchange",
                                   "tls.certificate_request", "tls.server_hello_done"));
  EXPECT_THAT(line[6], ElementsAre("openvpn.ack"));
  EXPECT_EQ(line.told.moments, std::vector{Stage::tunnel});
}

/// The client's reset was not captured: the server's says whom it answers, and the client's ACK its wrapping.
TEST_P(OpenVpnWrapped, FoundByThePeersSessionId) {
  Wrapping wrap(GetParam());
  Line line;
  line.take(server, wrap.control(server, 8, {0}, 0));
  line.take(client, wrap.ack(client, {0}));
  line.take(client, wrap.control(client, 4, {0}, 1, hello()));
  EXPECT_THAT(line[1], ElementsAre("openvpn.hard_reset_server"));
  EXPECT_THAT(line[3], ElementsAre("openvpn.control", "tls.client_hello"));
}

TEST_P(OpenVpnWrapped, OutOfOrderAndAgain) {
  Wrapping wrap(GetParam());
  Line line;
  const Message flight = server_flight();
  line.take(client, wrap.control(client, 7, {}, 0));
  line.take(server, wrap.control(server, 8, {0}, 0));
  line.take(server, wrap.control(server, 4, {}, 3, part(flight, 800, flight.size())));
  line.take(server, wrap.control(server, 4, {}, 2, part(flight, 400, 800)));
  line.take(server, wrap.control(server, 4, {}, 2, part(flight, 400, 800)));
  line.take(server, wrap.control(server, 4, {}, 1, part(flight, 0, 400)));
  line.take(server, wrap.control(server, 4, {}, 1, part(flight, 0, 400)));
  // Where the last missing byte of each message arrived.
  EXPECT_THAT(line[3], ElementsAre("openvpn.control", "tls.server_key_exchange", "tls.certificate_request",
                                   "tls.server_hello_done"));
  EXPECT_THAT(line[4], ElementsAre("openvpn.control"));
  EXPECT_THAT(line[5], ElementsAre("openvpn.control"));
  EXPECT_THAT(line[6], ElementsAre("openvpn.control", "tls.server_hello", "tls.certificate"));
  EXPECT_THAT(line[7], ElementsAre("openvpn.control"));
}

/// The capture lost a packet that the other side received: what comes behind it is read, as far as that goes.
TEST_P(OpenVpnWrapped, AcknowledgedButNotCaptured) {
  Wrapping wrap(GetParam());
  Line line;
  const Message flight = server_flight();
  line.take(client, wrap.control(client, 7, {}, 0));
  line.take(server, wrap.control(server, 8, {0}, 0));
  line.take(client, wrap.control(client, 4, {0}, 2, TlsNotation::read("CKE CCS").bytes));
  EXPECT_THAT(line[3], ElementsAre("openvpn.control"));
  line.take(server, wrap.ack(server, {1, 2}));
  for (const std::string& token : line[3]) EXPECT_NE(token, "tls.client_hello");
  EXPECT_THAT(line[4], ElementsAre("openvpn.ack"));
}

/// Before OpenVPN 2.6 the next key's control channel is wrapped as the first one's.
TEST_P(OpenVpnWrapped, ASoftResetIsAnotherTlsConnection) {
  Wrapping wrap(GetParam()), next(GetParam(), 1);
  Line line;
  line.take(client, wrap.control(client, 7, {}, 0));
  line.take(server, wrap.control(server, 8, {0}, 0));
  line.take(client, wrap.control(client, 4, {0}, 1, hello()));
  line.take(client, next.control(client, 3, {}, 0));
  line.take(server, next.control(server, 3, {0}, 0));
  line.take(client, next.control(client, 4, {0}, 1, hello()));
  EXPECT_THAT(line[5], ElementsAre("openvpn.soft_reset"));
  EXPECT_THAT(line[6], ElementsAre("openvpn.control", "tls.client_hello"));
}

INSTANTIATE_TEST_SUITE_P(Digests, OpenVpnWrapped, ::testing::Values(0, 16, 20, 28, 32, 48, 64));

/// OpenVPN 2.6 encrypts it (dynamic tls-crypt): the bytes where acknowledgments would stand say nothing.
TEST(OpenVpnTunnel, ASoftResetThatIsEncrypted) {
  Wrapping wrap(0);
  Line line;
  line.take(client, wrap.control(client, 7, {}, 0));
  line.take(server, wrap.control(server, 8, {0}, 0));
  line.take(client, wrap.control(client, 4, {0}, 1, hello()));
  const auto encrypted = [](unsigned opcode, const Message& session, unsigned replay_id, std::size_t size) {
    return number(opcode << 3 | 1, 1) + session + number(replay_id, 4) + message("6b026955") +
           fill(size, 0x16);
  };
  line.take(client, encrypted(3, client_id, 1, 37));
  line.take(server, encrypted(3, server_id, 1, 49));
  for (unsigned id = 2; id < 30; ++id) line.take(client, encrypted(4, client_id, id, 300));
  EXPECT_THAT(line[4], ElementsAre("openvpn.soft_reset"));
  for (std::uint32_t frame = 6; frame <= line.frame; ++frame)
    EXPECT_THAT(line[frame], ElementsAre("openvpn.control"));
}

TEST(OpenVpnTunnel, StartedAgainOnTheSamePorts) {
  Wrapping wrap(0);
  Line line;
  const Message first = wrap.control(client, 7, {}, 0);
  line.take(client, first);
  EXPECT_FALSE(line.tunnel.begins_anew(client, first, 14));
  Message another = first;
  another[1] ^= 1;
  EXPECT_TRUE(line.tunnel.begins_anew(client, another, 14));
}

TEST(OpenVpnTunnel, MutationsAreSurvived) {
  Wrapping wrap(20);
  const std::vector<std::pair<Role, Message>> packets = {
      {client, wrap.control(client, 7, {}, 0)},
      {server, wrap.control(server, 8, {0}, 0)},
      {client, wrap.control(client, 4, {0}, 1, hello())},
      {server, wrap.control(server, 4, {1}, 1, server_flight())},
      {client, wrap.ack(client, {1})},
  };
  for (std::size_t changed = 0; changed < packets.size(); ++changed)
    for_each_mutation(packets[changed].second, 200, [&](const Message& mutated) {
      Line line;
      for (std::size_t i = 0; i < packets.size(); ++i)
        line.take(packets[i].first, i == changed ? mutated : packets[i].second);
    });
}

// --- over TCP -------------------------------------------------------------------------------------------

Message framed(const Message& packet) {
  return number(packet.size(), 2) + packet;
}

TEST(OpenVpnStream, WhereverAPacketIsCutItsLastFrameIsNamed) {
  Wrapping wrap(0);
  const Message stream = framed(wrap.control(client, 7, {}, 0)) +
                         framed(wrap.control(client, 4, {}, 1, hello())) +
                         framed(message("48000001") + fill(60, 0x77));
  for (std::size_t cut = 1; cut < stream.size(); ++cut) {
    Stream reader;
    Told told;
    std::uint32_t frame = 0;
    for (const Message& piece : {part(stream, 0, cut), part(stream, cut, stream.size())}) {
      tcp::Piece next;
      next.frame = FrameNumber{++frame};
      next.bytes = piece;
      next.length = static_cast<std::uint32_t>(piece.size());
      reader.feed(client, next, told);
    }
    std::vector<std::string> all = told.of(1);
    for (const std::string& token : told.of(2)) all.push_back(token);
    // The first piece may be too short to tell that packets begin there: then the second one is not read.
    if (cut < 3) continue;
    EXPECT_THAT(
        all, ElementsAre("openvpn.hard_reset_client", "openvpn.control", "tls.client_hello", "openvpn.data"))
        << cut;
  }
}

TEST(OpenVpnStream, BytesThatWereNotCaptured) {
  Wrapping wrap(0);
  Stream reader;
  Told told;
  std::uint32_t frame = 0;
  const auto feed = [&](const Message& bytes) {
    tcp::Piece next;
    next.frame = FrameNumber{++frame};
    next.bytes = bytes;
    next.length = static_cast<std::uint32_t>(bytes.size());
    reader.feed(client, next, told);
  };
  const Message data = framed(message("48000001") + fill(60, 0x77));
  feed(framed(wrap.control(client, 7, {}, 0)));
  feed(part(data, 0, 20));
  reader.skip(client, data.size() - 30);
  feed(part(data, data.size() - 10, data.size()));
  EXPECT_THAT(told.of(3), ElementsAre("openvpn.data"));
  // Beyond a packet's end nobody knows where the next one begins, but for where whole ones stand.
  feed(part(data, 0, 20));
  reader.skip(client, 1000);
  feed(fill(40, 0xff));
  feed(data);
  EXPECT_THAT(told.of(5), IsEmpty());
  EXPECT_THAT(told.of(6), ElementsAre("openvpn.data"));
}

TEST(OpenVpnStream, APacketOfNothingIsNone) {
  Stream reader;
  Told told;
  for (const Message& bytes :
       {framed(fill(20, 0x4a)) + message("00"), message("00"), message("0000"), fill(9)}) {
    tcp::Piece next;
    next.frame = FrameNumber{1};
    next.bytes = bytes;
    next.length = static_cast<std::uint32_t>(bytes.size());
    reader.feed(client, next, told);
  }
  EXPECT_TRUE(told.frames.empty());
}

}  // namespace
}  // namespace humantime::openvpn
