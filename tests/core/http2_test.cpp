// SPDX-License-Identifier: GPL-2.0-or-later
// HTTP/2 connections, frame by frame of the capture. Blocks use HPACK's static table and literals, unless the
// test is about the dynamic one.
#include "wire/http2.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "http2/connection.h"

namespace humantime::http2 {
namespace {

using tcp::Role;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using wire::Http2Type;

constexpr Role client = Role::initiator;
constexpr Role server = Role::responder;

std::string frame(Http2Type type, unsigned flags, std::uint32_t stream, std::string_view payload = {}) {
  std::string bytes;
  for (const int shift : {16, 8, 0}) bytes += static_cast<char>(payload.size() >> shift & 0xff);
  bytes += static_cast<char>(type);
  bytes += static_cast<char>(flags);
  for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(stream >> shift & 0xff);
  return bytes + std::string(payload);
}

constexpr unsigned end_stream = 1, end_headers = 4, padded = 8;

const std::string preface(wire::http2_preface);
const std::string settings = frame(Http2Type::settings, 0, 0);
const std::string ping = frame(Http2Type::ping, 0, 0, "12345678");
/// GET / http; POST / http; the status 200; 103 as a literal; 302, which enters the table; a trailer x: y.
const std::string get = "\x82\x86\x84", post = "\x83\x86\x84", ok = "\x88";
const std::string hints = std::string("\x08\x03", 2) + "103", moved = std::string("\x48\x03", 2) + "302",
                  again = "\xbe";
const std::string trailer = std::string("\x00\x01x\x01y", 5);

std::string headers(std::uint32_t stream, std::string_view block, unsigned flags = 0) {
  return frame(Http2Type::headers, end_headers | flags, stream, block);
}
std::string data(std::uint32_t stream, std::size_t size, unsigned flags = 0) {
  return frame(Http2Type::data, flags, stream, std::string(size, 'd'));
}

struct Told {
  Phase phase;
  Certainty certainty;
};

/// What the store makes of it: any name takes the place of tcp.data, a state is told once.
class Record final : public PhaseSink {
 public:
  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    EXPECT_NE(frame, no_frame) << token_of(phase);
    std::vector<Told>& told = frames[to_number(frame)];
    if (is_state(phase))
      for (Told& one : told)
        if (one.phase == phase) {
          if (certainty == Certainty::seen) one.certainty = certainty;
          return;
        }
    if (phase != Phase::tcp_data)
      std::erase_if(told, [](const Told& one) { return one.phase == Phase::tcp_data; });
    told.push_back({phase, certainty});
  }
  void settle(FrameNumber frame, Phase before, Phase after, Certainty certainty) override {
    for (Told& one : frames[to_number(frame)])
      if (one.phase == before && !is_settled(one.certainty)) {
        one = {after, certainty};
        return;
      }
  }
  void detail(FrameNumber frame, std::string_view text) override {
    details.try_emplace(to_number(frame), text);
    EXPECT_LE(text.size(), 120U);
  }
  void moment(Stage stage) override { now = stage; }
  void server_name(FrameNumber, std::string_view name) override { server = name; }

  std::map<std::uint32_t, std::vector<Told>> frames;
  std::map<std::uint32_t, std::string> details;
  Stage now = Stage::other;
  std::string server;
};

class Http2 : public ::testing::Test {
 protected:
  void SetUp() override { connection.begin_with_preface(client); }

  std::uint32_t feed(Role from, std::string_view bytes, bool more = false) {
    connection.feed(from, FrameNumber{++number}, bytes_of(bytes), more, told);
    return number;
  }
  /// In segments of so many bytes; gives the first one's number.
  std::uint32_t feed_in(Role from, std::string_view bytes, std::size_t size) {
    const std::uint32_t first = number + 1;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(size, bytes.size())))
      feed(from, bytes.substr(0, size));
    return first;
  }
  static Bytes bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }
  std::vector<std::string> names(std::uint32_t frame) const {
    std::vector<std::string> names;
    const auto found = told.frames.find(frame);
    if (found == told.frames.end()) return names;
    for (const Told& one : found->second)
      names.push_back(std::string(token_of(one.phase)) + (is_inferred(one.certainty) ? "~" : "") +
                      (is_settled(one.certainty) ? "" : "?"));
    return names;
  }

  Connection connection;
  Record told;
  std::uint32_t number = 0;
};

