// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"

#include <array>
#include <charconv>
#include <cstdint>

namespace humantime {
namespace {

/// The length of the valid UTF-8 sequence (RFC 3629) at the beginning; 0 where there is none.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const std::uint8_t lead = byte(0);
  const std::size_t length = lead < 0x80                   ? 1
                             : lead >= 0xc2 && lead < 0xe0 ? 2
                             : lead >= 0xe0 && lead < 0xf0 ? 3
                             : lead >= 0xf0 && lead < 0xf5 ? 4
                                                           : 0;
  if (length == 0 || length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80) return 0;
  if (length < 3) return length;
  // Overlong forms, surrogates, and beyond U+10FFFF.
  const std::uint8_t next = byte(1);
  if ((lead == 0xe0 && next < 0xa0) || (lead == 0xed && next >= 0xa0) || (lead == 0xf0 && next < 0x90) ||
      (lead == 0xf4 && next >= 0x90))
    return 0;
  return length;
}

bool is_control(std::string_view sequence) {
  const auto first = static_cast<std::uint8_t>(sequence[0]);
  if (sequence.size() == 1) return first < 0x20 || first == 0x7f;
  // C1 controls, and the marks that turn the direction of what follows (U+200E, U+200F, U+202A to 202E, 2066
  // to 2069).
  const auto second = static_cast<std::uint8_t>(sequence[1]);
  if (first == 0xc2) return second < 0xa0;
  if (first != 0xe2) return false;
  const auto third = static_cast<std::uint8_t>(sequence[2]);
  return (second == 0x80 && (third == 0x8e || third == 0x8f || (third >= 0xa8 && third <= 0xae))) ||
         (second == 0x81 && third >= 0xa6 && third <= 0xa9);
}

}  // namespace

std::string printable(std::string_view bytes) {
  constexpr std::string_view hex = "0123456789abcdef";
  std::string result;
  result.reserve(bytes.size());
  while (!bytes.empty()) {
    const std::size_t length = utf8_length(bytes);
    if (length > 0 && !is_control(bytes.substr(0, length))) {
      result += bytes.substr(0, length);
      bytes.remove_prefix(length);
      continue;
    }
    for (std::size_t i = 0; i < (length > 0 ? length : 1); ++i) {
      const auto byte = static_cast<std::uint8_t>(bytes[i]);
      result += "\\x";
      result += hex[byte >> 4];
      result += hex[byte & 15];
    }
    bytes.remove_prefix(length > 0 ? length : 1);
  }
  return result;
}

namespace {

/// Four bytes as `192.0.2.1`; returns where that ends.
char* write_dotted(const std::uint8_t* bytes, char* at, char* end) {
  for (std::size_t i = 0; i < 4; ++i) {
    if (i > 0) *at++ = '.';
    at = std::to_chars(at, end, bytes[i]).ptr;
  }
  return at;
}

}  // namespace

std::string_view write_address(const Address& address, std::span<char> buffer) {
  if (address.size == 0 || buffer.size() < most_address_characters) return {};
  char* const end = buffer.data() + buffer.size();
  char* at = buffer.data();
  if (address.size == 4) return {buffer.data(), write_dotted(address.bytes.data(), at, end)};
  std::array<unsigned, 8> groups;
  for (std::size_t i = 0; i < groups.size(); ++i)
    groups[i] = static_cast<unsigned>(address.bytes[2 * i] << 8 | address.bytes[2 * i + 1]);
  // RFC 5952 4.2: the first of the longest runs of zeros, two of them at least.
  std::size_t zeros = groups.size(), zeros_count = 1;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    std::size_t run = 0;
    while (i + run < groups.size() && groups[i + run] == 0) ++run;
    if (run > zeros_count) zeros = i, zeros_count = run;
  }
  // IPv4 within IPv6 is written with dots (RFC 5952 5).
  const bool mapped = zeros == 0 && ((zeros_count == 5 && groups[5] == 0xffff) || zeros_count == 6);
  for (std::size_t i = 0; i < groups.size(); ++i) {
    if (i == zeros) {
      *at++ = ':';
      i += zeros_count - 1;
      if (i + 1 == groups.size()) *at++ = ':';
      continue;
    }
    if (i > 0) *at++ = ':';
    if (mapped && i == 6) {
      at = write_dotted(address.bytes.data() + 12, at, end);
      break;
    }
    at = std::to_chars(at, end, groups[i], 16).ptr;
  }
  return {buffer.data(), at};
}

std::string to_text(const Address& address) {
  std::array<char, most_address_characters> text;
  return std::string(write_address(address, text));
}

std::string to_text(const Address& address, std::uint16_t port) {
  std::string host = to_text(address);
  if (port == 0 || host.empty()) return host;
  return (address.size == 16 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace humantime
