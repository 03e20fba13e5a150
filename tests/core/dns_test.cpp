// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dns.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "message.h"

namespace humantime::wire {
namespace {

std::optional<Phase> phase_in(const Message& packet) {
  const auto dns = read_dns(packet);
  return dns ? phase_of(*dns) : std::nullopt;
}

std::optional<Phase> mdns_phase_in(const Message& packet) {
  const auto dns = read_dns(packet);
  return dns ? phase_of_mdns(*dns) : std::nullopt;
}

std::string name_at(const Message& packet, std::size_t offset) {
  std::array<char, most_name_characters> buffer{};
  return std::string(write_name(packet, offset, buffer));
}

std::string type_name(std::uint16_t type) {
  std::array<char, most_type_characters> buffer{};
  return std::string(write_type(type, buffer));
}

// Header: identifier, flags, number of questions, answers, authority and additional records.
// Flags: 8180 = response, recursion desired and available; 8400 = response, authoritative; 8000 = response.

// www.example.com, at offset 12; example.com at 16; com at 24. Its type and class follow.
const Message question_a = message("03 'www' 07 'example' 03 'com' 00 0001 0001");
const Message question_aaaa = message("03 'www' 07 'example' 03 'com' 00 001c 0001");
const Message question_any = message("03 'www' 07 'example' 03 'com' 00 00ff 0001");
const Message question_cname = message("03 'www' 07 'example' 03 'com' 00 0005 0001");
constexpr std::size_t answers_at = 12 + 17 + 4;

// Records: owner, type, class, TTL, size, data.
const Message a_of_www = message("c00c 0001 0001 0000012c 0004 c0000201");
const Message aaaa_of_www = message("c00c 001c 0001 0000012c 0010 20010db8000000000000000000000001");
const Message rrsig_of_www =
    message("c00c 002e 0001 0000012c 0013 00010d0300000e10 6553f100 65400000 3039 00");
const Message soa_of_example =
    message("c010 0006 0001 00000e10 0019 01 'n' c010 00 00000001 00000002 00000003 00000004 00000005");
const Message ns_of_example = message("c010 0002 0001 00015180 0006 03 'ns1' c010");
const Message ns_of_com = message("c018 0002 0001 0002a300 000f 01 'a' 0c 'gtld-servers' 00");
const Message ns_of_root = message("00 0002 0001 0007e900 0014 01 'a' 0c 'root-servers' 03 'net' 00");
// OPT (RFC 6891): root, type 41, 1232 bytes, extended RCODE 0, version 0, flags DO, no options.
const Message opt = message("00 0029 04d0 00008000 0000");

Message header(std::string_view flags_and_counts) {
  return message("1a2b") + message(flags_and_counts);
}

const Message query = header("0100 0001 0000 0000 0001") + question_a + opt;
const Message answer = header("8180 0001 0001 0000 0001") + question_a + a_of_www + opt;
const Message referral = header("8000 0001 0000 0001 0002") + question_a + ns_of_example +
                         message("c025 0001 0001 00015180 0004 c0000235") + opt;
const Message no_data = header("8580 0001 0000 0001 0001") + question_aaaa + soa_of_example + opt;
const Message nxdomain = header("8583 0001 0000 0001 0001") + question_a + soa_of_example + opt;
// www is an alias of cdn.example.net.
const Message cname_of_www = message("c00c 0005 0001 0000012c 0011 03 'cdn' 07 'example' 03 'net' 00");
constexpr std::size_t cname_target_at = answers_at + 12;  // c02d
const Message alias = header("8180 0001 0001 0000 0001") + question_a + cname_of_www + opt;
const Message chain = header("8180 0001 0002 0000 0001") + question_a + cname_of_www +
                      message("c02d 0001 0001 0000003c 0004 c6336401") + opt;

const Message all_kinds[] = {query, answer, referral, no_data, nxdomain, alias, chain};

TEST(Dns, FactsAreTheHeader) {
  const auto dns = read_dns(header("97b0 0001 0000 0000 0000") + question_a);
  ASSERT_TRUE(dns);
  EXPECT_EQ(dns->id, 0x1a2b);
  EXPECT_TRUE(dns->is_response());
  EXPECT_EQ(dns->opcode(), 2U);
  EXPECT_TRUE(dns->is_authoritative());
  EXPECT_TRUE(dns->is_truncated());
  EXPECT_TRUE(dns->recursion_desired());
  EXPECT_TRUE(dns->recursion_available());
  EXPECT_EQ(dns->rcode, 0);
  EXPECT_EQ(dns->question_count, 1);
  EXPECT_TRUE(dns->complete);

  const auto none = read_dns(header("0005 0000 0000 0000 0000"));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->is_response());
  EXPECT_FALSE(none->is_authoritative());
  EXPECT_FALSE(none->is_truncated());
  EXPECT_FALSE(none->recursion_desired());
  EXPECT_FALSE(none->recursion_available());
  EXPECT_EQ(none->rcode, 5);
  EXPECT_EQ(none->question_name, 0);
}

TEST(Dns, Query) {
  const auto dns = read_dns(query);
  ASSERT_TRUE(dns);
  EXPECT_EQ(phase_of(*dns), Phase::dns_query);
  EXPECT_EQ(dns->question_type, 1);
  EXPECT_EQ(dns->question_class, 1);
  EXPECT_EQ(name_at(query, dns->question_name), "www.example.com");
  EXPECT_TRUE(dns->complete);
}

TEST(Dns, OtherOpcodesHaveNoPhase) {
  // IQUERY, STATUS, NOTIFY, UPDATE, DSO, asked, answered and refused (NOTIMP).
  for (const unsigned opcode : {1, 2, 4, 5, 6, 15})
    for (const Message& packet : {query, answer, nxdomain, header("8004 0000 0000 0000 0000")})
      EXPECT_FALSE(phase_in(with(packet, 2, packet[2] | opcode << 3))) << opcode;
}

TEST(Dns, Answer) {
  const auto dns = read_dns(answer);
  ASSERT_TRUE(dns);
  EXPECT_EQ(phase_of(*dns), Phase::dns_answer);
  EXPECT_TRUE(dns->complete);
  ASSERT_EQ(dns->address_count, 1);
  EXPECT_EQ(dns->address_size, 4);
  EXPECT_EQ(address_of(answer, *dns, 0).data(), answer.data() + answers_at + 12);
  EXPECT_EQ(address_of(answer, *dns, 0).size(), 4U);
  EXPECT_TRUE(address_of(answer, *dns, 1).empty());
}

TEST(Dns, AnswerInAnotherCase) {
  // A server that repeats the question's 0x20 case in the question only; owner without compression.
  EXPECT_EQ(
      phase_in(header("8180 0001 0001 0000 0000") + message("03 'wWw' 07 'eXAmpLe' 03 'cOM' 00 0001 0001") +
               message("03 'WWW' 07 'example' 03 'com' 00 0001 0001 0000012c 0004 c0000201")),
      Phase::dns_answer);
  // Letters only: '[' and '{' differ by the same bit.
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + message("01 '[' 00 0001 0001") +
                        message("01 '{' 00 0001 0001 0000012c 0004 c0000201")));
}

