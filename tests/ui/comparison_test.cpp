// SPDX-License-Identifier: GPL-2.0-or-later
// What journeys have in common, what each of them waited for, and what the mean of several is.
#include "model/comparison.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "compared_journeys.h"

namespace humantime::ui::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<TripKind> kinds_of(const ComparedRow& row) {
  std::vector<TripKind> kinds;
  for (const ComparedTrip& trip : row.trips) kinds.push_back(trip.kind);
  return kinds;
}

TEST(Comparison, CountsFromTheClientHello) {
  Journeys paper;
  paper.tls12_full();
  paper.tls12_ticket();
  paper.tls13_early();
  const Comparison compared = paper.compared();
  EXPECT_EQ(compared.align, Alignment::client_hello);
  EXPECT_EQ(compared.rows_are, CompareRows::journeys);
  ASSERT_EQ(compared.rows.size(), 3U);
  const ComparedRow &full = compared.rows[0], &ticket = compared.rows[1], &early = compared.rows[2];
  EXPECT_THAT(kinds_of(full), ElementsAre(TripKind::hello, TripKind::keys, TripKind::request));
  EXPECT_EQ(full.trips[0].begin_ns, 0);
  EXPECT_EQ(full.trips[0].turn_ns, way);
  EXPECT_EQ(full.trips[0].end_ns, 2 * way);
  EXPECT_FALSE(full.trips[0].estimated);
  EXPECT_EQ(full.round_trips, 2U);
  EXPECT_EQ(full.asks_ns, 4 * way);
  EXPECT_EQ(full.hears_ns, 6 * way);
  EXPECT_EQ(full.trips_before, 1U);
  EXPECT_EQ(full.before_ns, 2 * way);
  EXPECT_EQ(full.handshake, "tls12_full");

  EXPECT_EQ(ticket.round_trips, 1U);
  EXPECT_EQ(ticket.hears_ns, 4 * way);
  EXPECT_EQ(early.round_trips, 0U) << "early data waits for nothing";
  EXPECT_EQ(early.asks_ns, 0);
  EXPECT_EQ(early.hears_ns, 2 * way);
  EXPECT_EQ(compared.slowest, 0U);
  EXPECT_EQ(compared.fastest, 2U);
}

