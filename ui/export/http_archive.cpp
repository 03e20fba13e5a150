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
    }
    return true;
  }

 private:
  const Timeline& timeline_;
  const Progress& progress_;
  std::size_t all_, count_ = 0;
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