TEST_F(Http2, RequestAndResponse) {
  const auto hello = feed(client, preface + settings);
  const auto request = feed(client, headers(1, get, end_stream));
  EXPECT_EQ(told.now, Stage::wait);
  const auto answer = feed(server, settings + headers(1, ok));
  EXPECT_EQ(told.now, Stage::response);
  const auto body = feed(server, data(1, 100));
  const auto end = feed(server, data(1, 100, end_stream));
  EXPECT_EQ(told.now, Stage::wait);
  EXPECT_THAT(names(hello), ElementsAre("http.settings"));
  EXPECT_THAT(names(request), ElementsAre("http.request"));
  EXPECT_THAT(names(answer), ElementsAre("http.settings", "http.response_start"));
  EXPECT_THAT(names(body), ElementsAre("http.response_body"));
  EXPECT_THAT(names(end), ElementsAre("http.response_end"));
  EXPECT_EQ(told.details[request], "GET /");
  EXPECT_EQ(told.details[answer], "200");
}

TEST_F(Http2, AResponseOfOneSegmentHasBothEnds) {
  feed(client, preface + settings + headers(1, get, end_stream));
  EXPECT_THAT(names(feed(server, headers(1, ok) + data(1, 10) + data(1, 0, end_stream))),
              ElementsAre("http.response_start", "http.response_end"));
  feed(client, headers(3, get, end_stream));
  EXPECT_THAT(names(feed(server, headers(3, ok, end_stream))),
              ElementsAre("http.response_start", "http.response_end"));
}

TEST_F(Http2, SettingsInASegmentOfTheirOwn) {
  EXPECT_THAT(names(feed(client, preface)), ElementsAre("http.settings"));
  EXPECT_THAT(names(feed(client, settings)), ElementsAre("http.settings"));
  EXPECT_THAT(names(feed(client, settings + settings)), ElementsAre("http.settings", "http.settings"));
}

TEST_F(Http2, FramesWithoutAName) {
  feed(client, preface + settings);
  EXPECT_THAT(names(feed(client, ping)), ElementsAre("tcp.data"));
  EXPECT_THAT(names(feed(client, frame(Http2Type::window_update, 0, 0, std::string("\0\0\1\0", 4)))),
              ElementsAre("tcp.data"));
  EXPECT_THAT(names(feed(client, frame(Http2Type{0xa}, 0, 0, "whatever"))), ElementsAre("tcp.data"));
  EXPECT_THAT(names(feed(client, ping + headers(1, get, end_stream))), ElementsAre("http.request"));
  const auto goaway = feed(server, frame(Http2Type::goaway, 0, 0, std::string("\0\0\0\1\0\0\0\x0b", 8)));
  EXPECT_THAT(names(goaway), ElementsAre("http.goaway"));
  EXPECT_EQ(told.details[goaway], "ENHANCE_YOUR_CALM");
}

TEST_F(Http2, StreamsSideBySide) {
  feed(client, preface + settings + headers(1, get, end_stream) + headers(3, get, end_stream));
  EXPECT_THAT(names(number), ElementsAre("http.settings", "http.request", "http.request"));
  EXPECT_THAT(names(feed(server, headers(3, ok) + data(3, 50) + headers(1, ok))),
              ElementsAre("http.response_start", "http.response_start"));
  EXPECT_THAT(names(feed(server, data(3, 50) + data(1, 50, end_stream))),
              ElementsAre("http.response_end", "http.response_body"));
  EXPECT_EQ(told.now, Stage::response);
  EXPECT_THAT(names(feed(server, data(3, 50, end_stream))), ElementsAre("http.response_end"));
  EXPECT_EQ(told.now, Stage::wait);
}

