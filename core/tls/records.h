// SPDX-License-Identifier: GPL-2.0-or-later
// One direction of a TLS connection cut into records (RFC 8446 5.1), and records' contents into handshake
// messages. A ClientHello in SSLv2's format (RFC 5246 E.2) is a first record of version ssl_2_0.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "bytes.h"
#include "tcp/stream.h"
#include "types.h"
#include "wire/tls.h"

namespace humantime::tls {

/// Where the first record in the bytes begins, by its header, and that of the next one where it is there;
/// bytes.size() where there is none.
std::size_t find_record(Bytes bytes);

struct Record {
  wire::TlsRecordHeader header;
  std::uint32_t sequence = 0;  ///< TCP's, of the header's first byte
  FrameNumber latest =
      no_frame;          ///< with which its last missing byte so far arrived; none if it was not captured
  bool damaged = false;  ///< bytes of it are not in the capture

  /// With its header.
  std::uint64_t size() const { return wire::TlsRecordHeader::size + header.length; }
  bool is_application_data() const { return header.content == wire::TlsContent::application_data; }
};

/// A value. Where the framing is lost (bytes that are not in the capture, a connection picked up in its
/// middle) it goes on with the next bytes that look like a record.
class Records {
 public:
  /// Handler has
  ///   begin(const Record&)              its header has been read
  ///   part(const Record&, frame, n, goes_on)
  ///                                     the frame carries the next n bytes of its content; behind them it
  ///                                     goes on
  ///   whole(const Record&, content)     as captured, up to the first byte that is missing; empty for
  ///                                     application data, which is not kept
  ///   lost()                            what comes next does not go on with what there was
  template <typename Handler>
  void read(const tcp::Piece& piece, Handler&& handler);
  /// The next `count` bytes are not in the capture.
  template <typename Handler>
  void skip(std::uint64_t count, Handler&& handler);

  /// A record's header has been read, but not its end.
  bool midway() const { return in_record_; }
  const Record& current() const { return record_; }

 private:
  template <typename Handler>
  void pass(FrameNumber frame, Bytes captured, std::size_t count, Handler&& handler);
  template <typename Handler>
  void lose(Handler&& handler);

  std::vector<std::uint8_t> content_;  ///< of a record that takes several segments
  Record record_;
  std::array<std::uint8_t, wire::TlsRecordHeader::size> header_{};
  std::uint8_t header_size_ = 0;
  std::uint16_t left_ = 0;
  bool fresh_ = true;  ///< nothing has been read yet
  bool in_record_ = false;
  bool lost_ = false;
};

/// Handshake messages, which may span records, and of which a record may hold several (RFC 8446 5.1). A
/// value.
class Messages {
 public:
  /// Bodies are kept only of the messages that say what is to come, and no more of them than this.
  static constexpr std::size_t most_body = std::size_t{16} * 1024;

  /// The content of a record of which the capture has the first bytes: `message(type, body, frame)` is called
  /// for each message that it completes, with the frame of the last of its records: no_frame where the end
  /// of that was not captured.
  template <typename OnMessage>
  void read(Bytes captured, std::size_t length, FrameNumber frame, OnMessage message);
  /// What comes next does not go on with what there was.
  void clear() { *this = Messages(); }
  /// A message has begun, but not ended.
  bool midway() const { return in_message_ || header_size_ > 0; }

 private:
  static bool is_read(std::uint8_t type);

