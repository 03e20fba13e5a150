// SPDX-License-Identifier: GPL-2.0-or-later
// What a year says of itself in words: how long an end thought, and how it ended.
#include <gtest/gtest.h>

#include <algorithm>

#include "layout/calendar_layout.h"
#include "layout/frame.h"
#include "layout/words.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t second = 1'000'000'000;
constexpr double width = 1200, height = 760;

struct Year {
  explicit Year(const Source& source, View shown = {}) : timeline(source), view(shown) {
    view.level = Level::year;
    while (timeline.advance(10'000)) {
    }
    lay_out_calendar(timeline, view, width, height, plain_measure(), scene);
  }
  const Label* label(std::string_view part) const {
    for (const Label& label : scene.labels)
      if (label.text.find(part) != std::string::npos) return &label;
    return nullptr;
  }
  RowFrame row(int month) const { return frame_of(timeline, view, width, height).rows[month - 1]; }
  Timeline timeline;
  View view;
  Scene scene;
};

TEST(ClosingSentence, StandsInTheFirstMonthBehindTheLastLetter) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  const Year year(source);
  const Label* label = year.label("No more letters.");
  ASSERT_NE(label, nullptr);
  EXPECT_NE(label->text.find("ACK of the FIN, is dated November 30 21:26"), std::string::npos) << label->text;
  EXPECT_NE(label->text.find("333 days 21 hours (914.8 ms)"), std::string::npos) << label->text;
  EXPECT_GE(label->box.y, year.row(12).top);
  EXPECT_LE(label->box.bottom(), year.row(12).bottom);
}

TEST(ClosingSentence, TellsTheYearThatGoesOn) {
  PaperSource source;
  source.origin = 0;
  source.add(0, Phase::dns_query);
  source.add(2 * second + second / 2, Phase::dns_query);
  EXPECT_NE(Year(source).label("The next letter is in year 3."), nullptr);
  View third;
  third.at = {2 * stretched_seconds_per_year, 0};
  const Year last(source, third);
  EXPECT_EQ(last.label("The next letter"), nullptr);
  EXPECT_NE(last.label("No more letters."), nullptr);
}

TEST(ClosingSentence, IsNotSaidWhileACaptureIsRead) {
  PaperSource source;
  source.origin = 0;
  source.add(0, Phase::dns_query);
  source.add(1000, Phase::dns_answer);
  source.available = 1;
  EXPECT_EQ(Year(source).label("letter"), nullptr);
  EXPECT_EQ(Year(PaperSource{}).label("letter"), nullptr);
}

TEST(Waits, AreDottedFromWhatCameInToWhatGoesOut) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  const Year year(source);
  const Label* label = year.label("9 d 5 h inside the client");
  ASSERT_NE(label, nullptr) << "from the DNS answer to the SYN";
  const Label* syn = year.label("SYN ");
  ASSERT_NE(syn, nullptr);
  EXPECT_LT(label->box.right(), syn->box.x);
  EXPECT_GE(label->box.y, year.row(2).top);
  const bool dotted = std::any_of(year.scene.lines.begin(), year.scene.lines.end(), [&](const Line& line) {
    return line.style == LineStyle::dotted && line.from.x < label->box.x && line.to.x > label->box.right();
  });
  EXPECT_TRUE(dotted);
  for (const Label& other : year.scene.labels) {
    EXPECT_TRUE(&other == label || !other.box.intersects(label->box)) << other.text;
  }
}

TEST(SizeText, HasDecimalUnits) {
  EXPECT_EQ(size_text(0), "0 B");
  EXPECT_EQ(size_text(999), "999 B");
  EXPECT_EQ(size_text(1000), "1.0 KB");
  EXPECT_EQ(size_text(9'949), "9.9 KB");
  EXPECT_EQ(size_text(9'950), "10 KB");
  EXPECT_EQ(size_text(999'499), "999 KB");
  EXPECT_EQ(size_text(999'500), "1.0 MB");
  EXPECT_EQ(size_text(UINT64_MAX), "18446744 TB");
}

}  // namespace
}  // namespace humantime::ui::test
