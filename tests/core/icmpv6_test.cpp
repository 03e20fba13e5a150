// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/icmpv6.h"

#include <gtest/gtest.h>

#include "message.h"

namespace humantime::wire {
namespace {

std::optional<Phase> phase_in(const Message& packet) {
  const auto icmp = read_icmpv6(packet);
  return icmp ? phase_of(*icmp) : std::nullopt;
}

// Type, code, checksum, then what RFC 4861 section 4 gives each.
const Message router_solicitation = message("85 00 7bb8 00000000");
// Hop limit 64, router lifetime 1800 s, source link-layer address.
const Message router_advertisement = message("86 00 0000 40 00 0708 00000000 00000000 01 01 525400123502");
const Message solicitation =
    message("87 00 7d1b 00000000 fd000000000000000000000000000003 01 01 525400123502");
const Message advertisement =
    message("88 00 9f33 60000000 fd000000000000000000000000000003 02 01 525400123503");

TEST(Icmpv6, Phases) {
  EXPECT_EQ(phase_in(router_solicitation), Phase::ndp_router_solicitation);
  EXPECT_EQ(phase_in(router_advertisement), Phase::ndp_router_advertisement);
  EXPECT_EQ(phase_in(solicitation), Phase::ndp_solicitation);
  EXPECT_EQ(phase_in(advertisement), Phase::ndp_advertisement);
}

TEST(Icmpv6, NeighborMessagesHaveATarget) {
  for (const Message& packet : {solicitation, advertisement}) {
    const auto icmp = read_icmpv6(packet);
    ASSERT_TRUE(icmp);
    ASSERT_EQ(icmp->target.size(), 16U);
    EXPECT_EQ(icmp->target.data(), packet.data() + 8);
  }
  EXPECT_TRUE(read_icmpv6(router_advertisement)->target.empty());
}

TEST(Icmpv6, OtherMessagesHaveNoPhase) {
  // Unreachable, echo request and reply, MLD report, redirect, types about the four.
  for (const unsigned type : {0, 1, 128, 129, 131, 132, 137, 143, 255}) {
    const Message packet = with(advertisement, 0, type);
    EXPECT_FALSE(phase_in(packet)) << type;
    EXPECT_TRUE(read_icmpv6(packet)->target.empty());
  }
}

TEST(Icmpv6, CodeMustBeZero) {
  for (const Message& packet : {router_solicitation, router_advertisement, solicitation, advertisement})
    EXPECT_FALSE(phase_in(with(packet, 1, 1)));
}

TEST(Icmpv6, SmallestLengths) {
  const struct {
    Message packet;
    std::size_t smallest;
  } rows[] = {{router_solicitation, 8}, {router_advertisement, 16}, {solicitation, 24}, {advertisement, 24}};
  for (const auto& row : rows) {
    for_each_prefix(row.packet, [&](const Message& cut) {
      EXPECT_EQ(phase_in(cut), cut.size() < row.smallest ? std::nullopt : phase_in(row.packet)) << cut.size();
    });
  }
}

// Snapped at 60 bytes, behind Ethernet and IPv6: six bytes are left, the length is known from the header.
TEST(Icmpv6, CutByTheCapture) {
  const auto icmp = read_icmpv6(Bytes(solicitation).first(6), solicitation.size());
  ASSERT_TRUE(icmp);
  EXPECT_EQ(phase_of(*icmp), Phase::ndp_solicitation);
  EXPECT_TRUE(icmp->target.empty());
  EXPECT_FALSE(read_icmpv6(Bytes(solicitation).first(1), solicitation.size()));
}

// Padding behind the IPv6 payload is no part of the message.
TEST(Icmpv6, ReadsNoFurtherThanItsLength) {
  const auto icmp = read_icmpv6(solicitation, 20);
  ASSERT_TRUE(icmp);
  EXPECT_FALSE(phase_of(*icmp));
  EXPECT_TRUE(icmp->target.empty());
}

TEST(Icmpv6, MutationsAreStood) {
  for_each_mutation(advertisement, 20000, [](const Message& mutated) { phase_in(mutated); });
}

}  // namespace
}  // namespace humantime::wire
