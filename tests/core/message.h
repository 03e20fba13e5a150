// SPDX-License-Identifier: GPL-2.0-or-later
// Messages written down as bytes, and what every reader of them must stand.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string_view>
#include <vector>

#include "bytes.h"

namespace humantime {

using Message = std::vector<std::uint8_t>;

/// Hexadecimal digits, and text between apostrophes: `03 'www' 00`. Blanks are for the reader.
inline Message message(std::string_view notation) {
  Message bytes;
  bool text = false;
  int high = -1;
  for (const char c : notation) {
    if (c == '\'') {
      text = !text;
    } else if (text) {
      bytes.push_back(static_cast<std::uint8_t>(c));
    } else if (c != ' ' && c != '\n') {
      const std::size_t digit = std::string_view("0123456789abcdef").find(c);
      if (digit == std::string_view::npos) throw std::invalid_argument("no hexadecimal digit");
      if (high < 0) {
        high = static_cast<int>(digit);
      } else {
        bytes.push_back(static_cast<std::uint8_t>(high << 4 | static_cast<int>(digit)));
        high = -1;
      }
    }
  }
  if (text || high >= 0) throw std::invalid_argument("half a byte or text without end");
  return bytes;
}

inline Message operator+(Message a, const Message& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// `count` bytes of `value`.
inline Message fill(std::size_t count, std::uint8_t value = 0) {
  return Message(count, value);
}

/// The message with another byte at `offset`.
inline Message with(Message bytes, std::size_t offset, unsigned value) {
  bytes.at(offset) = static_cast<std::uint8_t>(value);
  return bytes;
}

/// Calls `test` with every prefix of the message, from nothing to all but the last byte. Each is a copy of
/// its own size, so that the sanitizers see a read behind its end.
template <typename Test>
void for_each_prefix(const Message& whole, Test test) {
  for (std::size_t size = 0; size < whole.size(); ++size)
    test(Message(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)));
}

/// Calls `test` with messages in which one to eight bytes are another, always the same ones.
template <typename Test>
void for_each_mutation(const Message& whole, int count, Test test) {
  std::mt19937 random(826);
  for (int i = 0; i < count; ++i) {
    Message mutated = whole;
    for (auto changes = random() % 8 + 1; changes > 0; --changes)
      mutated[random() % mutated.size()] = static_cast<std::uint8_t>(random());
    mutated.resize(mutated.size() - random() % 4 * (random() % mutated.size()) / 8);
    test(mutated);
  }
}

}  // namespace humantime