TEST_F(Http2, RequestWithABody) {
  feed(client, preface + settings);
  EXPECT_THAT(names(feed(client, headers(1, post))), ElementsAre("http.request"));
  EXPECT_EQ(told.now, Stage::request);
  EXPECT_THAT(names(feed(client, data(1, 10))), ElementsAre("http.request_body"));
  EXPECT_THAT(names(feed(server, headers(1, hints))), ElementsAre("http.interim"));
  EXPECT_EQ(told.now, Stage::request);
  EXPECT_THAT(names(feed(client, data(1, 10) + headers(1, trailer, end_stream))),
              ElementsAre("http.request_end"));
  EXPECT_EQ(told.now, Stage::wait);
  EXPECT_EQ(told.details[4], "103");
  EXPECT_THAT(names(feed(server, headers(1, ok) + data(1, 5))), ElementsAre("http.response_start"));
  EXPECT_THAT(names(feed(server, headers(1, trailer, end_stream))), ElementsAre("http.response_end"));
}

TEST_F(Http2, APromiseAndItsResponse) {
  feed(client, preface + settings + headers(1, get, end_stream));
  const auto promise =
      feed(server, frame(Http2Type::push_promise, end_headers, 1, std::string("\0\0\0\2", 4) + get));
  EXPECT_THAT(names(promise), ElementsAre("http.push_promise"));
  EXPECT_EQ(told.details[promise], "GET /");
  EXPECT_THAT(names(feed(server, headers(1, ok, end_stream) + headers(2, ok))),
              ElementsAre("http.response_start", "http.response_end", "http.response_start"));
  EXPECT_THAT(names(feed(server, data(2, 10, end_stream))), ElementsAre("http.response_end"));
}

TEST_F(Http2, AStreamThatIsResetHasNoEnd) {
  feed(client, preface + settings + headers(1, get, end_stream));
  feed(server, headers(1, ok) + data(1, 100));
  EXPECT_EQ(told.now, Stage::response);
  const auto cancel = feed(client, frame(Http2Type::rst_stream, 0, 1, std::string("\0\0\0\x08", 4)));
  EXPECT_THAT(names(cancel), ElementsAre("tcp.data"));
  EXPECT_EQ(told.details[cancel], "CANCEL");
  EXPECT_EQ(told.now, Stage::wait);
  EXPECT_THAT(names(feed(server, data(1, 100))), ElementsAre("http.response_body")) << "was on its way";
  feed(server, frame(Http2Type::rst_stream, 0, 1, std::string("\0\0\0\0", 4)));
  EXPECT_THAT(names(feed(server, data(1, 100, end_stream))), ElementsAre("tcp.data"));
}

TEST_F(Http2, ConnectOpensATunnel) {
  feed(client, preface + settings);
  const std::string connect = std::string("\x02\x07", 2) + "CONNECT" + std::string("\x01\x01h", 3);
  const auto request = feed(client, headers(1, connect));
  EXPECT_THAT(names(request), ElementsAre("http.request", "http.tunnel"));
  EXPECT_EQ(told.details[request], "CONNECT h");
  EXPECT_THAT(names(feed(server, headers(1, ok))), ElementsAre("http.response_start", "http.response_end"));
  EXPECT_EQ(told.now, Stage::connect);
  EXPECT_THAT(names(feed(client, data(1, 10))), ElementsAre("http.tunnel"));
  EXPECT_THAT(names(feed(server, data(1, 10, end_stream))), ElementsAre("http.tunnel"));
  EXPECT_THAT(names(feed(client, data(1, 0, end_stream))), ElementsAre("tcp.data"));
}

