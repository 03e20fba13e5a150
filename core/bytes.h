// SPDX-License-Identifier: GPL-2.0-or-later
// Bytes of a capture and the one way to read them: every read is checked, none can leave the span.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace humantime {

using Bytes = std::span<const std::uint8_t>;

/// The bytes as characters. Not text: whatever the capture says, unescaped.
inline std::string_view as_chars(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// The part of `bytes` from `offset`, at most `count` bytes; empty where the offset lies behind the end.
inline Bytes slice(Bytes bytes, std::size_t offset, std::size_t count = std::dynamic_extent) {
  if (offset >= bytes.size()) return {};
  return bytes.subspan(offset, count < bytes.size() - offset ? count : bytes.size() - offset);
}

/// A big-endian number at a place in a header of known size: checked when it is compiled, a load or two when
/// it runs.
template <std::size_t Offset, std::size_t Size>
constexpr std::uint16_t u16_at(std::span<const std::uint8_t, Size> header) {
  static_assert(Offset + 2 <= Size);
  return static_cast<std::uint16_t>(header[Offset] << 8 | header[Offset + 1]);
}
template <std::size_t Offset, std::size_t Size>
constexpr std::uint32_t u32_at(std::span<const std::uint8_t, Size> header) {
  static_assert(Offset + 4 <= Size);
  return std::uint32_t{u16_at<Offset>(header)} << 16 | u16_at<Offset + 2>(header);
}

/// Reads big-endian numbers one after another. A read beyond the end gives zero (or an empty span) and makes
/// ok() false for good, so that a reader may check once, after a group of reads.
class Reader {
 public:
  explicit Reader(Bytes bytes) : bytes_(bytes) {}

  std::uint8_t u8() { return number<std::uint8_t, 1>(); }
  std::uint16_t u16() { return number<std::uint16_t, 2>(); }
  std::uint32_t u24() { return number<std::uint32_t, 3>(); }
  std::uint32_t u32() { return number<std::uint32_t, 4>(); }
  std::uint64_t u64() { return number<std::uint64_t, 8>(); }

  Bytes take(std::size_t count) {
    if (!has(count)) return {};
    const Bytes taken = bytes_.subspan(position_, count);
    position_ += count;
    return taken;
  }
  void skip(std::size_t count) {
    if (has(count)) position_ += count;
  }

  /// What has not been read yet.
  Bytes rest() const { return ok_ ? bytes_.subspan(position_) : Bytes{}; }
  std::size_t remaining() const { return ok_ ? bytes_.size() - position_ : 0; }
  std::size_t position() const { return position_; }
  bool ok() const { return ok_; }

 private:
  bool has(std::size_t count) {
    ok_ = ok_ && count <= bytes_.size() - position_;
    return ok_;
  }
  /// The size is known where it is compiled: a few loads, no loop.
  template <typename Number, std::size_t Size>
  Number number() {
    if (!has(Size)) return 0;
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < Size; ++i) value = value << 8 | bytes_[position_ + i];
    position_ += Size;
    return static_cast<Number>(value);
  }

  Bytes bytes_;
  std::size_t position_ = 0;
  bool ok_ = true;
};

}  // namespace humantime
