// SPDX-License-Identifier: GPL-2.0-or-later
// The handshake messages of one side, put together from their fragments (RFC 6347 4.2.3), which may come in
// any order and again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "bytes.h"
#include "wire/dtls.h"

namespace humantime::dtls {

/// What a fragment is to the message that it belongs to.
enum class Arrival : std::uint8_t {
  part,   ///< more of the message is missing
  whole,  ///< it brings the last missing byte
  again,  ///< all of it has been here before
  none,   ///< of a message that contradicts what is known of it, or beyond what is kept
};

/// One side's messages of one handshake. A value.
class Fragments {
 public:
  /// A handshake has a dozen messages a side.
  static constexpr std::uint16_t most_messages = 64;
  /// Messages that have begun and not ended, and gaps in one of them.
  static constexpr std::size_t most_partial = 4, most_ranges = 64;
  /// Bodies are kept of the messages that say what is to come, if they are no longer than this.
  static constexpr std::size_t most_body = std::size_t{8} * 1024;

  struct Taken {
    Arrival arrival = Arrival::none;
    /// Of a message that is whole: as it was captured, up to the first byte that was not, and empty where it
    /// is not kept. Valid as long as the fragment, and until the next one is taken.
    Bytes body;
  };
  Taken take(const wire::DtlsFragment& fragment);

 private:
  struct Range {
    std::uint32_t begin, end;
  };
  struct Partial {
    std::uint16_t sequence = 0;
    std::uint8_t type = 0;
    std::uint32_t length = 0;
    std::uint32_t captured = 0;      ///< bytes before the first that was not
    std::vector<std::uint8_t> kept;  ///< the body, where it is kept
    std::vector<Range> seen;         ///< ascending, apart from each other
  };

  static bool add(std::vector<Range>& seen, Range range);
  bool is_done(std::uint16_t sequence) const { return (done_ >> sequence & 1) != 0; }

  std::uint64_t done_ = 0;  ///< a bit for each message that was whole
  std::vector<Partial> partial_;
  std::vector<std::uint8_t> whole_;  ///< the last message that took several fragments
};

}  // namespace humantime::dtls
