// SPDX-License-Identifier: GPL-2.0-or-later
#include "http1/turns.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "told.h"

namespace humantime::http1 {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class TurnsTest : public ::testing::Test {
 protected:
  void ask(std::uint32_t frame, bool goes_on = false) {
    turns.speak(Side::client, FrameNumber{frame}, goes_on, told);
  }
  void answer(std::uint32_t frame, bool goes_on = false) {
    turns.speak(Side::server, FrameNumber{frame}, goes_on, told);
  }

  Turns turns;
  Told told;
};

TEST_F(TurnsTest, ARequestOfOneSegmentHasNoEndOfItsOwn) {
  ask(1);
  answer(2);
  turns.end(told);
  EXPECT_THAT(told.of(1), ElementsAre("http.request~"));
  EXPECT_THAT(told.of(2), ElementsAre("http.response_start~", "http.response_end~"));
}

TEST_F(TurnsTest, TheLastFrameIsTheEndOnceTheTurnPasses) {
  ask(1);
  ask(2);
  EXPECT_THAT(told.of(2), ElementsAre("http.request_body?~"));
  ask(3);
  EXPECT_THAT(told.of(2), ElementsAre("http.request_body~"));
  EXPECT_THAT(told.of(3), ElementsAre("http.request_body?~"));
  answer(4);
  EXPECT_THAT(told.of(3), ElementsAre("http.request_end~"));
  answer(5);
  ask(6);
  EXPECT_THAT(told.of(4), ElementsAre("http.response_start~"));
  EXPECT_THAT(told.of(5), ElementsAre("http.response_end~"));
}

TEST_F(TurnsTest, WhatGoesOnDoesNotEnd) {
  ask(1);
  answer(2, true);
  turns.end(told);
  EXPECT_THAT(told.of(2), ElementsAre("http.response_start~"));

  ask(3);
  answer(4, true);
  answer(5, true);
  turns.end(told);
  EXPECT_THAT(told.of(5), ElementsAre("http.response_body~"));
}

TEST_F(TurnsTest, AFrameThatEndsARecordAndBeginsAnotherGoesOn) {
  answer(1, true);
  answer(2);
  answer(2, true);
  EXPECT_THAT(told.of(2), ElementsAre("http.response_body~"));
  answer(3);
  turns.end(told);
  EXPECT_THAT(told.of(2), ElementsAre("http.response_body~"));
  EXPECT_THAT(told.of(3), ElementsAre("http.response_end~"));
}

TEST_F(TurnsTest, BothSidesInOneFrameAreOneMessageEach) {
  ask(1);
  answer(1);
  ask(1);
  EXPECT_THAT(told.of(1),
              ElementsAre("http.request~", "http.response_start~", "http.response_end~", "http.request~"));
}

TEST_F(TurnsTest, AnInterimResponseLeavesTheTurn) {
  ask(1);
  turns.interim(FrameNumber{2}, told);
  EXPECT_TRUE(turns.asking());
  ask(3);
  answer(4);
  EXPECT_THAT(told.of(2), ElementsAre("http.interim~"));
  EXPECT_THAT(told.of(3), ElementsAre("http.request_end~"));
}

TEST_F(TurnsTest, AnAnswerThatWasNamedAlready) {
  ask(1);
  turns.answer_began(FrameNumber{2}, told);
  EXPECT_TRUE(turns.answering());
  EXPECT_THAT(told.of(2), IsEmpty());
  answer(3);
  turns.end(told);
  EXPECT_THAT(told.of(3), ElementsAre("http.response_end~"));
}

TEST_F(TurnsTest, WhatIsForgottenIsAskedAgain) {
  ask(1);
  ask(2);
  turns.forget(told);
  EXPECT_THAT(told.of(2), ElementsAre("http.request_body~"));
  EXPECT_FALSE(turns.asking());
  ask(3);
  EXPECT_THAT(told.of(3), ElementsAre("http.request~"));
}

TEST_F(TurnsTest, NothingEndsThatHasNotBegun) {
  turns.end(told);
  turns.forget(told);
  EXPECT_TRUE(told.frames.empty());
  EXPECT_TRUE(told.moments.empty());
}

TEST_F(TurnsTest, StagesOfAnExchange) {
  ask(1);
  answer(2);
  turns.end(told);
  EXPECT_THAT(told.moments,
              ElementsAre(Stage::request, Stage::wait, Stage::wait, Stage::response, Stage::wait));
}

}  // namespace
}  // namespace humantime::http1
