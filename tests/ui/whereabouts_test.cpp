// SPDX-License-Identifier: GPL-2.0-or-later
// Where a journey is at each moment: the article's March, seen from one end and from between, and journeys of
// chance against a reading of the same rule moment by moment.
#include "model/whereabouts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "layout/page.h"
#include "layout/period_totals.h"
#include "layout/words.h"
#include "model/journey_index.h"
#include "paper_source.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t ms = 1'000'000;
using testing::ElementsAre;
using testing::HasSubstr;

Timeline taken(const PaperSource& source) {
  Timeline timeline(source);
  while (timeline.advance(1000)) {
  }
  return timeline;
}

View month(int number) {
  View view;
  view.level = Level::month;
  view.at = time_of({1, number, 5, 0, 0, 0, 0});
  return view;
}

std::int64_t length_of(const Whereabouts& of) {
  return std::accumulate(of.stays.begin(), of.stays.end(), std::int64_t{0},
                         [](std::int64_t sum, const Stay& stay) { return sum + stay.length_ns; });
}

TEST(Whereabouts, OfTheArticlesMarch) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  const Timeline timeline = taken(source);
  const PeriodTotals totals = period_totals(timeline, timeline.index(0, false), month(3), 1);
  EXPECT_EQ(totals.title, "Where March went");
  std::vector<std::string> told;
  std::int64_t all = 0;
  for (const PeriodRow& row : totals.rows) {
    told.push_back(row.name + ": " +
                   length_text(stretch(Nanoseconds{row.length_ns}, Scale{}), Language::english));
    all += row.length_ns;
  }
  EXPECT_THAT(told, ElementsAre("on the way to the client: 19 d 6 h", "on the way to the server: 10 d 6 h",
                                "with the server: 1 d 8 h", "with the client: 1 h 56 min"));
  EXPECT_EQ(totals.rows[0].detail, "SYN+ACK, ServerHello … ServerHelloDone");
  EXPECT_EQ(totals.rows[1].detail, "handshake ACK, ClientHello");
  EXPECT_THAT(totals.rows[2].detail, HasSubstr("chooses the cipher"));
  EXPECT_THAT(totals.rows[3].detail, HasSubstr("confirms the connection"));
  EXPECT_TRUE(totals.notes.empty());
  const Period march = shown_period(timeline, month(3));
  EXPECT_EQ(all, march.end_ns - march.begin_ns) << "all of March belongs to the journey";
}

TEST(Whereabouts, TheArticlesMonthsAddUpToItsYear) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  const Timeline timeline = taken(source);
  std::array<std::int64_t, whereabout_count> months{}, year{};
  for (int number = 1; number <= 12; ++number) {
    const Period period = shown_period(timeline, month(number));
    const auto found = whereabouts_of(timeline, timeline.index(0, false), 1, period.begin_ns, period.end_ns);
    ASSERT_TRUE(found);
    EXPECT_EQ(length_of(*found), found->end_ns - found->begin_ns);
    for (const Stay& stay : found->stays) months[static_cast<std::size_t>(stay.where)] += stay.length_ns;
  }
  const auto whole = whereabouts_of(timeline, timeline.index(0, false), 1, INT64_MIN, INT64_MAX);
  ASSERT_TRUE(whole);
  for (const Stay& stay : whole->stays) year[static_cast<std::size_t>(stay.where)] += stay.length_ns;
  EXPECT_EQ(months, year);
  EXPECT_EQ(length_of(*whole), timeline.summary(1)->last_ns - timeline.summary(1)->first_ns);
}

