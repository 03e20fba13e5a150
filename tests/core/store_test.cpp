// SPDX-License-Identifier: GPL-2.0-or-later
#include "store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

#include "store_text.h"

namespace humantime {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using enum Phase;

constexpr FrameNumber frame_1{1}, frame_2{2}, frame_3{3};

PhaseMark seen(Phase phase) {
  return {phase, Stage::other, Certainty::seen};
}
PhaseMark unsettled(Phase phase) {
  return {phase, Stage::other, Certainty::unsettled};
}

TEST(FrameStore, MarksStandInTheirOrder) {
  FrameStore store;
  store.begin(frame_1);
  for (const Phase phase : {tcp_rst, tcp_fin, http_response_end, tcp_retransmission, tcp_syn, tcp_fin_ack})
    store.add(frame_1, seen(phase));
  EXPECT_THAT(tokens_of(store, frame_1), ElementsAre("tcp.fin_ack", "tcp.syn", "tcp.retransmission",
                                                     "http.response_end", "tcp.fin", "tcp.rst"));
}

TEST(FrameStore, MessagesStandAsTheyCame) {
  FrameStore store;
  store.begin(frame_1);
  for (const Phase phase : {http_response_end, http_response_start, http_response_end})
    store.add(frame_1, seen(phase));
  EXPECT_THAT(tokens_of(store, frame_1),
              ElementsAre("http.response_end", "http.response_start", "http.response_end"));
}

TEST(FrameStore, StatesStandOnce) {
  FrameStore store;
  store.begin(frame_1);
  for (int i = 0; i < 3; ++i)
    for (const Phase phase : {tcp_ack, http_response_body, http_request}) store.add(frame_1, seen(phase));
  EXPECT_THAT(tokens_of(store, frame_1),
              ElementsAre("tcp.ack", "http.response_body", "http.request", "http.request", "http.request"));
}

TEST(FrameStore, NamedPayloadIsNotDataAnyMore) {
  FrameStore store;
  store.begin(frame_1);
  store.add(frame_1, unsettled(tcp_data));
  store.add(frame_1, seen(tcp_out_of_order));
  EXPECT_THAT(tokens_of(store, frame_1), ElementsAre("tcp.out_of_order", "tcp.data?"));
  store.add(frame_1, seen(http_request));
  EXPECT_THAT(tokens_of(store, frame_1), ElementsAre("tcp.out_of_order", "http.request"));
}

TEST(FrameStore, KeepsStageAndCertainty) {
  FrameStore store;
  store.begin(frame_1);
  std::vector<PhaseMark> expected;
  for (std::size_t stage = 0; stage < stage_count; ++stage)
    expected.push_back({http_request, static_cast<Stage>(stage), static_cast<Certainty>(stage % 3)});
  for (const PhaseMark& mark : expected) store.add(frame_1, mark);
  std::vector<PhaseMark> marks;
  store.marks(frame_1, false, marks);
  EXPECT_EQ(marks, expected);
  store.marks(frame_1, true, marks);
  EXPECT_EQ(marks.size(), 7u) << "without the unsettled ones";
}

TEST(FrameStore, EveryPhaseSurvivesPacking) {
  FrameStore store;
  for (const PhaseRow& row : phase_table()) {
    store.begin(frame_1);
    store.add(frame_1, {row.phase, Stage::tunnel, Certainty::inferred});
    std::vector<PhaseMark> marks;
    store.marks(frame_1, false, marks);
    EXPECT_THAT(marks, ElementsAre(PhaseMark{row.phase, Stage::tunnel, Certainty::inferred}));
  }
}

TEST(FrameStore, MoreMarksThanARowHolds) {
  FrameStore store;
  store.begin(frame_1);
  store.begin(frame_2);
  std::vector<std::string> expected;
  for (int i = 0; i < 300; ++i) {
    store.add(frame_1, seen(dns_query));
    if (expected.size() < 255) expected.push_back("dns.query");
    ASSERT_EQ(tokens_of(store, frame_1), expected);
  }
  EXPECT_THAT(tokens_of(store, frame_2), IsEmpty());
  store.begin(frame_1);
  EXPECT_THAT(tokens_of(store, frame_1), IsEmpty()) << "replaced";
}

TEST(FrameStore, SettleReplacesTheLastUnsettledOne) {
  FrameStore store;
  store.begin(frame_1);
  store.add(frame_1, unsettled(http_response_body));
  store.add(frame_1, seen(http_request));
  EXPECT_FALSE(store.settle(frame_1, http_request, seen(http_request_end))) << "it is settled";
  EXPECT_FALSE(store.settle(frame_1, tcp_data, seen(http_request_end))) << "there is none";
  EXPECT_FALSE(store.settle(frame_2, tcp_data, seen(http_request_end))) << "no such frame";
  EXPECT_TRUE(store.settle(frame_1, http_response_body, seen(http_response_end)));
  EXPECT_THAT(tokens_of(store, frame_1), ElementsAre("http.response_end", "http.request"));
  EXPECT_FALSE(store.settle(frame_1, http_response_body, seen(http_response_end)));
}

TEST(FrameStore, SettlesBeyondTheRow) {
  FrameStore store;
  store.begin(frame_1);
  for (int i = 0; i < 6; ++i) store.add(frame_1, unsettled(http_request));
  EXPECT_TRUE(store.settle(frame_1, http_request, seen(http_request_end)));
  EXPECT_EQ(join(tokens_of(store, frame_1)),
            "http.request? http.request? http.request? http.request? http.request? http.request_end");
}

TEST(FrameStore, FramesThatWereNotBegunTakeNothing) {
  FrameStore store;
  store.begin(frame_2);
  store.add(frame_1, seen(tcp_syn));
  store.add(frame_3, seen(tcp_syn));
  store.add(no_frame, seen(tcp_syn));
  store.set_detail(frame_3, "detail");
  for (const FrameNumber frame : {no_frame, frame_1, frame_3}) {
    EXPECT_EQ(store.find(frame), nullptr);
    EXPECT_THAT(tokens_of(store, frame), IsEmpty());
    EXPECT_EQ(store.detail(frame), "");
  }
  EXPECT_EQ(store.size(), 2u);
}

TEST(FrameStore, TheFirstDetailStays) {
  FrameStore store;
  store.begin(frame_1);
  EXPECT_EQ(store.detail(frame_1), "");
  store.set_detail(frame_1, "GET /");
  store.set_detail(frame_1, "GET /another");
  EXPECT_EQ(store.detail(frame_1), "GET /");
}

TEST(FrameStore, ACopyShowsItsOriginalWithoutTheTrouble) {
  FrameStore store;
  store.begin(frame_1);
  store.add(frame_1, seen(tcp_retransmission));
  store.begin(frame_2);
  store.set_copy_of(frame_2, frame_1);
  EXPECT_THAT(tokens_of(store, frame_2), IsEmpty());
  store.add(frame_1, seen(http_request));
  store.set_detail(frame_1, "GET /");
  EXPECT_THAT(tokens_of(store, frame_2), ElementsAre("http.request")) << "also what is known later";
  EXPECT_EQ(store.detail(frame_2), "GET /");
  store.begin(frame_2);
  EXPECT_THAT(tokens_of(store, frame_2), IsEmpty());
  EXPECT_EQ(store.detail(frame_2), "");
}

TEST(FrameStore, FirstTimed) {
  FrameStore store;
  EXPECT_EQ(store.first_timed(), std::nullopt);
  store.begin(frame_1);
  EXPECT_EQ(store.first_timed(), std::nullopt);
  store.begin(frame_2).flags |= FrameRow::has_time;
  EXPECT_EQ(store.first_timed(), frame_2);
  store.begin(frame_3).flags |= FrameRow::has_time;
  EXPECT_EQ(store.first_timed(), frame_2);
  store.begin(frame_2);
  EXPECT_EQ(store.first_timed(), frame_3) << "replaced by one without";
  store.clear();
  EXPECT_EQ(store.first_timed(), std::nullopt);
}

TEST(FrameStore, VantagesHaveOneNumberEach) {
  FrameStore store;
  const Vantage a{0, 1, 2}, b{0, 1, 3}, c{1, 1, 2};
  const auto ia = store.vantage_index(a), ib = store.vantage_index(b), ic = store.vantage_index(c);
  EXPECT_NE(ia, ib);
  EXPECT_NE(ib, ic);
  EXPECT_NE(ia, ic);
  EXPECT_EQ(store.vantage_index(a), ia);
  EXPECT_EQ(store.vantages()[ib], b);
  store.clear();
  EXPECT_EQ(store.vantage_index(c), 0);
}

/// More interfaces than can be told apart: the last one stands for the rest.
TEST(FrameStore, TooManyVantages) {
  FrameStore store;
  for (std::uint32_t i = 0; i < 70'000; ++i) {
    const std::uint16_t index = store.vantage_index({0, i, 0});
    ASSERT_EQ(index, std::min<std::uint32_t>(i, 0xffff));
    ASSERT_LT(index, store.vantages().size());
  }
  EXPECT_EQ(store.vantage_index({0, 5, 0}), 5);
}

TEST(FrameStore, TellsWhatChanged) {
  FrameStore store;
  store.begin(frame_1);
  store.add(frame_1, unsettled(http_response_body));
  store.begin(frame_2);
  store.add(frame_2, seen(tcp_ack));
  store.settle(frame_1, http_response_body, seen(http_response_end));
  store.add(frame_1, seen(tcp_fin));
  int changes = 0;
  store.for_each_change([&](FrameNumber frame, std::span<const PhaseMark> before) {
    ++changes;
    EXPECT_EQ(frame, frame_1);
    ASSERT_EQ(before.size(), 1u);
    EXPECT_EQ(before[0], unsettled(http_response_body));
  });
  EXPECT_EQ(changes, 1) << "once, as it was; the frame itself is new";
  store.begin(frame_3);
  store.for_each_change([&](FrameNumber, std::span<const PhaseMark>) { ADD_FAILURE(); });
}

// -- what who has read before must read anew

TEST(FrameStore, OnlyChangesToOtherFramesAreLate) {
  FrameStore store;
  store.begin(frame_1);
  store.add(frame_1, unsettled(tcp_data));
  store.set_detail(frame_1, "its own");
  store.begin(frame_2);
  store.add(frame_2, seen(tcp_syn));
  const std::uint64_t before = store.late_changes();
  EXPECT_EQ(before, 0U);
  store.settle(frame_1, tcp_data, seen(tcp_ack));
  const std::uint64_t settled = store.late_changes();
  EXPECT_GT(settled, before);
  store.undo();
  const std::uint64_t undone = store.late_changes();
  EXPECT_GT(undone, settled) << "taken back, it reads otherwise again";
  store.clear();
  EXPECT_GE(store.late_changes(), undone);
}

// -- undo
// ----------------------------------------------------------------------------------------------------------------

/// Random changes to any frames, as one frame makes them.
void change(FrameStore& store, std::mt19937& random, std::uint32_t frames) {
  const Phase phases[] = {tcp_data, http_request, http_response_body, dns_query, tcp_ack, tcp_fin};
  for (auto count = random() % 20; count > 0; --count) {
    const FrameNumber frame{static_cast<std::uint32_t>(random() % frames) + 1};
    const Phase phase = phases[random() % std::size(phases)];
    switch (random() % 4) {
      case 0:
        store.settle(frame, phase, seen(phases[random() % std::size(phases)]));
        break;
      case 1:
        store.set_detail(frame, std::to_string(random() % 5));
        break;
      default:
        store.add(frame, random() % 2 == 0 ? seen(phase) : unsettled(phase));
    }
  }
}

TEST(FrameStore, UndoTakesBackAll) {
  std::mt19937 random(42);
  for (int run = 0; run < 100; ++run) {
    FrameStore store;
    store.vantage_index({});
    for (std::uint32_t number = 1; number <= 30; ++number) {
      const std::vector<std::string> before = dump(store);
      if (random() % 2 == 0) {
        store.begin(FrameNumber{number});
        if (number > 1 && random() % 4 == 0) store.set_copy_of(FrameNumber{number}, FrameNumber{number - 1});
        change(store, random, number);
        if (random() % 2 == 0) {
          const std::vector<std::string> without_end = dump(store);
          store.checkpoint();
          change(store, random, number);
          store.undo();
          ASSERT_EQ(dump(store), without_end);
        }
        store.undo();
        std::vector<std::string> after = dump(store);
        after.resize(before.size());  // the frame itself is absent
        ASSERT_EQ(after, before);
        EXPECT_EQ(store.find(FrameNumber{number}), nullptr);
      }
      store.begin(FrameNumber{number});
      change(store, random, number);
    }
  }
}

TEST(FrameStore, ClearForgetsEverything) {
  FrameStore store;
  store.begin(frame_1);
  for (int i = 0; i < 6; ++i) store.add(frame_1, seen(dns_query));
  store.begin(frame_2);
  store.set_copy_of(frame_2, frame_1);
  store.clear();
  EXPECT_EQ(store.size(), 0u);
  EXPECT_EQ(store.find(frame_1), nullptr);
  store.begin(frame_1);
  EXPECT_THAT(tokens_of(store, frame_1), IsEmpty());
  store.undo();
  EXPECT_EQ(store.find(frame_1), nullptr);
}

}  // namespace
}  // namespace humantime
