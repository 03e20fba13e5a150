// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/diary.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "reports/chapters.h"
#include "reports/columns.h"
#include "reports/journey_text.h"
#include "reports/packet_cells.h"
#include "reports/stage_totals.h"
#include "reports/story.h"
#include "reports/time_text.h"
#include "text.h"

namespace humantime::reports {
namespace {

using journeys::Direction;
using journeys::Journey;
using journeys::Milestone;

/// A milestone and what is asked of it.
struct Entry {
  const FrameStore& store;
  const Dates& dates;
  const Journey& journey;
  const PlaceView& view;
  const Milestone& milestone;
  const FrameRow& row;
  bool timed() const { return row.has(FrameRow::has_time); }
  std::string date() const {
    return timed() && dates.known() ? dates.to_second(milestone.time_ns) : std::string();
  }
  const PhaseRow& phase() const { return row_of(milestone.mark.phase); }
};

using Column = TableColumn<Entry>;

// In this order in CSV and JSON.
constexpr std::array columns = {
    Column{"journey", [](const Entry& e) -> Json { return e.journey.number; }},
    Column{"name", [](const Entry& e) { return text_or_null(name_of(e.store, e.journey)); }},
    Column{"carrier", [](const Entry& e) { return text_or_null(printable(e.journey.carrier)); }},
    Column{"frame", [](const Entry& e) -> Json { return to_number(e.milestone.frame); }},
    Column{"time_ns", [](const Entry& e) { return e.timed() ? Json(e.row.time_ns) : Json(); }},
    Column{"time", [](const Entry& e) { return text_or_null(e.date()); }},
    Column{"ms",
           [](const Entry& e) {
             return e.timed() ? Json(ms_of(difference(e.milestone.time_ns, e.view.first_ns))) : Json();
           }},
    Column{"stage", [](const Entry& e) -> Json { return token_of(e.milestone.mark.stage); }},
    Column{"milestone", [](const Entry& e) -> Json { return text_of(e.milestone); }},
    Column{"phase", [](const Entry& e) -> Json { return e.phase().token; }},
    Column{"label",
           [](const Entry& e) -> Json { return label_of(e.milestone.mark.phase, e.dates.language()); }},
    Column{"direction",
           [](const Entry& e) { return text_or_null(std::string(token_of(e.milestone.direction))); }},
    Column{"inferred", [](const Entry& e) -> Json { return is_inferred(e.milestone.mark.certainty); }},
    Column{"vantage", [](const Entry& e) -> Json { return vantage_text(e.store.vantages()[e.row.vantage]); }},
    Column{"from", [](const Entry& e) { return sender_of(e.store, e.row); }},
    Column{"to", [](const Entry& e) { return receiver_of(e.store, e.row); }},
    Column{"bytes", [](const Entry& e) -> Json { return e.row.length; }},
    Column{"detail",
           [](const Entry& e) { return text_or_null(printable(e.store.detail(e.milestone.frame))); }},
};

// -- text

constexpr std::size_t ms_width = 11;
constexpr std::size_t longest_detail = 120;
constexpr std::size_t longest_name = 60;
constexpr std::size_t event_width = 36;

/// What is said of directions, behind the name of what was sent.
struct DirectionRow {
  std::string_view english, japanese;
};
// Indexed by Direction.
constexpr std::array<DirectionRow, 3> direction_rows = {{{"", ""}, {" sent", "送信"}, {" received", "受信"}}};

/// Which phases came more than once, so that their ordinals say something.
class Repeated {
 public:
  explicit Repeated(std::span<const Milestone> milestones) {
    for (const Milestone& m : milestones)
      if (m.ordinal > 1) repeated_[place_of(m)] = true;
  }
  bool operator()(const Milestone& milestone) const { return repeated_[place_of(milestone)]; }