TEST(Dns, AnswerBesideSignatures) {
  EXPECT_EQ(phase_in(header("81a0 0001 0002 0000 0001") + question_a + rrsig_of_www + a_of_www + opt),
            Phase::dns_answer);
  EXPECT_EQ(phase_in(header("81a0 0001 0002 0000 0001") + question_a + a_of_www + rrsig_of_www + opt),
            Phase::dns_answer);
}

TEST(Dns, SignatureAloneIsNoAnswer) {
  EXPECT_EQ(phase_in(header("81a0 0001 0001 0000 0000") + question_a + rrsig_of_www), Phase::dns_no_data);
  EXPECT_EQ(phase_in(header("81a0 0001 0001 0001 0000") + question_a + rrsig_of_www + soa_of_example),
            Phase::dns_no_data);
  // Unless it was asked for.
  const Message asked = with(question_a, 18, 46);
  EXPECT_EQ(phase_in(header("81a0 0001 0001 0000 0000") + asked + rrsig_of_www), Phase::dns_answer);
}

TEST(Dns, AnswerOfAnotherKindHasNoPhase) {
  // An A record where AAAA was asked, as some portals give it.
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + question_aaaa + a_of_www));
  // Another name.
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + question_a + with(a_of_www, 1, 16)));
  // Another class: Chaos.
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + question_a + with(a_of_www, 5, 3)));
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + question_a + with(cname_of_www, 5, 3)));
}

TEST(Dns, ClassAnyTakesEveryClass) {
  EXPECT_EQ(phase_in(header("8180 0001 0001 0000 0000") + with(question_a, 20, 255) + with(a_of_www, 5, 3)),
            Phase::dns_answer);
}

TEST(Dns, AnswerToAny) {
  // RFC 8482: one HINFO for all.
  EXPECT_EQ(phase_in(header("8180 0001 0001 0000 0000") + question_any +
                     message("c00c 000d 0001 0000012c 0009 07 'RFC8482' 00")),
            Phase::dns_answer);
  EXPECT_EQ(phase_in(header("8180 0001 0001 0000 0000") + question_any + cname_of_www), Phase::dns_answer);
  EXPECT_EQ(phase_in(header("8180 0001 0001 0000 0000") + question_any + aaaa_of_www), Phase::dns_answer);
}

TEST(Dns, CnameAndDnameAsked) {
  EXPECT_EQ(phase_in(header("8180 0001 0001 0000 0000") + question_cname + cname_of_www), Phase::dns_answer);
  const Message question_dname = with(question_cname, 18, 39);
  const Message dname_of_www = with(cname_of_www, 3, 39);
  EXPECT_EQ(phase_in(header("8180 0001 0001 0000 0000") + question_dname + dname_of_www), Phase::dns_answer);
}

