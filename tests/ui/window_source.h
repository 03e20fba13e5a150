// SPDX-License-Identifier: GPL-2.0-or-later
// Sources for the window's tests: the article's year, as its table has it, and captures that are written
// down.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "model/source.h"

namespace humantime::ui {

/// What a test writes down, and changes while it is shown.
class WrittenSource : public Source {
 public:
  std::string file = "article.pcapng";
  std::vector<EventRecord> frames;  ///< by number − 1; without marks: no event
  std::vector<EventText> texts;
  std::vector<JourneyRecord> journey_list;
  Connections connection_list, limited_connections;
  mutable int counts = 0;  ///< how often the connections were asked for
  mutable std::uint64_t revision_number = 1;
  std::uint64_t first_revision = UINT64_MAX;  ///< of these frames; as large as it is: every one has others
  mutable int unsettled = 0, uncounted = 0;   ///< parts that are left to do
  int part_ms = 0;                            ///< how long each of unsettled takes
  double share_read = 1;
  std::vector<bool> filtered;  ///< by number − 1, true where the filter hides it; may be shorter
  mutable std::uint32_t most_read_at_once = 0, reads = 0;

  std::string name() const override { return file; }
  std::uint32_t frame_count() const override { return static_cast<std::uint32_t>(frames.size()); }
  double progress() const override { return share_read; }
  std::uint64_t revision() const override { return revision_number; }
  bool has_frames_of(std::uint64_t revision) const override {
    return revision == revision_number || (revision >= first_revision && revision < revision_number);
  }
  bool settle(std::uint32_t budget) const override {
    if (unsettled == 0 || budget == 0) return unsettled > 0;
    std::this_thread::sleep_for(std::chrono::milliseconds(part_ms));
    if (--unsettled == 0) ++revision_number;
    return unsettled > 0;
  }
  bool count_connections(bool, std::uint32_t budget) const override {
    return uncounted > 0 && budget > 0 && --uncounted > 0;
  }
  bool read(FrameNumber frame, EventRecord& out) const override {
    ++reads;
    const std::size_t place = to_number(frame) - std::size_t{1};
    if (place >= frames.size() || frames[place].marks.empty()) return false;
    out = frames[place];
    out.frame = frame;
    out.passes_filter = passes_filter(frame);
    return true;
  }
  bool passes_filter(FrameNumber frame) const override {
    const std::size_t place = to_number(frame) - std::size_t{1};
    return place >= filtered.size() || !filtered[place];
  }
  EventText text(FrameNumber frame) const override {
    const std::size_t place = to_number(frame) - std::size_t{1};
    return place < texts.size() ? texts[place] : EventText{};
  }
  std::vector<JourneyRecord> journeys() const override { return journey_list; }
  Connections connections(bool limited) const override {
    ++counts;
    return limited ? limited_connections : connection_list;
  }
  std::optional<std::int64_t> origin_ns() const override {
    for (const EventRecord& frame : frames)
      if (frame.time_ns) return frame.time_ns;
    return std::nullopt;
  }

