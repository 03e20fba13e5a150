// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <initializer_list>
#include <map>
#include <string>

#include "message.h"
#include "wire/tls.h"

namespace humantime::wire {
namespace {

Message u16(std::size_t number) {
  return {static_cast<std::uint8_t>(number >> 8), static_cast<std::uint8_t>(number)};
}

// A vector behind its length of one byte or of two.
Message vector8(const Message& content) {
  return Message{static_cast<std::uint8_t>(content.size())} + content;
}
Message vector16(const Message& content) {
  return u16(content.size()) + content;
}

Message extension(unsigned type, const Message& content) {
  return u16(type) + vector16(content);
}

Message named(unsigned type, const Message& name) {
  return Message{static_cast<std::uint8_t>(type)} + vector16(name);
}
Message server_name(const Message& names) {
  return extension(0, vector16(names));
}
Message alpn(const Message& protocols) {
  return extension(16, vector16(protocols));
}
Message supported_versions(const Message& versions) {
  return extension(43, vector8(versions));
}

const Message host = message("'www.example.com'");
const Message h2 = message("02 'h2'");
const Message http1_1 = message("08 'http/1.1'");
const Message key_share = extension(51, message("0024 001d 0020") + fill(32, 0x51));
const Message random_bytes = fill(32, 0xa5);

// Version 1.2, a session_id of two bytes, one cipher suite, one compression method.
const Message client_fixed = message("0303") + random_bytes + message("02 1234 0002 1301 01 00");
Message client(const Message& extensions) {
  return client_fixed + vector16(extensions);
}
TlsClientHello client_hello(const Message& extensions) {
  static Message body;  // names point into it
  body = client(extensions);
  return read_tls_client_hello(body).value();
}

const Message server_fixed = message("0303") + random_bytes + message("02 1234 c02f 00");
Message server(const Message& extensions) {
  return server_fixed + vector16(extensions);
}
TlsServerHello server_hello(const Message& extensions) {
  return read_tls_server_hello(server(extensions)).value();
}

// What OpenSSL 3.0 said to itself: with 0-RTT, and what came back.
const Message real_client_record = message(
    "1603010166010001620303a0aa781cf1e8471ddb0c8f6c37fd95a1b863371182bebd05929e7c3b1ff6bbfe20927d6f37535dd06e"
    "4c4cdce0c8d482189c9286546c1968162148200fa76058f3000813021303130100ff0100011100000014001200000f7777772e65"
    "78616d706c652e636f6d000b000403000102000a00160014001d0017001e0019001801000101010201030104002300000010000b"
    "000908687474702f312e310016000000170000000d001e001c040305030603080708080809080a080b0804080508060401050106"
    "01002b0003020304002d00020101003300260024001d00208f7bc62cbcb35195df9cae872a948e49042d7b5b4295b8e036e9565a"
    "12837c30002a00000029005b002600202638c58a7d07f362f56c756b4648f72ad04a1cb38be59ffcf250373a67382272fa481a07"
    "0031309c177fcf7d2a3dfa1261d1f2852ec42a8a94a8aa2a5e8aa44ab411a8e9dfc78c24c8c143558b84c6404b9a07afa2db1f");
const Message real_server_record = message(
    "16030300800200007c0303d023e3c097a191cd998dd47c6b890a6ce88eb1b79d617fa476b0ac17efb57e2020927d6f37535dd06e"
    "4c4cdce0c8d482189c9286546c1968162148200fa76058f31302000034002b0002030400330024001d0020411eaf5f9d2a7df404"
    "e0ffc1ebaffe3bc838852e6117962ad234787022905577002900020000");
const Message real_retry_record = message(
    "1603030058020000540303cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c203f948f4003641df4"
    "982310a0c440be2e56c41d2a40f2f3b3456f8c090990e9b5130200000c002b00020304003300020018");
const Message real_server_record_1_2 = message(
    "16030300500200004c0303251b455a646c72b8d660db1233013a2335e8f416966fc0532c6cee0570c68e8500c02c000024ff0100"
    "0100000b000403000102002300000010000b000908687474702f312e3100170000");
const Message real_encrypted_extensions = message("0800001500130010000b000908'http/1.1'002a0000");

Message behind(const Message& whole, std::size_t offset) {
  return Message(whole.begin() + static_cast<std::ptrdiff_t>(offset), whole.end());
}
const std::size_t body_at = TlsRecordHeader::size + TlsHandshakeHeader::size;

TEST(TlsRecord, Header) {
  const auto header = read_tls_record_header(message("17 0303 01aa ff"));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->content, TlsContent::application_data);
  EXPECT_EQ(header->version, tls_1_2);
  EXPECT_EQ(header->length, 0x1aa);
}

TEST(TlsRecord, Contents) {
  for (unsigned content = 0; content < 256; ++content) {
    const auto header = read_tls_record_header(with(message("00 0301 0001"), 0, content));
    EXPECT_EQ(header.has_value(), content >= 20 && content <= 24) << content;
    if (header) {
      EXPECT_EQ(static_cast<unsigned>(header->content), content);
    }
  }
}

TEST(TlsRecord, MajorVersion) {
  for (const unsigned major : {0, 1, 2, 4, 0x7f, 0xfe, 0xff})
    EXPECT_FALSE(read_tls_record_header(with(message("16 0301 0001"), 1, major))) << major;
  for (const unsigned minor : {0, 4, 0xff})
    EXPECT_TRUE(read_tls_record_header(with(message("16 0301 0001"), 2, minor))) << minor;
}

TEST(TlsRecord, Lengths) {
  EXPECT_TRUE(read_tls_record_header(message("17 0303 0000")));
  EXPECT_TRUE(read_tls_record_header(message("17 0303 4800")));
  EXPECT_FALSE(read_tls_record_header(message("17 0303 4801")));
  EXPECT_FALSE(read_tls_record_header(message("17 0303 ffff")));
}

TEST(TlsRecord, Cut) {
  for_each_prefix(message("16 0301 0001"),
                  [](const Message& cut) { EXPECT_FALSE(read_tls_record_header(cut)) << cut.size(); });
}

TEST(TlsHandshakeMessage, Header) {
  const auto header = read_tls_handshake_header(message("0b 012345"));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->type, 11);
  EXPECT_EQ(header->length, 0x12345U);
  for_each_prefix(message("0b 012345"),
                  [](const Message& cut) { EXPECT_FALSE(read_tls_handshake_header(cut)) << cut.size(); });
}

