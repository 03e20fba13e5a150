// SPDX-License-Identifier: GPL-2.0-or-later
// Frame by frame: which milestones it has, where it was captured, and whose packet it is.
#include "journeys/milestone_index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "engine.h"
#include "reports/journey_text.h"
#include "transcript.h"

namespace humantime::journeys {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

void take(Engine& engine, const OwnedFrame& frame, std::size_t as) {
  frame.view(FrameNumber{static_cast<std::uint32_t>(as)},
             [&](const FrameBytes& bytes) { engine.take(bytes); });
}

void take_all(Engine& engine, const Transcript& transcript, std::size_t first = 1) {
  for (const Transcript::Line& line : transcript.lines()) take(engine, line.frame, first++);
}

std::vector<std::string> milestones_at(Engine& engine, std::uint32_t frame) {
  std::vector<std::string> texts;
  for (const Milestone& milestone : engine.milestones().place_of(FrameNumber{frame}).milestones) {
    EXPECT_EQ(milestone.frame, FrameNumber{frame});
    texts.push_back(reports::text_of(milestone));
  }
  return texts;
}

/// `client/sent`, one for each frame.
std::vector<std::string> places(Engine& engine) {
  std::vector<std::string> texts;
  for (std::uint32_t frame = 1; frame <= engine.store().size(); ++frame) {
    const Place place = engine.milestones().place_of(FrameNumber{frame});
    texts.push_back(std::string(token_of(place.end)) + "/" + std::string(token_of(place.direction)));
  }
  return texts;
}

std::vector<std::string> places(std::string_view transcript) {
  Engine engine;
  take_all(engine, Transcript(transcript));
  engine.finish();
  return places(engine);
}

constexpr std::string_view two_requests = R"(
> S                 :
< SA dt=20000       :
> A dt=50           :
> PA 'GET /a HTTP/1.1\r\n\r\n'  :
< PA 'HTTP/1.1 204 No Content\r\n\r\n' :
> PA 'GET /b HTTP/1.1\r\n\r\n'  :
)";

TEST(MilestoneIndex, FrameByFrame) {
  Engine engine;
  take_all(engine, Transcript(two_requests));
  engine.finish();
  EXPECT_THAT(milestones_at(engine, 1), ElementsAre("tcp.syn#1/sent"));
  EXPECT_THAT(milestones_at(engine, 4), ElementsAre("http.request#1/sent"));
  EXPECT_THAT(milestones_at(engine, 5),
              ElementsAre("http.response_start#1/received", "http.response_end#1/received"));
  EXPECT_THAT(milestones_at(engine, 6), ElementsAre("http.request#2/sent"));
  for (const std::uint32_t frame : {0U, 7U, 8U, 1000U, 0xffffffffU})
    EXPECT_THAT(milestones_at(engine, frame), IsEmpty()) << frame;
}

/// What depends on later frames is not told before they have come, and told anew when more come.
TEST(MilestoneIndex, OnlyWhenAllHaveCome) {
  Engine engine;
  const Transcript transcript(two_requests);
  for (std::size_t i = 0; i < 5; ++i) take(engine, transcript.lines()[i].frame, i + 1);
  EXPECT_THAT(milestones_at(engine, 1), IsEmpty());
  EXPECT_EQ(engine.milestones().place_of(FrameNumber{1}).end, End::unknown);
  engine.finish();
  EXPECT_THAT(milestones_at(engine, 4), ElementsAre("http.request#1/sent"));
  EXPECT_THAT(milestones_at(engine, 6), IsEmpty());
  take(engine, transcript.lines()[5].frame, 6);
  EXPECT_THAT(milestones_at(engine, 4), IsEmpty()) << "another frame has come";
  engine.finish();
  EXPECT_THAT(milestones_at(engine, 4), ElementsAre("http.request#1/sent"));
  EXPECT_THAT(milestones_at(engine, 6), ElementsAre("http.request#2/sent"));
  engine.clear();
  engine.finish();
  EXPECT_THAT(milestones_at(engine, 4), IsEmpty());
}

TEST(MilestoneIndex, SaysWhatTheJourneysSay) {
  Engine engine;
  take_all(engine, Transcript(two_requests));
  take_all(engine, Transcript("> S port=50000 :\n< RA port=50000 :\n> S port=50001 : "), 7);
  engine.finish();
  std::vector<std::string> expected, is;
  engine.for_each_journey([&](const Journey& journey) {
    std::vector<Milestone> milestones;
    list_milestones(engine.store(), journey, milestones);
    for (const Milestone& m : milestones)
      expected.push_back(std::to_string(to_number(m.frame)) + " " + reports::text_of(m));
    for (const Leg& leg : journey.legs) {
      const Place place = engine.milestones().place_of(leg.frame);
      EXPECT_EQ(place.end, leg.end);
      EXPECT_EQ(place.direction, leg.direction);
    }
  });
  for (std::uint32_t frame = 1; frame <= engine.store().size(); ++frame)
    for (const std::string& text : milestones_at(engine, frame))
      is.push_back(std::to_string(frame) + " " + text);
  std::sort(expected.begin(), expected.end());
  std::sort(is.begin(), is.end());
  EXPECT_EQ(is, expected);
  EXPECT_GT(is.size(), 8U);
}

