// SPDX-License-Identifier: GPL-2.0-or-later
// What the connections of a capture were like, as the report `connections` counts them: all of them, and
// those to each server. Read from its lines in JSON, which both the plugin and tshark tell. No Qt.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "journeys/connection_totals.h"

namespace humantime::ui {

/// Completed handshakes of one kind.
struct HandshakesRecord {
  std::string kind;  ///< as humantime.handshake says it: `tls12_full+client_auth`; printable
  std::uint64_t count = 0;
  std::vector<std::uint8_t> round_trips;  ///< the different numbers, the least first
  journeys::Quartiles times;              ///< from the ClientHello to the later Finished
  /// What of it was waiting for the wire, 0 to 1; none where nobody was at an end to know.
  std::optional<double> waiting_share;
};

/// One direction's messages.
struct MessagesRecord {
  std::uint64_t messages = 0, frames = 0, frame_bytes = 0;
  std::optional<std::uint64_t> application_bytes;  ///< none where some of them could not be read
  std::optional<std::uint64_t> tls_bytes;          ///< QUIC's packets too; none where nothing carried them
};

struct ConnectionsRecord {
  std::string server;  ///< printable, bounded; empty: of all connections
  std::uint64_t connections = 0, refused = 0, unanswered = 0;
  std::uint64_t tls = 0;
  std::array<std::uint64_t, journeys::tls_version_count> tls_versions{};  ///< by TlsVersion
  std::uint64_t http = 0;
  std::array<std::uint64_t, journeys::http_version_count> http_versions{};  ///< by HttpVersion
  std::uint64_t handshakes = 0, broken_off = 0;
  std::vector<HandshakesRecord> kinds;  ///< in order of handshakes.def
  std::uint64_t segments = 0, retransmissions = 0, zero_windows = 0;
  std::optional<std::int64_t> segment_interval_ns;  ///< the mean
  MessagesRecord requests, responses;
  std::string line;  ///< the report's own, without its end
};

/// All connections, then those to each server in order of their first journeys; empty: nothing is known.
using Connections = std::vector<ConnectionsRecord>;

/// A line of the report in JSON; none where it is none of this version's.
std::optional<ConnectionsRecord> read_connections(std::string_view line);

/// The record of a server; of all connections where it is empty, or is not among them. Null where there is
/// none at all.
const ConnectionsRecord* record_of(const Connections& connections, std::string_view server);

}  // namespace humantime::ui
