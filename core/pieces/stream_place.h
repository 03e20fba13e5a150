// SPDX-License-Identifier: GPL-2.0-or-later
// Where in its records and messages one direction of a TCP connection is, so that a segment that begins in
// their middle can be told from its place. A value of a fixed size.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "phases.h"
#include "wire/tls.h"

namespace humantime {

struct StreamPlace {
  enum class Speaks : std::uint8_t {
    unknown,  ///< what comes next must show what it is
    tls,
    http1,
  };

  Speaks speaks = Speaks::unknown;
  bool has_next = false;            ///< there was a segment
  bool from_start = false;          ///< nothing was missed since the SYN
  std::uint32_t next_sequence = 0;  ///< of the byte behind the last one

  // TLS
  std::array<std::uint8_t, wire::TlsRecordHeader::size> header{};  ///< a record's, as far as it has come
  std::uint8_t header_bytes = 0;
  wire::TlsContent content{};
  std::uint16_t record_length = 0;  ///< of the record's content
  std::uint16_t record_left = 0;    ///< of that, to come
  bool encrypted = false;           ///< the record's handshake messages cannot be read
  bool cipher_changed = false;      ///< ChangeCipherSpec has been
  std::array<std::uint8_t, wire::TlsHandshakeHeader::size> message_header{};
  std::uint8_t message_header_bytes = 0;
  std::optional<Phase> message;      ///< that has begun
  std::uint32_t message_length = 0;  ///< with its header
  std::uint32_t message_left = 0;

  // HTTP/1
  std::uint64_t body_length = 0;
  std::uint64_t body_left = 0;
};

}  // namespace humantime
