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
using wire::QpackName;

/// Of a value no more is shown.
constexpr std::size_t most_value = 160;
using Room = std::array<char, most_value>;

std::optional<std::string_view> decode(const wire::HpackString& string, Room& room) {
  const auto length = wire::decode_hpack_string(string, room);
  if (!length) return std::nullopt;
  return std::string_view(room.data(), std::min(*length, room.size()));
}

}  // namespace

bool is_blocked(Bytes section, const FieldTable& table) {
  const auto prefix = wire::take_qpack_prefix(section);
  if (!prefix || table.lost()) return false;
  const auto reference = table.resolve(*prefix);
  return reference && reference->required > table.inserted();
}

http2::PseudoHeaders read_field_section(Bytes section, const FieldTable& table) {
  http2::PseudoHeaders out;
  const auto prefix = wire::take_qpack_prefix(section);
  if (!prefix) return out;
  const auto reference = table.resolve(*prefix);
  const auto fixed = wire::qpack_static_table();
  Room name_room, value_room;
  while (const auto field = wire::take_qpack_field(section)) {
    http2::HeaderTable::Field known;
    switch (field->named) {
      case QpackName::of_static:
        if (field->index >= fixed.size()) return out;
        known.name = http2::field_name(fixed[field->index].name);
        known.value = fixed[field->index].value;
        break;
      case QpackName::literal: {
        const auto text = decode(field->name, name_room);
        if (!text) return out;
        known.name = http2::field_name(*text);
        break;
      }
      case QpackName::dynamic:
      case QpackName::post_base:
        if (reference) known = table.find(field->named, field->index, reference->base);
        break;
    }
    if (field->has_value && known.name != FieldName::regular) {
      const auto text = decode(field->value, value_room);
      if (!text) return out;
      known.value = *text;
    }
    out.take(known.name, known.value);
  }
  return out;
}

}  // namespace humantime::http3
