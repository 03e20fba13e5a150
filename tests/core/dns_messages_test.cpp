// SPDX-License-Identifier: GPL-2.0-or-later
// DNS over HTTPS: which content of requests and responses is a DNS message, and which frame completes it.
#include "http2/dns_messages.h"

#include <gtest/gtest.h>

#include <string>

#include "message.h"
#include "told.h"

namespace humantime::http2 {
namespace {

constexpr FrameNumber first{1}, second{2};

// RFC 8484 4.1.1 and 4.2.2: the query for www.example.com's address, and a response.
const Message query = message("0000 0100 0001 0000 0000 0000 03 'www' 07 'example' 03 'com' 00 0001 0001");
const Message response = message(
    "0000 8180 0001 0001 0000 0000 03 'www' 07 'example' 03 'com' 00 0001 0001"
    "c00c 0001 0001 00000080 0004 c0000201");
constexpr std::string_view get_target = "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";

PseudoHeaders request(std::string_view method, std::string_view path, std::string_view type = {}) {
  PseudoHeaders said;
  said.take(FieldName::method, method);
  said.take(FieldName::path, path);
  if (!type.empty()) said.take(FieldName::content_type, type);
  return said;
}

PseudoHeaders answer(std::string_view status, std::string_view type = "application/dns-message") {
  PseudoHeaders said;
  said.take(FieldName::status, status);
  said.take(FieldName::content_type, type);
  return said;
}

class DnsOverHttps : public ::testing::Test {
 protected:
  bool exchange_body(bool of_request, const Message& body, FrameNumber frame, bool padded = false) {
    messages_.take(1, of_request, body, body.size(), padded);
    return messages_.end(1, of_request, frame, told_);
  }
  std::string names(std::uint32_t frame) {
    return told_.of(frame).empty() ? "" : told_.of(frame).front() + " " + told_.details[frame];
  }

  Told told_;
  DnsMessages messages_;
};

TEST_F(DnsOverHttps, AskedByPost) {
  messages_.ask(1, request("POST", "/dns-query", "application/dns-message"), first);
  EXPECT_TRUE(exchange_body(true, query, first));
  messages_.answer(1, answer("200"), told_);
  EXPECT_TRUE(exchange_body(false, response, second));
  EXPECT_EQ(names(1), "dns.query www.example.com A");
  EXPECT_EQ(names(2), "dns.answer www.example.com A, 192.0.2.1");
  EXPECT_TRUE(messages_.empty());
}

/// The response's type shows that the target was a question.
TEST_F(DnsOverHttps, AskedByGet) {
  messages_.ask(1, request("GET", get_target), first);
  EXPECT_EQ(names(1), "");
  messages_.answer(1, answer("200", "Application/DNS-Message; charset=x"), told_);
  EXPECT_EQ(names(1), "dns.query www.example.com A");
}

TEST_F(DnsOverHttps, OtherTypesAreNone) {
  messages_.ask(1, request("POST", "/dns-query", "application/dns-json"), first);
  EXPECT_FALSE(exchange_body(true, query, first));
  messages_.answer(1, answer("200", "application/dns-message-x"), told_);
  EXPECT_FALSE(exchange_body(false, response, second));
  messages_.ask(1, request("GET", get_target), first);
  messages_.answer(1, answer("200", "text/html"), told_);
  messages_.ask(1, request("GET", "/page?dns=AAAA"), first);
  messages_.answer(1, answer("200"), told_);
  EXPECT_TRUE(told_.frames.empty());
}

TEST_F(DnsOverHttps, WhatIsNoQuestionIsNone) {
  messages_.ask(1, request("POST", "/", "application/dns-message"), first);
  EXPECT_FALSE(exchange_body(true, response, first));
  messages_.ask(1, request("POST", "/", "application/dns-message"), first);
  EXPECT_FALSE(exchange_body(true, fill(5, 0xff), first));
  messages_.answer(1, answer("404"), told_);
  EXPECT_FALSE(exchange_body(false, response, second));
  EXPECT_TRUE(told_.frames.empty());
}

TEST_F(DnsOverHttps, WhatIsNotKnownToBeContentIsNone) {
  messages_.ask(1, request("POST", "/", "application/dns-message"), first);
  EXPECT_FALSE(exchange_body(true, query, first, true));
  messages_.ask(1, request("POST", "/", "application/dns-message"), first);
  messages_.take(1, true, {}, 4, false);  // lost
  EXPECT_FALSE(exchange_body(true, query, first));
  messages_.ask(1, request("POST", "/", "application/dns-message"), first);
  messages_.lose(true);
  EXPECT_FALSE(exchange_body(true, query, first));
}

TEST_F(DnsOverHttps, WhatIsKeptIsBounded) {
  for (std::uint32_t stream = 1; stream < 200; stream += 2)
    messages_.ask(stream, request("POST", "/", "application/dns-message"), first);
  const Message large = response + fill(2 * DnsMessages::most_bytes);
  messages_.answer(1, answer("200"), told_);
  EXPECT_TRUE(exchange_body(false, large, second));
  messages_.ask(1, request("GET", std::string("/?dns=") + std::string(300, 'A')), first);
  messages_.answer(1, answer("200"), told_);
}

}  // namespace
}  // namespace humantime::http2
