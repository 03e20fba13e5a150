// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/strip.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "layout/calendar_layout.h"
#include "layout/page.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t second = 1'000'000'000;

struct Strip {
  explicit Strip(const Source& source) : timeline(source) {
    while (timeline.advance(1000)) {
    }
  }
  const Scene& out(const View& view) {
    lay_out_strip(timeline, view, 1280, 72, plain_measure(), scene);
    return scene;
  }
  bool says(const std::string& text) const {
    for (const Label& label : scene.labels)
      if (label.text == text) return true;
    return false;
  }
  Timeline timeline;
  Scene scene;
};

TEST(Strip, DrawsTheStagesToScale) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Strip strip(source);
  View view;
  strip.out(view);
  EXPECT_TRUE(strip.says("Year 1"));
  EXPECT_TRUE(strip.says("www.sakura.example"));
  EXPECT_TRUE(strip.says("333 days 21 hours"));
  EXPECT_TRUE(strip.says("171 d 12 h"));
  const StripMap map = strip_map(strip.timeline, view, 1280, 72);
  EXPECT_FALSE(map.columns);
  double response = 0;
  for (const Fill& fill : strip.scene.fills)
    if (fill.ink == Ink::http && fill.strength == Strength::under_text)
      response = std::max(response, fill.rect.width);
  EXPECT_NEAR(response, 0.469911 * map.rect.width, 0.01);
  // In Japanese as well.
  view.language = Language::japanese;
  strip.out(view);
  EXPECT_TRUE(strip.says("1年目"));
  EXPECT_TRUE(strip.says("333日21時間"));
}

/// QUIC's connect is its TLS handshake: one bar, and no word upon another.
TEST(Strip, WritesNothingUponAStageThatGoesOnAsAnother) {
  constexpr std::int64_t ms = 1'000'000;
  PaperSource source;
  source.add(0, Phase::quic_initial);
  source.add(0, Phase::tls_client_hello);
  source.add(150 * ms, Phase::quic_initial);
  source.add(180 * ms, Phase::quic_handshake);
  source.add(185 * ms, Phase::http_request);
  source.add(300 * ms, Phase::http_response_start);
  source.add(400 * ms, Phase::http_response_end);
  Strip strip(source);
  View view;
  view.journey = 1;
  const Scene& scene = strip.out(view);
  std::vector<Rect> bars;
  for (const Fill& fill : scene.fills)
    if (fill.strength == Strength::under_text) bars.push_back(fill.rect);
  ASSERT_GE(bars.size(), 3U);
  for (std::size_t i = 1; i < bars.size(); ++i) EXPECT_GE(bars[i].x, bars[i - 1].right() - 0.01) << i;
  EXPECT_TRUE(strip.says("TLS handshake"));
  EXPECT_FALSE(strip.says("connect"));
}

TEST(Strip, BracketStandsWhereThePageIs) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Strip strip(source);
  View view;
  view.level = Level::month;
  view.at = time_of({1, 3, 9, 0, 0, 0, 0});
  const Scene& scene = strip.out(view);
  const StripMap map = strip_map(strip.timeline, view, 1280, 72);
  double left = 1e9, right = 0;
  for (const Line& line : scene.lines)
    if (line.ink == Ink::selection) left = std::min(left, line.from.x), right = std::max(right, line.from.x);
  EXPECT_NEAR(left, map.rect.x + 59.0 / 365 * map.rect.width - 1, 0.01);
  EXPECT_NEAR(right, map.rect.x + 90.0 / 365 * map.rect.width + 1, 0.01);
}

TEST(Strip, SaysWhatBecameOfAJourney) {
  PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  const auto sentence = [&](journeys::Kind kind, Language language) {
    source.journey_records[0].kind = kind;
    Strip strip(source);
    View view;
    view.language = language;
    std::string text;
    for (const Label& label : strip.out(view).labels)
      if (label.box.y < 25 && label.box.x > 200) text += label.text;
    return text;
  };
  EXPECT_EQ(sentence(journeys::Kind::refused, Language::english),
            "The connection was refused after 333 days 21 hours (914.8 ms).");
  EXPECT_EQ(sentence(journeys::Kind::refused, Language::japanese),
            "333日21時間（914.8 ms）で接続を拒否された。");
  EXPECT_EQ(sentence(journeys::Kind::failed, Language::english),
            "The lookup took 333 days 21 hours (914.8 ms) and led to no connection.");
  EXPECT_TRUE(sentence(journeys::Kind::completed, Language::english).starts_with("One fetch of"));
}

