// SPDX-License-Identifier: GPL-2.0-or-later
// What the calendar says of ends that keep a letter or write nothing, closer than the year.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "zoomed_page.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t ms = 1'000'000;

PaperSource paper() {
  return article(TEST_DATA "/article-timeline.tsv");
}

bool says(const Zoomed& page, std::string_view part) {
  return std::any_of(page.scene.labels.begin(), page.scene.labels.end(),
                     [&](const Label& label) { return label.text.find(part) != std::string::npos; });
}

/// One who says nothing but acknowledgments.
EventRecord& add(PaperSource& source, std::int64_t time_ns, Phase phase, journeys::Direction direction,
                 End end = End::client, std::uint32_t journey = 1) {
  EventRecord& record = source.add(time_ns, phase, journey);
  record.end = end;
  record.direction = direction;
  return record;
}

TEST(WaitsOfTheMonth, SayWhoKeepsALetter) {
  const PaperSource source = paper();
  const Zoomed march(source, Level::month, {1, 3, 9});
  const Label* server = march.one("1 d 8 h with the server");
  ASSERT_NE(server, nullptr);
  EXPECT_EQ(march.row_of(server), 2U);
  const Label* client = march.one("11 h 13 min with the client");
  ASSERT_NE(client, nullptr);
  EXPECT_EQ(march.row_of(client), 4U);
  // Nothing is written over it, and no line goes through it.
  for (const Label* label : {server, client})
    for (const Label& other : march.scene.labels)
      EXPECT_TRUE(&other == label || !other.box.intersects(label->box)) << label->text << ", " << other.text;
  EXPECT_EQ(
      Zoomed(source, Level::month, {1, 3, 9}, 0, Language::japanese).all("サーバーの手元に1日8時間").size(),
      1U);
}

TEST(WaitsOfTheDay, AreToldAsTheDesignTellsThem) {
  const PaperSource source = paper();
  const Zoomed day(source, Level::day, {1, 3, 9});
  const std::pair<const char*, std::size_t> expected[] = {
      {"22 min with the client (42.00 µs)", 0},
      {"15 h 21 min (1.75 ms) →", 0},
      {"morning with the client, nothing is sent", 1},
      {"afternoon with the client, nothing is sent", 2},
      {"15 h 21 min (1.75 ms)", 3},
      {"At the server, nothing arrives today: its next letter is the handshake ACK on March 16 15:20.", 3},
  };
  for (const auto& [text, row] : expected) {
    const Label* label = day.one(text);
    ASSERT_NE(label, nullptr);
    EXPECT_EQ(day.row_of(label), row) << text;
  }
}

TEST(WaitsOfTheDay, AcknowledgmentsEndNoWaitAndAreNotNothing) {
  using journeys::Direction;
  PaperSource source;
  source.origin = 0;
  add(source, ms / 2, Phase::tls_client_hello, Direction::received, End::server);
  add(source, ms, Phase::tcp_ack, Direction::sent, End::server);
  add(source, 5 * ms / 2, Phase::tls_server_hello, Direction::sent, End::server);
  const Zoomed day(source, Level::day, {1, 1, 1});
  EXPECT_TRUE(says(day, "17 h 31 min with the server (2.00 ms)"));
  EXPECT_FALSE(says(day, "morning with the server, nothing is sent")) << "the ACK is";
  EXPECT_TRUE(says(day, "afternoon with the server, nothing is sent"));
}

TEST(WaitsOfTheDay, AreNotClaimedOfWhatNobodyKnows) {
  using journeys::Direction;
  PaperSource source;
  source.origin = 0;
  add(source, ms / 2, Phase::dns_answer, Direction::received);
  add(source, 2 * ms, Phase::tcp_syn, Direction::sent);
  EXPECT_TRUE(says(Zoomed(source, Level::day, {1, 1, 1}), "with the client"));
  // Two journeys at once: what one waits for the other may bring.
  PaperSource two = source;
  add(two, 0, Phase::http_request, Direction::sent, End::client, 2);
  add(two, 400 * ms, Phase::http_response_end, Direction::received, End::client, 2);
  EXPECT_FALSE(says(Zoomed(two, Level::day, {1, 1, 1}), "with the client"));
  // A tap in the middle knows no end's time, and who sees no direction does not know who speaks.
  for (const bool middle : {true, false}) {
    PaperSource other = source;
    for (EventRecord& record : other.records)
      if (middle)
        record.end = End::middle;
      else
        record.direction = Direction::unknown;
    EXPECT_FALSE(says(Zoomed(other, Level::day, {1, 1, 1}), "with the")) << middle;
  }
}

