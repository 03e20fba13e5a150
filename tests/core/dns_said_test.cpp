// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dns_said.h"

#include <gtest/gtest.h>

#include <array>
#include <string>

#include "message.h"

namespace humantime::wire {
namespace {

std::string said(const Message& packet, std::size_t room = most_said_characters) {
  std::array<char, most_said_characters> buffer;
  const auto dns = read_dns(packet);
  const auto phase = dns ? phase_of(*dns) : std::nullopt;
  return phase ? std::string(write_said(packet, *dns, *phase, std::span(buffer).first(room))) : "no phase";
}

// www.example.com A, at offset 12; example.com at 16, com at 24.
const Message question = message("03 'www' 07 'example' 03 'com' 00 0001 0001");
const Message ns_of_com = message("c018 0002 0001 0002a300 000f 01 'a' 0c 'gtld-servers' 00");
const Message ns_of_example = message("c010 0002 0001 00015180 0006 03 'ns1' c010");
const Message a_of_www = message("c00c 0001 0001 0000012c 0004 c0000201");
const Message other_a_of_www = message("c00c 0001 0001 0000012c 0004 c0000202");

Message packet(std::string_view flags_and_counts) {
  return message("1a2b") + message(flags_and_counts) + question;
}

TEST(DnsSaid, AReferralPointsToTheOwnerOfItsNsRecords) {
  EXPECT_EQ(said(packet("8000 0001 0000 0001 0000") + ns_of_com), "ask com");
  EXPECT_EQ(said(packet("8000 0001 0000 0001 0000") + ns_of_example), "ask example.com");
}

TEST(DnsSaid, WhoOffersRecursionPointsToNoZoneOfItsOwn) {
  EXPECT_EQ(said(packet("8080 0001 0000 0001 0000") + ns_of_com), "");
}

TEST(DnsSaid, AnAnswerIsItsFirstAddressAndHowManyMore) {
  EXPECT_EQ(said(packet("8180 0001 0001 0000 0000") + a_of_www), "192.0.2.1");
  EXPECT_EQ(said(packet("8180 0001 0002 0000 0000") + a_of_www + other_a_of_www), "192.0.2.1 + 1");
}

TEST(DnsSaid, AnAnswerThatIsNoAddressSaysNothing) {
  const Message txt = message(
      "1a2b 8180 0001 0001 0000 0000 03 'www' 00 0010 0001"
      "c00c 0010 0001 0000012c 0003 02 'hi'");
  EXPECT_EQ(said(txt), "");
}

TEST(DnsSaid, AnAliasIsWhereTheChainHasLedTo) {
  EXPECT_EQ(said(packet("8400 0001 0001 0000 0000") + message("c00c 0005 0001 0000012c 0006 03 'alt' c010")),
            "CNAME alt.example.com AA");
}

TEST(DnsSaid, AnErrorIsItsCode) {
  EXPECT_EQ(said(packet("8182 0001 0000 0000 0000")), "SERVFAIL");
  EXPECT_EQ(said(packet("8185 0001 0000 0000 0000")), "REFUSED");
  EXPECT_EQ(said(packet("818b 0001 0000 0000 0000")), "RCODE 11");
  // With EDNS 12 bits: 1 and 0 make 16, BADVERS.
  EXPECT_EQ(said(packet("8180 0001 0000 0000 0001") + message("00 0029 04d0 01008000 0000")), "BADVERS");
  // A name that does not exist is a phase of its own.
  EXPECT_EQ(said(packet("8183 0001 0000 0000 0000")), "");
}

TEST(DnsSaid, WhoIsTheAuthoritySaysSo) {
  EXPECT_EQ(said(packet("8400 0001 0001 0000 0000") + a_of_www), "192.0.2.1 AA");
  EXPECT_EQ(said(packet("8403 0001 0000 0000 0000")), "AA");
  EXPECT_EQ(said(packet("8003 0001 0000 0000 0000")), "");
}

TEST(DnsSaid, ATruncatedOneSaysNothingElse) {
  EXPECT_EQ(said(packet("8380 0001 0001 0000 0000") + a_of_www), "");
}

TEST(DnsSaid, NamesStayEscapedAndAreNeverCut) {
  const Message odd = message(
      "1a2b 8000 0001 0000 0001 0000 03 'www' 03 'a b' 00 0001 0001"
      "c010 0002 0001 00015180 0006 03 'ns1' c010");
  EXPECT_EQ(said(odd), "ask a\\032b");
  for (std::size_t room = 0; room < 10; ++room) EXPECT_EQ(said(odd, room), "") << room;
  EXPECT_EQ(said(odd, 10), "ask a\\032b");
}

}  // namespace
}  // namespace humantime::wire