TEST(Dns, Chain) {
  const auto dns = read_dns(chain);
  ASSERT_TRUE(dns);
  EXPECT_EQ(phase_of(*dns), Phase::dns_answer);
  EXPECT_TRUE(dns->redirected);
  EXPECT_EQ(dns->cname_target, cname_target_at);
  EXPECT_EQ(name_at(chain, dns->cname_target), "cdn.example.net");
  EXPECT_EQ(dns->address_count, 1);
}

TEST(Dns, ChainOfSeveral) {
  // www -> b -> c -> d, then an address of d. Owners are written out, as some servers do.
  const Message b = message("c00c 0005 0001 0000003c 0003 01 'b' 00");
  const Message c = message("01 'B' 00 0005 0001 0000003c 0003 01 'c' 00");
  const Message d = message("01 'c' 00 0005 0001 0000003c 0003 01 'd' 00");
  const Message address = message("01 'd' 00 0001 0001 0000003c 0004 c6336401");
  const Message parts[] = {b, c, d, address};
  // In every order.
  std::array<std::size_t, 4> order = {0, 1, 2, 3};
  do {
    Message packet = header("8180 0001 0004 0000 0000") + question_a;
    for (const std::size_t part : order) packet = packet + parts[part];
    const auto dns = read_dns(packet);
    ASSERT_TRUE(dns);
    EXPECT_EQ(phase_of(*dns), Phase::dns_answer);
    EXPECT_EQ(name_at(packet, dns->cname_target), "d");
    EXPECT_EQ(dns->address_count, 1);
  } while (std::ranges::next_permutation(order).found);
  EXPECT_EQ(phase_in(header("8180 0001 0003 0000 0000") + question_a + d + c + b), Phase::dns_alias);
  // A link is missing.
  EXPECT_EQ(phase_in(header("8180 0001 0003 0000 0000") + question_a + b + d + address), Phase::dns_alias);
}

TEST(Dns, ChainBackwardsLongerThanWeFollow) {
  Message packet = header("8180 0001 0015 0000 0000") + question_a +
                   message("02 't.' 00 0001 0001 0000003c 0004 c6336401");
  for (char link = 's'; link >= 'a'; --link) {
    Message record = message("02 'a.' 00 0005 0001 0000003c 0004 02 'b.' 00");
    record[1] = static_cast<std::uint8_t>(link);
    record[15] = static_cast<std::uint8_t>(link + 1);
    packet = packet + record;
  }
  packet = packet + message("c00c 0005 0001 0000003c 0004 02 'a.' 00");
  EXPECT_FALSE(phase_in(packet));
}

TEST(Dns, Alias) {
  const auto dns = read_dns(alias);
  ASSERT_TRUE(dns);
  EXPECT_EQ(phase_of(*dns), Phase::dns_alias);
  EXPECT_EQ(name_at(alias, dns->cname_target), "cdn.example.net");
  // The target exists without the type asked: its zone's SOA comes along.
  EXPECT_EQ(phase_in(header("8180 0001 0001 0001 0000") + question_aaaa + cname_of_www + soa_of_example),
            Phase::dns_alias);
  // The target is delegated: that referral is of another name.
  const auto delegated =
      read_dns(header("8000 0001 0001 0001 0000") + question_a + cname_of_www + ns_of_example);
  ASSERT_TRUE(delegated);
  EXPECT_EQ(phase_of(*delegated), Phase::dns_alias);
  EXPECT_EQ(delegated->referral_owner, 0);
}

TEST(Dns, AliasInACircle) {
  EXPECT_EQ(phase_in(header("8180 0001 0002 0000 0000") + question_a +
                     message("c00c 0005 0001 0000003c 0003 01 'b' 00"
                             "c02d 0005 0001 0000003c 0002 c00c")),
            Phase::dns_alias);
}

TEST(Dns, AliasByDname) {
  // example.com is renamed to example.net; the CNAME that follows from it, its address.
  const Message dname = message("c010 0027 0001 0000012c 000d 07 'example' 03 'net' 00");
  const Message made = message("c00c 0005 0001 00000000 0006 03 'www' c02d");
  const Message address = message("c046 0001 0001 0000003c 0004 c6336401");
  EXPECT_EQ(phase_in(header("8180 0001 0003 0000 0000") + question_a + dname + made + address),
            Phase::dns_answer);
  EXPECT_EQ(phase_in(header("8180 0001 0002 0000 0000") + question_a + dname + made), Phase::dns_alias);
  EXPECT_EQ(phase_in(header("8180 0001 0001 0000 0000") + question_a + dname), Phase::dns_alias);
  // A DNAME renames what is below it (RFC 6672 2.3), not itself, and nothing of another class.
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + question_a + with(dname, 1, 0x0c)));
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + question_a + with(dname, 5, 3)));
}

