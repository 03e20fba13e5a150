// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/tcp.h"

#include <gtest/gtest.h>

#include "frame_builder.h"

namespace humantime::wire {
namespace {

/// A SYN as Linux sends it: MSS 1460, SACK permitted, time stamps, window scale 7.
const Message linux_syn = message(
    "9c40 0050 12345678 00000000 a0 02 faf0 0000 0000"
    "020405b4 0402 080a 00000001 00000000 01 030307");

Address address_of(const Message& bytes) {
  return Address::from(bytes);
}

TEST(Tcp, ReadsASyn) {
  TcpSegment segment;
  ASSERT_TRUE(read_tcp(linux_syn, 40, segment));
  EXPECT_EQ(segment.source_port, 40000);
  EXPECT_EQ(segment.destination_port, 80);
  EXPECT_EQ(segment.sequence, 0x12345678u);
  EXPECT_EQ(segment.acknowledgment, 0u);
  EXPECT_TRUE(segment.has(tcp_syn));
  EXPECT_FALSE(segment.has(tcp_ack));
  EXPECT_EQ(segment.window, 64240);
  EXPECT_EQ(segment.window_scale, 7);
  EXPECT_EQ(segment.payload_length, 0u);
  EXPECT_TRUE(segment.payload.empty());
}

TEST(Tcp, ReadsEveryField) {
  TcpHeader header;
  header.source_port = 0x0102, header.destination_port = 0x0304;
  header.sequence = 0x05060708, header.acknowledgment = 0x090a0b0c;
  header.flags = tcp_fin | tcp_psh | tcp_ack;
  header.window = 0x0d0e;
  const Message bytes = tcp_segment(ipv4_ends(), header, message("'data'"));
  TcpSegment segment;
  ASSERT_TRUE(read_tcp(bytes, 24, segment));
  EXPECT_EQ(segment.source_port, 0x0102);
  EXPECT_EQ(segment.destination_port, 0x0304);
  EXPECT_EQ(segment.sequence, 0x05060708u);
  EXPECT_EQ(segment.acknowledgment, 0x090a0b0cu);
  EXPECT_EQ(segment.flags, 0x19);
  EXPECT_EQ(segment.window, 0x0d0e);
  EXPECT_EQ(segment.checksum, bytes[16] << 8 | bytes[17]);
  EXPECT_EQ(segment.window_scale, TcpSegment::no_scale);
  EXPECT_EQ(as_chars(segment.payload), "data");
  EXPECT_EQ(segment.payload_length, 4u);
}

std::uint8_t scale_of(std::string_view options, std::uint8_t flags = tcp_syn) {
  TcpHeader header;
  header.flags = flags;
  header.options = message(options);
  while (header.options.size() % 4 != 0) header.options.push_back(0);
  const Message bytes = tcp_segment(ipv4_ends(), header);
  TcpSegment segment;
  EXPECT_TRUE(read_tcp(bytes, static_cast<std::uint32_t>(bytes.size()), segment));
  return segment.window_scale;
}

TEST(Tcp, FindsTheWindowScale) {
  EXPECT_EQ(scale_of("030300"), 0);
  EXPECT_EQ(scale_of("01 01 01 030305"), 5);
  EXPECT_EQ(scale_of("020405b4 030308"), 8);
  EXPECT_EQ(scale_of("03030e"), 14);
  EXPECT_EQ(scale_of("0303ff"), 14) << "RFC 7323 2.3";
  EXPECT_EQ(scale_of(""), TcpSegment::no_scale);
  EXPECT_EQ(scale_of("020405b4"), TcpSegment::no_scale);
  EXPECT_EQ(scale_of("00 030307"), TcpSegment::no_scale) << "behind the end of options";
  EXPECT_EQ(scale_of("030407 00"), TcpSegment::no_scale) << "of the wrong length";
  EXPECT_EQ(scale_of("0200 030307"), TcpSegment::no_scale)
      << "an option without length must not turn forever";
  EXPECT_EQ(scale_of("0201 030307"), TcpSegment::no_scale);
  EXPECT_EQ(scale_of("01 01 01 03"), TcpSegment::no_scale) << "cut";
  EXPECT_EQ(scale_of("01 01 0303"), TcpSegment::no_scale) << "cut";
  EXPECT_EQ(scale_of("030307", tcp_ack), TcpSegment::no_scale) << "counts in a SYN only";
  EXPECT_EQ(scale_of("030307", tcp_syn | tcp_ack), 7);
}

TEST(Tcp, HeaderMustFit) {
  TcpSegment segment;
  Message bytes = linux_syn;
  for (unsigned words = 0; words < 16; ++words) {
    bytes[12] = static_cast<std::uint8_t>(words << 4);
    EXPECT_EQ(read_tcp(bytes, 40, segment), words >= 5 && words <= 10) << words;
    EXPECT_EQ(read_tcp(bytes, 60, segment), words >= 5) << words << ", cut by the capture";
  }
}

TEST(Tcp, ACutHeaderIsNone) {
  for_each_prefix(linux_syn, [](const Message& cut) {
    TcpSegment segment;
    EXPECT_EQ(read_tcp(cut, 40, segment), cut.size() >= 20) << cut.size();
  });
}

TEST(Tcp, PayloadIsAsLongAsTheWireSays) {
  const Message bytes = tcp_segment(ipv4_ends(), {}, message("'0123456789'"));
  TcpSegment segment;
  ASSERT_TRUE(read_tcp(Bytes(bytes).first(25), 30, segment));
  EXPECT_EQ(as_chars(segment.payload), "01234");
  EXPECT_EQ(segment.payload_length, 10u);
  ASSERT_TRUE(read_tcp(bytes, 22, segment)) << "padding behind it";
  EXPECT_EQ(as_chars(segment.payload), "01");
  EXPECT_EQ(segment.payload_length, 2u);
}

/// RFC 1071 sums worked out by hand, not with the builder.
TEST(Tcp, ChecksumOfAKnownSegment) {
  // 10.0.0.1:1 to 10.0.0.2:2, ACK, empty: 0a00+0001+0a00+0002+0006+0014+0001+0002+5010+ffff = 1641f, ~641f
  // + 1.
  Message segment = message("0001 0002 00000000 00000000 50 10 ffff 0000 0000");
  const Address source = address_of(message("0a000001")), destination = address_of(message("0a000002"));
  std::uint32_t sum = 0x0a00 + 1 + 0x0a00 + 2 + 6 + 20 + 1 + 2 + 0x5010 + 0xffff;
  sum = (sum & 0xffff) + (sum >> 16);
  ASSERT_EQ(sum, 0x6430u);
  segment[16] = 0x9b, segment[17] = 0xcf;
  EXPECT_TRUE(tcp_checksum_holds(source, destination, segment, 20));
  for (std::size_t i = 0; i < segment.size(); ++i) {
    Message changed = segment;
    changed[i] ^= 0x10;
    EXPECT_FALSE(tcp_checksum_holds(source, destination, changed, 20)) << "byte " << i;
  }
  EXPECT_FALSE(tcp_checksum_holds(source, address_of(message("0a000003")), segment, 20));
  EXPECT_FALSE(tcp_checksum_holds(source, destination, Bytes(segment).first(19), 20)) << "cut";
}

TEST(Tcp, ChecksumHoldsForWhatTheBuilderMakes) {
  for (const Ends& ends : {ipv4_ends(), ipv6_ends()})
    for (const std::size_t length : {0U, 1U, 2U, 3U, 1459U, 1460U, 65000U}) {
      const Message bytes = tcp_segment(ends, {}, fill(length, 0xff));
      EXPECT_TRUE(tcp_checksum_holds(address_of(ends.source), address_of(ends.destination), bytes,
                                     static_cast<std::uint32_t>(bytes.size())))
          << length;
    }
}

/// Linux writes the pseudo header's sum where the network card is to add the rest.
TEST(Tcp, ChecksumThatTheCardHasYetToMake) {
  // 0a00+0001+0a00+0002+0006+0016 = 141f: 10.0.0.1 to 10.0.0.2, 22 bytes.
  const Address source = address_of(message("0a000001")), destination = address_of(message("0a000002"));
  Message segment = message("0001 0002 00000000 00000000 50 10 ffff 141f 0000 'ab'");
  EXPECT_TRUE(tcp_checksum_holds(source, destination, segment, 22));
  EXPECT_TRUE(tcp_checksum_holds(source, destination, Bytes(segment).first(20), 22)) << "cut";
  EXPECT_FALSE(tcp_checksum_holds(source, destination, Bytes(segment).first(19), 22));
  EXPECT_FALSE(tcp_checksum_holds(source, destination, segment, 21)) << "of another length";
  segment[17] ^= 1;
  EXPECT_FALSE(tcp_checksum_holds(source, destination, segment, 22));
}

TEST(Udp, ReadsADatagram) {
  const Message bytes = udp_datagram(ipv4_ends(), 5353, 53, message("'data'"));
  UdpDatagram datagram;
  ASSERT_TRUE(read_udp(bytes, 12, datagram));
  EXPECT_EQ(datagram.source_port, 5353);
  EXPECT_EQ(datagram.destination_port, 53);
  EXPECT_EQ(as_chars(datagram.payload), "data");
  EXPECT_EQ(datagram.payload_length, 4u);
}

TEST(Udp, LengthsThatDoNotFit) {
  const auto read = [](unsigned udp_length, std::uint32_t ip_length, std::size_t captured) {
    Message bytes = message("0001 0002 0000 0000 '0123456789'");
    bytes[4] = static_cast<std::uint8_t>(udp_length >> 8), bytes[5] = static_cast<std::uint8_t>(udp_length);
    UdpDatagram datagram;
    EXPECT_TRUE(read_udp(Bytes(bytes).first(captured), ip_length, datagram));
    return std::pair(datagram.payload.size(), datagram.payload_length);
  };
  using Lengths = std::pair<std::size_t, std::uint32_t>;
  EXPECT_EQ(read(18, 18, 18), Lengths(10, 10));
  EXPECT_EQ(read(12, 18, 18), Lengths(4, 4)) << "padding behind it";
  EXPECT_EQ(read(18, 18, 10), Lengths(2, 10)) << "cut by the capture";
  EXPECT_EQ(read(0, 18, 18), Lengths(10, 10)) << "segmentation offload";
  EXPECT_EQ(read(7, 18, 18), Lengths(10, 10));
  EXPECT_EQ(read(500, 18, 18), Lengths(10, 10));
  EXPECT_EQ(read(8, 8, 8), Lengths(0, 0));
  EXPECT_EQ(read(8, 3, 8), Lengths(0, 0));
  UdpDatagram datagram;
  EXPECT_FALSE(read_udp(message("0001 0002 0008 00"), 8, datagram));
}

}  // namespace
}  // namespace humantime::wire
