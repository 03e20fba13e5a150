// SPDX-License-Identifier: GPL-2.0-or-later
#include "command/json_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "reports/connection_list.h"
#include "store.h"

namespace humantime::ui {
namespace {

using testing::HasSubstr;

const std::string event_1 =
    R"({"frame":1,"time_ns":1000,"corrected_ns":null,"vantage":"1.0","end":"client","direction":"sent","journey":1,)"
    R"("phases":["dns.query"],"milestones":["dns.query#2/sent"],"inferred":[false],"estimated":false,)"
    R"("peer_frame":null,"travel_ns":null,"travel_precision_ns":null,"travel_error_ns":null,"from":"192.0.2.10:5",)"
    R"("to":"203.0.113.4:53","bytes":97,"detail":"www.example.jp A","stages":["dns"],"time":"Jan 1, 00:00:00"})"
    "\n";
const std::string event_7 =
    R"({"frame":7,"time_ns":5000,"corrected_ns":4900,"vantage":"1.1","end":"server","direction":"received",)"
    R"("journey":1,"phases":["tcp.ack","tls.finished"],"milestones":[],"inferred":[false,true],"estimated":true,)"
    R"("peer_frame":1,"travel_ns":300,"travel_precision_ns":10,"travel_error_ns":20,"from":"a","to":null,"bytes":60,)"
    R"("detail":null,"stages":["ssl","ssl"],"time":"Jan 1, 00:02:06"})"
    "\n";
const std::string journey =
    R"({"journey":1,"name":"www.example.jp","kind":"completed","server":"198.51.100.80:443",)"
    R"("handshake":"tls13_full","handshake_rtts":1,"first_frame":1,)"
    R"("start_ns":1000,"end_ns":5000})"
    "\n";
const std::string capture = R"({"frames":9,"events":2,"journeys":1,"origin_ns":500,"origin_utc":"…"})"
                            "\n";
const std::string whole = event_1 + event_7 + journey + capture;

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(JsonSource, ReadsTheThreeReports) {
  JsonSource source("a.pcapng");
  EXPECT_LT(source.progress(), 1);
  ASSERT_TRUE(source.take(whole)) << source.error();
  const std::uint64_t before = source.revision();
  ASSERT_TRUE(source.finish()) << source.error();
  EXPECT_NE(source.revision(), before);
  EXPECT_EQ(source.name(), "a.pcapng");
  EXPECT_EQ(source.progress(), 1);
  EXPECT_EQ(source.frame_count(), 9U);
  EXPECT_EQ(source.origin_ns(), 500);

  EventRecord record;
  ASSERT_TRUE(source.read(FrameNumber{1}, record));
  EXPECT_EQ(record.journey, 1U);
  EXPECT_EQ(record.time_ns, 1000);
  EXPECT_EQ(record.other_ns, std::nullopt);
  EXPECT_EQ(record.end, End::client);
  EXPECT_EQ(record.direction, journeys::Direction::sent);
  EXPECT_EQ(record.ordinal, 2U);
  EXPECT_EQ(record.bytes, 97U);
  ASSERT_EQ(record.marks.size(), 1U);
  EXPECT_EQ(record.marks[0], (PhaseMark{Phase::dns_query, Stage::dns, Certainty::seen}));
  EXPECT_EQ(source.text(FrameNumber{1}).detail, "www.example.jp A");
  EXPECT_EQ(source.text(FrameNumber{1}).from, "192.0.2.10:5");

  ASSERT_TRUE(source.read(FrameNumber{7}, record));
  EXPECT_EQ(record.time_ns, 4900) << "the corrected time, where there is one";
  EXPECT_EQ(record.other_ns, 4600) << "what was received was sent before";
  EXPECT_TRUE(record.estimated);
  EXPECT_EQ(record.peer, FrameNumber{1});
  EXPECT_EQ(record.precision_ns, 10);
  EXPECT_EQ(record.error_ns, 20);
  EXPECT_EQ(record.vantage, 1U);
  ASSERT_EQ(record.marks.size(), 2U);
  EXPECT_EQ(record.marks[1], (PhaseMark{Phase::tls_finished, Stage::ssl, Certainty::inferred}));
  EXPECT_FALSE(source.read(FrameNumber{2}, record));
  EXPECT_FALSE(source.read(FrameNumber{8}, record));
  EXPECT_TRUE(source.read(FrameNumber{1}, record)) << "backwards, too";

  ASSERT_EQ(source.journeys().size(), 1U);
  EXPECT_EQ(source.journeys()[0].name, "www.example.jp");
  EXPECT_EQ(source.journeys()[0].first, FrameNumber{1});
  EXPECT_EQ(source.journeys()[0].last_ns, 5000);
  EXPECT_EQ(source.journeys()[0].handshake, "tls13_full");
  EXPECT_EQ(source.journeys()[0].handshake_round_trips, 1);
}

TEST(JsonSource, APeersTimeStandsForATravelThatIsNotTold) {
  JsonSource source("a");
  ASSERT_TRUE(source.take(replaced(whole, R"("travel_ns":300)", R"("travel_ns":null)")));
  ASSERT_TRUE(source.finish());
  EventRecord record;
  ASSERT_TRUE(source.read(FrameNumber{7}, record));
  EXPECT_EQ(record.other_ns, 1000);
}

TEST(JsonSource, PiecesMayBeCutAnywhere) {
  for (std::size_t size = 1; size < 40; ++size) {
    JsonSource source("a");
    for (std::size_t at = 0; at < whole.size(); at += size) ASSERT_TRUE(source.take(whole.substr(at, size)));
    EXPECT_TRUE(source.finish()) << source.error();
    EXPECT_EQ(source.size(), 2U);
  }
}

TEST(JsonSource, EveryTruncationIsTold) {
  for (std::size_t length = 0; length < whole.size(); ++length) {
    JsonSource source("a");
    source.take(whole.substr(0, length));
    EXPECT_FALSE(source.finish()) << length;
    EXPECT_FALSE(source.error().empty());
    EXPECT_LT(source.progress(), 1);
  }
}

TEST(JsonSource, TheReportsMayComeInAnyOrder) {
  JsonSource source("a");
  EXPECT_TRUE(source.take(capture + journey + event_1 + event_7));
  EXPECT_TRUE(source.finish());
}

TEST(JsonSource, AFrameMayBeginSeveralJourneys) {
  JsonSource source("a");
  EXPECT_TRUE(source.take(replaced(event_1, R"("journey":1,)", R"("journey":4,)")));
}

TEST(JsonSource, ACopyIsWhatHasPhasesAndNoMilestones) {
  JsonSource source("a");
  ASSERT_TRUE(source.take(whole));
  EventRecord record;
  ASSERT_TRUE(source.read(FrameNumber{1}, record));
  EXPECT_FALSE(record.is_copy);
  ASSERT_TRUE(source.read(FrameNumber{7}, record));
  EXPECT_TRUE(record.is_copy);
}

class WrongLine : public testing::TestWithParam<std::pair<std::string, std::string>> {};
TEST_P(WrongLine, IsAnErrorAndNothingMoreIsTaken) {
  JsonSource source("a");
  ASSERT_FALSE(source.take(replaced(whole, GetParam().first, GetParam().second)));
  EXPECT_THAT(source.error(), HasSubstr("no event of this version's"));
  EXPECT_FALSE(source.take(event_1));
  EXPECT_FALSE(source.finish());
}
INSTANTIATE_TEST_SUITE_P(
    JsonSource, WrongLine,
    testing::Values(
        std::pair{R"("frame":1,)", R"("frame":0,)"}, std::pair{R"("frame":1,)", R"("frame":-1,)"},
        std::pair{R"("frame":1,)", R"("frame":4294967296,)"}, std::pair{R"("frame":1,)", R"("frame":"1",)"},
        std::pair{R"("frame":1,)", R"("frame":7,)"}, std::pair{R"("frame":1,)", R"("frame":8,)"},
        std::pair{R"("frame":1,)", R"("frame":1.5,)"},
        std::pair{R"("time_ns":1000)", R"("time_ns":9223372036854775808)"},
        std::pair{R"("time_ns":1000)", R"("time_ns":{})"}, std::pair{R"("time_ns":1000,)", ""},
        std::pair{R"(["dns.query"])", R"(["dns.quest"])"}, std::pair{R"(["dns.query"])", "[]"},
        std::pair{R"(["dns.query"])", R"("dns.query")"},
        std::pair{R"(["dns.query"])", R"(["dns.query","dns.query"])"},
        std::pair{R"("stages":["dns"])", R"("stages":["nowhere"])"},
        std::pair{R"("inferred":[false])", R"("inferred":[0])"},
        std::pair{R"("direction":"sent")", R"("direction":"up")"},
        std::pair{R"("journey":1,"phases")", R"("journey":4294967295,"phases")"},
        std::pair{R"("kind":"completed")", R"("kind":"lost")"},
        std::pair{R"("journey":1,"name")", R"("journey":0,"name")"},
        std::pair{R"({"frames":9)", R"([{"frames":9)"}, std::pair{R"({"frames":9)", R"({"frames":-9)"},
        std::pair{"www.example.jp A", "www.\xff.jp A"}, std::pair{"{\"frame\":1,", "tshark: oops {"}));

TEST(JsonSource, CountsMustAgree) {
  for (const auto& [what, by] :
       {std::pair{R"("events":2)", R"("events":3)"}, std::pair{R"("events":2)", R"("events":1)"},
        std::pair{R"("journeys":1,)", R"("journeys":2,)"}, std::pair{R"({"frames":9)", R"({"frames":6)"}}) {
    JsonSource source("a");
    ASSERT_TRUE(source.take(replaced(whole, what, by)));
    EXPECT_FALSE(source.finish()) << by;
  }
  JsonSource twice("a");
  EXPECT_FALSE(twice.take(capture + capture));
}

TEST(JsonSource, ALineWithoutAnEndIsNotKept) {
  JsonSource source("a");
  const std::string piece(1U << 16U, 'x');
  int taken = 0;
  while (source.take(piece) && taken < 100) ++taken;
  EXPECT_LT(taken, 20);
  EXPECT_THAT(source.error(), HasSubstr("does not end"));
}

TEST(JsonSource, TextsAreBoundedAndPrintable) {
  std::string longer;
  for (int i = 0; i < 300; ++i) longer += "あ";
  JsonSource source("a");
  ASSERT_TRUE(source.take(
      replaced(replaced(whole, "www.example.jp A", longer), "192.0.2.10:5", "\\u001b[31m\\u202e")));
  const EventText text = source.text(FrameNumber{1});
  EXPECT_EQ(text.detail.size(), 255U);
  EXPECT_EQ(text.detail, longer.substr(0, 255));
  EXPECT_EQ(text.from.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.from.find("\u202e"), std::string::npos);
}

// -- bytes

TEST(JsonSource, WhatAFrameIsMadeOf) {
  const std::string bytes =
      R"({"frame":1,"bytes":97,"pieces":["ethernet","ip","udp","dns.query"],"sizes":[14,20,8,55],"wholes":[0,0,0,0]})"
      "\n"
      R"({"frame":7,"bytes":60,"pieces":["ethernet","tls.certificate"],"sizes":[14,46],"wholes":[0,900]})"
      "\n";
  JsonSource source("a");
  ASSERT_TRUE(source.take(whole + bytes)) << source.error();
  EXPECT_TRUE(source.finish()) << source.error();
  EXPECT_EQ(source.pieces(FrameNumber{1}),
            (std::vector<FramePiece>{{PieceKind::ethernet, std::nullopt, 14, 0},
                                     {PieceKind::ipv4, std::nullopt, 20, 0},
                                     {PieceKind::udp, std::nullopt, 8, 0},
                                     {PieceKind::dns, Phase::dns_query, 55, 0}}));
  EXPECT_EQ(source.pieces(FrameNumber{7}).back(),
            (FramePiece{PieceKind::tls_message, Phase::tls_certificate, 46, 900}));
  EXPECT_TRUE(source.pieces(FrameNumber{2}).empty());
  EXPECT_TRUE(source.pieces(FrameNumber{9}).empty());
  for (const auto& [what, by] : {std::pair<std::string, std::string>{"\"ip\"", "\"none\""},
                                 {"\"ip\"", "7"},
                                 {"[14,20,8,55]", "[14,20,8]"},
                                 {"[14,20,8,55]", "[14,20,8,-1]"},
                                 {"[14,20,8,55]", "[14,20,8,4294967296]"},
                                 {"[0,0,0,0]", "null"},
                                 {"\"frame\":1,", "\"frame\":8,"}}) {
    JsonSource wrong("a");
    EXPECT_FALSE(wrong.take(whole + replaced(bytes, what, by))) << what << by;
  }
}

// -- streams

const std::string stream =
    R"({"journey":1,"name":"www.example.jp","vantage":"1.0","connection":1,"stream":3,"request":"GET /a",)"
    R"("status":200,"pushed":false,"reset":true,"request_frame":1,"request_end_frame":1,"response_frame":7,)"
    R"("response_end_frame":null,"request_bytes":0,"response_bytes":null,"start_ns":1000,"start":"Jan 1",)"
    R"("send_ms":0.0,"wait_ms":0.1,"receive_ms":null})"
    "\n";

TEST(JsonSource, ReadsTheReportOfStreams) {
  JsonSource source("a.pcapng");
  ASSERT_TRUE(source.take(whole + stream)) << source.error();
  ASSERT_TRUE(source.finish()) << source.error();
  EXPECT_TRUE(source.streams(FrameNumber{7}).empty());
  const std::vector<StreamRecord> streams = source.streams(FrameNumber{1});
  ASSERT_EQ(streams.size(), 1U);
  EXPECT_EQ(streams[0].stream, 3U);
  EXPECT_EQ(streams[0].what, "GET /a");
  EXPECT_EQ(streams[0].status, 200);
  EXPECT_TRUE(streams[0].reset);
  EXPECT_EQ(streams[0].response, FrameNumber{7});
  EXPECT_EQ(streams[0].response_end, no_frame);
  EXPECT_EQ(streams[0].request_bytes, std::uint64_t{0});
  EXPECT_FALSE(streams[0].response_bytes);
}

TEST(JsonSource, AStreamThatBeginsNowhereIsWrong) {
  for (const auto& [what, by] :
       std::vector<std::pair<std::string, std::string>>{{R"("request_frame":1,)", R"("request_frame":-1,)"},
                                                        {R"("status":200)", R"("status":70000)"},
                                                        {R"("status":200)", R"("status":1000)"},
                                                        {R"("pushed":false,)", ""},
                                                        {R"("stream":3)", R"("stream":"three")"}}) {
    JsonSource source("a.pcapng");
    EXPECT_FALSE(source.take(replaced(stream, what, by))) << by;
  }
}

// -- connections

const std::string no_connections = [] {
  FrameStore store;
  std::string line;
  reports::write_connections(
      store, {}, reports::Format::json, [](const reports::JourneyVisit&) {},
      [&](std::string_view text) { line += text; });
  return line;
}();

TEST(JsonSource, ReadsTheReportOfConnections) {
  JsonSource source("a.pcapng");
  const std::string server = replaced(replaced(no_connections, R"("scope":"all")", R"("scope":"server")"),
                                      R"("server":null)", R"("server":"www.example.jp")");
  ASSERT_TRUE(source.take(no_connections + whole + server)) << source.error();
  ASSERT_TRUE(source.finish()) << source.error();
  const Connections connections = source.connections(false);
  ASSERT_EQ(connections.size(), 2U);
  EXPECT_EQ(connections[0].server, "");
  EXPECT_EQ(connections[1].server, "www.example.jp");
  EXPECT_EQ(source.connections(true).size(), 2U) << "what does not pass was never asked for";
}

TEST(JsonSource, AServerBeforeAllOfThemIsWrong) {
  JsonSource source("a.pcapng");
  EXPECT_FALSE(source.take(replaced(replaced(no_connections, R"("scope":"all")", R"("scope":"server")"),
                                    R"("server":null)", R"("server":"a")")));
  JsonSource twice("a.pcapng");
  EXPECT_FALSE(twice.take(no_connections + no_connections));
  JsonSource wrong("a.pcapng");
  EXPECT_FALSE(wrong.take(replaced(no_connections, R"("connections":0)", R"("connections":-1)")));
  EXPECT_THAT(wrong.error(), HasSubstr("tshark told something"));
}

}  // namespace
}  // namespace humantime::ui
