// SPDX-License-Identifier: GPL-2.0-or-later
// What the control data of a request or response says (RFC 9113 8.3), out of a header block.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "bytes.h"
#include "http2/header_table.h"

namespace humantime::http2 {

/// The beginning of a text: raw bytes of the capture.
template <std::size_t Most>
class Beginning {
 public:
  std::string_view text() const { return {chars_.data(), size_}; }
  bool empty() const { return size_ == 0; }
  bool full() const { return size_ == Most; }  ///< there may have been more
  void set(std::string_view text) {
    size_ = static_cast<std::uint8_t>(std::min(text.size(), Most));
    std::copy_n(text.begin(), size_, chars_.begin());
  }

 private:
  static_assert(Most < 256);
  std::array<char, Most> chars_;
  std::uint8_t size_ = 0;
};

struct PseudoHeaders {
  /// What the block is of, by its first field: pseudo-header fields come before all others (RFC 9113 8.3).
  enum class Of : std::uint8_t {
    unknown,  ///< the first field depends on what was not captured
    request,
    response,
    trailers,  ///< no pseudo-header field
  };
  Of of = Of::unknown;
  /// 100 to 999; 0 where it is not known, or there is none.
  std::uint16_t status = 0;
  bool has_content = false;     ///< a field that is about content, which an accepted CONNECT has not
  bool is_dns_message = false;  ///< the content's type (RFC 8484 6)
  bool has_protocol = false;    ///< an extended CONNECT (RFC 8441)
  Beginning<24> method;
  Beginning<120> path;
  Beginning<120> authority;

  bool is_interim() const { return status >= 100 && status < 200; }
  /// The next field line, in its order.
  void take(FieldName name, std::string_view value);

  bool begun = false;  ///< a field line was taken
};

/// Reads a header block and what it does to the table. `whole`: none of it is missing. Behind what is missing
/// or cannot be decoded the table is lost.
PseudoHeaders read_header_block(Bytes block, bool whole, HeaderTable& table);

/// `GET /index.html example.com`, 120 bytes at the most: method, path or authority, and the authority where
/// there is room. Written into `room`, of which it is a part.
std::string_view describe_request(const PseudoHeaders& request, std::array<char, 120>& room);

}  // namespace humantime::http2
