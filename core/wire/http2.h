// SPDX-License-Identifier: GPL-2.0-or-later
// HTTP/2's frames (RFC 9113): the connection preface and the header that every frame begins with. Numbers on
// the wire are big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "bytes.h"

namespace humantime::wire {

/// What a client sends first (RFC 9113 3.4); its SETTINGS follow.
inline constexpr std::string_view http2_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

enum class LooksHttp2 : std::uint8_t { no, more, yes };

/// Whether the first bytes of a stream are the preface: `more` while they are a part of it.
LooksHttp2 looks_like_http2_preface(Bytes bytes);

/// The types that RFC 9113 6 defines. Others are ignored by who does not know them (RFC 9113 5.5).
enum class Http2Type : std::uint8_t {
  data = 0,
  headers = 1,
  priority = 2,
  rst_stream = 3,
  settings = 4,
  push_promise = 5,
  ping = 6,
  goaway = 7,
  window_update = 8,
  continuation = 9,
};

/// The header of a frame (RFC 9113 4.1).
struct Http2Header {
  static constexpr std::size_t size = 9;
  /// The longest payload, unless SETTINGS_MAX_FRAME_SIZE allows more: 2^14 bytes.
  static constexpr std::uint32_t usual_most_length = 1 << 14;

  enum Flag : std::uint8_t {
    end_stream = 1,   ///< DATA, HEADERS
    ack = 1,          ///< SETTINGS, PING
    end_headers = 4,  ///< HEADERS, PUSH_PROMISE, CONTINUATION
    padded = 8,       ///< DATA, HEADERS, PUSH_PROMISE
    priority = 32,    ///< HEADERS
  };

  std::uint32_t length = 0;  ///< of the payload, below 2^24
  Http2Type type{};
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;  ///< below 2^31; the reserved bit is left out

  bool is(Http2Type one) const { return type == one; }
  bool has(Flag flag) const { return (flags & flag) != 0; }
};

Http2Header read_http2_header(std::span<const std::uint8_t, Http2Header::size> bytes);

/// Whether a frame may have such a header: what RFC 9113 6 makes a connection error of is none. Types without
/// a name are allowed.
bool is_legal_http2_header(const Http2Header& header);

/// Stricter, for bytes of which nobody said that a frame begins with them: a type that has a name, no flag
/// that is not defined, and the length that is usual at the most.
bool is_likely_http2_header(const Http2Header& header);

/// The header block fragment of HEADERS, PUSH_PROMISE or CONTINUATION (RFC 9113 6.2, 6.6, 6.10) without what
/// stands around it. Of a payload that was cut it is what is there.
struct Http2Fragment {
  Bytes bytes;
  std::uint32_t promised_stream = 0;  ///< PUSH_PROMISE
};
/// `payload` may be shorter than header.length says. Nothing where the padding is longer than the payload, or
/// the stream's number is not there.
std::optional<Http2Fragment> read_http2_fragment(const Http2Header& header, Bytes payload);

/// `CANCEL`: the name of an error code (RFC 9113 7); empty where it has none.
std::string_view name_of_http2_error(std::uint32_t code);

}  // namespace humantime::wire
