// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dhcpv6.h"

#include <gtest/gtest.h>

#include "message.h"

namespace humantime::wire {
namespace {

std::optional<Phase> phase_in(const Message& packet) {
  const auto dhcp = read_dhcpv6(packet);
  return dhcp ? phase_of(*dhcp) : std::nullopt;
}

// Type, transaction, then the options client identifier (1) and elapsed time (8).
const Message solicit = message("01 10f5b3 0001 000a 00030001525400123502 0008 0002 0000");

/// A relay message: type, hop count, link and peer address, interface identifier (18), relay message (9).
Message relay(unsigned type, const Message& inner) {
  Message packet = with(message("0c 00"), 0, type) + fill(16, 0xfd) + fill(16, 0xfe) +
                   message("0012 0003 'ge0' 0009 0000");
  packet[packet.size() - 2] = static_cast<std::uint8_t>(inner.size() >> 8);
  packet[packet.size() - 1] = static_cast<std::uint8_t>(inner.size());
  return packet + inner;
}

TEST(Dhcpv6, Phases) {
  EXPECT_EQ(phase_in(solicit), Phase::dhcp_discover);
  EXPECT_EQ(phase_in(message("02 10f5b3")), Phase::dhcp_offer);
  EXPECT_EQ(phase_in(message("03 10f5b3")), Phase::dhcp_request);
  EXPECT_EQ(phase_in(message("07 10f5b3")), Phase::dhcp_ack);
  // Confirm, renew, rebind, release, decline, reconfigure, information-request, and beyond.
  for (const unsigned type : {0, 4, 5, 6, 8, 9, 10, 11, 14, 20, 255}) {
    const Message packet = with(solicit, 0, type);
    EXPECT_FALSE(phase_in(packet)) << type;
    EXPECT_EQ(read_dhcpv6(packet)->message_type, type);
  }
}

TEST(Dhcpv6, Relayed) {
  const auto once = read_dhcpv6(relay(12, solicit));
  ASSERT_TRUE(once);
  EXPECT_EQ(once->message_type, 1);
  EXPECT_EQ(once->transaction, 0x10f5b3U);
  EXPECT_EQ(once->relays, 1);
  EXPECT_EQ(phase_of(*once), Phase::dhcp_discover);
  EXPECT_EQ(phase_in(relay(13, relay(13, message("07 10f5b3")))), Phase::dhcp_ack);
  EXPECT_FALSE(phase_in(relay(12, message("05 10f5b3"))));
}

TEST(Dhcpv6, RelayThatCarriesNothing) {
  EXPECT_FALSE(phase_in(relay(12, {})));
  EXPECT_FALSE(phase_in(message("0c 00") + fill(32)));
  EXPECT_FALSE(phase_in(message("0c 00") + fill(32) + message("0012 0003 'ge0'")));
  EXPECT_FALSE(phase_in(message("0c 00") + fill(32) + message("0012 ffff 'ge0'")));
}

TEST(Dhcpv6, RelaysAreBounded) {
  Message packet = solicit;
  for (int i = 0; i < 32; ++i) packet = relay(12, packet);
  EXPECT_EQ(phase_in(packet), Phase::dhcp_discover);
  EXPECT_FALSE(phase_in(relay(12, packet)));
}

TEST(Dhcpv6, CutMessages) {
  for_each_prefix(solicit, [](const Message& cut) {
    EXPECT_EQ(phase_in(cut), cut.size() < 4 ? std::nullopt : std::optional(Phase::dhcp_discover))
        << cut.size();
  });
  const Message relayed = relay(12, relay(12, solicit));
  const std::size_t told = relayed.size() - solicit.size() + 4;
  for_each_prefix(relayed, [&](const Message& cut) {
    EXPECT_EQ(phase_in(cut), cut.size() < told ? std::nullopt : std::optional(Phase::dhcp_discover))
        << cut.size();
  });
}

TEST(Dhcpv6, MutationsAreStood) {
  for_each_mutation(relay(12, relay(12, solicit)), 20000, [](const Message& mutated) { phase_in(mutated); });
}

}  // namespace
}  // namespace humantime::wire
