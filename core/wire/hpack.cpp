// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/hpack.h"

#include <algorithm>
#include <iterator>

namespace humantime::wire {
namespace {

// clang-format off
// How many codes are of each length in bits, and the symbols in the order of their codes: the code is canonical.
constexpr std::uint8_t codes_of_length[31] = {0, 0, 0, 0, 0, 10, 26, 32, 6, 0, 5, 3, 2, 6, 2, 3, 0, 0, 0, 3, 8, 13, 26, 29, 12, 4, 15, 19, 29, 0, 4};
constexpr std::uint16_t symbols[257] = {
    48, 49, 50, 97, 99, 101, 105, 111, 115, 116, 32, 37, 45, 46, 47, 51, 52, 53, 54, 55,
    56, 57, 61, 65, 95, 98, 100, 102, 103, 104, 108, 109, 110, 112, 114, 117, 58, 66, 67, 68,
    69, 70, 71, 72, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 89,
    106, 107, 113, 118, 119, 120, 121, 122, 38, 42, 44, 59, 88, 90, 33, 34, 40, 41, 63, 39,
    43, 124, 35, 62, 0, 36, 64, 91, 93, 126, 94, 125, 60, 96, 123, 92, 195, 208, 128, 130,
    131, 162, 184, 194, 224, 226, 153, 161, 167, 172, 176, 177, 179, 209, 216, 217, 227, 229, 230, 129,
    132, 133, 134, 136, 146, 154, 156, 160, 163, 164, 169, 170, 173, 178, 181, 185, 186, 187, 189, 190,
    196, 198, 228, 232, 233, 1, 135, 137, 138, 139, 140, 141, 143, 147, 149, 150, 151, 152, 155, 157,
    158, 165, 166, 168, 174, 175, 180, 182, 183, 188, 191, 197, 231, 239, 9, 142, 144, 145, 148, 159,
    171, 206, 215, 225, 236, 237, 199, 207, 234, 235, 192, 193, 200, 201, 202, 205, 210, 213, 218, 219,
    238, 240, 242, 243, 255, 203, 204, 211, 212, 214, 221, 222, 223, 241, 244, 245, 246, 247, 248, 250,
    251, 252, 253, 254, 2, 3, 4, 5, 6, 7, 8, 11, 12, 14, 15, 16, 17, 18, 19, 20,
    21, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127, 220, 249, 10, 13, 22, 256,
};
constexpr HpackEntry static_table[] = {
    {":authority", ""},
    {":method", "GET"},
    {":method", "POST"},
    {":path", "/"},
    {":path", "/index.html"},
    {":scheme", "http"},
    {":scheme", "https"},
    {":status", "200"},
    {":status", "204"},
    {":status", "206"},
    {":status", "304"},
    {":status", "400"},
    {":status", "404"},
    {":status", "500"},
    {"accept-charset", ""},
    {"accept-encoding", "gzip, deflate"},
    {"accept-language", ""},
    {"accept-ranges", ""},
    {"accept", ""},
    {"access-control-allow-origin", ""},
    {"age", ""},
    {"allow", ""},
    {"authorization", ""},
    {"cache-control", ""},
    {"content-disposition", ""},
    {"content-encoding", ""},
    {"content-language", ""},
    {"content-length", ""},
    {"content-location", ""},
    {"content-range", ""},
    {"content-type", ""},
    {"cookie", ""},
    {"date", ""},
    {"etag", ""},
    {"expect", ""},
    {"expires", ""},
    {"from", ""},
    {"host", ""},
    {"if-match", ""},
    {"if-modified-since", ""},
    {"if-none-match", ""},
    {"if-range", ""},
    {"if-unmodified-since", ""},
    {"last-modified", ""},
    {"link", ""},
    {"location", ""},
    {"max-forwards", ""},
    {"proxy-authenticate", ""},
    {"proxy-authorization", ""},
    {"range", ""},
    {"referer", ""},
    {"refresh", ""},
    {"retry-after", ""},
    {"server", ""},
    {"set-cookie", ""},
    {"strict-transport-security", ""},
    {"transfer-encoding", ""},
    {"user-agent", ""},
    {"vary", ""},
    {"via", ""},
    {"www-authenticate", ""},
};
// clang-format on
static_assert(std::size(static_table) == 61);

constexpr std::uint16_t end_of_string = 256;
constexpr std::uint32_t largest_number = std::uint32_t{1} << 31;

/// An integer with a prefix of so many bits in its first byte (RFC 7541 5.1).
bool take_number(Bytes& in, unsigned prefix_bits, std::uint32_t& number) {
  if (in.empty()) return false;
  const std::uint8_t most = static_cast<std::uint8_t>((1U << prefix_bits) - 1);
  std::uint64_t value = in.front() & most;
  in = in.subspan(1);
  if (value == most) {
    // Seven bits a byte, the lowest first; five bytes hold more than is allowed.
    for (unsigned shift = 0;; shift += 7) {
      if (in.empty() || shift > 28) return false;
      const std::uint8_t byte = in.front();
      in = in.subspan(1);
      value += std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80) == 0) break;
    }
  }
  if (value > largest_number) return false;
  number = static_cast<std::uint32_t>(value);
  return true;
}