TEST_F(Http2, ExtendedConnectUpgradesTheStream) {
  feed(client, preface + settings);
  const std::string connect = std::string("\x02\x07", 2) + "CONNECT" + std::string("\x00\x09", 2) +
                              ":protocol" + std::string("\x09", 1) + "websocket" + "\x86\x84";
  EXPECT_THAT(names(feed(client, headers(1, connect))), ElementsAre("http.request"));
  EXPECT_THAT(names(feed(server, headers(1, ok))), ElementsAre("http.response_start", "http.response_end"));
  EXPECT_EQ(told.now, Stage::response);
  EXPECT_THAT(names(feed(client, data(1, 10))), ElementsAre("http.upgraded"));
  EXPECT_THAT(names(feed(server, data(1, 10))), ElementsAre("http.upgraded"));
}

TEST_F(Http2, TheAnswerToAConnectIsLost) {
  feed(client,
       preface + settings + headers(1, std::string("\x02\x07", 2) + "CONNECT" + std::string("\x01\x01h", 3)));
  connection.skip(server, no_frame, headers(1, ok).size(), false, told);
  EXPECT_THAT(names(feed(client, data(1, 10))), ElementsAre("http.tunnel~"));
  EXPECT_THAT(names(feed(server, data(1, 10))), ElementsAre("tcp.data"));
  EXPECT_THAT(names(feed(client, data(1, 0, end_stream))), ElementsAre("tcp.data"));
}

TEST_F(Http2, ARefusedConnectIsAnExchange) {
  feed(client,
       preface + settings + headers(1, std::string("\x02\x07", 2) + "CONNECT" + std::string("\x01\x01h", 3)));
  EXPECT_THAT(names(feed(server, headers(1, "\x8d") + data(1, 5))), ElementsAre("http.response_start"));
  EXPECT_THAT(names(feed(server, data(1, 5, end_stream))), ElementsAre("http.response_end"));
}

TEST_F(Http2, Upgraded) {
  Connection upgraded;
  upgraded.begin_upgraded(client, told);
  connection = upgraded;
  EXPECT_EQ(told.now, Stage::wait);
  EXPECT_THAT(names(feed(server, settings + headers(1, ok) + data(1, 10))),
              ElementsAre("http.settings", "http.response_start"));
  EXPECT_THAT(names(feed(client, preface + settings)), ElementsAre("http.settings"));
  EXPECT_THAT(names(feed(server, data(1, 10, end_stream))), ElementsAre("http.response_end"));
  EXPECT_THAT(names(feed(client, headers(3, get, end_stream))), ElementsAre("http.request"));
}

// The same bytes in segments of every size: each message has one beginning and one end, and between them
// its body.
TEST_F(Http2, HoweverTheSegmentsAreCut) {
  const std::string asks = preface + settings + headers(1, post) + data(1, 40, end_stream) + ping +
                           frame(Http2Type::headers, end_stream, 3, get) +
                           frame(Http2Type::continuation, end_headers, 3, trailer);
  const std::string answers = settings +
                              frame(Http2Type::headers, padded, 1, std::string("\2", 1) + ok + "pp") +
                              frame(Http2Type::continuation, end_headers, 1, trailer) + data(1, 30) + ping +
                              headers(3, hints) + headers(3, ok, end_stream) + data(1, 0, end_stream);
  for (std::size_t size = 1; size <= answers.size(); ++size) {
    Connection fresh;
    fresh.begin_with_preface(client);
    connection = fresh;
    told = {};
    number = 0;
    feed_in(client, asks, size);
    const std::uint32_t first_answer = feed_in(server, answers, size);
    std::map<Phase, int> count;
    for (const auto& [frame, all] : told.frames)
      for (const Told& one : all) {
        ++count[one.phase];
        EXPECT_EQ(one.certainty, Certainty::seen) << size << " frame " << frame << " " << token_of(one.phase);
      }
    EXPECT_EQ(count[Phase::http_request], 2) << size;
    EXPECT_EQ(count[Phase::http_response_start], 2) << size;
    EXPECT_EQ(count[Phase::http_response_end], 2) << size;
    EXPECT_EQ(count[Phase::http_interim], 1) << size;
    // Every segment has a name, and none has one beside tcp.data.
    EXPECT_EQ(told.frames.size(), number) << size;
    for (const auto& [frame, all] : told.frames)
      EXPECT_TRUE(
          all.size() == 1 ||
          std::none_of(all.begin(), all.end(), [](const Told& one) { return one.phase == Phase::tcp_data; }))
          << size;
    // The segment with the first byte of the response's HEADERS, and that with the last byte of all.
    const std::uint32_t start = first_answer + static_cast<std::uint32_t>(settings.size() / size);
    EXPECT_THAT(names(start), ::testing::Contains("http.response_start")) << size;
    EXPECT_THAT(names(number), ::testing::Contains("http.response_end")) << size;
  }
}

