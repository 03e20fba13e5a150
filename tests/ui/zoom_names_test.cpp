// SPDX-License-Identifier: GPL-2.0-or-later
// What the calendar says of letters on their way, closer than the year.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <string>

#include "zoomed_page.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t ms = 1'000'000;

PaperSource paper() {
  return article(TEST_DATA "/article-timeline.tsv");
}

/// Whether a letter's line goes through what is written.
bool is_crossed(const Scene& scene, const Label& label) {
  Rect glyphs = label.box;
  glyphs.y += glyphs.height * 0.2, glyphs.height *= 0.6;
  return std::any_of(scene.lines.begin(), scene.lines.end(), [&](const Line& line) {
    const bool way = line.strength == Strength::solid && line.from.y != line.to.y &&
                     line.from.x != line.to.x && (line.event != no_event || line.ink == Ink::light_line);
    if (!way || line.to.x <= glyphs.x || line.from.x >= glyphs.right()) return false;
    const auto y_at = [&](double x) {
      const double share = std::clamp((x - line.from.x) / (line.to.x - line.from.x), 0.0, 1.0);
      return line.from.y + share * (line.to.y - line.from.y);
    };
    const auto [low, high] = std::minmax({y_at(glyphs.x), y_at(glyphs.right())});
    return high > glyphs.y && low < glyphs.bottom();
  });
}

TEST(TheMonth, NamesLettersAtTheirLongestPiece) {
  const PaperSource source = paper();
  const Zoomed march(source, Level::month, {1, 3, 9});
  const std::pair<const char*, std::size_t> expected[] = {
      {"SYN+ACK, 9 d 7 h on the way", 0},
      {"handshake ACK, 7 d 11 h on the way", 1},
      {"ClientHello, 9 d 15 h on the way", 1},
      {"ServerHello … ServerHelloDone, 11 d 3 h on the way", 3}};
  for (const auto& [text, row] : expected) {
    const Label* label = march.one(text);
    ASSERT_NE(label, nullptr);
    EXPECT_EQ(march.row_of(label), row) << text;
    EXPECT_FALSE(is_crossed(march.scene, *label)) << text;
  }
}

TEST(TheMonth, TellsWhatWasSentBeforeAndArrivesLater) {
  const PaperSource source = paper();
  const Zoomed march(source, Level::month, {1, 3, 9});
  const Label* sent = march.one("← sent by the server Feb 27, 20:10");
  ASSERT_NE(sent, nullptr);
  EXPECT_EQ(march.row_of(sent), 0U);
  EXPECT_EQ(march.timeline.at(sent->event).phase, Phase::tcp_syn_ack);
  const Label* there = march.one("there on Apr 9, 08:09 →");
  ASSERT_NE(there, nullptr);
  EXPECT_EQ(march.row_of(there), 4U);
  EXPECT_EQ(march.timeline.at(there->event).phase, Phase::tls_client_key_exchange);
}

TEST(TheMonth, TellsWhenLightWouldBeThere) {
  const PaperSource source = paper();
  EXPECT_TRUE(Zoomed(source, Level::month, {1, 3, 9}).all("light would be there on Mar 11, 07:46").empty());
  const Zoomed march(source, Level::month, {1, 3, 9}, 5'900'000);
  const Label* light = march.one("light would be there on Mar 11, 07:46");
  ASSERT_NE(light, nullptr);
  EXPECT_EQ(light->ink, Ink::light_line);
  EXPECT_FALSE(is_crossed(march.scene, *light));
  // A letter that is faster than light is an error of the clocks, and says nothing of light.
  const Zoomed slow(source, Level::month, {1, 3, 9}, 900 * ms);
  EXPECT_TRUE(std::none_of(slow.scene.labels.begin(), slow.scene.labels.end(),
                           [](const Label& label) { return label.ink == Ink::light_line; }));
}

TEST(TheDay, TellsHowFarLettersHaveCome) {
  const PaperSource source = paper();
  const Zoomed day(source, Level::day, {1, 3, 9}, 5'900'000);
  const std::pair<const char*, std::size_t> expected[] = {
      {"SYN+ACK, in its last 3 h 42 min: 98 % of the way", 0},
      {"handshake ACK sets off", 0},
      {"1 % of the way at 06:00; light 3 %", 0},
      {"4 % of the way at 12:00; light 15 %", 1},
      {"7 % of the way at 18:00; light 26 %", 2},
      {"11 % of the way at midnight; light 38 %", 3},
      {"ClientHello sets off", 3},
  };
  for (const auto& [text, row] : expected) {
    const Label* label = day.one(text);
    ASSERT_NE(label, nullptr);
    EXPECT_EQ(day.row_of(label), row) << text;
    EXPECT_FALSE(is_crossed(day.scene, *label)) << text;
  }
  EXPECT_EQ(day.all("handshake ACK on the way").size(), 3U) << "each row says what is on its way";
  const Zoomed japanese(source, Level::day, {1, 3, 9}, 0, Language::japanese);
  EXPECT_EQ(japanese.all("午前0時に道のりの 11 %").size(), 1U);
}

