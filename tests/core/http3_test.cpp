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

/// Sections that refer to what the encoder's stream brings later: named when it does, where they are.
class BlockedStreams : public Http3 {
 protected:
  BlockedStreams() {
    client(1, 0, message("00") + frame(4, message("01 40dc")), false, 2);  // 220 bytes
    server(1, 0, message("00") + frame(4, message("01 40dc")), false, 3);
    sink_.said.clear();
  }
  /// Status 299 and 199, the third and the fourth entry.
  const Message entries_ = message("02 3fbd01 c1 01 'x' c1 01 'y' d9 03 '299' d9 03 '199'");
  const Message status_299_ = message("0400 80"), status_199_ = message("0500 80");
};

TEST_F(BlockedStreams, ARequest) {
  client(2, 0, frame(1, message("0300 d1 d7 80 50 0a 'example.jp'")), true);
  EXPECT_EQ(sink_.said, "2:request");
  EXPECT_EQ(sink_.details, "");
  EXPECT_TRUE(connection_.waits());
  client(3, 0, entries_, false, 6);
  EXPECT_EQ(sink_.said, "2:request");
  EXPECT_EQ(sink_.details, "2=GET y example.jp;");
  EXPECT_FALSE(connection_.waits());
}

TEST_F(BlockedStreams, AResponse) {
  server(2, 0, frame(1, status_299_), true);
  EXPECT_EQ(sink_.said, "");
  server(3, 0, entries_, false, 7);
  EXPECT_EQ(sink_.said, "2:response_start 2:response_end");
  EXPECT_EQ(sink_.details, "2=299;");
}

TEST_F(BlockedStreams, AResponseBehindAnInterimOne) {
  server(2, 0, frame(1, status_199_));
  server(3, 5, frame(1, status_299_) + frame(0, fill(4)), true);
  server(4, 0, entries_, false, 7);
  // DATA tell that the one before them is the response.
  EXPECT_EQ(sink_.said, "3:response_start 3:response_end 2:interim");
  EXPECT_EQ(sink_.details, "2=199;3=299;");
}

TEST_F(BlockedStreams, WhichOfTwoIsTheResponseNobodyKnows) {
  server(2, 0, frame(1, status_199_));
  server(3, 5, frame(1, status_299_), true);
  connection_.finish(sink_);
  EXPECT_EQ(sink_.said, "");
}

TEST_F(BlockedStreams, BytesOfTheEncoderThatWereNotCaptured) {
  server(2, 0, frame(1, status_299_) + frame(0, fill(4)), true);
  server(3, 4, Message(entries_.begin() + 4, entries_.end()), false, 7);
  connection_.finish(sink_);
  EXPECT_EQ(sink_.said, "2:response_start 2:response_end");
  EXPECT_EQ(sink_.details, "");
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
  const FieldTable none;
  EXPECT_EQ(read_field_section(get, none).of, Of::request);
  EXPECT_EQ(read_field_section(get, none).path.text(), "/small");
  EXPECT_EQ(read_field_section(ok, none).status, 200);
  EXPECT_TRUE(read_field_section(early_hints, none).is_interim());
  EXPECT_EQ(read_field_section(dynamic, none).of, Of::unknown);
  // A literal name and value in Huffman's code: ":status" as a name of the static table, "418".
  EXPECT_EQ(read_field_section(message("0000 5f09 03 '418'"), none).status, 418);
  EXPECT_EQ(read_field_section(message("0000 27 00 ':status' 03 '418'"), none).status, 418);
  EXPECT_EQ(read_field_section(message("0000 c2"), none).of, Of::trailers);
}

/// RFC 9204 appendix B, from its second stream on: what the encoder says, and the sections that refer to it.
class QpackExample : public ::testing::Test {
 protected:
  QpackExample() { table_.allow(220); }
  http2::PseudoHeaders read(const char* section) { return read_field_section(message(section), table_); }
  bool blocked(const char* section) { return is_blocked(message(section), table_); }

  FieldTable table_;
};

const Message example_b2 =
    message("3f bd01 c0 0f 'www.example.com' c1 0c '/sample/path'");  // capacity 220, two entries

