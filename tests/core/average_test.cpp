// SPDX-License-Identifier: GPL-2.0-or-later
// The mean of several journeys: what is the same event in each, and its spread.
#include "journeys/average.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "reports/mean_list.h"

namespace humantime::journeys {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TimedMilestone at(Phase phase, std::uint32_t ordinal, std::int64_t ns, Direction direction = Direction::sent,
                  End end = End::client) {
  return {{phase, ordinal, direction, end}, ns, 0};
}

Run run(std::vector<TimedMilestone> milestones, Kind kind = Kind::completed) {
  return {kind, "www.example.jp", std::move(milestones)};
}

std::vector<MeanJourney> average_of(std::vector<Run> runs) {
  Average average;
  for (Run& one : runs) average.add(std::move(one));
  return average.make();
}

/// `1: 100 n=3` for each milestone of the phase.
std::vector<std::string> means_of(const MeanJourney& journey, Phase phase) {
  std::vector<std::string> told;
  for (const MeanMilestone& one : journey.milestones)
    if (one.key.phase == phase)
      told.push_back(std::to_string(one.key.ordinal) + ": " + std::to_string(one.spread.mean_ns) +
                     " n=" + std::to_string(one.spread.n));
  return told;
}

TEST(Average, Spread) {
  const auto means = average_of({run({at(Phase::tcp_syn, 1, 10)}), run({at(Phase::tcp_syn, 1, 20)}),
                                 run({at(Phase::tcp_syn, 1, 40)}), run({at(Phase::tcp_syn, 1, 31)})});
  ASSERT_EQ(means.size(), 1U);
  EXPECT_EQ(means[0].runs, 4U);
  ASSERT_EQ(means[0].milestones.size(), 1U);
  const Spread& spread = means[0].milestones[0].spread;
  EXPECT_EQ(spread.n, 4U);
  EXPECT_EQ(spread.mean_ns, 25) << "25.25";
  EXPECT_EQ(spread.median_ns, 26) << "25.5, away from zero";
  EXPECT_EQ(spread.min_ns, 10);
  EXPECT_EQ(spread.max_ns, 40);
  EXPECT_EQ(spread.sd_ns, 13) << "sqrt(15² + 5² + 15² + 6²) / 3)";
}

TEST(Average, ShapesAreToldApart) {
  const auto fetch = [](std::vector<Phase> phases, Kind kind = Kind::completed) {
    std::vector<TimedMilestone> milestones;
    for (const Phase phase : phases) milestones.push_back(at(phase, 1, 10 * std::ssize(milestones)));
    return run(std::move(milestones), kind);
  };
  const std::vector<Phase> full = {Phase::dns_query, Phase::tcp_syn, Phase::tls_client_hello,
                                   Phase::tls_certificate, Phase::http_request};
  const std::vector<Phase> resumed = {Phase::dns_query, Phase::tcp_syn, Phase::tls_client_hello,
                                      Phase::http_request};
  std::vector<journeys::Run> runs;
  for (int i = 0; i < 5; ++i) {
    runs.push_back(fetch(full));
    runs.push_back(fetch(resumed));
  }
  runs.push_back(fetch({Phase::tcp_syn, Phase::tls_client_hello, Phase::http_settings, Phase::http_request}));
  runs.push_back(fetch({Phase::quic_initial, Phase::tls_client_hello, Phase::http_settings}));
  runs.push_back(fetch({Phase::dns_query}, Kind::failed));
  runs.push_back(fetch({Phase::tcp_syn}, Kind::refused));
  std::vector<std::string> told;
  for (const MeanJourney& mean : average_of(std::move(runs)))
    told.push_back(std::to_string(mean.runs) + " " + std::string(token_of(mean.kind)) + ": " + mean.shape);
  EXPECT_THAT(told, ElementsAre("5 completed: dns tcp tls_full http", "5 completed: dns tcp tls http",
                                "1 completed: tcp tls http2", "1 completed: quic tls", "1 failed: dns",
                                "1 refused: tcp"));
}

TEST(Average, OneRunHasNoDeviation) {
  const auto means = average_of({run({at(Phase::tcp_syn, 1, 7)})});
  EXPECT_EQ(means.at(0).milestones.at(0).spread.sd_ns, 0);
  EXPECT_EQ(means[0].milestones[0].spread.median_ns, 7);
}

TEST(Average, WhatOneLacksShiftsNobodyElse) {
  const auto full = [](std::int64_t late) {
    return run({at(Phase::dns_query, 1, 0 + late), at(Phase::dns_query, 2, 100 + late),
                at(Phase::dns_query, 3, 200 + late)});
  };
  const auto means = average_of(
      {full(0), full(2), full(4), run({at(Phase::dns_query, 1, 6), at(Phase::dns_query, 2, 206)})});
  ASSERT_EQ(means.size(), 1U);
  EXPECT_THAT(means_of(means[0], Phase::dns_query), ElementsAre("1: 3 n=4", "2: 102 n=3", "3: 203 n=4"));
}

TEST(Average, WhatOneHasMoreOfShiftsNobodyElse) {
  const auto usual = [] { return run({at(Phase::http_request, 1, 100), at(Phase::http_request, 2, 300)}); };
  const auto means = average_of({usual(), usual(),
                                 run({at(Phase::http_request, 1, 100), at(Phase::http_request, 2, 190),
                                      at(Phase::http_request, 3, 300)})});
  ASSERT_EQ(means.size(), 1U);
  EXPECT_THAT(means_of(means[0], Phase::http_request), ElementsAre("1: 100 n=3", "3: 190 n=1", "2: 300 n=3"));
}

TEST(Average, ShapesAreApart) {
  const auto means =
      average_of({run({at(Phase::dns_query, 1, 0), at(Phase::tcp_syn, 1, 50)}),
                  run({at(Phase::tcp_syn, 1, 0)}), run({at(Phase::tcp_syn, 1, 0)}, Kind::refused),
                  run({at(Phase::dns_query, 1, 0), at(Phase::tcp_syn, 1, 70)})});
  ASSERT_EQ(means.size(), 3U);
  EXPECT_EQ(means[0].runs, 2U);
  EXPECT_THAT(means_of(means[0], Phase::tcp_syn), ElementsAre("1: 60 n=2"));
  EXPECT_THAT(means_of(means[1], Phase::tcp_syn), ElementsAre("1: 0 n=1"));
  EXPECT_EQ(means[2].kind, Kind::refused);
}

TEST(Average, EndsAreApart) {
  const auto one = [](std::int64_t travel) {
    return run(
        {at(Phase::tcp_syn, 1, 100), at(Phase::tcp_syn, 1, 100 + travel, Direction::received, End::server)});
  };
  const auto means = average_of({one(20), one(30)});
  EXPECT_THAT(means_of(means.at(0), Phase::tcp_syn), ElementsAre("1: 100 n=2", "1: 125 n=2"));
}

TEST(Average, TimesAtTheEdge) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const auto means = average_of({run({at(Phase::tcp_syn, 1, most)}), run({at(Phase::tcp_syn, 1, most)}),
                                 run({at(Phase::tcp_syn, 1, -most)}), run({})});
  EXPECT_EQ(means.at(0).runs, 3U) << "nothing is known of the fourth";
  EXPECT_EQ(means[0].milestones.at(0).spread.max_ns, most);
}

