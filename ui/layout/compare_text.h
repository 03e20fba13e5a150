// SPDX-License-Identifier: GPL-2.0-or-later
// What is said of a comparison and of its rows, for the layout: plain text, printable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "layout/handshake_words.h"
#include "layout/view.h"
#include "model/comparison.h"

namespace humantime::ui {

/// Real nanoseconds as a length of the year, `15 d 16 h`.
std::string stretched_text(std::int64_t ns, const View& view);
/// The date so many real nanoseconds after January 1st of year 1: `Feb 14`; with the clock `Feb 14, 06:00`.
std::string compared_date(std::int64_t ns, const View& view, bool with_clock);
/// `2 round trips`, `no round trip`.
std::string trips_text(std::optional<std::size_t> count, Language language);
/// What a row is called, in two parts; where its handshake is not known what its questions tell.
HandshakeName handshake_of_row(const ComparedRow& row, const View& view);
/// `1 round trip less`; empty where they are as many, or where they are not known.
std::string trips_difference(const ComparedRow& row, const ComparedRow& slowest, Language language);
/// `43 ms, 15 d 16 h earlier`; empty where one of them hears no answer.
std::string time_difference(const ComparedRow& row, const ComparedRow& slowest, const View& view);

/// Above the rows: what the fastest saves against the slowest; and a sentence of both, bold between stars.
std::string comparison_title(const Comparison& comparison, const View& view);
std::string comparison_sentence(const Comparison& comparison, const View& view);
/// What January 1st is.
std::string alignment_sentence(const Comparison& comparison, const View& view);
/// Below them: what is not shown, a line each.
std::vector<std::string> comparison_notes(const Timeline& timeline, const Comparison& comparison,
                                          const View& view);

}  // namespace humantime::ui