TEST(TheHour, SaysOnceHowFarAndInEveryRowWhat) {
  const PaperSource source = paper();
  for (const Level level : {Level::hour, Level::minute}) {
    const Zoomed hour(source, level, {1, 3, 12, 10, 20});
    EXPECT_EQ(hour.all("ClientHello, 9 d 15 h on the way").size(), 1U);
    EXPECT_EQ(hour.all("ClientHello").size(), 5U);
    const auto shares = std::count_if(
        hour.scene.labels.begin(), hour.scene.labels.end(),
        [](const Label& label) { return label.text.find("% of the way") != std::string::npos; });
    // Of two letters, at the beginning and the end of an hour, which is long enough for a share to grow.
    EXPECT_EQ(shares, level == Level::hour ? 4 : 2);
    EXPECT_EQ(hour.all("← sent by the client Mar 9, 19:27").size(), 1U);
    EXPECT_EQ(hour.all("there on Mar 19, 10:30 →").size(), 1U);
  }
}

TEST(EveryZoom, WritesNothingAcrossALetter) {
  std::mt19937_64 random(7);
  for (const std::size_t letters : {2U, 8U, 30U, 60U}) {
    PaperSource source;
    source.origin = 0;
    for (std::size_t i = 0; i < letters; ++i) {
      const auto sent = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(400 * ms));
      source.add_letter(
          sent, sent + static_cast<std::int64_t>(random() % 30'000'000),
          random() % 2 == 0 ? End::client : End::server,
          {{static_cast<Phase>(random() % std::size(phase_rows)), Stage::other, Certainty::seen}});
    }
    for (const Level level : {Level::month, Level::day, Level::hour, Level::minute})
      for (int month = 1; month <= 5; ++month) {
        const Zoomed page(source, level, {1, month, 12, 10, 20}, 5'900'000);
        for (const Label& label : page.scene.labels) {
          const bool named = label.style == TextStyle::label_bold && label.event != no_event &&
                             static_cast<std::size_t>(label.ink) < lane_count;
          const bool flag = label.text.find("on the way") == std::string::npos &&
                            label.text.find("sets off") == std::string::npos;
          if (named && !flag) {
            EXPECT_FALSE(is_crossed(page.scene, label)) << label.text;
          }
        }
      }
  }
}

TEST(EveryZoom, AFlightHasOneName) {
  PaperSource source;
  source.origin = 0;
  // Three connections at once.
  for (std::uint32_t journey = 1; journey <= 3; ++journey)
    source.add_letter(200 * ms + journey * 1000, 222 * ms + journey * 1000, End::client,
                      {{Phase::tcp_syn, Stage::connect, Certainty::seen}}, journey);
  EXPECT_NE(Zoomed(source, Level::month, {1, 3, 16}).one("SYN (3), 8 d on the way"), nullptr);
  EXPECT_EQ(Zoomed(source, Level::day, {1, 3, 16}).all("SYN (3) on the way").size(), 3U);
}

TEST(Estimates, WaitForAnAnswerOnlyWhereOneComes) {
  PaperSource source;
  source.origin = 0;
  EventRecord& last = source.add(4 * ms, Phase::tcp_handshake_ack);
  last.end = End::client;
  last.direction = journeys::Direction::sent;
  last.other_ns = 18 * ms, last.estimated = true;
  const Zoomed month(source, Level::month, {1, 1, 5});
  EXPECT_NE(month.one("handshake ACK, 5 d 2 h on the way"), nullptr);
}

TEST(Estimates, AreNotTakenForMeasured) {
  PaperSource source;
  source.origin = 0;
  // Asked on January 2nd, answered ten days later; nobody captured the name server's end.
  EventRecord& asked = source.add(4 * ms, Phase::dns_query);
  asked.end = End::client;
  asked.direction = journeys::Direction::sent;
  asked.other_ns = 18 * ms, asked.estimated = true;
  EventRecord& answered = source.add(32 * ms, Phase::dns_answer);
  answered.end = End::client;
  answered.direction = journeys::Direction::received;
  answered.other_ns = 18 * ms, answered.estimated = true;
  const Zoomed month(source, Level::month, {1, 1, 5}, 5'900'000);
  EXPECT_NE(month.one("DNS → 198.51.100.80, answer after 10 d 5 h"), nullptr);
  for (const Level level : {Level::day, Level::hour, Level::minute})
    for (const int day : {3, 9}) {
      const Zoomed page(source, level, {1, 1, day, 7, 7}, 5'900'000);
      for (const Label& label : page.scene.labels)
        EXPECT_EQ(label.text.find('%'), std::string::npos) << label.text;
      EXPECT_FALSE(page.scene.labels.empty());
    }
  EXPECT_EQ(Zoomed(source, Level::day, {1, 1, 9}).all("DNS answer on the way").size(), 4U);
}

}  // namespace
}  // namespace humantime::ui::test
