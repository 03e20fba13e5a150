// SPDX-License-Identifier: GPL-2.0-or-later
// Conversations over UDP: which datagrams belong together, what numbers they have, and that a frame which is
// taken back leaves nothing behind.
#include <gtest/gtest.h>

#include "engine.h"
#include "frame_builder.h"
#include "store_text.h"

namespace humantime {
namespace {

const Message client_id = message("c1c1c1c1c1c1c1c1"), first_id = message("8394c8f03e515708");

/// A packet of version 1 with a long header, of 50 bytes behind it.
Message long_packet(unsigned type, const Message& destination_id, const Message& source_id) {
  const Message token = type == 0 ? message("00") : Message{};
  return number(0xc0 | type << 4, 1) + number(1, 4) + number(destination_id.size(), 1) + destination_id +
         number(source_id.size(), 1) + source_id + token + message("4032") + fill(50, 0x77);
}

struct Sent {
  bool from_client = true;
  Message payload;
  std::uint16_t client_port = 50000;
  std::uint32_t interface = 0;
  Layer above = Layer::quic;
  Ends ends = ipv4_ends();
};

OwnedFrame frame_of(const Sent& sent) {
  const Ends ends = sent.from_client ? sent.ends : sent.ends.reversed();
  const std::uint16_t server_port = 443;
  IpOptions options;
  options.protocol = 17;
  OwnedFrame frame({Layer::frame, Layer::ethernet, Layer::ipv4, Layer::udp, sent.above},
                   ethernet_ip(ends,
                               udp_datagram(ends, sent.from_client ? sent.client_port : server_port,
                                            sent.from_client ? server_port : sent.client_port, sent.payload),
                               options));
  frame.vantage.interface = sent.interface;
  return frame;
}

class UdpConversations : public ::testing::Test {
 protected:
  void take(const Sent& sent) { take(sent, ++frames_); }
  void take(const Sent& sent, std::uint32_t as) {
    OwnedFrame frame = frame_of(sent);
    frame.time = Nanoseconds{1'000'000 * std::int64_t{as}};
    frame.view(FrameNumber{as}, [&](const FrameBytes& bytes) { engine_.take(bytes); });
  }
  std::uint32_t connection(std::uint32_t frame) {
    return engine_.store().find(FrameNumber{frame})->connection;
  }
  std::uint32_t journey(std::uint32_t frame) { return engine_.journeys().of(FrameNumber{frame}); }