TEST(TlsHandshakeMessage, Phases) {
  const std::map<unsigned, std::string_view> tokens = {
      {0, "tls.hello_request"},        {1, "tls.client_hello"},       {2, "tls.server_hello"},
      {3, "tls.hello_verify_request"}, {4, "tls.new_session_ticket"}, {5, "tls.end_of_early_data"},
      {8, "tls.encrypted_extensions"}, {11, "tls.certificate"},       {12, "tls.server_key_exchange"},
      {13, "tls.certificate_request"}, {14, "tls.server_hello_done"}, {15, "tls.certificate_verify"},
      {16, "tls.client_key_exchange"}, {20, "tls.finished"},          {22, "tls.certificate_status"},
      {24, "tls.key_update"},          {25, "tls.certificate"},
  };
  for (unsigned type = 0; type < 256; ++type) {
    const auto phase = phase_of_tls_handshake(static_cast<std::uint8_t>(type));
    const auto row = tokens.find(type);
    EXPECT_EQ(phase ? token_of(*phase) : "", row == tokens.end() ? "" : row->second) << type;
  }
}

// A record, a ClientHello, its version.
const Message first_bytes = message("16 0301 0157 01 000153 0303");
const Message sslv2_bytes = message("802e 01 0301 0015 0000 0010");

LooksTls looks(const Message& bytes) {
  return looks_like_client_hello(bytes);
}

TEST(LooksTls, NothingIsSureBeforeTheLastByte) {
  for (const Message& whole : {first_bytes, sslv2_bytes}) {
    for_each_prefix(whole, [](const Message& cut) { EXPECT_EQ(looks(cut), LooksTls::more) << cut.size(); });
    EXPECT_EQ(whole.size(), most_bytes_to_tell_tls);
    EXPECT_EQ(looks(whole), LooksTls::yes);
    EXPECT_EQ(looks(whole + message("ff")), LooksTls::yes);
  }
}

// Whether a byte of the message may have the value is told as soon as it is there; the first one decides
// between the two forms.
void expect_allowed(const Message& whole, std::size_t offset, unsigned least, unsigned most) {
  for (unsigned value = 0; value < 256; ++value) {
    const Message bytes = with(whole, offset, value);
    const bool allowed = value >= least && value <= most;
    EXPECT_EQ(looks(bytes), allowed ? LooksTls::yes : LooksTls::no) << offset << ": " << value;
    if (offset == 0) continue;
    const Message cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(offset) + 1);
    EXPECT_EQ(looks(cut) == LooksTls::no, !allowed) << offset << ": " << value;
  }
}

TEST(LooksTls, FirstByte) {
  for (unsigned value = 0; value < 256; ++value)
    EXPECT_EQ(looks({static_cast<std::uint8_t>(value)}),
              value == 22 || value >= 0x80 ? LooksTls::more : LooksTls::no)
        << value;
}

TEST(LooksTls, EveryByteOfTheRecord) {
  expect_allowed(first_bytes, 0, 22, 22);
  expect_allowed(first_bytes, 1, 3, 3);
  expect_allowed(first_bytes, 2, 0, 4);
  // The length: the first byte alone, then both.
  for (unsigned high = 0; high < 256; ++high)
    EXPECT_EQ(looks(Message{22, 3, 1, static_cast<std::uint8_t>(high)}),
              high <= 0x48 ? LooksTls::more : LooksTls::no)
        << high;
  expect_allowed(with(first_bytes, 3, 0), 4, 4, 0xff);
  expect_allowed(with(first_bytes, 3, 0x47), 4, 0, 0xff);
  expect_allowed(with(first_bytes, 3, 0x48), 4, 0, 0);
  expect_allowed(first_bytes, 5, 1, 1);
  expect_allowed(first_bytes, 6, 0, 0);
  expect_allowed(first_bytes, 7, 0, 0xff);
  expect_allowed(with(first_bytes, 7, 0), 8, 41, 0xff);
  expect_allowed(first_bytes, 9, 3, 3);
  expect_allowed(first_bytes, 10, 0, 0xff);
}

TEST(LooksTls, EveryByteOfTheHelloOfSslv2) {
  expect_allowed(sslv2_bytes, 0, 0x80, 0xff);
  expect_allowed(sslv2_bytes, 1, 28, 0xff);
  expect_allowed(sslv2_bytes, 2, 1, 1);
  expect_allowed(sslv2_bytes, 3, 3, 3);
  expect_allowed(sslv2_bytes, 4, 0, 0xff);
  expect_allowed(sslv2_bytes, 5, 0, 0x7f);
  expect_allowed(sslv2_bytes, 6, 3, 0xff);
  expect_allowed(sslv2_bytes, 7, 0, 0);
  expect_allowed(sslv2_bytes, 8, 0, 16);
  expect_allowed(sslv2_bytes, 9, 0, 0);
  expect_allowed(sslv2_bytes, 10, 16, 32);
}

