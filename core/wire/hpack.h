// SPDX-License-Identifier: GPL-2.0-or-later
// HPACK's representations (RFC 7541 6), its strings with their Huffman code (5.2, appendix B), and the static
// table (appendix A). The dynamic table is http2/header_table.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "bytes.h"

namespace humantime::wire {

/// A string as it is on the wire.
struct HpackString {
  Bytes bytes;
  bool huffman = false;
};

/// Decodes a string: as much of it as `out` holds. Gives how long it is as a whole, or nothing where the code
/// is not valid (RFC 7541 5.2: EOS, padding that is too long or not all ones).
std::optional<std::size_t> decode_hpack_string(const HpackString& string, std::span<char> out);

/// One representation.
struct HpackField {
  enum class Kind : std::uint8_t {
    indexed,   ///< `index` names a field
    inserted,  ///< a literal that enters the dynamic table
    literal,   ///< a literal that does not
    resize,    ///< the dynamic table's largest size becomes `index` bytes
  };
  Kind kind{};
  std::uint32_t index = 0;  ///< of the field or of its name; 0: the name is a string
  HpackString name, value;
};

/// Takes a representation off the front of `block`. Nothing where it is not whole, or a number in it is
/// larger than 2^31.
std::optional<HpackField> take_hpack_field(Bytes& block);

struct HpackEntry {
  std::string_view name, value;
};
/// The static table, from index 1 to its size.
std::span<const HpackEntry> hpack_static_table();

}  // namespace humantime::wire
