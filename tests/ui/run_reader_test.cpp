// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/run_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <vector>

namespace humantime::ui {
namespace {

using journeys::Direction;
using journeys::End;
using journeys::MilestoneKey;
using journeys::Run;
using journeys::TimedMilestone;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(MilestoneKey, IsReadAsItIsWritten) {
  EXPECT_EQ(milestone_key_of("dns.query#2/sent", End::client),
            (MilestoneKey{Phase::dns_query, 2, Direction::sent, End::client}));
  EXPECT_EQ(milestone_key_of("tcp.syn#1/received", End::server),
            (MilestoneKey{Phase::tcp_syn, 1, Direction::received, End::server}));
  EXPECT_EQ(milestone_key_of("http.request#4294967295", End::middle),
            (MilestoneKey{Phase::http_request, 4294967295, Direction::unknown, End::middle}));
}

TEST(MilestoneKey, WhatIsNoneIsRefused) {
  for (const char* text :
       {"", "#", "dns.query", "dns.query#", "dns.query#0", "dns.query#0/sent", "dns.query#-1", "dns.query# 1",
        "dns.query#1x", "dns.query#4294967296", "dns.quest#1/sent", "#1/sent", "dns.query#1/",
        "dns.query#1/Sent", "dns.query#1/sent/", "dns.query#1/sent/received", "dns.query/sent",
        "tcp.ack#1/sent", " dns.query#1"})
    EXPECT_EQ(milestone_key_of(text, End::client), std::nullopt) << text;
}

/// A line of the report `events`.
struct EventLine {
  int frame = 1;
  int time = 1000;
  int corrected = 1000;
  const char* vantage = "1.0";
  const char* end = "client";
  const char* milestones = "";
  int journey = 1;
  int peer = 0, travel = 0, precision = 0;
  std::string text() const {
    const auto or_null = [](int number) {
      return number == 0 ? std::string("null") : std::to_string(number);
    };
    return R"({"frame":)" + std::to_string(frame) + R"(,"time_ns":)" + or_null(time) + R"(,"corrected_ns":)" +
           or_null(corrected) + R"(,"vantage":")" + vantage + R"(","end":")" + end +
           R"(","direction":null,"journey":)" + or_null(journey) + R"(,"phases":[],"milestones":[)" +
           milestones + R"(],"peer_frame":)" + or_null(peer) + R"(,"travel_ns":)" + or_null(travel) +
           R"(,"travel_precision_ns":)" + or_null(precision) + "}\n";
  }
};
std::string journey_line(int number, const std::string& name = "www.example.jp") {
  return R"({"journey":)" + std::to_string(number) + R"(,"name":")" + name +
         R"(","kind":"completed","server":"198.51.100.80:443"})" + "\n";
}
std::string capture_line(int events, int journeys) {
  return R"({"frames":99,"events":)" + std::to_string(events) + R"(,"journeys":)" + std::to_string(journeys) +
         R"(,"origin_ns":0})" + "\n";
}

std::vector<Run> runs_of(const std::string& told) {
  RunReader reader;
  EXPECT_TRUE(reader.take(told)) << reader.error();
  EXPECT_TRUE(reader.finish()) << reader.error();
  return reader.runs();
}

using Told = std::tuple<MilestoneKey, std::int64_t, std::int64_t>;
std::vector<Told> told_of(const Run& run) {
  std::vector<Told> told;
  for (const TimedMilestone& one : run.milestones) told.emplace_back(one.key, one.ns, one.precision_ns);
  return told;
}

/// Both ends: the server's clock is 50 behind, and known to 7.
const std::string both_ends =
    EventLine{.frame = 1, .milestones = R"("tcp.syn#1/sent")", .peer = 2, .travel = 300, .precision = 7}
        .text() +
    EventLine{.frame = 2,
              .time = 1250,
              .corrected = 1300,
              .vantage = "1.1",
              .end = "server",
              .milestones = R"("tcp.syn#1/received")",
              .peer = 1,
              .travel = 300,
              .precision = 7}
        .text() +
    EventLine{.frame = 3,
              .time = 1260,
              .corrected = 1310,
              .vantage = "1.1",
              .end = "server",
              .milestones = R"("tcp.syn_ack#1/sent")"}
        .text();

TEST(RunReader, TimesAreSinceTheJourneysFirstFrameByTheCorrectedClock) {
  const auto runs = runs_of(both_ends + journey_line(1) + capture_line(3, 1));
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].kind, journeys::Kind::completed);
  EXPECT_EQ(runs[0].name, "www.example.jp");
  const std::vector<Told> expected = {{{Phase::tcp_syn, 1, Direction::sent, End::client}, 0, 0},
                                      {{Phase::tcp_syn, 1, Direction::received, End::server}, 300, 7},
                                      {{Phase::tcp_syn_ack, 1, Direction::sent, End::server}, 310, 7}};
  EXPECT_TRUE(told_of(runs[0]) == expected);
}

