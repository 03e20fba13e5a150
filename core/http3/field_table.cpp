// SPDX-License-Identifier: GPL-2.0-or-later
#include "http3/field_table.h"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>

namespace humantime::http3 {
namespace {

using http2::FieldName;
using http2::HeaderTable;
using wire::QpackInstruction;
using wire::QpackName;

/// A string's beginning, as much as the table keeps, and its length.
struct Text {
  std::array<char, HeaderTable::most_value> chars;
  std::size_t length = 0;

  bool decode(const wire::HpackString& string) {
    const auto all = wire::decode_hpack_string(string, chars);
    length = all.value_or(0);
    return all && *all <= std::numeric_limits<std::uint32_t>::max();
  }
  std::string_view beginning() const { return {chars.data(), std::min(length, chars.size())}; }
};

}  // namespace

void FieldTable::lose() {
  lost_ = true;
  table_.lose();
  std::vector<std::uint8_t>().swap(waiting_);
}

void FieldTable::feed(Bytes bytes) {
  if (lost_) return;
  const bool joined = !waiting_.empty();
  if (joined) {
    if (bytes.size() > most_waiting - std::min(most_waiting, waiting_.size())) return lose();
    waiting_.insert(waiting_.end(), bytes.begin(), bytes.end());
    bytes = waiting_;
  }
  while (const auto instruction = wire::take_qpack_instruction(bytes))
    if (!take(*instruction)) return lose();
  if (bytes.size() > most_waiting) return lose();
  if (joined && bytes.size() == waiting_.size()) return;  // not one whole instruction yet
  std::vector<std::uint8_t> rest(bytes.begin(), bytes.end());
  waiting_.swap(rest);
}

bool FieldTable::take(const QpackInstruction& instruction) {
  switch (instruction.kind) {
    case QpackInstruction::Kind::capacity:
      table_.resize(instruction.index);
      return true;
    case QpackInstruction::Kind::insert:
      return insert(instruction);
    case QpackInstruction::Kind::duplicate: {
      const HeaderTable::Field known = table_.before(std::uint64_t{instruction.index} + 1);
      // An entry that was thrown away because of `most_size` counts all the same.
      table_.insert(known.name, known.name_length, known.value, known.value_length);
      ++inserted_;
      return true;
    }
  }
  return false;
}

bool FieldTable::insert(const QpackInstruction& instruction) {
  HeaderTable::Field field;
  Text name, value;
  if (instruction.named == QpackName::literal) {
    if (!name.decode(instruction.name)) return false;
    field.name = name.length > name.chars.size() ? FieldName::regular : http2::field_name(name.beginning());
    field.name_length = static_cast<std::uint32_t>(name.length);
  } else if (instruction.named == QpackName::of_static) {
    const auto fixed = wire::qpack_static_table();
    if (instruction.index >= fixed.size()) return false;
    field.name = http2::field_name(fixed[instruction.index].name);
    field.name_length = static_cast<std::uint32_t>(fixed[instruction.index].name.size());
  } else {
    field = table_.before(std::uint64_t{instruction.index} + 1);
  }
  if (!value.decode(instruction.value)) return false;
  table_.insert(field.name, field.name_length, value.beginning(), static_cast<std::uint32_t>(value.length));
  ++inserted_;
  return true;
}

std::optional<SectionReference> FieldTable::resolve(const wire::QpackPrefix& prefix) const {
  if (prefix.encoded_insert_count == 0) return SectionReference{};
  if (lost_ || !most_entries_ || *most_entries_ == 0) return std::nullopt;
  // RFC 9204 4.5.1.1. Settings are below 2^62, so that nothing overflows.
  const std::uint64_t most = *most_entries_, full_range = 2 * most;
  if (prefix.encoded_insert_count > full_range) return std::nullopt;
  const std::uint64_t highest = inserted_ + most;
  SectionReference section;
  section.required = highest / full_range * full_range + prefix.encoded_insert_count - 1;
  if (section.required > highest) {
    if (section.required <= full_range) return std::nullopt;
    section.required -= full_range;
  }
  if (section.required == 0) return std::nullopt;
  const std::uint64_t delta = prefix.delta_base;
  if (prefix.sign && delta >= section.required) return std::nullopt;
  section.base = prefix.sign ? section.required - delta - 1 : section.required + delta;
  return section;
}

HeaderTable::Field FieldTable::find(QpackName named, std::uint32_t index, std::uint64_t base) const {
  // The entry with the number `place`, from 0.
  if (named == QpackName::dynamic && index >= base) return {};
  const std::uint64_t place = named == QpackName::dynamic ? base - index - 1 : base + index;
  return place < inserted_ ? table_.before(inserted_ - place) : HeaderTable::Field{};
}

}  // namespace humantime::http3
