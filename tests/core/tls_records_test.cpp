// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "message.h"
#include "tls/records.h"
#include "tls_notation.h"

namespace humantime::tls {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Writes down what Records finds: `22:40@3` a record of 40 bytes that ended in frame 3, with ! where bytes
/// of it are missing, `lost`.
struct Log {
  std::vector<std::string> found;
  std::vector<Message> contents;
  std::map<std::uint32_t, std::size_t> carried;  ///< by frame: bytes of contents
  std::size_t begun = 0, ended_parts = 0, calls = 0;

  void begin(const Record&) { ++begun, ++calls; }
  void part(const Record& record, FrameNumber frame, std::size_t count, bool goes_on) {
    ++calls;
    EXPECT_NE(frame, no_frame);
    EXPECT_GT(count, 0u);
    EXPECT_LE(count, record.header.length);
    carried[to_number(frame)] += count;
    if (!goes_on) ++ended_parts;
  }
  void whole(const Record& record, Bytes content) {
    ++calls;
    EXPECT_LE(content.size(), record.header.length);
    found.push_back(std::to_string(static_cast<int>(record.header.content)) + ":" +
                    std::to_string(record.header.length) + "@" + std::to_string(to_number(record.latest)) +
                    (record.damaged ? "!" : ""));
    contents.emplace_back(content.begin(), content.end());
    sequences.push_back(record.sequence);
  }
  void lost() {
    ++calls;
    found.emplace_back("lost");
  }
  std::vector<std::uint32_t> sequences;
};

class RecordsTest : public ::testing::Test {
 protected:
  /// A segment of which the capture keeps some bytes.
  void segment(Bytes bytes, std::size_t kept = ~std::size_t{0}) {
    tcp::Piece piece;
    piece.frame = piece.now = FrameNumber{++frame};
    piece.offset = sequence;
    piece.sequence = static_cast<std::uint32_t>(sequence);
    piece.length = static_cast<std::uint32_t>(bytes.size());
    // A copy of its own size: the sanitizers see a read behind its end.
    const Message copy(bytes.begin(),
                       bytes.begin() + static_cast<std::ptrdiff_t>(std::min(kept, bytes.size())));
    piece.bytes = copy;
    records.read(piece, log);
    sequence += bytes.size();
  }
  void segment(std::string_view notation) { segment(Bytes(TlsNotation::read(notation).bytes)); }
  void lose(std::size_t count) {
    records.skip(count, log);
    sequence += count;
  }