TEST(RunReader, TheFirstFrameNeedsNoMilestone) {
  const auto runs = runs_of(EventLine{.frame = 1, .time = 400, .corrected = 400}.text() +
                            EventLine{.frame = 2, .milestones = R"("tcp.syn#1/sent")"}.text() +
                            journey_line(1) + capture_line(2, 1));
  ASSERT_THAT(runs, SizeIs(1));
  ASSERT_THAT(runs[0].milestones, SizeIs(1));
  EXPECT_EQ(runs[0].milestones[0].ns, 600);
}

TEST(RunReader, WhatIsAskedAgainCountsOnce) {
  const auto runs = runs_of(
      EventLine{.frame = 1, .milestones = R"("dns.query#1/sent")"}.text() +
      EventLine{.frame = 2, .time = 6000, .corrected = 6000, .milestones = R"("dns.query#1/sent")"}.text() +
      // Two tickets in one packet.
      EventLine{.frame = 3,
                .time = 7000,
                .corrected = 7000,
                .milestones = R"("tls.new_session_ticket#1/received",)"
                              R"("tls.new_session_ticket#1/received")"}
          .text() +
      journey_line(1) + capture_line(3, 1));
  ASSERT_THAT(runs, SizeIs(1));
  ASSERT_THAT(runs[0].milestones, SizeIs(2));
  EXPECT_EQ(runs[0].milestones[0].ns, 0);
  EXPECT_EQ(runs[0].milestones[1].ns, 6000);
}

TEST(RunReader, AFrameWithoutATimeStandsWhereTheOneBeforeItDoes) {
  const auto runs = runs_of(
      EventLine{.frame = 1, .milestones = R"("tcp.syn#1/sent")"}.text() +
      EventLine{.frame = 2, .time = 0, .corrected = 0, .milestones = R"("tcp.syn_ack#1/received")"}.text() +
      journey_line(1) + capture_line(2, 1));
  ASSERT_THAT(runs[0].milestones, SizeIs(2));
  EXPECT_EQ(runs[0].milestones[1].ns, 0);
}

TEST(RunReader, OnlyJourneysThatTheFilterLeftAreRuns) {
  const std::string events = EventLine{.frame = 1, .milestones = R"("tcp.syn#1/sent")"}.text() +
                             EventLine{.frame = 2, .milestones = R"("tcp.syn#1/sent")", .journey = 2}.text();
  // Of all, and of those that pass: the two may come in any order.
  for (const std::string& captures :
       {capture_line(2, 2) + capture_line(1, 1), capture_line(1, 1) + capture_line(2, 2)}) {
    const auto runs = runs_of(captures + journey_line(2, "b") + events);
    ASSERT_THAT(runs, SizeIs(1));
    EXPECT_EQ(runs[0].name, "b");
    EXPECT_THAT(runs[0].milestones, SizeIs(1));
  }
}

TEST(RunReader, AnAddressIsNoName) {
  const auto runs = runs_of(journey_line(1, "198.51.100.80:443") + capture_line(0, 1));
  ASSERT_THAT(runs, SizeIs(1));
  EXPECT_EQ(runs[0].name, "");
  EXPECT_THAT(runs[0].milestones, IsEmpty());
}

TEST(RunReader, PiecesMayBeCutAnywhereAndEveryTruncationIsTold) {
  const std::string whole = both_ends + journey_line(1) + capture_line(3, 1);
  for (std::size_t size = 1; size < 20; ++size) {
    RunReader reader;
    for (std::size_t at = 0; at < whole.size(); at += size) ASSERT_TRUE(reader.take(whole.substr(at, size)));
    EXPECT_TRUE(reader.finish()) << reader.error();
  }
  for (std::size_t length = 0; length < whole.size(); ++length) {
    RunReader reader;
    reader.take(whole.substr(0, length));
    EXPECT_FALSE(reader.finish()) << length;
    EXPECT_FALSE(reader.error().empty());
  }
}

class WrongRun : public testing::TestWithParam<std::pair<std::string, std::string>> {};
TEST_P(WrongRun, IsAnErrorAndNothingMoreIsTaken) {
  std::string told = both_ends + journey_line(1) + capture_line(3, 1);
  const std::size_t at = told.find(GetParam().first);
  ASSERT_NE(at, std::string::npos);
  told.replace(at, std::string_view(GetParam().first).size(), GetParam().second);
  RunReader reader;
  ASSERT_FALSE(reader.take(told));
  EXPECT_THAT(reader.error(), HasSubstr("no event of this version's"));
  EXPECT_FALSE(reader.take(journey_line(7)));
  EXPECT_FALSE(reader.finish());
}
INSTANTIATE_TEST_SUITE_P(
    RunReader, WrongRun,
    testing::Values(
        std::pair{R"("frame":1,)", R"("frame":0,)"}, std::pair{R"("frame":1,)", R"("frame":2,)"},
        std::pair{R"("frame":1,)", R"("frame":"1",)"}, std::pair{R"("journey":1,)", R"("journey":8192,)"},
        std::pair{R"("time_ns":1000,)", R"("time_ns":9223372036854775808,)"},
        std::pair{R"("corrected_ns":1000,)", ""}, std::pair{R"("end":"client")", R"("end":"here")"},
        std::pair{R"("tcp.syn#1/sent")", R"("tcp.syn#1/lost")"}, std::pair{R"("tcp.syn#1/sent")", "1"},
        std::pair{R"(["tcp.syn#1/sent"])", R"("tcp.syn#1/sent")"},
        std::pair{R"("travel_precision_ns":7)", R"("travel_precision_ns":-7)"},
        std::pair{R"("kind":"completed")", R"("kind":"great")"},
        std::pair{R"("server":"198.51.100.80:443")", R"("server":5)"},
        std::pair{R"("events":3)", R"("events":-3)"}, std::pair{R"({"frames")", R"(["frames")"}));

TEST(RunReader, ALineWithoutAnEndIsNotKept) {
  RunReader reader;
  const std::string piece(1U << 16U, 'a');
  int pieces = 0;
  while (reader.take(piece)) ASSERT_LT(++pieces, 100);
  EXPECT_THAT(reader.error(), HasSubstr("does not end"));
}

}  // namespace
}  // namespace humantime::ui
