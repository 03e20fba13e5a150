// SPDX-License-Identifier: GPL-2.0-or-later
// A request and its response on a connection that tells them apart by streams: HTTP/2, HTTP/3.
#pragma once

#include <cstdint>
#include <limits>

#include "pools.h"
#include "types.h"

namespace humantime {

/// What is not known yet, or was not captured, is no_frame, 0 or unknown_bytes.
struct HttpExchange {
  static constexpr std::uint64_t unknown_bytes = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t stream = 0;  ///< RFC 9113 5.1.1, RFC 9000 2.1
  /// The frames of the capture in which the messages begin and end. One that is promised begins, and ends,
  /// where the promise does. Interim responses are no response.
  FrameNumber request = no_frame, request_end = no_frame;
  FrameNumber response = no_frame, response_end = no_frame;
  std::uint32_t connection = 0;  ///< FrameRow::connection; the store fills it in
  TextId what{0};                ///< FrameStore::what(); the store fills it in
  std::uint16_t status = 0;      ///< of the response, 200 to 999
  bool pushed = false;           ///< the server promised it, nobody asked (RFC 9113 8.4)
  bool reset = false;            ///< a side gave the stream up
  /// Content of ended messages, without framing, fields and padding.
  std::uint64_t request_bytes = unknown_bytes, response_bytes = unknown_bytes;

  /// The frame that it is found by.
  FrameNumber first() const { return request != no_frame ? request : response; }
};

}  // namespace humantime
