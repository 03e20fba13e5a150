// SPDX-License-Identifier: GPL-2.0-or-later
// The exchange on one HTTP/1.0 or HTTP/1.1 connection (RFC 9110, RFC 9112): reads both directions piece by
// piece and names the frames that carried them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bytes.h"
#include "http1/pairing.h"
#include "http1/start_line.h"
#include "http2/dns_messages.h"
#include "phase_sink.h"
#include "rare.h"
#include "types.h"

namespace humantime::http1 {

/// Who sends: requests come from the client.
enum class Side : std::uint8_t { client, server };

/// Whether more bytes of the same frame follow at once (one segment may carry several TLS records): what the
/// frame is in the middle of a message is told when its last bytes are there.
enum class More : bool { no, yes };

/// What the stream carries after HTTP/1 has handed it over.
enum class Inner : std::uint8_t {
  none,       ///< it is HTTP/1
  tunnel,     ///< what a CONNECT opened (RFC 9110 9.3.6)
  websocket,  ///< 101 to websocket (RFC 6455)
  h2c,        ///< 101 to HTTP/2 (RFC 7540 3.2)
  other,      ///< 101 to anything else
};

/// One connection. A value: copies are independent and, between two messages, allocate nothing.
///
/// Certainty. What the bytes show is `seen`. After a loss that took the framing along, everything is
/// `inferred`, the next start line that begins a segment included, until a message that ends by its own
/// framing is followed by another start line. The end of a response may depend on its request (HEAD): with
/// the request unseen it is `inferred` until the body's first byte is there. `unsettled` are the last segment
/// so far of a body whose end only the future tells (closed by FIN, or framing lost), and the first segment
/// of a message while it does not show yet which.
///
/// Details. On a request's first frame `GET /index.html example.com`: method, target, and the Host when it
/// lies in the same segment and the target does not name it; on a response's (and interim response's)
/// `200 OK`. Raw bytes, 120 at the most.
///
/// DNS over HTTPS (RFC 8484): a message that is content is named where it ends; the question in a GET's
/// target where that begins, once the response shows that it was one.
///
/// Moments. request, wait and response as the messages begin and end; connect when a CONNECT has opened its
/// tunnel, response when a 101 has switched the protocol. end() tells none: what follows is the close.
class Exchange {
 public:
  /// The next bytes of a side in stream order, all from one frame. Gives how many of them were HTTP/1's:
  /// fewer than there are when these bytes end with the switch to inner(). The rest is the inner protocol's;
  /// a caller that cannot read it calls feed() with it, and it is named http.tunnel or http.upgraded.
  [[nodiscard]] std::size_t feed(Side side, FrameNumber frame, Bytes bytes, PhaseSink& sink,
                                 More more = More::no);

  /// The next `count` bytes of a side are not in the capture: lost (`no_frame`), or cut off the frame that
  /// carried them, behind the bytes that were fed with More::yes. Gives how many of them were HTTP/1's, as
  /// feed() does.
  std::uint64_t skip(Side side, FrameNumber frame, std::uint64_t count, PhaseSink& sink,
                     More more = More::no);

  /// The side's stream is over: by FIN, or by RST (`reset`), which completes no message.
  void end(Side side, bool reset, PhaseSink& sink);

  /// What the next bytes of the side are.
  Inner inner(Side side) const;
  bool tunnel(Side side) const { return inner(side) == Inner::tunnel; }

  /// Where a message should begin there was something else: nothing is named until a segment begins with a
  /// start line.
  bool broken(Side side) const { return direction(side).state == State::broken; }

  /// Whether a message of the side has begun and has not been seen to end.
  bool in_message(Side side) const;

  /// The status code of the last response, interim ones included; 0 before the first and while it is not
  /// known.
  std::uint16_t status() const { return status_; }

 private:
  class Reading;  // one call's work

  enum class State : std::uint8_t {
    start,       // between messages
    start_line,  // a request or status line has begun
    fields,      // header lines
    counted,     // a body of `remaining` bytes
    chunk_size,  // a chunk's size line
    chunk,       // a chunk's data, `remaining` bytes
    chunk_end,   // the line end after a chunk's data
    trailers,    // lines after the last chunk
    to_close,    // a body that the FIN ends
    doubt,       // after the header of a response that has a body unless it answers a HEAD: it is not known
    lost,        // in a message, where it ends is not known
    broken,      // no HTTP
    inner,       // handed over
  };

  enum class Field : std::uint8_t { none, host, content_length, content_type, transfer_encoding, upgrade };

  struct Direction {
    std::uint64_t remaining = 0;       // of the body or chunk; in the header the Content-Length so far
    std::string line;                  // the beginning of a line that crosses segments
    std::vector<FrameNumber> pending;  // frames of a start line that is not recognised yet
    FrameNumber first = no_frame;      // of the message's first byte, where that was seen
    FrameNumber open = no_frame;     // the last frame of a body without known end: it may be the last of all
    FrameNumber unnamed = no_frame;  // the frame of which More::yes was said
    std::uint32_t header_bytes = 0;
    std::uint32_t messages = 0;  // requests, or final responses, whose headers were read
    State state = State::start;
    State after_doubt = State::start;
    Field field = Field::none;     // of the line before, for lines that continue it
    Inner upgrade = Inner::other;  // the Upgrade field of this header
    bool synced = true;            // the message began where framing said it would
    bool framed = true;            // in start: framing says that a message begins here
    bool doubtful = false;         // whether the message has a body is not sure
    bool recognised = false;       // in start_line: it is told
    bool has_length = false;       // header: Content-Length seen
    bool has_coding = false;       // header: Transfer-Encoding seen
    bool chunked = false;          // header: its last coding is chunked
    bool faulty = false;           // header: its framing cannot be trusted
    bool old = false;              // HTTP/1.0
    bool dns = false;              // header: the content is a DNS message
  };

  bool interim() const { return status_ >= 100 && status_ < 200; }
  void name_unnamed(Side side, FrameNumber frame, PhaseSink& sink);
  Direction& direction(Side side) { return directions_[static_cast<std::size_t>(side)]; }
  const Direction& direction(Side side) const { return directions_[static_cast<std::size_t>(side)]; }

  Direction directions_[2];
  Pairing pairing_;
  Rare<http2::DnsMessages> dns_;
  std::uint16_t status_ = 0;
  Inner inner_ = Inner::none;
};

}  // namespace humantime::http1
