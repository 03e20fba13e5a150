// SPDX-License-Identifier: GPL-2.0-or-later
// Wireshark display filters for what a person points at.
#pragma once

#include <QString>
#include <cstdint>
#include <string>
#include <vector>

#include "calendar.h"
#include "layout/view.h"
#include "phases.h"

namespace humantime::ui {

QString filter_of_journey(std::uint32_t number);
QString filter_of_phase(Phase phase);
/// Ascending numbers; of so many that the filter would be too long for anybody there is none: empty.
QString filter_of_journeys(const std::vector<std::uint32_t>& numbers);
/// The frames that complete handshakes of a kind, as humantime.handshake says it.
QString filter_of_handshake(const std::string& kind);

/// The day or the month that holds `time`. Where the view has the calendar of Wireshark's preferences, by the
/// fields humantime.year, .month, .day; else by the time stamps from `begin_ns` to before `end_ns`.
enum class DateSpan : std::uint8_t { day, month };
QString filter_of_date(DateSpan span, StretchedTime time, std::int64_t origin_ns, Scale scale,
                       bool as_preferences);

}  // namespace humantime::ui