TEST(LooksTls, AMessageInPieces) {
  // The record ends behind the message's header: the next one's header follows.
  EXPECT_EQ(looks(message("16 0301 0004 01 000153 16 0301")), LooksTls::yes);
  EXPECT_EQ(looks(message("16 0301 0004 01 000153")), LooksTls::yes);
  EXPECT_EQ(looks(message("16 0301 0004 01 0001")), LooksTls::more);
  EXPECT_EQ(looks(message("16 0301 0004 02")), LooksTls::no);
  EXPECT_EQ(looks(message("16 0301 0005 01 000153 03 16")), LooksTls::yes);
  EXPECT_EQ(looks(message("16 0301 0005 01 000153 16 03")), LooksTls::no);
  // The message is longer than its first record.
  EXPECT_EQ(looks(message("16 0301 4000 01 00ffff 0303")), LooksTls::yes);
}

TEST(LooksTls, OthersDoNot) {
  EXPECT_EQ(looks(real_client_record), LooksTls::yes);
  EXPECT_EQ(looks(real_server_record), LooksTls::no);
  EXPECT_EQ(looks(message("15 0301 0002 0228")), LooksTls::no);
  EXPECT_EQ(looks(message("17 0303 0157")), LooksTls::no);
  EXPECT_EQ(looks(message("'GET / HTTP/1.1'")), LooksTls::no);
  EXPECT_EQ(looks(message("'SSH-2.0-OpenSSH'")), LooksTls::no);
  EXPECT_EQ(looks(message("'PRI * HTTP/2.0'")), LooksTls::no);
  // SSLv2's own hello; its form with three bytes of header; a SERVER-HELLO.
  EXPECT_EQ(looks(message("802e 01 0002 0015 0000 0010")), LooksTls::no);
  EXPECT_EQ(looks(message("002e 00 01 0301 0015 0000")), LooksTls::no);
  EXPECT_EQ(looks(message("802e 04 0001 0002")), LooksTls::no);
}

TEST(ClientHello, OfOpenSsl) {
  const auto header = read_tls_handshake_header(behind(real_client_record, TlsRecordHeader::size));
  EXPECT_EQ(header->type, static_cast<unsigned>(TlsHandshake::client_hello));
  EXPECT_EQ(header->length, real_client_record.size() - body_at);
  const Message body = behind(real_client_record, body_at);
  const auto hello = read_tls_client_hello(body);
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->legacy_version, tls_1_2);
  EXPECT_EQ(hello->session_id_length, 32);
  EXPECT_EQ(hello->server_name, "www.example.com");
  EXPECT_TRUE(hello->has_alpn && hello->offers_http1);
  EXPECT_FALSE(hello->offers_http2 || hello->offers_other);
  EXPECT_TRUE(hello->offers_tls_1_3 && hello->has_key_share);
  EXPECT_TRUE(hello->has_early_data && hello->has_pre_shared_key);
  EXPECT_TRUE(hello->has_session_ticket_extension);
  EXPECT_FALSE(hello->has_session_ticket);
}

void expect_nothing_said(const TlsClientHello& hello) {
  EXPECT_EQ(hello.server_name, "");
  EXPECT_FALSE(hello.has_alpn || hello.offers_http1 || hello.offers_http2 || hello.offers_other);
  EXPECT_FALSE(hello.offers_tls_1_3 || hello.has_key_share || hello.has_early_data);
  EXPECT_FALSE(hello.has_pre_shared_key || hello.has_session_ticket_extension || hello.has_session_ticket);
}

TEST(ClientHello, WithoutExtensions) {
  for (const Message& body : {client_fixed, client({})}) {
    const auto hello = read_tls_client_hello(body);
    ASSERT_TRUE(hello);
    EXPECT_EQ(hello->legacy_version, tls_1_2);
    EXPECT_EQ(hello->session_id_length, 2);
    expect_nothing_said(*hello);
  }
}

TEST(ClientHello, ServerName) {
  EXPECT_EQ(client_hello(server_name(named(0, host))).server_name, "www.example.com");
  // Raw bytes, of whatever length.
  EXPECT_EQ(client_hello(server_name(named(0, message("00 ff 0a '<'")))).server_name,
            std::string_view("\0\xff\n<", 4));
  EXPECT_EQ(client_hello(server_name(named(0, fill(4000, 'a')))).server_name, std::string(4000, 'a'));
  EXPECT_EQ(client_hello(server_name(named(0, {}))).server_name, "");
  EXPECT_EQ(client_hello(server_name({})).server_name, "");
  EXPECT_EQ(client_hello(extension(0, {})).server_name, "");
}

TEST(ClientHello, FirstHostNameCounts) {
  const Message other = message("'other.example'");
  EXPECT_EQ(client_hello(server_name(named(0, host) + named(0, other))).server_name, "www.example.com");
  EXPECT_EQ(client_hello(server_name(named(0, {}) + named(0, other))).server_name, "");
  EXPECT_EQ(client_hello(server_name(named(1, other) + named(0, host))).server_name, "www.example.com");
  EXPECT_EQ(client_hello(server_name(named(1, other))).server_name, "");
  EXPECT_EQ(client_hello(server_name(named(0, host)) + server_name(named(0, other))).server_name,
            "www.example.com");
}

