// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dhcp.h"

#include <gtest/gtest.h>

#include "message.h"

namespace humantime::wire {
namespace {

std::optional<Phase> phase_in(const Message& packet) {
  const auto dhcp = read_dhcp(packet);
  return dhcp ? phase_of(*dhcp) : std::nullopt;
}

// op, Ethernet, size 6, hops, transaction, seconds, flags, four addresses, the client's hardware address,
// then sname and file, all without the cookie.
Message bootp(unsigned op, const Message& sname = {}, const Message& file = {}) {
  const Message packet =
      message("01 01 06 00 3903f326 0000 0000 00000000 00000000 00000000 00000000 525400123502") + fill(10);
  return with(packet, 0, op) + sname + fill(64 - sname.size()) + file + fill(128 - file.size());
}

const Message cookie = message("63825363");

TEST(Dhcp, FactsAreTheBytes) {
  const auto dhcp = read_dhcp(bootp(2) + cookie + message("35 01 05 ff"));
  ASSERT_TRUE(dhcp);
  EXPECT_EQ(dhcp->op, 2);
  EXPECT_EQ(dhcp->transaction, 0x3903f326U);
  EXPECT_EQ(dhcp->message_type, 5);
}

TEST(Dhcp, Phases) {
  // Options 53, 55 (parameters asked for), end.
  EXPECT_EQ(phase_in(bootp(1) + cookie + message("35 01 01 37 02 01 03 ff")), Phase::dhcp_discover);
  EXPECT_EQ(phase_in(bootp(2) + cookie + message("35 01 02 ff")), Phase::dhcp_offer);
  EXPECT_EQ(phase_in(bootp(1) + cookie + message("35 01 03 ff")), Phase::dhcp_request);
  EXPECT_EQ(phase_in(bootp(2) + cookie + message("35 01 05 ff")), Phase::dhcp_ack);
  // Decline, nak, release, inform, and the types of RFC 3203, 4388, 6926, 7724.
  for (const unsigned type : {0, 4, 6, 7, 8, 9, 10, 13, 18, 255}) {
    const Message packet = with(bootp(1) + cookie + message("35 01 00 ff"), 242, type);
    EXPECT_FALSE(phase_in(packet)) << type;
    EXPECT_EQ(read_dhcp(packet)->message_type, type);
  }
}

TEST(Dhcp, OptionsBeforeAndPadding) {
  // Pads, option 54 (server), option 12 (host name) of no bytes, then 53.
  EXPECT_EQ(phase_in(bootp(2) + cookie + message("00 00 36 04 0a000002 00 0c 00 35 01 02 ff")),
            Phase::dhcp_offer);
}

TEST(Dhcp, BootpHasNoPhase) {
  EXPECT_FALSE(phase_in(bootp(1)));
  EXPECT_FALSE(phase_in(bootp(1) + fill(64)));
  // Another vendor's cookie before what would be option 53.
  EXPECT_FALSE(phase_in(bootp(1) + message("44424843 35 01 01 ff")));
  // The cookie alone; options without 53.
  EXPECT_FALSE(phase_in(bootp(1) + cookie));
  EXPECT_FALSE(phase_in(bootp(1) + cookie + message("ff")));
  EXPECT_FALSE(phase_in(bootp(1) + cookie + message("01 04 ffffff00 ff")));
}

TEST(Dhcp, NothingBehindTheEnd) {
  EXPECT_FALSE(phase_in(bootp(1) + cookie + message("ff 35 01 01")));
}

TEST(Dhcp, MessageTypeIsOneByte) {
  EXPECT_FALSE(phase_in(bootp(1) + cookie + message("35 00 ff")));
  EXPECT_FALSE(phase_in(bootp(1) + cookie + message("35 02 01 01 ff")));
  // Length 255, cut.
  EXPECT_FALSE(phase_in(bootp(1) + cookie + message("35 ff 01")));
}

TEST(Dhcp, Overload) {
  const Message offer = message("35 01 02 ff");
  const Message ack = message("35 01 05 ff");
  const auto overload = [](unsigned fields) { return with(cookie + message("34 01 00 ff"), 6, fields); };
  EXPECT_EQ(phase_in(bootp(2, {}, offer) + overload(1)), Phase::dhcp_offer);
  EXPECT_EQ(phase_in(bootp(2, offer, {}) + overload(2)), Phase::dhcp_offer);
  EXPECT_EQ(phase_in(bootp(2, ack, offer) + overload(3)), Phase::dhcp_offer);
  EXPECT_EQ(phase_in(bootp(2, offer, {}) + overload(3)), Phase::dhcp_offer);
  // The option's own field comes first, on either side of 52.
  EXPECT_EQ(phase_in(bootp(2, ack, ack) + cookie + message("34 01 03 35 01 02 ff")), Phase::dhcp_offer);
  EXPECT_EQ(phase_in(bootp(2, ack, ack) + cookie + message("35 01 02 34 01 03 ff")), Phase::dhcp_offer);
  // Not overloaded: a server's name is no option, whatever its bytes.
  EXPECT_FALSE(phase_in(bootp(2, offer, offer) + overload(0)));
  EXPECT_FALSE(phase_in(bootp(2, offer, {}) + overload(1)));
  EXPECT_FALSE(phase_in(bootp(2, {}, offer) + overload(2)));
  // Options do not run over from one field into the next one: a length that leaves the sname.
  EXPECT_FALSE(phase_in(bootp(2, fill(62) + message("35 01"), message("02")) + overload(2)));
}

TEST(Dhcp, CutMessages) {
  const Message whole = bootp(2) + cookie + message("36 04 0a000002 35 01 02 33 04 00015180 ff");
  const std::size_t told = 236 + 4 + 6 + 3;
  for_each_prefix(whole, [&](const Message& cut) {
    EXPECT_EQ(phase_in(cut), cut.size() < told ? std::nullopt : std::optional(Phase::dhcp_offer))
        << cut.size();
    EXPECT_EQ(read_dhcp(cut).has_value(), cut.size() >= 236);
  });
}

TEST(Dhcp, MutationsAreStood) {
  const Message whole = bootp(2, message("35 01 02 ff"), message("0c 03 'abc' ff")) + cookie +
                        message("36 04 0a000002 34 01 03 33 04 00015180 ff");
  for_each_mutation(whole, 20000, [](const Message& mutated) { phase_in(mutated); });
}

}  // namespace
}  // namespace humantime::wire
