// SPDX-License-Identifier: GPL-2.0-or-later
// QPACK as it is on the wire (RFC 9204): field sections (4.5), the encoder's instructions (4.3), the static
// table (appendix A). The dynamic table is http3/field_table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "bytes.h"
#include "wire/hpack.h"

namespace humantime::wire {

/// Where a name, or a name with its value, is found.
enum class QpackName : std::uint8_t {
  dynamic,    ///< of the dynamic table: `index` places back, the newest before the base is 0
  post_base,  ///< of the dynamic table: `index` places behind the base
  of_static,  ///< of the static table: `index`
  literal,    ///< `name`
};

/// One field line.
struct QpackField {
  QpackName named = QpackName::dynamic;
  bool has_value = false;  ///< a literal value: `value`; else it is the table's, as the name is
  std::uint32_t index = 0;
  HpackString name, value;
};

/// What a field section begins with (RFC 9204 4.5.1).
struct QpackPrefix {
  std::uint32_t encoded_insert_count = 0;  ///< as it is written; 0: the section needs no dynamic table
  std::uint32_t delta_base = 0;
  bool sign = false;  ///< the base lies before the required insert count
};

/// Takes the prefix off the front of a field section: nothing where it is not whole.
std::optional<QpackPrefix> take_qpack_prefix(Bytes& section);

/// Takes a field line off the front. Nothing where it is not whole.
std::optional<QpackField> take_qpack_field(Bytes& section);

/// What an encoder says on its stream (RFC 9204 4.3).
struct QpackInstruction {
  enum class Kind : std::uint8_t {
    capacity,   ///< the dynamic table may have `index` bytes
    insert,     ///< a name, by `named`, and a value enter it
    duplicate,  ///< the entry `index` places back enters it again
  };
  Kind kind = Kind::capacity;
  QpackName named = QpackName::dynamic;  ///< of an insert; never post_base
  std::uint32_t index = 0;
  HpackString name, value;
};

/// Takes an instruction off the front. Nothing where it is not whole, or has a number above 2^31.
std::optional<QpackInstruction> take_qpack_instruction(Bytes& stream);

/// RFC 9204 appendix A, from index 0 on.
std::span<const HpackEntry> qpack_static_table();

}  // namespace humantime::wire
