// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/events.h"

#include <array>

#include "reports/columns.h"
#include "reports/journey_text.h"
#include "reports/packet_cells.h"
#include "text.h"

namespace humantime::reports {
namespace {

/// A frame and what is asked of it.
struct Event {
  FrameNumber frame;
  const FrameStore& store;
  const FrameRow& row;
  std::span<const PhaseMark> marks;
  std::uint32_t journey;
  journeys::Place place;
  letters::Sighting letter;
  std::string date;
};

using Column = TableColumn<Event>;

// In this order in CSV and JSON.
constexpr std::array columns = {
    Column{"frame", [](const Event& e) -> Json { return to_number(e.frame); }},
    Column{"time_ns",
           [](const Event& e) { return e.row.has(FrameRow::has_time) ? Json(e.row.time_ns) : Json(); }},
    Column{
        "corrected_ns",
        [](const Event& e) { return e.row.has(FrameRow::has_time) ? Json(e.letter.corrected_ns) : Json(); }},
    Column{"vantage", [](const Event& e) -> Json { return vantage_text(e.store.vantages()[e.row.vantage]); }},
    Column{"end", [](const Event& e) { return text_or_null(std::string(token_of(e.letter.end))); }},
    Column{"direction",
           [](const Event& e) { return text_or_null(std::string(token_of(e.letter.direction))); }},
    Column{"journey", [](const Event& e) { return number_or_null(e.journey); }},
    Column{"phases",
           [](const Event& e) {
             return list_of(e.marks, [](const PhaseMark& m) { return token_of(m.phase); });
           }},
    Column{"milestones", [](const Event& e) { return list_of(e.place.milestones); }},
    Column{"inferred",
           [](const Event& e) {
             return list_of(e.marks, [](const PhaseMark& m) { return is_inferred(m.certainty); });
           }},
    Column{"estimated", [](const Event& e) -> Json { return e.letter.estimated; }},
    Column{"peer_frame", [](const Event& e) { return number_or_null(to_number(e.letter.peer)); }},
    Column{"travel_ns", [](const Event& e) { return ns_or_null(e.letter.travel_ns); }},
    Column{"travel_precision_ns", [](const Event& e) { return ns_or_null(e.letter.precision_ns); }},
    Column{"travel_error_ns", [](const Event& e) { return ns_or_null(e.letter.error_ns); }},
    Column{"from", [](const Event& e) { return sender_of(e.store, e.row); }},
    Column{"to", [](const Event& e) { return receiver_of(e.store, e.row); }},
    Column{"bytes", [](const Event& e) -> Json { return e.row.length; }},
    Column{"detail", [](const Event& e) { return text_or_null(printable(e.store.detail(e.frame))); }},
    Column{"stages",
           [](const Event& e) {
             return list_of(e.marks, [](const PhaseMark& m) { return token_of(m.stage); });
           }},
    Column{"time", [](const Event& e) { return text_or_null(e.date); }},
};

constexpr std::size_t frame_width = 7;
constexpr std::size_t phases_width = 34;

/// The longest date of a capture of a few years.
std::size_t date_width(Language language) {
  return language == Language::japanese ? 34 : 25;
}

std::string as_text(const Event& event, Language language) {
  std::string phases;
  for (const PhaseMark& mark : event.marks) {
    if (!phases.empty()) phases += ", ";
    phases += label_of(mark.phase, language);
    if (is_inferred(mark.certainty)) phases += language == Language::japanese ? "（推定）" : " (inferred)";
  }
  const auto end = [&](AddressId address, std::uint16_t port) {
    const std::string text = to_text(event.store.addresses()[address], port);
    return text.empty() ? std::string("—") : text;
  };
  const std::string detail = printable(event.store.detail(event.frame));
  std::string line = std::to_string(to_number(event.frame));
  line.insert(0, line.size() < frame_width ? frame_width - line.size() : 0, ' ');
  line += "  " + pad(event.date, date_width(language)) + pad(phases, phases_width) + "  " +
          end(event.row.source, event.row.source_port) + " → " +
          end(event.row.destination, event.row.destination_port);
  return line + (detail.empty() ? "" : "  " + detail) + "\n";
}

}  // namespace

Events::Events(const FrameStore& store, const journeys::Journeys& journeys,
               const journeys::MilestoneIndex& milestones, const letters::Letters& letters, Telling telling)
    : store_(store),
      journeys_(journeys),
      milestones_(milestones),
      letters_(letters),
      telling_(telling),
      dates_(store, telling) {}

std::string Events::head(Format format) const {
  const bool japanese = telling_.language == Language::japanese;
  switch (format) {
    case Format::json:
      return {};
    case Format::csv:
      return csv_head<Event>(columns);
    case Format::text:
      return (japanese ? pad("フレーム", frame_width + 2) : "  Frame  ") +
             pad(japanese ? "日付" : "Date", date_width(telling_.language)) +
             pad(japanese ? "フェーズ" : "Phase", phases_width) + "  " +
             (japanese ? "送信元 → 宛先" : "From → To") + "\n";
    case Format::story:
      break;
  }
  return {};
}

std::string Events::record(FrameNumber frame, Format format) {
  const FrameRow* row = store_.find(frame);
  if (row == nullptr) return {};
  store_.marks(frame, false, marks_);
  if (marks_.empty()) return {};
  Event event{
      frame, store_, *row, marks_, journeys_.of(frame), milestones_.place_of(frame), letters_.of(frame), {}};
  if (event.letter.end == letters::End::unknown) {
    event.letter.end = event.place.end;
    event.letter.direction = event.place.direction;
  }
  const FrameNumber first = event.journey == 0 ? no_frame : journeys_.first_of(event.journey);
  const Dates dates = dates_.of_journey(store_, first);
  if (dates.known() && row->has(FrameRow::has_time)) event.date = dates.to_second(event.letter.corrected_ns);
  switch (format) {
    case Format::json:
      return json_line<Event>(columns, event);
    case Format::csv:
      return csv_line<Event>(columns, event);
    case Format::text:
      return as_text(event, telling_.language);
    case Format::story:
      break;
  }
  return {};
}

}  // namespace humantime::reports
