// SPDX-License-Identifier: GPL-2.0-or-later
// Other times than before: Time Shift, time references.
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

}  // namespace
}  // namespace humantime::ui
