// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/qpack.h"

#include <array>

namespace humantime::wire {
namespace {

constexpr std::array<HpackEntry, 99> static_table = {{
    {":authority", ""},
    {":path", "/"},
    {"age", "0"},
    {"content-disposition", ""},
    {"content-length", "0"},
    {"cookie", ""},
    {"date", ""},
    {"etag", ""},
    {"if-modified-since", ""},
    {"if-none-match", ""},
    {"last-modified", ""},
    {"link", ""},
    {"location", ""},
    {"referer", ""},
    {"set-cookie", ""},
    {":method", "CONNECT"},
    {":method", "DELETE"},
    {":method", "GET"},
    {":method", "HEAD"},
    {":method", "OPTIONS"},
    {":method", "POST"},
    {":method", "PUT"},
    {":scheme", "http"},
    {":scheme", "https"},
    {":status", "103"},
    {":status", "200"},
    {":status", "304"},
    {":status", "404"},
    {":status", "503"},
    {"accept", "*/*"},
    {"accept", "application/dns-message"},
    {"accept-encoding", "gzip, deflate, br"},
    {"accept-ranges", "bytes"},
    {"access-control-allow-headers", "cache-control"},
    {"access-control-allow-headers", "content-type"},
    {"access-control-allow-origin", "*"},
    {"cache-control", "max-age=0"},
    {"cache-control", "max-age=2592000"},
    {"cache-control", "max-age=604800"},
    {"cache-control", "no-cache"},
    {"cache-control", "no-store"},
    {"cache-control", "public, max-age=31536000"},
    {"content-encoding", "br"},
    {"content-encoding", "gzip"},
    {"content-type", "application/dns-message"},
    {"content-type", "application/javascript"},
    {"content-type", "application/json"},
    {"content-type", "application/x-www-form-urlencoded"},
    {"content-type", "image/gif"},
    {"content-type", "image/jpeg"},
    {"content-type", "image/png"},
    {"content-type", "text/css"},
    {"content-type", "text/html; charset=utf-8"},
    {"content-type", "text/plain"},
    {"content-type", "text/plain;charset=utf-8"},
    {"range", "bytes=0-"},
    {"strict-transport-security", "max-age=31536000"},
    {"strict-transport-security", "max-age=31536000; includesubdomains"},
    {"strict-transport-security", "max-age=31536000; includesubdomains; preload"},
    {"vary", "accept-encoding"},
    {"vary", "origin"},
    {"x-content-type-options", "nosniff"},
    {"x-xss-protection", "1; mode=block"},
    {":status", "100"},
    {":status", "204"},
    {":status", "206"},
    {":status", "302"},
    {":status", "400"},
    {":status", "403"},
    {":status", "421"},
    {":status", "425"},
    {":status", "500"},
    {"accept-language", ""},
    {"access-control-allow-credentials", "FALSE"},
    {"access-control-allow-credentials", "TRUE"},
    {"access-control-allow-headers", "*"},
    {"access-control-allow-methods", "get"},
    {"access-control-allow-methods", "get, post, options"},
    {"access-control-allow-methods", "options"},
    {"access-control-expose-headers", "content-length"},
    {"access-control-request-headers", "content-type"},
    {"access-control-request-method", "get"},
    {"access-control-request-method", "post"},
    {"alt-svc", "clear"},
    {"authorization", ""},
    {"content-security-policy", "script-src 'none'; object-src 'none'; base-uri 'none'"},
    {"early-data", "1"},
    {"expect-ct", ""},
    {"forwarded", ""},
    {"if-range", ""},
    {"origin", ""},
    {"purpose", "prefetch"},
    {"server", ""},
    {"timing-allow-origin", "*"},
    {"upgrade-insecure-requests", "1"},
    {"user-agent", ""},
    {"x-forwarded-for", ""},
    {"x-frame-options", "deny"},
    {"x-frame-options", "sameorigin"},
}};

/// A string whose length has a prefix of so many bits, behind the bit that says whether it is Huffman's.
bool take_string(Bytes& in, unsigned prefix_bits, HpackString& string) {
  if (in.empty()) return false;
  string.huffman = (in.front() >> prefix_bits & 1) != 0;
  std::uint32_t length = 0;
  if (!take_hpack_integer(in, prefix_bits, length) || length > in.size()) return false;
  string.bytes = in.first(length);
  in = in.subspan(length);
  return true;
}

constexpr unsigned value_bits = 7;

}  // namespace

std::optional<QpackPrefix> take_qpack_prefix(Bytes& section) {
  QpackPrefix prefix;
  if (!take_hpack_integer(section, 8, prefix.encoded_insert_count) || section.empty()) return std::nullopt;
  prefix.sign = (section.front() & 0x80) != 0;
  if (!take_hpack_integer(section, 7, prefix.delta_base)) return std::nullopt;
  return prefix;
}

std::optional<QpackField> take_qpack_field(Bytes& section) {
  if (section.empty()) return std::nullopt;
  const std::uint8_t first = section.front();
  QpackField field;
  bool whole = false;
  if ((first & 0x80) != 0) {  // 4.5.2 indexed
    field.named = (first & 0x40) != 0 ? QpackName::of_static : QpackName::dynamic;
    whole = take_hpack_integer(section, 6, field.index);
  } else if ((first & 0x40) != 0) {  // 4.5.4 a name of a table
    field.named = (first & 0x10) != 0 ? QpackName::of_static : QpackName::dynamic;
    field.has_value = true;
    whole = take_hpack_integer(section, 4, field.index) && take_string(section, value_bits, field.value);
  } else if ((first & 0x20) != 0) {  // 4.5.6 a literal name
    field.named = QpackName::literal;
    field.has_value = true;
    whole = take_string(section, 3, field.name) && take_string(section, value_bits, field.value);
  } else if ((first & 0x10) != 0) {  // 4.5.3 indexed, behind the base
    field.named = QpackName::post_base;
    whole = take_hpack_integer(section, 4, field.index);
  } else {  // 4.5.5 a name behind the base
    field.named = QpackName::post_base;
    field.has_value = true;
    whole = take_hpack_integer(section, 3, field.index) && take_string(section, value_bits, field.value);
  }
  if (!whole) return std::nullopt;
  return field;
}

std::optional<QpackInstruction> take_qpack_instruction(Bytes& stream) {
  if (stream.empty()) return std::nullopt;
  using Kind = QpackInstruction::Kind;
  const std::uint8_t first = stream.front();
  Bytes rest = stream;
  QpackInstruction instruction;
  bool whole = false;
  if ((first & 0x80) != 0) {  // 4.3.2 insert with a name of a table
    instruction.kind = Kind::insert;
    instruction.named = (first & 0x40) != 0 ? QpackName::of_static : QpackName::dynamic;
    whole =
        take_hpack_integer(rest, 6, instruction.index) && take_string(rest, value_bits, instruction.value);
  } else if ((first & 0x40) != 0) {  // 4.3.3 insert with a literal name
    instruction.kind = Kind::insert;
    instruction.named = QpackName::literal;
    whole = take_string(rest, 5, instruction.name) && take_string(rest, value_bits, instruction.value);
  } else if ((first & 0x20) != 0) {  // 4.3.1
    whole = take_hpack_integer(rest, 5, instruction.index);
  } else {  // 4.3.4
    instruction.kind = Kind::duplicate;
    whole = take_hpack_integer(rest, 5, instruction.index);
  }
  if (!whole) return std::nullopt;
  stream = rest;
  return instruction;
}

std::span<const HpackEntry> qpack_static_table() {
  return static_table;
}

}  // namespace humantime::wire