TEST(Ends, Tokens) {
  EXPECT_EQ(token_of(End::unknown), "");
  EXPECT_EQ(token_of(End::client), "client");
  EXPECT_EQ(token_of(End::server), "server");
  EXPECT_EQ(token_of(End::middle), "middle");
}

TEST(Ends, ToldByWhereTheRoundTripIs) {
  EXPECT_THAT(places("> S :\n< SA dt=20000 :\n> A dt=50 :"),
              ElementsAre("client/sent", "client/received", "client/sent"));
  EXPECT_THAT(places("> S :\n< SA dt=50 :\n> A dt=20000 :"),
              ElementsAre("server/received", "server/sent", "server/received"));
  EXPECT_THAT(places("> S :\n< SA dt=9000 :\n> A dt=11000 :"), ElementsAre("middle/", "middle/", "middle/"));
}

TEST(Ends, WhatNothingTellsIsUnknown) {
  EXPECT_THAT(places("> PA len=10 :\n< A :"), ElementsAre("/", "/")) << "under way before the capture began";
  EXPECT_THAT(places("< SA :\n> A :"), ElementsAre("/", "/"));
  EXPECT_THAT(places("> S :\n> S seq=0 dt=1000000 :"), ElementsAre("client/sent", "client/sent"))
      << "nobody answered";
}

/// Whoever captures there stands at both ends.
TEST(Ends, LoopbackHasNone) {
  for (const std::string_view server : {"7f000001", "7f000002", "00000000000000000000000000000001"}) {
    Transcript::Options options;
    options.ends.destination = message(server);
    options.ends.source = server.size() == 8 ? message("7f000001") : message(server);
    Engine engine;
    take_all(engine, Transcript("> S :\n< SA dt=20000 :\n> A dt=50 :", options));
    engine.finish();
    EXPECT_THAT(places(engine), ElementsAre("/", "/", "/")) << server;
  }
}

TEST(Ends, WhenPacketsWereLost) {
  const auto same = [](std::string_view transcript, std::string_view end) {
    for (const std::string& place : places(transcript)) EXPECT_TRUE(place.starts_with(end)) << transcript;
  };
  same("> S :\n> S seq=0 dt=1000000 :\n< SA dt=20000 :\n> A dt=50 :", "client/");
  same("> S :\n> S seq=0 dt=1000000 :\n< SA dt=100 :\n< SA seq=0 dt=1000000 :\n> A dt=20000 :", "server/");
  same("> S :\n< SA dt=50 :\n> S seq=0 dt=1000000 :\n< SA seq=0 dt=50 :\n> A dt=20000 :", "server/");
  same("> S :\n< SA dt=50 :\n< SA seq=0 dt=1000000 :\n> A dt=20000 :", "server/");
}

/// Two hosts on one bench: how long they take says more than how long the way is.
TEST(Ends, NeighboursAreTooNearToTell) {
  EXPECT_THAT(places("> S :\n< SA dt=17 :\n> A dt=3 :"), ElementsAre("/", "/", "/"));
}

/// At the server the client has the router's address and another port; it is the same connection.
TEST(Ends, BehindATranslatedAddress) {
  Transcript::Options inside, outside;
  inside.ends.source = message("0a000001");
  const Transcript at_client("> S :\n< SA dt=20000 :\n> A dt=50 :", inside);
  const Transcript at_server(
      "> S if=1 port=50000 :\n< SA if=1 port=50000 dt=50 :\n> A if=1 port=50000 dt=20000 :", outside);
  Engine engine;
  take_all(engine, at_client);
  take_all(engine, at_server, 4);
  engine.finish();
  ASSERT_EQ(engine.journeys().count(), 1U);
  EXPECT_THAT(places(engine), ElementsAre("client/sent", "client/received", "client/sent", "server/received",
                                          "server/sent", "server/received"));
}

/// Clocks that a file makes up.
TEST(Ends, TimesThatNoClockTells) {
  Transcript transcript("> S :\n< SA :\n> A :");
  Engine engine;
  constexpr std::int64_t latest = 9'223'372'036'854'775'807;
  std::uint32_t number = 0;
  for (const std::int64_t time : {-latest, latest, -latest}) {
    OwnedFrame frame = transcript.lines()[number].frame;
    frame.time = Nanoseconds{time};
    take(engine, frame, ++number);
  }
  engine.finish();
  EXPECT_THAT(places(engine), ElementsAre("/", "/", "/"));
}

}  // namespace
}  // namespace humantime::journeys
