// SPDX-License-Identifier: GPL-2.0-or-later
// What the connections of a capture were like, counted: all of them, and those to each server.
#pragma once

#include <string>
#include <string_view>

#include "journeys/connection_totals.h"
#include "reports/format.h"
#include "reports/telling.h"
#include "store.h"
#include "work.h"

namespace humantime::reports {

/// One record of all connections, and one of those to each name. In CSV a row for each measure.
void write_totals(const journeys::ConnectionCount& count, Telling telling, Format format, const Sink& sink);

/// The same in JSON, a part at a time; `count` stays until it is done.
Work write_records(const journeys::ConnectionCount& count, Sink sink);

/// The same of the connections that the journeys led to.
void write_connections(const FrameStore& store, Telling telling, Format format,
                       const JourneysSource& journeys, const Sink& sink);

/// A record as it stands in JSON as its rows of the CSV: for who has the lines and nothing else. The head
/// comes first. False, and nothing is written, where the line is none.
std::string measures_head();
bool write_measures(std::string_view json_line, const Sink& sink);

}  // namespace humantime::reports