TEST(Whereabouts, OfOneEndTravelAndTheOtherEndAreOne) {
  PaperSource source;
  source.origin = 0;
  const auto add = [&](std::int64_t at_ms, Phase phase, bool sent) {
    EventRecord& record = source.add(at_ms * ms, phase);
    record.end = End::client;
    record.direction = sent ? journeys::Direction::sent : journeys::Direction::received;
  };
  add(0, Phase::dns_query, true);
  add(10, Phase::dns_answer, false);
  add(12, Phase::tcp_syn, true);
  add(32, Phase::tcp_syn_ack, false);
  add(33, Phase::tcp_handshake_ack, true);
  add(34, Phase::http_request, true);
  add(54, Phase::tcp_ack, false);
  add(64, Phase::http_response_start, false);
  const Timeline timeline = taken(source);
  const auto found = whereabouts_of(timeline, timeline.index(0, false), 1, 0, 1000 * ms);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->stays.size(), 3U);
  EXPECT_EQ(found->stays[0].where, Whereabout::with_client);
  EXPECT_EQ(found->stays[0].length_ns, 3 * ms);
  EXPECT_EQ(found->stays[1].where, Whereabout::away);
  EXPECT_EQ(found->stays[1].far, FarEnd::name_server);
  EXPECT_EQ(found->stays[1].length_ns, 10 * ms);
  EXPECT_EQ(found->stays[2].far, FarEnd::server);
  EXPECT_EQ(found->stays[2].length_ns, 51 * ms)
      << "the acknowledgment on the way is no answer, and what was written last is on its way";
  const PeriodTotals totals = period_totals(timeline, timeline.index(0, false), month(1), 1);
  ASSERT_FALSE(totals.notes.empty());
  EXPECT_THAT(totals.notes[0], HasSubstr("cannot be told apart"));
}

TEST(Whereabouts, PartsOfOneEndsTimeAddUp) {
  std::mt19937 random(11);
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  constexpr Phase phases[] = {Phase::tcp_ack, Phase::http_response_body, Phase::http_request,
                              Phase::dns_query};
  for (int round = 0; round < 100; ++round) {
    PaperSource source;
    source.origin = 0;
    for (int i = 0, count = 2 + below(30); i < count; ++i) {
      EventRecord& record = source.add(below(500), phases[below(4)]);
      record.end = End::client;
      record.direction = below(2) == 0 ? journeys::Direction::sent : journeys::Direction::received;
    }
    const Timeline timeline = taken(source);
    std::array<std::int64_t, whereabout_count> whole{}, parts{};
    const auto add = [&](std::int64_t begin, std::int64_t end, auto& to) {
      const auto found = whereabouts_of(timeline, timeline.index(0, false), 1, begin, end);
      ASSERT_TRUE(found);
      EXPECT_EQ(length_of(*found), found->end_ns - found->begin_ns);
      for (const Stay& stay : found->stays) to[static_cast<std::size_t>(stay.where)] += stay.length_ns;
    };
    add(0, 500, whole);
    const std::int64_t cut = below(500);
    add(0, cut, parts);
    add(cut, 500, parts);
    EXPECT_EQ(parts, whole) << "round " << round;
  }
}

TEST(Whereabouts, SeenFromTheMiddleNobodyHasIt) {
  PaperSource source;
  source.origin = 0;
  for (const auto& [at_ms, phase] : {std::pair(0, Phase::tcp_syn), std::pair(20, Phase::tcp_syn_ack),
                                     std::pair(25, Phase::tcp_handshake_ack)})
    source.add(at_ms * ms, phase).end = End::middle;
  const Timeline timeline = taken(source);
  const auto found = whereabouts_of(timeline, timeline.index(0, false), 1, 0, 1000 * ms);
  ASSERT_TRUE(found);
  ASSERT_EQ(found->stays.size(), 2U);
  EXPECT_EQ(found->stays[0].where, Whereabout::away);
  EXPECT_EQ(found->stays[0].length_ns, 20 * ms);
  EXPECT_EQ(found->stays[1].where, Whereabout::away_at_client);
  EXPECT_EQ(found->stays[1].length_ns, 5 * ms);
}

TEST(Whereabouts, WhatAcknowledgesHidesNoWork) {
  PaperSource source;
  source.origin = 0;
  const auto letter = [&](std::int64_t sent, std::int64_t received, End sender, Phase phase) {
    source.add_letter(sent * ms, received * ms, sender, {{phase, row_of(phase).stage, Certainty::seen}});
  };
  letter(0, 10, End::client, Phase::http_request);
  letter(11, 21, End::server, Phase::tcp_ack);
  letter(50, 60, End::server, Phase::http_response_start);
  letter(60, 70, End::client, Phase::tcp_ack);
  const Timeline timeline = taken(source);
  const auto found = whereabouts_of(timeline, timeline.index(0, false), 1, 0, 1000 * ms);
  ASSERT_TRUE(found);
  std::vector<std::pair<Whereabout, std::int64_t>> stays;
  for (const Stay& stay : found->stays) stays.emplace_back(stay.where, stay.length_ns / ms);
  EXPECT_THAT(stays, ElementsAre(std::pair(Whereabout::to_client, 10), std::pair(Whereabout::to_far, 20),
                                 std::pair(Whereabout::with_far, 40)))
      << "the last acknowledgment is all that is left";
}