TEST(Dns, CnameThatIsNoNameIsNotFollowed) {
  // Shorter and longer than its name.
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + question_a +
                        message("c00c 0005 0001 0000003c 0002 01 'b' 00")));
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + question_a +
                        message("c00c 0005 0001 0000003c 0004 01 'b' 00 00")));
  EXPECT_FALSE(
      phase_in(header("8180 0001 0001 0000 0000") + question_a + message("c00c 0005 0001 0000003c 0000")));
  // A label, then a pointer to itself: an address of this name would answer nothing.
  EXPECT_FALSE(phase_in(header("8180 0001 0002 0000 0000") + question_a +
                        message("c00c 0005 0001 0000003c 0004 01 'b' c02d") + with(a_of_www, 1, 0x2d)));
}

TEST(Dns, Referral) {
  const auto dns = read_dns(referral);
  ASSERT_TRUE(dns);
  EXPECT_EQ(phase_of(*dns), Phase::dns_referral);
  EXPECT_EQ(name_at(referral, dns->referral_owner), "example.com");
  EXPECT_FALSE(dns->is_authoritative());
  EXPECT_EQ(dns->address_count, 0) << "glue is no answer";

  // From the root, and for the name itself; with a DS and its signature beside (RFC 4035 3.1.4).
  EXPECT_EQ(phase_in(header("8000 0001 0000 0001 0000") + question_a + ns_of_com), Phase::dns_referral);
  EXPECT_EQ(phase_in(header("8000 0001 0000 0001 0000") + question_a + with(ns_of_example, 1, 12)),
            Phase::dns_referral);
  EXPECT_EQ(phase_in(header("8000 0001 0000 0003 0001") + question_a +
                     message("c010 002b 0001 00015180 0005 3039 0d 02 ff") + with(rrsig_of_www, 1, 16) +
                     ns_of_example + opt),
            Phase::dns_referral);
  // In another case, without compression.
  EXPECT_EQ(phase_in(header("8000 0001 0000 0001 0000") + question_a +
                     message("03 'COM' 00 0002 0001 00015180 0003 01 'a' 00")),
            Phase::dns_referral);
}

TEST(Dns, NameServersBesideAnAnswerAreNoReferral) {
  const auto dns = read_dns(header("8180 0001 0001 0001 0000") + question_a + a_of_www + ns_of_example);
  ASSERT_TRUE(dns);
  EXPECT_EQ(phase_of(*dns), Phase::dns_answer);
  EXPECT_EQ(dns->referral_owner, 0);
}

TEST(Dns, NameServersOfElsewhereAreNoReferral) {
  // Upwards to the root, as servers did that knew nothing of the name; however the root is written.
  EXPECT_FALSE(phase_in(header("8000 0001 0000 0001 0000") + question_a + ns_of_root));
  EXPECT_FALSE(phase_in(header("8000 0001 0000 0001 0000") + question_a + with(ns_of_com, 1, 0x1c)));
  EXPECT_FALSE(phase_in(header("8000 0001 0000 0001 0000") + message("00 0001 0001") + ns_of_root));
  // Another zone, a longer name, the same name further down.
  for (const char* owner : {"03 'net'", "01 'x' 03 'www' 07 'example' 03 'com'", "07 'example'", "02 'om'"})
    EXPECT_FALSE(phase_in(header("8000 0001 0000 0001 0000") + question_a + message(owner) +
                          message("00 0002 0001 00015180 0003 01 'a' 00")))
        << owner;
  // One of two is right.
  EXPECT_EQ(phase_in(header("8000 0001 0000 0002 0000") + question_a + ns_of_root + ns_of_com),
            Phase::dns_referral);
}

TEST(Dns, NoData) {
  EXPECT_EQ(phase_in(no_data), Phase::dns_no_data);
  // Nothing at all; only EDNS.
  EXPECT_EQ(phase_in(header("8180 0001 0000 0000 0000") + question_a), Phase::dns_no_data);
  EXPECT_EQ(phase_in(header("8180 0001 0000 0000 0001") + question_a + opt), Phase::dns_no_data);
  // SOA beside NS: RFC 2308 2.2, type 1.
  EXPECT_EQ(phase_in(header("8180 0001 0000 0002 0000") + question_a + ns_of_example + soa_of_example),
            Phase::dns_no_data);
}

TEST(Dns, Nxdomain) {
  EXPECT_EQ(phase_in(nxdomain), Phase::dns_nxdomain);
  // The end of a chain does not exist.
  EXPECT_EQ(phase_in(header("8183 0001 0001 0001 0000") + question_a + cname_of_www + soa_of_example),
            Phase::dns_nxdomain);
}

