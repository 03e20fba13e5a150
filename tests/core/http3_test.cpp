// SPDX-License-Identifier: GPL-2.0-or-later
// HTTP/3 streams written down: what the frames of the capture that carried them are called.
#include <gtest/gtest.h>

#include <string>

#include "frame_builder.h"
#include "http3/connection.h"
#include "http3/field_section.h"
#include "message.h"
#include "store.h"
#include "store_text.h"
#include "wire/qpack.h"

namespace humantime::http3 {
namespace {

using tcp::Role;
using Of = http2::PseudoHeaders::Of;

class Sink final : public PhaseSink {
 public:
  void add(FrameNumber frame, Phase phase, Certainty) override {
    said += (said.empty() ? "" : " ") + std::to_string(to_number(frame)) + ":" +
            std::string(token_of(phase)).substr(5);
  }
  void settle(FrameNumber, Phase, Phase, Certainty) override {}
  void detail(FrameNumber frame, std::string_view text) override {
    details += std::to_string(to_number(frame)) + "=" + std::string(text) + ";";
  }
  void moment(Stage stage) override { moments += std::string(token_of(stage)) + " "; }
  void server_name(FrameNumber, std::string_view name) override { host = name; }

  std::string said, details, moments, host;
};

// GET https://example.jp/small, 200, 103; and 200 as the dynamic table has it.
const Message get = message("0000 d1 d7 500a 'example.jp' 5106 '/small'");
const Message ok = message("0000 d9"), early_hints = message("0000 d8"), dynamic = message("0200 80");

Message frame(unsigned type, const Message& content) {
  return number(type, 1) + number(content.size(), 1) + content;
}

class Http3 : public ::testing::Test {
 protected:
  void client(std::uint32_t frame, std::uint64_t offset, const Message& bytes, bool fin = false,
              std::uint64_t stream = 0) {
    connection_.feed(Role::initiator, stream, offset, bytes, fin, FrameNumber{frame}, sink_);
    connection_.flush(sink_);
  }
  void server(std::uint32_t frame, std::uint64_t offset, const Message& bytes, bool fin = false,
              std::uint64_t stream = 0) {
    connection_.feed(Role::responder, stream, offset, bytes, fin, FrameNumber{frame}, sink_);
    connection_.flush(sink_);
  }

