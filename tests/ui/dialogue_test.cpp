// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of questions before a connection, and what is not because nothing proves it.
#include "model/dialogue.h"

#include <gtest/gtest.h>

#include "layout/dialogue_words.h"
#include "paper_source.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::string_view root = "203.0.113.4", jp = "203.0.113.20", example = "203.0.113.36";

struct Questions : testing::Test {
  PaperSource source;
  View view;
  int port = 5000;
  std::uint32_t queries = 0;

  void ask(std::string_view server, std::string_view asked = "www.example.jp A", std::uint32_t journey = 1) {
    EventRecord& record = source.add(time(), Phase::dns_query, journey);
    record.end = End::client;
    record.direction = journeys::Direction::sent;
    record.ordinal = ++queries;
    source.texts[to_number(record.frame)] = {here(++port), there(server), std::string(asked)};
  }
  void hear(std::string_view server, Phase phase, std::string_view detail, std::uint32_t journey = 1) {
    EventRecord& record = source.add(time(), phase, journey);
    record.end = End::client;
    record.direction = journeys::Direction::received;
    source.texts[to_number(record.frame)] = {there(server), here(port), std::string(detail)};
  }
  void look_up() {
    ask(root);
    hear(root, Phase::dns_referral, "www.example.jp A, ask jp");
    ask(jp);
    hear(jp, Phase::dns_referral, "www.example.jp A, ask example.jp");
    ask(example);
    hear(example, Phase::dns_answer, "www.example.jp A, 198.51.100.80 AA");
  }
  std::int64_t time() const { return static_cast<std::int64_t>(source.records.size()) * 10 * ms; }
  static std::string here(int port) { return "192.0.2.10:" + std::to_string(port); }
  static std::string there(std::string_view server) { return std::string(server) + ":53"; }
  Timeline timeline() const {
    Timeline made(source);
    while (made.advance(1000)) {
    }
    return made;
  }
  std::string zone(std::uint32_t event) const { return dns_step(timeline(), EventIndex{event})->zone; }
  std::vector<std::string> said(std::uint32_t event, std::int64_t length_ns = 0) const {
    return question_wordings(timeline(), view, EventIndex{event}, length_ns);
  }
};

TEST_F(Questions, TellTheStoryOfALookUp) {
  look_up();
  constexpr std::int64_t length = 35 * ms;
  EXPECT_EQ(said(0, length).front(), "DNS 1 → root, 3 d 15 h: “ask jp”");
  EXPECT_EQ(said(2, length).front(), "DNS 2 → jp, 3 d 15 h: “ask example.jp”");
  EXPECT_EQ(said(4, length).front(), "DNS 3 → example.jp, 3 d 15 h: “the address is 198.51.100.80”");
  EXPECT_EQ(said(4, length).at(1), "DNS 3 → example.jp, 3 d 15 h: “198.51.100.80”");
  EXPECT_EQ(said(4, length).back(), "DNS 3 → example.jp");
  view.language = Language::japanese;
  EXPECT_EQ(said(0, length).front(), "DNS 1 → ルート、3日15時間：「jp に聞け」");
  EXPECT_EQ(said(4, length).front(), "DNS 3 → example.jp、3日15時間：「住所は 198.51.100.80」");
}

TEST_F(Questions, StandAloneByTheirNames) {
  look_up();
  EXPECT_EQ(dialogue_name(timeline(), view, EventIndex{2}), "DNS 2 → jp");
  EXPECT_EQ(dialogue_name(timeline(), view, EventIndex{3}), "DNS: “ask example.jp”");
  EXPECT_EQ(dialogue_name(timeline(), view, EventIndex{5}), "DNS: “198.51.100.80”");
}

TEST_F(Questions, OfAResolverAreSaidWithItsAddress) {
  ask("192.0.2.53");
  hear("192.0.2.53", Phase::dns_answer, "www.example.jp A, 198.51.100.80 + 2");
  EXPECT_EQ(said(0).front(), "DNS → 192.0.2.53: “the address is 198.51.100.80 and 2 more”");
}

