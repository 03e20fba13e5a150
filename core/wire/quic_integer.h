// SPDX-License-Identifier: GPL-2.0-or-later
// The integers of QUIC and HTTP/3 (RFC 9000 16): one, two, four or eight bytes, the first two bits tell.
#pragma once

#include <cstdint>

#include "bytes.h"

namespace humantime::wire {

/// From 0 to 2^62 − 1. Where the bytes end before it does: 0, and the reader is not ok().
inline std::uint64_t read_quic_integer(Reader& reader) {
  const Bytes rest = reader.rest();
  switch (rest.empty() ? 0 : rest[0] >> 6) {
    case 0:
      return reader.u8();
    case 1:
      return reader.u16() & 0x3fffU;
    case 2:
      return reader.u32() & 0x3fffffffU;
    default:
      return reader.u64() & 0x3fffffffffffffffU;
  }
}

}  // namespace humantime::wire