TEST(Whereabouts, OfChance) {
  std::mt19937 random(7);
  const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
  constexpr Phase phases[] = {Phase::tcp_ack, Phase::http_response_body, Phase::http_request,
                              Phase::tls_client_hello, Phase::quic_one_rtt};
  const auto weight = [](Phase phase) {
    return phase == Phase::tcp_ack ? 0 : phase == Phase::quic_one_rtt ? 1 : 2;
  };
  for (int round = 0; round < 200; ++round) {
    struct Drawn {
      std::int64_t from, to;
      bool from_client;
      int weight;
    };
    PaperSource source;
    source.origin = 0;
    std::vector<Drawn> drawn;
    for (int i = 0, count = 1 + below(30); i < count; ++i) {
      const std::int64_t from = below(400), to = from + below(60);
      const bool client = below(2) == 0;
      const Phase phase = phases[below(5)];
      drawn.push_back({from, to, client, weight(phase)});
      source.add_letter(from, to, client ? End::client : End::server,
                        {{phase, row_of(phase).stage, Certainty::seen}});
    }
    const Timeline timeline = taken(source);
    const std::int64_t begin = below(300), end = begin + 1 + below(200);
    const auto found = whereabouts_of(timeline, timeline.index(0, false), 1, begin, end);
    ASSERT_TRUE(found);
    // The rule, a nanosecond at a time.
    std::array<std::int64_t, whereabout_count> expected{}, told{};
    for (std::int64_t t = std::max(begin, timeline.summary(1)->first_ns);
         t < std::min(end, timeline.summary(1)->last_ns); ++t) {
      const auto flying = [&](int least, bool from_client) {
        return std::any_of(drawn.begin(), drawn.end(), [&](const Drawn& d) {
          return d.weight == least && d.from_client == from_client && d.from <= t && t < d.to;
        });
      };
      const auto next = [&](int least) -> const Drawn* {
        const Drawn* best = nullptr;
        for (const Drawn& d : drawn)
          if (d.weight >= least && d.from > t && (best == nullptr || d.from < best->from)) best = &d;
        return best;
      };
      std::optional<Whereabout> where;
      for (const int w : {2, 1})
        for (const bool from_client : {false, true})
          if (!where && flying(w, from_client))
            where = from_client ? Whereabout::to_far : Whereabout::to_client;
      const auto writer = [&](const Drawn& d) {
        return d.from_client ? Whereabout::with_client : Whereabout::with_far;
      };
      if (!where && next(1) != nullptr) where = writer(*next(1));
      for (const bool from_client : {false, true})
        if (!where && flying(0, from_client))
          where = from_client ? Whereabout::to_far : Whereabout::to_client;
      if (!where && next(0) != nullptr) where = writer(*next(0));
      ASSERT_TRUE(where);
      ++expected[static_cast<std::size_t>(*where)];
    }
    for (const Stay& stay : found->stays) told[static_cast<std::size_t>(stay.where)] += stay.length_ns;
    // Of two that are written at once either may be the next.
    const bool ambiguous = [&] {
      for (const Drawn& a : drawn)
        for (const Drawn& b : drawn)
          if (a.from == b.from && a.from_client != b.from_client) return true;
      return false;
    }();
    EXPECT_EQ(std::accumulate(told.begin(), told.end(), std::int64_t{0}), found->end_ns - found->begin_ns);
    if (ambiguous) continue;
    EXPECT_EQ(told, expected) << "round " << round;
  }
}

