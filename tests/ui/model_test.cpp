// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "model/message.h"
#include "model/timeline.h"
#include "paper_source.h"

namespace humantime::ui::test {
namespace {

using testing::ElementsAre;

constexpr std::int64_t ms = 1'000'000;

PaperSource article_source() {
  return article(TEST_DATA "/article-timeline.tsv");
}

Timeline& filled(Timeline& timeline, std::uint32_t budget = 1'000'000) {
  while (timeline.advance(budget)) {
  }
  return timeline;
}

TEST(PrincipalPhase, OfTheHighestLaneTheFirstMilestone) {
  const auto mark = [](Phase phase) { return PhaseMark{phase, row_of(phase).stage, Certainty::seen}; };
  const std::vector<PhaseMark> last = {mark(Phase::http_response_end), mark(Phase::tcp_fin)};
  EXPECT_EQ(principal_of(last).phase, Phase::http_response_end);
  EXPECT_TRUE(principal_of(last).others);
  const std::vector<PhaseMark> hello = {mark(Phase::tcp_handshake_ack), mark(Phase::tls_client_hello)};
  EXPECT_EQ(principal_of(hello).phase, Phase::tls_client_hello);
  // A piece of a body says less than the FIN that it carries.
  const std::vector<PhaseMark> fin = {mark(Phase::http_response_body), mark(Phase::tcp_fin)};
  EXPECT_EQ(principal_of(fin).phase, Phase::tcp_fin);
  const std::vector<PhaseMark> flight = {mark(Phase::tls_server_hello), mark(Phase::tls_certificate),
                                         mark(Phase::tls_server_hello_done)};
  EXPECT_EQ(principal_of(flight).phase, Phase::tls_server_hello);
  const std::vector<PhaseMark> ack = {mark(Phase::tcp_ack)};
  EXPECT_EQ(principal_of(ack).phase, Phase::tcp_ack);
  EXPECT_FALSE(principal_of(ack).others);
}

TEST(Timeline, TakesTheArticle) {
  const PaperSource source = article_source();
  Timeline timeline(source);
  filled(timeline);
  ASSERT_EQ(timeline.events().size(), 34U);
  // SYN: one letter, its other copy flagged.
  std::vector<const Event*> syns;
  for (const Event& event : timeline.events())
    if (event.phase == Phase::tcp_syn) syns.push_back(&event);
  ASSERT_EQ(syns.size(), 2U);
  EXPECT_EQ(syns[0]->other_ns - syns[0]->time_ns, 22'266'000);
  EXPECT_FALSE(syns[0]->flags & (Event::twin | Event::estimated));
  EXPECT_TRUE(syns[1]->flags & Event::twin);
  ASSERT_EQ(timeline.journeys().size(), 1U);
  EXPECT_EQ(timeline.journeys()[0].name, "www.sakura.example");
}

TEST(Timeline, ListsNoJourneyWithoutEvents) {
  PaperSource source = article_source();
  JourneyRecord gone = source.journey_records[0];
  gone.number = 2;
  source.journey_records.push_back(gone);
  Timeline timeline(source);
  filled(timeline);
  ASSERT_EQ(timeline.journeys().size(), 1U);
  EXPECT_EQ(timeline.journeys()[0].number, 1U);
}

TEST(Timeline, PutsTheOtherEndOfAQuestionHalfWay) {
  const PaperSource source = article_source();
  Timeline timeline(source);
  filled(timeline);
  const Event& query = timeline.at(*timeline.find(FrameNumber{3}));
  const Event& referral = timeline.at(*timeline.find(FrameNumber{4}));
  ASSERT_EQ(query.phase, Phase::dns_query);
  EXPECT_EQ(query.other_ns, (query.time_ns + referral.time_ns) / 2);
  EXPECT_EQ(referral.other_ns, query.other_ns);
  EXPECT_TRUE(query.flags & Event::estimated);
  EXPECT_TRUE(referral.flags & Event::estimated);
  // ARP asks on its own link: no way to speak of.
  EXPECT_EQ(timeline.at(EventIndex{0}).other_ns, Event::unknown);
}

TEST(Timeline, AnswersAtTheServersEndAreTheClients) {
  PaperSource source;
  source.add(10 * ms, Phase::tcp_syn).end = End::server;
  source.add(11 * ms, Phase::tcp_syn_ack).end = End::server;
  source.add(31 * ms, Phase::tcp_handshake_ack).end = End::server;
  Timeline timeline(source);
  filled(timeline);
  EXPECT_EQ(timeline.at(EventIndex{0}).other_ns, Event::unknown);
  EXPECT_EQ(timeline.at(EventIndex{1}).other_ns, 21 * ms);
  EXPECT_EQ(timeline.at(EventIndex{2}).other_ns, 21 * ms);
}

TEST(Timeline, StagesAreThoseOfTheArticle) {
  const PaperSource source = article_source();
  Timeline timeline(source);
  filled(timeline);
  struct Told {
    Stage stage;
    std::int64_t us;
    bool operator==(const Told&) const = default;
  };
  std::vector<Told> told;
  for (const StageSpan& span : timeline.stages(1))
    if (span.end_ns > span.begin_ns) told.push_back({span.stage, (span.end_ns - span.begin_ns) / 1000});
  EXPECT_THAT(
      told, ElementsAre(Told{Stage::address, 392}, Told{Stage::dns, 110'099}, Told{Stage::connect, 48'018},
                        Told{Stage::ssl, 110'772}, Told{Stage::wait, 60'803}, Told{Stage::response, 469'911},
                        Told{Stage::close, 87'096}));
}

void expect_same(const Timeline& a, const Timeline& b) {
  ASSERT_EQ(a.events().size(), b.events().size());
  for (std::size_t i = 0; i < a.events().size(); ++i) {
    EXPECT_EQ(a.events()[i].time_ns, b.events()[i].time_ns);
    EXPECT_EQ(a.events()[i].other_ns, b.events()[i].other_ns);
    EXPECT_EQ(a.events()[i].flags, b.events()[i].flags);
  }
  for (std::size_t l = 0; l < lane_count; ++l) {
    const LaneIndex& x = a.index(0, false).lanes[l];
    const LaneIndex& y = b.index(0, false).lanes[l];
    ASSERT_EQ(x.marks.size(), y.marks.size());
    for (std::size_t i = 0; i < x.marks.size(); ++i) EXPECT_EQ(x.marks.event_at(i), y.marks.event_at(i));
    ASSERT_EQ(x.segments.size(), y.segments.size());
    for (std::size_t i = 0; i < x.segments.size(); ++i)
      EXPECT_EQ(x.segments.event_at(i), y.segments.event_at(i));
    EXPECT_EQ(x.stages.begins, y.stages.begins);
    EXPECT_EQ(x.stages.ends, y.stages.ends);
  }
  EXPECT_EQ(a.index(0, false).journeys.begins, b.index(0, false).journeys.begins);
}

/// Frames of a few journeys whose times jump back and forth.
PaperSource jumbled(std::size_t count, unsigned seed) {
  std::mt19937 random(seed);
  PaperSource source;
  constexpr Phase phases[] = {Phase::tcp_syn,      Phase::tcp_syn_ack,         Phase::tcp_handshake_ack,
                              Phase::http_request, Phase::http_response_start, Phase::http_response_body,
                              Phase::tcp_ack,      Phase::dns_query,           Phase::dns_answer};
  for (std::size_t i = 0; i < count; ++i)
    source.add(static_cast<std::int64_t>(i) * ms + static_cast<std::int64_t>(random() % 50) * ms,
               phases[random() % std::size(phases)],
               static_cast<std::uint32_t>(1 + random() % std::min<std::size_t>(5, i + 1)));
  return source;
}

TEST(Timeline, BitByBitIsTheSameAsAtOnce) {
  for (const std::uint32_t budget : {1U, 7U, 64U, 1000U}) {
    PaperSource source = jumbled(3000, 7);
    Timeline at_once(source), gradual(source);
    filled(at_once);
    for (source.available = 0; source.available < 3000; source.available += 900)
      while (gradual.advance(budget)) {
      }
    source.available = 3000;
    filled(gradual, budget);
    expect_same(at_once, gradual);
  }
}

TEST(Timeline, StandsInOrderOfTime) {
  const PaperSource source = jumbled(5000, 3);
  Timeline timeline(source);
  filled(timeline, 100);
  std::size_t sum = 0;
  for (const LaneIndex& lane : timeline.index(0, false).lanes)
    for (const TimeIndex* index : {&lane.marks, &lane.segments}) {
      sum += index->size();
      for (std::size_t i = 1; i < index->size(); ++i)
        ASSERT_LE(timeline.events()[index->event_at(i - 1)].time_ns,
                  timeline.events()[index->event_at(i)].time_ns);
      // lower_bound agrees with looking at each, from every place.
      for (const std::int64_t time : {0L, 17 * ms, 1234 * ms, 2500 * ms, 9999 * ms}) {
        std::size_t expected = 0;
        while (expected < index->size() && timeline.events()[index->event_at(expected)].time_ns < time)
          ++expected;
        for (const std::size_t from : {std::size_t{0}, expected / 2, expected})
          EXPECT_EQ(index->lower_bound(timeline.events(), time, from), expected);
      }
    }
  EXPECT_EQ(sum, 5000U);
}

TEST(Timeline, FindsWhatIsOnItsWay) {
  PaperSource source;
  std::mt19937 random(5);
  for (int i = 0; i < 4000; ++i) {
    const std::int64_t sent = (i + static_cast<std::int64_t>(random() % 30)) * ms;
    EventRecord& record = source.add(sent, Phase::http_request);
    record.end = End::client;
    record.direction = i % 3 == 0 ? journeys::Direction::received : journeys::Direction::sent;
    const std::int64_t way = static_cast<std::int64_t>(random() % 500) * ms;
    record.other_ns = i % 3 == 0 ? sent - way : sent + way;
  }
  Timeline timeline(source);
  filled(timeline, 333);
  const TimeIndex& index = timeline.index(0, false).of(Lane::http).marks;
  const auto events = timeline.events();
  for (const std::int64_t at : {0 * ms, 100 * ms, 2000 * ms, 3999 * ms, 6000 * ms}) {
    const std::size_t first = index.lower_bound(events, at);
    std::size_t reaching = 0, from_before = 0;
    index.for_each_reaching(events, first, at, SIZE_MAX, [&](std::size_t, std::size_t n) { reaching += n; });
    index.for_each_from_before(events, first, at, SIZE_MAX,
                               [&](std::size_t, std::size_t n) { from_before += n; });
    std::size_t expect_reaching = 0, expect_from_before = 0;
    for (const Event& e : events) {
      if (e.time_ns < at && std::max(e.time_ns, e.other_ns) >= at) ++expect_reaching;
      if (e.time_ns >= at && e.other_ns < at) ++expect_from_before;
    }
    EXPECT_EQ(reaching, expect_reaching) << at;
    EXPECT_EQ(from_before, expect_from_before) << at;
  }
}

TEST(Timeline, BeginsAnewWhenTheSourceWasReadAnew) {
  PaperSource source = article_source();
  Timeline timeline(source);
  filled(timeline);
  source.records[0].time_ns = *source.records[0].time_ns - 1'000'000;
  source.records.pop_back();
  source.current_revision = 2;
  filled(timeline);
  EXPECT_EQ(timeline.events().size(), 33U);
  EXPECT_EQ(timeline.first_ns(), paper_origin - 1'000'000);
  const PaperSource fresh = source;
  Timeline other(fresh);
  filled(other);
  expect_same(timeline, other);
}

TEST(Timeline, LimitsToJourneyAndFilter) {
  PaperSource source = jumbled(1000, 9);
  Timeline timeline(source);
  filled(timeline);
  std::size_t of_two = 0;
  for (const EventRecord& record : source.records) of_two += record.journey == 2 ? 1 : 0;
  const auto sum = [&](std::uint32_t journey, bool limit) {
    std::size_t events = 0;
    for (const LaneIndex& lane : timeline.index(journey, limit).lanes)
      events += lane.marks.size() + lane.segments.size();
    return events;
  };
  EXPECT_EQ(sum(2, false), of_two);
  EXPECT_EQ(timeline.events_of(2).size(), of_two);
  EXPECT_EQ(sum(0, true), 1000U);
  for (EventRecord& record : source.records) record.passes_filter = to_number(record.frame) % 10 == 0;
  int calls = 1;
  while (timeline.refilter(300)) ++calls;
  EXPECT_EQ(calls, 4);
  EXPECT_EQ(timeline.hidden_count(), 900U);
  EXPECT_EQ(sum(0, true), 100U);
  EXPECT_EQ(sum(0, false), 1000U);
  EXPECT_EQ(sum(7, false), 0U);
}

namespace {

/// What an index holds, whatever its order of making.
std::vector<std::uint32_t> events_in(const TimelineIndex& index) {
  std::vector<std::uint32_t> events;
  for (const LaneIndex& lane : index.lanes)
    for (const TimeIndex* of : {&lane.marks, &lane.segments})
      for (std::size_t i = 0; i < of->size(); ++i) events.push_back(of->event_at(i));
  return events;
}

}  // namespace

/// An index of a hundred thousand events is made in parts, and is what it would be if it were made at once.
TEST(Timeline, LimitsAPartAtATime) {
  constexpr std::uint32_t budget = 2'000;
  PaperSource source = jumbled(100'000, 400);
  for (EventRecord& record : source.records) record.passes_filter = to_number(record.frame) % 3 != 0;
  Timeline timeline(source);
  filled(timeline);
  for (const std::uint32_t journey : {0U, 2U}) {
    const std::size_t first = events_in(timeline.index(journey, true)).size();
    EXPECT_EQ(events_in(timeline.index(journey, true)).size(), first) << "a layout asks many times";
    int parts = 1;
    std::size_t before = first;
    while (timeline.prepare(journey, true, budget)) {
      ++parts;
      const std::size_t now = events_in(timeline.index(journey, true)).size();
      EXPECT_GE(now, before);
      EXPECT_LE(now - before, 2 * budget);
      before = now;
    }
    EXPECT_GT(parts, 30);
    EXPECT_FALSE(timeline.prepare(journey, true, budget));
    Timeline other(source);
    filled(other);
    while (other.prepare(journey, true, UINT32_MAX)) {
    }
    const TimelineIndex &made = timeline.index(journey, true), &at_once = other.index(journey, true);
    EXPECT_EQ(events_in(made), events_in(at_once));
    EXPECT_EQ(made.journeys.begins, at_once.journeys.begins);
    for (std::size_t lane = 0; lane < lane_count; ++lane) {
      EXPECT_EQ(made.lanes[lane].stages.begins, at_once.lanes[lane].stages.begins);
      EXPECT_EQ(made.lanes[lane].stages.ends, at_once.lanes[lane].stages.ends);
    }
  }
}

/// Another filter: what was shown stays until all that passes now is known.
TEST(Timeline, AnotherFilterIsShownWhenItIsWhole) {
  PaperSource source = jumbled(100'000, 400);
  for (EventRecord& record : source.records) record.passes_filter = to_number(record.frame) % 2 == 0;
  Timeline timeline(source);
  filled(timeline);
  while (timeline.prepare(0, true, 2'000)) {
  }
  const std::vector<std::uint32_t> before = events_in(timeline.index(0, true));
  EXPECT_EQ(before.size(), 50'000U);
  for (EventRecord& record : source.records) record.passes_filter = to_number(record.frame) % 2 != 0;
  timeline.restart_refilter();
  while (timeline.refilter(2'000)) EXPECT_EQ(events_in(timeline.index(0, true)), before);
  while (timeline.prepare(0, true, 2'000)) EXPECT_EQ(events_in(timeline.index(0, true)), before);
  const std::vector<std::uint32_t> after = events_in(timeline.index(0, true));
  EXPECT_EQ(after.size(), 50'000U);
  for (const std::uint32_t event : after) EXPECT_EQ(event % 2, 0U);
}

/// While frames come the index goes on with them; it is not made anew for each.
TEST(Timeline, ALimitedIndexGrowsWithItsEvents) {
  PaperSource source = jumbled(20'000, 50);
  for (EventRecord& record : source.records) record.passes_filter = to_number(record.frame) % 2 == 0;
  source.available = 0;
  Timeline timeline(source);
  while (source.available < source.records.size()) {
    source.available += 1'000;
    while (timeline.advance(300)) {
    }
    while (timeline.prepare(0, true, 300)) {
    }
    EXPECT_EQ(events_in(timeline.index(0, true)).size(), source.available / 2);
    while (timeline.prepare(3, false, 300)) {
    }
    EXPECT_EQ(events_in(timeline.index(3, false)).size(), timeline.events_of(3).size());
  }
}

TEST(Timeline, TakesWhatHostileFilesSay) {
  PaperSource source;
  source.add(INT64_MIN, Phase::tcp_syn);
  source.add(INT64_MIN + 1, Phase::tcp_syn, 4'000'000'000U);
  source.add(INT64_MAX, Phase::tcp_syn_ack);
  source.add(0, Phase::dns_query).other_ns = INT64_MAX;
  source.add(1, Phase::http_request).time_ns.reset();
  source.records.push_back({});
  Timeline timeline(source);
  filled(timeline, 2);
  EXPECT_EQ(timeline.events().size(), 5U);
  EXPECT_EQ(timeline.timeless_count(), 2U);
  EXPECT_EQ(timeline.at(EventIndex{1}).journey, 0U) << "more journeys than frames";
  EXPECT_EQ(timeline.first_ns(), INT64_MIN + 1);
  EXPECT_EQ(timeline.last_ns(), INT64_MAX);
}

TEST(Timeline, TakesLessThanFortyBytesAnEvent) {
  static_assert(sizeof(Event) == 32);
  PaperSource source;
  constexpr std::uint32_t journeys = 2000, pieces = 90;
  // Fetches as they come: a handshake, a request, a body in pieces with their acknowledgments, a close.
  std::int64_t time = 0;
  for (std::uint32_t j = 1; j <= journeys; ++j) {
    for (const Phase phase : {Phase::dns_query, Phase::dns_answer, Phase::tcp_syn, Phase::tcp_syn_ack,
                              Phase::tcp_handshake_ack, Phase::http_request, Phase::http_response_start})
      source.add(time += ms, phase, j);
    for (std::uint32_t p = 0; p < pieces; ++p)
      source.add(time += ms, p % 2 == 0 ? Phase::http_response_body : Phase::tcp_ack, j);
    for (const Phase phase : {Phase::http_response_end, Phase::tcp_fin, Phase::tcp_fin_ack})
      source.add(time += ms, phase, j);
  }
  Timeline timeline(source);
  filled(timeline, 10'000);
  const double each = static_cast<double>(timeline.bytes()) / static_cast<double>(timeline.events().size());
  EXPECT_LT(each, 40.0);
  EXPECT_GT(each, 36.0) << "the event and its place in the lane are 36: is something not counted?";
}

}  // namespace
}  // namespace humantime::ui::test