TEST(WaitsOfTheDay, TheOnlyJourneyOfThePageIsTold) {
  using journeys::Direction;
  PaperSource source;
  source.origin = 0;
  add(source, ms / 2, Phase::dns_answer, Direction::received);
  add(source, 2 * ms, Phase::tcp_syn, Direction::sent);
  add(source, 500 * ms, Phase::tcp_syn, Direction::sent, End::client, 2);
  EXPECT_TRUE(says(Zoomed(source, Level::day, {1, 1, 1}), "with the client"));
}

TEST(ClosingLine, SaysWhatComesNext) {
  const PaperSource source = paper();
  EXPECT_TRUE(says(Zoomed(source, Level::day, {1, 3, 12}),
                   "Nothing sets off and nothing arrives today. Next: handshake ACK on March 16 15:20."));
  EXPECT_TRUE(
      says(Zoomed(source, Level::hour, {1, 3, 12}), "nothing arrives in this hour. Next: handshake ACK"));
  EXPECT_TRUE(says(Zoomed(source, Level::minute, {1, 3, 9, 19, 27}),
                   "At the server, nothing arrives in this minute: its next letter is the handshake ACK"));
  EXPECT_TRUE(says(Zoomed(source, Level::day, {1, 12, 24}), "No more letters. The last, ACK of the FIN"));
  EXPECT_TRUE(says(Zoomed(source, Level::month, {1, 12, 24}), "No more letters. The last, ACK of the FIN"));
  EXPECT_TRUE(
      says(Zoomed(source, Level::day, {0, 12, 24}), "nothing arrives today. Next: ARP request on January 1"));
  EXPECT_FALSE(says(Zoomed(PaperSource{}, Level::day, {1, 1, 1}), "Next"))
      << "nothing is known of no capture";
  // At both ends something happens.
  PaperSource both;
  both.origin = 0;
  both.add_letter(0, ms, End::client, {{Phase::tcp_syn, Stage::connect, Certainty::seen}});
  both.add_letter(200 * ms, 220 * ms, End::server, {{Phase::tcp_syn_ack, Stage::connect, Certainty::seen}});
  EXPECT_FALSE(says(Zoomed(both, Level::day, {1, 1, 1}), "At the"));
}

TEST(ClosingLine, SaysNothingOfAnEndThatNobodyCaptured) {
  using journeys::Direction;
  PaperSource source;
  source.origin = 0;
  add(source, ms / 2, Phase::dns_query, Direction::sent);
  add(source, 200 * ms, Phase::dns_answer, Direction::received);
  EXPECT_FALSE(says(Zoomed(source, Level::day, {1, 1, 1}), "At the"));
}

TEST(StageNames, StandWhereNothingElseIsSaid) {
  using journeys::Direction;
  PaperSource source;
  source.origin = 0;
  add(source, 0, Phase::http_request, Direction::sent);
  add(source, 50 * ms, Phase::http_response_start, Direction::received);
  add(source, 100 * ms, Phase::http_response_end, Direction::received);
  const Zoomed hour(source, Level::hour, {1, 1, 30, 10});
  EXPECT_EQ(hour.all("response 18 d 6 h").size(), 1U) << "how long it is is said once";
  EXPECT_EQ(hour.all("response").size(), 5U);
  // Where a letter is on its way, that says more.
  const PaperSource both = paper();
  EXPECT_FALSE(says(Zoomed(both, Level::hour, {1, 3, 12, 10}), "TLS handshake"));
}

}  // namespace
}  // namespace humantime::ui::test
