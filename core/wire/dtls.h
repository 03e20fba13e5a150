// SPDX-License-Identifier: GPL-2.0-or-later
// DTLS 1.0 and 1.2 (RFC 4347, RFC 6347): record headers and the headers of handshake fragments. Numbers on
// the wire are big-endian. The messages are TLS's (wire/tls.h), but for the cookie.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "bytes.h"
#include "wire/tls.h"

namespace humantime::wire {

struct DtlsRecordHeader {
  static constexpr std::size_t size = 13;

  TlsContent content{};
  std::uint16_t version = 0;
  std::uint16_t epoch = 0;     ///< 0: in the clear
  std::uint64_t sequence = 0;  ///< 48 bits, counts the records of an epoch
  std::uint16_t length = 0;    ///< of what follows the header
};

/// Reads a record's header. Nothing where the bytes are fewer than DtlsRecordHeader::size or are none: an
/// unknown content type, a version that is none of DTLS's, a length beyond TlsRecordHeader::most_length.
std::optional<DtlsRecordHeader> read_dtls_record_header(Bytes bytes);

/// Whether a record with DTLS 1.3's unified header begins with this byte (RFC 9147 4): its three highest bits
/// are 001, which no content type of DTLS 1.2 has (RFC 9147 4.1). What follows cannot be told from the bytes
/// alone: the type is encrypted, and how long the connection ID is only the ends know.
constexpr bool is_dtls_unified_header(std::uint8_t first) {
  return first >> 5 == 1;
}

/// A part of a handshake message, or all of it (RFC 6347 4.2.2).
struct DtlsFragment {
  static constexpr std::size_t header_size = 12;

  std::uint8_t type = 0;
  std::uint32_t message_length = 0;    ///< of the whole message's body, 24 bits
  std::uint16_t message_sequence = 0;  ///< counts the sender's messages of a handshake
  std::uint32_t offset = 0;            ///< in the message's body
  std::uint32_t length = 0;            ///< of this part
  Bytes body;                          ///< this part, as far as it was captured

  bool is_whole() const { return length == message_length; }
};

/// Reads the fragment at the beginning of a handshake record's content, of which `length` bytes are left on
/// the wire. Nothing where its header is not all there or contradicts itself: a part that ends behind the
/// message's end or the record's.
std::optional<DtlsFragment> read_dtls_fragment(Bytes content, std::size_t length);

/// Whether a HelloVerifyRequest's body is one (RFC 6347 4.2.1): a version and a cookie that fills it.
bool is_dtls_hello_verify_request(Bytes body);

/// Reads the body of a DTLS ClientHello: TLS's with a cookie behind the session_id. Nothing where its fixed
/// part (version, random) is incomplete.
std::optional<TlsClientHello> read_dtls_client_hello(Bytes body);

}  // namespace humantime::wire
