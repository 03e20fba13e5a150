// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "frame_builder.h"
#include "pieces/frame_pieces.h"
#include "pieces/piece_text.h"
#include "reports/piece_list.h"

namespace humantime {
namespace {

using testing::ElementsAre;
using K = PieceKind;

FramePiece piece(K kind, std::uint32_t bytes, std::uint32_t whole = 0) {
  return {kind, std::nullopt, bytes, whole};
}
FramePiece message_piece(Phase phase, std::uint32_t bytes, std::uint32_t whole = 0) {
  return {K::tls_message, phase, bytes, whole};
}

std::vector<FramePiece> read(const Message& frame, StreamPlace& place, LinkType link = LinkType::ethernet,
                             std::uint32_t length = 0) {
  // Of its own size, so that the sanitizers see a read behind its end.
  const Message exact(frame);
  std::vector<FramePiece> pieces;
  read_pieces({link, exact, length == 0 ? static_cast<std::uint32_t>(exact.size()) : length}, place, pieces);
  return pieces;
}

/// One direction of a connection, segment by segment; only what is above TCP is told.
class Conversation {
 public:
  std::vector<FramePiece> say(const Message& payload) {
    const std::vector<FramePiece> said = say_at(next_, payload);
    next_ += static_cast<std::uint32_t>(payload.size());
    return said;
  }
  std::vector<FramePiece> say_at(std::uint32_t sequence, const Message& payload) {
    TcpHeader header;
    header.sequence = sequence;
    std::vector<FramePiece> pieces =
        read(ethernet_ip(ipv4_ends(), tcp_segment(ipv4_ends(), header, payload)), place_);
    EXPECT_EQ(pieces[2], piece(K::tcp, 20));
    pieces.erase(pieces.begin(), pieces.begin() + 3);
    return pieces;
  }
  void lose(std::uint32_t bytes) { next_ += bytes; }
  std::uint32_t next() const { return next_; }