TEST_F(Http2, UntilTheStatusIsThereAResponseHasNoName) {
  feed(client, preface + settings + headers(1, get, end_stream));
  const std::string answer = headers(1, hints + trailer);
  const auto first = feed(server, answer.substr(0, 5));
  const auto second = feed(server, answer.substr(5, 5));
  EXPECT_THAT(names(first), ElementsAre("tcp.data?"));
  EXPECT_THAT(names(second), ElementsAre("tcp.data?"));
  EXPECT_TRUE(connection.undecided(server));
  feed(server, answer.substr(10));
  EXPECT_FALSE(connection.undecided(server));
  EXPECT_THAT(names(first), ElementsAre("http.interim"));
  EXPECT_THAT(names(second), ElementsAre("tcp.data"));
}

// --- bytes that are missing -----------------------------------------------------------------------------

TEST_F(Http2, MissingBytesOfABodyAreCounted) {
  feed(client, preface + settings + headers(1, get, end_stream));
  const std::string answer = headers(1, ok) + data(1, 1000, end_stream);
  feed(server, answer.substr(0, 100));
  connection.skip(server, no_frame, 500, false, told);
  EXPECT_THAT(names(feed(server, answer.substr(600, 100))), ElementsAre("http.response_body"));
  EXPECT_THAT(names(feed(server, answer.substr(700) + settings)),
              ElementsAre("http.response_end", "http.settings"));
}

TEST_F(Http2, BehindALossFramesAreFoundWhereASegmentBeginsWithThem) {
  feed(client, preface + settings + headers(1, get, end_stream));
  feed(server, headers(1, ok) + data(1, 1000));
  connection.skip(server, no_frame, 5000, false, told);
  EXPECT_THAT(names(feed(server, "dddddddddddddddddddddd")), ElementsAre("tcp.data"));
  const auto found = feed(server, data(1, 1000).substr(0, 500));
  EXPECT_THAT(names(found), ElementsAre("http.response_body~"));
  EXPECT_THAT(names(feed(server, data(1, 1000).substr(500))), ElementsAre("http.response_body~"));
  EXPECT_THAT(names(feed(server, data(1, 100))), ElementsAre("http.response_body"));
  EXPECT_THAT(names(feed(server, data(1, 100, end_stream))), ElementsAre("http.response_end"));
}

TEST_F(Http2, WhatLooksLikeAFrameBehindALossMustBeFollowedByOne) {
  feed(client, preface + settings + headers(1, get, end_stream));
  feed(server, headers(1, ok) + data(1, 1000));
  connection.skip(server, no_frame, 5000, false, told);
  feed(server, data(1, 100).substr(0, 50));
  EXPECT_THAT(names(feed(server, std::string(59, 'd') + "no frame begins here, whatever the length said")),
              ElementsAre("http.response_body~"));
  EXPECT_THAT(names(feed(server, "dddddddddddddddddddddd")), ElementsAre("tcp.data"));
}

