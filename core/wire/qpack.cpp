// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/qpack.h"

#include <algorithm>
#include <array>

namespace humantime::wire {
namespace {

/// RFC 9204 appendix A, the fields whose names begin with a colon.
constexpr std::array<QpackEntry, 25> pseudo_headers = {{
    {0, ":authority", ""},  {1, ":path", "/"},       {15, ":method", "CONNECT"}, {16, ":method", "DELETE"},
    {17, ":method", "GET"}, {18, ":method", "HEAD"}, {19, ":method", "OPTIONS"}, {20, ":method", "POST"},
    {21, ":method", "PUT"}, {22, ":scheme", "http"}, {23, ":scheme", "https"},   {24, ":status", "103"},
    {25, ":status", "200"}, {26, ":status", "304"},  {27, ":status", "404"},     {28, ":status", "503"},
    {63, ":status", "100"}, {64, ":status", "204"},  {65, ":status", "206"},     {66, ":status", "302"},
    {67, ":status", "400"}, {68, ":status", "403"},  {69, ":status", "421"},     {70, ":status", "425"},
    {71, ":status", "500"},
}};

/// A string whose length has a prefix of so many bits, behind the bit that says whether it is Huffman's.
bool take_string(Bytes& in, unsigned prefix_bits, HpackString& string) {
  if (in.empty()) return false;
  string.huffman = (in.front() >> prefix_bits & 1) != 0;
  std::uint32_t length = 0;
  if (!take_hpack_integer(in, prefix_bits, length) || length > in.size()) return false;
  string.bytes = in.first(length);
  in = in.subspan(length);
  return true;
}

constexpr unsigned value_bits = 7;

}  // namespace

bool take_qpack_prefix(Bytes& section) {
  std::uint32_t required_insert_count = 0, base = 0;
  return take_hpack_integer(section, 8, required_insert_count) && take_hpack_integer(section, 7, base);
}

std::optional<QpackField> take_qpack_field(Bytes& section) {
  if (section.empty()) return std::nullopt;
  const std::uint8_t first = section.front();
  QpackField field;
  bool whole = false;
  if ((first & 0x80) != 0) {  // 4.5.2 indexed
    field.named = (first & 0x40) != 0 ? QpackField::Name::of_static : QpackField::Name::dynamic;
    whole = take_hpack_integer(section, 6, field.index);
  } else if ((first & 0x40) != 0) {  // 4.5.4 a name of a table
    field.named = (first & 0x10) != 0 ? QpackField::Name::of_static : QpackField::Name::dynamic;
    field.has_value = true;
    whole = take_hpack_integer(section, 4, field.index) && take_string(section, value_bits, field.value);
  } else if ((first & 0x20) != 0) {  // 4.5.6 a literal name
    field.named = QpackField::Name::literal;
    field.has_value = true;
    whole = take_string(section, 3, field.name) && take_string(section, value_bits, field.value);
  } else if ((first & 0x10) != 0) {  // 4.5.3 indexed, behind the base
    whole = take_hpack_integer(section, 4, field.index);
  } else {  // 4.5.5 a name behind the base
    field.has_value = true;
    whole = take_hpack_integer(section, 3, field.index) && take_string(section, value_bits, field.value);
  }
  if (!whole) return std::nullopt;
  return field;
}

const QpackEntry* qpack_pseudo_header(std::uint32_t index) {
  const auto found = std::find_if(pseudo_headers.begin(), pseudo_headers.end(),
                                  [index](const QpackEntry& entry) { return entry.index == index; });
  return found == pseudo_headers.end() ? nullptr : &*found;
}

}  // namespace humantime::wire
