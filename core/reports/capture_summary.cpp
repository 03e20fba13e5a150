// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/capture_summary.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "reports/columns.h"
#include "reports/time_text.h"

namespace humantime::reports {
namespace {

struct Summary {
  std::size_t frames = 0;  ///< the highest number of the whole capture
  std::size_t events = 0;
  std::size_t journeys = 0;
  bool timed = false;
  std::int64_t origin_ns = 0;
};

using Column = TableColumn<Summary>;

// In this order in CSV and JSON.
constexpr std::array columns = {
    Column{"frames", [](const Summary& s) -> Json { return s.frames; }},
    Column{"events", [](const Summary& s) -> Json { return s.events; }},
    Column{"journeys", [](const Summary& s) -> Json { return s.journeys; }},
    Column{"origin_ns", [](const Summary& s) { return s.timed ? Json(s.origin_ns) : Json(); }},
    Column{"origin_utc", [](const Summary& s) { return s.timed ? Json(utc_text(s.origin_ns)) : Json(); }},
};

std::string as_text(const Summary& summary, Language language) {
  const std::string frames = grouped(summary.frames), events = grouped(summary.events),
                    journeys = grouped(summary.journeys);
  if (language == Language::japanese) {
    std::string line = frames + " フレーム、うちフェーズのあるもの " + events + "、旅 " + journeys;
    if (summary.timed) line += "。1年目の始まりは " + utc_text(summary.origin_ns) + " UTC";
    return line + "\n";
  }
  std::string line = frames + " frames, " + events + " of them with a phase; journeys: " + journeys;
  if (summary.timed) line += "; year 1 begins at " + utc_text(summary.origin_ns) + " UTC";
  return line + "\n";
}

}  // namespace

void write_capture(const FrameStore& store, Telling telling, Format format,
                   std::span<const FrameNumber> frames, const JourneysSource& journeys, const Sink& sink) {
  Summary summary;
  summary.frames = store.size();
  if (const std::optional<FrameNumber> first = store.first_timed()) {
    summary.timed = true;
    summary.origin_ns = Dates(store, telling).instant_of(store, *first);
  }
  std::vector<PhaseMark> marks;
  summary.events =
      static_cast<std::size_t>(std::count_if(frames.begin(), frames.end(), [&](FrameNumber frame) {
        // As the events report asks: a frame that was never seen has none.
        if (store.find(frame) == nullptr) return false;
        store.marks(frame, false, marks);
        return !marks.empty();
      }));
  journeys([&](const journeys::Journey&) { ++summary.journeys; });
  if (format == Format::csv) sink(csv_head<Summary>(columns));
  sink(format == Format::json  ? json_line<Summary>(columns, summary)
       : format == Format::csv ? csv_line<Summary>(columns, summary)
                               : as_text(summary, telling.language));
}

}  // namespace humantime::reports
