// SPDX-License-Identifier: GPL-2.0-or-later
// The exchanges on one HTTP/3 connection (RFC 9114): reads the streams of both sides and names the frames of
// the capture that carried them.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytes.h"
#include "http2/dns_messages.h"
#include "http3/field_table.h"
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
/// status lies in QPACK's dynamic table has no name while the table's entry is not known: until the encoder
/// has told it, or until DATA or the end follow, which only a final response has.
///
/// Moments. response while any response is under way, else request while any request is, else wait. Nothing
/// before the first request.
class Connection {
 public:
  /// What a STREAM frame in this frame of the capture carries (RFC 9000 19.8). `offset` and the length stay
  /// below 2^62 together. Whether it brings bytes of a message, and some of them for the first time, as far
  /// as that shows.
  bool feed(tcp::Role from, std::uint64_t stream, std::uint64_t offset, Bytes content, bool fin,
            FrameNumber frame, PhaseSink& sink);
  /// The sender gives the stream up: what is open of it has no end (RFC 9000 19.4).
  void reset(tcp::Role from, std::uint64_t stream, PhaseSink& sink);
  /// The datagram is over.
  void flush(PhaseSink& sink);
  /// A request was seen: the moments are told from here on.
  bool requested() const { return requested_; }
  /// Whether bytes wait for others before them, or for what the encoder puts into its table.
  bool waits() const;
  /// No more bytes will come: what waits is read without those.
  void finish(PhaseSink& sink);

 private:
  class Reading;  // one call's work

  /// Of a unidirectional stream (RFC 9114 6.2).
  enum class Kind : std::uint8_t { unknown, control, push, message, encoder, other };
  enum class State : std::uint8_t {
    idle,   ///< not begun; interim responses may have been
    doubt,  ///< a response has begun, or an interim one: its status is not known
    open,
    over,
  };

  /// A field section that refers to what the encoder has not told yet.
  struct Blocked {
    FrameNumber first = no_frame;  ///< where its frame begins
    std::vector<std::uint8_t> section;
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
    std::vector<Blocked> blocked;    ///< in their order
    Kind kind = Kind::unknown;
    State state = State::idle;
    bool response = false;
    bool has_content = false;   ///< DATA were seen
    bool gap = false;           ///< bytes of it are missing
    std::uint64_t content = 0;  ///< bytes of DATA so far
    bool ambiguous = false;     ///< in doubt: of two sections either may be the response's header
  };
  struct Stream {
    std::uint64_t id = 0;
    std::array<Half, 2> halves;  ///< by role of the sender; of a unidirectional one the sender's
  };

  /// More that are not over at once: the oldest is forgotten.
  static constexpr std::size_t most_streams = 64;
  /// Bytes that may wait, of all streams.
  static constexpr std::size_t most_waiting = std::size_t{2} << 20;
  /// Field sections of one direction of a stream that may wait; others are read as far as they can be.
  static constexpr std::size_t most_blocked = 4;

  Stream* stream_of(std::uint64_t id);
  std::size_t waiting_bytes() const;
  FieldTable& table_of(tcp::Role from) { return tables_[static_cast<std::size_t>(from)]; }
  void unblock(tcp::Role from, FrameNumber now, PhaseSink& sink);

  std::vector<Stream> streams_;       ///< ascending by id
  std::array<FieldTable, 2> tables_;  ///< by role of who puts entries in
  http2::DnsMessages dns_;
  std::array<std::uint64_t, 4> forgotten_{};   ///< by kind of ID: those below are not known any more
  std::uint32_t receiving_ = 0, sending_ = 0;  ///< responses and requests under way
  bool blocked_ = false;                       ///< some section waits
  bool server_named_ = false;
  bool requested_ = false;
};

}  // namespace humantime::http3
