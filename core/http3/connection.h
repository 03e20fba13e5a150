// SPDX-License-Identifier: GPL-2.0-or-later
// The exchanges on one HTTP/3 connection (RFC 9114): reads the streams of both sides and names the frames of
// the capture that carried them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytes.h"
#include "http3/framing.h"
#include "phase_sink.h"
#include "tcp/lifecycle.h"
#include "tcp/stream.h"
#include "types.h"

namespace humantime::http3 {

/// One connection. A value.
///
/// Names. A message begins with the header of its HEADERS frame and ends where the stream does, with the FIN:
/// so http.request, http.response_start and the ends. What other packets carry of it is its body, told when
/// the datagram is over. SETTINGS, GOAWAY and PUSH_PROMISE are named where they begin. A response whose
/// status refers to QPACK's dynamic table has no name until DATA or the end follow, which only a final
/// response has.
///
/// Moments. response while any response is under way, else request while any request is, else wait. Nothing
/// before the first request.
class Connection {
 public:
  /// What a STREAM frame in this frame of the capture carries (RFC 9000 19.8). `offset` and the length stay
  /// below 2^62 together.
  void feed(tcp::Role from, std::uint64_t stream, std::uint64_t offset, Bytes content, bool fin,
            FrameNumber frame, PhaseSink& sink);
  /// The sender gives the stream up: what is open of it has no end (RFC 9000 19.4).
  void reset(tcp::Role from, std::uint64_t stream, PhaseSink& sink);
  /// The datagram is over.
  void flush(PhaseSink& sink);
  /// A request was seen: the moments are told from here on.
  bool requested() const { return requested_; }
  /// Whether bytes wait for others before them.
  bool waits() const;
  /// No more bytes will come: what waits is read without those before it.
  void finish(PhaseSink& sink);

 private:
  class Reading;  // one call's work

  /// Of a unidirectional stream (RFC 9114 6.2).
  enum class Kind : std::uint8_t { unknown, control, push, message, other };
  enum class State : std::uint8_t {
    idle,   ///< not begun; interim responses may have been
    doubt,  ///< a response has begun, or an interim one: its status is not known
    open,
    over,
  };

  /// One direction of a stream.
  struct Half {
    tcp::Stream bytes;
    Framing framing;
    Integers<8> kind_header;  ///< the stream's type, then a push stream's ID
    tcp::Offset end = -1;     ///< behind the last byte; -1: not told yet
    FrameNumber fin = no_frame;
    FrameNumber first = no_frame;    ///< where the message begins
    FrameNumber body_in = no_frame;  ///< the frame that is being read carries some of it
    Kind kind = Kind::unknown;
    State state = State::idle;
    bool response = false;
    bool told = false;  ///< its beginning has a name
  };
  struct Stream {
    std::uint64_t id = 0;
    std::array<Half, 2> halves;  ///< by role of the sender; of a unidirectional one the sender's
  };

  /// More that are not over at once: the oldest is forgotten.
  static constexpr std::size_t most_streams = 64;
  /// Bytes that may wait, of all streams.
  static constexpr std::size_t most_waiting = std::size_t{2} << 20;

  Stream* stream_of(std::uint64_t id);
  std::size_t waiting_bytes() const;

  std::vector<Stream> streams_;                ///< ascending by id
  std::array<std::uint64_t, 4> forgotten_{};   ///< by kind of ID: those below are not known any more
  std::uint32_t receiving_ = 0, sending_ = 0;  ///< responses and requests under way
  bool server_named_ = false;
  bool requested_ = false;
};

}  // namespace humantime::http3
