// SPDX-License-Identifier: GPL-2.0-or-later
// The small map of a journey: what it shows, where it marks the day, and that nothing on it overlaps.
#include "layout/journey_map.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "layout/page.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

Timeline taken(const PaperSource& source) {
  Timeline timeline(source);
  while (timeline.advance(1000)) {
  }
  return timeline;
}

View day(int month, int number, Language language = Language::english) {
  View view;
  view.level = Level::day;
  view.at = time_of({1, month, number, 0, 0, 0, 0});
  view.language = language;
  return view;
}

Scene laid_out(const Timeline& timeline, const View& view, const JourneyMap& map, double width,
               double height) {
  Scene scene;
  lay_out_journey_map(timeline, timeline.index(0, false), view, map, width, height, plain_measure(), scene);
  return scene;
}

const Label* label(const Scene& scene, std::string_view text) {
  for (const Label& of : scene.labels)
    if (of.text == text) return &of;
  return nullptr;
}

TEST(JourneyMap, MarksTheDayAmongTheRoundTrips) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  const Timeline timeline = taken(source);
  const View view = day(3, 9);
  const JourneyMap map = map_of_page(timeline, view, 1);
  EXPECT_EQ(map.title, "Where March 9 is");
  const Scene scene = laid_out(timeline, view, map, 356, 300);
  ASSERT_NE(label(scene, "Mar 9"), nullptr);
  ASSERT_NE(label(scene, "TLS, 2 round trips"), nullptr);
  EXPECT_LT(label(scene, "TCP, 1 round trip")->box.x, label(scene, "TLS, 2 round trips")->box.x);
  const LettersFrame frame =
      map_frame(timeline, timeline.index(0, false), view, map, plain_measure(), 356, 300);
  const double x = frame.frame.x_at(frame.row(), map.place->begin_ns);
  const auto place = std::find_if(scene.fills.begin(), scene.fills.end(),
                                  [](const Fill& fill) { return fill.ink == Ink::selection; });
  ASSERT_NE(place, scene.fills.end());
  EXPECT_GE(place->rect.width, 3) << "a day that is less than a pixel is seen";
  EXPECT_NEAR(place->rect.x + place->rect.width / 2, x, 4);
  EXPECT_FALSE(scene.hits.empty());
}

TEST(JourneyMap, ShowsTheWholeJourneyForADayBesideItsRoundTrips) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  const Timeline timeline = taken(source);
  for (const auto& [month, number] : {std::pair(1, 2), std::pair(11, 14), std::pair(12, 24)}) {
    const View view = day(month, number);
    const JourneyMap map = map_of_page(timeline, view, 1);
    const TimeWindow window = map_window(timeline, view, map);
    EXPECT_TRUE(holds(window, view.at)) << month;
    EXPECT_TRUE(holds(window, stretched(timeline.summary(1)->first_ns, *timeline.origin_ns(), view.scale)));
    EXPECT_TRUE(holds(window, stretched(timeline.summary(1)->last_ns, *timeline.origin_ns(), view.scale)));
  }
}

TEST(JourneyMap, MarksAnEvent) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  const Timeline timeline = taken(source);
  std::optional<EventIndex> hello;
  for (std::uint32_t i = 0; i < timeline.events().size() && !hello; ++i)
    if (timeline.at(EventIndex{i}).phase == Phase::tls_client_hello) hello = EventIndex{i};
  ASSERT_TRUE(hello);
  const JourneyMap map = map_of_event(timeline, {}, 1, hello);
  EXPECT_EQ(map.title, "ClientHello in its journey");
  EXPECT_EQ(map.place_name, "Mar 9, 19:27");
  const JourneyMap bare = map_of_event(timeline, {}, 1, std::nullopt);
  EXPECT_EQ(bare.title, "Letters of www.sakura.example");
  EXPECT_FALSE(bare.place);
}

TEST(JourneyMap, NothingOverlapsOrIsCut) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  const Timeline timeline = taken(source);
  for (const Language language : {Language::english, Language::japanese})
    for (const auto& [width, height] :
         {std::pair(200.0, 150.0), std::pair(300.0, 200.0), std::pair(420.0, 500.0)})
      for (const auto& [month, number] :
           {std::pair(1, 1), std::pair(3, 9), std::pair(6, 15), std::pair(11, 30)}) {
        const View view = day(month, number, language);
        const Scene scene = laid_out(timeline, view, map_of_page(timeline, view, 1), width, height);
        for (std::size_t i = 0; i < scene.labels.size(); ++i) {
          const Rect& box = scene.labels[i].box;
          EXPECT_GE(box.x, 0) << scene.labels[i].text;
          EXPECT_LE(box.right(), width) << scene.labels[i].text;
          EXPECT_GE(box.y, 0) << scene.labels[i].text;
          EXPECT_LE(box.bottom(), height) << scene.labels[i].text;
          for (std::size_t j = 0; j < i; ++j)
            EXPECT_FALSE(box.intersects(scene.labels[j].box))
                << scene.labels[i].text << " over " << scene.labels[j].text << " at " << width;
        }
      }
}

TEST(JourneyMap, OfAJourneyAtEitherEndOfTime) {
  PaperSource source;
  source.origin = INT64_MIN + 2;
  source.add(INT64_MIN + 2, Phase::tcp_syn);
  source.add(INT64_MAX, Phase::tcp_fin);
  const Timeline timeline = taken(source);
  View view;
  view.level = Level::minute;
  for (const std::int64_t at : {INT64_MIN, std::int64_t{0}, INT64_MAX}) {
    view.at = {at, 0};
    const Scene scene = laid_out(timeline, view, map_of_page(timeline, view, 1), 300, 200);
    for (const Fill& fill : scene.fills) EXPECT_TRUE(std::isfinite(fill.rect.x + fill.rect.width));
  }
}

}  // namespace
}  // namespace humantime::ui::test
