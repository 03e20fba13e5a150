// SPDX-License-Identifier: GPL-2.0-or-later
// What the views of a large capture cost: millions of events are taken in, and every level is laid out as
// large as a full screen. Prints medians; with an argument the number of events (5,000,000).
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "instruction_counter.h"
#include "layout/calendar_layout.h"
#include "layout/frame.h"
#include "layout/letters_layout.h"
#include "model/timeline.h"

namespace {

using namespace humantime;
using namespace humantime::ui;

/// Fetches one after another and side by side, each of about a hundred frames; made when asked for.
class Traffic : public Source {
 public:
  Traffic(std::uint32_t frames, std::uint32_t journeys, std::int64_t span_ns)
      : frames_(frames), journeys_(journeys), span_ns_(span_ns) {}
  std::string name() const override { return "traffic"; }
  std::uint32_t frame_count() const override { return frames_; }
  double progress() const override { return 1; }
  std::uint64_t revision() const override { return 1; }
  bool read(FrameNumber frame, EventRecord& out) const override {
    static constexpr Phase opening[] = {
        Phase::dns_query,        Phase::dns_answer,         Phase::tcp_syn,
        Phase::tcp_syn_ack,      Phase::tcp_handshake_ack,  Phase::tls_client_hello,
        Phase::tls_server_hello, Phase::tls_finished,       Phase::tls_finished,
        Phase::http_request,     Phase::http_response_start};
    static constexpr Phase closing[] = {Phase::http_response_end, Phase::tls_close_notify, Phase::tcp_fin,
                                        Phase::tcp_fin_ack};
    const std::uint32_t n = to_number(frame) - 1;
    const std::uint32_t each = frames_ / journeys_;
    // Ten journeys at a time take turns.
    const std::uint32_t group = n / (10 * each), in_group = n % (10 * each);
    const std::uint32_t step = in_group / 10;
    out = {};
    out.frame = frame;
    out.journey = std::min(journeys_, group * 10 + in_group % 10 + 1);
    out.time_ns = static_cast<std::int64_t>(static_cast<double>(n) / frames_ * static_cast<double>(span_ns_));
    out.bytes = 1514;
    out.end = End::client;
    const Phase phase = step < std::size(opening)           ? opening[step]
                        : step + std::size(closing) >= each ? closing[(step + std::size(closing) - each) % 4]
                        : step % 3 == 2                     ? Phase::tcp_ack
                                                            : Phase::http_response_body;
    const bool sent = phase == Phase::tcp_ack || step % 2 == 0;
    out.direction = sent ? journeys::Direction::sent : journeys::Direction::received;
    if (step % 2 == 0) out.other_ns = *out.time_ns + (sent ? 1 : -1) * std::int64_t{20'000'000};
    out.marks = {{phase, row_of(phase).stage, Certainty::seen}};
    return true;
  }
  bool passes_filter(FrameNumber) const override { return true; }
  EventText text(FrameNumber) const override { return {}; }
  std::vector<JourneyRecord> journeys() const override { return {}; }
  Connections connections(bool) const override { return {}; }
  std::optional<std::int64_t> origin_ns() const override { return 0; }

 private:
  std::uint32_t frames_, journeys_;
  std::int64_t span_ns_;
};

TextMeasure measure() {
  return {[](std::string_view text, TextStyle) { return 6.0 * static_cast<double>(text.size()); },
          [](TextStyle) { return 14.0; }};
}

template <typename Work>
void report(const char* what, int times, Work work) {
  static const InstructionCounter instructions;
  std::vector<double> milliseconds;
  work();
  const std::uint64_t before = instructions.count();
  for (int i = 0; i < times; ++i) {
    const auto start = std::chrono::steady_clock::now();
    work();
    milliseconds.push_back(
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count());
  }
  const std::uint64_t each = (instructions.count() - before) / static_cast<std::uint64_t>(times);
  std::sort(milliseconds.begin(), milliseconds.end());
  std::printf("  %-28s median %8.3f ms, longest %8.3f ms", what, milliseconds[milliseconds.size() / 2],
              milliseconds.back());
  if (each > 0) std::printf(", %6.1f million instructions", static_cast<double>(each) / 1e6);
  std::printf("\n");
}

void run(const char* name, std::uint32_t frames, std::uint32_t journeys, std::int64_t span_ns) {
  const Traffic traffic(frames, journeys, span_ns);
  Timeline timeline(traffic);
  const auto start = std::chrono::steady_clock::now();
  while (timeline.advance(50'000)) {
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::printf("%s: %u events, %u journeys\n  taken in %.2f s, %.1f bytes an event\n", name, frames, journeys,
              seconds, static_cast<double>(timeline.bytes()) / static_cast<double>(timeline.events().size()));
  static constexpr const char* names[] = {"years", "year", "month", "day", "hour", "minute"};
  const TextMeasure text = measure();
  Scene scene;
  for (std::size_t level = 0; level < level_count; ++level) {
    View view;
    view.level = static_cast<Level>(level);
    view.at = stretch(Nanoseconds{span_ns / 2}, view.scale);
    report(names[level], 41, [&] { lay_out_calendar(timeline, view, 1542, 910, text, scene); });
    std::printf("      %zu fills, %zu lines, %zu marks, %zu labels, %zu hits\n", scene.fills.size(),
                scene.lines.size(), scene.marks.size(), scene.labels.size(), scene.hits.size());
  }
  for (const std::int64_t days : {3650, 365, 30, 1}) {
    View view;
    const std::int64_t middle = stretch(Nanoseconds{span_ns / 2}, view.scale).seconds;
    view.window = TimeWindow{middle - days * seconds_per_day / 2, days * seconds_per_day};
    report(("letters of " + std::to_string(days) + " days").c_str(), 41,
           [&] { lay_out_letters(timeline, view, 1900, 800, text, scene); });
    std::printf("      %zu wedges, %zu lines, %zu marks, %zu labels, %zu hits\n", scene.wedges.size(),
                scene.lines.size(), scene.marks.size(), scene.labels.size(), scene.hits.size());
    report("their overview", 41,
           [&] { lay_out_letters_overview(timeline, view, 1920, overview_height, text, scene); });
  }
  View view;
  view.at = stretch(Nanoseconds{span_ns / 2}, view.scale);
  report("strip", 41, [&] { lay_out_strip(timeline, view, 1920, 72, text, scene); });
  view.journey = journeys / 2 + 1;
  report("year of one journey", 41, [&] { lay_out_calendar(timeline, view, 1542, 910, text, scene); });
}

}  // namespace

int main(int count, char** arguments) {
  const auto frames =
      count > 1 ? static_cast<std::uint32_t>(std::strtoul(arguments[1], nullptr, 10)) : 5'000'000;
  run("one busy year", frames, std::max(1U, frames / 100), 1'000'000'000);
  run("a minute", frames, std::max(1U, frames / 100), 60'000'000'000);
  run("one long fetch", frames, 20, 1'000'000'000);
  return 0;
}