TEST(ClientHello, ServerNameWithinItsBounds) {
  // Name, list and extension each longer than what holds it.
  EXPECT_EQ(client_hello(extension(0, vector16(message("00 0010") + host))).server_name, "");
  EXPECT_EQ(client_hello(extension(0, u16(17) + named(0, host))).server_name, "");
  EXPECT_EQ(client_hello(extension(0, u16(999) + named(0, host))).server_name, "www.example.com");
  EXPECT_EQ(client_hello(u16(0) + u16(19) + vector16(named(0, host))).server_name, "");
  EXPECT_EQ(client_hello(u16(0) + u16(999) + vector16(named(0, host))).server_name, "www.example.com");
  // It is not taken from the next extension.
  EXPECT_EQ(client_hello(extension(0, message("0012 00 000f")) + extension(0x1234, host)).server_name, "");
}

TEST(ClientHello, Alpn) {
  const auto offers = [](std::string_view protocols) {
    const TlsClientHello hello = client_hello(alpn(message(protocols)));
    EXPECT_TRUE(hello.has_alpn);
    return std::string(hello.offers_http1 ? "1" : "") + (hello.offers_http2 ? "2" : "") +
           (hello.offers_other ? "o" : "");
  };
  EXPECT_EQ(offers("08 'http/1.1'"), "1");
  EXPECT_EQ(offers("08 'http/1.0'"), "1");
  EXPECT_EQ(offers("02 'h2'"), "2");
  EXPECT_EQ(offers("03 'dot'"), "o");
  EXPECT_EQ(offers("02 'h2' 08 'http/1.1'"), "12");
  EXPECT_EQ(offers("08 'http/1.1' 04 'imap' 02 'h2'"), "12o");
  // Names are exact bytes.
  for (const std::string_view other : {"02 'H2'", "03 'h2c'", "01 'h'", "08 'HTTP/1.1'", "08 'http/0.9'",
                                       "09 'http/1.1' 00", "02 'h3'", "01 00"})
    EXPECT_EQ(offers(other), "o") << other;
  EXPECT_EQ(offers(""), "");
}

TEST(ClientHello, BrokenAlpn) {
  const auto offers_h2 = [](const Message& extensions) {
    const TlsClientHello hello = client_hello(extensions);
    EXPECT_TRUE(hello.has_alpn);
    EXPECT_FALSE(hello.offers_http1 || hello.offers_other);
    return hello.offers_http2;
  };
  EXPECT_FALSE(offers_h2(extension(16, {})));
  EXPECT_FALSE(offers_h2(extension(16, message("00"))));
  // No protocol is empty; one is longer than the list.
  EXPECT_TRUE(offers_h2(alpn(message("00 02 'h2' 00"))));
  EXPECT_TRUE(offers_h2(alpn(h2 + message("09 'http/1.1'"))));
  EXPECT_FALSE(offers_h2(alpn(message("ff 'h2'"))));
  // The list is longer than the extension, and shorter.
  EXPECT_TRUE(offers_h2(extension(16, u16(999) + h2)));
  EXPECT_TRUE(offers_h2(extension(16, vector16(h2) + http1_1)));
  EXPECT_FALSE(offers_h2(extension(16, u16(2) + h2)));
  // It does not run into the next extension.
  EXPECT_FALSE(offers_h2(extension(16, message("0003 02")) + extension(0x6832, h2)));
  // Of two extensions the first.
  EXPECT_TRUE(offers_h2(alpn(h2) + alpn(http1_1)));
}

TEST(ClientHello, SupportedVersions) {
  const auto offers = [](std::string_view versions) {
    return client_hello(supported_versions(message(versions))).offers_tls_1_3;
  };
  EXPECT_TRUE(offers("0304"));
  EXPECT_TRUE(offers("0303 0304"));
  EXPECT_TRUE(offers("7f1c 0303"));
  EXPECT_TRUE(offers("7f12"));
  EXPECT_FALSE(offers("0303 0302 0301"));
  EXPECT_FALSE(offers("0305"));
  EXPECT_FALSE(offers("7e02"));
  EXPECT_FALSE(offers(""));
  // Half a version; one across two; behind the list; without a list.
  EXPECT_FALSE(offers("0303 03"));
  EXPECT_FALSE(offers("0303 0403 04"));
  EXPECT_FALSE(client_hello(extension(43, message("02 0303 0304"))).offers_tls_1_3);
  EXPECT_FALSE(client_hello(extension(43, {})).offers_tls_1_3);
  EXPECT_TRUE(client_hello(extension(43, message("ff 0303 0304"))).offers_tls_1_3);
  // Of two extensions the first.
  EXPECT_FALSE(
      client_hello(supported_versions(message("0303")) + supported_versions(message("0304"))).offers_tls_1_3);
  // The version of the message itself is no offer: RFC 8446 4.1.2.
  EXPECT_FALSE(read_tls_client_hello(with(client({}), 1, 4))->offers_tls_1_3);
}

TEST(ClientHello, Presence) {
  EXPECT_TRUE(client_hello(key_share).has_key_share);
  EXPECT_TRUE(client_hello(extension(51, {})).has_key_share);
  EXPECT_TRUE(client_hello(extension(42, {})).has_early_data);
  EXPECT_TRUE(client_hello(extension(41, message("0000 0000"))).has_pre_shared_key);
  for (const unsigned type : {1U, 5U, 10U, 13U, 23U, 40U, 45U, 50U, 0x3500U, 0xff01U, 0xffffU})
    expect_nothing_said(client_hello(extension(type, message("02 'h2'"))));
}

