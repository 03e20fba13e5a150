// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/tls.h"

#include <algorithm>
#include <array>
#include <span>

#include "wire/dtls.h"

namespace humantime::wire {
namespace {

template <typename Key, typename Value>
struct Row {
  Key key;
  Value value;
};

/// The value of the key's row, or of none.
template <typename Key, typename Value, std::size_t Count>
constexpr Value look_up(const Row<Key, Value> (&rows)[Count], Key key, Value none = {}) {
  for (const auto& row : rows)
    if (row.key == key) return row.value;
  return none;
}

constexpr std::uint8_t major_version = 3;  // SSL 3.0's and, to get past old middleboxes, TLS's too
constexpr std::size_t random_size = 32;

// Without a phase: a draft's HelloRetryRequest (6), and what is hardly sent (21: RFC 6066 5, 23: RFC 4680).
constexpr Row<std::uint8_t, std::optional<Phase>> handshake_phases[] = {
    {0, Phase::tls_hello_request},        {1, Phase::tls_client_hello},
    {2, Phase::tls_server_hello},         {3, Phase::tls_hello_verify_request},
    {4, Phase::tls_new_session_ticket},   {5, Phase::tls_end_of_early_data},
    {8, Phase::tls_encrypted_extensions}, {11, Phase::tls_certificate},
    {12, Phase::tls_server_key_exchange}, {13, Phase::tls_certificate_request},
    {14, Phase::tls_server_hello_done},   {15, Phase::tls_certificate_verify},
    {16, Phase::tls_client_key_exchange}, {20, Phase::tls_finished},
    {22, Phase::tls_certificate_status},  {24, Phase::tls_key_update},
    {25, Phase::tls_certificate},  // CompressedCertificate (RFC 8879)
};

// RFC 8446 6 and RFC 5246 7.2, which keeps what SSL 3.0 and TLS 1.0 sent; those of others say whose.
constexpr Row<std::uint8_t, std::string_view> alert_names[] = {
    {0, "close_notify"},
    {10, "unexpected_message"},
    {20, "bad_record_mac"},
    {21, "decryption_failed"},
    {22, "record_overflow"},
    {30, "decompression_failure"},
    {40, "handshake_failure"},
    {41, "no_certificate"},
    {42, "bad_certificate"},
    {43, "unsupported_certificate"},
    {44, "certificate_revoked"},
    {45, "certificate_expired"},
    {46, "certificate_unknown"},
    {47, "illegal_parameter"},
    {48, "unknown_ca"},
    {49, "access_denied"},
    {50, "decode_error"},
    {51, "decrypt_error"},
    {60, "export_restriction"},
    {70, "protocol_version"},
    {71, "insufficient_security"},
    {80, "internal_error"},
    {86, "inappropriate_fallback"},  // RFC 7507
    {90, "user_canceled"},
    {100, "no_renegotiation"},
    {109, "missing_extension"},
    {110, "unsupported_extension"},
    {111, "certificate_unobtainable"},  // RFC 6066 9, as are 112 to 114
    {112, "unrecognized_name"},
    {113, "bad_certificate_status_response"},
    {114, "bad_certificate_hash_value"},
    {115, "unknown_psk_identity"},
    {116, "certificate_required"},
    {117, "general_error"},            // RFC 9846
    {120, "no_application_protocol"},  // RFC 7301 3.2
    {121, "ech_required"},             // Encrypted ClientHello
};

constexpr Row<std::uint16_t, std::string_view> version_names[] = {
    {0x0300, "SSL 3.0"},  {tls_1_0, "TLS 1.0"},   {tls_1_1, "TLS 1.1"},   {tls_1_2, "TLS 1.2"},
    {tls_1_3, "TLS 1.3"}, {dtls_1_0, "DTLS 1.0"}, {dtls_1_2, "DTLS 1.2"}, {dtls_1_3, "DTLS 1.3"},
};

constexpr Row<std::uint16_t, std::size_t> hash_lengths[] = {
    {0x1301, 32}, {0x1302, 48}, {0x1303, 32}, {0x1304, 32}, {0x1305, 32},  // RFC 8446 B.4
    {0x00c6, 32}, {0x00c7, 32},                                            // SM4 (RFC 8998)
    {0xc0b4, 32}, {0xc0b5, 48},                                            // integrity only (RFC 9150)
    {0xc103, 32}, {0xc104, 32}, {0xc105, 32}, {0xc106, 32},                // GOST (RFC 9367)
};

constexpr Row<std::string_view, Alpn> alpn_protocols[] = {
    {"http/1.0", Alpn::http1}, {"http/1.1", Alpn::http1}, {"h2", Alpn::http2}, {"h3", Alpn::http3},
    {"h3-29", Alpn::http3},    {"h3-32", Alpn::http3},    {"dot", Alpn::dns},  {"doq", Alpn::dns}};

/// Types of extensions (RFC 8446 4.2; session_ticket: RFC 5077).
enum class Extension : std::uint16_t {
  server_name = 0,
  max_fragment_length = 1,  // RFC 6066 4
  use_srtp = 14,            // RFC 5764
  heartbeat = 15,           // RFC 6520
  alpn = 16,
  client_certificate_type = 19,  // RFC 7250, as the next
  server_certificate_type = 20,
  record_size_limit = 28,  // RFC 8449
  session_ticket = 35,
  pre_shared_key = 41,
  early_data = 42,
  supported_versions = 43,
  key_share = 51,
  application_settings = 17513,  // ALPS, a draft, as the next
  application_settings_new = 17613,
};

/// What a vector with a length of two bytes holds, as far as it is there.
Bytes read_list(Bytes bytes) {
  Reader reader(bytes);
  const std::size_t length = reader.u16();
  return slice(reader.rest(), 0, length);
}

bool is_early_draft(std::uint16_t version) {
  constexpr std::uint16_t first = 0x7f00, draft_22 = 0x7f16;
  return version >= first && version < draft_22;
}

/// Whether the extensions at the end of a hello are all there. There may be none, not even their length
/// (RFC 5246 7.4.1.2).
bool has_all_extensions(Bytes extensions) {
  Reader reader(extensions);
  const std::size_t length = reader.u16();
  return extensions.empty() || (reader.ok() && reader.remaining() >= length);
}

/// Calls `visit(type, content)` for each extension, of each type the first: there must not be a second one
/// (RFC 8446 4.2). The content as far as it is there.
template <typename Visit>
void for_each_extension(Bytes extensions, Visit visit) {
  std::uint64_t seen = 0;
  Reader reader(extensions);
  while (reader.remaining() > 0) {
    const std::uint16_t type = reader.u16();
    const std::size_t length = reader.u16();
    if (!reader.ok()) return;
    const std::uint64_t bit = type < 64 ? std::uint64_t{1} << type : 0;
    if ((seen & bit) == 0) visit(static_cast<Extension>(type), slice(reader.rest(), 0, length));
    seen |= bit;
    reader.skip(length);
  }
}

/// RFC 6066 3: of each type one name at the most; all types, also future ones, begin with the same length.
std::string_view read_server_name(Bytes extension) {
  constexpr std::uint8_t host_name = 0;
  Reader names(read_list(extension));
  while (names.remaining() > 0) {
    const std::uint8_t type = names.u8();
    const Bytes name = names.take(names.u16());
    if (type == host_name) return as_chars(name);
  }
  return {};
}

bool offers_1_3(Bytes supported_versions) {
  Reader reader(supported_versions);
  const std::size_t length = reader.u8();
  Reader versions(slice(reader.rest(), 0, length));
  while (versions.remaining() > 0)
    if (is_tls_1_3(versions.u16())) return true;
  return false;
}

/// RFC 8446 4.2.11: PskIdentity is an opaque identity and the age of its ticket.
std::uint32_t read_keys_without_age(Bytes pre_shared_key) {
  Reader identities(read_list(pre_shared_key));
  std::uint32_t bits = 0;
  for (std::uint32_t bit = 1; bit != 0 && identities.remaining() > 0; bit <<= 1) {
    identities.skip(identities.u16());
    const std::uint32_t age = identities.u32();
    if (identities.ok() && age == 0) bits |= bit;
  }
  return bits;
}

/// What clients put between their offers so that servers learn to skip what they do not know (RFC 8701 2).
bool is_grease(Bytes protocol) {
  return protocol.size() == 2 && protocol[0] == protocol[1] && (protocol[0] & 0x0f) == 0x0a;
}

void read_offers(Bytes alpn, TlsClientHello& hello) {
  Reader protocols(read_list(alpn));
  bool only_http3 = true;
  while (protocols.remaining() > 0) {
    const Bytes protocol = protocols.take(protocols.u8());
    if (protocol.empty() || is_grease(protocol)) continue;
    const Alpn known = look_up(alpn_protocols, as_chars(protocol), Alpn::other);
    if (known == Alpn::http1)
      hello.offers_http1 = true;
    else if (known == Alpn::http2)
      hello.offers_http2 = true;
    else
      hello.offers_other = true;
    only_http3 = only_http3 && known == Alpn::http3;
    hello.offers_only_http3 = only_http3;
  }
}

/// A server's list must hold one protocol and nothing else (RFC 7301 3.1).
Alpn read_selected(Bytes alpn) {
  Reader reader(alpn);
  const std::size_t list_length = reader.u16();
  const Bytes protocol = reader.take(reader.u8());
  if (protocol.empty() || list_length != 1 + protocol.size()) return Alpn::none;
  return look_up(alpn_protocols, as_chars(protocol), Alpn::other);
}

/// A number at the beginning of a connection and what it may be.
struct Expected {
  std::size_t size;
  std::uint32_t least, most;
};

// A ClientHello has a version, a random, a session_id, one or more cipher suites and compression methods
// (RFC 5246 7.4.1.2). Its length has three bytes; nobody needs the first of them.
constexpr std::uint32_t least_client_hello = 2 + random_size + 1 + (2 + 2) + (1 + 1);
constexpr Expected first_record[] = {
    {1, 22, 22},                                                  // TlsContent::handshake
    {2, 0x0300, tls_1_3},                                         // legacy_record_version
    {2, TlsHandshakeHeader::size, TlsRecordHeader::most_length},  // length
    {1, 1, 1},                                                    // TlsHandshake::client_hello
    {3, least_client_hello, 0xffff},                              // length, may span records
    {2, 0x0300, 0x03ff},                                          // legacy_version
};

// RFC 5246 E.2: a cipher suite of three bytes at the least, a challenge of 16 to 32.
constexpr Expected sslv2_client_hello[] = {
    {2, 0x8000 | (1 + 2 + 2 + 2 + 2 + 3 + 16), 0xffff},  // length of what follows, with the highest bit
    {1, 1, 1},                                           // type
    {2, 0x0300, 0x03ff},                                 // version
    {2, 3, 0x7fff},                                      // length of the cipher suites
    {2, 0, 16},                                          // length of the session_id
    {2, 16, 32},                                         // length of the challenge
};

/// Whether the bytes are such numbers. Of one that is cut the missing bytes may be any.
LooksTls compare(Bytes bytes, std::span<const Expected> numbers) {
  for (const Expected& number : numbers) {
    std::uint32_t least = 0, most = 0;
    for (std::size_t i = 0; i < number.size; ++i) {
      least = least << 8 | (i < bytes.size() ? bytes[i] : 0x00);
      most = most << 8 | (i < bytes.size() ? bytes[i] : 0xff);
    }
    if (most < number.least || least > number.most) return LooksTls::no;
    if (bytes.size() < number.size) return LooksTls::more;
    bytes = slice(bytes, number.size);
  }
  return LooksTls::yes;
}

}  // namespace

std::optional<TlsRecordHeader> read_tls_record_header(Bytes bytes) {
  Reader reader(bytes);
  const std::uint8_t content = reader.u8();
  const TlsRecordHeader header{static_cast<TlsContent>(content), reader.u16(), reader.u16()};
  if (!reader.ok() || header.content < TlsContent::change_cipher_spec ||
      header.content > TlsContent::heartbeat || header.version >> 8 != major_version ||
      header.length > TlsRecordHeader::most_length)
    return std::nullopt;
  return header;
}

std::optional<TlsRecordHeader> read_sslv2_client_hello_header(Bytes bytes) {
  Reader reader(bytes);
  const std::uint16_t length = reader.u16() & 0x7fff;  // of what follows it
  reader.skip(1 + 2);                                  // type, version
  if (!reader.ok() || compare(slice(bytes, 0, reader.position()), sslv2_client_hello) == LooksTls::no)
    return std::nullopt;
  return TlsRecordHeader{TlsContent::handshake, ssl_2_0, static_cast<std::uint16_t>(length - (1 + 2))};
}

std::optional<TlsHandshakeHeader> read_tls_handshake_header(Bytes bytes) {
  Reader reader(bytes);
  const TlsHandshakeHeader header{reader.u8(), reader.u24()};
  return reader.ok() ? std::optional(header) : std::nullopt;
}

std::optional<Phase> phase_of_tls_handshake(std::uint8_t type) {
  return look_up(handshake_phases, type);
}

bool looks_like_tls_handshake(Bytes content, std::size_t length) {
  Reader reader(content);
  const std::uint8_t type = reader.u8();
  if (reader.ok() && !phase_of_tls_handshake(type)) return false;
  const std::uint8_t highest = reader.u8();  // of the length's three bytes: nobody needs it
  if (reader.ok() && highest != 0) return false;
  return !content.empty() &&
         (type != 0 || length <= TlsHandshakeHeader::size);  // HelloRequest: empty and alone
}

LooksTls looks_like_client_hello(Bytes bytes) {
  std::span<const Expected> first(first_record);
  // A record may end anywhere in a message (RFC 8446 5.1): here before the version.
  const auto record = read_tls_record_header(bytes);
  if (record && record->length == TlsHandshakeHeader::size) first = first.first(first.size() - 1);
  return std::max(compare(bytes, first), compare(bytes, sslv2_client_hello));
}

namespace {

enum class Cookie : std::uint8_t { none, behind_session_id };

std::optional<TlsClientHello> read_client_hello(Bytes body, Cookie cookie) {
  Reader reader(body);
  TlsClientHello hello;
  hello.legacy_version = reader.u16();
  reader.skip(random_size);
  if (!reader.ok()) return std::nullopt;
  hello.session_id_length = reader.u8();
  hello.session_id = reader.take(hello.session_id_length);
  if (cookie == Cookie::behind_session_id) reader.skip(reader.u8());
  reader.skip(reader.u16());  // cipher_suites
  reader.skip(reader.u8());   // compression_methods
  hello.complete = reader.ok() && has_all_extensions(reader.rest());

  for_each_extension(read_list(reader.rest()), [&hello](Extension type, Bytes content) {
    switch (type) {
      case Extension::server_name:
        hello.server_name = read_server_name(content);
        break;
      case Extension::alpn:
        hello.has_alpn = true;
        read_offers(content, hello);
        break;
      case Extension::supported_versions:
        hello.offers_tls_1_3 = offers_1_3(content);
        break;
      case Extension::session_ticket:
        hello.has_session_ticket_extension = true;
        hello.has_session_ticket = !content.empty();
        break;
      case Extension::pre_shared_key:
        hello.has_pre_shared_key = true;
        hello.keys_without_age = read_keys_without_age(content);
        break;
      case Extension::early_data:
        hello.has_early_data = true;
        break;
      case Extension::key_share:
        hello.has_key_share = true;
        break;
      case Extension::max_fragment_length:
      case Extension::use_srtp:
      case Extension::heartbeat:
      case Extension::client_certificate_type:
      case Extension::server_certificate_type:
      case Extension::record_size_limit:
      case Extension::application_settings:
      case Extension::application_settings_new:
        hello.offers_sized_answers = true;
        break;
    }
  });
  return hello;
}

}  // namespace

std::optional<TlsClientHello> read_tls_client_hello(Bytes body) {
  return read_client_hello(body, Cookie::none);
}

std::optional<TlsClientHello> read_dtls_client_hello(Bytes body) {
  return read_client_hello(body, Cookie::behind_session_id);
}

std::optional<TlsServerHello> read_tls_server_hello(Bytes body) {
  // RFC 8446 4.1.3: the SHA-256 of "HelloRetryRequest".
  static constexpr std::array<std::uint8_t, random_size> retry = {
      0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c, 0x02, 0x1e, 0x65, 0xb8, 0x91,
      0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb, 0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c};
  Reader reader(body);
  TlsServerHello hello;
  hello.version = reader.u16();
  hello.retry_request = std::ranges::equal(reader.take(random_size), retry);
  // Drafts of TLS 1.3 before the 22nd left out what the version before it had.
  const bool early_draft = is_early_draft(hello.version);
  if (!early_draft) hello.session_id_length = reader.u8();
  hello.session_id = reader.take(hello.session_id_length);
  hello.cipher_suite = reader.u16();
  if (!early_draft) reader.skip(1);  // compression_method
  if (!reader.ok()) return std::nullopt;
  hello.complete = has_all_extensions(reader.rest());

  for_each_extension(read_list(reader.rest()), [&hello](Extension type, Bytes content) {
    switch (type) {
      case Extension::supported_versions: {
        Reader selected(content);
        if (const std::uint16_t version = selected.u16(); selected.ok()) hello.version = version;
        break;
      }
      case Extension::key_share:
        hello.has_key_share = true;
        hello.group = Reader(content).u16();
        break;
      case Extension::pre_shared_key:
        hello.has_pre_shared_key = true;
        hello.selected_key = Reader(content).u16();
        break;
      case Extension::session_ticket:
        hello.has_session_ticket_extension = true;
        break;
      case Extension::alpn:
        hello.alpn = read_selected(content);
        break;
      default:
        break;
    }
  });
  return hello;
}

Alpn read_tls_encrypted_extensions_alpn(Bytes body) {
  Alpn alpn = Alpn::none;
  for_each_extension(read_list(body), [&alpn](Extension type, Bytes content) {
    if (type == Extension::alpn) alpn = read_selected(content);
  });
  return alpn;
}

bool accepts_early_data(Bytes encrypted_extensions) {
  bool accepts = false;
  for_each_extension(read_list(encrypted_extensions), [&accepts](Extension type, Bytes) {
    accepts = accepts || type == Extension::early_data;
  });
  return accepts;
}

std::optional<TlsAlert> read_tls_alert(Bytes body) {
  Reader reader(body);
  const TlsAlert alert{reader.u8(), reader.u8()};
  return reader.ok() && reader.remaining() == 0 ? std::optional(alert) : std::nullopt;
}

std::string_view name_of_tls_alert(std::uint8_t description) {
  return look_up(alert_names, description);
}

std::string_view name_of_tls_version(std::uint16_t version) {
  return look_up(version_names, is_tls_1_3(version) ? tls_1_3 : version);
}

std::size_t tls_1_3_hash_length(std::uint16_t cipher_suite) {
  return look_up(hash_lengths, cipher_suite);
}

}  // namespace humantime::wire
