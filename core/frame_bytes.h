// SPDX-License-Identifier: GPL-2.0-or-later
// A frame as the host hands it over: the only way in.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "bytes.h"
#include "layers.h"
#include "types.h"

namespace humantime {

/// The name of a data source. The host is asked for it only where it matters: it makes names anew each time.
class SourceName {
 public:
  SourceName() = default;
  SourceName(std::string_view text) : text_(text) {}
  /// `ask` gives a view that is valid until it is called again.
  SourceName(std::string_view (*ask)(const void*), const void* source) : ask_(ask), source_(source) {}
  std::string_view text() const { return ask_ == nullptr ? text_ : ask_(source_); }

 private:
  std::string_view text_;
  std::string_view (*ask_)(const void*) = nullptr;
  const void* source_ = nullptr;
};

/// A buffer of the frame: first the frame itself, then what the host made of it, in that order: reassembled
/// IP datagrams, decrypted payloads.
struct DataSource {
  Bytes bytes;                        ///< as captured
  std::uint32_t reported_length = 0;  ///< length on the wire; larger than bytes.size() in snapped captures
  SourceName name;  ///< Wireshark's, `Reassembled IPv4`; it may have more behind (` (2,008 bytes)`)
};

/// A TLS record that the host decrypted.
struct DecryptedRecord {
  Bytes content;          ///< without padding and, in TLS 1.3, without the inner type
  std::uint8_t type = 0;  ///< of the content (RFC 8446 5.1), in TLS 1.3 the inner one
};

/// Everything views: valid while the frame is being processed, but for what `decrypted` views: that until
/// Engine::clear().
struct FrameBytes {
  FrameNumber number = no_frame;
  Nanoseconds time{0};     ///< as captured, since 1970-01-01 UTC
  bool has_time = false;   ///< false: the capture gives the packet no time stamp
  bool cooked_v2 = false;  ///< the link layer is Linux cooked capture v2 (the host calls both versions "sll")
  std::uint32_t length = 0;  ///< bytes on the wire
  Vantage vantage;           ///< ifindex is filled in by wire/locate
  std::span<const Layer> layers;
  std::span<const DataSource> sources;
  std::span<const DecryptedRecord> decrypted;  ///< with this frame, in the stream's order
};

}  // namespace humantime