TEST(ClientHello, SessionTicket) {
  const TlsClientHello empty = client_hello(extension(35, {}));
  EXPECT_TRUE(empty.has_session_ticket_extension);
  EXPECT_FALSE(empty.has_session_ticket);
  const TlsClientHello ticket = client_hello(extension(35, fill(192, 1)));
  EXPECT_TRUE(ticket.has_session_ticket_extension);
  EXPECT_TRUE(ticket.has_session_ticket);
  EXPECT_FALSE(client_hello(extension(35, {}) + extension(35, fill(9))).has_session_ticket);
}

TEST(ClientHello, Grease) {
  // In every list that has a place for it (RFC 8701 3.1).
  const TlsClientHello hello =
      client_hello(extension(0x0a0a, {}) + server_name(named(0, host)) + alpn(message("02 3a3a") + h2) +
                   supported_versions(message("7a7a 0303")) + key_share + extension(0xfafa, message("00")));
  EXPECT_EQ(hello.server_name, "www.example.com");
  EXPECT_TRUE(hello.offers_http2 && hello.has_key_share);
  EXPECT_FALSE(hello.offers_other || hello.offers_tls_1_3);
  // Not GREASE, though it looks like it.
  for (const std::string_view protocol : {"02 3a4a", "02 3b3b", "01 3a", "03 3a3a3a"})
    EXPECT_TRUE(client_hello(alpn(message(protocol))).offers_other) << protocol;
}

TEST(ClientHello, LengthsBeyondTheBody) {
  const Message offers = alpn(h2) + key_share;
  // The list of extensions is longer than the body: read what is there.
  const auto longer = read_tls_client_hello(client_fixed + u16(0xffff) + offers);
  EXPECT_TRUE(longer->offers_http2 && longer->has_key_share);
  // It ends before the body does: between two extensions, and inside the second one's header.
  for (const std::size_t more : {0, 1, 3}) {
    const auto shorter = read_tls_client_hello(client_fixed + u16(alpn(h2).size() + more) + offers);
    EXPECT_TRUE(shorter->offers_http2) << more;
    EXPECT_FALSE(shorter->has_key_share) << more;
  }
  // An extension covers the next one, or all.
  EXPECT_FALSE(client_hello(u16(5) + u16(3) + offers).offers_http2);
  expect_nothing_said(client_hello(u16(5) + u16(0xffff) + offers));
  // Any of the lengths before the extensions.
  for (const std::size_t length_at : {34, 37, 38, 41})
    expect_nothing_said(*read_tls_client_hello(with(client(offers), length_at, 0xff)));
}

TEST(ClientHello, Cut) {
  const Message whole = client(server_name(named(0, host)) + alpn(h2 + http1_1) + key_share +
                               supported_versions(message("0303 0304")) + extension(42, {}) +
                               extension(35, fill(5, 1)) + extension(41, fill(9, 1)));
  // Where each begins to be said: behind its own last byte that is needed.
  const std::size_t names = client_fixed.size() + 2;
  const std::size_t protocols = names + 4 + 2 + 3 + host.size();
  const std::size_t share = protocols + 4 + 2 + h2.size() + http1_1.size();
  const std::size_t versions = share + key_share.size();
  const std::size_t early = versions + 4 + 1 + 4;
  const std::size_t ticket = early + 4;
  const std::size_t psk = ticket + 4 + 5;
  for_each_prefix(whole, [&](const Message& cut) {
    const std::size_t size = cut.size();
    const auto hello = read_tls_client_hello(cut);
    ASSERT_EQ(hello.has_value(), size >= 34) << size;
    if (!hello) return;
    EXPECT_EQ(hello->session_id_length, size > 34 ? 2 : 0) << size;
    EXPECT_EQ(hello->server_name, size >= protocols ? "www.example.com" : "") << size;
    EXPECT_EQ(hello->has_alpn, size >= protocols + 4) << size;
    EXPECT_EQ(hello->offers_http2, size >= protocols + 4 + 2 + h2.size()) << size;
    EXPECT_EQ(hello->offers_http1, size >= share) << size;
    EXPECT_EQ(hello->has_key_share, size >= share + 4) << size;
    EXPECT_EQ(hello->offers_tls_1_3, size >= early) << size;
    EXPECT_EQ(hello->has_early_data, size >= early + 4) << size;
    EXPECT_EQ(hello->has_session_ticket_extension, size >= ticket + 4) << size;
    EXPECT_EQ(hello->has_session_ticket, size > ticket + 4) << size;
    EXPECT_EQ(hello->has_pre_shared_key, size >= psk + 4) << size;
    EXPECT_FALSE(hello->offers_other) << size;
  });
}

TEST(ServerHello, OfOpenSsl) {
  const auto hello = read_tls_server_hello(behind(real_server_record, body_at));
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->version, tls_1_3);
  EXPECT_TRUE(hello->is_1_3());
  EXPECT_EQ(hello->cipher_suite, 0x1302);
  EXPECT_EQ(hello->session_id_length, 32);
  EXPECT_TRUE(hello->has_key_share && hello->has_pre_shared_key);
  EXPECT_FALSE(hello->retry_request || hello->has_session_ticket_extension);
  EXPECT_EQ(hello->alpn, Alpn::none);
}

