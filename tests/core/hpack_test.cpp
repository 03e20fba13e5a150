// SPDX-License-Identifier: GPL-2.0-or-later
// HPACK against the examples of RFC 7541, appendix C, and what must hold of any block.
#include "wire/hpack.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "http2/header_table.h"
#include "http2/pseudo_headers.h"

namespace humantime::http2 {
namespace {

using wire::HpackString;

std::vector<std::uint8_t> hex(std::string_view text) {
  std::vector<std::uint8_t> bytes;
  std::string digits;
  for (const char c : text)
    if (c != ' ') digits += c;
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2)
    bytes.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
  return bytes;
}

std::string decoded(const std::vector<std::uint8_t>& bytes) {
  std::array<char, 256> room;
  const auto size = wire::decode_hpack_string({bytes, true}, room);
  return size ? std::string(room.data(), std::min(*size, room.size())) : "invalid";
}

TEST(HpackString, Huffman) {
  EXPECT_EQ(decoded(hex("f1e3 c2e5 f23a 6ba0 ab90 f4ff")), "www.example.com");
  EXPECT_EQ(decoded(hex("a8eb 1064 9cbf")), "no-cache");
  EXPECT_EQ(decoded(hex("25a8 49e9 5bb8 e8b4 bf")), "custom-value");
  EXPECT_EQ(decoded(hex("d07a be94 1054 d444 a820 0595 040b 8166 e082 a62d 1bff")),
            "Mon, 21 Oct 2013 20:13:21 GMT");
  EXPECT_EQ(decoded(hex("9d29 ad17 1863 c78f 0b97 c8e9 ae82 ae43 d3")), "https://www.example.com");
  EXPECT_EQ(decoded({}), "");
}

TEST(HpackString, HuffmanThatIsNotValid) {
  EXPECT_EQ(decoded(hex("f1e3 c2e5 f23a 6ba0 ab90 f4fe")), "invalid") << "padding with a zero";
  EXPECT_EQ(decoded(hex("a8eb 1064 9cbf ff")), "invalid") << "padding of more than 7 bits";
  EXPECT_EQ(decoded(hex("ffff ffff")), "invalid") << "EOS";
}

TEST(HpackString, WhatDoesNotFitIsCountedAllTheSame) {
  const auto bytes = hex("f1e3 c2e5 f23a 6ba0 ab90 f4ff");
  std::array<char, 3> room;
  EXPECT_EQ(wire::decode_hpack_string({bytes, true}, room), 15U);
  EXPECT_EQ(std::string_view(room.data(), 3), "www");
  EXPECT_EQ(wire::decode_hpack_string({bytes, false}, room), bytes.size());
}

TEST(HpackField, IntegersOfSeveralBytes) {
  // C.1.2: 1337 with a prefix of five bits.
  const auto update = hex("3f9a 0a");
  Bytes block = update;
  const auto field = wire::take_hpack_field(block);
  ASSERT_TRUE(field);
  EXPECT_EQ(field->kind, wire::HpackField::Kind::resize);
  EXPECT_EQ(field->index, 1337U);
  EXPECT_TRUE(block.empty());
  for (std::size_t size = 0; size < update.size(); ++size) {
    Bytes cut = Bytes(update).first(size);
    EXPECT_FALSE(wire::take_hpack_field(cut)) << size;
  }
  const auto huge = hex("3fff ffff ffff 0f");
  block = huge;
  EXPECT_FALSE(wire::take_hpack_field(block));
}

TEST(HpackStaticTable, IsTheRfcs) {
  const auto table = wire::hpack_static_table();
  ASSERT_EQ(table.size(), 61U);
  EXPECT_EQ(table[1].name, ":method");
  EXPECT_EQ(table[1].value, "GET");
  EXPECT_EQ(table[60].name, "www-authenticate");
  const HeaderTable dynamic;
  EXPECT_EQ(dynamic.at(8).value, "200");
  EXPECT_EQ(dynamic.at(0).name, FieldName::unknown);
  EXPECT_EQ(dynamic.at(62).name, FieldName::unknown);
}

struct Request {
  std::string_view block, path, authority;
};

// C.3 without Huffman, C.4 with it: three requests on one connection.
void expect_requests(const std::array<Request, 3>& requests) {
  HeaderTable table;
  for (const Request& request : requests) {
    const PseudoHeaders said = read_header_block(hex(request.block), true, table);
    EXPECT_EQ(said.of, PseudoHeaders::Of::request);
    EXPECT_EQ(said.method.text(), "GET");
    EXPECT_EQ(said.path.text(), request.path);
    EXPECT_EQ(said.authority.text(), request.authority);
  }
}

TEST(HeaderBlock, RequestsOfTheRfc) {
  expect_requests({{{"8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d", "/", "www.example.com"},
                    {"8286 84be 5808 6e6f 2d63 6163 6865", "/", "www.example.com"},
                    {"8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65",
                     "/index.html", "www.example.com"}}});
  expect_requests(
      {{{"8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff", "/", "www.example.com"},
        {"8286 84be 5886 a8eb 1064 9cbf", "/", "www.example.com"},
        {"8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf", "/index.html", "www.example.com"}}});
}

// C.5: three responses with a table of 256 bytes, from which entries are evicted.
const std::array<std::string_view, 3> responses = {
    "4803 3330 3258 0770 7269 7661 7465 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 "
    "3120 "
    "474d 546e 1768 7474 7073 3a2f 2f77 7777 2e65 7861 6d70 6c65 2e63 6f6d",
    "4803 3330 37c1 c0bf",
    "88c1 611d 4d6f 6e2c 2032 3120 4f63 7420 3230 3133 2032 303a 3133 3a32 3220 474d 54c0 5a04 677a 6970 "
    "7738 "
    "666f 6f3d 4153 444a 4b48 514b 425a 584f 5157 454f 5049 5541 5851 5745 4f49 553b 206d 6178 2d61 6765 "
    "3d33 "
    "3630 303b 2076 6572 7369 6f6e 3d31"};

TEST(HeaderBlock, ResponsesOfTheRfc) {
  HeaderTable table;
  table.resize(256);
  const std::array<std::uint16_t, 3> statuses = {302, 307, 200};
  for (std::size_t i = 0; i < responses.size(); ++i) {
    const PseudoHeaders said = read_header_block(hex(responses[i]), true, table);
    EXPECT_EQ(said.of, PseudoHeaders::Of::response);
    EXPECT_EQ(said.status, statuses[i]);
    // RFC 7541 C.5.1: `:status: 302` is the oldest entry. C.5.2 evicts it.
    EXPECT_EQ(table.at(65).name, i == 0   ? FieldName::status
                                 : i == 1 ? FieldName::regular
                                          : FieldName::unknown);
    if (i < 2) {
      EXPECT_EQ(table.at(i == 0 ? 65 : 62).value, i == 0 ? "302" : "307");
    }
  }
}

TEST(HeaderBlock, AStatusThatWasLearntInALostBlockIsUnknown) {
  HeaderTable table;
  const auto learns = hex("4803 3330 32");  // :status 302 enters the table
  const auto repeats = hex("be");
  HeaderTable lossy = table;
  EXPECT_EQ(read_header_block(learns, true, table).status, 302);
  EXPECT_EQ(read_header_block(repeats, true, table).status, 302);
  const PseudoHeaders said = read_header_block(repeats, true, lossy);
  EXPECT_EQ(said.of, PseudoHeaders::Of::unknown);
  EXPECT_EQ(said.status, 0);
  // What is learnt behind the loss is known, by the same index.
  EXPECT_EQ(read_header_block(learns, true, lossy).status, 302);
  EXPECT_EQ(read_header_block(repeats, true, lossy).status, 302);
  EXPECT_EQ(read_header_block(hex("bf"), true, lossy).of, PseudoHeaders::Of::unknown);
}

TEST(HeaderBlock, ABlockThatWasCutTellsWhatIsThere) {
  HeaderTable table;
  const auto block = hex(responses[0]);
  const PseudoHeaders said = read_header_block(Bytes(block).first(12), false, table);
  EXPECT_EQ(said.status, 302);
  EXPECT_EQ(table.at(62).name, FieldName::unknown) << "what was cut off has moved the entries";
  EXPECT_EQ(read_header_block(Bytes(block).first(2), false, table).of, PseudoHeaders::Of::unknown);
}

TEST(HeaderBlock, Trailers) {
  HeaderTable table;
  EXPECT_EQ(read_header_block(hex("0005 782d 7375 6d01 31"), true, table).of, PseudoHeaders::Of::trailers);
  EXPECT_EQ(read_header_block({}, true, table).of, PseudoHeaders::Of::trailers);
  EXPECT_EQ(read_header_block({}, false, table).of, PseudoHeaders::Of::unknown);
}

TEST(HeaderTable, EntriesGoInOrderOfAge) {
  HeaderTable table;
  table.resize(34 * 100);
  const std::string digits = "0123456789";
  for (std::size_t i = 0; i < 5000; ++i) {
    const char value[] = {digits[i / 10 % 10], digits[i % 10]};
    table.insert(FieldName::path, 0, {value, 2}, 2);
    for (std::size_t back = 0; back < std::min<std::size_t>(i + 1, 100); back += 33) {
      const std::size_t of = i - back;
      const char expected[] = {digits[of / 10 % 10], digits[of % 10]};
      EXPECT_EQ(table.at(static_cast<std::uint32_t>(62 + back)).value, std::string_view(expected, 2)) << i;
    }
    EXPECT_EQ(table.at(162).name, FieldName::unknown);
  }
  table.resize(34);
  EXPECT_EQ(table.at(62).value, "99");
  EXPECT_EQ(table.at(63).name, FieldName::unknown);
  table.insert(FieldName::path, 10, "x", 100);
  EXPECT_EQ(table.at(62).name, FieldName::unknown) << "larger than the table: it empties it (RFC 7541 4.4)";
}

TEST(PseudoHeaders, Description) {
  PseudoHeaders request;
  std::array<char, 120> room;
  request.method.set("GET");
  request.path.set("/index.html");
  request.authority.set("example.com");
  EXPECT_EQ(describe_request(request, room), "GET /index.html example.com");
  request.path.set(std::string(200, 'x'));
  const std::string_view text = describe_request(request, room);
  EXPECT_EQ(text.size(), room.size());
  EXPECT_TRUE(text.ends_with("x example.com"));
  PseudoHeaders connect;
  connect.method.set("CONNECT");
  connect.authority.set("example.com:443");
  EXPECT_EQ(describe_request(connect, room), "CONNECT example.com:443");
}

}  // namespace
}  // namespace humantime::http2
