// SPDX-License-Identifier: GPL-2.0-or-later
// HPACK's dynamic table (RFC 7541 2.3.2, 4), as far as the pseudo-header fields need it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace humantime::http2 {

/// Names that are told apart: the pseudo-header fields (RFC 9113 8.3, RFC 8441 4), and the fields that are
/// about content (RFC 9110 8), its type apart. `unknown`: the name is not in the capture.
enum class FieldName : std::uint8_t {
  unknown,
  regular,
  content,
  content_type,
  method,
  path,
  authority,
  scheme,
  status,
  protocol
};
constexpr bool is_pseudo(FieldName name) {
  return name >= FieldName::method;
}

/// Whether what a field says matters, and not only that it is there.
constexpr bool keeps_value(FieldName name) {
  return name >= FieldName::content_type;
}

FieldName field_name(std::string_view name);

/// A value. Of an entry it keeps the size that RFC 7541 4.1 counts, and the value's beginning where the name
/// is one of those above.
///
/// Where header blocks are missing, what they have put into the table is not known: what is put there
/// afterwards is. Places count from the newest entry, so that a lookup finds what the encoder meant, or
/// nothing.
class HeaderTable {
 public:
  /// What a peer may use before it says otherwise (RFC 9113 6.5.2).
  static constexpr std::uint32_t usual_most_size = 4096;
  /// Larger tables are kept as if they had this size: what was put there earlier is unknown.
  static constexpr std::uint32_t most_size = std::uint32_t{1} << 16;
  /// Of a value, in bytes.
  static constexpr std::size_t most_value = 160;

  struct Field {
    FieldName name = FieldName::unknown;
    std::uint32_t name_length = 0;
    std::string_view value;  ///< its beginning; valid until the table changes
    std::uint32_t value_length = 0;
  };

  /// `index` as in a representation: 1 to 61 is the static table.
  Field at(std::uint32_t index) const;
  /// An entry of the dynamic table: 1 is the newest.
  Field before(std::uint64_t back) const;
  /// `value` is its beginning, `value_length` all of it.
  void insert(FieldName name, std::uint32_t name_length, std::string_view value, std::uint32_t value_length);
  /// The dynamic table size update (RFC 7541 6.3).
  void resize(std::uint32_t most);
  /// Header blocks went by unseen.
  void lose();

 private:
  struct Entry {
    std::uint32_t size = 0;
    std::uint32_t name_length = 0;
    std::uint32_t value_end = 0;  ///< in values_, where the entry before has its end
    FieldName name = FieldName::unknown;
  };

  void evict();
  std::uint32_t value_begin(std::size_t entry) const {
    return entry == 0 ? 0 : entries_[entry - 1].value_end;
  }

  std::vector<Entry> entries_;  ///< the oldest first; those before first_ were evicted
  std::string values_;
  std::size_t first_ = 0;
  std::uint32_t size_ = 0;
  std::uint32_t most_ = usual_most_size;
};

}  // namespace humantime::http2
