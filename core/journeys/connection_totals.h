// SPDX-License-Identifier: GPL-2.0-or-later
// What connections were like, counted: how many with TLS and with which version, how they shook hands and how
// long that took, which HTTP they spoke, what became of their segments.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "handshake.h"
#include "journeys/journey.h"
#include "phases.h"
#include "store.h"
#include "work.h"

namespace humantime::journeys {

/// Real nanoseconds. The quartiles lie between the two nearest values, in proportion (Hyndman and Fan's
/// seventh definition), so that the median of an even number is the middle of the two in the middle. All 0
/// where n is.
struct Quartiles {
  std::size_t n = 0;
  std::int64_t min_ns = 0, q1_ns = 0, median_ns = 0, q3_ns = 0, max_ns = 0;
};
Quartiles quartiles_of(std::vector<std::int64_t> values_ns);

/// What keys were agreed upon with. QUIC's handshake is TLS 1.3's, and counted apart.
enum class TlsVersion : std::uint8_t { ssl30, tls10, tls11, tls12, tls13, dtls10, dtls12, quic, unknown };
constexpr std::size_t tls_version_count = 9;
std::string_view token_of(TlsVersion version);

/// Unknown: messages were read, but not how the connection began, and that is what tells HTTP/2 by its
/// SETTINGS (RFC 9113 3.4) from HTTP/1, which has none.
enum class HttpVersion : std::uint8_t { http1, http2, http3, unknown };
constexpr std::size_t http_version_count = 4;
std::string_view token_of(HttpVersion version);

/// One direction's messages. What was sent again counts once.
struct MessageTotals {
  std::uint64_t messages = 0;     ///< interim responses are none of their own
  std::uint64_t frames = 0;       ///< that carry some of them
  std::uint64_t frame_bytes = 0;  ///< of those, as they were on the wire
  /// As HTTP wrote them, before TLS and without what HTTP/2 and HTTP/3 say besides messages.
  std::uint64_t application_bytes = 0;
  /// Of the TLS records, or the QUIC packets (RFC 9001), that carried them, with their headers.
  std::uint64_t record_bytes = 0;
  /// Connections that had messages of which it is not known how long HTTP wrote them: nobody decrypted them.
  std::uint64_t unread = 0;
};

/// Completed handshakes that went alike: those that humantime.handshake has one text for.
struct HandshakeGroup {
  Handshake like;  ///< the first
  std::size_t n = 0;
  std::vector<std::uint8_t> round_trips;  ///< the different numbers, the least first
  std::vector<std::int64_t> times_ns;     ///< from the ClientHello to the later Finished; of those with times
  /// Of the same, where it is known at which end it was seen: what of it was waiting for the wire, and for
  /// who works at its other end. The two lists go together.
  std::vector<std::int64_t> waits_ns, waited_of_ns;
};

/// Connections that were made are counted in all but `refused` and `unanswered`; segments are those of all.
struct ConnectionTotals {
  std::uint64_t connections = 0;  ///< that were made
  std::uint64_t refused = 0, unanswered = 0;
  std::uint64_t with_tls = 0;
  std::array<std::uint64_t, tls_version_count> tls{};  ///< of with_tls, by TlsVersion
  std::uint64_t with_http = 0;                         ///< that was readable, or implied
  std::array<std::uint64_t, http_version_count> http{};
  std::uint64_t handshakes = 0;                    ///< completed, of a kind that is known
  std::uint64_t broken_off = 0;                    ///< ended by an alert or by the connection's end
  std::map<std::uint32_t, HandshakeGroup> groups;  ///< in order of handshakes.def
  std::uint64_t segments = 0;                      ///< TCP's
  std::uint64_t retransmissions = 0, zero_windows = 0;
  /// From each connection's first segment to its last one, added up, and how many steps that were.
  std::int64_t span_ns = 0;
  std::uint64_t steps = 0;
  MessageTotals requests, responses;
};

/// Counts a connection for each journey that led to one, as one vantage saw it: the client's, where that is
/// known, else the first. What the others saw is the same connection. A connection that its name was looked
/// up over is none of its own.
class ConnectionCount {
 public:
  struct Server {
    std::string name;  ///< as it was given
    ConnectionTotals totals;
  };

  explicit ConnectionCount(const FrameStore& store);

  /// `server`: what the journey's connection is counted under.
  void add(const Journey& journey, std::string_view server) { take(journey, std::string(server)).finish(); }
  /// The same a part at a time. The journey stays until it is done.
  Work take(const Journey& journey, std::string server);

  const ConnectionTotals& all() const { return all_; }
  /// In order of their first journeys.
  std::span<const Server> servers() const { return servers_; }

 private:
  /// A connection of a journey, as its vantage saw it.
  struct Seen {
    End end = End::unknown;
    std::uint32_t lanes = 0;  ///< a bit for each Lane
    bool begun = false;       ///< a SYN was seen
    bool over_udp = false;
    bool http2 = false;
    std::uint64_t segments = 0, retransmissions = 0, zero_windows = 0, timed = 0;
    std::int64_t first_ns = 0, last_ns = 0;
    MessageTotals requests, responses;

    void take(const FrameRow& row, std::span<const PhaseMark> marks);
    bool has(Lane lane) const { return (lanes >> static_cast<unsigned>(lane) & 1) != 0; }
    bool is_tcp() const { return !over_udp && (has(Lane::tcp) || (!has(Lane::quic) && !has(Lane::vpn))); }
    bool is_better_than(const Seen& other) const;
    HttpVersion http_version() const;
  };
  /// A handshake's place in the store, behind its connection's number.
  using Place = std::pair<std::uint32_t, std::uint32_t>;

  std::span<const Place> handshakes_of(std::uint32_t connection) const;
  TlsVersion tls_version(const Seen& seen, std::uint32_t connection) const;
  void add_to(ConnectionTotals& totals, Kind kind, std::uint32_t connection, const Seen& seen) const;
  void add_handshake(ConnectionTotals& totals, const Handshake& handshake, End end) const;

  const FrameStore& store_;
  std::vector<Place> places_;  ///< sorted
  ConnectionTotals all_;
  std::vector<Server> servers_;
  std::unordered_map<std::string, std::size_t> index_;  ///< of servers_, by name
  std::map<std::uint32_t, Seen> seen_;                  ///< of the journey that is counted
  std::vector<PhaseMark> marks_;
};

}  // namespace humantime::journeys
