// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/event_records.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "export/event_origin.h"
#include "reports/columns.h"
#include "saturating.h"
#include "text.h"

namespace humantime::ui {
namespace {

using reports::Json;
using reports::number_or_null;

/// How many frames go by between two questions whether to go on.
constexpr std::uint32_t frames_per_report = 4096;

/// An event and what is asked of it.
struct Row {
  const EventRecord& record;
  const EventText& text;
  std::string date;
};

template <typename Value>
Json of_marks(const Row& row, Value value) {
  Json list = Json::array();
  for (const PhaseMark& mark : row.record.marks) list.push_back(value(mark));
  return list;
}

/// A source may be anybody's: what is no UTF-8 would end the whole file.
Json text_or_null(std::string_view text) {
  return reports::text_or_null(printable(text));
}

/// As captured; where the source does not tell, as shown.
std::optional<std::int64_t> captured_ns(const Row& row) {
  return row.text.captured_ns ? row.text.captured_ns : row.record.time_ns;
}

Json number_or_null(std::optional<std::int64_t> number) {
  return number ? Json(*number) : Json();
}

Json milestones_of(const Row& row) {
  Json list = Json::array();
  for (const std::string& milestone : row.text.milestones) list.push_back(printable(milestone));
  const EventRecord& record = row.record;
  if (!list.empty() || record.journey == 0) return list;
  // The record tells the first only.
  const auto first = std::find_if(record.marks.begin(), record.marks.end(),
                                  [](const PhaseMark& mark) { return row_of(mark.phase).milestone; });
  if (first == record.marks.end()) return list;
  std::string name = std::string(token_of(first->phase)) + "#" + std::to_string(record.ordinal);
  const std::string_view direction = token_of(record.direction);
  if (!direction.empty()) name.append("/").append(direction);
  list.push_back(std::move(name));
  return list;
}

/// One way, as the corrected clocks tell it: negative where they are wrong.
std::optional<std::int64_t> travel_of(const EventRecord& record) {
  if (!record.time_ns || !record.other_ns || record.direction == journeys::Direction::unknown)
    return std::nullopt;
  const bool sent = record.direction == journeys::Direction::sent;
  return sent ? difference(*record.other_ns, *record.time_ns) : difference(*record.time_ns, *record.other_ns);
}

Json of_letter(const Row& row, std::int64_t ns) {
  return row.record.peer == no_frame ? Json() : Json(ns);
}

using Column = reports::TableColumn<Row>;

// The columns of core/reports/events.cpp in its order; a test compares the two.
constexpr std::array columns = {
    Column{"frame", [](const Row& r) -> Json { return to_number(r.record.frame); }},
    Column{"time_ns", [](const Row& r) { return number_or_null(captured_ns(r)); }},
    Column{"corrected_ns",
           [](const Row& r) {
             return r.record.time_ns == captured_ns(r) ? Json() : number_or_null(r.record.time_ns);
           }},
    Column{"vantage",
           [](const Row& r) -> Json {
             return r.text.vantage.empty() ? std::to_string(r.record.vantage) : printable(r.text.vantage);
           }},
    Column{"end", [](const Row& r) { return text_or_null(token_of(r.record.end)); }},
    Column{"direction", [](const Row& r) { return text_or_null(token_of(r.record.direction)); }},
    Column{"journey", [](const Row& r) { return reports::number_or_null(r.record.journey); }},
    Column{"phases",
           [](const Row& r) { return of_marks(r, [](const PhaseMark& m) { return token_of(m.phase); }); }},
    Column{"milestones", milestones_of},
    Column{"inferred",
           [](const Row& r) {
             return of_marks(r, [](const PhaseMark& m) { return is_inferred(m.certainty); });
           }},
    Column{"estimated", [](const Row& r) -> Json { return r.record.estimated; }},
    Column{"peer_frame", [](const Row& r) { return reports::number_or_null(to_number(r.record.peer)); }},
    Column{"travel_ns", [](const Row& r) { return number_or_null(travel_of(r.record)); }},
    Column{"travel_precision_ns", [](const Row& r) { return of_letter(r, r.record.precision_ns); }},
    Column{"travel_error_ns", [](const Row& r) { return of_letter(r, r.record.error_ns); }},
    Column{"from", [](const Row& r) { return text_or_null(r.text.from); }},
    Column{"to", [](const Row& r) { return text_or_null(r.text.to); }},
    Column{"bytes", [](const Row& r) -> Json { return r.record.bytes; }},
    Column{"detail", [](const Row& r) { return text_or_null(r.text.detail); }},
    Column{"stages",
           [](const Row& r) { return of_marks(r, [](const PhaseMark& m) { return token_of(m.stage); }); }},
    Column{"time", [](const Row& r) { return text_or_null(r.date); }},
};

bool write(QIODevice& device, std::string_view text) {
  return device.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
}

}  // namespace

Outcome write_event_records(const ExportJob& job, reports::Format format, QIODevice& device,
                            const Progress& progress) {
  const bool csv = format == reports::Format::csv;
  if (csv && !write(device, reports::csv_head<Row>(columns))) return Outcome::failed;
  const Source& source = job.timeline.source();
  const EventOrigin origin(job.timeline, job.view);
  const std::uint32_t count = source.frame_count();
  EventRecord record;
  for (std::uint32_t number = 1; number <= count && number != 0; ++number) {
    if (number % frames_per_report == 1 && progress && !progress(static_cast<double>(number) / count))
      return Outcome::cancelled;
    const FrameNumber frame{number};
    if (!source.read(frame, record) || record.marks.empty()) continue;
    record.frame = frame;
    if (job.view.journey != 0 && record.journey != job.view.journey) continue;
    if (job.view.limit_to_filter && !record.passes_filter) continue;
    const EventText text = source.text(frame);
    Row row{record, text, {}};
    if (const auto date = origin.date(record.journey, record.time_ns)) {
      std::array<char, date_text_size> buffer;
      row.date = write_date(*date, job.view.language, buffer);
    }
    if (!write(device, csv ? reports::csv_line<Row>(columns, row) : reports::json_line<Row>(columns, row)))
      return Outcome::failed;
  }
  return Outcome::done;
}

}  // namespace humantime::ui