  /// Adds a frame with one phase at so many nanoseconds; returns its number.
  FrameNumber add(Phase phase, std::int64_t time_ns, journeys::Direction direction, std::uint32_t journey = 1,
                  End end = End::client) {
    EventRecord record;
    record.time_ns = time_ns;
    record.direction = direction;
    record.journey = journey;
    record.end = end;
    record.marks = {
        PhaseMark{phase, row_of(phase).stage == Stage::of_the_moment ? Stage::other : row_of(phase).stage,
                  Certainty::seen}};
    frames.push_back(record);
    texts.push_back({"192.0.2.10:58498", "198.51.100.80:443", {}});
    return FrameNumber{static_cast<std::uint32_t>(frames.size())};
  }
};

/// tests/data/article-timeline.tsv, captured at both ends, with the 71 segments of its response.
inline void write_article(const std::string& table, WrittenSource& source) {
  struct Row {
    std::int64_t time_ns = 0;
    EventRecord record;
    std::string phases;
    bool sent = false;
    std::size_t peer = SIZE_MAX;
  };
  constexpr std::int64_t start = 1'466'856'000'000'000'000;  // 2016-06-25 12:00 UTC
  std::ifstream file(table);
  if (!file) throw std::runtime_error("cannot open " + table);
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  std::uint32_t queries = 0, answers = 0;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string n, end, date, ms, event, phases;
    for (std::string* cell : {&n, &end, &date, &ms, &event, &phases}) std::getline(cells, *cell, '\t');
    Row row;
    const std::size_t point = ms.find('.');
    row.time_ns =
        start + std::stoll(ms.substr(0, point)) * 1'000'000 + std::stoll(ms.substr(point + 1)) * 1000;
    row.record.end = end == "client" ? End::client : End::server;
    row.sent = event.find("received") == std::string::npos;
    row.record.direction = row.sent ? journeys::Direction::sent : journeys::Direction::received;
    row.record.journey = 1;
    row.record.vantage = end == "client" ? 0 : 1;
    row.record.bytes = 1400;
    row.phases = phases;
    std::istringstream tokens(phases);
    for (std::string token; tokens >> token;) {
      const Phase phase = phase_from_token(token).value();
      row.record.marks.push_back({phase, row_of(phase).stage, Certainty::seen});
    }
    if (phases == "dns.query") row.record.ordinal = ++queries;
    if (row_of(row.record.marks[0].phase).lane == Lane::dns && phases != "dns.query")
      row.record.ordinal = ++answers;
    rows.push_back(row);
  }
  for (int i = 1; i <= 69; ++i) {
    const double share = i / 70.0;
    Row sent;
    sent.phases = "http.response_body";
    sent.record.marks = {{Phase::http_response_body, Stage::response, Certainty::seen}};
    sent.record.journey = 1;
    sent.record.bytes = 1500;
    Row received = sent;
    sent.time_ns = start + static_cast<std::int64_t>((323.031 + share * (698.955 - 323.031)) * 1e6);
    received.time_ns = start + static_cast<std::int64_t>((357.770 + share * (827.681 - 357.770)) * 1e6);
    sent.record.end = End::server, sent.record.vantage = 1, sent.sent = true;
    received.record.end = End::client, received.sent = false;
    sent.record.direction = journeys::Direction::sent;
    received.record.direction = journeys::Direction::received;
    sent.phases += std::to_string(i);
    received.phases += std::to_string(i);
    rows.push_back(sent);
    rows.push_back(received);
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const Row& a, const Row& b) { return a.time_ns < b.time_ns; });
  // The same packet at the other end: the next with the same phases.
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].sent || row_of(rows[i].record.marks[0].phase).lane < Lane::tcp) continue;
    for (std::size_t j = i + 1; j < rows.size(); ++j) {
      if (rows[j].sent || rows[j].phases != rows[i].phases || rows[j].record.end == rows[i].record.end ||
          rows[j].peer != SIZE_MAX)
        continue;
      rows[i].peer = j;
      rows[j].peer = i;
      break;
    }
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EventRecord record = rows[i].record;
    record.time_ns = rows[i].time_ns;
    if (rows[i].peer != SIZE_MAX) {
      record.other_ns = rows[rows[i].peer].time_ns;
      record.peer = FrameNumber{static_cast<std::uint32_t>(rows[i].peer + 1)};
      record.precision_ns = 25'000;
      record.error_ns = 16'000'000;
    }
    source.frames.push_back(record);
    const bool to_server = (record.end == End::client) == rows[i].sent;
    const Lane lane = row_of(record.marks[0].phase).lane;
    std::string other = "198.51.100.80:443", detail;
    if (lane == Lane::arp) other = "192.0.2.1";
    if (lane == Lane::dns) other = "203.0.113.4:53", detail = "www.sakura.example A";
    const std::string client = lane == Lane::arp ? "192.0.2.10" : "192.0.2.10:58498";
    if (rows[i].phases == "tls.client_hello") detail = "www.sakura.example";
    source.texts.push_back(to_server ? EventText{client, other, detail} : EventText{other, client, detail});
  }
  source.journey_list = {{1, journeys::Kind::completed, FrameNumber{1}, rows.front().time_ns,
                          rows.back().time_ns, "www.sakura.example"}};
}

}  // namespace humantime::ui