TEST(Dns, Errors) {
  for (const unsigned rcode : {1, 2, 4, 5, 6, 7, 8, 9, 10, 11, 15})
    EXPECT_EQ(phase_in(with(answer, 3, 0x80 | rcode)), Phase::dns_error) << rcode;
  // Without the question: REFUSED, FORMERR.
  EXPECT_EQ(phase_in(header("8005 0000 0000 0000 0000")), Phase::dns_error);
  EXPECT_EQ(phase_in(header("8001 0000 0000 0000 0000")), Phase::dns_error);
}

TEST(Dns, ExtendedErrors) {
  // BADVERS, 16: the upper bits are EDNS's, those of the header are 0.
  const Message badvers = header("8000 0001 0000 0000 0001") + question_a + with(opt, 5, 1);
  EXPECT_EQ(read_dns(badvers)->rcode, 16);
  EXPECT_EQ(phase_in(badvers), Phase::dns_error);
  // BADCOOKIE, 23.
  const Message badcookie = header("8007 0001 0000 0000 0001") + question_a + with(opt, 5, 1);
  EXPECT_EQ(read_dns(badcookie)->rcode, 23);
  EXPECT_EQ(phase_in(badcookie), Phase::dns_error);
  // 19 is not NXDOMAIN.
  EXPECT_EQ(phase_in(header("8003 0001 0000 0000 0001") + question_a + with(opt, 5, 1)), Phase::dns_error);
}

TEST(Dns, Truncated) {
  EXPECT_EQ(phase_in(header("8380 0001 0000 0000 0000") + question_a), Phase::dns_truncated);
  // Before everything else.
  EXPECT_EQ(phase_in(with(answer, 2, 0x83)), Phase::dns_truncated);
  EXPECT_EQ(phase_in(with(nxdomain, 2, 0x87)), Phase::dns_truncated);
  // A query's TC is none of ours.
  EXPECT_EQ(phase_in(with(query, 2, 0x03)), Phase::dns_query);
}

TEST(Dns, NoQuestion) {
  // Answers to what?
  EXPECT_FALSE(
      phase_in(header("8180 0000 0001 0000 0000") + message("03 'www' 00 0001 0001 0000012c 0004 c0000201")));
  // A server's cookie (RFC 7873 5.4).
  EXPECT_EQ(phase_in(header("8000 0000 0000 0000 0001") + opt), Phase::dns_no_data);
  EXPECT_FALSE(phase_in(header("8000 0000 0000 0001 0000") + ns_of_root));
}

TEST(Dns, SeveralQuestions) {
  const Message packet = header("8180 0002 0001 0000 0000") + question_a + message("c00c 001c 0001");
  EXPECT_EQ(phase_in(packet + message("c00c 0001 0001 0000012c 0004 c0000201")), Phase::dns_answer);
  // Answers to the second one only.
  EXPECT_FALSE(phase_in(packet + aaaa_of_www));
  EXPECT_EQ(read_dns(packet + aaaa_of_www)->question_type, 1);
}

TEST(Dns, ZoneTransfer) {
  for (const unsigned type : {251, 252})
    EXPECT_EQ(phase_in(header("8400 0001 0002 0000 0000") + with(question_a, 18, type) + soa_of_example +
                       ns_of_example),
              Phase::dns_answer);
}

/// RFC 5936 2.2.1: the messages behind the first one need not repeat the question.
TEST(Dns, ZoneTransferGoesOnWithoutAQuestion) {
  EXPECT_EQ(phase_in(header("8400 0000 0001 0000 0000") + ns_of_root), Phase::dns_answer);
  EXPECT_EQ(phase_in(header("8400 0000 0000 0000 0000")), Phase::dns_no_data);
  EXPECT_EQ(phase_in(header("8400 0000 0002 0000 0000") + ns_of_root), std::nullopt) << "cut";
  EXPECT_EQ(phase_in(header("8409 0000 0001 0000 0000") + ns_of_root), Phase::dns_error);
}

/// RFC 2930 2: a key that was agreed on is of class ANY, its question of class IN.
TEST(Dns, KeyOfAllClasses) {
  constexpr unsigned tkey = 249;
  EXPECT_EQ(phase_in(header("8000 0001 0001 0000 0000") + with(question_a, 18, tkey) +
                     message("c00c 00f9 00ff 00000000 0004 01020304")),
            Phase::dns_answer);
}

TEST(Dns, AddressesAreTheFirstOnes) {
  constexpr int most = Dns::most_addresses;
  Message packet = header("8180 0001 0043 0000 0000") + question_a + cname_of_www;
  for (int i = 0; i < most + 2; ++i) packet = packet + with(a_of_www, 1, 0x2d);
  const auto dns = read_dns(packet);
  ASSERT_TRUE(dns);
  ASSERT_EQ(dns->address_count, most);
  for (std::size_t i = 0; i < most; ++i)
    EXPECT_EQ(address_of(packet, *dns, i).data(),
              packet.data() + answers_at + cname_of_www.size() + 16 * i + 12);
  EXPECT_TRUE(dns->complete);
}