  Records records;
  Log log;
  std::uint32_t frame = 0;
  std::size_t sequence = 0;
};

const char* const mixed = "SH+Cert=900 CCS hs=40 ad=0 ad=1 ad=700 alert(2,40) heartbeat=19 ad=17";

TEST_F(RecordsTest, Whole) {
  segment(mixed);
  EXPECT_THAT(log.found, ElementsAre("22:954@1", "20:1@1", "22:40@1", "23:0@1", "23:1@1", "23:700@1",
                                     "21:2@1", "24:19@1", "23:17@1"));
  EXPECT_THAT(log.sequences, ElementsAre(0, 959, 965, 1010, 1015, 1021, 1726, 1733, 1757));
  EXPECT_EQ(log.contents[5].size(), 0u) << "of application data nothing is kept";
  EXPECT_EQ(log.contents[1], message("01"));
  EXPECT_EQ(log.begun, 9u);
  EXPECT_EQ(log.ended_parts, 8u) << "an empty record has no part";
}

/// Wherever the stream is cut: the same records, each with the frame that carries its last byte.
TEST_F(RecordsTest, EverySegmentation) {
  const TlsBytes stream = TlsNotation::read(mixed);
  segment(Bytes(stream.bytes));
  const Log whole = log;
  std::mt19937 random(8446);
  for (std::size_t run = 0; run < stream.bytes.size() + 300; ++run) {
    std::vector<std::size_t> cuts = {0};
    for (std::size_t i = 1; i < stream.bytes.size(); ++i)
      if (run < stream.bytes.size() ? i == run : random() % (1 + run % 60) == 0) cuts.push_back(i);
    cuts.push_back(stream.bytes.size());
    records = Records();
    log = Log();
    frame = 0;
    sequence = 0;
    for (std::size_t i = 0; i + 1 < cuts.size(); ++i)
      segment(slice(stream.bytes, cuts[i], cuts[i + 1] - cuts[i]));
    EXPECT_FALSE(records.midway());
    ASSERT_EQ(log.contents, whole.contents);
    ASSERT_EQ(log.sequences, whole.sequences);
    ASSERT_EQ(log.begun, whole.begun);
    ASSERT_EQ(log.ended_parts, whole.ended_parts);
    std::size_t carried = 0;
    for (const auto& [number, count] : log.carried) {
      EXPECT_LE(count, cuts[number] - cuts[number - 1]);
      carried += count;
    }
    ASSERT_EQ(carried, whole.carried.at(1));
    for (std::size_t i = 0; i < stream.records.size(); ++i) {
      const auto place = std::lower_bound(cuts.begin(), cuts.end(), stream.records[i].end) - cuts.begin();
      const std::string told = whole.found[i].substr(0, whole.found[i].find('@') + 1) + std::to_string(place);
      ASSERT_EQ(log.found[i], told) << "cut " << run;
    }
  }
}

TEST_F(RecordsTest, AClientHelloInSsl2FormatComesFirst) {
  segment("CH2 CCS");
  EXPECT_THAT(log.found, ElementsAre("22:25@1", "20:1@1"));
}

TEST_F(RecordsTest, AndOnlyFirst) {
  segment("CCS CH2 CCS");
  EXPECT_THAT(log.found, ElementsAre("20:1@1", "lost", "20:1@1"));
}

TEST_F(RecordsTest, NotBehindAGap) {
  lose(1);
  segment("CH2");
  segment("CCS");
  EXPECT_THAT(log.found, ElementsAre("lost", "20:1@2"));
}

TEST_F(RecordsTest, LostAndFound) {
  segment("raw=300");
  segment("raw=300 ad=50 ad=60");
  segment("ad=70");
  EXPECT_THAT(log.found, ElementsAre("lost", "23:50@2", "23:60@2", "23:70@3"));
}

TEST_F(RecordsTest, LostInTheMiddle) {
  segment("ad=50 raw=300 ad=60");
  EXPECT_THAT(log.found, ElementsAre("23:50@1", "lost", "23:60@1"));
}

TEST_F(RecordsTest, AGapInARecord) {
  const Message whole = TlsNotation::read("Cert=1000").bytes;
  segment(slice(whole, 0, 400));
  lose(200);
  segment(slice(whole, 600));
  segment("CCS");
  EXPECT_THAT(log.found, ElementsAre("22:1004@2!", "20:1@3"));
  EXPECT_EQ(log.contents[0], Message(whole.begin() + 5, whole.begin() + 400))
      << "what follows the gap is not joined to it";
}

TEST_F(RecordsTest, AGapToTheEndOfARecord) {
  const Message whole = TlsNotation::read("Cert=1000").bytes;
  segment(slice(whole, 0, 400));
  lose(whole.size() - 400);
  segment("CCS");
  EXPECT_THAT(log.found, ElementsAre("22:1004@0!", "20:1@2"));
}

TEST_F(RecordsTest, AGapOverARecord) {
  const Message whole = TlsNotation::read("ad=1000").bytes;
  segment(slice(whole, 0, 400));
  lose(2000);
  segment("CCS");
  EXPECT_THAT(log.found, ElementsAre("23:1000@0!", "lost", "20:1@2"));
}

TEST_F(RecordsTest, AGapInAHeader) {
  const Message whole = TlsNotation::read("ad=1000").bytes;
  segment(slice(whole, 0, 3));
  lose(whole.size() - 3);
  segment("CCS");
  EXPECT_THAT(log.found, ElementsAre("lost", "20:1@2"));
}

TEST_F(RecordsTest, SnappedContent) {
  const Message stream = TlsNotation::read("Cert=1000 CCS").bytes;
  segment(stream, 300);
  segment("CCS");
  EXPECT_THAT(log.found, ElementsAre("22:1004@1!", "lost", "20:1@2"));
  EXPECT_EQ(log.contents[0].size(), 295u);
}

TEST_F(RecordsTest, SnappedContentAndMoreOfIt) {
  const Message whole = TlsNotation::read("Cert=1000").bytes;
  segment(slice(whole, 0, 500), 300);
  segment(slice(whole, 500));
  segment("CCS");
  EXPECT_THAT(log.found, ElementsAre("22:1004@2!", "20:1@3"));
  EXPECT_EQ(log.contents[0].size(), 295u);
}

TEST_F(RecordsTest, NothingKept) {
  segment(Bytes(TlsNotation::read("ad=100").bytes), 0);
  segment("ad=100");
  EXPECT_THAT(log.found, ElementsAre("lost", "23:100@2"));
}

/// The other side of a record's length: 64 KiB of records as short as they can be.
TEST_F(RecordsTest, ShortestRecords) {
  Message stream;
  const Message one = TlsNotation::read("ad=1").bytes;
  while (stream.size() + one.size() <= 65535) stream.insert(stream.end(), one.begin(), one.end());
  segment(Bytes(stream));
  const std::size_t count = stream.size() / one.size();
  EXPECT_EQ(log.found.size(), count);
  EXPECT_EQ(log.calls, 3 * count);
}

/// Where no record is found each byte is looked at once, whatever it pretends to be. A quadratic reader takes
/// minutes.
TEST_F(RecordsTest, GarbageForever) {
  Message headers;  // each a header, none followed by one
  for (int i = 0; i < 8000; ++i) headers = headers + message("17 0303 0004 ff");
  headers.resize(65000);
  for (int i = 0; i < 100; ++i) segment(Bytes(headers));
  EXPECT_LT(log.calls, 100u * 4 * 11000);
  log = Log();
  lose(1);
  const Message garbage(65000, 0x16);
  for (int i = 0; i < 100; ++i) segment(Bytes(garbage));
  EXPECT_LE(log.calls, 1u);
}

TEST(FindRecord, ByItsHeaderAndTheNext) {
  const auto at = [](const char* notation) { return find_record(TlsNotation::read(notation).bytes); };
  EXPECT_EQ(at("ad=10"), 0u);
  EXPECT_EQ(at("raw=7 ad=10"), 7u);
  EXPECT_EQ(at("raw=7 ad=10 raw=5"), 22u + 5) << "no record follows: it was none";
  EXPECT_EQ(at("raw=7 ad=10 raw=4"), 7u) << "what follows cannot be told";
  EXPECT_EQ(at("raw=50"), 50u);
  EXPECT_EQ(find_record({}), 0u);
}

// --- messages -------------------------------------------------------------------------------------------

class MessagesTest : public ::testing::Test {
 protected:
  void record(Bytes content, std::size_t kept = ~std::size_t{0}) {
    const Message copy(content.begin(),
                       content.begin() + static_cast<std::ptrdiff_t>(std::min(kept, content.size())));
    messages.read(copy, content.size(), FrameNumber{++frame},
                  [&](std::uint8_t type, Bytes body, FrameNumber as) {
                    found.push_back(std::to_string(type) + "@" + std::to_string(to_number(as)));
                    bodies.emplace_back(body.begin(), body.end());
                  });
  }
  static Message content(const char* notation) {
    const Message bytes = TlsNotation::read(notation).bytes;
    return {bytes.begin() + 5, bytes.end()};
  }

