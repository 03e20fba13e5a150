// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/page.h"

#include <gtest/gtest.h>

#include "layout/breadcrumb.h"
#include "layout/calendar_layout.h"
#include "layout/event_text.h"
#include "layout/frame.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

constexpr Level all_levels[] = {Level::years, Level::year, Level::month,
                                Level::day,   Level::hour, Level::minute};

StretchedTime at(std::int64_t year, int month = 1, int day = 1, int hour = 0, int minute = 0) {
  return time_of({year, month, day, hour, minute, 0, 0});
}

View view_of(Level level, StretchedTime time) {
  View view;
  view.level = level;
  view.at = time;
  return view;
}

TEST(Page, RowsFollowOneAnotherWithoutAGap) {
  for (const Level level : all_levels)
    for (const StretchedTime time :
         {at(1), at(1, 3, 9, 19, 27), at(2, 2, 28, 23, 59), at(-3, 12, 31), at(60, 1, 31)})
      for (const std::uint32_t scale : {1U, 60U, 3600U}) {
        View view = view_of(level, time);
        view.scale.seconds_per_year = scale;
        const Page page = page_of(view, 1'000);
        const auto rows = page.rows();
        ASSERT_FALSE(rows.empty());
        for (std::size_t r = 1; r < rows.size(); ++r) {
          EXPECT_EQ(rows[r].start.seconds, rows[r - 1].start.seconds + rows[r - 1].whole);
          EXPECT_EQ(rows[r].begin_ns, rows[r - 1].end_ns);
        }
        EXPECT_LE(page.start, time);
        EXPECT_GT(page.end, time);
      }
}

TEST(Page, MonthsEndWhenTheyEnd) {
  const Page page = page_of(view_of(Level::year, at(1)), 0);
  ASSERT_EQ(page.count, 12U);
  for (int month = 1; month <= 12; ++month) {
    EXPECT_EQ(page.rows()[month - 1].seconds, days_in_month(month) * seconds_per_day);
    EXPECT_EQ(page.rows()[month - 1].capacity, 31 * seconds_per_day);
  }
  // Year N is exactly second N.
  EXPECT_EQ(page.rows()[0].begin_ns, 0);
  EXPECT_EQ(page.rows()[11].end_ns, 1'000'000'000);
  // The last week of March goes on into April, and what belongs to the page is said.
  const Page march = page_of(view_of(Level::month, at(1, 3, 9)), 0);
  ASSERT_EQ(march.count, 5U);
  EXPECT_EQ(march.rows()[4].seconds, 7 * seconds_per_day);
  EXPECT_EQ(march.rows()[4].whole, 3 * seconds_per_day);
  EXPECT_EQ(page_of(view_of(Level::month, at(1, 2, 9)), 0).count, 4U) << "there are no leap years";
}

TEST(Page, ACapturedInstantIsInTheRowOfItsDate) {
  constexpr std::int64_t origin = 1'466'856'000'000'000'000;
  for (const std::int64_t offset :
       {0L, 1L, 84'931'506L, 84'931'507L, 161'643'835L, 161'643'836L, 999'999'999L}) {
    const StretchedTime time = stretched(origin + offset, origin, {});
    const Page page = page_of(view_of(Level::year, time), origin);
    const Date date = date_of(time);
    for (std::size_t r = 0; r < page.count; ++r) {
      const PageRow& row = page.rows()[r];
      const bool inside = origin + offset >= row.begin_ns && origin + offset < row.end_ns;
      EXPECT_EQ(inside, r + 1 == static_cast<std::size_t>(date.month)) << offset;
    }
  }
}

TEST(Page, SharesAndTimesGoBackAndForth) {
  constexpr std::int64_t origin = 1'466'856'000'000'000'000;
  for (const Level level : all_levels) {
    const Page page = page_of(view_of(level, at(1, 3, 9, 19, 27)), origin);
    for (const PageRow& row : page.rows()) {
      EXPECT_NEAR(row.share_at(row.begin_ns), 0, row.per_ns * 1.001);
      for (const std::int64_t ns : {row.begin_ns, (row.begin_ns + row.end_ns) / 2, row.end_ns - 1})
        EXPECT_NEAR(static_cast<double>(row.time_at(row.share_at(ns)) - ns), 0, 1.0);
    }
  }
}

TEST(Page, EitherEndOfTimeIsEmptyNotWrong) {
  for (const Level level : all_levels)
    for (const StretchedTime time :
         {StretchedTime::min(), StretchedTime::max(), StretchedTime{INT64_MAX / 2, 0}})
      for (const std::int64_t origin : {INT64_MIN, std::int64_t{0}, INT64_MAX}) {
        const Page page = page_of(view_of(level, time), origin);
        for (const PageRow& row : page.rows()) {
          EXPECT_LE(row.begin_ns, row.end_ns);
          EXPECT_GT(row.capacity, 0);
        }
      }
}

class Points : public testing::Test {
 protected:
  PaperSource source_ = article(TEST_DATA "/article-timeline.tsv");
  Timeline timeline_{source_};
  void SetUp() override {
    while (timeline_.advance(1000)) {
    }
  }
};

TEST_F(Points, GoBackAndForth) {
  for (const Level level : all_levels)
    for (const auto& [width, height] :
         {std::pair{902.0, 630.0}, {1500.0, 900.0}, {300.0, 100.0}, {0.0, 0.0}}) {
      const View view = view_of(level, at(1, 3, 9, 19, 27));
      const Page page = page_of(view, paper_origin);
      for (const PageRow& row : page.rows())
        for (const double share : {0.0, 0.25, 0.999}) {
          StretchedTime time = row.start;
          const double seconds = share * static_cast<double>(row.whole);
          time.seconds += static_cast<std::int64_t>(seconds);
          time.nanoseconds = static_cast<std::uint32_t>((seconds - std::floor(seconds)) * 1e9);
          const auto point = point_of(timeline_, view, width, height, time, Lane::tls);
          ASSERT_TRUE(point);
          // A hair to the right: the point itself may have been rounded to the left of the instant.
          const auto back = time_at(timeline_, view, width, height, {point->x + 1e-9, point->y});
          ASSERT_TRUE(back) << static_cast<int>(level);
          const double error = static_cast<double>(back->seconds - time.seconds) +
                               (static_cast<double>(back->nanoseconds) - time.nanoseconds) * 1e-9;
          EXPECT_NEAR(error, 0, static_cast<double>(row.capacity) * 1e-9);
        }
    }
}

TEST_F(Points, OutsideOfItsDaysThereIsNoInstant) {
  const View view = view_of(Level::year, at(1));
  const CalendarFrame frame = frame_of(timeline_, view, 902, 630);
  const double february = (frame.rows[1].top + frame.rows[1].bottom) / 2;
  EXPECT_FALSE(time_at(timeline_, view, 902, 630, {10, february})) << "the month's name";
  EXPECT_FALSE(time_at(timeline_, view, 902, 630, {895, february})) << "February 31st";
  EXPECT_FALSE(time_at(timeline_, view, 902, 630, {300, 5})) << "the days' numbers";
  EXPECT_FALSE(time_at(timeline_, view, 902, 630, {300, 5000}));
  EXPECT_FALSE(time_at(timeline_, view, 902, 630, {std::nan(""), february}));
  EXPECT_FALSE(point_of(timeline_, view, 902, 630, at(2), Lane::tcp));
  EXPECT_FALSE(point_of(timeline_, view, 902, 630, StretchedTime::max(), Lane::tcp));
  EXPECT_FALSE(point_of(timeline_, view, 902, 630, StretchedTime::min(), Lane::tcp));
}

TEST_F(Points, ZoomKeepsTheInstantAndItsWayBack) {
  const StretchedTime about = at(1, 3, 9, 19, 27);
  View view = view_of(Level::years, at(1));
  for (int step = 0; step < 5; ++step) {
    view = zoomed(view, 1, about);
    EXPECT_TRUE(point_of(timeline_, view, 902, 630, about, Lane::tls)) << static_cast<int>(view.level);
  }
  EXPECT_EQ(view.level, Level::minute);
  EXPECT_EQ(zoomed(view, 1, at(5)).at, view.at) << "no finer level: nothing moves";
  EXPECT_EQ(zoomed(view, -99, about).level, Level::years);
}

TEST_F(Points, AnInstantIsScrolledIntoSight) {
  for (const Level level : {Level::month, Level::day, Level::hour, Level::minute})
    for (const double height : {650.0, 400.0, 200.0, 90.0})
      for (const StretchedTime time :
           {at(1, 3, 9, 19, 27), at(1, 3, 9, 3, 43), at(1, 3, 31, 22, 26), at(1, 10, 30, 6, 4)}) {
        View view = view_of(level, time);
        const CalendarFrame frame = frame_of(timeline_, view, 902, height);
        const double overflow = std::max(0.0, frame.bounds.height - height);
        view.scroll = scroll_to(timeline_, view, 902, height, time, Lane::tls);
        EXPECT_GE(view.scroll, 0);
        EXPECT_LE(view.scroll, overflow);
        const auto rows = frame.page.rows();
        std::size_t r = 0;
        while (r + 1 < rows.size() && !(time < rows[r + 1].start)) ++r;
        const RowFrame& row = frame.rows[r];
        if (row.bottom - row.top <= height) {
          EXPECT_TRUE(is_in_sight(timeline_, view, 902, height, time, Lane::tls));
          EXPECT_GE(row.top, view.scroll - 0.01);
          EXPECT_LE(row.bottom, view.scroll + height + 0.01);
          // In the middle, unless the page ends.
          if (view.scroll > 0.01 && view.scroll < overflow - 0.01) {
            EXPECT_NEAR((row.top + row.bottom) / 2, view.scroll + height / 2, 0.01);
          }
        }
        if (row.top > height) {
          view.scroll = 0;
          EXPECT_FALSE(is_in_sight(timeline_, view, 902, height, time, Lane::tls));
        }
      }
  EXPECT_EQ(scroll_to(timeline_, view_of(Level::minute, at(1, 3, 9)), 902, 90, at(2), Lane::tls), 0)
      << "what the page does not show moves nothing";
}

TEST(Navigation, TurnsPages) {
  EXPECT_EQ(turned(view_of(Level::year, at(1)), 34).at, at(35));
  EXPECT_EQ(turned(view_of(Level::month, at(1, 1, 31)), 1).at, at(1, 2, 1));
  EXPECT_EQ(turned(view_of(Level::month, at(1, 1, 31)), -1).at, at(0, 12, 1));
  EXPECT_EQ(turned(view_of(Level::day, at(1, 12, 31)), 1).at, at(2, 1, 1));
  for (const Level level : all_levels) {
    // Where time ends there is no next page, and no overflow.
    const View last = turned(view_of(level, StretchedTime::max()), 1000);
    EXPECT_GE(last.at, at(1'000'000));
    EXPECT_LE(turned(view_of(level, StretchedTime::min()), -1000).at, at(-1'000'000));
  }
}

TEST(Frame, StaysWhileTheYearIsPlayed) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Timeline timeline(source);
  while (timeline.advance(10'000)) {
  }
  for (const Level level : all_levels) {
    View view = view_of(level, at(1, 3, 9, 19, 27));
    const CalendarFrame whole = frame_of(timeline, view, 900, 700);
    for (const StretchedTime until : {at(1), at(1, 3, 9, 19, 28), at(1, 7)}) {
      view.until = until;
      const CalendarFrame played = frame_of(timeline, view, 900, 700);
      ASSERT_EQ(played.page.count, whole.page.count);
      for (std::size_t r = 0; r < whole.page.count; ++r) {
        EXPECT_EQ(played.rows[r].top, whole.rows[r].top);
        EXPECT_EQ(played.rows[r].count, whole.rows[r].count);
      }
    }
  }
}

TEST(Breadcrumb, LeadsBackToTheYear) {
  const auto crumbs = breadcrumb(view_of(Level::hour, at(1, 3, 9, 19, 27)));
  ASSERT_EQ(crumbs.size(), 4U);
  EXPECT_EQ(crumbs[0].text, "Year 1");
  EXPECT_EQ(crumbs[1].text, "March");
  EXPECT_EQ(crumbs[2].text, "March 9");
  EXPECT_EQ(crumbs[3].text, "March 9 19:00");
  EXPECT_EQ(crumbs[1].view.level, Level::month);
}

}  // namespace
}  // namespace humantime::ui::test
