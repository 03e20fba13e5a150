// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of an answer, and when it is not.
#include "model/answer.h"

#include <gtest/gtest.h>

#include <random>

#include "layout/answer_words.h"
#include "layout/calendar_layout.h"
#include "layout/frame.h"
#include "layout/letters_layout.h"
#include "layout/strip.h"
#include "layout/summary.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t ms = 1'000'000;

struct Told {
  explicit Told(const Source& source, View shown = {}) : timeline(source), view(shown) {
    while (timeline.advance(10'000)) {
    }
  }
  bool calendar_says(std::string_view text) {
    lay_out_calendar(timeline, view, 1200, 760, plain_measure(), scene);
    return says(text);
  }
  bool overview_says(std::string_view text) {
    lay_out_letters_overview(timeline, view, 1264, 134, plain_measure(), scene);
    return says(text);
  }
  bool strip_says(std::string_view text) {
    lay_out_strip(timeline, view, 1280, 72, plain_measure(), scene);
    std::string all;
    for (const Label& label : scene.labels) all += label.text;
    return all.find(text) != std::string::npos;
  }
  bool says(std::string_view text) const {
    return std::any_of(scene.labels.begin(), scene.labels.end(),
                       [&](const Label& label) { return label.text == text; });
  }
  Timeline timeline;
  View view;
  Scene scene;
};

PaperSource the_article() {
  return article(TEST_DATA "/article-timeline.tsv", 69);
}

/// A question at 0, and an answer whose letters leave every 10 ms and take as long as these.
PaperSource answered(const std::vector<std::int64_t>& ways, bool complete = true) {
  PaperSource source;
  source.origin = 0;
  source.add_letter(0, 5 * ms, End::client, {{Phase::http_request, Stage::request, Certainty::seen}});
  for (std::size_t i = 0; i < ways.size(); ++i) {
    const std::int64_t sent = static_cast<std::int64_t>(i + 1) * 10 * ms;
    const Phase phase = i == 0                             ? Phase::http_response_start
                        : complete && i + 1 == ways.size() ? Phase::http_response_end
                                                           : Phase::http_response_body;
    source.add_letter(sent, sent + ways[i], End::server, {{phase, Stage::response, Certainty::seen}});
  }
  return source;
}

TEST(Answer, OfTheArticleIsSeventyOneLetters) {
  const PaperSource source = the_article();
  const Told told(source);
  const auto answer = answer_of(told.timeline, 1);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->letters, 71U);
  EXPECT_EQ(answer_count(*answer, told.view), "71 letters, one every 1 d 23 h");
  EXPECT_TRUE(answer->slower) << "of 34.7 ms at first and 128.7 ms at last";
}

TEST(Answer, FillsTheSummerInTheArticle) {
  const PaperSource source = the_article();
  EXPECT_TRUE(Told(source).strip_says(", and an answer in 71 letters that fills the summer."));
  View japanese;
  japanese.language = Language::japanese;
  EXPECT_TRUE(Told(source, japanese).strip_says("返事は 71 通、夏じゅう届く。"));
}

TEST(Answer, OfAnotherSeasonTellsHowLongItTakes) {
  const PaperSource source = answered(std::vector<std::int64_t>(20, 5 * ms));
  Told told(source);
  EXPECT_TRUE(told.strip_says("an answer in 20 letters that takes "));
  EXPECT_FALSE(told.strip_says("summer"));
}

TEST(Answer, IsNotToldWhereItHasNoEndOrThereAreSeveral) {
  const PaperSource cut = answered(std::vector<std::int64_t>(20, 5 * ms), false);
  EXPECT_FALSE(answer_of(Told(cut).timeline, 1));
  PaperSource two = answered(std::vector<std::int64_t>(20, 5 * ms));
  two.add_letter(300 * ms, 305 * ms, End::client, {{Phase::http_request, Stage::request, Certainty::seen}});
  EXPECT_FALSE(answer_of(Told(two).timeline, 1));
}

TEST(Answer, OfOneEndHasLettersButNoWays) {
  PaperSource source;
  source.origin = 0;
  source.add(0, Phase::http_request).end = End::client;
  for (int i = 1; i <= 15; ++i) {
    EventRecord& record = source.add(i * 10 * ms, i == 1    ? Phase::http_response_start
                                                  : i == 15 ? Phase::http_response_end
                                                            : Phase::http_response_body);
    record.end = End::client;
    record.direction = journeys::Direction::received;
  }
  Told told(source);
  const auto answer = answer_of(told.timeline, 1);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->letters, 15U);
  EXPECT_FALSE(answer->slower);
  EXPECT_EQ(slower_sentence(*answer, told.view), "");
  EXPECT_TRUE(told.calendar_says("8 letters read")) << "in January, of 85 ms";
}

TEST(LettersGetSlower, WhereEachQuarterIsSlowerThanTheOneBefore) {
  std::vector<std::int64_t> ways;
  for (int i = 0; i < 40; ++i) ways.push_back((20 + i) * ms);
  EXPECT_TRUE(are_slower(ways));
  // A few come at once, or late.
  ways[3] = 90 * ms;
  ways[30] = 20 * ms;
  EXPECT_TRUE(are_slower(ways));
}

