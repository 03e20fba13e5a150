// SPDX-License-Identifier: GPL-2.0-or-later
// QPACK's field sections (RFC 9204 4.5), as far as they stand for themselves: the static table (appendix A)
// and literals. What refers to the dynamic table was said on another stream.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "bytes.h"
#include "wire/hpack.h"

namespace humantime::wire {

/// One field line.
struct QpackField {
  enum class Name : std::uint8_t {
    dynamic,    ///< of the dynamic table
    of_static,  ///< of the static table: `index`
    literal,    ///< `name`
  };
  Name named = Name::dynamic;
  bool has_value = false;  ///< a literal value: `value`; else it is the table's, as the name is
  std::uint32_t index = 0;
  HpackString name, value;
};

/// Takes the prefix off the front of a field section (RFC 9204 4.5.1): false where it is not whole.
bool take_qpack_prefix(Bytes& section);

/// Takes a field line off the front. Nothing where it is not whole.
std::optional<QpackField> take_qpack_field(Bytes& section);

struct QpackEntry {
  std::uint8_t index;
  std::string_view name, value;
};
/// The static table's entry, where it is a pseudo-header field (RFC 9114 4.3); null for all others.
const QpackEntry* qpack_pseudo_header(std::uint32_t index);

}  // namespace humantime::wire
