// SPDX-License-Identifier: GPL-2.0-or-later
// What connections were like, written down for tests.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "model/connections.h"

namespace humantime::ui::test {

constexpr std::int64_t ms = 1000000;

inline HandshakesRecord handshakes(std::string kind, std::uint64_t count, std::uint8_t round_trips,
                                   journeys::Quartiles times) {
  HandshakesRecord record;
  record.kind = std::move(kind);
  record.count = count;
  record.round_trips = {round_trips};
  record.times = times;
  record.waiting_share = 0.973;
  return record;
}

/// Ten fetches of the article, as they were counted.
inline ConnectionsRecord ten_fetches(std::string server = {}) {
  ConnectionsRecord record;
  record.server = std::move(server);
  record.connections = record.tls = record.http = record.handshakes = 10;
  record.tls_versions[static_cast<std::size_t>(journeys::TlsVersion::tls12)] = 10;
  record.http_versions[static_cast<std::size_t>(journeys::HttpVersion::http1)] = 10;
  record.kinds = {handshakes("tls12_full", 10, 2, {10, 92 * ms, 93 * ms, 94 * ms, 96 * ms, 97 * ms})};
  record.segments = 1215;
  record.segment_interval_ns = 3038000;
  record.requests = {10, 10, 1960, 1010, 1300};
  record.responses = {10, 720, 1076250, 1026390, 1028420};
  return record;
}

}  // namespace humantime::ui::test
