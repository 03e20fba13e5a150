// SPDX-License-Identifier: GPL-2.0-or-later
#include "http3/field_section.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "wire/qpack.h"

namespace humantime::http3 {
namespace {

using http2::FieldName;
using wire::QpackField;

/// Of a value no more is shown.
constexpr std::size_t most_value = 160;
using Room = std::array<char, most_value>;

std::optional<std::string_view> decode(const wire::HpackString& string, Room& room) {
  const auto length = wire::decode_hpack_string(string, room);
  if (!length) return std::nullopt;
  return std::string_view(room.data(), std::min(*length, room.size()));
}

}  // namespace

http2::PseudoHeaders read_field_section(Bytes section) {
  http2::PseudoHeaders out;
  if (!wire::take_qpack_prefix(section)) return out;
  Room name_room, value_room;
  while (const auto field = wire::take_qpack_field(section)) {
    FieldName name = FieldName::unknown;
    std::string_view value;
    if (field->named == QpackField::Name::of_static) {
      const wire::QpackEntry* known = wire::qpack_pseudo_header(field->index);
      name = known == nullptr ? FieldName::regular : http2::field_name(known->name);
      if (known != nullptr) value = known->value;
    } else if (field->named == QpackField::Name::literal) {
      const auto text = decode(field->name, name_room);
      if (!text) return out;
      name = http2::field_name(*text);
    }
    if (field->has_value && name != FieldName::regular) {
      const auto text = decode(field->value, value_room);
      if (!text) return out;
      value = *text;
    }
    out.take(name, value);
  }
  return out;
}

}  // namespace humantime::http3