TEST(Dns, AddressesAreOfOneFamily) {
  const Message packet =
      header("8180 0001 0003 0000 0000") + question_any + aaaa_of_www + a_of_www + aaaa_of_www;
  const auto dns = read_dns(packet);
  ASSERT_TRUE(dns);
  EXPECT_EQ(dns->address_count, 2);
  EXPECT_EQ(dns->address_size, 16);
  EXPECT_EQ(address_of(packet, *dns, 1).size(), 16U);
  // An A of another size is no address.
  EXPECT_EQ(read_dns(header("8180 0001 0001 0000 0000") + question_a +
                     message("c00c 0001 0001 0000012c 0005 c000020100"))
                ->address_count,
            0);
}

// Whatever is missing at the end, the phase is the whole message's or none: told by nothing but what was
// there.
TEST(Dns, CutMessagesHaveNoWrongPhase) {
  for (const Message& whole : all_kinds) {
    const auto phase = phase_in(whole);
    ASSERT_TRUE(phase);
    EXPECT_TRUE(read_dns(whole)->complete);
    for_each_prefix(whole, [&](const Message& cut) {
      // The message ends here, or the capture does.
      for (const auto& dns : {read_dns(cut), read_dns(cut, whole.size())}) {
        if (!dns) continue;
        EXPECT_FALSE(dns->complete) << cut.size();
        const auto seen = phase_of(*dns);
        EXPECT_TRUE(!seen || seen == phase) << cut.size();
      }
      EXPECT_EQ(read_dns(cut).has_value(), cut.size() >= 12);
      EXPECT_EQ(read_dns(cut, whole.size()).has_value(), cut.size() >= 4);
    });
  }
}

TEST(Dns, TheHeaderProves) {
  const Message truncated = header("8380 0001 0001 0000 0000") + question_a + a_of_www;
  const Message refused = header("8005 0001 0000 0000 0000") + question_a;
  for (const Message& whole : {query, nxdomain, truncated, refused})
    for (const std::size_t size : {4, 11, 12, 18})
      EXPECT_EQ(phase_of(*read_dns(Bytes(whole).first(size), whole.size())), phase_in(whole)) << size;
}

TEST(Dns, WhatACutMessageStillTells) {
  const auto cut = [](const Message& whole, std::size_t size) {
    return phase_of(*read_dns(Bytes(whole).first(size), whole.size()));
  };
  // The first of two answers was captured; of the second nothing.
  const Message two = header("8180 0001 0002 0000 0000") + question_a + a_of_www + a_of_www;
  EXPECT_EQ(cut(two, answers_at + 16), Phase::dns_answer);
  // Owner, type and size of the answer, not its address.
  EXPECT_EQ(cut(two, answers_at + 12), Phase::dns_answer);
  EXPECT_EQ(read_dns(Bytes(two).first(answers_at + 12), two.size())->address_count, 0);
  EXPECT_FALSE(cut(two, answers_at + 11));
  // The message itself ends in the address: that is no answer.
  EXPECT_FALSE(phase_in(Message(two.begin(), two.begin() + answers_at + 12)));
  // A CNAME, and the end of the chain is cut: an alias or an answer.
  EXPECT_FALSE(cut(chain, answers_at + cname_of_www.size()));
  EXPECT_EQ(cut(alias, answers_at + cname_of_www.size()), Phase::dns_alias);
  EXPECT_FALSE(cut(alias, answers_at + 12));
  // A referral, unless an SOA follows.
  const Message with_soa = header("8180 0001 0000 0002 0000") + question_a + ns_of_example + soa_of_example;
  EXPECT_FALSE(cut(with_soa, answers_at + ns_of_example.size()));
  EXPECT_EQ(cut(referral, answers_at + ns_of_example.size()), Phase::dns_referral);
  // An SOA settles it.
  EXPECT_EQ(cut(no_data, answers_at + soa_of_example.size()), Phase::dns_no_data);
  // Nothing, or BADVERS.
  EXPECT_FALSE(cut(header("8180 0001 0000 0000 0001") + question_a + opt, answers_at));
}

TEST(Dns, CountsWithoutRecords) {
  for (const char* flags : {"0100", "8180", "8183", "8380"}) {
    const auto dns = read_dns(header(flags) + message("ffff ffff ffff ffff"));
    ASSERT_TRUE(dns);
    EXPECT_FALSE(dns->complete);
    EXPECT_EQ(dns->question_name, 0);
    EXPECT_FALSE(dns->answers_read);
  }
  EXPECT_FALSE(phase_in(header("8180 ffff ffff ffff ffff") + question_a));
  EXPECT_FALSE(phase_in(header("8180 0001 ffff 0000 0000") + question_a));
  EXPECT_FALSE(phase_in(header("8180 0001 0000 ffff 0000") + question_a));
  EXPECT_FALSE(phase_in(header("8180 0001 0000 0000 ffff") + question_a));
}