  Connection connection_;
  Sink sink_;
};

TEST_F(Http3, OneFrameEach) {
  client(1, 0, frame(1, get), true);
  server(2, 0, frame(1, ok) + frame(0, fill(5)), true);
  EXPECT_EQ(sink_.said, "1:request 2:response_start 2:response_end");
  EXPECT_EQ(sink_.details, "1=GET /small example.jp;2=200;");
  EXPECT_EQ(sink_.moments, "request wait response wait ");
  EXPECT_EQ(sink_.host, "example.jp");
}

TEST_F(Http3, BodiesOfSeveralFrames) {
  client(1, 0, frame(1, get));
  const Message body = frame(0, fill(60));
  client(2, frame(1, get).size(), Message(body.begin(), body.begin() + 20));
  client(3, frame(1, get).size() + 20, Message(body.begin() + 20, body.end()), true);
  server(4, 0, frame(1, ok));
  server(5, 5, body);
  server(6, 67, {}, true);
  EXPECT_EQ(sink_.said,
            "1:request 2:request_body 3:request_end 4:response_start 5:response_body 6:response_end");
}

TEST_F(Http3, EveryCutOfAResponse) {
  const Message whole = message("21 03 aabbcc") + frame(1, early_hints) + frame(1, ok) + frame(0, fill(9));
  for (std::size_t cut = 1; cut < whole.size(); ++cut) {
    Connection connection;
    Sink sink;
    const auto at = whole.begin() + static_cast<std::ptrdiff_t>(cut);
    connection.feed(Role::responder, 0, 0, Message(whole.begin(), at), false, FrameNumber{1}, sink);
    connection.flush(sink);
    connection.feed(Role::responder, 0, cut, Message(at, whole.end()), true, FrameNumber{2}, sink);
    connection.flush(sink);
    // A message is named where its HEADERS begin.
    const std::string interim = cut <= 5 ? "2:interim" : "1:interim";
    const std::string start = cut <= 10 ? " 2:response_start" : " 1:response_start";
    EXPECT_EQ(sink.said, interim + start + " 2:response_end") << cut;
  }
}

TEST_F(Http3, WhatComesEarlyIsReadInOrder) {
  server(1, 5, frame(0, fill(10)), true);
  EXPECT_EQ(sink_.said, "");
  server(2, 0, frame(1, ok));
  EXPECT_EQ(sink_.said, "2:response_start 1:response_end");
  server(3, 0, frame(1, ok));
  server(4, 5, frame(0, fill(10)), true);
  EXPECT_EQ(sink_.said, "2:response_start 1:response_end");
}

TEST_F(Http3, AStatusOfTheDynamicTableIsFinalWhereContentFollows) {
  server(1, 0, frame(1, dynamic));
  EXPECT_EQ(sink_.said, "");
  server(2, 5, frame(0, fill(3)));
  EXPECT_EQ(sink_.said, "1:response_start 2:response_body");
}

TEST_F(Http3, AStatusOfTheDynamicTableMayBeInterim) {
  server(1, 0, frame(1, dynamic));
  server(2, 5, frame(1, ok), true);
  EXPECT_EQ(sink_.said, "2:response_start 2:response_end");
}

TEST_F(Http3, ControlStreams) {
  client(1, 0, message("00") + frame(4, message("0100")), false, 2);
  client(1, 0, message("02"), false, 6);
  server(2, 0, message("00"), false, 3);
  server(3, 1, frame(4, {}) + frame(7, message("04")), false, 3);
  EXPECT_EQ(sink_.said, "1:settings 3:settings 3:goaway");
}

TEST_F(Http3, APushedResponse) {
  server(1, 0, frame(5, message("00") + get));
  server(2, 0, message("01 00") + frame(1, ok), true, 15);
  EXPECT_EQ(sink_.said, "1:push_promise 2:response_start 2:response_end");
}

/// Bytes that were not captured: inside of DATA nothing is lost but them.
TEST_F(Http3, GapsAreReadOverAtTheEnd) {
  server(1, 0, frame(1, ok) + message("00 20"));
  server(2, 17, fill(22), true);
  EXPECT_TRUE(connection_.waits());
  connection_.finish(sink_);
  EXPECT_FALSE(connection_.waits());
  EXPECT_EQ(sink_.said, "1:response_start 2:response_end");
}

TEST_F(Http3, AResetHasNoEnd) {
  client(1, 0, frame(1, get), true);
  server(2, 0, frame(1, ok));
  connection_.reset(Role::responder, 0, sink_);
  server(3, 5, frame(0, fill(3)), true);
  EXPECT_EQ(sink_.said, "1:request 2:response_start");
  EXPECT_EQ(sink_.moments, "request wait response wait ");
}

/// A peer that opens many: the oldest are forgotten, and not read anew when they go on.
TEST_F(Http3, ManyStreams) {
  for (std::uint64_t stream = 0; stream < 400; stream += 4) client(1, 0, frame(1, get), false, stream);
  sink_.said.clear();
  client(2, 0, frame(1, get), true, 0);
  EXPECT_EQ(sink_.said, "");
  client(3, frame(1, get).size(), {}, true, 396);
  EXPECT_EQ(sink_.said, "3:request_end");
}

TEST(FieldSection, OfWhom) {
  EXPECT_EQ(read_field_section(get).of, Of::request);
  EXPECT_EQ(read_field_section(get).path.text(), "/small");
  EXPECT_EQ(read_field_section(ok).status, 200);
  EXPECT_TRUE(read_field_section(early_hints).is_interim());
  EXPECT_EQ(read_field_section(dynamic).of, Of::unknown);
  // A literal name and value in Huffman's code: ":status" as a name of the static table, "418".
  EXPECT_EQ(read_field_section(message("0000 5f09 03 '418'")).status, 418);
  EXPECT_EQ(read_field_section(message("0000 27 00 ':status' 03 '418'")).status, 418);
  EXPECT_EQ(read_field_section(message("0000 c2")).of, Of::trailers);
}

TEST(FieldSection, Truncations) {
  for_each_prefix(get, [](const Message& prefix) { (void)read_field_section(prefix); });
  for_each_mutation(get, 2000, [](const Message& section) { (void)read_field_section(section); });
}

}  // namespace
}  // namespace humantime::http3
