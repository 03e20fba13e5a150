// SPDX-License-Identifier: GPL-2.0-or-later
// The connections of hand-made journeys, counted.
#include "reports/connection_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "paper_journeys.h"
#include "store.h"

namespace humantime::reports {
namespace {

using journeys::ConnectionCount;
using journeys::Kind;
using journeys::Quartiles;
using journeys::quartiles_of;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Json = nlohmann::ordered_json;

constexpr std::string_view c = "192.0.2.10:40000", s = "198.51.100.80:443", d = "192.0.2.53:853";
constexpr std::uint64_t no_unread = 0;

std::string told(const PaperJourneys& paper, Format format, Language language = Language::english) {
  std::string text;
  write_connections(paper.store, {language, {1}}, format, paper.source(),
                    [&](std::string_view piece) { text += piece; });
  return text;
}

std::vector<Json> objects_of(const PaperJourneys& paper) {
  std::vector<Json> objects;
  std::istringstream in(told(paper, Format::json));
  for (std::string line; std::getline(in, line);) objects.push_back(Json::parse(line));
  return objects;
}

/// A connection with TLS that begins at `at_us`, seen at its client's end: the handshake takes 100 ms, 80 of
/// which the client waits.
FrameNumber add_fetch(PaperJourneys& paper, std::string name, std::uint32_t connection, std::int64_t at_us,
                      HandshakeKind kind = HandshakeKind::tls12_full, std::uint8_t round_trips = 2) {
  auto& journey = paper.begin(std::move(name), s);
  paper.travel({{at_us, c, s, "tcp.syn", {}, {}, 0, connection},
                {at_us + 20'000, s, c, "tcp.syn_ack", {}, {}, 0, connection}});
  const FrameNumber hello = paper.travel({at_us + 30'000, c, s, "tls.client_hello", {}, {}, 0, connection});
  const FrameNumber answer = paper.travel({at_us + 110'000, s, c, "tls.server_hello", {}, {}, 0, connection});
  const FrameNumber end = paper.travel({at_us + 130'000, s, c, "tls.finished", {}, {}, 0, connection});
  Handshake handshake;
  handshake.client_hello = hello;
  handshake.end_frame = end;
  handshake.connection = connection;
  handshake.version = 0x0303;
  handshake.kind = kind;
  handshake.round_trips = round_trips;
  handshake.turn_count = 1;
  handshake.turns[0] = {hello, answer, true};
  paper.store.add_handshake(handshake, "");
  paper.travel({{at_us + 140'000, c, s, "http.request", {}, {}, 0, connection, true, 0, 184},
                {at_us + 180'000, s, c, "http.response_start", {}, {}, 0, connection, true, 0, 1000},
                {at_us + 190'000, s, c, "http.response_end", {}, {}, 0, connection, true, 0, 500}});
  paper.store.add_message_bytes(connection, {true, 99, 0, false});
  paper.store.add_message_bytes(connection, {true, 0, 130, false});
  for (journeys::Leg& leg : journey.legs) leg.end = journeys::End::client;
  return end;
}

TEST(Quartiles, LieInProportion) {
  const auto are = [](std::vector<std::int64_t> values) {
    const Quartiles q = quartiles_of(std::move(values));
    return std::vector<std::int64_t>{q.min_ns, q.q1_ns, q.median_ns, q.q3_ns, q.max_ns};
  };
  EXPECT_THAT(are({7}), ElementsAre(7, 7, 7, 7, 7));
  EXPECT_THAT(are({20, 10}), ElementsAre(10, 13, 15, 18, 20)) << "12.5 and 17.5, rounded up";
  EXPECT_THAT(are({50, 10, 40, 20, 30}), ElementsAre(10, 20, 30, 40, 50));
  EXPECT_THAT(are({1, 2, 3, 100}), ElementsAre(1, 2, 3, 27, 100)) << "1.75, 2.5, 27.25";
  EXPECT_EQ(quartiles_of({}).n, 0U);
}

TEST(Quartiles, AtTheEdgeOfTime) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const Quartiles q = quartiles_of({most, -most - 1, most, -most - 1});
  EXPECT_EQ(q.min_ns, -most - 1);
  EXPECT_EQ(q.max_ns, most);
  EXPECT_LE(q.q1_ns, q.median_ns);
  EXPECT_LE(q.median_ns, q.q3_ns);
}

TEST(Connections, AreCountedByServer) {
  PaperJourneys paper;
  add_fetch(paper, "www.example.jp", 1, 0);
  add_fetch(paper, "www.example.jp", 2, 1'000'000, HandshakeKind::tls12_ticket, 1);
  add_fetch(paper, "img.example.jp", 3, 2'000'000);
  const auto objects = objects_of(paper);
  ASSERT_EQ(objects.size(), 3U);
  EXPECT_EQ(objects[0]["scope"], "all");
  EXPECT_TRUE(objects[0]["server"].is_null());
  EXPECT_EQ(objects[0]["connections"], 3);
  EXPECT_EQ(objects[0]["versions"]["tls12"], 3);
  EXPECT_EQ(objects[0]["kinds"]["tls12_full"]["n"], 2);
  EXPECT_EQ(objects[0]["kinds"]["tls12_ticket"]["rtts"], Json({1}));
  EXPECT_EQ(objects[0]["kinds"]["tls12_ticket"]["share"], 0.333333);
  EXPECT_EQ(objects[1]["server"], "www.example.jp");
  EXPECT_EQ(objects[1]["connections"], 2);
  EXPECT_EQ(objects[2]["server"], "img.example.jp");
  const Json& kind = objects[2]["kinds"]["tls12_full"];
  EXPECT_EQ(kind["time_median_ns"], 100'000'000);
  EXPECT_EQ(kind["waiting_median_ns"], 80'000'000);
  EXPECT_EQ(kind["waiting_share"], 0.8);
  EXPECT_EQ(objects[2]["segments"], 8);
  EXPECT_EQ(objects[2]["segment_interval_ns"], 190'000'000 / 7);
}

TEST(Connections, BytesFromTheInsideOut) {
  PaperJourneys paper;
  add_fetch(paper, "www.example.jp", 1, 0);
  paper.store.add_message_bytes(1, {false, 900, 0, false});
  paper.store.add_message_bytes(1, {false, 0, 950, true});
  const auto objects = objects_of(paper);
  EXPECT_EQ(objects[0]["requests"].dump(),
            R"({"messages":1,"frames":1,"application_bytes":99,"tls_bytes":130,"frame_bytes":184})");
  EXPECT_EQ(objects[0]["responses"].dump(),
            R"({"messages":1,"frames":2,"application_bytes":null,"tls_bytes":950,"frame_bytes":1500})")
      << "a part of it nobody decrypted";
}

TEST(Connections, OnlyOneVantageOfEach) {
  PaperJourneys paper;
  add_article_fetch(paper, true);
  PaperJourneys alone;
  add_article_fetch(alone, false);
  EXPECT_EQ(told(paper, Format::json), told(alone, Format::json));
}

/// Frames come in the order of a file, which the server's may begin.
TEST(Connections, TheClientsVantageIsTaken) {
  PaperJourneys paper;
  auto& journey = paper.begin("www.example.jp", s);
  paper.travel({{20, c, s, "tcp.syn", {}, {}, 1, 1},
                {0, c, s, "tcp.syn", {}, {}, 0, 2},
                {40, c, s, "tcp.syn tcp.retransmission", {}, {}, 0, 2}});
  journey.legs[0].end = journeys::End::server;
  journey.legs[1].end = journey.legs[2].end = journeys::End::client;
  EXPECT_EQ(objects_of(paper)[0]["retransmissions"], 1);
}

TEST(Connections, WhatANameWasLookedUpOverIsNone) {
  PaperJourneys paper;
  paper.begin("www.example.jp", s);
  paper.travel({{0, c, d, "tcp.syn", {}, {}, 0, 1},
                {10, c, d, "tls.client_hello", {}, {}, 0, 1},
                {20, c, d, "dns.query", {}, {}, 0, 1},
                {30, c, s, "tcp.syn", {}, {}, 0, 2},
                {40, c, s, "http.request", {}, {}, 0, 2}});
  const Json all = objects_of(paper)[0];
  EXPECT_EQ(all["connections"], 1);
  EXPECT_EQ(all["tls"], 0);
  EXPECT_EQ(all["http_versions"]["http1"], 1);
}

TEST(Connections, ThoseThatWereNotMade) {
  PaperJourneys paper;
  for (const Kind kind : {Kind::refused, Kind::unanswered, Kind::abandoned, Kind::failed}) {
    paper.begin("www.example.jp", s, kind);
    paper.travel({0, c, s, "tcp.syn", {}, {}, 0, static_cast<std::uint32_t>(kind) + 1});
  }
  const Json all = objects_of(paper)[0];
  EXPECT_EQ(all["connections"], 1);
  EXPECT_EQ(all["refused"], 1);
  EXPECT_EQ(all["unanswered"], 1);
  EXPECT_EQ(all["segments"], 3);
}

TEST(Connections, HttpVersions) {
  PaperJourneys paper;
  std::uint32_t connection = 0;
  for (const std::string_view phases :
       {"tcp.syn http.request", "tcp.syn http.settings http.request", "quic.initial http.request",
        "http.request", "tcp.syn http.settings http.request"}) {
    paper.begin("www.example.jp", s);
    paper.travel({0, c, s, phases, {}, {}, 0, ++connection});
  }
  EXPECT_EQ(objects_of(paper)[0]["http_versions"].dump(), R"({"http1":1,"http2":2,"http3":1,"unknown":1})");
  EXPECT_EQ(objects_of(paper)[0]["versions"]["quic"], 1);
  EXPECT_EQ(objects_of(paper)[0]["segments"], 4) << "TCP's";
}

TEST(Connections, NoneAtAll) {
  const PaperJourneys paper;
  const auto objects = objects_of(paper);
  ASSERT_EQ(objects.size(), 1U);
  EXPECT_EQ(objects[0]["connections"], 0);
  EXPECT_TRUE(objects[0]["tls_share"].is_null());
  EXPECT_TRUE(objects[0]["segment_interval_ns"].is_null());
  EXPECT_TRUE(objects[0]["requests"]["application_bytes"].is_null());
  EXPECT_EQ(told(paper, Format::text), "All servers — connections: 0\n");
}

TEST(Connections, Csv) {
  PaperJourneys paper;
  add_fetch(paper, "=www", 1, 0);
  const std::string csv = told(paper, Format::csv);
  EXPECT_TRUE(csv.starts_with("scope,server,measure,value\r\nall,,connections,1\r\n"));
  EXPECT_THAT(csv, HasSubstr("\r\nserver,\"'=www\",kinds.tls12_full.rtts,2\r\n"));
  EXPECT_THAT(csv, HasSubstr("\r\nserver,\"'=www\",requests.tls_bytes,130\r\n"));
}

TEST(Connections, TextOfManyFits) {
  PaperJourneys paper;
  for (std::int64_t i = 0; i < 2000; ++i) {
    const auto connection = static_cast<std::uint32_t>(i + 1);
    const auto kind = i % 4 == 0 ? Kind::refused : i % 4 == 1 ? Kind::unanswered : Kind::completed;
    paper.begin(std::string(200, 'x'), s, kind);
    paper.travel({i * 1'000'000, c, s, "tcp.syn tcp.zero_window", {}, {}, 0, connection});
    paper.travel({i * 1'000'000 + 5, c, s, "tcp.syn tcp.retransmission", {}, {}, 0, connection});
  }
  std::istringstream in(told(paper, Format::text));
  std::size_t lines = 0;
  for (std::string line; std::getline(in, line); ++lines) EXPECT_LE(width_of(line), 100U) << line;
  EXPECT_GT(lines, 4U);
}

TEST(Connections, Text) {
  PaperJourneys paper;
  add_fetch(paper, "www.example.jp", 1, 0);
  EXPECT_EQ(told(paper, Format::text),
            "www.example.jp — connections: 1\n"
            "  with TLS                           1   100.0 %\n"
            "    TLS 1.2                          1   100.0 %\n"
            "  with HTTP                          1   100.0 %\n"
            "    HTTP/1                           1   100.0 %\n"
            "  Handshake                          n     share  rtts         min      q1  median      q3     "
            "max\n"
            "    tls12_full                       1   100.0 %     2   d   36.50   36.50   36.50   36.50   "
            "36.50\n"
            "      of it waiting 80.0 %                              ms   100.0   100.0   100.0   100.0   "
            "100.0\n"
            "  TCP segments: 8, one every 9 d 21 h (27.142 ms)\n"
            "    sent again: 0 (0.0 %); zero windows: 0\n"
            "  Requests: 1, in frames: 1; bytes: 99 HTTP → 130 TLS → 184 in frames\n"
            "  Responses: 1, in frames: 2; bytes: 1,500 in frames\n");
  EXPECT_THAT(told(paper, Format::text, Language::japanese), HasSubstr("www.example.jp — 接続 1\n"));
}

/// What an undone frame carried is taken back, and what finishing added before it.
TEST(MessageBytes, AreTakenBack) {
  FrameStore store;
  const auto requests = [&] { return store.message_bytes(7).requests.application; };
  EXPECT_EQ(requests(), 0U);
  store.begin(FrameNumber{1});
  store.add_message_bytes(7, {true, 10, 0, false});
  store.begin(FrameNumber{2});
  store.add_message_bytes(7, {true, 1, 0, false});
  store.add_message_bytes(8, {true, 5, 5, true});
  store.add_message_bytes(7, {true, 2, 0, false});
  store.checkpoint();
  store.add_message_bytes(7, {true, 100, 0, false});
  EXPECT_EQ(requests(), 113U);
  store.undo();
  EXPECT_EQ(requests(), 13U);
  EXPECT_EQ(store.message_bytes(8).requests.unread, 5U);
  store.undo();
  EXPECT_EQ(requests(), 10U);
  EXPECT_EQ(store.message_bytes(8).requests.unread, no_unread);
  store.clear();
  EXPECT_EQ(requests(), 0U);
}

}  // namespace
}  // namespace humantime::reports