TEST_F(QpackExample, B2) {
  EXPECT_TRUE(blocked("0381 10 11"));
  EXPECT_TRUE(read("0381 10 11").path.empty());
  table_.feed(example_b2);
  EXPECT_EQ(table_.inserted(), 2U);
  EXPECT_FALSE(blocked("0381 10 11"));
  const http2::PseudoHeaders said = read("0381 10 11");
  EXPECT_EQ(said.of, Of::request);
  EXPECT_EQ(said.authority.text(), "www.example.com");
  EXPECT_EQ(said.path.text(), "/sample/path");
}

TEST_F(QpackExample, EveryCutOfTheEncodersStream) {
  for (std::size_t cut = 0; cut <= example_b2.size(); ++cut) {
    FieldTable table;
    table.allow(220);
    table.feed(Bytes(example_b2).first(cut));
    table.feed(Bytes(example_b2).subspan(cut));
    EXPECT_EQ(table.inserted(), 2U) << cut;
    EXPECT_EQ(read_field_section(message("0381 10 11"), table).path.text(), "/sample/path") << cut;
  }
}

TEST_F(QpackExample, B3ToB5) {
  table_.feed(example_b2);
  table_.feed(message("4a 'custom-key' 0c 'custom-value'"));
  table_.feed(message("02"));  // the authority once more
  EXPECT_EQ(table_.inserted(), 4U);
  // B.4: the duplicate, `/` of the static table, the custom field.
  const http2::PseudoHeaders said = read("0500 80 c1 81");
  EXPECT_EQ(said.authority.text(), "www.example.com");
  EXPECT_EQ(said.path.text(), "/");
  // B.5: one more evicts the first, www.example.com's older copy; the newer one stays.
  table_.feed(message("81 0d 'custom-value2'"));
  EXPECT_EQ(table_.inserted(), 5U);
  EXPECT_EQ(table_.find(wire::QpackName::dynamic, 4, 5).name, http2::FieldName::unknown);
  EXPECT_EQ(table_.find(wire::QpackName::dynamic, 1, 5).value, "www.example.com");
}

TEST_F(QpackExample, WhatWasNotCapturedIsFoundNowhere) {
  FieldTable deaf;  // the SETTINGS were not read
  deaf.feed(example_b2);
  EXPECT_FALSE(is_blocked(message("0381 10 11"), deaf));
  EXPECT_TRUE(read_field_section(message("0381 10 11"), deaf).path.empty());
  table_.feed(example_b2);
  table_.lose();
  EXPECT_FALSE(blocked("0381 10 11"));
  EXPECT_TRUE(read("0381 10 11").path.empty());
  table_.feed(example_b2);
  EXPECT_TRUE(read("0381 10 11").path.empty()) << "its numbers would be others";
}

/// RFC 9204 4.5.1.1: counts are written modulo twice what the table may hold.
TEST_F(QpackExample, CountsWrap) {
  table_.feed(message("3f bd01"));
  for (int i = 0; i < 50; ++i) table_.feed(message("c1 01 'x'"));
  table_.feed(message("c1 02 '/y'"));
  // 51 modulo 12 is 3.
  EXPECT_EQ(read("0400 80").path.text(), "/y");
  EXPECT_TRUE(blocked("0500 80"));
  EXPECT_FALSE(blocked("3f 00 80")) << "no encoder may say that";
}

TEST(FieldSection, Truncations) {
  FieldTable table;
  table.allow(220);
  table.feed(example_b2);
  const Message references = message("0381 10 11 02 0c '/sample/path' 40 01 'x'");
  for (const Message& whole : {get, references}) {
    for_each_prefix(whole, [&](const Message& prefix) { (void)read_field_section(prefix, table); });
    for_each_mutation(whole, 2000, [&](const Message& section) { (void)read_field_section(section, table); });
  }
  for_each_mutation(example_b2 + example_b2, 2000, [](const Message& stream) {
    FieldTable hostile;
    hostile.allow(1U << 20);
    hostile.feed(Bytes(stream).first(stream.size() / 2));
    hostile.feed(Bytes(stream).subspan(stream.size() / 2));
    (void)read_field_section(message("0381 10 11"), hostile);
  });
}

}  // namespace
}  // namespace humantime::http3