TEST(Strip, CountsJourneysNotTheirNumbers) {
  PaperSource source;
  source.origin = 0;
  // A journey has no higher number than its first frame.
  for (std::uint32_t frame = 1; frame <= 9; ++frame)
    source.add(frame * second, Phase::tcp_syn, frame == 4 || frame == 9 ? frame : 1);
  Strip strip(source);
  strip.out({});
  EXPECT_TRUE(strip.says("3 journeys"));
}

TEST(Strip, TitleLeavesTheSentenceItsPlace) {
  // Characters of Japanese are as wide as they are high.
  TextMeasure measure = plain_measure();
  measure.width = [plain = measure.width](std::string_view text, TextStyle style) {
    const auto wide =
        std::count_if(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) >= 0xC0; });
    return plain(text, style) + static_cast<double>(wide) * plain("m", style) * 0.8;
  };
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  for (const Language language : {Language::english, Language::japanese})
    for (const Level level : {Level::year, Level::month, Level::day, Level::hour, Level::minute}) {
      View view;
      view.language = language;
      view.level = level;
      view.at = time_of({1, 12, 30, 22, 58, 0, 0});
      Strip strip(source);
      lay_out_strip(strip.timeline, view, 1280, 72, measure, strip.scene);
      const double left = strip_map(strip.timeline, view, 1280, 72).rect.x;
      for (const Label& label : strip.scene.labels) {
        if (label.box.x >= left || label.box.y >= 30) continue;
        EXPECT_LE(label.box.right(), left - 8) << label.text;
      }
    }
}

TEST(Strip, IsAMap) {
  PaperSource source;
  source.origin = 0;
  for (int i = 0; i < 600; ++i) {
    const auto journey = static_cast<std::uint32_t>(i + 1);
    source.add(i * second / 10, Phase::tcp_syn, journey);
    source.add(i * second / 10, Phase::tcp_handshake_ack, journey).time_ns = i * second / 10 + second / 20;
    source.records.back().journey = journey;
  }
  Strip strip(source);
  View view;
  view.at = time_of({35, 1, 1, 0, 0, 0, 0});
  const StripMap map = strip_map(strip.timeline, view, 1280, 72);
  EXPECT_TRUE(map.columns);
  EXPECT_EQ(map.first_year, 1);
  EXPECT_EQ(map.last_year, 60);
  const double x = map.x_at(captured(view.at, 0, {}));
  const auto back = strip_time_at(strip.timeline, view, 1280, 72, {x + 0.01, map.rect.y + 5});
  ASSERT_TRUE(back);
  EXPECT_EQ(date_of(*back).year, 35);
  EXPECT_FALSE(strip_time_at(strip.timeline, view, 1280, 72, {5, 5}));
  bool columns = false;
  for (const Fill& fill : strip.out(view).fills) columns = columns || fill.ink == Ink::tcp;
  EXPECT_TRUE(columns);
  // No connections: a lookup that failed is a journey, too.
  EXPECT_TRUE(strip.says("600 journeys"));
}

TEST(Strip, BearsEitherEndOfTime) {
  for (const std::int64_t origin : {INT64_MIN, std::int64_t{0}, INT64_MAX}) {
    PaperSource source;
    source.origin = origin;
    source.add(INT64_MIN + 1, Phase::tcp_syn);
    source.add(INT64_MAX, Phase::tcp_handshake_ack);
    Strip strip(source);
    for (const Level level : {Level::years, Level::year, Level::minute})
      for (const StretchedTime time : {StretchedTime::min(), StretchedTime{}, StretchedTime::max()}) {
        View view;
        view.level = level;
        view.at = time;
        for (const Fill& fill : strip.out(view).fills) {
          EXPECT_GE(fill.rect.x, 0);
          EXPECT_LE(fill.rect.right(), 1280.01);
        }
      }
  }
}

TEST(Strip, BoundsTheNameOfAHostileCapture) {
  PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  source.journey_records[0].name = std::string(5000, 'x');
  Strip strip(source);
  for (const Label& label : strip.out(View{}).labels) EXPECT_LT(label.text.size(), 100U);
}

}  // namespace
}  // namespace humantime::ui::test