TEST(Whereabouts, SeveralJourneysAreAddedUp) {
  PaperSource source;
  source.origin = 0;
  for (std::uint32_t journey = 1; journey <= 3; ++journey) {
    const std::int64_t at = 10 * journey;
    source.add(at * ms, Phase::dns_query, journey).direction = journeys::Direction::sent;
    source.add((at + 5) * ms, Phase::dns_answer, journey).direction = journeys::Direction::received;
  }
  const Timeline timeline = taken(source);
  const View january = month(1);
  EXPECT_EQ(journey_of_period(timeline, january, 0, shown_period(timeline, january)), 0U);
  EXPECT_EQ(journey_of_period(timeline, january, 2, shown_period(timeline, january)), 2U);
  const PeriodTotals totals = period_totals(timeline, timeline.index(0, false), january, 0);
  ASSERT_EQ(totals.rows.size(), 1U);
  EXPECT_EQ(totals.rows[0].length_ns, 15 * ms);
  ASSERT_EQ(totals.notes.size(), 1U);
  EXPECT_EQ(totals.notes[0], "Days of 3 journeys, added up; 3 begin and 3 end here.");
  EXPECT_EQ(period_totals(timeline, timeline.index(0, false), month(7), 0).notes[0],
            "Nothing happens in July.");
  EXPECT_THAT(period_totals(timeline, timeline.index(0, false), month(7), 2).notes[0], HasSubstr("July"));
}

TEST(Whereabouts, TooManyLettersAreToldByStage) {
  PaperSource source;
  source.origin = 0;
  source.add(0, Phase::http_request).direction = journeys::Direction::sent;
  for (std::size_t i = 1; i < most_whereabouts + 10; ++i)
    source
        .add(static_cast<std::int64_t>(i) * 1000,
             i == 1 ? Phase::http_response_start : Phase::http_response_body)
        .direction = journeys::Direction::received;
  const Timeline timeline = taken(source);
  EXPECT_FALSE(whereabouts_of(timeline, timeline.index(0, false), 1, 0, 1000 * ms));
  const PeriodTotals totals = period_totals(timeline, timeline.index(0, false), month(1), 1);
  ASSERT_FALSE(totals.rows.empty());
  EXPECT_EQ(totals.rows.back().name, "response");
  EXPECT_TRUE(whereabouts_of(timeline, timeline.index(0, false), 1, 0, 1 * ms)) << "a shorter time has fewer";
}

TEST(JourneyIndex, HoldsOneJourneyOfMany) {
  PaperSource source;
  source.origin = 0;
  for (std::uint32_t i = 0; i < 300; ++i)
    source.add(i * ms, i % 2 == 0 ? Phase::tcp_syn : Phase::tcp_ack, 1 + i % 3);
  const Timeline timeline = taken(source);
  JourneyIndex own;
  const TimelineIndex& index = own.of(timeline, View{}, 2);
  EXPECT_EQ(index.of(Lane::tcp).marks.size() + index.of(Lane::tcp).segments.size(), 100U);
  for (std::size_t i = 0; i < index.of(Lane::tcp).marks.size(); ++i)
    EXPECT_EQ(timeline.at(EventIndex{index.of(Lane::tcp).marks.event_at(i)}).journey, 2U);
  View chosen;
  chosen.journey = 3;
  EXPECT_EQ(&own.of(timeline, chosen, 3), &timeline.index(3, false)) << "the calendar's is made already";
  EXPECT_TRUE(own.is_whole());
}

TEST(JourneyIndex, IsWholeOrNothing) {
  PaperSource source;
  source.origin = 0;
  for (std::uint32_t i = 0; i < JourneyIndex::most_events + 2; ++i)
    source.add(i, Phase::tcp_ack, i == 7 ? 2 : 1);
  const Timeline timeline = taken(source);
  JourneyIndex own;
  own.of(timeline, View{}, 1);
  EXPECT_FALSE(own.is_whole()) << "one event too many";
  EXPECT_EQ(own.of(timeline, View{}, 2).of(Lane::tcp).segments.size(), 1U);
  EXPECT_TRUE(own.is_whole());
  own.of(timeline, View{}, 1);
  own.of(timeline, View{}, 1);
  EXPECT_FALSE(own.is_whole()) << "asked again it is the same";
}

}  // namespace
}  // namespace humantime::ui::test
