// SPDX-License-Identifier: GPL-2.0-or-later
// When an event was, as far as the clock of its place tells: dates of two ends are never finer than their
// clocks were compared.
#pragma once

#include "layout/view.h"
#include "model/timeline.h"
#include "reports/rounded_date.h"

namespace humantime::ui {

/// How well the date at the event's own end is known, ± real nanoseconds: where both ends were captured, the
/// year begins by the clock of the place that was captured first, and dates of the other one are known no
/// better than its clock is. 0: to the time stamp's last digit, or nobody compared.
std::int64_t precision_here(const Timeline& timeline, const Event& event);
/// The same of the date at the other end, `Event::other_ns`. 0 also where that is an estimate.
std::int64_t precision_there(const Timeline& timeline, const Event& event);

/// The date at the event's own end, and at the other one; those of Event::unknown are meaningless.
reports::RoundedDate known_date(const Timeline& timeline, const View& view, const Event& event);
reports::RoundedDate known_other_date(const Timeline& timeline, const View& view, const Event& event);

}  // namespace humantime::ui
