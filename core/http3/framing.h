// SPDX-License-Identifier: GPL-2.0-or-later
// One direction of an HTTP/3 stream cut into frames (RFC 9114 7.1).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "bytes.h"
#include "types.h"
#include "wire/quic_integer.h"

namespace humantime::http3 {

/// RFC 9114 7.2. Other types are stepped over (9).
enum class FrameType : std::uint64_t {
  data = 0x00,
  headers = 0x01,
  settings = 0x04,
  push_promise = 0x05,
  goaway = 0x07,
};

/// Integers that may be spread over several pieces: the bytes of the last ones that are not whole.
template <std::size_t Most>
class Integers {
 public:
  /// Takes bytes off the front of `bytes` until there are `count` integers, and gives them; nothing where
  /// more is needed.
  template <std::size_t Count>
  std::optional<std::array<std::uint64_t, Count>> take(Bytes& bytes) {
    static_assert(Count * 8 <= Most);
    while (true) {
      std::array<std::uint64_t, Count> values{};
      Reader reader(Bytes(bytes_).first(size_));
      for (std::uint64_t& value : values) value = wire::read_quic_integer(reader);
      if (reader.ok()) {
        size_ = 0;
        return values;
      }
      if (bytes.empty()) return std::nullopt;
      bytes_[size_++] = bytes.front();
      bytes = bytes.subspan(1);
    }
  }
  bool empty() const { return size_ == 0; }
  void clear() { size_ = 0; }

 private:
  std::array<std::uint8_t, Most> bytes_{};
  std::uint8_t size_ = 0;
};

/// A value. Behind bytes that are not in the capture and are not content of one frame nothing is known any
/// more.
class Framing {
 public:
  /// Of the content of a frame other than DATA so much is kept.
  static constexpr std::size_t most_content = std::size_t{8} * 1024;

  /// Handler has
  ///   begin(type, first)            a frame's header is whole; `first`: where its first byte is
  ///   data(captured, count)         the next `count` bytes of DATA, of which the capture has the first
  ///   end(type, first, content)     its last byte is there; content of DATA is not kept
  template <typename Handler>
  void read(FrameNumber frame, Bytes bytes, Handler&& handler);
  /// The next `count` bytes are not in the capture.
  template <typename Handler>
  void skip(std::uint64_t count, Handler&& handler);
  bool lost() const { return lost_; }

 private:
  template <typename Handler>
  void finish(Bytes content, Handler&& handler);

  std::vector<std::uint8_t> content_;  ///< of a frame that takes several pieces
  Integers<16> header_;
  std::uint64_t left_ = 0;
  FrameType type_{};
  FrameNumber first_ = no_frame;
  bool in_frame_ = false;
  bool damaged_ = false;  ///< bytes of the content are missing, those before them are kept
  bool lost_ = false;
};

template <typename Handler>
void Framing::finish(Bytes content, Handler&& handler) {
  in_frame_ = false;
  handler.end(type_, first_, content);
  if (!content_.empty()) std::vector<std::uint8_t>().swap(content_);
  damaged_ = false;
}

template <typename Handler>
void Framing::read(FrameNumber frame, Bytes bytes, Handler&& handler) {
  while (!bytes.empty() && !lost_) {
    if (!in_frame_) {
      if (header_.empty()) first_ = frame;
      const auto header = header_.take<2>(bytes);
      if (!header) return;
      type_ = FrameType{(*header)[0]};
      left_ = (*header)[1];
      in_frame_ = true;
      handler.begin(type_, first_);
      if (left_ == 0) finish({}, handler);
      continue;
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
    const Bytes here = bytes.first(count);
    bytes = bytes.subspan(count);
    left_ -= count;
    if (type_ == FrameType::data) handler.data(here, count);
    const bool kept = type_ != FrameType::data && !damaged_;
    const bool at_once = left_ == 0 && content_.empty() && kept;
    if (kept && !at_once)
      content_.insert(content_.end(), here.begin(),
                      here.begin() + static_cast<std::ptrdiff_t>(std::min(
                                         count, most_content - std::min(most_content, content_.size()))));
    if (left_ == 0) finish(at_once ? here : Bytes(content_), handler);
  }
}

template <typename Handler>
void Framing::skip(std::uint64_t count, Handler&& handler) {
  if (lost_ || count == 0) return;
  if (!in_frame_ || count > left_) {
    lost_ = true;
    return;
  }
  left_ -= count;
  damaged_ = true;
  if (type_ == FrameType::data) handler.data({}, count);
  if (left_ == 0) finish(Bytes(content_), handler);
}

}  // namespace humantime::http3