TEST(ServerHello, OfOpenSslWithTls12) {
  const auto hello = read_tls_server_hello(behind(real_server_record_1_2, body_at));
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->version, tls_1_2);
  EXPECT_FALSE(hello->is_1_3());
  EXPECT_EQ(hello->cipher_suite, 0xc02c);
  EXPECT_EQ(hello->session_id_length, 0);
  EXPECT_TRUE(hello->has_session_ticket_extension);
  EXPECT_FALSE(hello->retry_request || hello->has_key_share || hello->has_pre_shared_key);
  EXPECT_EQ(hello->alpn, Alpn::http1);
}

TEST(ServerHello, RetryRequest) {
  const Message body = behind(real_retry_record, body_at);
  const auto hello = read_tls_server_hello(body);
  ASSERT_TRUE(hello);
  EXPECT_TRUE(hello->retry_request && hello->is_1_3() && hello->has_key_share);
  for (std::size_t offset = 2; offset < 34; ++offset)
    EXPECT_FALSE(read_tls_server_hello(with(body, offset, body[offset] ^ 1U))->retry_request) << offset;
}

TEST(ServerHello, Versions) {
  EXPECT_EQ(server_hello({}).version, tls_1_2);
  EXPECT_EQ(server_hello(extension(43, message("0304"))).version, tls_1_3);
  const TlsServerHello draft = server_hello(extension(43, message("7f1c")));
  EXPECT_EQ(draft.version, 0x7f1c);
  EXPECT_TRUE(draft.is_1_3());
  EXPECT_FALSE(server_hello(extension(43, message("0303"))).is_1_3());
  // Not there, or half.
  EXPECT_EQ(server_hello(extension(43, {})).version, tls_1_2);
  EXPECT_EQ(server_hello(extension(43, message("03"))).version, tls_1_2);
  EXPECT_EQ(server_hello(extension(43, message("0304")) + extension(43, message("0303"))).version, tls_1_3);
  for (const std::uint16_t version : std::initializer_list<std::uint16_t>{0x0300, 0x0301, 0x0302})
    EXPECT_EQ(read_tls_server_hello(with(server({}), 1, version & 0xff))->version, version);
}

TEST(ServerHello, WithoutExtensions) {
  const auto hello = read_tls_server_hello(server_fixed);
  ASSERT_TRUE(hello);
  EXPECT_EQ(hello->version, tls_1_2);
  EXPECT_EQ(hello->cipher_suite, 0xc02f);
  EXPECT_EQ(hello->session_id_length, 2);
  EXPECT_FALSE(hello->has_key_share || hello->has_pre_shared_key || hello->has_session_ticket_extension);
  EXPECT_EQ(hello->alpn, Alpn::none);
}

TEST(ServerHello, Presence) {
  EXPECT_TRUE(server_hello(key_share).has_key_share);
  EXPECT_TRUE(server_hello(extension(41, message("0000"))).has_pre_shared_key);
  EXPECT_TRUE(server_hello(extension(35, {})).has_session_ticket_extension);
}

TEST(ServerHello, WhatItTakes) {
  const TlsServerHello hello =
      server_hello(extension(51, message("001d 0001 aa")) + extension(41, message("0003")));
  EXPECT_EQ(hello.group, 0x001d);
  EXPECT_EQ(hello.selected_key, 3);
  EXPECT_EQ(hello.session_id.size(), hello.session_id_length);
  EXPECT_TRUE(hello.complete);
}

TEST(ServerHello, OfAnEarlyDraft) {
  // draft-ietf-tls-tls13-20 4.1.3: no session ID, no compression.
  const auto early =
      read_tls_server_hello(message("7f14") + fill(32, 1) + message("1303") + vector16(key_share));
  ASSERT_TRUE(early);
  EXPECT_TRUE(early->is_1_3() && early->has_key_share && early->complete);
  EXPECT_EQ(early->cipher_suite, 0x1303);
}

TEST(Hellos, CompleteOnlyWhereAllIsThere) {
  const Message offers = key_share + extension(42, {}), hello = client(offers), answer = server(key_share);
  EXPECT_TRUE(read_tls_client_hello(client_fixed)->complete);
  EXPECT_TRUE(read_tls_server_hello(server_fixed)->complete);
  for_each_prefix(hello, [&](const Message& cut) {
    const auto read = read_tls_client_hello(cut);
    const bool expected = cut.size() == hello.size() || cut.size() == client_fixed.size();
    EXPECT_EQ(read && read->complete, expected) << cut.size();
  });
  for_each_prefix(answer, [&](const Message& cut) {
    const auto read = read_tls_server_hello(cut);
    const bool expected = cut.size() == answer.size() || cut.size() == server_fixed.size();
    EXPECT_EQ(read && read->complete, expected) << cut.size();
  });
}

TEST(ClientHello, KeysWithoutAge) {
  const Message fresh = vector16(fill(3, 7)) + message("00000000"),
                aged = vector16(fill(9, 7)) + message("01000000");
  const auto bits = [](const Message& identities) {
    return client_hello(extension(41, vector16(identities) + vector16(fill(33, 1)))).keys_without_age;
  };
  EXPECT_EQ(bits(fresh), 1u);
  EXPECT_EQ(bits(aged), 0u);
  EXPECT_EQ(bits(aged + fresh + aged + fresh), 0b1010u);
  // The last one is cut.
  EXPECT_EQ(bits(aged + Message(fresh.begin(), fresh.end() - 1)), 0u);
  Message many;
  for (int i = 0; i < 40; ++i) many = many + fresh;
  EXPECT_EQ(bits(many), 0xffffffffu);
}

