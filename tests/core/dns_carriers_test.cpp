// SPDX-License-Identifier: GPL-2.0-or-later
// DNS messages in HTTP/1.1 and on QUIC's streams: which frames of the capture are named for them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "http1/exchange.h"
#include "message.h"
#include "quic/dns_streams.h"
#include "told.h"

namespace humantime {
namespace {

using http1::Exchange;
using http1::Side;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

// RFC 8484 4.1.1 and 4.2.2: the query for www.example.com's address, and a response.
const Message query = message("0000 0100 0001 0000 0000 0000 03 'www' 07 'example' 03 'com' 00 0001 0001");
const Message response = message(
    "0000 8180 0001 0001 0000 0000 03 'www' 07 'example' 03 'com' 00 0001 0001"
    "c00c 0001 0001 00000080 0004 c0000201");
constexpr std::string_view get_target = "/dns-query?dns=AAABAAABAAAAAAAAA3d3dwdleGFtcGxlA2NvbQAAAQAB";

Message text(std::string_view chars) {
  return {chars.begin(), chars.end()};
}
Message post(const Message& body, std::string_view type = "application/dns-message") {
  return text("POST /dns-query HTTP/1.1\r\nHost: dns\r\nContent-Type: " + std::string(type) +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n") +
         body;
}
Message ok(const Message& body, std::string_view type = "application/dns-message") {
  return text("HTTP/1.1 200 OK\r\nContent-Type: " + std::string(type) +
              "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n") +
         body;
}

class DnsOverHttp1 : public ::testing::Test {
 protected:
  void client(std::uint32_t frame, const Message& bytes) {
    (void)exchange_.feed(Side::client, FrameNumber{frame}, bytes, told_);
  }
  void server(std::uint32_t frame, const Message& bytes) {
    (void)exchange_.feed(Side::server, FrameNumber{frame}, bytes, told_);
  }

  Exchange exchange_;
  Told told_;
};

TEST_F(DnsOverHttp1, AskedByPost) {
  client(1, post(query));
  server(2, ok(response));
  EXPECT_THAT(told_.of(1), ElementsAre("http.request", "dns.query"));
  EXPECT_THAT(told_.of(2), ElementsAre("http.response_start", "http.response_end", "dns.answer"));
}

TEST_F(DnsOverHttp1, AskedByGet) {
  client(1, text("GET " + std::string(get_target) + " HTTP/1.1\r\nHost: dns\r\n\r\n"));
  EXPECT_THAT(told_.of(1), ElementsAre("http.request"));
  server(2, ok(response));
  EXPECT_THAT(told_.of(1), ElementsAre("http.request", "dns.query"));
  // The next one asks for something else.
  client(3, text("GET /page?dns=AAAA HTTP/1.1\r\nHost: dns\r\n\r\n"));
  server(4, ok(text("0123"), "text/plain"));
  EXPECT_THAT(told_.of(3), ElementsAre("http.request"));
  EXPECT_THAT(told_.of(4), ElementsAre("http.response_start", "http.response_end"));
}

TEST_F(DnsOverHttp1, PipelinedQuestionsAreAnsweredInTheirOrder) {
  const Message get = text("GET " + std::string(get_target) + " HTTP/1.1\r\nHost: dns\r\n\r\n");
  client(1, get);
  client(2, get);
  server(3, ok(text("no"), "text/plain"));
  EXPECT_THAT(told_.of(1), ElementsAre("http.request"));
  EXPECT_THAT(told_.of(2), ElementsAre("http.request"));
  server(4, ok(response));
  EXPECT_THAT(told_.of(1), ElementsAre("http.request"));
  EXPECT_THAT(told_.of(2), ElementsAre("http.request", "dns.query"));
}

TEST_F(DnsOverHttp1, EveryCut) {
  const Message asked = post(query), answered = ok(response);
  for (std::size_t cut = 1; cut < asked.size(); ++cut) {
    Exchange exchange;
    Told told;
    const Bytes bytes(asked);
    (void)exchange.feed(Side::client, FrameNumber{1}, bytes.first(cut), told);
    (void)exchange.feed(Side::client, FrameNumber{2}, bytes.subspan(cut), told);
    EXPECT_THAT(told.of(2), ElementsAre("http.request_end", "dns.query")) << cut;
  }
  for (std::size_t cut = 1; cut < answered.size(); ++cut) {
    Exchange exchange;
    Told told;
    const Bytes bytes(answered);
    (void)exchange.feed(Side::client, FrameNumber{1}, asked, told);
    (void)exchange.feed(Side::server, FrameNumber{2}, bytes.first(cut), told);
    (void)exchange.feed(Side::server, FrameNumber{3}, bytes.subspan(cut), told);
    EXPECT_THAT(told.of(3), ElementsAre("http.response_end", "dns.answer")) << cut;
  }
}

TEST_F(DnsOverHttp1, BytesThatAreMissing) {
  client(1, post(query));
  const Message whole = ok(response);
  server(2, Message(whole.begin(), whole.end() - 30));
  EXPECT_EQ(exchange_.skip(Side::server, no_frame, 10, told_), 10U);
  server(3, Message(whole.end() - 20, whole.end()));
  EXPECT_THAT(told_.of(3), ElementsAre("http.response_end"));
}

TEST_F(DnsOverHttp1, WhatOnlyLooksLikeIt) {
  client(1, post(query, "application/dns-json"));
  server(2, ok(response, "application/octet-stream"));
  EXPECT_THAT(told_.of(1), ElementsAre("http.request"));
  EXPECT_THAT(told_.of(2), ElementsAre("http.response_start", "http.response_end"));
}

// --- QUIC -----------------------------------------------------------------------------------------------

Message with_length(const Message& body) {
  return Message{static_cast<std::uint8_t>(body.size() >> 8), static_cast<std::uint8_t>(body.size())} + body;
}

class DnsOverQuic : public ::testing::Test {
 protected:
  void client(std::uint32_t frame, std::uint64_t offset, const Message& bytes, std::uint64_t stream = 0) {
    streams_.feed(tcp::Role::initiator, stream, offset, bytes, FrameNumber{frame}, told_);
  }
  void server(std::uint32_t frame, std::uint64_t offset, const Message& bytes, std::uint64_t stream = 0) {
    streams_.feed(tcp::Role::responder, stream, offset, bytes, FrameNumber{frame}, told_);
  }

  quic::DnsStreams streams_;
  Told told_;
};

TEST_F(DnsOverQuic, AStreamForEach) {
  client(1, 0, with_length(query));
  client(1, 0, with_length(query), 4);
  server(2, 0, with_length(response), 4);
  server(3, 0, with_length(response));
  EXPECT_THAT(told_.of(1), ElementsAre("dns.query", "dns.query"));
  EXPECT_THAT(told_.of(2), ElementsAre("dns.answer"));
  EXPECT_THAT(told_.of(3), ElementsAre("dns.answer"));
}

TEST_F(DnsOverQuic, WhereTheLastMissingByteArrives) {
  const Message whole = with_length(response);
  server(2, 20, Message(whole.begin() + 20, whole.end()));
  EXPECT_THAT(told_.of(2), IsEmpty());
  server(3, 0, Message(whole.begin(), whole.begin() + 20));
  EXPECT_THAT(told_.of(3), ElementsAre("dns.answer"));
  server(4, 0, whole);
  EXPECT_THAT(told_.of(4), IsEmpty()) << "sent again";
}

TEST_F(DnsOverQuic, StreamsThatCarryNone) {
  client(1, 0, with_length(query), 2);
  server(1, 0, with_length(response), 1);
  client(2, 1U << 20, with_length(query), 8);
  client(3, 0, with_length(query), 8);
  EXPECT_THAT(told_.of(1), IsEmpty());
  EXPECT_THAT(told_.of(3), IsEmpty()) << "given up";
}

TEST_F(DnsOverQuic, OldStreamsAreForgottenAndNotToldAgain) {
  for (std::uint64_t stream = 0; stream < 4 * 2 * quic::DnsStreams::most; stream += 4)
    client(1, 0, with_length(query), stream);
  client(2, 0, with_length(query), 0);
  EXPECT_THAT(told_.of(2), IsEmpty());
}

}  // namespace
}  // namespace humantime