  Engine engine_;
  std::uint32_t frames_ = 0;
};

TEST_F(UdpConversations, BothDirectionsAreOneConversation) {
  take({true, long_packet(0, first_id, client_id)});
  take({false, long_packet(0, client_id, message("5e5e5e5e"))});
  take({true, long_packet(2, message("5e5e5e5e"), client_id)});
  EXPECT_EQ(connection(1), 1);
  EXPECT_EQ(connection(2), 1);
  EXPECT_EQ(connection(3), 1);
  EXPECT_EQ(join(tokens_of(engine_.store(), FrameNumber{2}, true)), "quic.initial@connect");
  EXPECT_EQ(join(tokens_of(engine_.store(), FrameNumber{3}, true)), "quic.handshake@ssl");
  EXPECT_EQ(journey(1), 1);
  EXPECT_EQ(journey(3), 1);
}

TEST_F(UdpConversations, OtherPortsAreAnotherConversation) {
  take({true, long_packet(0, first_id, client_id)});
  take({true, long_packet(0, message("1111111122222222"), message("c2c2")), 50001});
  EXPECT_EQ(connection(2), 2);
  EXPECT_EQ(journey(2), 2);
}

TEST_F(UdpConversations, WhatHasNoReaderIsNone) {
  take({true, fill(40, 0x40), 50000, 0, Layer::unknown});
  EXPECT_EQ(connection(1), 0);
  EXPECT_EQ(journey(1), 0);
}

/// Wireshark does not recognise every packet of a connection that it knows.
TEST_F(UdpConversations, WhatIsNotRecognisedBelongsToTheConversationOfItsPorts) {
  take({true, long_packet(0, first_id, client_id)});
  take({false, fill(40, 0x40), 50000, 0, Layer::unknown});
  EXPECT_EQ(connection(2), 1);
}

TEST_F(UdpConversations, TwoPlacesAreOneJourney) {
  take({true, long_packet(0, first_id, client_id)});
  take({true, long_packet(0, first_id, client_id), 50000, 1});
  EXPECT_EQ(connection(1), 1);
  EXPECT_EQ(connection(2), 2);
  EXPECT_EQ(journey(2), 1);
}

TEST_F(UdpConversations, ATranslatedAddressIsTheSameJourney) {
  take({true, long_packet(0, first_id, client_id)});
  take({true,
        long_packet(0, first_id, client_id),
        61000,
        1,
        Layer::quic,
        {message("cb007101"), ipv4_ends().destination}});
  EXPECT_EQ(connection(2), 2);
  EXPECT_EQ(journey(2), 1);
}

TEST_F(UdpConversations, AFrameThatIsTakenBackLeavesNothing) {
  take({true, long_packet(0, first_id, client_id)});
  take({true, long_packet(0, message("1111111122222222"), message("c2c2")), 50001}, 2);
  take({true, long_packet(0, message("3333333322222222"), message("c3c3")), 50002}, 2);
  take({false, long_packet(0, client_id, message("5e5e5e5e"))}, 3);
  take({true, long_packet(0, message("1111111122222222"), message("c2c2")), 50001}, 4);
  EXPECT_EQ(connection(2), 2);
  EXPECT_EQ(connection(3), 1);
  EXPECT_EQ(connection(4), 3);
  engine_.finish();
  take({true, long_packet(2, message("5e5e5e5e"), client_id)}, 5);
  EXPECT_EQ(connection(5), 1);
}

/// A translator of addresses gives the client another port: the server's connection ID tells.
TEST_F(UdpConversations, AConnectionIdIsKnownFromAnotherAddress) {
  const Message server_id = message("5e5e5e5e");
  const Message short_packet = message("40") + server_id + fill(30, 0x5a);
  take({true, long_packet(0, first_id, client_id)});
  take({false, long_packet(0, client_id, server_id)});
  take({true, short_packet, 50007});
  EXPECT_EQ(connection(3), 1);
  EXPECT_EQ(join(tokens_of(engine_.store(), FrameNumber{3})), "quic.one_rtt");
  take({false, message("40") + client_id + fill(30, 0x5a), 50007});
  EXPECT_EQ(connection(4), 1);
  take({true, message("40") + message("99999999") + fill(30, 0x5a), 50008});
  EXPECT_EQ(connection(5), 2);
}

/// A frame that is taken back takes the way to its conversation with it.
TEST_F(UdpConversations, AnAddressThatIsTakenBackIsUnknown) {
  const Message server_id = message("5e5e5e5e");
  take({true, long_packet(0, first_id, client_id)}, 1);
  take({false, long_packet(0, client_id, server_id)}, 2);
  take({true, fill(40, 0x40), 50001, 0, Layer::unknown}, 2);
  take({true, message("40") + server_id + fill(30, 0x5a), 50007}, 3);
  EXPECT_EQ(connection(3), 2);
}

TEST_F(UdpConversations, AnotherClientOnTheSamePort) {
  take({true, long_packet(0, first_id, client_id)});
  take({false, long_packet(0, client_id, message("5e5e5e5e"))});
  take({true, long_packet(0, message("5e5e5e5e"), client_id)});
  take({true, long_packet(0, message("aaaaaaaabbbbbbbb"), message("c9c9"))});
  take({false, long_packet(0, message("c9c9"), message("6e6e6e6e"))});
  EXPECT_EQ(connection(3), 1);
  EXPECT_EQ(connection(4), 2);
  EXPECT_EQ(connection(5), 2);
}

/// More than are remembered: memory is bounded, and the last ones are known.
TEST_F(UdpConversations, ManyAreForgottenTheOldestFirst) {
  Ends ends = ipv4_ends();
  for (std::uint32_t i = 0; i < 40000; ++i) {
    ends.source = message("0a00") + number(i, 2);
    take({true, long_packet(0, number(i, 8), client_id), 50000, 0, Layer::quic, ends});
  }
  take({false, long_packet(0, client_id, first_id), 50000, 0, Layer::quic, ends});
  EXPECT_EQ(connection(40001), 40000);
  ends.source = message("0a000000");
  take({false, long_packet(0, client_id, first_id), 50000, 0, Layer::quic, ends});
  EXPECT_EQ(connection(40002), 40001);
}

}  // namespace
}  // namespace humantime
