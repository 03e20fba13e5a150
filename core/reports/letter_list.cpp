// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/letter_list.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "letters/finding.h"
#include "reports/columns.h"
#include "reports/journey_text.h"
#include "reports/packet_cells.h"
#include "reports/time_text.h"
#include "text.h"

namespace humantime::reports {
namespace {

using letters::Letter;
using letters::Sighting;
using letters::Unmatched;

/// A letter and what is asked of it.
struct Line {
  const FrameStore& store;
  const Dates& dates;
  const Letter& letter;
  const Sighting& seen;  ///< of the frame that was captured, of two the one that was sent
  FrameNumber frame;     ///< the same
  const FrameRow& row;
  std::span<const PhaseMark> marks;
  journeys::Place place;
  std::uint32_t journey;
  std::int64_t sent_precision_ns, received_precision_ns;  ///< of the dates
  std::string sent() const { return dates.rounded(letter.sent_ns, sent_precision_ns); }
  std::string received() const { return dates.rounded(letter.received_ns, received_precision_ns); }
};

using Column = TableColumn<Line>;

/// A date that half a round trip was added to is told to an hour or so of the year.
constexpr std::int64_t estimate_ns = 100'000;

// In this order in CSV and JSON.
constexpr std::array columns = {
    Column{"journey", [](const Line& l) { return number_or_null(l.journey); }},
    Column{"sent_frame", [](const Line& l) { return number_or_null(to_number(l.letter.sent)); }},
    Column{"received_frame", [](const Line& l) { return number_or_null(to_number(l.letter.received)); }},
    Column{
        "phases",
        [](const Line& l) { return list_of(l.marks, [](const PhaseMark& m) { return token_of(m.phase); }); }},
    Column{"milestones", [](const Line& l) { return list_of(l.place.milestones); }},
    Column{"sent_ns", [](const Line& l) -> Json { return l.letter.sent_ns; }},
    Column{"received_ns", [](const Line& l) -> Json { return l.letter.received_ns; }},
    Column{"sent", [](const Line& l) { return text_or_null(l.sent()); }},
    Column{"received", [](const Line& l) { return text_or_null(l.received()); }},
    Column{"travel_ns", [](const Line& l) { return ns_or_null(l.seen.travel_ns); }},
    Column{"travel",
           [](const Line& l) { return l.seen.travel_ns ? Json(l.dates.length(*l.seen.travel_ns)) : Json(); }},
    Column{"travel_precision_ns", [](const Line& l) { return ns_or_null(l.seen.precision_ns); }},
    Column{"travel_error_ns", [](const Line& l) { return ns_or_null(l.seen.error_ns); }},
    Column{"estimated", [](const Line& l) -> Json { return l.letter.estimated; }},
    Column{"from", [](const Line& l) { return sender_of(l.store, l.row); }},
    Column{"to", [](const Line& l) { return receiver_of(l.store, l.row); }},
    Column{"bytes", [](const Line& l) -> Json { return l.row.length; }},
    Column{"detail", [](const Line& l) { return text_or_null(printable(l.store.detail(l.frame))); }},
};

// -- text

constexpr std::size_t date_width = 18, travel_width = 12, ms_width = 11, frames_width = 13, longest_what = 60;

struct Words {
  std::string_view english, japanese;
  std::string_view in(Language language) const { return language == Language::japanese ? japanese : english; }
};

// Indexed by Unmatched.
constexpr std::array<Words, static_cast<std::size_t>(Unmatched::count_)> unmatched_words = {{
    {"seen at both ends", "両端で記録"},
    {"neither TCP nor UDP", "TCP でも UDP でもない"},
    {"of what one place only saw", "一か所だけで記録された通信"},
    {"while the other place was not capturing", "相手側が記録していない時刻"},
    {"lost on the way, or by a capture", "途中または記録時に失われた"},
    {"several alike, no telling which is which", "同じものが複数あり区別できない"},
    {"a second copy at the same place", "同じ場所の二つ目のコピー"},
}};

std::string frames_text(const Letter& letter) {
  const auto text = [](FrameNumber frame) {
    return frame == no_frame ? std::string("–") : std::to_string(to_number(frame));
  };
  return text(letter.sent) + " → " + text(letter.received);
}

std::string text_head(Language language) {
  const bool japanese = language == Language::japanese;
  return pad(japanese ? "送信" : "Sent", date_width) + pad(japanese ? "受信" : "Received", date_width) +
         pad_left(japanese ? "所要" : "Travel", travel_width) + pad_left("ms", ms_width) + "  " +
         pad(japanese ? "フレーム" : "Frames", frames_width) + (japanese ? "内容" : "What") + "\n";
}

std::string as_text(const Line& line) {
  const bool japanese = line.dates.language() == Language::japanese;
  std::string what;
  for (const PhaseMark& mark : line.marks)
    what.append(what.empty() ? ""
                : japanese   ? "、"
                             : ", ")
        .append(label_of(mark.phase, line.dates.language()));
  if (line.letter.estimated) what += japanese ? "（推定）" : " (estimated)";
  const std::string detail = printable(line.store.detail(line.frame));
  if (!detail.empty()) what += ": " + detail;
  return pad(line.sent(), date_width) + pad(line.received(), date_width) +
         pad_left(line.seen.travel_ns ? line.dates.length(*line.seen.travel_ns) : "–", travel_width) +
         pad_left(line.seen.travel_ns ? ms_text(*line.seen.travel_ns) : "–", ms_width) + "  " +
         pad(frames_text(line.letter), frames_width) + cut(what, longest_what) + "\n";
}

/// What is said of the clocks, a sentence each.
std::string findings_text(const letters::Letters& letters, Language language) {
  std::string text;
  for (const letters::Finding& finding : letters.findings()) text += sentence_of(finding, language) + "\n";
  return text;
}

std::string unmatched_text(const letters::Letters& letters, Language language) {
  std::string text;
  for (std::size_t i = 0; i < letters.unmatched().size(); ++i) {
    const std::uint64_t count = letters.unmatched()[i];
    if (count == 0) continue;
    text += pad_left(grouped(count), 12) + (language == Language::japanese ? " フレーム: "
                                            : i == 0                       ? " frames "
                                                                           : " frames without a peer: ");
    text.append(unmatched_words[i].in(language)) += "\n";
  }
  return text;
}

}  // namespace

void write_letters(const FrameStore& store, const journeys::Journeys& journeys,
                   const journeys::MilestoneIndex& milestones, const letters::Letters& letters,
                   Telling telling, Format format, std::span<const FrameNumber> frames, const Sink& sink) {
  const Dates dates(store, telling);
  if (format == Format::csv) sink(csv_head<Line>(columns));
  if (format == Format::text) {
    const std::string findings = findings_text(letters, telling.language);
    if (!findings.empty()) sink(findings + "\n");
    sink(text_head(telling.language));
  }
  std::vector<bool> wanted(store.size() + 1, false);
  for (const FrameNumber frame : frames)
    if (to_number(frame) < wanted.size()) wanted[to_number(frame)] = true;
  std::vector<PhaseMark> marks;
  letters.for_each([&](const Letter& letter) {
    if (!wanted[to_number(letter.sent)] && !wanted[to_number(letter.received)]) return;
    const FrameNumber frame = letter.sent != no_frame ? letter.sent : letter.received;
    const FrameRow& row = *store.find(frame);
    store.marks(frame, false, marks);
    const Sighting seen = letters.of(frame);
    const std::uint32_t journey = journeys.of(frame);
    const Dates own = dates.of_journey(store, journey == 0 ? no_frame : journeys.first_of(journey));
    const auto precision_of = [&](FrameNumber end) {
      return end == no_frame ? estimate_ns : letters.of(end).clock_precision_ns;
    };
    const Line line{store,
                    own,
                    letter,
                    seen,
                    frame,
                    row,
                    marks,
                    milestones.place_of(frame),
                    journey,
                    precision_of(letter.sent),
                    precision_of(letter.received)};
    sink(format == Format::json  ? json_line<Line>(columns, line)
         : format == Format::csv ? csv_line<Line>(columns, line)
                                 : as_text(line));
  });
  if (format == Format::text) sink("\n" + unmatched_text(letters, telling.language));
}

}  // namespace humantime::reports