TEST(Dns, PointersThatLeadNowhere) {
  const Message start = header("8180 0001 0001 0000 0000") + question_a;
  const Message rest = message("0001 0001 0000012c 0004 c0000201");
  // To itself, forward, into the header, behind the end; lengths with the bits 01 and 10.
  for (const char* owner : {"c021", "c02f", "c000", "c00b", "ffff", "40", "80", "bf"})
    EXPECT_FALSE(phase_in(start + message(owner) + rest)) << owner;
  // Into its own first label: the labels after it lead back to the pointer.
  EXPECT_FALSE(phase_in(start + message("03 01 'a' 00 c022") + rest));
  // The question points to itself.
  EXPECT_FALSE(phase_in(header("8180 0001 0001 0000 0000") + message("c00c 0001 0001") + a_of_www));
}

TEST(Dns, LongNames) {
  // 127 labels of one byte: 255 bytes, the longest. Another byte is one too many.
  Message name;
  for (int i = 0; i < 127; ++i) name = name + message("01 'a'");
  const Message longest = header("8180 0001 0001 0000 0000") + name + message("00 0001 0001") + a_of_www;
  EXPECT_EQ(phase_in(longest), Phase::dns_answer);
  EXPECT_EQ(name_at(longest, 12).size(), 253U);
  const Message longer =
      header("8180 0001 0001 0000 0000") + message("01 'a'") + name + message("00 0001 0001") + a_of_www;
  EXPECT_EQ(name_at(longer, 12), "");
  EXPECT_FALSE(phase_in(longer));
  // Every byte takes four characters.
  const Message label = message("3f") + fill(63);
  const Message escaped = header("8180 0001 0000 0000 0000") + label + label + label + message("3d") +
                          fill(61) + message("00 0001 0001");
  EXPECT_EQ(name_at(escaped, 12).size(), 4U * 250 + 3);
}

// Chains of pointers, one to the next, in a message of the largest size. The answers are all read, but for
// their names there is an end of patience.
TEST(Dns, HostileMessagesCostLittle) {
  // One question, then answers of 11 bytes: the root as owner, type A, no data; every one must be compared.
  Message packet = header("8180 0001 ffff ffff ffff") + question_a;
  while (packet.size() + 11 <= 65535) packet = packet + message("00 0001 0001 00000000 0000");
  EXPECT_FALSE(phase_in(packet));

  // Each answer's owner is a pointer to the one before; its type and class are those asked.
  packet = header("8180 0001 ffff 0000 0000") + question_a + message("0100 0001 0001 00000000 0000");
  std::size_t last = answers_at;
  while (last + 12 < 0x4000) {
    const std::size_t at = packet.size();
    packet = packet + message("0000 0001 0001 00000000 0000");
    packet[at] = static_cast<std::uint8_t>(0xc0 | last >> 8);
    packet[at + 1] = static_cast<std::uint8_t>(last);
    last = at;
  }
  EXPECT_FALSE(phase_in(packet));
  EXPECT_EQ(name_at(packet, last), "");

  // Name servers of names as long as they may be.
  Message name;
  for (int i = 0; i < 127; ++i) name = name + message("01 'a'");
  packet = header("8180 0001 0000 ffff 0000") + name + message("00 0001 0001");
  while (packet.size() + 14 <= 65535) packet = packet + message("01 'b' c00e 0002 0001 00000000 0000");
  EXPECT_FALSE(phase_in(packet));
  packet[7] = 0xff;
  for (std::size_t at = 12 + 255 + 4; at + 14 <= packet.size(); at += 14) packet[at + 5] = 39;  // DNAME
  EXPECT_FALSE(phase_in(packet));
}

TEST(Dns, LargerThanAMessage) {
  EXPECT_EQ(phase_in(answer + fill(100000)), Phase::dns_answer);
}

TEST(Dns, MutationsAreStood) {
  std::array<char, most_name_characters> buffer{};
  for (const Message& whole : all_kinds)
    for_each_mutation(whole, 10000, [&](const Message& mutated) {
      const auto dns = read_dns(mutated);
      if (!dns) return;
      phase_of(*dns);
      phase_of_mdns(*dns);
      for (const std::size_t name : {dns->question_name, dns->cname_target, dns->referral_owner})
        write_name(mutated, name, buffer);
      for (std::size_t i = 0; i < dns->address_count; ++i)
        EXPECT_EQ(address_of(mutated, *dns, i).size(), dns->address_size);
    });
}

