// SPDX-License-Identifier: GPL-2.0-or-later
// TLS 1.0 to 1.3 (RFC 2246, 4346, 5246, 8446): record headers, and the messages that are not encrypted.
// Numbers on the wire are big-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

/// What a record carries (RFC 8446 5.1); heartbeat: RFC 6520.
enum class TlsContent : std::uint8_t {
  change_cipher_spec = 20,
  alert = 21,
  handshake = 22,
  application_data = 23,
  heartbeat = 24,
};

/// The types of handshake messages that the bytes are looked into for (RFC 8446 4, RFC 5246 7.4).
enum class TlsHandshake : std::uint8_t {
  hello_request = 0,
  client_hello = 1,
  server_hello = 2,
  hello_verify_request = 3,  // RFC 6347 4.3.2
  new_session_ticket = 4,
  encrypted_extensions = 8,
  certificate = 11,
  server_key_exchange = 12,
  certificate_request = 13,
  server_hello_done = 14,
  certificate_verify = 15,
  finished = 20,
};

/// Protocol versions as the wire has them.
constexpr std::uint16_t tls_1_0 = 0x0301;
constexpr std::uint16_t tls_1_1 = 0x0302;
constexpr std::uint16_t tls_1_2 = 0x0303;
constexpr std::uint16_t tls_1_3 = 0x0304;
/// DTLS's are the ones' complement of TLS's (RFC 6347 4.1), so far as TLS has them.
constexpr std::uint16_t dtls_1_0 = 0xfeff;
constexpr std::uint16_t dtls_1_2 = 0xfefd;
constexpr std::uint16_t dtls_1_3 = 0xfefc;

/// TLS 1.3 or a draft of it (0x7fxx).
constexpr bool is_tls_1_3(std::uint16_t version) {
  return version == tls_1_3 || version >> 8 == 0x7f;
}

struct TlsRecordHeader {
  static constexpr std::size_t size = 5;
  /// 2^14 bytes of plaintext and what encryption may add (RFC 5246 6.2.3).
  static constexpr std::size_t most_length = (1 << 14) + 2048;

  TlsContent content{};
  std::uint16_t version = 0;  ///< legacy_record_version
  std::uint16_t length = 0;   ///< of what follows the header
};

/// Reads a record's header. Nothing where the bytes are fewer than TlsRecordHeader::size or are none: an
/// unknown content type, a major version other than 3, a length beyond most_length.
std::optional<TlsRecordHeader> read_tls_record_header(Bytes bytes);

/// The version under which a ClientHello in SSLv2's format is handed on as a record.
constexpr std::uint16_t ssl_2_0 = 0x0002;

/// Reads the first TlsRecordHeader::size bytes of a connection as those of a ClientHello in SSLv2's format
/// that offers SSL 3.0 or later (RFC 5246 E.2): as the header of a handshake record of version ssl_2_0, which
/// is as long as what follows these bytes. Nothing where they are none.
std::optional<TlsRecordHeader> read_sslv2_client_hello_header(Bytes bytes);

struct TlsHandshakeHeader {
  static constexpr std::size_t size = 4;
  std::uint8_t type = 0;
  std::uint32_t length = 0;  ///< of the body, 24 bits
};

/// Nothing where there are fewer than TlsHandshakeHeader::size bytes.
std::optional<TlsHandshakeHeader> read_tls_handshake_header(Bytes bytes);

/// Whether a handshake record of `length` bytes may begin with a message in the clear, by as much of that
/// one's header as is there: what is encrypted hardly looks so, a nonce that counts from zero included (RFC
/// 5288 3).
bool looks_like_tls_handshake(Bytes content, std::size_t length);

/// The phase of a handshake message by its type; nothing for types without one. A ServerHello that is a
/// HelloRetryRequest has the same type: see TlsServerHello.
std::optional<Phase> phase_of_tls_handshake(std::uint8_t type);

/// Whether the bytes begin as a connection's first TLS record does, with a ClientHello: far enough to be sure
/// (yes), or not (no), or too few bytes to tell (more). Also the ClientHello in SSLv2's format that offers
/// SSL 3.0 or later (RFC 5246 E.2).
enum class LooksTls : std::uint8_t { no, more, yes };
LooksTls looks_like_client_hello(Bytes bytes);
/// Enough bytes that looks_like_client_hello never says `more`.
constexpr std::size_t most_bytes_to_tell_tls = 11;

/// The application protocols that matter here, of those that an ALPN extension names (RFC 7301).
enum class Alpn : std::uint8_t { none, http1, http2, http3, dns, other };

