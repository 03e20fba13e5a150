// SPDX-License-Identifier: GPL-2.0-or-later
// Other times than before (Time Shift, time references), and what is shown until they are known.
#include "window_fixture.h"

namespace humantime::ui {
namespace {

void shift(WrittenSource& source, std::int64_t ns) {
  for (EventRecord& frame : source.frames)
    if (frame.time_ns) *frame.time_ns += ns;
}

TEST_F(WindowTest, TimesThatWereNotTakenYetMoveNothing) {
  open_article();
  const StretchedTime at = window->view().at;
  // Wireshark shows other times already, and the packet list's selection comes before anybody has told.
  shift(source, 3600 * std::int64_t{1000000000});
  window->select_frame(frame_with(Phase::tls_client_hello));
  EXPECT_EQ(window->view().at, at);
  ++source.revision_number;
  window->source_changed();
  settle();
  EXPECT_EQ(window->view().at, at) << "the year has moved with its events";
  EXPECT_EQ(selected_frame(), to_number(frame_with(Phase::tls_client_hello)));
  EXPECT_FALSE(calendar()->scene().marks.empty());
}

TEST_F(WindowTest, AnotherBeginningTakesTheViewWithIt) {
  for (int year = 0; year < 9; ++year)
    source.add(Phase::dns_query, year * std::int64_t{1000000000}, journeys::Direction::sent);
  open();
  View view = window->view();
  view.at = {3 * stretched_seconds_per_year + 5, 0};
  window->set_view(view);
  settle();
  // As if the sixth frame were the time reference: year 4 is year -1 now.
  source.frames.insert(source.frames.begin(), EventRecord{});
  source.frames.front().time_ns = *source.frames[6].time_ns;
  source.texts.insert(source.texts.begin(), EventText{});
  ++source.revision_number;
  window->source_changed();
  settle();
  EXPECT_EQ(window->view().at.seconds, -2 * stretched_seconds_per_year + 5);
}

/// Other times, of all frames: they are shown when all are known, and until then none of them.
TEST_F(WindowTest, WhatIsShownStaysUntilAllIsKnown) {
  constexpr int count = 30'000;
  constexpr std::int64_t us = 1000, hour = 3600 * std::int64_t{1000000000};
  for (int i = 0; i < count; ++i)
    source.add(Phase::http_request, (i % 7) * us + i * 10 * us, journeys::Direction::sent);
  open();
  const FrameNumber wanted{count / 2};
  window->select_frame(wanted);
  const auto shown = [&] { return window->timeline().events(); };
  const std::int64_t before = *source.frames.front().time_ns;
  source.first_revision = 1;
  // Longer than the window works in one turn, on any machine.
  source.unsettled = 40;
  source.part_ms = 1;
  shift(source, hour);
  window->source_changed();
  EXPECT_TRUE(window->is_busy());
  bool old = true;
  int turns = 0;
  for (; old && turns < 10'000; ++turns) {
    ASSERT_EQ(shown().size(), static_cast<std::size_t>(count)) << "never a part of them";
    const std::int64_t first = shown().front().time_ns, last = shown().back().time_ns;
    old = first == before;
    ASSERT_EQ(first, old ? before : before + hour);
    ASSERT_EQ(last, *source.frames.back().time_ns - (old ? hour : 0)) << "never some of the others";
    ASSERT_EQ(selected_frame(), to_number(wanted));
    QApplication::processEvents(QEventLoop::AllEvents, 1);
  }
  EXPECT_FALSE(old);
  EXPECT_GT(turns, 2) << "the window answers meanwhile";
  settle();
  EXPECT_EQ(shown().front().time_ns, before + hour);
  EXPECT_EQ(selected_frame(), to_number(wanted));
}

/// Another filter while the frames are taken anew: none is shown as it was before.
TEST_F(WindowTest, AnotherFilterWhileFramesAreTakenAnew) {
  constexpr int count = 30'000;
  for (int i = 0; i < count; ++i)
    source.add(Phase::http_request, i * std::int64_t{10'000}, journeys::Direction::sent);
  open();
  source.first_revision = 1;
  ++source.revision_number;
  window->source_changed();
  QApplication::processEvents(QEventLoop::AllEvents, 1);
  source.filtered.assign(count, true);
  window->filter_changed();
  settle();
  EXPECT_EQ(window->timeline().hidden_count(), static_cast<std::size_t>(count));
  source.filtered.clear();
  window->filter_changed();
  settle();
  EXPECT_EQ(window->timeline().hidden_count(), 0U);
}

/// Of another capture nothing stays, however long it takes to know all of the next one.
TEST_F(WindowTest, NothingStaysOfOtherFrames) {
  open_article();
  window->select_frame(frame_with(Phase::tls_client_hello));
  constexpr int never = 1'000'000'000;
  source.unsettled = never;
  ++source.revision_number;
  window->source_changed();
  while (source.unsettled == never) QApplication::processEvents(QEventLoop::AllEvents, 1);
  EXPECT_TRUE(window->timeline().events().empty());
  EXPECT_EQ(selected_frame(), 0U);
  EXPECT_TRUE(window->is_busy());
  source.unsettled = 1;
  settle();
  EXPECT_FALSE(window->timeline().events().empty());
  EXPECT_EQ(selected_frame(), to_number(frame_with(Phase::tls_client_hello))) << "it is the same capture";
}

}  // namespace
}  // namespace humantime::ui