 private:
  std::uint32_t next_ = 0xffffff00;  // goes round
  StreamPlace place_;
};

Message record(std::uint8_t type, const Message& content) {
  return number(type, 1) + message("0303") + number(content.size(), 2) + content;
}
Message handshake(std::uint8_t type, std::size_t body) {
  return number(type, 1) + number(body, 3) + fill(body, 0xab);
}
Message part(const Message& bytes, std::size_t from, std::size_t count) {
  return {bytes.begin() + static_cast<std::ptrdiff_t>(from),
          bytes.begin() + static_cast<std::ptrdiff_t>(from + count)};
}

TEST(PacketPieces, HeadersTrailersAndTags) {
  StreamPlace place;
  const Message segment = tcp_segment(ipv4_ends(), {.options = fill(12)});
  const Message packet = ip_packet(ipv4_ends(), segment);
  EXPECT_THAT(
      read(ethernet_frame(0x0800, packet) + fill(6), place),
      ElementsAre(piece(K::ethernet, 14), piece(K::ipv4, 20), piece(K::tcp, 32), piece(K::trailer, 6)));
  EXPECT_THAT(read(ethernet_frame(0x8100, message("0001 0800") + packet), place),
              ElementsAre(piece(K::ethernet, 14), piece(K::vlan, 4), piece(K::ipv4, 20), piece(K::tcp, 32)));
  EXPECT_THAT(read(packet, place, LinkType::raw), ElementsAre(piece(K::ipv4, 20), piece(K::tcp, 32)));
  const Ends six = ipv6_ends();
  EXPECT_THAT(
      read(ethernet_ip(six, udp_datagram(six, 1000, 2000, fill(30)), {.protocol = 17}), place),
      ElementsAre(piece(K::ethernet, 14), piece(K::ipv6, 40), piece(K::udp, 8), piece(K::payload, 30)));
  EXPECT_THAT(read(ethernet_frame(0x88b5, fill(50)), place),
              ElementsAre(piece(K::ethernet, 14), piece(K::unread, 50)));
}

TEST(PacketPieces, MessagesThatGoOnInOtherSegmentsSayOfHowMuch) {
  Conversation server;
  const Message flight = record(22, handshake(2, 84)) + record(22, handshake(11, 1000)) +
                         record(20, fill(1, 1)) + record(22, fill(40));
  EXPECT_THAT(server.say(part(flight, 0, 500)),
              ElementsAre(piece(K::tls_record, 5), message_piece(Phase::tls_server_hello, 88),
                          piece(K::tls_record, 5), message_piece(Phase::tls_certificate, 402, 1004)));
  EXPECT_THAT(server.say(part(flight, 500, 100)),
              ElementsAre(message_piece(Phase::tls_certificate, 100, 1004)));
  EXPECT_THAT(server.say(part(flight, 600, flight.size() - 600)),
              ElementsAre(message_piece(Phase::tls_certificate, 502, 1004), piece(K::tls_record, 5),
                          piece(K::tls_change_cipher_spec, 1), piece(K::tls_record, 5),
                          piece(K::tls_encrypted_handshake, 40)));
}

TEST(PacketPieces, WhatIsSentAgainIsNotTakenForWhatFollows) {
  Conversation server;
  const Message data = record(23, fill(3000, 0x55));
  server.say(part(data, 0, 1000));
  const std::uint32_t second = server.next();
  EXPECT_THAT(server.say(part(data, 1000, 1000)), ElementsAre(piece(K::tls_application_data, 1000, 3000)));
  // By itself it says nothing.
  EXPECT_THAT(server.say_at(second, part(data, 1000, 1000)), ElementsAre(piece(K::payload, 1000)));
  EXPECT_THAT(server.say(part(data, 2000, 1005)),
              ElementsAre(piece(K::tls_application_data, 1000 + 5, 3000)));
}

TEST(PacketPieces, BehindALossOnlyWhatShowsItself) {
  Conversation server;
  const Message data = record(23, fill(3000, 0x55));
  server.say(part(data, 0, 1000));
  server.lose(1000);
  EXPECT_THAT(server.say(part(data, 2000, 1005)), ElementsAre(piece(K::payload, 1005)));
  EXPECT_THAT(server.say(record(23, fill(10))),
              ElementsAre(piece(K::tls_record, 5), piece(K::tls_application_data, 10)));
}

TEST(PacketPieces, AMixtureIsNoTls) {
  Conversation one;
  EXPECT_THAT(one.say(record(23, fill(10)) + fill(100, 0xee)), ElementsAre(piece(K::payload, 115)));
}

TEST(PacketPieces, HttpHeadersAndTheBodyThatTheyTellTheLengthOf) {
  Conversation server;
  const Message headers = message("'HTTP/1.1 200 OK' 0d0a 'content-LENGTH:  1500' 0d0a 0d0a");
  const auto size = static_cast<std::uint32_t>(headers.size());
  EXPECT_THAT(server.say(headers + fill(500, 'x')),
              ElementsAre(piece(K::http_headers, size), piece(K::http_body, 500, 1500)));
  EXPECT_THAT(server.say(fill(1000, 'x') + headers),
              ElementsAre(piece(K::http_body, 1000, 1500), piece(K::http_headers, size)));
  Conversation chunked;
  EXPECT_THAT(
      chunked.say(message("'HTTP/1.1 200 OK' 0d0a 'Transfer-Encoding: chunked' 0d0a 0d0a '5' 0d0a")).back(),
      piece(K::payload, 3));
}

TEST(PacketPieces, PhasesNameWhatNoByteSays) {
  StreamPlace place;
  std::vector<FramePiece> pieces =
      read(ethernet_ip(ipv4_ends(), udp_datagram(ipv4_ends(), 1000, 53, fill(30)), {.protocol = 17}), place);
  const PhaseMark query{Phase::dns_query, Stage::dns, Certainty::seen};
  std::vector<FramePiece> named = pieces;
  name_by_phases(named, {&query, 1});
  EXPECT_EQ(named.back(), (FramePiece{K::dns, Phase::dns_query, 30, 0}));
  name_by_phases(pieces, {});
  EXPECT_EQ(pieces.back(), piece(K::payload, 30));
}

TEST(PacketPieces, AddUpWhateverTheBytes) {
  std::mt19937 random(7);
  const Message good = ethernet_ip(
      ipv4_ends(),
      tcp_segment(ipv4_ends(), {}, record(22, handshake(2, 84)) + record(22, handshake(11, 300))));
  for (int round = 0; round < 20'000; ++round) {
    Message bytes = good;
    for (int change = 0; change < 4; ++change)
      bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
    bytes.resize(random() % (bytes.size() + 1));
    StreamPlace place;
    const auto length = static_cast<std::uint32_t>(bytes.size() + random() % 300);
    const auto link = static_cast<LinkType>(random() % 6);
    std::uint64_t sum = 0;
    for (const FramePiece& told : read(bytes, place, link, length)) {
      EXPECT_GT(told.bytes, 0U);
      EXPECT_TRUE(told.whole == 0 || told.whole > told.bytes);
      sum += told.bytes;
    }
    ASSERT_EQ(sum, length == 0 ? bytes.size() : length);
  }
}

TEST(PacketPieces, InWords) {
  const std::vector<FramePiece> pieces = {piece(K::ethernet, 14), piece(K::ipv4, 20), piece(K::tcp, 32),
                                          piece(K::tls_record, 5),
                                          message_piece(Phase::tls_certificate, 1443, 2930)};
  EXPECT_EQ(text_of(pieces, Language::english),
            "Ethernet 14 · IPv4 20 · TCP 32 · record header 5 · part of Certificate, 1,443 of 2,930");
  EXPECT_EQ(text_of(with_joint_headers(pieces), Language::japanese),
            "ヘッダー 71 · Certificateの一部、2,930 のうち 1,443");
}

TEST(PacketPieces, EveryTokenIsReadAsThePieceThatItStandsFor) {
  for (std::size_t i = 0; i < piece_table().size(); ++i) {
    const FramePiece told = piece(static_cast<K>(i), 0);
    EXPECT_EQ(reports::piece_named(reports::token_of(told)), told);
  }
  const FramePiece certificate = message_piece(Phase::tls_certificate, 0);
  EXPECT_EQ(reports::piece_named(reports::token_of(certificate)), certificate);
  EXPECT_EQ(reports::piece_named("nothing"), std::nullopt);
}

TEST(PacketPieces, TheFramesBeforeAreOfTheSameDirection) {
  FrameStore store;
  const auto add = [&](std::uint32_t frame, std::uint32_t connection, std::uint16_t from, std::uint16_t to) {
    FrameRow& row = store.begin(FrameNumber{frame});
    row.connection = connection;
    row.source_port = from;
    row.destination_port = to;
  };
  add(1, 1, 40000, 443);
  add(2, 1, 443, 40000);
  add(3, 2, 443, 40001);
  add(4, 1, 443, 40000);
  add(5, 1, 443, 40000);
  EXPECT_THAT(frames_before(store, FrameNumber{5}), ElementsAre(FrameNumber{2}, FrameNumber{4}));
  EXPECT_THAT(frames_before(store, FrameNumber{9}), ElementsAre());
}

}  // namespace
}  // namespace humantime
