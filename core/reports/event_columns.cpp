// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/event_columns.h"

#include <array>

#include "reports/columns.h"

namespace humantime::reports {
namespace {

using Column = TableColumn<EventCells>;

template <typename Value>
Json of_marks(const EventCells& event, Value value) {
  Json list = Json::array();
  for (const PhaseMark& mark : event.marks) list.push_back(value(mark));
  return list;
}

Json of_token(std::string_view token) {
  return text_or_null(std::string(token));
}

// In this order in CSV and JSON.
constexpr std::array columns = {
    Column{"frame", [](const EventCells& e) -> Json { return to_number(e.frame); }},
    Column{"time_ns", [](const EventCells& e) { return ns_or_null(e.time_ns); }},
    Column{"corrected_ns", [](const EventCells& e) { return ns_or_null(e.corrected_ns); }},
    Column{"vantage", [](const EventCells& e) -> Json { return e.vantage; }},
    Column{"end", [](const EventCells& e) { return of_token(e.end); }},
    Column{"direction", [](const EventCells& e) { return of_token(e.direction); }},
    Column{"journey", [](const EventCells& e) { return number_or_null(e.journey); }},
    Column{"phases",
           [](const EventCells& e) {
             return of_marks(e, [](const PhaseMark& m) { return token_of(m.phase); });
           }},
    Column{"milestones", [](const EventCells& e) -> Json { return e.milestones; }},
    Column{"inferred",
           [](const EventCells& e) {
             return of_marks(e, [](const PhaseMark& m) { return is_inferred(m.certainty); });
           }},
    Column{"estimated", [](const EventCells& e) -> Json { return e.estimated; }},
    Column{"peer_frame", [](const EventCells& e) { return number_or_null(to_number(e.peer)); }},
    Column{"travel_ns", [](const EventCells& e) { return ns_or_null(e.travel_ns); }},
    Column{"travel_precision_ns", [](const EventCells& e) { return ns_or_null(e.precision_ns); }},
    Column{"travel_error_ns", [](const EventCells& e) { return ns_or_null(e.error_ns); }},
    Column{"from", [](const EventCells& e) { return text_or_null(e.from); }},
    Column{"to", [](const EventCells& e) { return text_or_null(e.to); }},
    Column{"bytes", [](const EventCells& e) -> Json { return e.bytes; }},
    Column{"detail", [](const EventCells& e) { return text_or_null(e.detail); }},
    Column{"stages",
           [](const EventCells& e) {
             return of_marks(e, [](const PhaseMark& m) { return token_of(m.stage); });
           }},
    Column{"time", [](const EventCells& e) { return text_or_null(e.date); }},
};

}  // namespace

std::string event_head(Format format) {
  return format == Format::csv ? csv_head<EventCells>(columns) : std::string();
}

std::string event_line(const EventCells& event, Format format) {
  return format == Format::csv ? csv_line<EventCells>(columns, event) : json_line<EventCells>(columns, event);
}

}  // namespace humantime::reports