TEST(Mdns, Phases) {
  // Who has printer.local? The class asks for a unicast answer.
  const Message ask = message("0000 0000 0001 0000 0000 0000 07 'printer' 05 'local' 00 0001 8001");
  EXPECT_EQ(mdns_phase_in(ask), Phase::dns_query);
  EXPECT_EQ(read_dns(ask)->question_class, 0x8001);
  // No question; the top bit of the class tells caches to flush.
  const Message a = message("07 'printer' 05 'local' 00 0001 8001 00000078 0004 c0a80007");
  const Message reply = message("0000 8400 0000 0001 0000 0000") + a;
  EXPECT_EQ(mdns_phase_in(reply), Phase::dns_answer);
  EXPECT_EQ(read_dns(reply)->address_count, 1);
  // To a legacy resolver the question is repeated (RFC 6762 6.7).
  EXPECT_EQ(mdns_phase_in(message("1a2b 8400 0001 0001 0000 0000 07 'printer' 05 'local' 00 0001 0001") + a),
            Phase::dns_answer);
  EXPECT_EQ(mdns_phase_in(with(reply, 2, 0x86)), Phase::dns_answer) << "TC is ignored";
  // There is no AAAA: only NSEC.
  const Message nsec = message("07 'printer' 05 'local' 00 002f 8001 00000078 0005 c00c 00 01 40");
  EXPECT_EQ(mdns_phase_in(message("0000 8400 0000 0001 0000 0000") + nsec), Phase::dns_no_data);
  EXPECT_EQ(mdns_phase_in(message("0000 8400 0000 0002 0000 0000") + nsec + a), Phase::dns_answer);
}

TEST(Mdns, NoPhase) {
  const Message empty = message("0000 8400 0000 0000 0000 0000");
  EXPECT_FALSE(mdns_phase_in(empty));
  EXPECT_FALSE(mdns_phase_in(message("0000 8403 0000 0000 0000 0000")));
  EXPECT_FALSE(mdns_phase_in(message("0000 0800 0000 0000 0000 0000")));
  // The answers were not captured.
  EXPECT_FALSE(mdns_phase_in(message("0000 8400 0000 0001 0000 0000")));
}

TEST(DnsName, IsEscaped) {
  const Message packet = fill(12) + message("06 'a.b\\c' 20 03 00 7f ff 04 '\"(;@' 00 00");
  EXPECT_EQ(name_at(packet, 12), R"(a\.b\\c\032.\000\127\255."(;@)");
  EXPECT_EQ(name_at(packet, packet.size() - 1), ".");
}

TEST(DnsName, IsNothingWhereItIsBroken) {
  EXPECT_EQ(name_at(answer, 0), "");
  EXPECT_EQ(name_at(answer, answer.size()), "");
  EXPECT_EQ(name_at(fill(12) + message("03 'ww'"), 12), "");
  EXPECT_EQ(name_at(fill(12) + message("03 'www'"), 12), "");
  EXPECT_EQ(name_at(fill(12) + message("03 'www' c0"), 12), "");
}

TEST(DnsName, IsNothingWhereTheBufferIsTooSmall) {
  std::array<char, 15> buffer{};
  EXPECT_EQ(write_name(query, 12, buffer), "www.example.com");
  for (std::size_t size = 0; size < 15; ++size)
    EXPECT_EQ(write_name(query, 12, std::span(buffer).first(size)), "");
  EXPECT_EQ(write_name(fill(13), 12, std::span(buffer).first(0)), "");
  EXPECT_EQ(write_name(fill(13), 12, std::span(buffer).first(1)), ".");
}

TEST(DnsName, IsComparedAcrossMessages) {
  const Message shouting =
      header("0100 0001 0000 0000 0000") + message("03 'WWW' 07 'EXAMPLE' 03 'COM' 00 0001 0001");
  EXPECT_TRUE(same_name(query, 12, shouting, 12));
  EXPECT_TRUE(same_name(answer, answers_at, shouting, 12));
  EXPECT_FALSE(same_name(query, 12, shouting, 16));
  EXPECT_FALSE(same_name(query, 16, shouting, 12));
  EXPECT_FALSE(same_name(query, 0, shouting, 0));
  EXPECT_FALSE(same_name(query, 12, shouting, 4000));
  EXPECT_TRUE(same_name(query, 28, shouting, 28)) << "the root";
}

TEST(DnsType, Mnemonics) {
  EXPECT_EQ(type_name(1), "A");
  EXPECT_EQ(type_name(2), "NS");
  EXPECT_EQ(type_name(5), "CNAME");
  EXPECT_EQ(type_name(6), "SOA");
  EXPECT_EQ(type_name(12), "PTR");
  EXPECT_EQ(type_name(15), "MX");
  EXPECT_EQ(type_name(16), "TXT");
  EXPECT_EQ(type_name(28), "AAAA");
  EXPECT_EQ(type_name(33), "SRV");
  EXPECT_EQ(type_name(64), "SVCB");
  EXPECT_EQ(type_name(65), "HTTPS");
  EXPECT_EQ(type_name(255), "ANY");
  EXPECT_EQ(type_name(257), "CAA");
  EXPECT_EQ(type_name(0), "TYPE0");
  EXPECT_EQ(type_name(123), "TYPE123");
  EXPECT_EQ(type_name(65535), "TYPE65535");
  std::array<char, 4> buffer{};
  EXPECT_EQ(write_type(65535, buffer), "");
  EXPECT_EQ(write_type(28, buffer), "AAAA");
}

}  // namespace
}  // namespace humantime::wire
