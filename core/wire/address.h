// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

#include "bytes.h"

namespace humantime {

/// An IPv4 or IPv6 address in network byte order, or none.
struct Address {
  std::array<std::uint8_t, 16> bytes{};  ///< IPv4: the first four, the rest zero
  std::uint8_t size = 0;                 ///< 4, 16, or 0 for none

  static Address from(Bytes wire) {
    Address address;
    // Lengths that the compiler knows: a frame has two.
    if (wire.size() == 4)
      std::memcpy(address.bytes.data(), wire.data(), 4);
    else if (wire.size() == 16)
      std::memcpy(address.bytes.data(), wire.data(), 16);
    else
      return address;
    address.size = static_cast<std::uint8_t>(wire.size());
    return address;
  }
  /// The bytes as two words, for comparing and hashing.
  std::array<std::uint64_t, 2> words() const { return std::bit_cast<std::array<std::uint64_t, 2>>(bytes); }
  /// RFC 1122 3.2.1.3, RFC 4291 2.5.3.
  bool is_loopback() const {
    static constexpr std::array<std::uint8_t, 16> ipv6 = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
    return size == 4 ? bytes[0] == 127 : size == 16 && bytes == ipv6;
  }
  bool operator==(const Address& other) const {
    const auto mine = words(), others = other.words();
    return ((mine[0] ^ others[0]) | (mine[1] ^ others[1]) | static_cast<unsigned>(size ^ other.size)) == 0;
  }
};

}  // namespace humantime
