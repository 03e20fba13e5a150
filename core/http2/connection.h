// SPDX-License-Identifier: GPL-2.0-or-later
// The exchanges on one HTTP/2 connection (RFC 9113): reads both directions frame by frame and names the
// frames of the capture that carried them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"
#include "http2/dns_messages.h"
#include "http2/framing.h"
#include "http2/header_table.h"
#include "http2/pseudo_headers.h"
#include "http2/streams.h"
#include "phase_sink.h"
#include "tcp/lifecycle.h"
#include "types.h"
#include "wire/http2.h"

namespace humantime::http2 {

/// One connection. A value.
///
/// Below, a segment is a frame of the capture, a frame is one of HTTP/2.
///
/// Names. A message begins with the header of its HEADERS frame and ends with the last byte of the frame that
/// ends the stream, CONTINUATION included: so http.request, http.response_start and the ends; what other
/// segments carry of it, padding included, is its body, told when the segment is over. SETTINGS (their
/// acknowledgments too), PUSH_PROMISE and GOAWAY are named where they begin; the preface and the SETTINGS
/// behind it in one segment are one. A segment with none of these (PING, WINDOW_UPDATE, PRIORITY, RST_STREAM,
/// unknown types) has no name of its own.
/// The answer to a CONNECT ends with its header, as in HTTP/1; behind it the stream is http.tunnel, or for an
/// extended CONNECT (RFC 8441) http.upgraded.
///
/// Certainty. What the bytes show is `seen`. Where bytes are missing, what they did to the header compression
/// is not known: a response whose status depends on it has no name until DATA follow, which only a final
/// response has, and never one where trailers follow. DATA of a stream whose request was not seen may be a
/// tunnel's: they have no name, unless the response's header shows that it is none. Where the framing was
/// lost too, what is found behind it is `inferred` until a second frame follows the first.
///
/// Moments. response while any response is under way, else request while any request is, else wait; connect
/// while there are only tunnels. Nothing before the first request.
class Connection {
 public:
  /// The connection preface comes next from this side.
  void begin_with_preface(tcp::Role client);
  /// Behind the 101 that accepted `Upgrade: h2c`: the request was HTTP/1's, its response comes on stream 1
  /// (RFC 7540 3.2).
  void begin_upgraded(tcp::Role client, PhaseSink& sink);
  /// What came before from this side was not read.
  void begin_anywhere(tcp::Role from) {
    direction(from).framing.begin_anywhere();
    direction(from).lossy = true;
  }
  /// What a segment is that has no name of its own.
  void unnamed_are(Phase phase) { unnamed_ = phase; }

  /// The next bytes of a side, all from one segment; `more` of the same follow at once.
  void feed(tcp::Role from, FrameNumber segment, Bytes bytes, bool more, PhaseSink& sink);
  /// The next bytes are not in the capture: lost (`no_frame`), or cut off the segment.
  void skip(tcp::Role from, FrameNumber segment, std::uint64_t count, bool more, PhaseSink& sink);
  /// The pieces of a segment that said that more follow were all that there is.
  void flush(tcp::Role from, PhaseSink& sink);
  /// The side's stream is over. What was open has no end.
  void end(tcp::Role from, PhaseSink& sink);

  /// What the last segment of the side is, later ones tell.
  bool undecided(tcp::Role from) const;

 private:
  class Reading;  // one call's work

  /// A header block that has begun: HEADERS or PUSH_PROMISE, and CONTINUATION.
  struct Block {
    enum class State : std::uint8_t {
      none,
      waiting,  ///< what its message is, is told when it is whole
      told,
    };
    std::vector<std::uint8_t> bytes;  ///< where it takes several frames
    std::uint32_t stream = 0;
    std::uint32_t promised_stream = 0;
    FrameNumber first = no_frame;  ///< where it begins
    State state = State::none;
    bool push = false;
    bool ends_stream = false;
    bool damaged = false;  ///< bytes of it are missing, those before them are kept
  };

  struct Direction {
    Framing framing;
    HeaderTable table;
    Block block;
    std::vector<std::uint8_t> payload;  ///< of a frame that is read as a whole, and takes several pieces
    std::vector<FrameNumber> carriers;  ///< segments of a header, or of a block that waits
    FrameNumber segment = no_frame;     ///< the last one
    FrameNumber preface = no_frame;     ///< that carried its first byte
    std::uint32_t losses = 0;           ///< how often framing was lost
    std::uint32_t bodies = 0;  ///< messages of which the segment carries neither beginning nor end, so far
    bool open = false;         ///< more of the segment may follow
    bool named = false;        ///< the segment has a name
    bool doubtful = false;     ///< a response without a status begins in the segment
    bool body_seen = false;    ///< one of `bodies` began where that was seen
    bool payload_damaged = false;
    bool lossy = false;  ///< frames are missing
  };

  Direction& direction(tcp::Role role) { return directions_[static_cast<std::size_t>(role)]; }
  const Direction& direction(tcp::Role role) const { return directions_[static_cast<std::size_t>(role)]; }

  std::array<Direction, 2> directions_;
  Streams streams_;
  DnsMessages dns_;
  std::optional<tcp::Role> client_;
  Phase unnamed_ = Phase::tcp_data;
  bool server_named_ = false;
};

}  // namespace humantime::http2
