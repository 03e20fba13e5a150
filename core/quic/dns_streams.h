// SPDX-License-Identifier: GPL-2.0-or-later
// DNS over QUIC (RFC 9250 4.2): a stream for each query, its messages with their lengths before them, as over
// TCP.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "app/dns_stream.h"
#include "bytes.h"
#include "phase_sink.h"
#include "tcp/lifecycle.h"
#include "tcp/stream.h"
#include "types.h"

namespace humantime::quic {

/// The streams of one connection. A value. A message is named where its last missing byte arrives; of a
/// stream with a gap that stays, what lies behind it is not.
class DnsStreams {
 public:
  /// The last ones are remembered, so that what is sent again of them is not told again.
  static constexpr std::size_t most = 64;
  /// Bytes that a piece may lie ahead of what has been read; a stream with more is forgotten.
  static constexpr std::uint64_t most_ahead = std::uint64_t{1} << 16;

  /// What a STREAM frame in this frame of the capture carries (RFC 9000 19.8).
  void feed(tcp::Role from, std::uint64_t stream, std::uint64_t offset, Bytes content, FrameNumber frame,
            PhaseSink& sink);
  /// Its sender gives the stream up.
  void forget(std::uint64_t stream);

 private:
  struct Stream {
    std::uint64_t id = 0;
    std::array<tcp::Stream, 2> bytes;  ///< by role of the sender
    app::DnsStreams messages;
    bool given_up = false;
  };

  std::vector<Stream> streams_;  ///< ascending by id
  std::uint64_t forgotten_ = 0;  ///< those below are not known any more
};

}  // namespace humantime::quic