bool take_string(Bytes& in, HpackString& string) {
  if (in.empty()) return false;
  string.huffman = (in.front() & 0x80) != 0;
  std::uint32_t length = 0;
  if (!take_number(in, 7, length) || length > in.size()) return false;
  string.bytes = in.first(length);
  in = in.subspan(length);
  return true;
}

struct KindRow {
  std::uint8_t mask, bits;
  unsigned prefix_bits;
  HpackField::Kind kind;
};
// RFC 7541 6.1, 6.2.1, 6.3, 6.2.3, 6.2.2: the first that matches.
constexpr KindRow kind_rows[] = {
    {0x80, 0x80, 7, HpackField::Kind::indexed}, {0xc0, 0x40, 6, HpackField::Kind::inserted},
    {0xe0, 0x20, 5, HpackField::Kind::resize},  {0xf0, 0x10, 4, HpackField::Kind::literal},
    {0xf0, 0x00, 4, HpackField::Kind::literal},
};

}  // namespace

std::optional<std::size_t> decode_hpack_string(const HpackString& string, std::span<char> out) {
  if (!string.huffman) {
    std::copy_n(string.bytes.begin(), std::min(string.bytes.size(), out.size()), out.begin());
    return string.bytes.size();
  }
  std::size_t size = 0;
  // Of the code that is being read: its bits, its length, and among the codes of that length the first and
  // its place in `symbols`.
  std::uint32_t code = 0, first = 0, place = 0;
  unsigned length = 0;
  bool all_ones = true;
  for (const std::uint8_t byte : string.bytes) {
    for (int bit = 7; bit >= 0; --bit) {
      const std::uint32_t one = static_cast<std::uint32_t>(byte >> bit) & 1U;
      all_ones = all_ones && one == 1;
      place += codes_of_length[length];
      first = (first + codes_of_length[length]) << 1;
      code = code << 1 | one;
      ++length;
      if (length >= std::size(codes_of_length)) return std::nullopt;
      if (code - first >= codes_of_length[length]) continue;
      const std::uint16_t symbol = symbols[place + (code - first)];
      if (symbol == end_of_string) return std::nullopt;
      if (size < out.size()) out[size] = static_cast<char>(symbol);
      ++size;
      code = first = place = 0;
      length = 0;
      all_ones = true;
    }
  }
  if (length > 7 || !all_ones) return std::nullopt;
  return size;
}

std::optional<HpackField> take_hpack_field(Bytes& block) {
  if (block.empty()) return std::nullopt;
  Bytes in = block;
  HpackField field;
  const auto* const row = std::find_if(std::begin(kind_rows), std::end(kind_rows), [&](const KindRow& one) {
    return (in.front() & one.mask) == one.bits;
  });
  field.kind = row->kind;
  if (!take_number(in, row->prefix_bits, field.index)) return std::nullopt;
  if (field.kind == HpackField::Kind::inserted || field.kind == HpackField::Kind::literal) {
    if (field.index == 0 && !take_string(in, field.name)) return std::nullopt;
    if (!take_string(in, field.value)) return std::nullopt;
  }
  block = in;
  return field;
}

std::span<const HpackEntry> hpack_static_table() {
  return static_table;
}

}  // namespace humantime::wire