  std::vector<std::uint8_t> body_;
  std::array<std::uint8_t, wire::TlsHandshakeHeader::size> header_{};
  std::uint8_t header_size_ = 0;
  std::uint8_t type_ = 0;
  bool in_message_ = false;
  bool damaged_ = false;  ///< bytes of it are not in the capture: those before them are kept
  std::uint32_t left_ = 0;
  FrameNumber latest_ = no_frame;
};

// --- templates ------------------------------------------------------------------------------------------

template <typename Handler>
void Records::pass(FrameNumber frame, Bytes captured, std::size_t count, Handler&& handler) {
  if (frame != no_frame) {
    record_.latest = std::max(record_.latest, frame);
    if (count > 0) handler.part(record_, frame, count, count < left_);
  } else if (count == left_) {
    record_.latest = no_frame;  // where it ended was not captured
  }
  const bool kept = !record_.is_application_data() && !record_.damaged;
  record_.damaged = record_.damaged || captured.size() < count;
  left_ = static_cast<std::uint16_t>(left_ - count);
  const bool at_once = left_ == 0 && content_.empty();
  if (kept && !at_once) content_.insert(content_.end(), captured.begin(), captured.end());
  if (left_ > 0) return;
  in_record_ = false;
  header_size_ = 0;
  handler.whole(record_, at_once && kept ? captured : Bytes(content_));
  if (!content_.empty()) std::vector<std::uint8_t>().swap(content_);
}

template <typename Handler>
void Records::lose(Handler&& handler) {
  header_size_ = 0;
  fresh_ = false;
  lost_ = true;
  handler.lost();
}

template <typename Handler>
void Records::read(const tcp::Piece& piece, Handler&& handler) {
  Bytes bytes = piece.bytes;
  std::size_t length = piece.length;
  const auto advance = [&](std::size_t count) {
    bytes = slice(bytes, count);
    length -= count;
  };
  while (length > 0) {
    if (lost_) {
      const std::size_t found = find_record(bytes);
      if (found == bytes.size()) return;
      advance(found);
      lost_ = false;
    }
    if (!in_record_) {
      // Without a header in the capture nobody knows where the next record begins.
      if (bytes.empty()) return lose(handler);
      if (header_size_ == 0) {
        record_ = Record{};
        record_.sequence = piece.sequence + static_cast<std::uint32_t>(piece.length - length);
      }
      const std::size_t taken = std::min<std::size_t>(header_.size() - header_size_, bytes.size());
      std::copy_n(bytes.begin(), taken, header_.begin() + header_size_);
      header_size_ = static_cast<std::uint8_t>(header_size_ + taken);
      record_.latest = std::max(record_.latest, piece.frame);
      if (header_size_ < header_.size()) {
        advance(taken);
        continue;
      }
      auto header = wire::read_tls_record_header(header_);
      if (!header && fresh_) header = wire::read_sslv2_client_hello_header(header_);
      fresh_ = false;
      if (!header) {
        lose(handler);
        continue;
      }
      advance(taken);
      record_.header = *header;
      left_ = header->length;
      in_record_ = true;
      handler.begin(record_);
      if (left_ > 0) continue;
    }
    const std::size_t count = std::min<std::size_t>(left_, length);
    const Bytes captured = slice(bytes, 0, count);
    advance(count);
    pass(piece.frame, captured, count, handler);
  }
}

template <typename Handler>
void Records::skip(std::uint64_t count, Handler&& handler) {
  if (in_record_) {
    const auto here = static_cast<std::size_t>(std::min<std::uint64_t>(left_, count));
    count -= here;
    pass(no_frame, {}, here, handler);
  }
  if (count > 0) lose(handler);
}

template <typename OnMessage>
void Messages::read(Bytes captured, std::size_t length, FrameNumber frame, OnMessage message) {
  while (length > 0) {
    latest_ = std::max(latest_, frame);
    if (!in_message_) {
      if (captured.empty()) return clear();
      const std::size_t taken = std::min<std::size_t>(header_.size() - header_size_, captured.size());
      std::copy_n(captured.begin(), taken, header_.begin() + header_size_);
      header_size_ = static_cast<std::uint8_t>(header_size_ + taken);
      captured = slice(captured, taken);
      length -= taken;
      if (header_size_ < header_.size()) continue;
      const auto header = wire::read_tls_handshake_header(header_);
      type_ = header->type;
      left_ = header->length;
      in_message_ = true;
    }
    const std::size_t count = std::min<std::size_t>(left_, length);
    const Bytes here = slice(captured, 0, count);
    left_ -= static_cast<std::uint32_t>(count);
    captured = slice(captured, count);
    length -= count;
    const bool at_once = left_ == 0 && body_.empty() && !damaged_;
    if (is_read(type_) && !at_once && !damaged_ && body_.size() < most_body)
      body_.insert(body_.end(), here.begin(), here.end());
    damaged_ = damaged_ || here.size() < count;
    if (left_ > 0) continue;
    message(type_, at_once ? here : Bytes(body_), frame == no_frame ? no_frame : latest_);
    clear();
  }
}

}  // namespace humantime::tls