TEST_F(Questions, ARootIsWhoRefersToATopLevelZoneOnly) {
  ask(root);
  hear(root, Phase::dns_referral, "www.example.jp A, ask example.jp");
  EXPECT_EQ(zone(0), "");
  ask(jp);
  hear(jp, Phase::dns_referral, "www.example.jp A, ask j\\.p");
  EXPECT_EQ(zone(2), ".");
}

TEST_F(Questions, WhoSpeaksWithoutAuthorityIsNoServerOfTheZone) {
  ask(root);
  hear(root, Phase::dns_referral, "www.example.jp A, ask jp");
  ask("192.0.2.53");
  hear("192.0.2.53", Phase::dns_answer, "www.example.jp A, 198.51.100.80");
  EXPECT_EQ(zone(2), "");
  EXPECT_EQ(said(2).back(), "DNS 2 → 192.0.2.53");
}

TEST_F(Questions, AReferralThatDoesNotLeadDownProvesNothing) {
  ask(root);
  hear(root, Phase::dns_referral, "www.example.jp A, ask jp");
  ask(jp);
  hear(jp, Phase::dns_referral, "www.example.jp A, ask www.example.com");
  EXPECT_EQ(zone(2), "");
}

TEST_F(Questions, AReferralOfAnotherQuestionProvesNothing) {
  ask(root);
  hear(root, Phase::dns_referral, "ns1.example.jp A, ask jp");
  ask(jp);
  hear(jp, Phase::dns_answer, "www.example.jp A, 198.51.100.80 AA");
  EXPECT_EQ(zone(2), "");
}

TEST_F(Questions, TheSameServerOnceMoreIsNotTheOneThatWasReferredTo) {
  ask(root);
  hear(root, Phase::dns_referral, "www.example.jp A, ask jp");
  ask(root);
  hear(root, Phase::dns_answer, "www.example.jp A, 198.51.100.80 AA");
  EXPECT_EQ(zone(2), "");
}

TEST_F(Questions, AnAnswerToSomebodyElseIsNone) {
  ask(root);
  hear(jp, Phase::dns_referral, "www.example.jp A, ask jp");
  EXPECT_EQ(dns_step(timeline(), EventIndex{0})->answer, no_event);
  ask(jp);
  --port;
  hear(jp, Phase::dns_referral, "www.example.jp A, ask example.jp");
  EXPECT_EQ(dns_step(timeline(), EventIndex{2})->answer, no_event);
}

TEST_F(Questions, WhatWentWrongIsSaidInAFewWords) {
  struct Row {
    Phase phase;
    std::string_view detail, said, japanese;
  };
  for (const Row& row : {
           Row{Phase::dns_nxdomain, "www.example.jp A, AA", "DNS → 203.0.113.4: “no such name”",
               "「その名前はない」"},
           Row{Phase::dns_no_data, "www.example.jp A", "DNS → 203.0.113.4: “no such record”",
               "「その記録はない」"},
           Row{Phase::dns_error, "www.example.jp A, SERVFAIL", "DNS → 203.0.113.4: “I have failed”",
               "「答えに失敗」"},
           Row{Phase::dns_error, "www.example.jp A, REFUSED", "DNS → 203.0.113.4: “I refuse”", "「お断り」"},
           Row{Phase::dns_error, "www.example.jp A, RCODE 11", "DNS → 203.0.113.4: “error: RCODE 11”",
               "「エラー：RCODE 11」"},
           Row{Phase::dns_error, "www.example.jp A", "DNS → 203.0.113.4", ""},
           Row{Phase::dns_truncated, "www.example.jp A", "DNS → 203.0.113.4: “too long, ask over TCP”",
               "「長すぎる、TCP で聞け」"},
           Row{Phase::dns_alias, "www.example.jp A, CNAME web.example.net AA",
               "DNS → 203.0.113.4: “see web.example.net”", "「web.example.net を見よ」"},
           // An answer of another type says nothing that fits.
           Row{Phase::dns_answer, "www.example.jp A", "DNS → 203.0.113.4", ""},
       }) {
    source = {};
    queries = 0;
    ask(root);
    hear(root, row.phase, row.detail);
    view.language = Language::english;
    EXPECT_EQ(said(0).front(), row.said);
    view.language = Language::japanese;
    EXPECT_EQ(dns_word_text(dns_word(timeline(), EventIndex{1}), view.language), row.japanese);
  }
}

