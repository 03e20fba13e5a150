// SPDX-License-Identifier: GPL-2.0-or-later
// An HTTP archive, a journey at a time: more than the packets of one are never looked at together.
#include "reports/http_archive.h"

#include <QCoreApplication>
#include <algorithm>
#include <optional>
#include <span>

#include "export/formats.h"
#include "export/journey_events.h"
#include "text.h"

namespace humantime::ui {
namespace {

/// How many packets are read between two questions whether to go on.
constexpr std::size_t slice = 4096;

bool write(QIODevice& device, std::string_view text) {
  return device.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
}

/// The place whose times are told: the client's or, where that is not known, the one that saw it first.
std::uint16_t vantage_of(const Source& source, std::span<const EventIndex> events, const Timeline& timeline) {
  EventRecord record;
  std::optional<std::uint16_t> vantage;
  for (const EventIndex index : events) {
    const Event& event = timeline.at(index);
    if (vantage && event.end != End::client) continue;
    if (!source.read(event.frame, record) || record.is_copy) continue;
    if (record.end == End::client) return record.vantage;
    if (!vantage) vantage = record.vantage;
  }
  return vantage.value_or(0);
}

class Reader {
 public:
  Reader(const ExportJob& job, const Progress& progress)
      : timeline_(job.timeline), progress_(progress), all_(job.timeline.events().size()) {}

  /// False where it was cancelled.
  bool read(std::span<const EventIndex> events, reports::FetchReader& reader) {
    const Source& source = timeline_.source();
    const std::uint16_t vantage = vantage_of(source, events, timeline_);
    for (const EventIndex index : events) {
      if (count_++ % slice == 0 && progress_ &&
          !progress_(static_cast<double>(count_) / static_cast<double>(std::max<std::size_t>(all_, 1))))
        return false;
      const Event& event = timeline_.at(index);
      if (event.time_ns == Event::unknown || !source.read(event.frame, record_)) continue;
      if (record_.vantage != vantage) continue;
      const EventText text = source.text(event.frame);
      const std::string from = printable(text.from), to = printable(text.to), detail = printable(text.detail);
      reader.take(
          {event.frame, event.time_ns, record_.marks, from, to, detail, record_.bytes, record_.is_copy});
      if (record_.is_copy || !begins_exchange(record_.marks)) continue;
      for (const StreamRecord& stream : source.streams(event.frame)) take(stream, from, to, reader);
    }
    return true;
  }

 private:
  static bool begins_exchange(std::span<const PhaseMark> marks) {
    return std::any_of(marks.begin(), marks.end(), [](const PhaseMark& mark) {
      return mark.phase == Phase::http_request || mark.phase == Phase::http_push_promise ||
             mark.phase == Phase::http_response_start;
    });
  }

  void take(const StreamRecord& told, std::string_view from, std::string_view to,
            reports::FetchReader& reader) {
    reports::StreamExchange exchange;
    exchange.stream = told.stream;
    exchange.request = told.request;
    exchange.response = told.response;
    exchange.response_end = told.response_end;
    exchange.from = from;
    exchange.to = to;
    exchange.what = told.what;
    exchange.status = told.status;
    exchange.pushed = told.pushed;
    exchange.reset = told.reset;
    exchange.request_ns = time_of(told.request);
    exchange.request_end_ns = time_of(told.request_end);
    exchange.response_ns = time_of(told.response);
    exchange.response_end_ns = time_of(told.response_end);
    exchange.request_bytes = told.request_bytes;
    exchange.response_bytes = told.response_bytes;
    reader.take(exchange);
  }

  std::optional<std::int64_t> time_of(FrameNumber frame) {
    if (frame == no_frame || !timeline_.source().read(frame, other_)) return std::nullopt;
    return other_.time_ns;
  }

  const Timeline& timeline_;
  const Progress& progress_;
  std::size_t all_, count_ = 0;
  EventRecord other_;
  EventRecord record_;
};

}  // namespace

Outcome write_http_archive(const ExportJob& job, QIODevice& device, const Progress& progress,
                           QString& error) {
  const Timeline& timeline = job.timeline;
  if (timeline.has_means()) {
    error =
        QCoreApplication::translate("Exporter", "The mean of several fetches has no requests of its own.");
    return Outcome::failed;
  }
  reports::HttpArchive archive;
  if (!write(device, archive.head())) return Outcome::failed;
  const JourneyEvents events(timeline, job.view);
  Reader reader(job, progress);
  for (const JourneyRecord& journey : timeline.journeys()) {
    const std::span<const EventIndex> own = events.of(journey.number);
    if (own.empty()) continue;
    reports::FetchReader fetch;
    if (!reader.read(own, fetch)) return Outcome::cancelled;
    const std::string name = printable(journey.name);
    if (!write(device, archive.entries({journey.number, journey.kind, name}, fetch.finish())))
      return Outcome::failed;
  }
  return write(device, archive.tail()) ? Outcome::done : Outcome::failed;
}

}  // namespace humantime::ui
