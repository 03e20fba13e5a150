// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>

#include "message.h"

namespace humantime {
namespace {

TEST(Printable, TextStays) {
  for (const std::string text :
       {"", "GET /index.html", "日本語", "é", "😀", "~ ", "a\\032b", "\xf4\x8f\xbf\xbf", "\xc2\xa0"})
    EXPECT_EQ(printable(text), text);
}

TEST(Printable, ControlsAreEscaped) {
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\t\r\n\x1b[31m\x7f"), "\\x09\\x0d\\x0a\\x1b[31m\\x7f");
  EXPECT_EQ(printable("\xc2\x85"), "\\xc2\\x85") << "a C1 control";
}

TEST(Printable, MarksThatTurnTheWritingAreEscaped) {
  EXPECT_EQ(printable("a\u202eb"), "a\\xe2\\x80\\xaeb");
  for (const char* mark : {"\u200e", "\u200f", "\u2028", "\u202a", "\u2066", "\u2069"})
    EXPECT_EQ(printable(mark).find("\\xe2"), 0u) << mark;
  for (const char* harmless : {"\u2014", "\u2065", "\u206a", "\u3042"})
    EXPECT_EQ(printable(harmless), harmless);
}

TEST(Printable, InvalidUtf8IsEscaped) {
  EXPECT_EQ(printable("\x80"), "\\x80");
  EXPECT_EQ(printable("\xff"
                      "a"),
            "\\xffa");
  EXPECT_EQ(printable("\xc3"), "\\xc3") << "cut";
  EXPECT_EQ(printable("\xe3\x81"), "\\xe3\\x81") << "cut";
  EXPECT_EQ(printable("\xe3\x81"
                      "a"),
            "\\xe3\\x81a");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xe0\x9f\xbf"), "\\xe0\\x9f\\xbf") << "overlong";
  EXPECT_EQ(printable("\xf0\x8f\xbf\xbf"), "\\xf0\\x8f\\xbf\\xbf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80") << "beyond U+10FFFF";
}

/// Whatever the bytes: what comes out is text, and stays as it is.
TEST(Printable, WhatIsPrintableStays) {
  std::mt19937 random(3629);
  for (int run = 0; run < 5000; ++run) {
    std::string bytes;
    for (auto count = random() % 12; count > 0; --count) {
      constexpr std::string_view likely = "a\\\x80\xbf\xc2\xe2\x80\xae\xed\xf0\x9f\xf4";
      bytes += random() % 3 == 0 ? static_cast<char>(random()) : likely[random() % likely.size()];
    }
    const std::string once = printable(bytes);
    ASSERT_EQ(printable(once), once);
    for (const char c : once) ASSERT_TRUE(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);
  }
}

TEST(AddressText, IsShortest) {
  EXPECT_EQ(to_text(Address{}), "");
  EXPECT_EQ(to_text(Address::from(message("c0000201"))), "192.0.2.1");
  EXPECT_EQ(to_text(Address::from(message("20010db8 00000000 00000000 00000001"))), "2001:db8::1");
  EXPECT_EQ(to_text(Address::from(fill(16))), "::");
}

// Against the C library's writer: every shape of zeros, IPv4 within IPv6, and what is random.
TEST(AddressText, IntoABufferIsTheSame) {
  const auto written = [](const Address& address) {
    std::array<char, most_address_characters> buffer;
    return std::string(write_address(address, buffer));
  };
  EXPECT_EQ(written(Address{}), "");
  EXPECT_EQ(written(Address::from(message("c0000201"))), "192.0.2.1");
  EXPECT_EQ(written(Address::from(fill(16))), "::");
  std::array<char, most_address_characters - 1> short_buffer;
  EXPECT_EQ(write_address(Address::from(message("c0000201")), short_buffer), "");
  std::mt19937 random(5952);
  for (unsigned run = 0; run < 20000; ++run) {
    Address address;
    address.size = run % 8 == 0 ? 4 : 16;
    // Each pair of bytes by turns zero, small or anything.
    for (std::size_t i = 0; i < address.size; i += 2) {
      const auto shape = random() % 4;
      if (shape == 0) continue;
      if (shape > 1) address.bytes[i] = static_cast<std::uint8_t>(random());
      address.bytes[i + 1] = static_cast<std::uint8_t>(random());
      if (run % 16 == 1 && i == 10) address.bytes[10] = address.bytes[11] = 0xff;
      if (run % 16 == 1 && i < 10) address.bytes[i] = address.bytes[i + 1] = 0;
    }
    std::array<char, INET6_ADDRSTRLEN> expected{};
    ASSERT_NE(inet_ntop(address.size == 4 ? AF_INET : AF_INET6, address.bytes.data(), expected.data(),
                        expected.size()),
              nullptr);
    ASSERT_EQ(written(address), expected.data());
    ASSERT_EQ(to_text(address), expected.data());
  }
}

TEST(AddressText, WithPort) {
  EXPECT_EQ(to_text(Address::from(message("c0000201")), 443), "192.0.2.1:443");
  EXPECT_EQ(to_text(Address::from(message("c0000201")), 0), "192.0.2.1");
  EXPECT_EQ(to_text(Address::from(message("20010db8 00000000 00000000 00000001")), 443), "[2001:db8::1]:443");
  EXPECT_EQ(to_text(Address::from(message("20010db8 00000000 00000000 00000001")), 0), "2001:db8::1");
  EXPECT_EQ(to_text(Address{}, 443), "");
}

}  // namespace
}  // namespace humantime
