// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/arp.h"

#include <gtest/gtest.h>

#include "message.h"

namespace humantime::wire {
namespace {

std::optional<Phase> phase_in(const Message& packet) {
  const auto arp = read_arp(packet);
  return arp ? phase_of(*arp) : std::nullopt;
}

// Ethernet, IPv4, sizes 6 and 4, opcode, sender, target.
const Message request = message("0001 0800 06 04 0001 52540012350a 0a000002 000000000000 0a000003");
const Message reply = message("0001 0800 06 04 0002 525400123503 0a000003 52540012350a 0a000002");
// RFC 5227 2.1.1: who has 10.0.0.3? I have no address yet.
const Message probe = message("0001 0800 06 04 0001 525400123503 00000000 000000000000 0a000003");
// RFC 5227 2.3: who has 10.0.0.3? I do.
const Message announcement = message("0001 0800 06 04 0001 525400123503 0a000003 000000000000 0a000003");
const Message gratuitous_reply = message("0001 0800 06 04 0002 525400123503 0a000003 ffffffffffff 0a000003");

TEST(Arp, FactsAreTheBytes) {
  const auto arp = read_arp(reply);
  ASSERT_TRUE(arp);
  EXPECT_EQ(arp->hardware_type, 1);
  EXPECT_EQ(arp->protocol_type, 0x0800);
  EXPECT_EQ(arp->opcode, 2);
  EXPECT_EQ(arp->sender_hardware.data(), reply.data() + 8);
  EXPECT_EQ(arp->sender_hardware.size(), 6U);
  EXPECT_EQ(arp->sender_protocol.data(), reply.data() + 14);
  EXPECT_EQ(arp->sender_protocol.size(), 4U);
  EXPECT_EQ(arp->target_hardware.data(), reply.data() + 18);
  EXPECT_EQ(arp->target_protocol.data(), reply.data() + 24);
  EXPECT_EQ(arp->target_protocol.size(), 4U);
}

TEST(Arp, Phases) {
  EXPECT_EQ(phase_in(request), Phase::arp_request);
  EXPECT_EQ(phase_in(reply), Phase::arp_reply);
  EXPECT_EQ(phase_in(probe), Phase::arp_probe);
  EXPECT_EQ(phase_in(announcement), Phase::arp_announcement);
  EXPECT_EQ(phase_in(gratuitous_reply), Phase::arp_announcement);
}

TEST(Arp, PaddingIsIgnored) {
  EXPECT_EQ(phase_in(request + fill(18)), Phase::arp_request);
}

TEST(Arp, ProbeForNoAddressIsAProbe) {
  EXPECT_EQ(phase_in(message("0001 0800 06 04 0001 525400123503 00000000 000000000000 00000000")),
            Phase::arp_probe);
}

TEST(Arp, ReplyFromNoAddressIsNoProbe) {
  EXPECT_EQ(phase_in(message("0001 0800 06 04 0002 525400123503 00000000 52540012350a 0a000002")),
            Phase::arp_reply);
}

TEST(Arp, OtherOpcodesHaveNoPhase) {
  // 3, 4: RARP; 8, 9: InARP; 10: ARP-NAK; and what nobody has defined.
  for (const unsigned opcode : {0, 3, 4, 5, 8, 9, 10, 25, 255})
    EXPECT_FALSE(phase_in(with(request, 7, opcode))) << opcode;
  EXPECT_FALSE(phase_in(with(request, 6, 1))) << "257";
}

TEST(Arp, OtherAddressSizes) {
  // IEEE 1394 (RFC 2734): hardware addresses of 16 bytes.
  EXPECT_EQ(phase_in(message("0018 0800 10 04 0001") + fill(16, 1) + message("0a000002") + fill(16) +
                     message("0a000003")),
            Phase::arp_request);
  // ARCNET: of one byte.
  EXPECT_EQ(phase_in(message("0007 0800 01 04 0002 07 0a000003 09 0a000002")), Phase::arp_reply);
  // Without hardware addresses.
  EXPECT_EQ(phase_in(message("0001 0800 00 04 0001 0a000003 0a000003")), Phase::arp_announcement);
}

TEST(Arp, OtherProtocolsHaveNeitherProbeNorAnnouncement) {
  // Chaosnet, addresses of two bytes: zero, equal.
  EXPECT_EQ(phase_in(message("0001 0804 06 02 0001 525400123503 0000 000000000000 0102")),
            Phase::arp_request);
  EXPECT_EQ(phase_in(message("0001 0804 06 02 0002 525400123503 0102 000000000000 0102")), Phase::arp_reply);
  // No protocol address: both are empty and so equal.
  EXPECT_EQ(phase_in(message("0001 0804 06 00 0001 525400123503 000000000000")), Phase::arp_request);
}

TEST(Arp, Ipv4OfAnotherSizeHasNoPhase) {
  EXPECT_FALSE(phase_in(message("0001 0800 06 00 0001 525400123503 000000000000")));
  EXPECT_FALSE(phase_in(message("0001 0800 06 06 0001 525400123503 0a0000020000 000000000000 0a0000030000")));
}

TEST(Arp, AtmIsLaidOutOtherwise) {
  // RFC 2225: request, sender's ATM number and IPv4 address, target's IPv4 address.
  EXPECT_FALSE(phase_in(message("0013 0800 14 00 0001 04 14 00 04") + fill(20, 0x47) + message("0a000002") +
                        fill(20) + message("0a000003")));
}

TEST(Arp, CutPacketsHaveNoPhase) {
  for (const Message& whole : {request, reply, probe, announcement, gratuitous_reply})
    for_each_prefix(whole, [](const Message& cut) { EXPECT_FALSE(phase_in(cut)) << cut.size(); });
}

TEST(Arp, MutationsAreStood) {
  for_each_mutation(request, 20000, [](const Message& mutated) { phase_in(mutated); });
}

}  // namespace
}  // namespace humantime::wire
