// SPDX-License-Identifier: GPL-2.0-or-later
// The requests of one journey with their responses, packet by packet: what an HTTP archive tells of.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "reports/stage_totals.h"
#include "store.h"
#include "types.h"

namespace humantime::reports {

/// A packet of a journey as one vantage saw it. Texts are printable UTF-8.
struct JourneyPacket {
  FrameNumber frame = no_frame;
  std::int64_t time_ns = 0;
  std::span<const PhaseMark> marks;
  std::string_view from, to;  ///< `192.0.2.1:443`
  std::string_view detail;    ///< `GET / www.example.jp`, `200 OK`
  std::uint32_t bytes = 0;    ///< of the frame, on the wire
  bool is_copy = false;       ///< a mirror port's second copy
};

/// Real nanoseconds since 1970 UTC.
struct Exchange {
  enum class Answer : std::uint8_t {
    none,     ///< no response was captured
    seen,     ///< from its first packet on
    unknown,  ///< several requests were under way on a connection that tells them apart by streams
  };
  FrameNumber frame = no_frame;  ///< that the request, or a promise of it, begins in
  std::string request;           ///< `GET / www.example.jp`; empty where nobody can read it
  bool secure = false;           ///< inside TLS or QUIC
  bool inferred = false;         ///< told by who speaks when: what is said is encrypted
  bool pushed = false;           ///< nobody asked, the server promised it
  Answer answer = Answer::none;
  int status = 0;  ///< 0: not known
  std::string reason;
  std::int64_t request_ns = 0, request_end_ns = 0;  ///< of its first and its last packet
  std::int64_t response_ns = 0;                     ///< where the answer was seen
  std::optional<std::int64_t> response_end_ns;
  /// Of the frames from the response's first to its last, where no other response has a share in them.
  std::optional<std::uint64_t> response_bytes;
  /// Where streams tell requests apart and their content could be read.
  std::optional<std::uint64_t> stream;
  bool reset = false;                                              ///< a side gave the stream up
  std::optional<std::uint64_t> request_content, response_content;  ///< bytes, as they were transferred
};

/// An exchange that its stream tells: HTTP/2, HTTP/3. Real nanoseconds since 1970 UTC; what is not there was
/// not captured.
struct StreamExchange {
  std::uint64_t stream = 0;
  FrameNumber request = no_frame, response = no_frame, response_end = no_frame;
  std::string_view from, to;  ///< of the first of these frames, as JourneyPacket has them
  std::string_view what;      ///< `GET / www.example.jp`, printable UTF-8
  int status = 0;
  bool pushed = false, reset = false;
  std::optional<std::int64_t> request_ns, request_end_ns, response_ns, response_end_ns;
  std::optional<std::uint64_t> request_bytes, response_bytes;  ///< content
};

/// The versions of HTTP that packets tell apart.
enum class HttpVersion : std::uint8_t { unknown, http1, http2, http3 };

/// The exchanges of a connection in order of their requests.
struct Exchanges {
  std::vector<Exchange> list;
  HttpVersion version = HttpVersion::unknown;
  std::uint32_t unclaimed = 0;  ///< responses whose requests were not captured
  std::string server;           ///< `198.51.100.80:443`; empty where it is not known
  bool secure = false;          ///< in the end
};

struct Fetch {
  bool connected = false;  ///< there are packets of a connection
  Exchanges own;
  std::vector<Exchanges> lookups;  ///< of DNS over HTTPS, each on a connection of its own
  StageTotals totals;              ///< without what belongs to the lookups' connections
  std::int64_t first_ns = 0, last_ns = 0;
  std::optional<std::int64_t> connect_ns, ssl_ns;  ///< when these stages begin
  bool tunnel = false;                             ///< a VPN's, which is none of HTTP
};

/// Reads a journey's packets in order of time.
class FetchReader {
 public:
  void take(const JourneyPacket& packet);
  /// What streams tell of the packet that was taken last. Of a connection that has any, requests and
  /// responses are put together by them alone.
  void take(const StreamExchange& exchange);
  Fetch finish();

 private:
  /// Two ends, by address and port: a connection, but one whose client moves is several.
  struct Pair {
    std::string first_sender;
    std::string server;
    std::array<std::uint64_t, 2> bytes{};  ///< by sender, the first one's first
    bool secure = false, looks_up = false, opened = false, has_settings = false, quic = false,
         connection = false, copied = false;
  };
  /// A milestone.
  struct Step {
    std::int64_t time_ns = 0;
    FrameNumber frame = no_frame;
    PhaseMark mark;
    std::uint32_t pair = 0;
    bool secure = false;
    std::uint64_t bytes_before = 0, bytes_after = 0;  ///< of the sender
    std::string detail;                               ///< of what HTTP says; that of a frame's first message
  };
  using Steps = std::vector<const Step*>;
  /// An exchange that its stream told.
  struct Streamed {
    std::uint32_t pair = 0;
    FrameNumber response = no_frame, response_end = no_frame;
    Exchange exchange;
  };

  std::uint32_t pair_of(std::string_view sender, std::string_view receiver);
  Exchanges exchanges_of(std::span<const std::uint32_t> pairs) const;
  Steps steps_of(std::span<const std::uint32_t> pairs) const;
  void tell_by_streams(const Steps& steps, std::vector<Streamed>& streams, Exchanges& found) const;
  void tell_frames(const Steps& steps, std::vector<Streamed>& streams) const;

  std::map<std::pair<std::string, std::string>, std::uint32_t> numbers_;
  std::vector<Pair> pairs_;
  std::vector<Step> steps_;
  std::vector<Streamed> streams_;
  std::int64_t first_ns_ = 0, last_ns_ = 0;
  bool any_ = false, tunnel_ = false;
};

}  // namespace humantime::reports
