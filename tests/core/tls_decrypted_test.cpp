// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <vector>

#include "message.h"
#include "tls/decrypted.h"

namespace humantime::tls {
namespace {

constexpr FlowId flow{7}, other_flow{8};
constexpr std::uint8_t data = 23, handshake = 22;

wire::TlsRecordHeader header(std::uint16_t length,
                             wire::TlsContent content = wire::TlsContent::application_data) {
  return {content, 0x0303, length};
}
FrameNumber frame(std::uint32_t number) {
  return FrameNumber{number};
}

class DecryptedTest : public ::testing::Test {
 protected:
  void deposit(std::uint32_t number, const std::vector<DecryptedRecord>& records) {
    decrypted.deposit(frame(number), records);
  }
  /// The first byte of the content, or -1.
  int find(FlowId of, std::uint32_t sequence, std::uint32_t number, std::uint16_t length = 100) {
    const DecryptedRecord* found = decrypted.find(of, sequence, header(length), frame(number));
    return found == nullptr ? -1 : found->content.front();
  }

  const Message a = message("0a"), b = message("0b0b"), c = message("0c0c0c");
  Decrypted decrypted;
};

TEST_F(DecryptedTest, InTheStreamsOrder) {
  deposit(3, {{a, data}, {b, handshake}, {c, data}});
  EXPECT_EQ(find(flow, 1000, 3), 0x0a);
  EXPECT_EQ(find(flow, 2000, 3), 0x0b);
  EXPECT_EQ(find(flow, 3000, 3), 0x0c);
  EXPECT_EQ(find(flow, 4000, 3), -1);
}

TEST_F(DecryptedTest, AnotherVantageFindsItByItsPlace) {
  deposit(3, {{a, data}});
  EXPECT_EQ(find(flow, 1000, 9), -1) << "not before it has a place";
  EXPECT_EQ(find(flow, 1000, 3), 0x0a);
  EXPECT_EQ(find(flow, 1000, 9), 0x0a);
  EXPECT_EQ(find(other_flow, 1000, 9), -1);
  EXPECT_EQ(find(flow, 1001, 9), -1);
  EXPECT_EQ(find(flow, 1000, 9, 0), -1) << "another record at this place";
}

TEST_F(DecryptedTest, OnlyWhatFits) {
  deposit(3, {{a, handshake}, {c, data}});
  EXPECT_EQ(find(flow, 1000, 3, 0), -1) << "longer than the record";
  const DecryptedRecord* found = decrypted.find(flow, 1000, header(50, wire::TlsContent::alert), frame(3));
  EXPECT_EQ(found, nullptr) << "of another type";
  found = decrypted.find(flow, 1000, header(50, wire::TlsContent::handshake), frame(3));
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(found->type, handshake);
}

/// Each of a frame's packets brings all that was decrypted with it.
TEST_F(DecryptedTest, AFrameOfSeveralPackets) {
  deposit(3, {{a, data}, {b, data}});
  EXPECT_EQ(find(flow, 1000, 3), 0x0a);
  deposit(3, {{a, data}, {b, data}});
  EXPECT_EQ(find(other_flow, 1000, 3), 0x0b);
  EXPECT_EQ(find(flow, 1000, 9), 0x0a);
}

/// Placed by a frame that is taken back, be it the one that brought it or a later one.
TEST_F(DecryptedTest, APlaceIsTakenBack) {
  deposit(3, {{a, data}, {b, data}});
  decrypted.checkpoint();
  EXPECT_EQ(find(flow, 1000, 3), 0x0a);
  decrypted.checkpoint();
  EXPECT_EQ(find(flow, 5000, 3), 0x0b);
  decrypted.undo();
  EXPECT_EQ(find(flow, 5000, 9), -1);
  EXPECT_EQ(find(flow, 1000, 9), 0x0a);
  EXPECT_EQ(find(flow, 2000, 3), 0x0b);
}

TEST_F(DecryptedTest, WhatAFrameBroughtIsTakenBack) {
  decrypted.checkpoint();
  deposit(3, {{a, data}});
  EXPECT_EQ(find(flow, 1000, 3), 0x0a);
  decrypted.undo();
  EXPECT_TRUE(decrypted.empty());
  EXPECT_EQ(find(flow, 1000, 3), -1);
  deposit(3, {{b, data}});
  EXPECT_EQ(find(flow, 1000, 3), 0x0b);
}

TEST_F(DecryptedTest, TheEndIsTakenBackBeforeTheFrame) {
  decrypted.checkpoint();
  deposit(3, {{a, data}, {b, data}});
  EXPECT_EQ(find(flow, 1000, 3), 0x0a);
  const std::size_t end = decrypted.changes();
  EXPECT_EQ(find(flow, 5000, 3), 0x0b);
  decrypted.undo(end);
  EXPECT_EQ(find(flow, 5000, 9), -1);
  EXPECT_EQ(find(flow, 1000, 9), 0x0a);
  EXPECT_EQ(find(flow, 2000, 3), 0x0b);
  decrypted.undo();
  EXPECT_TRUE(decrypted.empty());
}

/// A million records: each is found at once. A quadratic search takes minutes.
TEST_F(DecryptedTest, Many) {
  const std::vector<DecryptedRecord> records(500, DecryptedRecord{a, data});
  std::uint32_t sequence = 0;
  for (std::uint32_t number = 1; number <= 2000; ++number) {
    decrypted.checkpoint();
    deposit(number, records);
    for (std::size_t i = 0; i < records.size(); ++i) ASSERT_EQ(find(flow, sequence += 40, number), 0x0a);
  }
  EXPECT_EQ(find(flow, 40, 5000), 0x0a);
}

}  // namespace
}  // namespace humantime::tls