TEST(LettersGetSlower, NotBecauseOfNoise) {
  std::mt19937 random(1);
  for (int run = 0; run < 200; ++run) {
    std::vector<std::int64_t> ways;
    for (int i = 0; i < 70; ++i) ways.push_back(20 * ms + static_cast<std::int64_t>(random() % 4) * ms);
    EXPECT_FALSE(are_slower(ways));
  }
}

TEST(LettersGetSlower, NotWhenTheyGetFasterAgainNorByALittleNorOfAFew) {
  std::vector<std::int64_t> hill, little, few, step;
  for (int i = 0; i < 40; ++i) {
    hill.push_back((20 + std::min(i, 40 - i)) * ms);
    little.push_back(20 * ms + i * ms / 10);
    step.push_back((i < 39 ? 20 : 90) * ms);
  }
  for (int i = 0; i < 11; ++i) few.push_back((20 + 5 * i) * ms);
  EXPECT_FALSE(are_slower(hill));
  EXPECT_FALSE(are_slower(little));
  EXPECT_FALSE(are_slower(few));
  EXPECT_FALSE(are_slower(step));
}

TEST(LettersGetSlower, IsSaidOfTheArticleAndNotOfASteadyOne) {
  const PaperSource slower = the_article(), steady = answered(std::vector<std::int64_t>(20, 5 * ms));
  const Told told(slower), other(steady);
  EXPECT_NE(
      trips_sentence(told.timeline, told.view)
          .find(
              "71 letters of answer. Letters get slower, *12 d 16 h* on the way at first and *46 d 23 h* at "
              "last: the queue grows."),
      std::string::npos)
      << trips_sentence(told.timeline, told.view);
  EXPECT_EQ(trips_sentence(other.timeline, other.view).find("slower"), std::string::npos);
}

TEST(MonthRows, CountLettersAsTheArticleDoes) {
  const PaperSource source = the_article();
  Told told(source);
  EXPECT_TRUE(told.calendar_says("71 letters, one every 1 d 23 h"));
  EXPECT_TRUE(told.calendar_says("16 sent, 12 read, 12 on their way on Jun 30"));
  EXPECT_TRUE(told.calendar_says("last letter arrives Oct 30"));
  EXPECT_TRUE(told.calendar_says("the last 12 letters are read"));
  told.view.language = Language::japanese;
  EXPECT_TRUE(told.calendar_says("16 通投函、12 通配達、6月30日に 12 通が道の途中"));
}

/// Whatever is sent is read or on its way, in every month, of any answer.
TEST(MonthRows, LoseNoLetter) {
  std::mt19937 random(7);
  for (int run = 0; run < 50; ++run) {
    std::vector<std::int64_t> ways;
    for (auto i = 2 + random() % 60; i > 0; --i)
      ways.push_back(static_cast<std::int64_t>(1 + random() % 200) * ms);
    const PaperSource source = answered(ways);
    const Told told(source);
    const Page page = page_of(told.view, 0);
    std::size_t sent = 0, read = 0;
    for (const PageRow& row : page.rows()) {
      const auto tally = tally_of(told.timeline, told.timeline.index(0, false).of(Lane::http), row);
      ASSERT_TRUE(tally);
      sent += tally->sent, read += tally->read;
      EXPECT_EQ(sent, read + tally->on_the_way);
      EXPECT_EQ(ways.size(), sent + tally->to_come);
    }
    EXPECT_EQ(sent, ways.size());
  }
}

/// Estimated at one end: a question tells the time of both ways where its answer turned with it, else its
/// own.
TEST(EstimatedLetters, TellTwoWaysOnlyOfAQuestionWithItsAnswer) {
  const auto year = [](std::int64_t turned_ns, Phase answers) {
    PaperSource source;
    source.origin = 0;
    EventRecord& ask = source.add(0, Phase::tls_client_hello);
    ask.end = End::client;
    ask.direction = journeys::Direction::sent;
    ask.other_ns = 20 * ms;
    ask.estimated = true;
    EventRecord& answer = source.add(40 * ms, answers);
    answer.end = End::client;
    answer.direction = journeys::Direction::received;
    answer.other_ns = turned_ns;
    answer.estimated = true;
    return source;
  };
  const PaperSource together = year(20 * ms, Phase::tls_server_hello),
                    apart = year(22 * ms, Phase::tls_server_hello), bare_ack = year(20 * ms, Phase::tcp_ack);
  EXPECT_TRUE(Told(together).calendar_says("ClientHello 14 d 14 h"));
  EXPECT_TRUE(Told(apart).calendar_says("ClientHello 7 d 7 h"));
  EXPECT_TRUE(Told(apart).calendar_says("ServerHello 6 d 13 h"));
  EXPECT_TRUE(Told(bare_ack).calendar_says("ClientHello 7 d 7 h"));
}

TEST(Overview, HasWords) {
  const PaperSource source = the_article();
  Told told(source);
  EXPECT_TRUE(told.overview_says("3 questions to DNS"));
  EXPECT_TRUE(
      told.overview_says("71 letters of answer: 12 d 16 h on the way in April, 46 d 23 h in September"));
  EXPECT_TRUE(told.overview_says("end,"));
  EXPECT_TRUE(told.overview_says("Nov 30"));
  told.view.until = StretchedTime{0, 0};
  EXPECT_FALSE(told.overview_says("end,")) << "while it plays nobody knows it";
}

}  // namespace
}  // namespace humantime::ui::test
