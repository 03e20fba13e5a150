// SPDX-License-Identifier: GPL-2.0-or-later
// The timings of hand-made journeys, in milliseconds.
#include <gtest/gtest.h>

#include <limits>
#include <string>
#include <vector>

#include "paper_journeys.h"
#include "reports/stage_totals.h"

namespace humantime::reports {
namespace {

using journeys::Direction;

constexpr auto sent = Direction::sent, received = Direction::received;
constexpr std::string_view c = "192.0.2.10:40000", s = "198.51.100.80:443", host = "192.0.2.10",
                           router = "192.0.2.1", q = "192.0.2.10:50000", dns = "192.0.2.53:53";

constexpr std::int64_t ms = 1000;  // of the papers' microseconds

PlaceView view_of(const PaperJourneys& paper) {
  std::vector<journeys::Milestone> milestones;
  list_milestones(paper.store, paper.journey(), milestones);
  return clients_view(paper.store, paper.journey(), milestones);
}

/// `address 1 dns 2 …`: those that there are, in whole milliseconds.
std::string told(const PaperJourneys& paper) {
  const StageTotals t = view_of(paper).totals;
  std::string text;
  const auto add = [&](const char* name, std::int64_t ns) {
    if (ns == StageTotals::none) return;
    EXPECT_GE(ns, 0) << name;
    EXPECT_EQ(ns % 1'000'000, 0) << name;
    text += (text.empty() ? "" : " ") + std::string(name) + " " + std::to_string(ns / 1'000'000);
  };
  add("blocked", t.blocked);
  add("address", t.address);
  add("dns", t.dns);
  add("connect", t.connect);
  add("ssl", t.ssl);
  add("send", t.send);
  add("wait", t.wait);
  add("receive", t.receive);
  add("close", t.close);
  return text;
}

std::string told(std::initializer_list<PaperFrame> frames) {
  PaperJourneys paper;
  paper.begin("www.example.jp", s);
  paper.travel(frames);
  return told(paper);
}

TEST(StageTotals, AllOfThem) {
  EXPECT_EQ(told({{0, host, router, "arp.request", {}, sent},
                  {1 * ms, router, host, "arp.reply", {}, received},
                  {3 * ms, q, dns, "dns.query", {}, sent},
                  {10 * ms, dns, q, "dns.referral", {}, received},
                  {12 * ms, q, dns, "dns.query", {}, sent},
                  {20 * ms, dns, q, "dns.answer", {}, received},
                  {24 * ms, c, s, "tcp.syn", {}, sent, 0, 1},
                  {34 * ms, s, c, "tcp.syn_ack", {}, received, 0, 1},
                  {35 * ms, c, s, "tcp.handshake_ack", {}, sent, 0, 1},
                  {36 * ms, c, s, "tls.client_hello", {}, sent, 0, 1},
                  {46 * ms, s, c, "tls.server_hello", {}, received, 0, 1},
                  {47 * ms, c, s, "tls.finished", {}, sent, 0, 1},
                  {57 * ms, s, c, "tls.finished", {}, received, 0, 1},
                  {65 * ms, c, s, "http.request", {}, sent, 0, 1},
                  {67 * ms, c, s, "http.request_end", {}, sent, 0, 1},
                  {80 * ms, s, c, "http.response_start", {}, received, 0, 1},
                  {100 * ms, s, c, "http.response_end tcp.fin", {}, received, 0, 1},
                  {101 * ms, c, s, "tls.close_notify", {}, sent, 0, 1},
                  {120 * ms, s, c, "tcp.ack", {}, received, 0, 1}}),
            // Blocked: 2 before the lookup, 4 before the SYN, 8 before the request.
            "blocked 14 address 1 dns 17 connect 33 ssl 21 send 2 wait 13 receive 20 close 20");
}

TEST(StageTotals, Nothing) {
  EXPECT_EQ(told(std::initializer_list<PaperFrame>{}), "");
  EXPECT_EQ(told({{0, c, s, "tcp.data"}, {5 * ms, s, c, "tcp.ack"}}), "");
}

TEST(StageTotals, ConnectionWithoutTls) {
  EXPECT_EQ(
      told({{0, c, s, "tcp.syn"}, {10 * ms, s, c, "tcp.syn_ack"}, {11 * ms, c, s, "tcp.handshake_ack"}}),
      "blocked 0 connect 11");
}

TEST(StageTotals, ACachedNameLeavesNoLookup) {
  EXPECT_EQ(told({{0, c, s, "tcp.syn"},
                  {10 * ms, c, s, "tcp.handshake_ack"},
                  {11 * ms, c, s, "http.request"},
                  {20 * ms, s, c, "http.response_start http.response_end"}}),
            "blocked 1 connect 10 send 0 wait 9 receive 0");
}

TEST(StageTotals, ALateAnswerIsNoPartOfTheLookup) {
  EXPECT_EQ(told({{0, q, dns, "dns.query dns.query"},
                  {5 * ms, dns, q, "dns.answer"},
                  {6 * ms, c, s, "tcp.syn"},
                  {7 * ms, dns, q, "dns.no_data"}}),
            "blocked 0 dns 5");
}

TEST(StageTotals, AnUnansweredLookup) {
  EXPECT_EQ(told({{0, q, dns, "dns.query"}, {5000 * ms, q, dns, "dns.query"}}), "");
  EXPECT_EQ(
      told({{0, q, dns, "dns.query"}, {5000 * ms, q, dns, "dns.query"}, {5010 * ms, dns, q, "dns.nxdomain"}}),
      "blocked 0 dns 5010");
}

TEST(StageTotals, RefusedAndUnanswered) {
  EXPECT_EQ(told({{0, c, s, "tcp.syn"}, {10 * ms, s, c, "tcp.rst"}}), "") << "a RST that closes nothing";
  EXPECT_EQ(told({{0, c, s, "tcp.syn"}, {1000 * ms, c, s, "tcp.syn tcp.retransmission"}}), "");
}

TEST(StageTotals, ResetOfAConnection) {
  EXPECT_EQ(told({{0, c, s, "tcp.syn"},
                  {10 * ms, s, c, "tcp.syn_ack"},
                  {10 * ms, c, s, "tcp.handshake_ack"},
                  {20 * ms, s, c, "tcp.rst"},
                  {25 * ms, c, s, "tcp.ack"}}),
            "blocked 0 connect 10 close 5");
}

TEST(StageTotals, SeveralExchangesAddUp) {
  EXPECT_EQ(told({{0, c, s, "http.request"},
                  {10 * ms, s, c, "http.response_start"},
                  {15 * ms, s, c, "http.response_end"},
                  {100 * ms, c, s, "http.request"},
                  {101 * ms, c, s, "http.request_end"},
                  {121 * ms, s, c, "http.response_start http.response_end"},
                  {200 * ms, c, s, "tcp.fin"},
                  {220 * ms, s, c, "tcp.fin_ack"}}),
            "blocked 85 send 1 wait 30 receive 5 close 20");
}

TEST(StageTotals, PipelinedExchangesDoNotCountTwice) {
  EXPECT_EQ(told({{0, c, s, "http.request"},
                  {1 * ms, c, s, "http.request"},
                  {10 * ms, s, c, "http.response_start"},
                  {15 * ms, s, c, "http.response_end"},
                  {17 * ms, s, c, "http.response_start"},
                  {20 * ms, s, c, "http.response_end"}}),
            "blocked 0 send 0 wait 12 receive 8");
}

TEST(StageTotals, APromisedResponseIsWaitedFor) {
  EXPECT_EQ(told({{0, c, s, "http.request"},
                  {10 * ms, s, c, "http.response_start http.push_promise"},
                  {12 * ms, s, c, "http.response_end"},
                  {20 * ms, s, c, "http.response_start"},
                  {25 * ms, s, c, "http.response_end"}}),
            "blocked 0 send 0 wait 18 receive 7");
}

TEST(StageTotals, WhatNeverEnds) {
  EXPECT_EQ(told({{0, c, s, "http.request"}, {50 * ms, s, c, "tcp.ack"}}), "blocked 0 send 0 wait 50")
      << "no response: until the last frame";
  EXPECT_EQ(told({{0, c, s, "http.request"}, {40 * ms, c, s, "tcp.fin"}, {50 * ms, s, c, "tcp.fin_ack"}}),
            "blocked 0 send 0 wait 40 close 10")
      << "no response: until the close";
  EXPECT_EQ(
      told({{0, c, s, "http.request"}, {10 * ms, s, c, "http.response_start"}, {40 * ms, s, c, "tcp.rst"}}),
      "blocked 0 send 0 wait 10 receive 30 close 0");
}

TEST(StageTotals, WhatNeverBegan) {
  EXPECT_EQ(told({{0, s, c, "http.response_end"}, {5 * ms, s, c, "tcp.fin"}}), "close 0");
  EXPECT_EQ(
      told({{0, s, c, "tls.finished"}, {1 * ms, router, host, "arp.reply"}, {5 * ms, dns, q, "dns.answer"}}),
      "");
}

TEST(StageTotals, EarlyDataIsSentInsideTheHandshake) {
  EXPECT_EQ(told({{0, c, s, "tcp.syn"},
                  {10 * ms, c, s, "tcp.handshake_ack"},
                  {10 * ms, c, s, "tls.client_hello tls.early_data http.request"},
                  {20 * ms, s, c, "tls.server_hello tls.finished"},
                  {21 * ms, c, s, "tls.finished"},
                  {22 * ms, s, c, "http.response_start http.response_end"}}),
            "blocked 0 connect 21 ssl 11 send 0 wait 12 receive 0");
}

TEST(StageTotals, RenegotiationsDoNotCount) {
  EXPECT_EQ(told({{0, c, s, "tls.client_hello"},
                  {5 * ms, c, s, "tls.finished", {}, sent},
                  {6 * ms, s, c, "tls.finished", {}, received},
                  {90 * ms, c, s, "tls.client_hello"},
                  {95 * ms, c, s, "tls.finished", {}, sent}}),
            "blocked 0 ssl 6");
}

TEST(StageTotals, AddressesOfSeveralNeighboursAddUp) {
  EXPECT_EQ(told({{0, host, router, "arp.request"},
                  {1000 * ms, host, router, "arp.request"},
                  {1002 * ms, router, host, "arp.reply"},
                  {1010 * ms, host, router, "ndp.solicitation"},
                  {1013 * ms, router, host, "ndp.advertisement"}}),
            "blocked 8 address 1005");
}

TEST(StageTotals, ALookupOverTcpIsALookup) {
  EXPECT_EQ(told({{0, q, dns, "dns.query"},
                  {10 * ms, dns, q, "dns.truncated"},
                  {11 * ms, q, dns, "tcp.syn", {}, sent, 0, 1},
                  {20 * ms, q, dns, "tcp.handshake_ack", {}, sent, 0, 1},
                  {21 * ms, q, dns, "dns.query", {}, sent, 0, 1},
                  {30 * ms, dns, q, "dns.answer", {}, received, 0, 1},
                  {31 * ms, q, dns, "tcp.fin", {}, sent, 0, 1},
                  {40 * ms, c, s, "tcp.syn", {}, sent, 0, 2},
                  {50 * ms, c, s, "tcp.handshake_ack", {}, sent, 0, 2}}),
            "blocked 10 dns 30 connect 10");
}

TEST(StageTotals, TheClientsVantageCounts) {
  PaperJourneys paper;
  add_article_fetch(paper, true);
  PaperJourneys client;
  add_article_fetch(client, false);
  const PlaceView both = view_of(paper), one = view_of(client);
  EXPECT_EQ(both.totals.connect, one.totals.connect);
  EXPECT_EQ(both.totals.receive, one.totals.receive);
  EXPECT_EQ(both.segments, one.segments);
  EXPECT_EQ(both.bytes, one.bytes);
  // From the article's table.
  EXPECT_EQ(one.totals.address, 392'000);
  EXPECT_EQ(one.totals.dns, 110'683'000 - 584'000);
  EXPECT_EQ(one.totals.connect, 296'554'000 - 136'010'000);
  EXPECT_EQ(one.totals.ssl, 296'554'000 - 185'782'000);
  EXPECT_EQ(one.totals.send, 0);
  EXPECT_EQ(one.totals.wait, 357'770'000 - 296'967'000);
  EXPECT_EQ(one.totals.receive, 827'681'000 - 357'770'000);
  EXPECT_EQ(one.totals.close, 914'777'000 - 827'681'000);
  EXPECT_EQ(one.totals.blocked, 192'000 + 136'010'000 - 110'683'000 + 296'967'000 - 296'554'000);
}

TEST(StageTotals, CountsOfSegments) {
  PaperJourneys paper;
  paper.begin("", s);
  paper.travel({{0, q, dns, "dns.query"},
                {1, c, s, "tcp.syn", {}, sent, 0, 1},
                {2, c, s, "tcp.syn tcp.retransmission", {}, sent, 0, 1},
                {3, c, s, "tcp.syn", {}, received, 1, 2}});
  PaperFrame copy{4, c, s, "", {}, sent, 0, 1};
  copy.copy_of = 2;
  paper.travel(copy);
  const PlaceView view = view_of(paper);
  EXPECT_EQ(view.segments, 2U);
  EXPECT_EQ(view.retransmissions, 1U);
  EXPECT_EQ(view.bytes, 300U);
}

TEST(StageTotals, WithoutTimes) {
  PaperJourneys paper;
  paper.begin("", s);
  PaperFrame frame{0, c, s, "tcp.syn"};
  frame.timed = false;
  paper.travel(frame);
  EXPECT_FALSE(view_of(paper).timed);
  EXPECT_EQ(told(paper), "");
}

TEST(StageTotals, TheEndsOfTime) {
  PaperJourneys paper;
  paper.begin("", s);
  paper.travel({{0, c, s, "tcp.syn"}, {1, c, s, "tcp.handshake_ack"}, {2, c, s, "tcp.fin"}});
  std::vector<journeys::Milestone> milestones;
  list_milestones(paper.store, paper.journey(), milestones);
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         most = std::numeric_limits<std::int64_t>::max();
  milestones[0].time_ns = least;
  milestones[1].time_ns = most;
  milestones[2].time_ns = most;
  const StageTotals totals = stage_totals(milestones, least, most);
  EXPECT_EQ(totals.connect, most) << "saturated";
  EXPECT_EQ(totals.close, 0);
}

}  // namespace
}  // namespace humantime::reports
