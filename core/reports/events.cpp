// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/events.h"

#include <utility>

#include "reports/event_columns.h"
#include "reports/journey_text.h"
#include "reports/vantage_text.h"
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

EventCells cells_of(Event event) {
  const FrameRow& row = event.row;
  EventCells cells;
  cells.frame = event.frame;
  if (row.has(FrameRow::has_time)) {
    cells.time_ns = row.time_ns;
    cells.corrected_ns = event.letter.corrected_ns;
  }
  cells.vantage = vantage_text(event.store.vantages()[row.vantage]);
  cells.end = token_of(event.letter.end);
  cells.direction = token_of(event.letter.direction);
  cells.journey = event.journey;
  cells.marks = event.marks;
  for (const journeys::Milestone& milestone : event.place.milestones)
    cells.milestones.push_back(text_of(milestone));
  cells.estimated = event.letter.estimated;
  cells.peer = event.letter.peer;
  cells.travel_ns = event.letter.travel_ns;
  cells.precision_ns = event.letter.precision_ns;
  cells.error_ns = event.letter.error_ns;
  cells.from = to_text(event.store.addresses()[row.source], row.source_port);
  cells.to = to_text(event.store.addresses()[row.destination], row.destination_port);
  cells.bytes = row.length;
  cells.detail = printable(event.store.detail(event.frame));
  cells.date = std::move(event.date);
  return cells;
}

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
      return event_head(format);
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
    case Format::csv:
      return event_line(cells_of(std::move(event)), format);
    case Format::text:
      return as_text(event, telling_.language);
    case Format::story:
      break;
  }
  return {};
}

}  // namespace humantime::reports