TEST(EncryptedExtensions, EarlyData) {
  EXPECT_TRUE(accepts_early_data(vector16(alpn(h2) + extension(42, {}))));
  EXPECT_FALSE(accepts_early_data(vector16(alpn(h2))));
  EXPECT_FALSE(accepts_early_data({}));
}

TEST(TlsAlert, EndsAHandshake) {
  const auto ends = [](std::uint8_t level, std::uint8_t description, bool modern) {
    return TlsAlert{level, description}.ends_handshake(modern);
  };
  EXPECT_TRUE(ends(2, 40, false));
  EXPECT_FALSE(ends(1, 112, false));  // unrecognized_name, a warning
  EXPECT_TRUE(ends(1, 112, true));    // RFC 8446 6.2: whatever the level
  EXPECT_FALSE(ends(1, 90, true));    // user_canceled
  EXPECT_TRUE(ends(1, 100, false));   // no_renegotiation
  EXPECT_FALSE(ends(1, 0, true));     // close_notify: one direction's
}

// The server's choice stands in the ServerHello, with TLS 1.3 in the EncryptedExtensions.
void expect_selected(const Message& extensions, Alpn alpn) {
  EXPECT_EQ(server_hello(extensions).alpn, alpn);
  EXPECT_EQ(read_tls_encrypted_extensions_alpn(vector16(extensions)), alpn);
}

TEST(ServersAlpn, Protocols) {
  expect_selected({}, Alpn::none);
  expect_selected(alpn(message("08 'http/1.0'")), Alpn::http1);
  expect_selected(alpn(http1_1), Alpn::http1);
  expect_selected(alpn(h2), Alpn::http2);
  expect_selected(alpn(message("03 'dot'")), Alpn::dns);
  expect_selected(alpn(message("04 'imap'")), Alpn::other);
  expect_selected(extension(0, {}) + alpn(h2) + extension(42, {}), Alpn::http2);
  expect_selected(alpn(h2) + alpn(http1_1), Alpn::http2);
}

TEST(ServersAlpn, Broken) {
  // RFC 7301 3.1: one protocol, not empty. What stands behind the list is nothing.
  expect_selected(extension(16, vector16(h2) + http1_1), Alpn::http2);
  expect_selected(alpn(h2 + http1_1), Alpn::none);
  expect_selected(alpn({}), Alpn::none);
  expect_selected(alpn(message("00")), Alpn::none);
  expect_selected(extension(16, {}), Alpn::none);
  // Lengths that do not agree.
  expect_selected(extension(16, u16(2) + h2), Alpn::none);
  expect_selected(extension(16, u16(4) + h2), Alpn::none);
  expect_selected(alpn(message("03 'h2'")), Alpn::none);
  expect_selected(alpn(message("01 'h2'")), Alpn::none);
  expect_selected(u16(16) + u16(4) + vector16(h2), Alpn::none);
}

TEST(ServersAlpn, OfOpenSsl) {
  EXPECT_EQ(read_tls_encrypted_extensions_alpn(behind(real_encrypted_extensions, TlsHandshakeHeader::size)),
            Alpn::http1);
  EXPECT_EQ(read_tls_encrypted_extensions_alpn({}), Alpn::none);
}

TEST(ServersAlpn, Cut) {
  const Message body = vector16(extension(10, message("0002 001d")) + alpn(h2));
  for_each_prefix(body, [](const Message& cut) {
    EXPECT_EQ(read_tls_encrypted_extensions_alpn(cut), Alpn::none) << cut.size();
  });
  EXPECT_EQ(read_tls_encrypted_extensions_alpn(body), Alpn::http2);
}

TEST(ServerHello, LengthsBeyondTheBody) {
  const auto longer = read_tls_server_hello(server_fixed + u16(0xffff) + key_share);
  EXPECT_TRUE(longer->has_key_share);
  const auto shorter = read_tls_server_hello(server_fixed + u16(4) + extension(35, {}) + key_share);
  EXPECT_TRUE(shorter->has_session_ticket_extension);
  EXPECT_FALSE(shorter->has_key_share);
  EXPECT_FALSE(server_hello(u16(5) + u16(4) + key_share).has_key_share);
  EXPECT_FALSE(read_tls_server_hello(with(server(key_share), 34, 0xff)));
}

TEST(ServerHello, Cut) {
  const Message whole = server(extension(43, message("0304")) + extension(35, {}) + alpn(h2) + key_share +
                               extension(41, message("0000")));
  const std::size_t versions = server_fixed.size() + 2;
  const std::size_t ticket = versions + 4 + 2;
  const std::size_t protocols = ticket + 4;
  const std::size_t share = protocols + 4 + 2 + h2.size();
  const std::size_t psk = share + key_share.size();
  for_each_prefix(whole, [&](const Message& cut) {
    const std::size_t size = cut.size();
    const auto hello = read_tls_server_hello(cut);
    ASSERT_EQ(hello.has_value(), size >= server_fixed.size()) << size;
    if (!hello) return;
    EXPECT_EQ(hello->cipher_suite, 0xc02f);
    EXPECT_EQ(hello->is_1_3(), size >= ticket) << size;
    EXPECT_EQ(hello->has_session_ticket_extension, size >= ticket + 4) << size;
    EXPECT_EQ(hello->alpn, size >= share ? Alpn::http2 : Alpn::none) << size;
    EXPECT_EQ(hello->has_key_share, size >= share + 4) << size;
    EXPECT_EQ(hello->has_pre_shared_key, size >= psk + 4) << size;
  });
}

