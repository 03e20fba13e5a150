// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/reports.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "pieces/piece_log.h"
#include "plugin/raw_frame.h"
#include "plugin/session.h"
#include "plugin/stats_tree.h"
#include "reports/capture_summary.h"
#include "reports/connection_list.h"
#include "reports/diary.h"
#include "reports/events.h"
#include "reports/journey_list.h"
#include "reports/letter_list.h"
#include "reports/mean_list.h"
#include "reports/piece_list.h"
#include "reports/stream_list.h"
#include "reports/telling.h"
#include "reports/year_calendar.h"

namespace humantime::plugin {
namespace {

constexpr const char* command = "humantime";

/// One report that was asked for: the frames it is about, and what to write when all have been seen.
struct Report {
  reports::Format format = reports::Format::text;
  void (*write)(const Report&) = nullptr;
  std::vector<FrameNumber> frames;
  /// What the frames are made of, for the report that is about that: its bytes are gone with the frame.
  std::optional<PieceLog> pieces = {};
};

void put(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
}

reports::Telling telling() {
  return {session().language(), session().scale(), session().origin(), &session().engine.letters()};
}

void write_events(const Report& report) {
  Engine& engine = session().engine;
  reports::Events events(engine.store(), engine.journeys(), engine.milestones(), session().engine.letters(),
                         telling());
  put(events.head(report.format));
  for (const FrameNumber frame : report.frames) put(events.record(frame, report.format));
}

void write_letters(const Report& report) {
  Engine& engine = session().engine;
  reports::write_letters(engine.store(), engine.journeys(), engine.milestones(), engine.letters(), telling(),
                         report.format, report.frames, [](std::string_view text) { put(text); });
}

void visit_journeys(const reports::JourneyVisit& visit) {
  session().engine.for_each_journey(visit);
}

/// A report of the journeys that have a frame which passed the filter.
template <void (*Write)(const FrameStore&, reports::Telling, reports::Format, const reports::JourneysSource&,
                        const reports::Sink&)>
void write_of_journeys(const Report& report) {
  const reports::JourneysSource journeys = reports::limited_to(visit_journeys, report.frames);
  Write(session().engine.store(), telling(), report.format, journeys,
        [](std::string_view text) { put(text); });
}

void write_capture(const Report& report) {
  reports::write_capture(session().engine.store(), telling(), report.format, report.frames,
                         reports::limited_to(visit_journeys, report.frames),
                         [](std::string_view text) { put(text); });
}

void write_bytes(const Report& report) {
  reports::write_pieces(session().engine.store(), *report.pieces, telling(), report.format,
                        [](std::string_view text) { put(text); });
}

struct ReportRow {
  std::string_view name;
  std::span<const reports::Format> formats;
  void (*write)(const Report&);
};
constexpr std::array report_rows = {
    ReportRow{"diary", reports::diary_formats, write_of_journeys<reports::write_diary>},
    ReportRow{"calendar", reports::usual_formats, write_of_journeys<reports::write_calendar>},
    ReportRow{"journeys", reports::usual_formats, write_of_journeys<reports::write_journeys>},
    ReportRow{"average", reports::usual_formats, write_of_journeys<reports::write_average>},
    ReportRow{"connections", reports::usual_formats, write_of_journeys<reports::write_connections>},
    ReportRow{"streams", reports::usual_formats, write_of_journeys<reports::write_streams>},
    ReportRow{"letters", reports::usual_formats, write_letters},
    ReportRow{"events", reports::usual_formats, write_events},
    ReportRow{"bytes", reports::usual_formats, write_bytes},
    ReportRow{"capture", reports::usual_formats, write_capture},
};

std::string report_names() {
  std::string names;
  for (const ReportRow& row : report_rows) names += std::string(row.name) + ", ";
  return names + "tree";
}

[[noreturn]] void refuse(const std::string& sentence) {
  // As Wireshark's own taps do with an argument that they cannot use: nothing has been opened yet.
  std::fprintf(stderr, "%s: %s\n", g_get_prgname() != nullptr ? g_get_prgname() : "tshark", sentence.c_str());
  std::exit(1);  // NOLINT(concurrency-mt-unsafe): options are read before there is a second thread
}

void reset(void* tap_data) {
  auto& report = *static_cast<Report*>(tap_data);
  report.frames.clear();
  if (report.pieces) report.pieces->clear();
}

tap_packet_status collect(void* tap_data, packet_info* pinfo, epan_dissect_t* dissected, const void*,
                          tap_flags_t) {
  auto& report = *static_cast<Report*>(tap_data);
  const FrameNumber frame{pinfo->num};
  report.frames.push_back(frame);
  if (report.pieces)
    report.pieces->take(frame, raw_frame_of(dissected->tvb, pinfo), session().engine.store());
  return TAP_PACKET_DONT_REDRAW;
}

void draw(void* tap_data) {
  session().engine.finish();
  const auto& report = *static_cast<const Report*>(tap_data);
  report.write(report);
  std::fflush(stdout);
}

void finish(void* tap_data) {
  delete static_cast<Report*>(tap_data);
}

/// Takes the next item off a comma-separated list; the filter, being last, keeps its commas.
std::string_view take_item(std::string_view& list) {
  const std::size_t comma = list.find(',');
  const std::string_view item = list.substr(0, comma);
  list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
  return item;
}

/// `argument` is the whole of what stands behind -z. What cannot start ends the program.
StatStarted start(const char* argument, void*) {
  std::string_view rest = argument;
  const std::string_view name = take_item(rest);
  if (name != command)
    refuse("\"" + std::string(name) + "\" is no statistic; humantime's is \"humantime,REPORT\".");
  const std::string_view wanted = take_item(rest);
  const std::string_view format_name = take_item(rest);
  const std::string filter(rest);

  const ReportRow* found = nullptr;
  for (const ReportRow& row : report_rows)
    if (row.name == wanted) found = &row;
  if (found == nullptr)
    refuse("humantime has no report \"" + std::string(wanted) + "\". The reports are: " + report_names() +
           ".");
  const auto format = reports::format_from_name(format_name.empty() ? "text" : format_name, found->formats);
  if (!format)
    refuse("humantime," + std::string(wanted) + " has no format \"" + std::string(format_name) +
           "\". The formats are: " + reports::format_names(found->formats) + ".");

  auto* report = new Report{*format, found->write, {}};
  if (found->write == write_bytes) report->pieces.emplace();
  GString* error = register_tap_listener(command, report, filter.empty() ? nullptr : filter.c_str(),
                                         TL_REQUIRES_NOTHING, reset, collect, draw, finish);
  if (error == nullptr) return static_cast<StatStarted>(true);
  const std::string sentence = std::string("humantime,") + std::string(wanted) + ": " + error->str;
  g_string_free(error, TRUE);
  delete report;
  refuse(sentence);
}

}  // namespace

void register_reports() {
  session().tap = register_tap(command);
  // Without a comma, for Wireshark compares the beginning only, and a comma would leave "humantime" alone
  // unanswered.
  static stat_tap_ui ui = {REGISTER_PACKET_STAT_GROUP_UNSORTED, nullptr, command, start, 0, nullptr};
  register_stat_tap_ui(&ui, nullptr);
  register_stats_tree();
}

void queue_for_reports(packet_info* pinfo, bool first_pass) {
  if (!have_tap_listener(session().tap)) return;
  tap_queue_packet(session().tap, pinfo, first_pass ? &first_pass_tag : nullptr);
}

}  // namespace humantime::plugin