 private:
  static std::size_t place_of(const Milestone& m) {
    return static_cast<std::size_t>(m.mark.phase) * direction_rows.size() +
           static_cast<std::size_t>(m.direction);
  }
  std::array<bool, std::size(phase_rows) * direction_rows.size()> repeated_{};
};

/// `ServerHello, Certificate received`, `DNS query (2nd) sent`.
std::string event_text(Packet packet, const Repeated& repeated, Language language) {
  const bool japanese = language == Language::japanese;
  std::string text;
  for (const Milestone& milestone : packet) {
    if (!text.empty()) text += japanese ? "、" : ", ";
    text += label_of(milestone.mark.phase, language);
    if (repeated(milestone)) {
      const std::string ordinal = ordinal_text(milestone.ordinal, language);
      text += japanese ? "（" + ordinal + "）" : " (" + ordinal + ")";
    }
    if (milestone.again) text += japanese ? "（再送）" : " (again)";
    if (is_inferred(milestone.mark.certainty)) text += japanese ? "（推定）" : " (inferred)";
  }
  const DirectionRow& direction = direction_rows[static_cast<std::size_t>(packet.front().direction)];
  if (!japanese) return text.append(direction.english);
  // Latin letters stand off from Japanese.
  const bool latin = (static_cast<unsigned char>(text.back()) & 0x80) == 0;
  return text.append(latin && !direction.japanese.empty() ? " " : "").append(direction.japanese);
}

std::string heading(const FrameStore& store, const Dates& dates, const Journey& journey,
                    const PlaceView& view) {
  const bool japanese = dates.language() == Language::japanese;
  std::string text = (japanese ? "通信 " : "Journey ") + std::to_string(journey.number);
  const std::string name = cut(name_of(store, journey), longest_name);
  if (!name.empty()) text += ": " + name;
  if (view.timed) {
    const std::int64_t length = difference(view.last_ns, view.first_ns);
    text += " — " + dates.length(length) + (japanese ? "（" : " (") + ms_text(length) +
            (japanese ? " ms）" : " ms)");
  }
  if (journey.kind != journeys::Kind::completed)
    text.append(japanese ? "、" : ", ").append(label_of(journey.kind, dates.language()));
  if (!journey.carrier.empty()) text += (japanese ? "、経由: " : ", through ") + printable(journey.carrier);
  return text + "\n";
}

void write_text(const FrameStore& store, const Dates& dates, const Journey& journey, const PlaceView& view,
                std::span<const Milestone> milestones, const Sink& sink) {
  sink(heading(store, dates, journey, view));
  const Repeated repeated(milestones);
  const bool several_vantages = std::any_of(milestones.begin(), milestones.end(), [&](const Milestone& m) {
    return store.find(m.frame)->vantage != view.vantage;
  });
  const std::size_t date_width =
      std::max(dates.minute_width(view.first_ns), dates.minute_width(view.last_ns));
  const Chapter* chapter = nullptr;
  while (!milestones.empty()) {
    const Packet packet = first_packet(milestones);
    milestones = milestones.subspan(packet.size());
    const FrameRow& row = *store.find(packet.front().frame);
    // A reset that refuses a connection closes none.
    const bool refusal =
        journey.kind == journeys::Kind::refused && packet.front().mark.phase == Phase::tcp_rst;
    const Chapter& now = chapter_of(refusal ? Stage::connect : packet.front().mark.stage, chapter);
    if (&now != chapter) {
      chapter = &now;
      sink("\n  " + std::string(now.title(dates.language())) + "\n");
    }
    const Milestone& first = packet.front();
    const bool timed = row.has(FrameRow::has_time);
    std::string line =
        "    " + pad(timed ? dates.rounded(first.time_ns, first.precision_ns) : "", date_width) + " ";
    line += pad_left(timed ? ms_text(difference(first.time_ns, view.first_ns)) : "", ms_width);
    line += timed ? " ms  " : "     ";
    const std::size_t before = width_of(line);
    const std::string event = event_text(packet, repeated, dates.language());
    // What is too long for its column has a line of its own.
    line += width_of(event) <= event_width ? pad(event, event_width)
                                           : event + "\n" + std::string(before + event_width, ' ');
    line += "  ";
    if (several_vantages) line += vantage_text(store.vantages()[row.vantage]) + "  ";
    line.append(end_text(store, row.source, row.source_port)).append(" → ");
    line += end_text(store, row.destination, row.destination_port);
    const std::string detail = cut(printable(store.detail(packet.front().frame)), longest_detail);
    if (!detail.empty()) line.append("  ").append(detail);
    sink(line += "\n");
  }
  sink("\n");
}

}  // namespace

void write_diary(const FrameStore& store, Telling telling, Format format, const JourneysSource& journeys,
                 const Sink& sink) {
  if (format == Format::story) return write_story(store, telling, journeys, sink);
  const Dates dates(store, telling);
  if (format == Format::csv) sink(csv_head<Entry>(columns));
  std::vector<Milestone> milestones;
  journeys([&](const Journey& journey) {
    list_milestones(store, journey, milestones);
    const PlaceView view = clients_view(store, journey, milestones);
    const Dates own = dates.of_journey(store, journey);
    if (format == Format::text) return write_text(store, own, journey, view, milestones, sink);
    for (const Milestone& milestone : milestones) {
      const Entry entry{store, own, journey, view, milestone, *store.find(milestone.frame)};
      sink(format == Format::json ? json_line<Entry>(columns, entry) : csv_line<Entry>(columns, entry));
    }
  });
}

}  // namespace humantime::reports