TEST_F(Http2, AStatusThatWasLearntInALostBlock) {
  feed(client, preface + settings + headers(1, get, end_stream) + headers(3, get, end_stream) +
                   headers(5, get, end_stream));
  const std::string first = headers(1, moved, end_stream);
  connection.skip(server, no_frame, first.size(), false, told);
  // Whether it is an interim response is not known, until its content comes.
  const auto doubt = feed(server, headers(3, again));
  EXPECT_THAT(names(doubt), ElementsAre("tcp.data?"));
  const auto body = feed(server, data(3, 10));
  EXPECT_THAT(names(doubt), ElementsAre("http.response_start~"));
  EXPECT_THAT(names(body), ElementsAre("http.response_body"));
  // Trailers behind it: it may have been interim, and these the response. Only the end is sure.
  const auto other = feed(server, headers(5, again));
  EXPECT_THAT(names(feed(server, headers(5, again, end_stream))), ElementsAre("http.response_end~"));
  EXPECT_THAT(names(other), ElementsAre("tcp.data?"));
}

TEST_F(Http2, TrailersBehindALostRequestAreNoRequest) {
  feed(client, preface + settings);
  const std::string lost = headers(1, post);
  connection.skip(client, no_frame, lost.size(), false, told);
  const auto body = feed(client, data(1, 10) + ping);
  EXPECT_THAT(names(body), ElementsAre("tcp.data")) << "it may have been a CONNECT";
  EXPECT_THAT(names(feed(client, headers(1, trailer, end_stream))), ElementsAre("http.request_end~"));
  EXPECT_THAT(names(feed(client, headers(3, get, end_stream))), ElementsAre("http.request"));
}

TEST_F(Http2, CutOffSegments) {
  feed(client, preface + settings + headers(1, get, end_stream));
  const std::string answer = headers(1, ok) + data(1, 1000);
  FrameNumber cut{++number};
  connection.feed(server, cut, bytes_of(answer).first(40), true, told);
  connection.skip(server, cut, answer.size() - 40, false, told);
  EXPECT_THAT(names(number), ElementsAre("http.response_start"));
  cut = FrameNumber{++number};
  const std::string end = data(1, 500, end_stream);
  connection.feed(server, cut, bytes_of(end).first(20), true, told);
  connection.skip(server, cut, end.size() - 20, false, told);
  EXPECT_THAT(names(number), ElementsAre("http.response_end"));
}