/// Long journeys side by side: a window answers in between, and what it shows is the same.
TEST(Comparison, IsMadeAPartAtATime) {
  constexpr std::uint64_t budget = 2'000;
  Journeys paper;
  for (int i = 0; i < 60; ++i) paper.tls12_full();
  const auto last = static_cast<std::uint32_t>(paper.source.records.back().journey);
  std::int64_t time_ns = *paper.source.records.back().time_ns;
  for (std::uint32_t i = 0; i < 100'000; ++i)
    paper.source.add(time_ns += 1000, Phase::tcp_data, 1 + i % last).end = End::client;
  Timeline timeline(paper.source);
  while (timeline.advance(UINT32_MAX)) {
  }
  Comparison made;
  Work work = compare(timeline, View(), made);
  std::uint64_t before = 0;
  int parts = 0;
  while (work.advance(budget)) {
    EXPECT_TRUE(made.rows.empty()) << "nothing half done is shown";
    EXPECT_LE(work.spent() - before, budget + most_events_of_trips + 1);
    before = work.spent();
    ++parts;
  }
  EXPECT_GT(parts, 30);
  const Comparison at_once = compare(timeline, View());
  ASSERT_EQ(made.rows.size(), at_once.rows.size());
  EXPECT_EQ(made.journeys, 60U);
  for (std::size_t i = 0; i < made.rows.size(); ++i) {
    EXPECT_EQ(made.rows[i].journeys, at_once.rows[i].journeys);
    EXPECT_EQ(made.rows[i].hears_ns, at_once.rows[i].hears_ns);
    EXPECT_EQ(made.rows[i].trips.size(), at_once.rows[i].trips.size());
  }
}

TEST(Comparison, CountsFromTheFirstPacket) {
  Journeys paper;
  paper.tls12_full();
  paper.quic();
  View view;
  view.compare.align = Alignment::connection;
  const Comparison compared = paper.compared(view);
  ASSERT_EQ(compared.rows.size(), 2U);
  EXPECT_EQ(compared.rows[0].round_trips, 3U) << "TCP's too";
  EXPECT_EQ(compared.rows[0].trips_before, 0U);
  EXPECT_EQ(compared.rows[1].round_trips, 1U) << "QUIC has none of TCP's";
  EXPECT_THAT(kinds_of(compared.rows[1]), ElementsAre(TripKind::quic, TripKind::request));
  EXPECT_EQ(compared.rows[1].hears_ns, 4 * way);
}

TEST(Comparison, FromTheFirstFrameNamesAreLookedUp) {
  Journeys paper;
  paper.look_up();
  paper.tls12_ticket();
  View view;
  view.compare.align = Alignment::first_frame;
  const Comparison compared = paper.compared(view);
  ASSERT_EQ(compared.rows.size(), 1U);
  ASSERT_EQ(compared.rows[0].stages.size(), 1U);
  EXPECT_EQ(compared.rows[0].stages[0].stage, Stage::dns);
  EXPECT_EQ(compared.rows[0].stages[0].begin_ns, 0);
  EXPECT_GT(*compared.rows[0].asks_ns, compared.rows[0].stages[0].end_ns);
  EXPECT_FALSE(compared.slowest) << "one row is compared with nothing";
}

TEST(Comparison, SaysWhichHaveNoSuchInstant) {
  Journeys paper;
  paper.plain();
  paper.tls13();
  Comparison compared = paper.compared();
  EXPECT_EQ(compared.align, Alignment::client_hello) << "one has it";
  EXPECT_THAT(compared.without, ElementsAre(1U));
  ASSERT_EQ(compared.rows.size(), 1U);
  EXPECT_THAT(compared.rows[0].journeys, ElementsAre(2U));

  Journeys none;
  none.plain();
  compared = none.compared();
  EXPECT_EQ(compared.align, Alignment::connection) << "the first that one has";
  EXPECT_THAT(compared.without, IsEmpty());
  EXPECT_EQ(compared.rows[0].round_trips, 1U);
}

TEST(Comparison, WithoutAQuestionTheKindTellsWhatWasWaitedFor) {
  Journeys paper;
  paper.unread("tls13_0rtt", 0);
  paper.unread("tls13_full", 1);
  paper.unread("", std::nullopt);
  const Comparison compared = paper.compared();
  ASSERT_EQ(compared.rows.size(), 3U);
  EXPECT_EQ(compared.rows[0].round_trips, 0U)
      << "whoever cannot read the early data still knows that it was taken";
  EXPECT_EQ(compared.rows[1].round_trips, 1U);
  EXPECT_FALSE(compared.rows[2].round_trips) << "nobody knows";
  for (const ComparedRow& row : compared.rows) {
    EXPECT_FALSE(row.asks_ns);
    EXPECT_FALSE(row.hears_ns);
  }
  EXPECT_FALSE(compared.slowest);
}

TEST(Comparison, AnInferredQuestionIsMarked) {
  Journeys paper;
  paper.certainty = Certainty::inferred;
  paper.tls12_ticket();
  EXPECT_TRUE(paper.compared().rows.at(0).inferred);
}

TEST(Comparison, AtOneEndTheWaysAreTakenToBeAlike) {
  Journeys paper;
  paper.one_ended = true;
  paper.tls12_full();
  const Comparison compared = paper.compared();
  ASSERT_EQ(compared.rows.size(), 1U);
  EXPECT_EQ(compared.rows[0].round_trips, 2U);
  for (const ComparedTrip& trip : compared.rows[0].trips) {
    EXPECT_TRUE(trip.estimated);
    EXPECT_EQ(trip.turn_ns, (trip.begin_ns + trip.end_ns) / 2);
  }
}

TEST(Comparison, OnlyWhatIsChosen) {
  Journeys paper;
  for (int i = 0; i < 3; ++i) paper.tls13();
  View view;
  view.compare.only = {1, 3};
  Comparison compared = paper.compared(view);
  ASSERT_EQ(compared.rows.size(), 2U);
  EXPECT_THAT(compared.rows[1].journeys, ElementsAre(3U));
  view.journey = 2;
  compared = paper.compared(view);
  ASSERT_EQ(compared.rows.size(), 1U);
  EXPECT_THAT(compared.rows[0].journeys, ElementsAre(2U));
}

// -- means

TEST(Comparison, TheMeanOfAKindOfHandshake) {
  Journeys paper;
  paper.tls13();
  paper.tls12_full();
  paper.delay = 9'000;
  paper.tls13();
  paper.delay = 0;
  paper.tls13_early();
  View view;
  view.compare.rows = CompareRows::handshakes;
  const Comparison compared = paper.compared(view);
  ASSERT_EQ(compared.rows.size(), 3U);
  EXPECT_EQ(compared.journeys, 4U);
  EXPECT_EQ(compared.rows[0].handshake, "tls12_full") << "in the order of handshakes.def";
  EXPECT_EQ(compared.rows[2].handshake, "tls13_0rtt");
  const ComparedRow& mean = compared.rows[1];
  EXPECT_THAT(mean.journeys, ElementsAre(1U, 3U));
  EXPECT_TRUE(mean.is_mean());
  // The second one asked 9 µs late.
  EXPECT_EQ(mean.asks_ns, 2 * way + 4'500);
  EXPECT_EQ(mean.hears_ns, 4 * way + 4'500);
  EXPECT_EQ(mean.hears_sd_ns, 6'364) << "9,000 / √2";
  EXPECT_EQ(mean.round_trips, 1U);
  for (const ComparedTrip& trip : mean.trips) EXPECT_EQ(trip.ask, no_event) << "a mean has no packet";
  EXPECT_EQ(compared.rows[0].journeys.size(), 1U);
  EXPECT_NE(compared.rows[0].trips[0].ask, no_event) << "and one journey has its own";
}

TEST(Comparison, WhatWentOtherwiseIsNoPartOfTheMean) {
  Journeys paper;
  paper.unread("tls13_full", 1);
  paper.tls13();
  View view;
  view.compare.rows = CompareRows::handshakes;
  EXPECT_EQ(paper.compared(view).rows.size(), 2U) << "one of them asked nothing that could be read";
}

TEST(Comparison, ManyJourneysAreMeansByThemselves) {
  Journeys paper;
  for (std::size_t i = 0; i <= few_journeys; ++i) paper.tls13();
  const Comparison compared = paper.compared();
  EXPECT_EQ(compared.rows_are, CompareRows::handshakes);
  EXPECT_EQ(compared.rows.size(), 1U);
}

TEST(Comparison, IsBounded) {
  Journeys paper;
  for (std::size_t i = 0; i < most_compared + 7; ++i) paper.tls13();
  const Comparison compared = paper.compared();
  EXPECT_EQ(compared.journeys, most_compared);
  EXPECT_EQ(compared.left_out, 7U);
}

}  // namespace
}  // namespace humantime::ui::test