TEST_F(Questions, OfBothFamiliesTheOneWithAnAddressSpeaks) {
  ask("192.0.2.53", "www.example.jp AAAA");
  ask("192.0.2.53", "www.example.jp A");
  hear("192.0.2.53", Phase::dns_answer, "www.example.jp A, 198.51.100.80");
  --port;
  hear("192.0.2.53", Phase::dns_no_data, "www.example.jp AAAA");
  // Ten milliseconds apart they are two questions.
  EXPECT_EQ(said(0).front(), "DNS 1 → 192.0.2.53: “no such record”");
  source.records[1].time_ns = 1000;
  EXPECT_EQ(said(0).front(), "DNS 2 → 192.0.2.53: “the address is 198.51.100.80”");
  EXPECT_EQ(said(1).front(), "DNS 2 → 192.0.2.53: “the address is 198.51.100.80”");
  // From its own question to its own answer.
  EXPECT_EQ(said(0, 35 * ms).front(), "DNS 2 → 192.0.2.53, 7 d 7 h: “the address is 198.51.100.80”");
}

TEST_F(Questions, LongNamesAreCut) {
  ask(root);
  hear(root, Phase::dns_referral, "www.example.jp A, ask " + std::string(300, 'a'));
  EXPECT_LT(said(0).front().size(), 80U);
}

TEST_F(Questions, OfNoJourneySayNothing) {
  ask(root, ". NS", 0);
  EXPECT_TRUE(said(0).empty());
  EXPECT_EQ(dialogue_name(timeline(), view, EventIndex{0}), "");
}

struct Neighbours : Questions {
  void arp(Phase phase, std::string_view from, std::string_view to, std::string_view detail = "") {
    EventRecord& record = source.add(time(), phase);
    record.end = End::client;
    const bool asks = phase == Phase::arp_request || phase == Phase::ndp_solicitation;
    record.direction = asks ? journeys::Direction::sent : journeys::Direction::received;
    source.texts[to_number(record.frame)] = {std::string(from), std::string(to), std::string(detail)};
  }
};

TEST_F(Neighbours, WhoCarriesOnWhatIsSentToOthersIsTheRouter) {
  arp(Phase::arp_request, "192.0.2.10", "192.0.2.1");
  arp(Phase::arp_reply, "192.0.2.1", "192.0.2.10");
  ask(root);
  EXPECT_EQ(said(0).front(), "ARP: where is the router? 3 d 15 h");
  view.language = Language::japanese;
  EXPECT_EQ(said(0).front(), "ARP：ポスト（ルーター）はどこ？ 3日15時間");
}

TEST_F(Neighbours, WhoIsWrittenToIsNone) {
  arp(Phase::arp_request, "192.0.2.10", "192.0.2.53");
  arp(Phase::arp_reply, "192.0.2.53", "192.0.2.10");
  ask("192.0.2.53");
  EXPECT_EQ(said(0).front(), "ARP: who is 192.0.2.53? 3 d 15 h");
}

TEST_F(Neighbours, WithoutAReplyNobodyKnows) {
  arp(Phase::arp_request, "192.0.2.10", "192.0.2.1");
  ask(root);
  EXPECT_EQ(said(0).front(), "ARP: who is 192.0.2.1?");
}

TEST_F(Neighbours, NdpSaysInTheMessageWhoIsMeant) {
  arp(Phase::ndp_solicitation, "2001:db8::10", "ff02::1:ff00:1", "2001:db8::1");
  arp(Phase::ndp_advertisement, "fe80::1", "2001:db8::10", "2001:db8::1");
  ask("[2001:db8:4::4]");
  EXPECT_EQ(said(0).front(), "NDP: where is the router? 3 d 15 h");
  source = {};
  arp(Phase::ndp_solicitation, "2001:db8::10", "ff02::1:ff00:1", "2001:db8::53");
  arp(Phase::ndp_advertisement, "fe80::53", "2001:db8::10", "2001:db8::53");
  ask("[2001:db8::53]");
  EXPECT_EQ(said(0).front(), "NDP: who is 2001:db8::53? 3 d 15 h");
}

}  // namespace
}  // namespace humantime::ui::test