/// A capture made up so that matching would take long is matched in order.
TEST(Average, ManyOfAKind) {
  journeys::Run few = run({}), many = run({});
  for (std::uint32_t i = 0; i < 3000; ++i) {
    if (i < 2000) few.milestones.push_back(at(Phase::tcp_retransmission, i + 1, i));
    many.milestones.push_back(at(Phase::tcp_retransmission, i + 1, i));
  }
  const auto means = average_of({few, many, many});
  EXPECT_EQ(means.at(0).milestones.size(), 3000U);
}

TEST(MeanList, ALineForEachLetter) {
  Average average;
  constexpr std::int64_t day = 1'000'000'000 / 365;
  average.add(run({at(Phase::tcp_syn, 1, 9 * day + 1000),
                   at(Phase::tcp_syn, 1, 17 * day + 1000, Direction::received, End::server)}));
  std::string text;
  reports::write_means(average.make(), {}, reports::Format::text,
                       [&](std::string_view piece) { text += piece; });
  EXPECT_THAT(text, HasSubstr("Mean 1: www.example.jp — 1 journey (tcp)\n"));
  EXPECT_THAT(text, HasSubstr("SYN                                   Jan 10, 00:00       Jan 18, 00:00       "
                              "   1         0 s\n"));
}

TEST(MeanList, Json) {
  Average average;
  average.add(run({at(Phase::dns_query, 2, 1'000'000)}));
  std::string text;
  reports::write_means(average.make(), {}, reports::Format::json,
                       [&](std::string_view piece) { text += piece; });
  EXPECT_EQ(text,
            R"({"group":1,"name":"www.example.jp","kind":"completed","journeys":1,"shape":"dns",)"
            R"("milestone":"dns.query#2/sent","phase":"dns.query","label":"DNS query","end":"client","n":1,)"
            R"("mean_ns":1000000,"median_ns":1000000,"min_ns":1000000,"max_ns":1000000,"sd_ns":0,)"
            R"("precision_ns":0,"mean":"Jan 1, 08:45","median":"Jan 1, 08:45","min":"Jan 1, 08:45",)"
            R"("max":"Jan 1, 08:45","sd":"0 s"})"
            "\n");
}

}  // namespace
}  // namespace humantime::journeys