/// What a ClientHello says. Read as far as it was captured: what is missing is as if it had not been said.
struct TlsClientHello {
  std::uint16_t legacy_version = 0;
  bool complete = false;  ///< all of it was captured
  std::uint8_t session_id_length = 0;
  Bytes session_id;  ///< as far as it was captured
  /// Of the first 32 keys that pre_shared_key offers a bit each, from the lowest: its obfuscated_ticket_age
  /// is 0, as of a key that no ticket brought (RFC 8446 4.2.11).
  std::uint32_t keys_without_age = 0;
  std::string_view server_name;  ///< SNI's host name, raw bytes (RFC 6066 3); empty: none
  bool has_alpn : 1 = false;
  bool offers_http1 : 1 = false;  ///< ALPN: http/1.0 or http/1.1
  bool offers_http2 : 1 = false;  ///< ALPN: h2
  bool offers_other : 1 = false;  ///< ALPN: anything else but GREASE (RFC 8701)
  /// ALPN: HTTP/3 and nothing else, as far as it was captured; those count as other too.
  bool offers_only_http3 : 1 = false;
  bool offers_tls_1_3 : 1 = false;  ///< supported_versions has one: see is_tls_1_3
  /// An extension that a server answers in a message of its own length: max_fragment_length, use_srtp,
  /// heartbeat, certificate types, record_size_limit, application settings.
  bool offers_sized_answers : 1 = false;
  bool has_key_share : 1 = false;
  bool has_early_data : 1 = false;
  bool has_pre_shared_key : 1 = false;
  bool has_session_ticket_extension : 1 = false;
  bool has_session_ticket : 1 = false;  ///< the session_ticket extension is not empty (RFC 5077)
};

/// Reads the body of a ClientHello. Nothing where its fixed part (version, random) is incomplete.
std::optional<TlsClientHello> read_tls_client_hello(Bytes body);

struct TlsServerHello {
  std::uint16_t version = 0;  ///< selected: supported_versions where it is there, else legacy_version
  std::uint16_t cipher_suite = 0;
  bool retry_request : 1 = false;  ///< the random is that of a HelloRetryRequest (RFC 8446 4.1.3)
  bool has_key_share : 1 = false;
  bool has_pre_shared_key : 1 = false;
  bool has_session_ticket_extension : 1 = false;  ///< a NewSessionTicket will follow (RFC 5077 3.2)
  std::uint8_t session_id_length = 0;
  Alpn alpn = Alpn::none;
  bool complete = false;           ///< all of it was captured
  Bytes session_id;                ///< as far as it was captured
  std::uint16_t group = 0;         ///< of the key share; 0: none
  std::uint16_t selected_key = 0;  ///< where it has_pre_shared_key: which of the client's, from 0

  bool is_1_3() const { return is_tls_1_3(version); }
};

/// Reads the body of a ServerHello. Nothing where the part before its extensions is incomplete.
std::optional<TlsServerHello> read_tls_server_hello(Bytes body);

/// The ALPN that an EncryptedExtensions' body selects; none where it has none or is broken.
Alpn read_tls_encrypted_extensions_alpn(Bytes body);

/// Whether an EncryptedExtensions' body accepts early data (RFC 8446 4.2.10).
bool accepts_early_data(Bytes encrypted_extensions);

struct TlsAlert {
  std::uint8_t level = 0;  ///< 1 warning, 2 fatal
  std::uint8_t description = 0;
  bool is_close_notify() const { return description == 0; }
  /// Whether a handshake that is under way is over: a fatal one, a renegotiation refused (RFC 5246 7.2.2); in
  /// TLS 1.3 all but user_canceled, whatever the level says (RFC 8446 6).
  bool ends_handshake(bool modern) const {
    constexpr std::uint8_t fatal = 2, user_canceled = 90, no_renegotiation = 100;
    return level == fatal || description == no_renegotiation ||
           (modern && description != user_canceled && !is_close_notify());
  }
};

/// Nothing where there are not exactly two bytes.
std::optional<TlsAlert> read_tls_alert(Bytes body);

/// The name of an alert's description as the RFCs write it (`unknown_ca`); empty for one without a name.
std::string_view name_of_tls_alert(std::uint8_t description);

/// `SSL 3.0`, `TLS 1.2`; empty for versions without a name. Drafts of TLS 1.3 are `TLS 1.3`.
std::string_view name_of_tls_version(std::uint16_t version);

/// The bytes of a TLS 1.3 Finished message's verify_data, the length of the suite's hash (RFC 8446 4.4.4):
/// 32 or 48; 0 for a suite that is none of TLS 1.3's.
std::size_t tls_1_3_hash_length(std::uint16_t cipher_suite);

}  // namespace humantime::wire
