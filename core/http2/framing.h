// SPDX-License-Identifier: GPL-2.0-or-later
// One direction of an HTTP/2 connection cut into frames (RFC 9113 4.1).
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "bytes.h"
#include "wire/http2.h"

namespace humantime::http2 {

/// A value. Where the framing is lost (bytes that are not in the capture, a connection picked up in its
/// middle) it goes on with bytes that begin with a frame's header: those that a sender wrote at once, as a
/// rule. Bytes in the middle of a payload may look like a header too, so that the first frame is not trusted
/// until another one begins where it ends.
class Framing {
 public:
  /// Handler has
  ///   preface()                         a byte of the connection preface (a client's first 24 bytes)
  ///   header(const Http2Header&)        the last byte of a frame's header has been read
  ///   part(const Http2Header&, captured, count)
  ///                                     the next count bytes of its payload, of which the capture has the
  ///                                     first
  ///   whole(const Http2Header&)         the frame's last byte went by
  ///   lost()                            nobody knows where the next frame begins
  ///
  /// Bytes that were captured, or with `captured` empty the next `count` bytes, which were not.
  template <typename Handler>
  void read(Bytes captured, Handler&& handler);
  template <typename Handler>
  void skip(std::uint64_t count, Handler&& handler);

  /// The connection preface comes first.
  void expect_preface() { preface_left_ = static_cast<std::uint8_t>(wire::http2_preface.size()); }
  /// It is not known whether a frame begins here.
  void begin_anywhere() { trust_ = Trust::lost; }

  /// A header has begun, and what frame it is of is not known yet.
  bool in_header() const { return header_size_ > 0 && !in_frame_; }
  /// Whether frames are known to begin where they are read.
  bool trusted() const { return trust_ == Trust::sure || trust_ == Trust::counted; }

 private:
  enum class Trust : std::uint8_t {
    sure,
    counted,   ///< sure, as long as the next header is a likely one: bytes of the payload are missing
    unproven,  ///< a frame was found; the header behind it must be a likely one
    found,     ///< a frame begins here, it seems
    lost,
  };

  template <typename Handler>
  void lose(Handler&& handler);
  template <typename Handler>
  void pass(Bytes captured, std::uint64_t count, Handler&& handler);
  /// Whether the bytes begin with a frame, as far as they go, and how sure that is.
  Trust trust_in(Bytes bytes) const;

  wire::Http2Header current_;
  std::uint32_t left_ = 0;  ///< of the payload
  std::array<std::uint8_t, wire::Http2Header::size> header_{};
  std::uint8_t header_size_ = 0;
  std::uint8_t preface_left_ = 0;
  bool in_frame_ = false;
  Trust trust_ = Trust::sure;
};

// --- templates ------------------------------------------------------------------------------------------

inline Framing::Trust Framing::trust_in(Bytes bytes) const {
  using Header = wire::Http2Header;
  bool proven = false;
  while (bytes.size() >= Header::size) {
    const Header header = wire::read_http2_header(bytes.first<Header::size>());
    if (!wire::is_likely_http2_header(header)) return Trust::lost;
    if (bytes.size() < Header::size + header.length) return proven ? Trust::sure : Trust::found;
    bytes = bytes.subspan(Header::size + header.length);
    // A whole frame, and behind it another one, or nothing.
    if (bytes.empty()) return Trust::sure;
    proven = bytes.size() >= Header::size;
  }
  return proven ? Trust::sure : Trust::lost;
}

template <typename Handler>
void Framing::lose(Handler&& handler) {
  header_size_ = 0;
  in_frame_ = false;
  left_ = 0;
  preface_left_ = 0;
  trust_ = Trust::lost;
  handler.lost();
}

template <typename Handler>
void Framing::pass(Bytes captured, std::uint64_t count, Handler&& handler) {
  if (count > 0) handler.part(current_, captured, count);
  left_ -= static_cast<std::uint32_t>(count);
  if (left_ > 0) return;
  in_frame_ = false;
  header_size_ = 0;
  handler.whole(current_);
}

template <typename Handler>
void Framing::read(Bytes captured, Handler&& handler) {
  if (captured.empty()) return;
  if (trust_ == Trust::lost) trust_ = trust_in(captured);
  while (!captured.empty() && trust_ != Trust::lost) {
    if (preface_left_ > 0) {
      const std::size_t count = std::min<std::size_t>(preface_left_, captured.size());
      const auto expected = wire::http2_preface.substr(wire::http2_preface.size() - preface_left_, count);
      if (as_chars(captured.first(count)) != expected) return lose(handler);
      preface_left_ = static_cast<std::uint8_t>(preface_left_ - count);
      captured = captured.subspan(count);
      handler.preface();
      continue;
    }
    if (!in_frame_) {
      const std::size_t count = std::min<std::size_t>(header_.size() - header_size_, captured.size());
      std::copy_n(captured.begin(), count, header_.begin() + header_size_);
      header_size_ = static_cast<std::uint8_t>(header_size_ + count);
      captured = captured.subspan(count);
      if (header_size_ < header_.size()) return;
      current_ = wire::read_http2_header(header_);
      const bool good = trust_ == Trust::sure ? wire::is_legal_http2_header(current_)
                                              : wire::is_likely_http2_header(current_);
      if (!good) return lose(handler);
      trust_ = trust_ == Trust::found ? Trust::unproven : Trust::sure;
      left_ = current_.length;
      in_frame_ = true;
      handler.header(current_);
      if (left_ == 0) pass({}, 0, handler);
      continue;
    }
    const std::size_t count = std::min<std::size_t>(left_, captured.size());
    const Bytes here = captured.first(count);
    captured = captured.subspan(count);
    pass(here, count, handler);
  }
}

template <typename Handler>
void Framing::skip(std::uint64_t count, Handler&& handler) {
  if (count == 0 || trust_ == Trust::lost) return;
  if (in_frame_) {
    const std::uint64_t here = std::min<std::uint64_t>(left_, count);
    count -= here;
    if (trust_ == Trust::sure) trust_ = Trust::counted;
    pass({}, here, handler);
  }
  if (count > 0) lose(handler);
}

}  // namespace humantime::http2
