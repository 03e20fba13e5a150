// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/connections.h"

#include <algorithm>

#include "model/json_record.h"
#include "text.h"

namespace humantime::ui {
namespace {

/// Nobody reads more of a name, and a line on the page is shorter by far.
constexpr std::size_t longest_name = 255;

using journeys::HttpVersion;
using journeys::Quartiles;
using journeys::TlsVersion;

/// Printable, and cut between characters.
std::string bounded(std::string_view text) {
  std::string clean = printable(text);
  std::size_t end = std::min(clean.size(), longest_name);
  while (end > 0 && end < clean.size() && (static_cast<unsigned char>(clean[end]) & 0xc0U) == 0x80U) --end;
  clean.resize(end);
  return clean;
}

/// Numbers that every record has: where one is null the record is wrong.
class Counts {
 public:
  explicit Counts(const JsonRecord& record) : record_(record) {}
  std::uint64_t of(const char* key) {
    const std::optional<std::uint64_t> count = record_.integer<std::uint64_t>(key);
    complete_ = complete_ && count.has_value();
    return count.value_or(0);
  }
  bool are_complete() const { return complete_ && !record_.wrong(); }

 private:
  const JsonRecord& record_;
  bool complete_ = true;
};

/// What was never told is no number: the report leaves out none of its versions.
template <typename Version, std::size_t Size>
bool read_versions(const JsonRecord& record, std::array<std::uint64_t, Size>& counts) {
  Counts told(record);
  for (std::size_t i = 0; i < Size; ++i)
    counts[i] = told.of(std::string(token_of(static_cast<Version>(i))).c_str());
  return told.are_complete();
}

bool read_messages(const JsonRecord& record, MessagesRecord& out) {
  Counts counts(record);
  out.messages = counts.of("messages");
  out.frames = counts.of("frames");
  out.frame_bytes = counts.of("frame_bytes");
  out.application_bytes = record.integer<std::uint64_t>("application_bytes");
  out.tls_bytes = record.integer<std::uint64_t>("tls_bytes");
  return counts.are_complete();
}

bool read_kind(const JsonRecord& record, HandshakesRecord& out) {
  Counts counts(record);
  out.count = counts.of("n");
  for (const JsonRecord::Json& trips : record.at("rtts")) {
    if (!trips.is_number_unsigned() || trips.get<std::uint64_t>() > 0xff) return false;
    out.round_trips.push_back(static_cast<std::uint8_t>(trips.get<std::uint64_t>()));
  }
  Quartiles& times = out.times;
  times.n = counts.of("time_n");
  const auto time = [&](const char* key) { return record.integer<std::int64_t>(key).value_or(0); };
  times.min_ns = time("time_min_ns");
  times.q1_ns = time("time_q1_ns");
  times.median_ns = time("time_median_ns");
  times.q3_ns = time("time_q3_ns");
  times.max_ns = time("time_max_ns");
  out.waiting_share = record.number("waiting_share");
  const bool ordered = times.min_ns <= times.q1_ns && times.q1_ns <= times.median_ns &&
                       times.median_ns <= times.q3_ns && times.q3_ns <= times.max_ns;
  const bool is_share = !out.waiting_share || (*out.waiting_share >= 0 && *out.waiting_share <= 1);
  return counts.are_complete() && ordered && is_share;
}

}  // namespace

std::optional<ConnectionsRecord> read_connections(std::string_view line) {
  while (!line.empty() && line.back() == '\n') line.remove_suffix(1);
  const JsonRecord record(line);
  Counts counts(record);
  ConnectionsRecord read;
  const bool all = record.text("scope") == "all";
  read.server = bounded(record.text("server"));
  read.connections = counts.of("connections");
  read.refused = counts.of("refused");
  read.unanswered = counts.of("unanswered");
  read.tls = counts.of("tls");
  read.http = counts.of("http");
  read.handshakes = counts.of("handshakes");
  read.broken_off = counts.of("handshakes_broken_off");
  read.segments = counts.of("segments");
  read.retransmissions = counts.of("retransmissions");
  read.zero_windows = counts.of("zero_windows");
  read.segment_interval_ns = record.integer<std::int64_t>("segment_interval_ns");
  if (!read_versions<TlsVersion>(JsonRecord(record.at("versions")), read.tls_versions) ||
      !read_versions<HttpVersion>(JsonRecord(record.at("http_versions")), read.http_versions) ||
      !read_messages(JsonRecord(record.at("requests")), read.requests) ||
      !read_messages(JsonRecord(record.at("responses")), read.responses) || !record.at("kinds").is_object() ||
      !counts.are_complete() || all != read.server.empty())
    return std::nullopt;
  // Here the order tells: that of handshakes.def.
  const nlohmann::ordered_json ordered = nlohmann::ordered_json::parse(line, nullptr, false);
  for (const auto& [kind, of] : ordered.at("kinds").items()) {
    HandshakesRecord& handshakes = read.kinds.emplace_back();
    handshakes.kind = bounded(kind);
    if (!read_kind(JsonRecord(JsonRecord::Json(of)), handshakes)) return std::nullopt;
  }
  read.line = line;
  return read;
}

const ConnectionsRecord* record_of(const Connections& connections, std::string_view server) {
  if (connections.empty()) return nullptr;
  // Of the only server there is nothing to tell that is not told of all, but its name.
  if (connections.size() == 2) return &connections[1];
  const auto found = std::find_if(connections.begin(), connections.end(),
                                  [&](const ConnectionsRecord& record) { return record.server == server; });
  return found == connections.end() ? connections.data() : &*found;
}

}  // namespace humantime::ui
