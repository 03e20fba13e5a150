// SPDX-License-Identifier: GPL-2.0-or-later
// The frames in a decrypted QUIC packet (RFC 9000 19, RFC 9221, draft-ietf-quic-ack-frequency).
#pragma once

#include <cstdint>
#include <optional>

#include "bytes.h"

namespace humantime::wire {

/// Those that something is read of; the others are stepped over.
enum class QuicFrameType : std::uint8_t {
  other,
  crypto,             ///< `offset`, `content`
  stream,             ///< `stream`, `offset`, `content`, `fin`
  reset_stream,       ///< `stream`
  new_connection_id,  ///< `content` is the ID
  connection_close,   ///< `code`, `of_application`; `content` is the reason
  handshake_done,
};

struct QuicFrame {
  QuicFrameType type = QuicFrameType::other;
  bool fin = false;             ///< the stream ends behind `content`
  bool of_application = false;  ///< `code` is the application's, not QUIC's
  std::uint64_t stream = 0;
  std::uint64_t offset = 0;  ///< of the content's first byte; offset and length stay below 2^62 together
  std::uint64_t code = 0;
  Bytes content;
};

/// Reads the frames of a packet one after another.
class QuicFrames {
 public:
  /// The packet's payload without protection, whole.
  explicit QuicFrames(Bytes payload) : reader_(payload) {}
  /// The next frame; nothing at the end, and where what follows is no frame that is known: its length cannot
  /// be told.
  std::optional<QuicFrame> next();

 private:
  Reader reader_;
};

}  // namespace humantime::wire