  Messages messages;
  std::vector<std::string> found;
  std::vector<Message> bodies;
  std::uint32_t frame = 0;
};

TEST_F(MessagesTest, EverySplit) {
  const Message all = content("CH(a.example)+SH+EE+odd+Cert=300+SHD+Fin");
  record(Bytes(all));
  EXPECT_THAT(found, ElementsAre("1@1", "2@1", "8@1", "77@1", "11@1", "14@1", "20@1"));
  const auto whole = bodies;
  std::set<std::size_t> ends;
  for (std::size_t at = 0; at < all.size(); ends.insert(at)) at += 4 + Reader(slice(all, at + 1)).u24();
  for (std::size_t first = 1; first < all.size(); ++first) {
    found.clear();
    bodies.clear();
    frame = 0;
    record(slice(all, 0, first));
    EXPECT_NE(messages.midway(), ends.contains(first)) << first;
    record(slice(all, first));
    ASSERT_EQ(found.size(), 7u) << first;
    EXPECT_FALSE(messages.midway());
    EXPECT_EQ(bodies[0], whole[0]);
    EXPECT_EQ(bodies[1], whole[1]);
    EXPECT_EQ(bodies[2], whole[2]);
  }
  found.clear();
  frame = 0;
  for (const std::uint8_t& byte : all) record(Bytes(&byte, 1));
  EXPECT_EQ(found.back(), "20@" + std::to_string(all.size()));
}

TEST_F(MessagesTest, ABodyEndsWhereBytesAreMissing) {
  const Message hello = content("CH(a.example)");
  record(slice(hello, 0, 40), 20);
  record(slice(hello, 40));
  EXPECT_THAT(found, ElementsAre("1@2"));
  EXPECT_EQ(bodies[0], Message(hello.begin() + 4, hello.begin() + 20));
}

TEST_F(MessagesTest, NothingIsKnownBehindAHeaderThatIsMissing) {
  const Message both = content("EE+CR");
  record(Bytes(both), 7);
  EXPECT_THAT(found, ElementsAre("8@1"));
  EXPECT_FALSE(messages.midway());
  record(Bytes(content("Fin")));
  EXPECT_THAT(found, ElementsAre("8@1", "20@2"));
}

TEST_F(MessagesTest, ALongBodyIsNotKeptForever) {
  const Message part(16000, 0);
  record(Bytes(message("01ffffff")));
  for (std::size_t length = 0xffffff; length > 0;) {
    const std::size_t count = std::min(length, part.size());
    record(slice(part, 0, count));
    length -= count;
  }
  ASSERT_EQ(bodies.size(), 1u);
  EXPECT_LT(bodies[0].size(), Messages::most_body + part.size());
}

}  // namespace
}  // namespace humantime::tls
