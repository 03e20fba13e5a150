// SPDX-License-Identifier: GPL-2.0-or-later
// The first line of an HTTP/1 message (RFC 9112 2 to 4): whether bytes begin one, and what it says.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bytes.h"

namespace humantime::http1 {

/// Longer lines are cut: what comes behind is not looked at. Bytes, without the line end.
constexpr std::size_t max_line = std::size_t{8} * 1024;

enum class Looks : std::uint8_t { no, more, yes };

/// Whether the first bytes of a stream may begin an HTTP/1 request. `yes` on a whole request line (RFC 9112
/// 3, empty lines before it allowed), or on a registered method and the first byte of a target while the rest
/// of the line is still to come; `more` while the bytes leave it open. HTTP/2's connection preface is none.
Looks looks_like_request(Bytes bytes);

/// Whether the first bytes of a stream begin an HTTP/1 status line (RFC 9112 4): `yes` once the version, the
/// three digits of the status code and the byte behind them are there.
Looks looks_like_response(Bytes bytes);

/// The same for a line that is read piece by piece: `line` is what is there of it, without the line end;
/// `whole` when the line end has been seen (or the line was cut, then it is longer than max_line).
Looks looks_like_request_line(std::string_view line, bool whole);
Looks looks_like_status_line(std::string_view line, bool whole);

/// What a request line says. Slices of the line, raw bytes.
struct RequestLine {
  std::string_view method;
  std::string_view target;    ///< as far as the line goes, when it was cut or is not whole
  std::optional<char> minor;  ///< the digit of HTTP/1.x; none while it is not there
};
/// Of a line that looks_like_request_line() said `yes` to.
RequestLine request_line(std::string_view line);

/// What a status line says.
struct StatusLine {
  char minor = '1';          ///< the digit of HTTP/1.x
  std::uint16_t status = 0;  ///< 100 to 999
  std::string_view text;     ///< code and reason, `200 OK`: a slice of the line
};
/// Of a line that looks_like_status_line() said `yes` to.
StatusLine status_line(std::string_view line);

}  // namespace humantime::http1
