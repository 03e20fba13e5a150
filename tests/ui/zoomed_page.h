// SPDX-License-Identifier: GPL-2.0-or-later
// A page of the calendar, laid out, and what is written on it.
#pragma once

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "layout/calendar_layout.h"
#include "layout/frame.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {

struct Zoomed {
  static constexpr double width = 902, height = 650;

  Zoomed(const Source& source, Level level, Date date, std::int64_t light_ns = 0,
         Language language = Language::english)
      : timeline(source) {
    view.level = level;
    view.at = time_of(date);
    view.language = language;
    if (light_ns > 0) view.light_ns = light_ns;
    while (timeline.advance(10'000)) {
    }
    lay_out_calendar(timeline, view, width, height, plain_measure(), scene);
  }
  std::vector<const Label*> all(std::string_view text) const {
    std::vector<const Label*> found;
    for (const Label& label : scene.labels)
      if (label.text == text) found.push_back(&label);
    return found;
  }
  /// The only label with the text.
  const Label* one(std::string_view text) const {
    const auto found = all(text);
    EXPECT_EQ(found.size(), 1U) << text;
    if (found.empty())
      for (const Label& label : scene.labels)
        if (label.ink != Ink::text) ADD_FAILURE() << "there is: " << label.text;
    return found.empty() ? nullptr : found.front();
  }
  std::size_t row_of(const Label* label) const {
    const CalendarFrame frame = frame_of(timeline, view, width, height);
    std::size_t r = 0;
    while (label != nullptr && r + 1 < frame.page.count && frame.rows[r].bottom <= label->box.y) ++r;
    return r;
  }
  Timeline timeline;
  View view;
  Scene scene;
};

}  // namespace humantime::ui::test
