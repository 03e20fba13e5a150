// SPDX-License-Identifier: GPL-2.0-or-later
// What an event, a row and a page are called: on labels, and by a screen reader. Plain text, escaped,
// bounded.
#pragma once

#include <string>

#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

/// `ClientHello`; of several messages the first and the last: `ServerHello … ServerHelloDone`, and what the
/// frame does one layer below: `HTTP response, last packet + FIN`.
std::string name_of(const Timeline& timeline, EventIndex event, Language language);

/// `ClientHello, TLS, client to server, sent March 9 19:27, received March 19 10:30, 9 days 15 hours`.
std::string describe_event(const Timeline& timeline, const View& view, EventIndex event);

/// The date of an event that is a mean, no finer than the clock of its end is known: `Mar 9, 19:15`. Without
/// a spread to the minute.
std::string mean_date(const Timeline& timeline, const View& view, EventIndex event);

/// A standard deviation, or another spread, in stretched time and no finer than an eye wants it: `11 h`.
std::string deviation_text(std::int64_t ns, const View& view);

/// `mean of 10, ± 11 h`; empty where the event was captured.
std::string mean_text(const Timeline& timeline, const View& view, EventIndex event);

/// A row of the page that `view` shows, `March, 7 events`; empty where there is no such row.
std::string describe_row(const Timeline& timeline, const View& view, std::size_t row);

/// The page, `Year 1, 34 events`.
std::string describe_page(const Timeline& timeline, const View& view);

/// What begins on a day of a crowded page: `6 connections begin on October 1`.
std::string describe_begins(const View& view, std::uint32_t count, StretchedTime day);

/// What a page is called: `Year 1`, `March`, `March 9`, `March 9 19:00`.
std::string page_title(const View& view);

}  // namespace humantime::ui
