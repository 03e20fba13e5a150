// SPDX-License-Identifier: GPL-2.0-or-later
// A mean as a source of the views: events, letters, and what is said of them.
#include "command/average_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layout/calendar_layout.h"
#include "layout/drawing.h"
#include "layout/event_text.h"
#include "layout/frame.h"
#include "text_measure.h"
#include "window/event_card.h"

namespace humantime::ui {
namespace {

using journeys::Direction;
using journeys::MeanJourney;
using journeys::MeanMilestone;
using journeys::MilestoneKey;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::int64_t day = 1'000'000'000 / 365;  ///< of the year, real nanoseconds
constexpr std::int64_t noon = 8 * day + day / 2;   ///< of January 9th

MeanMilestone mean(MilestoneKey key, std::int64_t ns, std::int64_t sd = 0, std::int64_t precision = 0) {
  return {key, {10, ns, ns, ns - 2 * sd, ns + 2 * sd, sd, precision}};
}

/// A handshake and a FIN in the last days of January, with a whisker into February.
std::vector<MeanJourney> means() {
  const auto sent = Direction::sent, received = Direction::received;
  return {{"www.example.jp",
           journeys::Kind::completed,
           10,
           {mean({Phase::tcp_syn, 1, sent, End::client}, 0),
            mean({Phase::tcp_syn, 1, received, End::server}, noon, day / 2, 30'000),
            mean({Phase::tls_change_cipher_spec, 1, sent, End::client}, 10 * day, day / 4),
            mean({Phase::tls_finished, 1, sent, End::client}, 10 * day, day / 2),
            mean({Phase::tcp_fin, 1, sent, End::server}, 30 * day, 2 * day, 30'000)}}};
}

TEST(AverageSource, WhatCameTogetherIsOneEvent) {
  const AverageSource source("mean of 10", means());
  EXPECT_EQ(source.frame_count(), 4U);
  EXPECT_EQ(source.progress(), 1);
  EXPECT_EQ(source.origin_ns(), 0);
  EventRecord record;
  for (std::uint32_t frame = 1; frame <= 4; ++frame) {
    ASSERT_TRUE(source.read(FrameNumber{frame}, record));
    EXPECT_EQ(record.frame, FrameNumber{frame});
    EXPECT_EQ(record.journey, 1U);
  }
  EXPECT_FALSE(source.read(FrameNumber{0}, record));
  EXPECT_FALSE(source.read(FrameNumber{5}, record));

  ASSERT_TRUE(source.read(FrameNumber{3}, record));
  EXPECT_EQ(record.time_ns, 10 * day);
  EXPECT_THAT(record.marks, ElementsAre(PhaseMark{Phase::tls_change_cipher_spec, Stage::ssl, Certainty::seen},
                                        PhaseMark{Phase::tls_finished, Stage::ssl, Certainty::seen}));
  EXPECT_EQ(record.spread.n, 10U);
  EXPECT_EQ(record.spread.sd_ns, day / 2) << "of what varies most";
  EXPECT_THAT(source.text(FrameNumber{3}).milestones,
              ElementsAre("tls.change_cipher_spec#1/sent", "tls.finished#1/sent"));

  ASSERT_EQ(source.journeys().size(), 1U);
  EXPECT_EQ(source.journeys()[0].name, "www.example.jp");
  EXPECT_EQ(source.journeys()[0].last_ns, 30 * day);
}

TEST(AverageSource, ALetterHasBothItsMeans) {
  const AverageSource source("", means());
  EventRecord sent, received;
  ASSERT_TRUE(source.read(FrameNumber{1}, sent) && source.read(FrameNumber{2}, received));
  EXPECT_EQ(sent.other_ns, noon);
  EXPECT_EQ(received.other_ns, 0);
  EXPECT_EQ(sent.peer, FrameNumber{2});
  EXPECT_EQ(received.peer, FrameNumber{1});
  EXPECT_EQ(sent.precision_ns, 30'000);
  EXPECT_FALSE(sent.estimated);
  ASSERT_TRUE(source.read(FrameNumber{4}, sent));
  EXPECT_EQ(sent.other_ns, std::nullopt);
}

TEST(AverageSource, GroupsAreJourneys) {
  std::vector<MeanJourney> two = means();
  two.push_back(two[0]);
  two[1].name = "b\x1b\n";
  two.insert(two.begin() + 1, MeanJourney{"empty", journeys::Kind::failed, 1, {}});
  const AverageSource source("", two);
  EXPECT_EQ(source.frame_count(), 8U);
  ASSERT_EQ(source.journeys().size(), 2U);
  EXPECT_EQ(source.journeys()[1].number, 2U);
  EXPECT_EQ(source.journeys()[1].first, FrameNumber{5});
  EXPECT_THAT(source.journeys()[1].name, testing::Not(HasSubstr("\x1b")));
  EventRecord record;
  ASSERT_TRUE(source.read(FrameNumber{5}, record));
  EXPECT_EQ(record.journey, 2U);
}

class MeanYear : public testing::Test {
 protected:
  MeanYear() {
    while (timeline.advance(1000)) {
    }
  }
  AverageSource source{"mean of 10", means()};
  Timeline timeline{source};
  View view;
  TextMeasure measure = test::plain_measure();
};

TEST_F(MeanYear, TheTimelineKnowsTheSpreads) {
  EXPECT_TRUE(timeline.has_means());
  ASSERT_EQ(timeline.events().size(), 4U);
  ASSERT_NE(timeline.spread(EventIndex{3}), nullptr);
  EXPECT_EQ(timeline.spread(EventIndex{3})->sd_ns, 2 * day);
  EXPECT_EQ(timeline.spread(EventIndex{4}), nullptr);
}

TEST_F(MeanYear, WhatIsSaidIsNoFinerThanTheClock) {
  EXPECT_EQ(mean_text(timeline, view, EventIndex{1}), "mean of 10, ± 12 h");
  // 30 µs are 16 minutes of the year.
  EXPECT_EQ(mean_date(timeline, view, EventIndex{1}), "Jan 9, 12:00");
  const std::string said = describe_event(timeline, view, EventIndex{1});
  EXPECT_THAT(said, HasSubstr("mean of 10, ± 12 h"));
  view.language = Language::japanese;
  EXPECT_EQ(mean_text(timeline, view, EventIndex{1}), "10 回の平均、± 12時間");
}

TEST_F(MeanYear, ACardTellsTheMeanAndNoFrame) {
  const CardText card = card_of(timeline, view, EventIndex{1});
  std::string said;
  for (const CardText::Row& row : card.rows)
    said += (row.label + QLatin1Char(':') + row.value + QLatin1Char(';') + row.aside + QLatin1Char('|'))
                .toStdString();
  EXPECT_THAT(said, HasSubstr("received:Jan 9, 12:00;server|"));
  EXPECT_THAT(said, HasSubstr("sent:Jan 1, 00:00;client|"));
  EXPECT_THAT(said, HasSubstr("average:mean of 10, ± 12 h;Jan 8, 11:59 – Jan 10, 11:59|"));
  EXPECT_THAT(said, testing::Not(HasSubstr("frame")));
}

TEST_F(MeanYear, AFlagTellsTheMeanAndNoFrame) {
  Scene scene;
  view.level = Level::day;
  view.at = time_of({1, 1, 9, 0, 0, 0, 0});
  lay_out_calendar(timeline, view, 1280, 700, measure, scene);
  std::string said;
  for (const Label& label : scene.labels) said += label.text + "|";
  EXPECT_THAT(said, HasSubstr("mean of 10, ± 12 h|"));
  EXPECT_THAT(said, testing::Not(HasSubstr(", frame ")));
}

TEST_F(MeanYear, WhatIsSaidOfALetterIsHowItArrives) {
  Scene scene;
  lay_out_calendar(timeline, view, 1280, 700, measure, scene);
  std::string said;
  for (const Label& label : scene.labels) said += label.text + "|";
  EXPECT_THAT(said, HasSubstr("arrives ± 12 h|"));
}

TEST_F(MeanYear, WhiskersGoOnInTheNextRow) {
  Scene scene;
  lay_out_calendar(timeline, view, 1280, 700, measure, scene);
  const CalendarFrame frame = frame_of(timeline, view, 1280, 700);
  ASSERT_EQ(frame.rows[1].count, 1U) << "February has a lane for the whisker only";
  double january = 0, february = 0;
  for (const Line& line : scene.lines) {
    if (line.width != deviation_width || line.event != EventIndex{3}) continue;
    EXPECT_EQ(line.from.y, line.to.y) << "along the rail";
    (line.from.y < frame.rows[1].top ? january : february) += line.to.x - line.from.x;
  }
  const double per_day = frame.width / 31;
  EXPECT_NEAR(january, 3 * per_day, per_day / 20) << "January 29th to 31st";
  EXPECT_NEAR(february, per_day, per_day / 20);
}

}  // namespace
}  // namespace humantime::ui
