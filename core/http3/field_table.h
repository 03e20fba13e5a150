// SPDX-License-Identifier: GPL-2.0-or-later
// QPACK's dynamic table (RFC 9204 3.2) of one direction, as it is learnt from the encoder's stream.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"
#include "http2/header_table.h"
#include "wire/qpack.h"

namespace humantime::http3 {

/// What a field section may refer to. Counts are of all entries that were ever put in.
struct SectionReference {
  std::uint64_t required = 0;  ///< so many there must be; 0: it refers to none
  std::uint64_t base = 0;
};

/// A value. What cannot be known (bytes of the stream were not captured, the peer's SETTINGS were not read)
/// is found nowhere, and nothing else in its place.
class FieldTable {
 public:
  FieldTable() { table_.resize(0); }  // RFC 9204 3.2.3

  /// SETTINGS_QPACK_MAX_TABLE_CAPACITY of who reads the sections, in bytes: how a section counts follows from
  /// it.
  void allow(std::uint64_t most_capacity) { most_entries_ = most_capacity / entry_overhead; }
  /// The next bytes of the encoder's stream, behind its type.
  void feed(Bytes bytes);
  /// The next bytes of the stream are not in the capture: nothing is known any more.
  void lose();

  /// Of all entries that have been put in.
  std::uint64_t inserted() const { return inserted_; }
  bool lost() const { return lost_; }
  /// What a section with this prefix refers to (RFC 9204 4.5.1); nothing where that cannot be known.
  std::optional<SectionReference> resolve(const wire::QpackPrefix& prefix) const;
  /// The entry that a field line of a section with this base names: of QpackName dynamic or post_base.
  http2::HeaderTable::Field find(wire::QpackName named, std::uint32_t index, std::uint64_t base) const;

 private:
  /// What RFC 9204 3.2.1 adds to the lengths of name and value.
  static constexpr std::uint32_t entry_overhead = 32;
  /// Of an instruction that takes several pieces.
  static constexpr std::size_t most_waiting = http2::HeaderTable::most_size;

  bool take(const wire::QpackInstruction& instruction);
  bool insert(const wire::QpackInstruction& instruction);

  http2::HeaderTable table_;
  std::vector<std::uint8_t> waiting_;  ///< the beginning of an instruction
  std::uint64_t inserted_ = 0;
  std::optional<std::uint64_t> most_entries_;
  bool lost_ = false;
};

}  // namespace humantime::http3
