// SPDX-License-Identifier: GPL-2.0-or-later
#include "export/event_records.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "export/event_origin.h"
#include "reports/event_columns.h"
#include "saturating.h"
#include "text.h"

namespace humantime::ui {
namespace {

/// How many frames go by between two questions whether to go on.
constexpr std::uint32_t frames_per_report = 4096;

/// What the record itself tells: the first milestone only.
std::vector<std::string> first_milestone(const EventRecord& record) {
  const auto first = std::find_if(record.marks.begin(), record.marks.end(),
                                  [](const PhaseMark& mark) { return row_of(mark.phase).milestone; });
  if (record.journey == 0 || first == record.marks.end()) return {};
  std::string name = std::string(token_of(first->phase)) + "#" + std::to_string(record.ordinal);
  const std::string_view direction = token_of(record.direction);
  if (!direction.empty()) name.append("/").append(direction);
  return {std::move(name)};
}

/// One way, as the corrected clocks tell it: negative where they are wrong.
std::optional<std::int64_t> travel_of(const EventRecord& record) {
  if (!record.time_ns || !record.other_ns || record.direction == journeys::Direction::unknown)
    return std::nullopt;
  const bool sent = record.direction == journeys::Direction::sent;
  return sent ? difference(*record.other_ns, *record.time_ns) : difference(*record.time_ns, *record.other_ns);
}

/// A source may be anybody's: what is no UTF-8 would end the whole file.
reports::EventCells cells_of(const EventRecord& record, const EventText& text) {
  reports::EventCells cells;
  cells.frame = record.frame;
  // As captured; where the source does not tell, as shown.
  cells.time_ns = text.captured_ns ? text.captured_ns : record.time_ns;
  if (record.time_ns != cells.time_ns) cells.corrected_ns = record.time_ns;
  cells.vantage = text.vantage.empty() ? std::to_string(record.vantage) : printable(text.vantage);
  cells.end = token_of(record.end);
  cells.direction = token_of(record.direction);
  cells.journey = record.journey;
  cells.marks = record.marks;
  for (const std::string& milestone : text.milestones) cells.milestones.push_back(printable(milestone));
  if (cells.milestones.empty()) cells.milestones = first_milestone(record);
  cells.estimated = record.estimated;
  cells.peer = record.peer;
  cells.travel_ns = travel_of(record);
  if (record.peer != no_frame) {
    cells.precision_ns = record.precision_ns;
    cells.error_ns = record.error_ns;
  }
  cells.from = printable(text.from);
  cells.to = printable(text.to);
  cells.bytes = record.bytes;
  cells.detail = printable(text.detail);
  return cells;
}

bool write(QIODevice& device, std::string_view text) {
  return device.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
}

}  // namespace

Outcome write_event_records(const ExportJob& job, reports::Format format, QIODevice& device,
                            const Progress& progress) {
  if (!write(device, reports::event_head(format))) return Outcome::failed;
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
    reports::EventCells cells = cells_of(record, source.text(frame));
    if (const auto date = origin.date(record.journey, record.time_ns)) {
      std::array<char, date_text_size> buffer;
      cells.date = write_date(*date, job.view.language, buffer);
    }
    if (!write(device, reports::event_line(cells, format))) return Outcome::failed;
  }
  return Outcome::done;
}

}  // namespace humantime::ui
