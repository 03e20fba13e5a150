// SPDX-License-Identifier: GPL-2.0-or-later
// QUIC's headers and frames, by the examples of RFC 9001 appendix A and RFC 9369 appendix A.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "frame_builder.h"
#include "message.h"
#include "wire/quic.h"
#include "wire/quic_frames.h"
#include "wire/quic_integer.h"

namespace humantime::wire {
namespace {

const Message first_id = message("8394c8f03e515708"), server_id = message("f067a5502a4262b5");
/// Their protected payload is not looked into.
const Message client_initial = message("c000000001 08") + first_id + message("00 00 449e") + fill(1182, 0x5a);
const Message client_initial_2 =
    message("d76b3343cf 08") + first_id + message("00 00 449e") + fill(1182, 0x5a);
const Message server_initial = message("cf00000001 00 08") + server_id + message("00 4075") + fill(117, 0x5a);
const Message retry =
    message("ff00000001 00 08") + server_id + message("746f6b656e 04a265ba2eff4d829058fb3f0f2496ba");
const Message retry_2 =
    message("cf6b3343cf 00 08") + server_id + message("746f6b656e c8646ce8bfe33952d955543665dcc7b6");

std::optional<QuicLongHeader> read(const Message& packet) {
  return read_quic_long_header(packet, packet.size());
}

Message bytes_of(Bytes bytes) {
  return Message(bytes.begin(), bytes.end());
}

TEST(QuicHeader, InitialOfTheClient) {
  const auto header = read(client_initial);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->type, QuicPacketType::initial);
  EXPECT_EQ(header->version, quic_version_1);
  EXPECT_TRUE(header->known_version);
  EXPECT_EQ(bytes_of(header->destination_id), first_id);
  EXPECT_TRUE(header->source_id.empty());
  EXPECT_TRUE(header->token.empty());
  EXPECT_EQ(header->packet_number_offset, 18U);
  EXPECT_EQ(header->packet_length, 1200U);
}

TEST(QuicHeader, AnotherPacketMayFollow) {
  const Message datagram = server_initial + message("e000000001");
  const auto header = read(datagram);
  ASSERT_TRUE(header);
  EXPECT_EQ(bytes_of(header->source_id), server_id);
  EXPECT_EQ(header->packet_length, server_initial.size());
}

TEST(QuicHeader, Retry) {
  const auto header = read(retry);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->type, QuicPacketType::retry);
  EXPECT_EQ(bytes_of(header->token), message("746f6b656e"));
  EXPECT_EQ(header->packet_length, retry.size());
}

/// RFC 9369 3.2: the same first bytes are other types.
TEST(QuicHeader, Version2) {
  EXPECT_EQ(read(client_initial_2)->type, QuicPacketType::initial);
  EXPECT_EQ(read(retry_2)->type, QuicPacketType::retry);
  EXPECT_EQ(bytes_of(read(retry_2)->token), message("746f6b656e"));
  const std::vector<QuicPacketType> in_version_1 = {QuicPacketType::initial, QuicPacketType::zero_rtt,
                                                    QuicPacketType::handshake, QuicPacketType::retry};
  const std::vector<QuicPacketType> in_version_2 = {QuicPacketType::retry, QuicPacketType::initial,
                                                    QuicPacketType::zero_rtt, QuicPacketType::handshake};
  for (unsigned type = 0; type < 4; ++type) {
    const Message behind = message("00 00 00 20") + fill(32);
    EXPECT_EQ(read(number(0xc0 | type << 4, 1) + number(1, 4) + behind)->type, in_version_1[type]);
    EXPECT_EQ(read(number(0xc0 | type << 4, 1) + number(quic_version_2, 4) + behind)->type,
              in_version_2[type]);
  }
}

TEST(QuicHeader, VersionNegotiationHasIdsOfAnyLength) {
  const Message packet = message("80 00000000 19") + fill(25, 1) + message("00 00000001 6b3343cf");
  const auto header = read(packet);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->type, QuicPacketType::version_negotiation);
  EXPECT_EQ(header->destination_id.size(), 25U);
}

TEST(QuicHeader, AVersionThatIsNotKnown) {
  const auto header = read(with(client_initial, 1, 0x1a));
  ASSERT_TRUE(header);
  EXPECT_FALSE(header->known_version);
}

TEST(QuicHeader, ShortHeaderIsNone) {
  EXPECT_FALSE(read(with(client_initial, 0, 0x40)));
  EXPECT_TRUE(is_quic_short_header(message("40")));
  EXPECT_FALSE(is_quic_short_header(client_initial));
  EXPECT_FALSE(is_quic_short_header({}));
}