TEST(TlsAlert, TwoBytes) {
  const auto alert = read_tls_alert(message("02 30"));
  ASSERT_TRUE(alert);
  EXPECT_EQ(alert->level, 2);
  EXPECT_EQ(alert->description, 48);
  EXPECT_FALSE(alert->is_close_notify());
  EXPECT_TRUE(read_tls_alert(message("01 00"))->is_close_notify());
  for (const std::size_t size : {0, 1, 3, 26}) EXPECT_FALSE(read_tls_alert(fill(size, 1))) << size;
}

TEST(TlsAlert, Names) {
  const std::map<unsigned, std::string_view> names = {
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
      {86, "inappropriate_fallback"},
      {90, "user_canceled"},
      {100, "no_renegotiation"},
      {109, "missing_extension"},
      {110, "unsupported_extension"},
      {111, "certificate_unobtainable"},
      {112, "unrecognized_name"},
      {113, "bad_certificate_status_response"},
      {114, "bad_certificate_hash_value"},
      {115, "unknown_psk_identity"},
      {116, "certificate_required"},
      {117, "general_error"},
      {120, "no_application_protocol"},
      {121, "ech_required"},
  };
  for (unsigned description = 0; description < 256; ++description) {
    const auto row = names.find(description);
    EXPECT_EQ(name_of_tls_alert(static_cast<std::uint8_t>(description)),
              row == names.end() ? "" : row->second)
        << description;
  }
}

TEST(TlsVersion, Names) {
  EXPECT_EQ(name_of_tls_version(0x0300), "SSL 3.0");
  EXPECT_EQ(name_of_tls_version(tls_1_0), "TLS 1.0");
  EXPECT_EQ(name_of_tls_version(tls_1_1), "TLS 1.1");
  EXPECT_EQ(name_of_tls_version(tls_1_2), "TLS 1.2");
  EXPECT_EQ(name_of_tls_version(tls_1_3), "TLS 1.3");
  EXPECT_EQ(name_of_tls_version(0x7f12), "TLS 1.3");
  EXPECT_EQ(name_of_tls_version(0x7f1c), "TLS 1.3");
  EXPECT_EQ(name_of_tls_version(dtls_1_0), "DTLS 1.0");
  EXPECT_EQ(name_of_tls_version(dtls_1_2), "DTLS 1.2");
  EXPECT_EQ(name_of_tls_version(dtls_1_3), "DTLS 1.3");
  for (const std::uint16_t version :
       std::initializer_list<std::uint16_t>{0x0000, 0x0002, 0x0200, 0x0305, 0x0403, 0x7e02, 0xfefb, 0xff00})
    EXPECT_EQ(name_of_tls_version(version), "") << version;
}

TEST(TlsCipherSuite, HashLengths) {
  const std::map<unsigned, std::size_t> lengths = {
      {0x1301, 32}, {0x1302, 48}, {0x1303, 32}, {0x1304, 32}, {0x1305, 32}, {0x00c6, 32}, {0x00c7, 32},
      {0xc0b4, 32}, {0xc0b5, 48}, {0xc103, 32}, {0xc104, 32}, {0xc105, 32}, {0xc106, 32},
  };
  for (unsigned suite = 0; suite <= 0xffff; ++suite) {
    const auto row = lengths.find(suite);
    EXPECT_EQ(tls_1_3_hash_length(static_cast<std::uint16_t>(suite)), row == lengths.end() ? 0 : row->second)
        << suite;
  }
}

TEST(TlsWire, MutationsAreStood) {
  for_each_mutation(behind(real_client_record, body_at), 20000, [](const Message& mutated) {
    const auto hello = read_tls_client_hello(mutated);
    if (hello) {
      EXPECT_LE(hello->server_name.size(), mutated.size());
    }
  });
  for (const Message& record : {real_server_record, real_retry_record, real_server_record_1_2})
    for_each_mutation(behind(record, body_at), 20000,
                      [](const Message& mutated) { read_tls_server_hello(mutated); });
  for_each_mutation(real_encrypted_extensions, 5000,
                    [](const Message& mutated) { read_tls_encrypted_extensions_alpn(mutated); });
}

// --- where the handshake was not captured ---------------------------------------------------------------

TEST(LooksTlsHandshake, ByItsFirstHeader) {
  EXPECT_TRUE(looks_like_tls_handshake(message("0b 000100 00"), 500));
  EXPECT_FALSE(looks_like_tls_handshake(message("0b 010000 00"), 500)) << "nobody sends that much";
  EXPECT_TRUE(looks_like_tls_handshake(message("00 000000"), 4));
  EXPECT_FALSE(looks_like_tls_handshake(message("00 000000 00000000 8f"), 40)) << "a nonce of zeros";
  EXPECT_FALSE(looks_like_tls_handshake(message("4d 000001 00"), 5));
  EXPECT_TRUE(looks_like_tls_handshake(message("0b"), 1)) << "a header may span records";
  EXPECT_FALSE(looks_like_tls_handshake(message("4d"), 1));
  EXPECT_FALSE(looks_like_tls_handshake(message("0b 01"), 2));
}

TEST(Ssl2ClientHello, Header) {
  const auto header = read_sslv2_client_hello_header(message("801c 01 0301"));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->version, ssl_2_0);
  EXPECT_EQ(header->content, TlsContent::handshake);
  EXPECT_EQ(header->length, 0x1c - 3);
  for (const char* none : {"801c 01 0002", "801c 02 0301", "001c 01 0301", "8003 01 0301", "801c 01 03", ""})
    EXPECT_FALSE(read_sslv2_client_hello_header(message(none))) << none;
}

}  // namespace
}  // namespace humantime::wire
