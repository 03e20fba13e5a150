// SPDX-License-Identifier: GPL-2.0-or-later
// The milestones of hand-made journeys.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "paper_journeys.h"
#include "reports/journey_text.h"

namespace humantime::journeys {
namespace {

using ::testing::ElementsAre;

constexpr auto sent = Direction::sent, received = Direction::received;
constexpr std::string_view client = "192.0.2.10:40000", server = "198.51.100.80:443";

/// `frame milestone`, one each.
std::vector<std::string> told(const PaperJourneys& paper) {
  std::vector<Milestone> milestones = {{}, {}};  // what was there must go
  list_milestones(paper.store, paper.journey(), milestones);
  std::vector<std::string> texts;
  for (const Milestone& m : milestones)
    texts.push_back(std::to_string(to_number(m.frame)) + " " + reports::text_of(m));
  return texts;
}

TEST(Milestones, Tokens) {
  std::set<std::string_view> tokens;
  for (const Kind kind : {Kind::completed, Kind::refused, Kind::unanswered, Kind::abandoned, Kind::failed})
    EXPECT_TRUE(tokens.insert(token_of(kind)).second && !token_of(kind).empty());
  EXPECT_EQ(token_of(Kind::failed), "failed");
  EXPECT_EQ(token_of(Direction::sent), "sent");
  EXPECT_EQ(token_of(Direction::received), "received");
  EXPECT_EQ(token_of(Direction::unknown), "");
}

TEST(Milestones, OnlyPhasesThatAreEvents) {
  PaperJourneys paper;
  paper.begin("", server);
  paper.travel({{0, client, server, "tcp.syn", {}, sent},
                {1, server, client, "tcp.syn_ack", {}, received},
                {2, client, server, "tcp.handshake_ack tcp.window_full tls.client_hello", {}, sent},
                {3, server, client, "tcp.ack", {}, received},
                {4, server, client, "http.response_body", {}, received}});
  EXPECT_THAT(told(paper), ElementsAre("1 tcp.syn#1/sent", "2 tcp.syn_ack#1/received",
                                       "3 tcp.handshake_ack#1/sent", "3 tls.client_hello#1/sent"));
}

TEST(Milestones, OrdinalsCountPacketsByPhaseAndVantage) {
  PaperJourneys paper;
  paper.begin("", server);
  paper.travel({{0, client, server, "http.request", {}, sent, 0},
                {10, client, server, "http.request", {}, received, 1},
                {20, client, server, "http.request", {}, sent, 0},
                {30, client, server, "http.request", {}, received, 1},
                {40, client, server, "http.request", {}, sent, 1},
                {50, client, server, "http.request", {}, Direction::unknown, 0},
                {60, client, server, "http.request http.request", {}, sent, 0},
                {70, client, server, "http.request", {}, sent, 0}});
  EXPECT_THAT(told(paper),
              ElementsAre("1 http.request#1/sent", "2 http.request#1/received", "3 http.request#2/sent",
                          "4 http.request#2/received", "5 http.request#3/sent", "6 http.request#3",
                          "7 http.request#4/sent", "7 http.request#4/sent", "8 http.request#5/sent"));
}

/// What was sent first has the lower number, though it arrives later; and both copies have the same one, also
/// where one of the captures lacks a packet.
TEST(Milestones, CopiesOfALetterHaveOneOrdinal) {
  PaperJourneys paper;
  PaperJourneys::Paper& fetch = paper.begin("", server);
  paper.travel({{10, client, server, "tcp.fin", {}, sent, 0},
                {12, client, server, "tcp.fin", {}, received, 1},
                {20, server, client, "tcp.fin", {}, received, 0},
                {30, server, client, "tls.alert", {}, received, 0},
                {40, server, client, "tls.alert", {}, received, 0},
                {41, server, client, "tls.alert", {}, sent, 1}});
  fetch.legs[0].peer = FrameNumber{2};
  fetch.legs[1].peer = FrameNumber{1};
  fetch.legs[1].sent_ns = fetch.legs[0].time_ns;
  fetch.legs[2].sent_ns = fetch.legs[0].time_ns - 1;
  fetch.legs[4].peer = FrameNumber{6};
  fetch.legs[5].peer = FrameNumber{5};
  EXPECT_THAT(told(paper),
              ElementsAre("1 tcp.fin#2/sent", "2 tcp.fin#2/received", "3 tcp.fin#1/received",
                          "4 tls.alert#1/received", "5 tls.alert#2/received", "6 tls.alert#2/sent"));
}

TEST(Milestones, RetransmissionsAreEventsOfTheirOwn) {
  PaperJourneys paper;
  paper.begin("", server);
  paper.travel({{0, client, server, "tcp.syn", {}, sent},
                {1, client, server, "tcp.syn tcp.retransmission", {}, sent},
                {2, client, server, "tcp.fin_ack tcp.retransmission tcp.fin", {}, sent},
                {3, client, server, "tcp.fin", {}, sent}});
  EXPECT_THAT(told(paper),
              ElementsAre("1 tcp.syn#1/sent", "2 tcp.retransmission#1/sent", "3 tcp.fin_ack#1/sent",
                          "3 tcp.retransmission#2/sent", "4 tcp.fin#1/sent"));
}

/// After a timeout, with another id, over TCP: it is the step that it was, and so are its answers.
TEST(Milestones, AQuestionThatIsAskedAgainIsTheSameStep) {
  PaperJourneys paper;
  paper.begin("", server);
  const auto travel = [&](std::string_view phases, Direction direction, std::uint32_t question) {
    PaperFrame frame{static_cast<std::int64_t>(paper.store.size()), client, server, phases, {}, direction};
    frame.question = question;
    paper.travel(frame);
  };
  travel("dns.query", sent, 7);
  travel("dns.query", sent, 8);
  travel("dns.query", sent, 7);
  travel("dns.referral", received, 7);
  travel("dns.truncated", received, 8);
  travel("dns.referral", received, 7);
  travel("dns.query dns.query", sent, 8);
  travel("dns.query", sent, 9);
  travel("dns.answer", received, 8);
  travel("dns.query", sent, 0);
  EXPECT_THAT(told(paper),
              ElementsAre("1 dns.query#1/sent", "2 dns.query#2/sent", "3 dns.query#1/sent",
                          "4 dns.referral#1/received", "5 dns.truncated#1/received",
                          "6 dns.referral#1/received", "7 dns.query#2/sent", "7 dns.query#2/sent",
                          "8 dns.query#3/sent", "9 dns.answer#1/received", "10 dns.query#4/sent"));
  std::vector<Milestone> milestones;
  list_milestones(paper.store, paper.journey(), milestones);
  std::set<std::uint32_t> again;
  for (const Milestone& m : milestones)
    if (m.again) again.insert(to_number(m.frame));
  EXPECT_THAT(again, ElementsAre(3, 6, 7));
}

TEST(Milestones, SecondCopiesOfAMirrorPortAreNone) {
  PaperJourneys paper;
  paper.begin("", server);
  paper.travel({0, client, server, "tcp.syn", {}, sent});
  PaperFrame copy{1, client, server, "", {}, sent};
  copy.copy_of = 1;
  paper.travel(copy);
  EXPECT_THAT(told(paper), ElementsAre("1 tcp.syn#1/sent"));
}

TEST(Milestones, InOrderOfTime) {
  PaperJourneys paper;
  paper.begin("", server);
  PaperFrame timeless{99, client, server, "http.response_start http.response_end", {}, sent};
  timeless.timed = false;
  paper.travel({5, client, server, "tcp.fin", {}, sent});
  paper.travel({1, client, server, "dns.query dns.query", {}, sent});
  paper.travel(timeless);
  paper.travel({1, client, server, "dns.answer", {}, sent});
  paper.travel({0, client, server, "dns.query", {}, sent});
  EXPECT_THAT(told(paper), ElementsAre("5 dns.query#1/sent", "2 dns.query#2/sent", "2 dns.query#2/sent",
                                       "3 http.response_start#1/sent", "3 http.response_end#1/sent",
                                       "4 dns.answer#1/sent", "1 tcp.fin#1/sent"))
      << "a frame without a time stands where the one before it does";
}

TEST(Milestones, FramesThatAreNotThere) {
  PaperJourneys paper;
  auto& begun = paper.begin("", server);
  begun.legs = {{FrameNumber{7}, sent}, {no_frame, sent}};
  EXPECT_THAT(told(paper), ElementsAre());
}

TEST(Milestones, TheArticlesFetch) {
  PaperJourneys paper;
  add_article_fetch(paper, true);
  std::vector<Milestone> milestones;
  list_milestones(paper.store, paper.journey(), milestones);
  std::set<std::uint32_t> frames;
  std::set<std::string> sent_ones, received_ones;
  for (const Milestone& m : milestones) {
    frames.insert(to_number(m.frame));
    if (m.mark.phase < Phase::tcp_syn) continue;
    const std::string text = reports::text_of(m);
    (m.direction == sent ? sent_ones : received_ones).insert(text.substr(0, text.find('/')));
  }
  EXPECT_EQ(frames.size(), 34U) << "the events of the article";
  EXPECT_EQ(sent_ones, received_ones) << "the two copies of a letter have the same name";
}

}  // namespace
}  // namespace humantime::journeys
