// SPDX-License-Identifier: GPL-2.0-or-later
// Where packets are found, through every link layer and tunnel, and that a cut or strange frame never gives a
// wrong one.
#include "wire/locate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "frame_builder.h"
#include "journeys/tunnel_text.h"
#include "text.h"
#include "wire/tcp.h"

namespace humantime::wire {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum Layer;
using Layers = std::vector<Layer>;

const Message payload = message("'The year has 31536000 seconds'");

Message segment(const Ends& ends = ipv4_ends()) {
  return tcp_segment(ends, {}, payload);
}
Message packet4() {
  return ipv4_packet(ipv4_ends(), segment());
}
Message packet6() {
  return ipv6_packet(ipv6_ends(), segment(ipv6_ends()));
}

Message part_of(const Message& whole, std::size_t offset, std::size_t count) {
  const Bytes part = slice(whole, offset, count);
  return Message(part.begin(), part.end());
}

Packets located(const OwnedFrame& frame) {
  Packets packets;
  frame.view(FrameNumber{1}, [&](const FrameBytes& bytes) { locate(bytes, packets); });
  return packets;
}

/// A packet in short: `tcp 192.0.2.1 > 198.51.100.2 49/49`, captured and reported length.
std::vector<std::string> found(const OwnedFrame& frame) {
  std::vector<std::string> texts;
  const Packets packets = located(frame);
  for (const Packet& packet : packets.all()) {
    constexpr std::string_view contents[] = {"arp", "tcp", "udp", "icmpv6"};
    std::string text(contents[static_cast<std::size_t>(packet.content)]);
    if (packet.source.size != 0) text += " " + to_text(packet.source) + " > " + to_text(packet.destination);
    text += " " + std::to_string(packet.bytes.size());
    if (packet.length != packet.bytes.size()) text += " of " + std::to_string(packet.length);
    if (packet.fragment) text += " fragment";
    texts.push_back(text);
  }
  return texts;
}

const std::string tcp4 = "tcp 192.0.2.1 > 198.51.100.2 49";
const std::string tcp6 = "tcp 2001:db8::1 > 2001:db8:1::2 49";

// -- link layers and tunnels
// -----------------------------------------------------------------------------------------------------

struct Case {
  std::string name;
  Layers layers;
  Message bytes;
  bool v6 = false;
  bool cooked_v2 = false;
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

Message ethernet_header(std::uint16_t type) {
  return ethernet_frame(type, {});
}
Message wlan_data(unsigned subtype, unsigned flags) {
  Message header = number(0x08 | subtype << 4, 1) + number(flags, 1) + fill(22, 2);
  if ((flags & 3) == 3) header = header + fill(6, 2);
  if ((subtype & 8) != 0) header = header + fill(2);
  if ((subtype & 8) != 0 && (flags & 0x80) != 0) header = header + fill(4);
  return header;
}
Message radiotap_header() {
  return message("0000 0c00 00000000 00000000");
}
const Message snap = message("aaaa03 000000 0800");

IpOptions carrying(std::uint8_t protocol) {
  IpOptions options;
  options.protocol = protocol;
  return options;
}
Ends tunnel_ends() {
  return {message("0a000001"), message("0a000002")};
}
Message tunnelled(std::uint8_t protocol, const Message& inner) {
  return ipv4_packet(tunnel_ends(), inner, carrying(protocol));
}
Message vxlan_over_udp(const Message& inner) {
  return tunnelled(17, udp_datagram(tunnel_ends(), 50000, 4789, message("08000000 00002a00") + inner));
}

std::vector<Case> cases() {
  return {
      {"Ethernet", {frame, ethernet, ethertype, ipv4, tcp}, ethernet_header(0x0800) + packet4()},
      {"EthernetIpv6", {frame, ethernet, ethertype, ipv6, tcp}, ethernet_header(0x86dd) + packet6(), true},
      {"EthernetPadded",
       {frame, ethernet, ethertype, ipv4, tcp},
       ethernet_header(0x0800) + packet4() + fill(9)},
      {"Vlan",
       {frame, ethernet, ethertype, vlan, ethertype, ipv4, tcp},
       ethernet_header(0x8100) + message("0064 0800") + packet4()},
      {"QinQ",
       {frame, ethernet, ethertype, service_vlan, ethertype, vlan, ethertype, ipv4, tcp},
       ethernet_header(0x88a8) + message("0064 8100 0065 0800") + packet4()},
      {"Snap", {frame, ethernet, llc, ipv4, tcp}, ethernet_header(97) + snap + packet4()},
      {"LlcWithoutSnap",
       {frame, ethernet, llc, ipv4, tcp},
       ethernet_header(92) + message("060603") + packet4()},
      {"LlcOfTwoControlBytes",
       {frame, ethernet, llc, ipv4, tcp},
       ethernet_header(93) + message("0606 0000") + packet4()},
      {"CookedV1",
       {frame, cooked, ethertype, ipv4, tcp},
       message("0000 0001 0006 0200000000010000 0800") + packet4()},
      {"CookedV2",
       {frame, cooked, ethertype, ipv4, tcp},
       message("0800 0000 0000002a 0001 00 06 0200000000010000") + packet4(),
       false,
       true},
      {"Null", {frame, Layer::null, ipv4, tcp}, message("02000000") + packet4()},
      {"Loop", {frame, loop, ipv4, tcp}, message("00000002") + packet4()},
      {"Raw", {frame, raw, ipv4, tcp}, packet4()},
      {"RawIpv6", {frame, raw, ipv6, tcp}, packet6(), true},
      {"Ppp", {frame, ppp, ipv4, tcp}, message("0021") + packet4()},
      {"PppOfOneByte", {frame, ppp, ipv4, tcp}, message("21") + packet4()},
      {"PppInHdlc", {frame, ppp, ipv4, tcp}, message("ff03 0021") + packet4()},
      {"PppOfOneByteInHdlc", {frame, ppp, ipv6, tcp}, message("ff03 57") + packet6(), true},
      {"Pppoe",
       {frame, ethernet, ethertype, pppoe_session, ppp, ipv4, tcp},
       ethernet_header(0x8864) + message("1100 0001 0047 0021") + packet4()},
      {"Mpls",
       {frame, ethernet, ethertype, mpls, ipv4, tcp},
       ethernet_header(0x8847) + message("00010140") + packet4()},
      {"MplsStack",
       {frame, ethernet, ethertype, mpls, ipv6, tcp},
       ethernet_header(0x8847) + message("00010040 00020040 00030140") + packet6(),
       true},
      {"Wlan", {frame, wlan, llc, ipv4, tcp}, wlan_data(0, 1) + snap + packet4()},
      {"WlanQos", {frame, wlan, llc, ipv4, tcp}, wlan_data(8, 1) + snap + packet4()},
      {"WlanQosHtControl", {frame, wlan, llc, ipv4, tcp}, wlan_data(8, 0x81) + snap + packet4()},
      {"WlanFourAddresses", {frame, wlan, llc, ipv4, tcp}, wlan_data(0, 3) + snap + packet4()},
      {"WlanFourAddressesQos", {frame, wlan, llc, ipv4, tcp}, wlan_data(8, 3) + snap + packet4()},
      {"Radiotap",
       {frame, radiotap, wlan_radio, wlan, llc, ipv4, tcp},
       radiotap_header() + wlan_data(8, 2) + snap + packet4() + fill(4)},
      {"IpInIp", {frame, raw, ipv4, ipv4, tcp}, tunnelled(4, packet4())},
      {"SixInFour", {frame, raw, ipv4, ipv6, tcp}, tunnelled(41, packet6()), true},
      {"FourInSix", {frame, raw, ipv6, ipv4, tcp}, ipv6_packet(ipv6_ends(), packet4(), carrying(4))},
      {"Gre", {frame, raw, ipv4, gre, ipv4, tcp}, tunnelled(47, message("0000 0800") + packet4())},
      {"GreWithChecksum",
       {frame, raw, ipv4, gre, ipv4, tcp},
       tunnelled(47, message("8000 0800 11110000") + packet4())},
      {"GreWithKey",
       {frame, raw, ipv4, gre, ipv4, tcp},
       tunnelled(47, message("2000 0800 00000001") + packet4())},
      {"GreWithSequenceNumber",
       {frame, raw, ipv4, gre, ipv4, tcp},
       tunnelled(47, message("1000 0800 00000001") + packet4())},
      {"GreWithAll",
       {frame, raw, ipv4, gre, ipv6, tcp},
       tunnelled(47, message("b000 86dd 11110000 00000001 00000002") + packet6()),
       true},
      {"GreWithAllOfIpv4",
       {frame, raw, ipv4, gre, ipv4, tcp},
       tunnelled(47, message("b000 0800 11110000 00000001 00000002") + packet4())},
      {"GreOfEthernet",
       {frame, raw, ipv4, gre, ethernet, ethertype, ipv4, tcp},
       tunnelled(47, message("0000 6558") + ethernet_header(0x0800) + packet4())},
      {"GreWithSourceRoute",
       {frame, raw, ipv4, gre, ipv4, tcp},
       tunnelled(47, message("4000 0800 00000000 0800 00 08 0a000003 0a000004 00000000") + packet4())},
      {"GreOfPptp",
       {frame, raw, ipv4, gre, ppp, ipv4, tcp},
       tunnelled(47, message("3001 880b 004d 0001 00000001 ff03 0021") + packet4())},
      {"UnknownEncapsulation",
       {frame, ethernet, ethertype, unknown, ipv4, tcp},
       ethernet_header(0x1234) + message("45000000 60000000 4142") + packet4()},
      {"UnknownEncapsulationIpv6",
       {frame, unknown, ipv6, tcp},
       message("60 45 00 11 22 33 44 55 66 77 88") + packet6(),
       true},
      {"WlanPaddedByTheDriver",
       {frame, radiotap, wlan_radio, wlan, llc, ipv4, tcp},
       radiotap_header() + wlan_data(8, 1) + fill(2) + snap + packet4()},
      {"CommentedPacket",
       {packet_comment, frame, ethernet, ethertype, ipv4, tcp},
       ethernet_header(0x0800) + packet4()},
  };
}

class Encapsulations : public ::testing::TestWithParam<Case> {
 protected:
  static OwnedFrame owned() {
    OwnedFrame whole(GetParam().layers, GetParam().bytes);
    whole.cooked_v2 = GetParam().cooked_v2;
    return whole;
  }
};

TEST_P(Encapsulations, ThePacketIsFound) {
  EXPECT_THAT(found(owned()), ElementsAre(GetParam().v6 ? tcp6 : tcp4));
}

/// A search takes no IPv4 header with a wrong checksum, so it cannot stand in for a link layer's reader.
TEST_P(Encapsulations, KnownOnesAreWalkedNotSearched) {
  for (const std::string_view searched :
       {"GreWithSourceRoute", "GreOfPptp", "UnknownEncapsulation", "WlanPaddedByTheDriver"})
    if (GetParam().name == searched) return;
  OwnedFrame damaged = owned();
  const Message header = part_of(packet4(), 0, 20);
  Message& bytes = damaged.bytes();
  const auto at = std::search(bytes.begin(), bytes.end(), header.begin(), header.end());
  if (at == bytes.end()) return;  // IPv6 has none
  *(at + 10) ^= 1;
  EXPECT_THAT(found(damaged), ElementsAre(tcp4));
}

TEST_P(Encapsulations, WhatIsFoundIsTheSegment) {
  const OwnedFrame whole = owned();
  const Packets packets = located(whole);
  ASSERT_EQ(packets.count, 1u);
  const Message expected = segment(GetParam().v6 ? ipv6_ends() : ipv4_ends());
  // The views are into `whole`, which lives on.
  const Bytes bytes = packets.packets[0].bytes;
  EXPECT_EQ(Message(bytes.begin(), bytes.end()), expected);
  EXPECT_EQ(packets.packets[0].hop_limit, 64);
  EXPECT_EQ(packets.packets[0].ip_id, GetParam().v6 ? 0 : 1);
}

TEST_P(Encapsulations, ACutFrameNeverGivesAWrongPacket) {
  const OwnedFrame whole = owned();
  const Message expected = segment(GetParam().v6 ? ipv6_ends() : ipv4_ends());
  for (std::size_t size = 0; size < whole.sources[0].bytes.size(); ++size) {
    const OwnedFrame cut = whole.cut(size);
    const Packets packets = located(cut);
    ASSERT_LE(packets.count, 1u) << "cut to " << size;
    if (packets.count == 0) continue;
    const Packet& packet = packets.packets[0];
    EXPECT_EQ(to_text(packet.source), GetParam().v6 ? "2001:db8::1" : "192.0.2.1") << "cut to " << size;
    EXPECT_EQ(packet.length, expected.size()) << "cut to " << size;
    ASSERT_LE(packet.bytes.size(), expected.size());
    EXPECT_TRUE(std::equal(packet.bytes.begin(), packet.bytes.end(), expected.begin())) << "cut to " << size;
  }
}

/// Whatever the bytes: every packet lies in the frame.
TEST_P(Encapsulations, ChangedBytesNeverLeadAstray) {
  const OwnedFrame whole = owned();
  for_each_mutation(whole.sources[0].bytes, 300, [&](const Message& mutated) {
    OwnedFrame changed = whole;
    changed.sources[0].bytes = mutated;
    const Packets packets = located(changed);
    ASSERT_LE(packets.count, Packets::most);
    for (const Packet& packet : packets.all()) {
      ASSERT_GE(packet.length, packet.bytes.size());
      if (packet.bytes.empty()) continue;
      ASSERT_GE(packet.bytes.data(), changed.sources[0].bytes.data());
      ASSERT_LE(packet.bytes.data() + packet.bytes.size(),
                changed.sources[0].bytes.data() + changed.sources[0].bytes.size());
    }
  });
}

TEST_P(Encapsulations, WithoutItsLayersNothingIsFound) {
  OwnedFrame bare = owned();
  bare.layers = {frame, ethernet, unknown};
  EXPECT_THAT(found(bare), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(Wire, Encapsulations, ::testing::ValuesIn(cases()),
                         [](const auto& one) { return one.param.name; });

// Wireshark 4.4 lists mpls, tcp.
TEST(Locate, IpThatWiresharkDoesNotList) {
  const Message label = message("00064140");
  EXPECT_THAT(found({{frame, ethernet, ethertype, mpls, tcp}, ethernet_header(0x8847) + label + packet4()}),
              ElementsAre(tcp4));
  EXPECT_THAT(found({{frame, ethernet, ethertype, mpls, tcp}, ethernet_header(0x8847) + label + packet6()}),
              ElementsAre(tcp6));
  EXPECT_THAT(found({{frame, ethernet, ethertype, mpls, udp}, ethernet_header(0x8847) + label + packet4()}),
              IsEmpty())
      << "it carries something else";
}

TEST(Locate, CookedV2TellsItsInterface) {
  OwnedFrame cooked_frame({frame, cooked, ethertype, ipv4, tcp},
                          message("0800 0000 0000002a 0001 00 06 0200000000010000") + packet4());
  cooked_frame.cooked_v2 = true;
  EXPECT_EQ(located(cooked_frame).ifindex, 42u);
  cooked_frame.cooked_v2 = false;
  EXPECT_EQ(located(cooked_frame).ifindex, 0u);
  cooked_frame.cooked_v2 = true;
  EXPECT_EQ(located(cooked_frame.cut(7)).ifindex, 0u);
}

TEST(Locate, VxlanHasAnOuterAndAnInnerPacket) {
  EXPECT_THAT(found({{frame, raw, ipv4, udp, vxlan, ethernet, ethertype, ipv4, tcp},
                     vxlan_over_udp(ethernet_header(0x0800) + packet4())}),
              ElementsAre("udp 10.0.0.1 > 10.0.0.2 99", tcp4));
}

// --- tunnels --------------------------------------------------------------------------------------------

/// The carrier of the last packet: `GRE 10.0.0.1–10.0.0.2`, or nothing.
std::string carrier_of(const OwnedFrame& frame) {
  const Packets packets = located(frame);
  if (packets.count == 0) return "no packet";
  const Carrier& carrier = packets.packets[packets.count - 1].carrier;
  return carrier.is_tunnel ? journeys::text_of(carrier, true) : "";
}

TEST(Carriers, WhatHasAnIpHeaderOfItsOwn) {
  const std::vector<std::pair<Case, std::string>> cases = {
      {{"", {frame, raw, ipv4, ipv4, tcp}, tunnelled(4, packet4())}, "IP in IP 10.0.0.1–10.0.0.2"},
      {{"", {frame, raw, ipv4, ipv6, tcp}, tunnelled(41, packet6())}, "6in4 10.0.0.1–10.0.0.2"},
      {{"", {frame, raw, ipv6, ipv4, tcp}, ipv6_packet(ipv6_ends(), packet4(), carrying(4))},
       "4in6 2001:db8::1–2001:db8:1::2"},
      {{"", {frame, raw, ipv4, gre, ipv4, tcp}, tunnelled(47, message("0000 0800") + packet4())},
       "GRE 10.0.0.1–10.0.0.2"},
      {{"",
        {frame, raw, ipv4, gre, ethernet, ethertype, ipv4, tcp},
        tunnelled(47, message("0000 6558") + ethernet_header(0x0800) + packet4())},
       "GRE 10.0.0.1–10.0.0.2"},
      {{"",
        {frame, raw, ipv4, udp, vxlan, ethernet, ethertype, ipv4, tcp},
        vxlan_over_udp(ethernet_header(0x0800) + packet4())},
       "VXLAN 10.0.0.1–10.0.0.2"},
      {{"",
        {frame, raw, ipv4, udp, unknown, ipv4, tcp},
        tunnelled(17, udp_datagram(tunnel_ends(), 50000, 4711, message("4142") + packet4()))},
       "tunnel 10.0.0.1–10.0.0.2"},
      {{"", {frame, ethernet, ethertype, ipv4, tcp}, ethernet_header(0x0800) + packet4()}, ""},
      {{"",
        {frame, ethernet, ethertype, mpls, ipv4, tcp},
        ethernet_header(0x8847) + message("00010140") + packet4()},
       ""},
  };
  for (const auto& [one, expected] : cases) EXPECT_EQ(carrier_of({one.layers, one.bytes}), expected);
}

TEST(Carriers, ThePacketThatCarriesHasNone) {
  const OwnedFrame frame_in_vxlan({frame, raw, ipv4, udp, vxlan, ethernet, ethertype, ipv4, tcp},
                                  vxlan_over_udp(ethernet_header(0x0800) + packet4()));
  const Packets packets = located(frame_in_vxlan);
  ASSERT_EQ(packets.count, 2u);
  EXPECT_FALSE(packets.packets[0].carrier.is_tunnel);
  EXPECT_TRUE(packets.packets[1].carrier.is_tunnel);
}

TEST(Locate, GeneveWithOptions) {
  for (const unsigned words : {0U, 1U, 3U}) {
    const Message header = number(words, 1) + message("00 6558 00002b 00") + fill(4 * words, 0x45);
    const Message arp_request = message("0001 0800 06 04 0001 020000000001 c0000201 000000000000 c6336402");
    const auto carry = [&](const Message& inner) {
      return tunnelled(17, udp_datagram(tunnel_ends(), 50000, 6081, header + inner));
    };
    EXPECT_THAT(found({{frame, raw, ipv4, udp, geneve, ethernet, ethertype, ipv4, tcp},
                       carry(ethernet_header(0x0800) + packet4())}),
                ElementsAre(::testing::StartsWith("udp "), tcp4))
        << words;
    EXPECT_THAT(found({{frame, raw, ipv4, udp, geneve, ethernet, ethertype, arp},
                       carry(ethernet_header(0x0806) + arp_request)}),
                ElementsAre(::testing::StartsWith("udp "), "arp 28"))
        << words;
  }
}

TEST(Locate, WhatWiresharkFoundAboveBelongsToItsPacket) {
  OwnedFrame two({frame, raw, ipv4, udp, vxlan, ethernet, ethertype, ipv4, tcp, http},
                 vxlan_over_udp(ethernet_header(0x0800) + packet4()));
  const Packets packets = located(two);
  ASSERT_EQ(packets.count, 2u);
  EXPECT_TRUE(packets.packets[0].above.empty());
  EXPECT_TRUE(packets.packets[1].above.has(http));
}

TEST(Locate, ArpBehindLinkLayers) {
  const Message request = message("0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202");
  EXPECT_THAT(found({{frame, ethernet, ethertype, arp}, ethernet_header(0x0806) + request}),
              ElementsAre("arp 28"));
  EXPECT_THAT(found({{frame, ethernet, ethertype, vlan, ethertype, arp},
                     ethernet_header(0x8100) + message("0064 0806") + request}),
              ElementsAre("arp 28"));
}

/// RFC 2516 4. A device had counted Ethernet's padding into IP's length.
TEST(Locate, PppoeTellsWherePaddingBegins) {
  const Message packet = ipv4_packet(ipv4_ends(), tcp_segment(ipv4_ends(), {}) + fill(6), {});
  const Layers layers = {frame, ethernet, ethertype, pppoe_session, ppp, ipv4, tcp};
  const auto of_length = [&](std::string_view length) {
    return found({layers, ethernet_header(0x8864) + message("1100 0001") + message(length) + message("0021") +
                              packet});
  };
  EXPECT_THAT(of_length("002a"), ElementsAre("tcp 192.0.2.1 > 198.51.100.2 20"));
  EXPECT_THAT(of_length("0030"), ElementsAre("tcp 192.0.2.1 > 198.51.100.2 26"));
  EXPECT_THAT(of_length("ffff"), ElementsAre("tcp 192.0.2.1 > 198.51.100.2 26"));
  EXPECT_THAT(of_length("0000"), IsEmpty());
}

TEST(Locate, ArpBehindAnUnknownHeader) {
  const auto behind = [](const Message& arp_message) {
    return found(
        {{frame, ethernet, unknown, arp}, ethernet_header(0x1234) + message("0001 08") + arp_message});
  };
  const Message request = message("0001 0800 06 04 0001 020000000001 c0000201 000000000000 c0000202");
  EXPECT_THAT(behind(request), ElementsAre("arp 28"));
  for (std::size_t size = 0; size < request.size(); ++size)
    EXPECT_THAT(behind(Message(request.begin(), request.begin() + static_cast<std::ptrdiff_t>(size))),
                IsEmpty())
        << size;
  EXPECT_THAT(behind(message("0001 0800 06 04 0000 020000000001 c0000201 000000000000 c0000202")), IsEmpty())
      << "no opcode";
  // Nothing proves other addresses.
  EXPECT_THAT(behind(message("0007 0800 01 04 0001 01 c0000201 00 c0000202") + fill(8)), IsEmpty());
}

// -- several packets in a frame
// -----------------------------------------------------------------------------------------------------

TEST(Locate, PacketsSideBySide) {
  // An aggregate of 802.11 (A-MSDU): subframes with headers that are not read here.
  const Message subframe_header = fill(12, 2) + message("0061") + snap;
  const Message second = ipv4_packet(ipv4_ends().reversed(), segment(ipv4_ends().reversed()));
  EXPECT_THAT(found({{frame, wlan, unknown, llc, ipv4, tcp, llc, ipv4, tcp},
                     wlan_data(8, 1) + subframe_header + packet4() + fill(3) + subframe_header + second}),
              ElementsAre(tcp4, "tcp 198.51.100.2 > 192.0.2.1 49"));
}

TEST(Locate, NoMorePacketsThanThereIsRoomFor) {
  Message bytes;
  Layers layers = {frame, raw};
  for (int i = 0; i < 12; ++i) {
    bytes = bytes + packet4();
    layers.push_back(ipv4);
    layers.push_back(tcp);
  }
  EXPECT_EQ(found({layers, bytes}).size(), Packets::most);
}

TEST(Locate, QuotedPacketsWereNotSent) {
  const Message quoted = message("0b00 0000 00000000") + packet4();
  EXPECT_THAT(found({{frame, raw, ipv4, icmp, ipv4, tcp}, tunnelled(1, quoted)}), IsEmpty());
  const Message icmp6 = ipv6_packet(ipv6_ends(), message("0100 0000 00000000") + packet6(), carrying(58));
  EXPECT_THAT(found({{frame, raw, ipv6, icmpv6, ipv6, tcp}, icmp6}),
              ElementsAre("icmpv6 2001:db8::1 > 2001:db8:1::2 97"));
}

// -- what Wireshark made of the frame
// ------------------------------------------------------------------------------------------------

TEST(Locate, FragmentsThatWereNotPutTogether) {
  const Message first = part_of(segment(), 0, 24), second = part_of(segment(), 24, 25);
  IpOptions options;
  options.fragment = 0x2000;
  const Message head = ipv4_packet(ipv4_ends(), first, options);
  EXPECT_THAT(found({{frame, raw, ipv4, tcp}, head}),
              ElementsAre("tcp 192.0.2.1 > 198.51.100.2 24 fragment"));
  options.fragment = 3;
  const Message tail = ipv4_packet(ipv4_ends(), second, options);
  EXPECT_THAT(found({{frame, raw, ipv4}, tail}), IsEmpty());
  EXPECT_THAT(found({{frame, raw, ipv4, tcp}, tail}), IsEmpty()) << "the middle of something";
}

TEST(Locate, ReassembledPacketsAreReadWhereTheyWereMade) {
  IpOptions options;
  options.fragment = 3;
  OwnedFrame last({frame, ethernet, ethertype, ipv4, tcp},
                  ethernet_ip(ipv4_ends(), part_of(segment(), 24, 25), options));
  last.add_source(segment(), "Reassembled IPv4 (49 bytes)");
  EXPECT_THAT(found(last), ElementsAre(tcp4));
  last.sources[1].name = "Reassembled TCP (49 bytes)";
  EXPECT_THAT(found(last), IsEmpty()) << "another buffer";

  const Message fragment = ipv6_packet(
      ipv6_ends(), message("06 00 0018 00000001") + part_of(segment(ipv6_ends()), 24, 25), carrying(44));
  OwnedFrame last6({frame, raw, ipv6, fragment_header, tcp}, fragment);
  EXPECT_THAT(found(last6), IsEmpty());
  last6.add_source(segment(ipv6_ends()), "Reassembled IPv6 (49 bytes)");
  EXPECT_THAT(found(last6), ElementsAre(tcp6));
}

TEST(Locate, DecryptedPacketsAreReadWhereTheyWereDecrypted) {
  // Data under WPA: the protected bit.
  OwnedFrame protected_frame({frame, wlan, llc, ipv4, tcp}, wlan_data(8, 0x41) + fill(105, 0x5a));
  EXPECT_THAT(found(protected_frame), IsEmpty());
  protected_frame.add_source(snap + packet4(), "Decrypted CCMP data");
  EXPECT_THAT(found(protected_frame), ElementsAre(tcp4));

  // A tunnel that has no reader here.
  OwnedFrame tunnel({frame, raw, ipv4, udp, wireguard, ipv4, tcp},
                    tunnelled(17, udp_datagram(tunnel_ends(), 51820, 51820, fill(120, 0x5a))));
  EXPECT_THAT(found(tunnel), ElementsAre("udp 10.0.0.1 > 10.0.0.2 128"));
  tunnel.add_source(packet4() + fill(7), "Decrypted Packet");
  EXPECT_THAT(found(tunnel), ElementsAre("udp 10.0.0.1 > 10.0.0.2 128", tcp4));
}

// -- IP headers
// ----------------------------------------------------------------------------------------------------------

TEST(Locate, Ipv6ExtensionHeaders) {
  const auto with_headers = [](std::uint8_t first, const Message& headers) {
    return found({{frame, raw, ipv6, hop_by_hop, tcp},
                  ipv6_packet(ipv6_ends(), headers + segment(ipv6_ends()), carrying(first))});
  };
  const Message filling = fill(6, 1);
  EXPECT_THAT(with_headers(0, message("06 00") + filling), ElementsAre(tcp6)) << "hop by hop";
  EXPECT_THAT(with_headers(43, message("06 01") + filling + fill(8)), ElementsAre(tcp6)) << "routing";
  EXPECT_THAT(with_headers(60, message("06 00") + filling), ElementsAre(tcp6)) << "destination options";
  EXPECT_THAT(with_headers(51, message("06 04") + fill(22)), ElementsAre(tcp6)) << "authentication";
  EXPECT_THAT(with_headers(135, message("06 00") + filling), ElementsAre(tcp6)) << "mobility";
  EXPECT_THAT(with_headers(44, message("06 00 0000 00000001")), ElementsAre(tcp6)) << "atomic fragment";
  EXPECT_THAT(with_headers(44, message("06 00 0001 00000001")), ElementsAre(tcp6 + " fragment"));
  EXPECT_THAT(
      with_headers(0, message("3c 00") + filling + message("2b 00") + filling + message("06 00") + filling),
      ElementsAre(tcp6))
      << "a chain";
  EXPECT_THAT(with_headers(0, message("06 ff") + filling), IsEmpty()) << "longer than the packet";
  EXPECT_THAT(with_headers(0, message("3b 00") + filling), IsEmpty()) << "no next header";
  Message endless;
  for (int i = 0; i < 100; ++i) endless = endless + message("3c 00") + filling;
  EXPECT_THAT(with_headers(60, endless), IsEmpty());
}

TEST(Locate, Ipv4OptionsAndAuthentication) {
  Message with_options = packet4();
  with_options[0] = 0x46;
  with_options.insert(with_options.begin() + 20, {1, 1, 1, 1});
  with_options[3] = static_cast<std::uint8_t>(with_options[3] + 4);
  EXPECT_THAT(found({{frame, raw, ipv4, tcp}, with_options}), ElementsAre(tcp4));
  EXPECT_THAT(found({{frame, raw, ipv4, authentication_header, tcp},
                     ipv4_packet(ipv4_ends(), message("06 04") + fill(22) + segment(), carrying(51))}),
              ElementsAre(tcp4));
}

TEST(Locate, LengthsThatAreLeftToTheNetworkCard) {
  Message zero = packet4();
  zero[2] = zero[3] = 0;
  EXPECT_THAT(found({{frame, ethernet, ethertype, ipv4, tcp}, ethernet_header(0x0800) + zero}),
              ElementsAre(tcp4));
  Message zero6 = packet6();
  zero6[4] = zero6[5] = 0;
  EXPECT_THAT(found({{frame, ethernet, ethertype, ipv6, tcp}, ethernet_header(0x86dd) + zero6}),
              ElementsAre(tcp6));
}

TEST(Locate, Jumbogram) {
  const Message much = fill(70'000, 0x80);
  const Message jumbo_segment = tcp_segment(ipv6_ends(), {}, much);
  Message jumbo = ipv6_packet(
      ipv6_ends(), message("06 00 c2 04") + number(8 + jumbo_segment.size(), 4) + jumbo_segment, carrying(0));
  jumbo[4] = jumbo[5] = 0;
  EXPECT_THAT(found({{frame, raw, ipv6, hop_by_hop, tcp}, jumbo}),
              ElementsAre("tcp 2001:db8::1 > 2001:db8:1::2 70020"));
}

TEST(Locate, LengthsThatTheFrameCannotHold) {
  Message longer = packet4();
  longer[2] = 0x7f;
  EXPECT_THAT(found({{frame, raw, ipv4, tcp}, longer}), ElementsAre(tcp4));
  Message shorter = packet4();
  shorter[2] = 0, shorter[3] = 19;
  EXPECT_THAT(found({{frame, raw, ipv4, tcp}, shorter}), IsEmpty()) << "shorter than its header";
}

TEST(Locate, ASnappedFrameTellsItsLengthOnTheWire) {
  OwnedFrame snapped({frame, ethernet, ethertype, ipv4, tcp}, ethernet_header(0x0800) + packet4());
  EXPECT_THAT(found(snapped.cut(60)), ElementsAre("tcp 192.0.2.1 > 198.51.100.2 26 of 49"));
}

TEST(Locate, AnotherProtocolThanWiresharkFoundIsNone) {
  EXPECT_THAT(found({{frame, raw, ipv4, udp}, packet4()}), IsEmpty());
  EXPECT_THAT(found({{frame, raw, ipv6, tcp}, packet4()}), IsEmpty());
}

TEST(Locate, ASearchedHeaderProvesItself) {
  Message wrong_checksum = packet4();
  wrong_checksum[10] ^= 1;
  EXPECT_THAT(found({{frame, unknown, ipv4, tcp}, message("aabb") + wrong_checksum}), IsEmpty());
  Message offloaded = packet4();
  offloaded[10] = offloaded[11] = 0;
  EXPECT_THAT(found({{frame, unknown, ipv4, tcp}, message("aabb") + offloaded}), ElementsAre(tcp4));
  Message too_long = packet6();
  too_long[4] = 0x10;
  EXPECT_THAT(found({{frame, unknown, ipv6, tcp}, message("aabb") + too_long}), IsEmpty());
  EXPECT_THAT(found({{frame, unknown, ipv4, udp}, message("aabb") + packet4()}), IsEmpty())
      << "it carries something else";
}

}  // namespace
}  // namespace humantime::wire
