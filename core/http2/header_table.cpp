// SPDX-License-Identifier: GPL-2.0-or-later
#include "http2/header_table.h"

#include <algorithm>

#include "wire/hpack.h"

namespace humantime::http2 {
namespace {

constexpr struct {
  std::string_view name;
  FieldName field;
} known_fields[] = {
    {":method", FieldName::method},           {":path", FieldName::path},
    {":authority", FieldName::authority},     {":scheme", FieldName::scheme},
    {":status", FieldName::status},           {":protocol", FieldName::protocol},
    {"content-length", FieldName::content},   {"content-type", FieldName::content_type},
    {"content-encoding", FieldName::content},
};

/// What RFC 7541 4.1 adds to the lengths of name and value.
constexpr std::uint32_t entry_overhead = 32;
/// Evicted entries are thrown away by so many at least.
constexpr std::size_t least_thrown = 32;

}  // namespace

FieldName field_name(std::string_view name) {
  if (!name.starts_with(':') && !name.starts_with("content-")) return FieldName::regular;
  const auto* const found = std::find_if(std::begin(known_fields), std::end(known_fields),
                                         [&](const auto& known) { return known.name == name; });
  return found == std::end(known_fields) ? FieldName::regular : found->field;
}

HeaderTable::Field HeaderTable::at(std::uint32_t index) const {
  const auto fixed = wire::hpack_static_table();
  if (index == 0) return {};
  if (index <= fixed.size()) {
    const wire::HpackEntry& entry = fixed[index - 1];
    return {field_name(entry.name), static_cast<std::uint32_t>(entry.name.size()), entry.value,
            static_cast<std::uint32_t>(entry.value.size())};
  }
  return before(index - fixed.size());
}

HeaderTable::Field HeaderTable::before(std::uint64_t back) const {
  if (back == 0 || back > entries_.size() - first_) return {};
  const std::size_t place = entries_.size() - static_cast<std::size_t>(back);
  const Entry& entry = entries_[place];
  const std::uint32_t begin = value_begin(place);
  return {entry.name, entry.name_length, std::string_view(values_).substr(begin, entry.value_end - begin),
          entry.size - entry_overhead - entry.name_length};
}

void HeaderTable::insert(FieldName name, std::uint32_t name_length, std::string_view value,
                         std::uint32_t value_length) {
  const std::uint64_t size = std::uint64_t{name_length} + value_length + entry_overhead;
  // What is larger than the table empties it (RFC 7541 4.4).
  if (size > most_) return lose();
  size_ += static_cast<std::uint32_t>(size);
  // The value may lie in values_ itself, where QPACK has an entry doubled: append() allows that.
  if (keeps_value(name)) values_.append(value.substr(0, most_value));
  entries_.push_back(
      {static_cast<std::uint32_t>(size), name_length, static_cast<std::uint32_t>(values_.size()), name});
  evict();
}

void HeaderTable::resize(std::uint32_t most) {
  most_ = std::min(most, most_size);
  evict();
}

void HeaderTable::lose() {
  entries_.clear();
  values_.clear();
  first_ = 0;
  size_ = 0;
}

void HeaderTable::evict() {
  while (size_ > most_) size_ -= entries_[first_++].size;
  // Thrown away when they are as many as those that are left: no entry is moved more than once for each that
  // is put in.
  if (first_ < least_thrown || first_ < entries_.size() - first_) return;
  const std::uint32_t thrown = value_begin(first_);
  entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(first_));
  values_.erase(0, thrown);
  for (Entry& entry : entries_) entry.value_end -= thrown;
  first_ = 0;
}

}  // namespace humantime::http2
