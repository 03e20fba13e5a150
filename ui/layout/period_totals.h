// SPDX-License-Identifier: GPL-2.0-or-later
// Where the visible period's days went, as rows of names, lengths and shares: of one journey by where its
// letters were, of several by stage.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

struct PeriodRow {
  std::string name, detail;  ///< detail: what it consisted of; may be empty
  std::int64_t length_ns = 0;
  Ink ink = Ink::muted;
};

struct PeriodTotals {
  std::string title;
  std::vector<PeriodRow> rows;
  std::vector<std::string> notes;  ///< sentences, what the rows do not say
};

/// Captured times: [begin_ns, end_ns).
struct Period {
  std::int64_t begin_ns = 0, end_ns = 0;
};
/// The month, day, … that `view` shows, without what its last row shows of the next one.
Period shown_period(const Timeline& timeline, const View& view);

/// The journey that a period is told of: the view's, or `preferred` (the selected event's, 0: none), or the
/// only one that is going on in the period; 0: there are several, or none.
std::uint32_t journey_of_period(const Timeline& timeline, const View& view, std::uint32_t preferred,
                                const Period& period);

/// Of the page that `view` shows. `index` has the journey's events, and maybe others'; `journey` 0: several.
PeriodTotals period_totals(const Timeline& timeline, const TimelineIndex& index, const View& view,
                           std::uint32_t journey);

/// The same of a journey whose letters are too many to be looked at: its stages, as far as they lie in the
/// page.
PeriodTotals period_totals_by_stage(const Timeline& timeline, const View& view, std::uint32_t journey);

}  // namespace humantime::ui
