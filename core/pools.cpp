// SPDX-License-Identifier: GPL-2.0-or-later
#include "pools.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace humantime {
namespace {

std::uint64_t hash_of_address(const Address& address) {
  const auto words = address.words();
  return mix(words[0] ^ address.size, words[1]);
}

std::uint64_t hash_of_text(std::string_view text) {
  return mix(std::hash<std::string_view>{}(text));
}

}  // namespace

AddressId AddressPool::find_or_add(const Address& address) {
  if (address.size == 0) return AddressId{0};
  const auto hash_of = [this](std::uint32_t id) { return hash_of_address(addresses_[id]); };
  const std::uint64_t hash = hash_of_address(address);
  std::uint32_t id = index_.find(hash, [&](std::uint32_t other) { return addresses_[other] == address; });
  if (id == FlatIndex::none) {
    id = static_cast<std::uint32_t>(addresses_.size());
    addresses_.push_back(address);
    index_.insert(hash, id, hash_of);
  }
  recent_[place_of(address)] = {address, AddressId{id}};
  return AddressId{id};
}

void AddressPool::clear() {
  recent_.fill({});
  addresses_.resize(1);
  index_.clear();
}

TextId TextPool::intern(std::string_view text) {
  if (text.empty()) return TextId{0};
  text = text.substr(0, longest);
  const std::uint64_t hash = hash_of_text(text);
  std::uint32_t id = index_.find(hash, [&](std::uint32_t other) { return (*this)[TextId{other}] == text; });
  if (id != GradualIndex::none) return TextId{id};

  if (used_ + text.size() + 1 > chunk_size) {
    chunks_.push_back(std::make_unique<char[]>(chunk_size));
    used_ = 0;
  }
  char* place = chunks_.back().get() + used_;
  *place = static_cast<char>(text.size());
  std::memcpy(place + 1, text.data(), text.size());
  id = static_cast<std::uint32_t>(places_.size());
  places_.push_back(static_cast<std::uint32_t>((chunks_.size() - 1) * chunk_size + used_));
  used_ += text.size() + 1;
  index_.insert(hash, id, [this](std::uint32_t other) { return hash_of_text((*this)[TextId{other}]); });
  return TextId{id};
}

std::string_view TextPool::operator[](TextId id) const {
  if (id == TextId{0}) return {};
  const std::uint32_t place = places_[static_cast<std::size_t>(id)];
  const char* start = chunks_[place / chunk_size].get() + place % chunk_size;
  return {start + 1, static_cast<std::uint8_t>(*start)};
}

void TextPool::clear() {
  chunks_.clear();
  used_ = chunk_size;
  places_.resize(1);
  index_ = {};
}

}  // namespace humantime
