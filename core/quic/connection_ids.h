// SPDX-License-Identifier: GPL-2.0-or-later
// The connection IDs that one end of a QUIC connection gave out (RFC 9000 5.1): what the other end writes
// into its packets.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "bytes.h"
#include "wire/quic.h"

namespace humantime::quic {

/// A value. Of more than `most` the newest are known.
class ConnectionIds {
 public:
  static constexpr std::uint32_t most = 8;

  void add(Bytes id) {
    if (id.size() > wire::most_quic_connection_id || knows(id)) return;
    Id& place = ids_[added_ % most];
    place.size = static_cast<std::uint8_t>(id.size());
    std::copy(id.begin(), id.end(), place.bytes.begin());
    ++added_;
  }
  bool any() const { return added_ > 0; }
  bool knows(Bytes id) const {
    return std::any_of(ids_.begin(), end(),
                       [id](const Id& one) { return std::ranges::equal(one.all(), id); });
  }
  /// How long the ID is with which `bytes` begin: one that is known, else as long as all that are known.
  /// Nothing where that cannot be told.
  std::optional<std::size_t> length_in(Bytes bytes) const {
    if (!any()) return std::nullopt;
    bool alike = true;
    for (auto one = ids_.begin(); one != end(); ++one) {
      if (one->size > 0 && std::ranges::equal(one->all(), slice(bytes, 0, one->size))) return one->size;
      alike = alike && one->size == ids_[0].size;
    }
    return alike ? std::optional<std::size_t>(ids_[0].size) : std::nullopt;
  }
  /// Calls `visit(Bytes)` for each that was added since this was last called; the latest ones where that were
  /// more than are known.
  template <typename Visit>
  void tell_new(Visit visit) {
    for (std::uint32_t i = std::max(told_, added_ > most ? added_ - most : 0); i < added_; ++i)
      visit(ids_[i % most].all());
    told_ = added_;
  }

 private:
  struct Id {
    std::array<std::uint8_t, wire::most_quic_connection_id> bytes{};
    std::uint8_t size = 0;
    Bytes all() const { return Bytes(bytes).first(size); }
  };
  std::array<Id, most>::const_iterator end() const {
    return ids_.begin() + static_cast<std::ptrdiff_t>(std::min(added_, most));
  }

  std::array<Id, most> ids_{};
  std::uint32_t added_ = 0, told_ = 0;
};

}  // namespace humantime::quic