TEST(QuicHeader, IdsOfMoreThan20BytesAreNone) {
  EXPECT_FALSE(read(message("c000000001 15") + fill(21) + message("00 00 20") + fill(32)));
}

/// The capture kept the beginning: the header is read as long as it is there, and claims no more than there
/// was.
TEST(QuicHeader, Truncations) {
  for_each_prefix(client_initial, [](const Message& prefix) {
    const auto cut = read_quic_long_header(prefix, client_initial.size());
    EXPECT_EQ(cut.has_value(), prefix.size() >= 18) << prefix.size();
    EXPECT_FALSE(read(prefix)) << prefix.size();
  });
  for_each_prefix(retry, [](const Message& prefix) {
    const auto header = read(prefix);
    if (header) {
      EXPECT_LE(header->packet_length, prefix.size());
    }
  });
}

TEST(QuicInteger, ExamplesOfTheRfc) {
  const auto value_of = [](const Message& bytes) {
    Reader reader(bytes);
    return read_quic_integer(reader);
  };
  EXPECT_EQ(value_of(message("c2197c5eff14e88c")), 151288809941952652U);
  EXPECT_EQ(value_of(message("9d7f3e7d")), 494878333U);
  EXPECT_EQ(value_of(message("7bbd")), 15293U);
  EXPECT_EQ(value_of(message("25")), 37U);
  EXPECT_EQ(value_of(message("4025")), 37U);
}

std::string frames_in(const Message& payload) {
  static const std::vector<std::string> names = {"other", "crypto",           "stream", "reset",
                                                 "id",    "connection_close", "done"};
  std::string text;
  QuicFrames frames(payload);
  while (const auto frame = frames.next()) {
    text += (text.empty() ? "" : " ") + names[static_cast<std::size_t>(frame->type)];
    if (frame->type == QuicFrameType::crypto || frame->type == QuicFrameType::stream)
      text += "(" + std::to_string(frame->stream) + " " + std::to_string(frame->offset) + "+" +
              std::to_string(frame->content.size()) + (frame->fin ? " fin" : "") + ")";
    if (frame->type == QuicFrameType::connection_close)
      text += "(" + std::to_string(frame->code) + " " + std::string(as_chars(frame->content)) + ")";
  }
  return text;
}

TEST(QuicFrames, EachType) {
  const Message each = message("000000 01 02 0a 00 01 03 00 00 03 05 00 00 07 01 02 03") +
                       message("04 08 01 10 05 04 01 06 4010 02 aabb 07 01 ff") +
                       message("10 20 11 04 20 12 01 13 02 14 20 15 04 20 16 01 17 01") +
                       message("18 01 00 04 c1c2c3c4") + fill(16, 0x11) + message("19 00 1a") + fill(8) +
                       message("1b") + fill(8) + message("1e 31 02 aabb 40af 00 01 02 03");
  EXPECT_EQ(
      frames_in(each),
      "other other other reset other crypto(0 16+2) other other other other other other other other other "
      "id other other other done other other");
}

TEST(QuicFrames, StreamsWithAndWithoutLengthAndOffset) {
  EXPECT_EQ(frames_in(message("08 04 aabb")), "stream(4 0+2)");
  EXPECT_EQ(frames_in(message("0b 04 01 aa 01")), "stream(4 0+1 fin) other");
  EXPECT_EQ(frames_in(message("0d 04 4100 aabbcc")), "stream(4 256+3 fin)");
  EXPECT_EQ(frames_in(message("0e 04 05 00")), "stream(4 5+0)");
}

TEST(QuicFrames, CloseOfQuicAndOfTheApplication) {
  EXPECT_EQ(frames_in(message("1c 4128 06 02 6e6f")), "connection_close(296 no)");
  EXPECT_EQ(frames_in(message("1d 4100 00")), "connection_close(256 )");
}

/// What is not known has no length: nothing behind it is read.
TEST(QuicFrames, NothingBehindAnUnknownFrame) {
  EXPECT_EQ(frames_in(message("01 21 01")), "other");
}

TEST(QuicFrames, TruncationsAndHostileCounts) {
  EXPECT_EQ(frames_in(message("06 00 05 aabb")), "");
  EXPECT_EQ(frames_in(message("02 00 00 ffffffffffffffff 00 01")), "");
  EXPECT_EQ(frames_in(message("0e 00 ffffffffffffffff 01 aa")), "");
  EXPECT_EQ(frames_in(message("18 01 00 ff c1")), "");
}

}  // namespace
}  // namespace humantime::wire
