// SPDX-License-Identifier: GPL-2.0-or-later
// Addresses and texts, each kept once and known by a small number.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "chunked.h"
#include "flat_index.h"
#include "gradual_index.h"
#include "wire/address.h"

namespace humantime {

/// An address by its number in an AddressPool; 0 is none.
enum class AddressId : std::uint32_t {};

class AddressPool {
 public:
  AddressId intern(const Address& address) {
    const Recent& recent = recent_[place_of(address)];
    return recent.address == address ? recent.id : find_or_add(address);
  }
  const Address& operator[](AddressId id) const { return addresses_[static_cast<std::size_t>(id)]; }
  void clear();

 private:
  static constexpr std::size_t recent_count = 16;
  /// Neighbours mostly differ in their last byte, IPv4's fourth or IPv6's sixteenth.
  static std::size_t place_of(const Address& address) {
    return (address.bytes[3] ^ address.bytes[15]) % recent_count;
  }
  AddressId find_or_add(const Address& address);

  std::vector<Address> addresses_{Address{}};
  FlatIndex index_;
  struct Recent {
    Address address;
    AddressId id{0};
  };
  std::array<Recent, recent_count> recent_{};  ///< frames mostly come from one of few
};

/// A text by its number in a TextPool; 0 is the empty text.
enum class TextId : std::uint32_t {};

class TextPool {
 public:
  /// The longest text that is kept; longer ones are cut.
  static constexpr std::size_t longest = 255;

  TextId intern(std::string_view text);
  std::string_view operator[](TextId id) const;
  void clear();

 private:
  static constexpr std::size_t chunk_size = 65536;
  std::vector<std::unique_ptr<char[]>> chunks_;  ///< texts, each behind its length in one byte
  std::size_t used_ = chunk_size;                ///< of the last chunk
  std::vector<std::uint32_t> places_{0};         ///< chunk * chunk_size + offset, by TextId
  GradualIndex index_;                           ///< there may be as many as frames
};

}  // namespace humantime
