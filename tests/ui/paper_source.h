// SPDX-License-Identifier: GPL-2.0-or-later
// Events written down instead of captured, and the article's table as such.
#pragma once

#include <algorithm>
#include <cmath>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "model/source.h"

namespace humantime::ui::test {

/// Frame n is the n-th record.
class PaperSource : public Source {
 public:
  std::vector<EventRecord> records;
  std::vector<JourneyRecord> journey_records;
  std::map<std::uint32_t, EventText> texts;  ///< by frame; of others the same for all
  std::optional<std::int64_t> origin;
  std::uint32_t available = 0xffffffff;  ///< frames that have come so far
  std::uint64_t current_revision = 1;

  std::string name() const override { return "paper.pcapng"; }
  std::uint32_t frame_count() const override {
    return std::min(available, static_cast<std::uint32_t>(records.size()));
  }
  double progress() const override { return frame_count() == records.size() ? 1 : 0.5; }
  std::uint64_t revision() const override { return current_revision; }
  bool read(FrameNumber frame, EventRecord& out) const override {
    const std::uint32_t number = to_number(frame);
    if (number == 0 || number > frame_count()) return false;
    out = records[number - 1];
    return !out.marks.empty();
  }
  bool passes_filter(FrameNumber frame) const override { return records[to_number(frame) - 1].passes_filter; }
  EventText text(FrameNumber frame) const override {
    const auto found = texts.find(to_number(frame));
    return found != texts.end() ? found->second : EventText{"192.0.2.10:5", "198.51.100.80:443", ""};
  }
  std::vector<JourneyRecord> journeys() const override { return journey_records; }
  Connections connections(bool) const override { return {}; }
  std::optional<std::int64_t> origin_ns() const override { return origin; }

  EventRecord& add(std::int64_t time_ns, Phase phase, std::uint32_t journey = 1) {
    EventRecord record;
    record.frame = FrameNumber{static_cast<std::uint32_t>(records.size() + 1)};
    record.time_ns = time_ns;
    record.journey = journey;
    record.bytes = 100;
    record.marks = {{phase, row_of(phase).stage, Certainty::seen}};
    records.push_back(std::move(record));
    return records.back();
  }
  /// Both copies of a packet: sent at one end, received at the other.
  void add_letter(std::int64_t sent_ns, std::int64_t received_ns, End sender, std::vector<PhaseMark> marks,
                  std::uint32_t journey = 1) {
    const End receiver = sender == End::client ? End::server : End::client;
    EventRecord& sent = add(sent_ns, marks.front().phase, journey);
    sent.marks = marks;
    sent.end = sender;
    sent.vantage = sender == End::client ? 0 : 1;
    sent.direction = journeys::Direction::sent;
    sent.other_ns = received_ns;
    const FrameNumber sent_frame = sent.frame;
    sent.peer = FrameNumber{to_number(sent_frame) + 1};
    EventRecord& received = add(received_ns, marks.front().phase, journey);
    received.marks = std::move(marks);
    received.end = receiver;
    received.vantage = receiver == End::client ? 0 : 1;
    received.direction = journeys::Direction::received;
    received.other_ns = sent_ns;
    received.peer = sent_frame;
  }
};

constexpr std::int64_t paper_origin = 1'466'856'000'000'000'000;

/// The 34 events of the article. With `segments` also the packets of the response between the first and the
/// last, of which the article tells the number only.
inline PaperSource article(const std::string& path, std::size_t segments = 0) {
  struct Row {
    End end;
    double ms;
    bool received;
    std::vector<PhaseMark> marks;
    bool taken = false;
  };
  std::vector<Row> rows;
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::vector<std::string> cells;
    std::istringstream cut(line);
    for (std::string cell; std::getline(cut, cell, '\t');) cells.push_back(cell);
    if (cells.size() != 6) throw std::runtime_error("not a row of the article: " + line);
    Row row{cells[1] == "client" ? End::client : End::server,
            std::stod(cells[3]),
            cells[4].find("received") != std::string::npos,
            {}};
    std::istringstream words(cells[5]);
    for (std::string token; words >> token;) {
      const auto phase = phase_from_token(token);
      if (!phase) throw std::runtime_error("no phase: " + token);
      row.marks.push_back({*phase, row_of(*phase).stage, Certainty::seen});
    }
    rows.push_back(std::move(row));
  }
  PaperSource source;
  source.origin = paper_origin;
  const auto ns = [](double ms) { return paper_origin + static_cast<std::int64_t>(std::llround(ms * 1e6)); };
  std::uint32_t queries = 0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].taken) continue;
    // The other copy: the same phases at the other end, the next one received.
    std::size_t twin = rows.size();
    for (std::size_t j = i + 1; j < rows.size() && twin == rows.size() && !rows[i].received; ++j)
      if (!rows[j].taken && rows[j].received && rows[j].end != rows[i].end && rows[j].marks == rows[i].marks)
        twin = j;
    if (twin < rows.size()) {
      rows[twin].taken = true;
      source.add_letter(ns(rows[i].ms), ns(rows[twin].ms), rows[i].end, rows[i].marks);
      if (rows[i].marks.front().phase == Phase::http_response_start)
        for (std::size_t n = 1; n <= segments; ++n) {
          const double share = static_cast<double>(n) / static_cast<double>(segments + 1);
          source.add_letter(ns(323.031 + share * (698.955 - 323.031)),
                            ns(357.770 + share * (827.681 - 357.770)), End::server,
                            {{Phase::http_response_body, Stage::response, Certainty::seen}});
        }
      continue;
    }
    EventRecord& record = source.add(ns(rows[i].ms), rows[i].marks.front().phase);
    record.marks = rows[i].marks;
    record.end = rows[i].end;
    record.direction = rows[i].received ? journeys::Direction::received : journeys::Direction::sent;
    if (record.marks.front().phase == Phase::dns_query) record.ordinal = ++queries;
  }
  source.journey_records = {
      {1, journeys::Kind::completed, FrameNumber{1}, ns(0), ns(914.777), "www.sakura.example"}};
  return source;
}

}  // namespace humantime::ui::test
