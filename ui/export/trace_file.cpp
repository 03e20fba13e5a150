// SPDX-License-Identifier: GPL-2.0-or-later
// Trace events of a year: each journey's stages as spans, its milestones as instants, in real time.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "export/event_origin.h"
#include "export/formats.h"
#include "export/picture_words.h"
#include "layout/words.h"
#include "reports/trace_events.h"
#include "saturating.h"
#include "text.h"

namespace humantime::ui {
namespace {

/// How many events are written between two questions whether to go on.
constexpr std::size_t slice = 4096;

class TraceFile {
 public:
  TraceFile(const ExportJob& job, QIODevice& device, const Progress& progress)
      : timeline_(job.timeline),
        view_(job.view),
        file_(printable(job.file.toStdString())),
        device_(device),
        progress_(progress),
        origin_(job.timeline, job.view),
        writer_(job.view.language) {}

  Outcome write() {
    const PictureWords& words = picture_words(view_.language);
    const std::string_view origin = view_.origin == OriginChoice::journey     ? words.from_journey
                                    : view_.origin == OriginChoice::reference ? words.from_reference
                                                                              : words.from_capture;
    if (!write(writer_.head())) return Outcome::failed;
    for (const auto part : {&TraceFile::write_processes, &TraceFile::write_spans, &TraceFile::write_instants})
      if (const Outcome outcome = (this->*part)(); outcome != Outcome::done) return outcome;
    return write(writer_.tail(file_, origin)) ? Outcome::done : Outcome::failed;
  }

 private:
  bool write(const std::string& text) {
    return device_.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size());
  }
  bool is_hidden(Lane lane) const { return view_.hidden[static_cast<std::size_t>(lane)]; }
  bool is_shown(std::uint32_t journey) const { return view_.journey == 0 || view_.journey == journey; }

  std::string date(std::uint32_t journey, std::int64_t time_ns) const {
    const auto date = origin_.date(journey, time_ns);
    if (!date) return {};
    std::array<char, date_text_size> buffer;
    return std::string(write_date(*date, view_.language, buffer));
  }

  /// Of the journeys that have an event which is shown.
  Outcome write_processes() {
    shown_.assign(std::size_t{timeline_.last_journey()} + 1, false);
    for (const Event& event : timeline_.events())
      if (is_shown(event.journey) && (!view_.limit_to_filter || (event.flags & Event::hidden_by_filter) == 0))
        shown_[event.journey] = true;
    for (const JourneyRecord& journey : timeline_.journeys())
      if (journey.number < shown_.size() && shown_[journey.number] &&
          !write(writer_.process(journey.number,
                                 printable(journey.name) + " #" + std::to_string(journey.number))))
        return Outcome::failed;
    return Outcome::done;
  }

  Outcome write_spans() {
    const auto spans = timeline_.all_stages();
    for (std::size_t i = 0; i < spans.size(); ++i) {
      if (i % slice == 0 && !goes_on(0.3 * static_cast<double>(i) / static_cast<double>(spans.size())))
        return Outcome::cancelled;
      const StageSpan& span = spans[i];
      const auto origin = origin_.of(span.journey);
      if (!origin || is_hidden(span.lane) || !shown_[span.journey]) continue;
      const std::string begin = date(span.journey, span.begin_ns);
      const std::int64_t length = std::max<std::int64_t>(difference(span.end_ns, span.begin_ns), 0);
      if (!write(writer_.span(
              {span.journey, span.stage, span.lane, difference(span.begin_ns, *origin), length, begin})))
        return Outcome::failed;
    }
    return Outcome::done;
  }

  Outcome write_instants() {
    const auto events = timeline_.events();
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (i % slice == 0 && !goes_on(0.3 + 0.7 * static_cast<double>(i) / static_cast<double>(events.size())))
        return Outcome::cancelled;
      const Event& event = events[i];
      if (!is_mark(event) || event.time_ns == Event::unknown || !is_shown(event.journey)) continue;
      if (view_.limit_to_filter && (event.flags & Event::hidden_by_filter) != 0) continue;
      if (!write_event(event)) return Outcome::failed;
    }
    return Outcome::done;
  }

  bool write_event(const Event& event) {
    const auto origin = origin_.of(event.journey);
    if (!origin || !timeline_.source().read(event.frame, record_) || record_.is_copy) return true;
    const EventText text = timeline_.source().text(event.frame);
    const std::string from = printable(text.from), to = printable(text.to), detail = printable(text.detail);
    const std::string when = date(event.journey, event.time_ns);
    const Words& words = words_of(view_.language);
    for (const PhaseMark& mark : record_.marks) {
      const PhaseRow& row = row_of(mark.phase);
      if (!row.milestone || is_hidden(row.lane)) continue;
      std::string name(label_of(mark.phase, view_.language));
      if (event.direction != journeys::Direction::unknown)
        name = filled(event.direction == journeys::Direction::sent ? words.sent : words.received, {name});
      // A mean has no frame.
      const FrameNumber frame = (event.flags & Event::mean) != 0 ? no_frame : event.frame;
      if (!write(writer_.instant({event.journey, mark.stage, row.lane, difference(event.time_ns, *origin),
                                  name, token_of(mark.phase), when, from, to, detail, token_of(event.end),
                                  frame, is_inferred(mark.certainty)})))
        return false;
    }
    return true;
  }

  bool goes_on(double share) const { return !progress_ || progress_(share); }

  const Timeline& timeline_;
  const View& view_;
  std::string file_;
  QIODevice& device_;
  const Progress& progress_;
  EventOrigin origin_;
  reports::TraceWriter writer_;
  std::vector<bool> shown_;  ///< by journey
  EventRecord record_;
};

}  // namespace

Outcome write_trace_events(const ExportJob& job, QIODevice& device, const Progress& progress, QString&) {
  return TraceFile(job, device, progress).write();
}

}  // namespace humantime::ui