TEST(Http2Midway, WhoIsTheClientIsTold) {
  // The capture begins in the middle; Wireshark was told that it is HTTP/2 (Decode As).
  Connection connection;
  connection.begin_anywhere(client);
  connection.begin_anywhere(server);
  Record told;
  std::uint32_t number = 0;
  const auto feed = [&](Role from, const std::string& bytes) {
    connection.feed(from, FrameNumber{++number},
                    {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, false, told);
    std::vector<std::string> names;
    for (const Told& one : told.frames[number]) names.emplace_back(token_of(one.phase));
    return names;
  };
  EXPECT_THAT(feed(server, data(7, 10)), ElementsAre("tcp.data")) << "whose body is it?";
  EXPECT_THAT(feed(client, headers(9, get, end_stream)), ElementsAre("http.request"));
  EXPECT_THAT(feed(server, data(7, 10)), ElementsAre("tcp.data")) << "a tunnel's, it may be";
  EXPECT_THAT(feed(server, headers(9, ok) + data(9, 5, end_stream)),
              ElementsAre("http.response_start", "http.response_end"));
}

TEST(Http2Midway, TheServerSpeaksFirst) {
  Connection connection;
  connection.begin_anywhere(server);
  connection.begin_anywhere(client);
  Record told;
  const auto feed = [&](Role from, std::uint32_t number, const std::string& bytes) {
    connection.feed(from, FrameNumber{number},
                    {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()}, false, told);
    std::vector<std::string> names;
    for (const Told& one : told.frames[number]) names.emplace_back(token_of(one.phase));
    return names;
  };
  EXPECT_THAT(feed(server, 1, settings), ElementsAre("http.settings"));
  EXPECT_THAT(feed(client, 2, preface), ElementsAre("http.settings"));
  EXPECT_THAT(feed(client, 3, settings + headers(1, get, end_stream)),
              ElementsAre("http.settings", "http.request"));
  EXPECT_THAT(feed(server, 4, headers(1, ok, end_stream)),
              ElementsAre("http.response_start", "http.response_end"));
}

// --- bounds ---------------------------------------------------------------------------------------------

TEST_F(Http2, StreamsAreForgottenWhenThereAreTooMany) {
  feed(client, preface + settings);
  for (std::uint32_t i = 0; i < 3 * Streams::most; ++i)
    EXPECT_THAT(names(feed(client, headers(2 * i + 1, get, end_stream))), ElementsAre("http.request"));
  EXPECT_EQ(told.now, Stage::wait);
  EXPECT_THAT(names(feed(server, headers(6 * Streams::most - 1, ok, end_stream))),
              ElementsAre("http.response_start", "http.response_end"));
}

TEST(Http2Header, LegalAndLikely) {
  using wire::Http2Header;
  const auto make = [](Http2Type type, unsigned flags, std::uint32_t stream, std::uint32_t length) {
    Http2Header header;
    header.type = type;
    header.flags = static_cast<std::uint8_t>(flags);
    header.stream = stream;
    header.length = length;
    return header;
  };
  EXPECT_TRUE(is_legal_http2_header(make(Http2Type::data, 1, 1, 100000)));
  EXPECT_FALSE(is_likely_http2_header(make(Http2Type::data, 1, 1, 100000)));
  EXPECT_FALSE(is_legal_http2_header(make(Http2Type::data, 0, 0, 10)));
  EXPECT_FALSE(is_legal_http2_header(make(Http2Type::settings, 0, 1, 6)));
  EXPECT_FALSE(is_legal_http2_header(make(Http2Type::settings, 0, 0, 7)));
  EXPECT_FALSE(is_legal_http2_header(make(Http2Type::settings, 1, 0, 6)));
  EXPECT_FALSE(is_legal_http2_header(make(Http2Type::ping, 0, 0, 7)));
  EXPECT_TRUE(is_legal_http2_header(make(Http2Type::window_update, 0, 5, 4)));
  EXPECT_TRUE(is_likely_http2_header(make(Http2Type::window_update, 0, 0, 4)));
  EXPECT_FALSE(is_likely_http2_header(make(Http2Type::window_update, 4, 0, 4)));
  EXPECT_TRUE(is_legal_http2_header(make(Http2Type{77}, 255, 0, 1)));
  EXPECT_FALSE(is_likely_http2_header(make(Http2Type{77}, 0, 0, 1)));
}

TEST(Http2Fragment, WhatStandsAroundIt) {
  wire::Http2Header header;
  header.type = Http2Type::headers;
  header.flags = padded | wire::Http2Header::priority;
  const std::string payload = std::string("\2", 1) + "weigh" + "block" + "pp";
  header.length = static_cast<std::uint32_t>(payload.size());
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(payload.data()), payload.size()};
  for (std::size_t size = 0; size <= bytes.size(); ++size) {
    const auto fragment = read_http2_fragment(header, bytes.first(size));
    EXPECT_EQ(fragment.has_value(), size >= 6) << size;
    if (fragment) {
      EXPECT_EQ(as_chars(fragment->bytes), payload.substr(6, std::min<std::size_t>(size - 6, 5)));
    }
  }
  header.length = 7;
  EXPECT_FALSE(read_http2_fragment(header, bytes)) << "the padding is longer than the payload";
}

TEST(Http2Preface, EveryTruncation) {
  const Bytes bytes{reinterpret_cast<const std::uint8_t*>(preface.data()), preface.size()};
  for (std::size_t size = 0; size <= bytes.size(); ++size)
    EXPECT_EQ(wire::looks_like_http2_preface(bytes.first(size)),
              size == bytes.size() ? wire::LooksHttp2::yes : wire::LooksHttp2::more);
}

}  // namespace
}  // namespace humantime::http2
