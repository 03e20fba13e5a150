// SPDX-License-Identifier: GPL-2.0-or-later
// DTLS: its records and fragments as bytes, messages put together from them, and what a connection's
// datagrams are named.
#include "wire/dtls.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <string>
#include <vector>

#include "dtls/connection.h"
#include "dtls/fragments.h"
#include "frame_builder.h"
#include "message.h"
#include "told.h"

namespace humantime::dtls {
namespace {

using tcp::Role;
using wire::DtlsFragment;

constexpr unsigned change = 20, alert = 21, handshake = 22, data = 23;

Message record(unsigned content, unsigned epoch, std::uint64_t sequence, const Message& body) {
  return number(content, 1) + number(wire::dtls_1_2, 2) + number(epoch, 2) + number(sequence, 6) +
         number(body.size(), 2) + body;
}

/// A part of a message of `length` bytes.
Message fragment(unsigned type, unsigned sequence, std::size_t length, std::size_t offset,
                 const Message& part) {
  return number(type, 1) + number(length, 3) + number(sequence, 2) + number(offset, 3) +
         number(part.size(), 3) + part;
}
Message whole(unsigned type, unsigned sequence, const Message& body) {
  return fragment(type, sequence, body.size(), 0, body);
}

/// With a name for the server and a cookie.
Message client_hello(std::uint8_t random, const Message& cookie = {}) {
  const Message name = message("0000 000b 0009 00 0006 'server'");
  return number(wire::dtls_1_2, 2) + fill(32, random) + message("00") + number(cookie.size(), 1) + cookie +
         message("0002 c030 01 00") + number(name.size(), 2) + name;
}
const Message server_hello = number(wire::dtls_1_2, 2) + fill(32, 0x5e) + message("00 c030 00");
const Message verify_request = number(wire::dtls_1_0, 2) + message("04 c00c1e00");

// --- bytes ----------------------------------------------------------------------------------------------

TEST(DtlsWire, RecordHeaderIsTheBytes) {
  const auto header = wire::read_dtls_record_header(message("16 fefd 0001 000000000005 0030") + fill(48));
  ASSERT_TRUE(header);
  EXPECT_EQ(header->content, wire::TlsContent::handshake);
  EXPECT_EQ(header->version, wire::dtls_1_2);
  EXPECT_EQ(header->epoch, 1);
  EXPECT_EQ(header->sequence, 5U);
  EXPECT_EQ(header->length, 48);
  EXPECT_EQ(wire::read_dtls_record_header(message("17 feff 0001 ffffffffffff 0000"))->sequence,
            0xffffffffffffU);
}

TEST(DtlsWire, WhatIsNoRecord) {
  for (const char* none :
       {"13 fefd 0000 000000000000 0000", "19 fefd 0000 000000000000 0000", "16 0303 0000 000000000000 0000",
        "16 fefc 0000 000000000000 0000", "16 fefd 0000 000000000000 ffff", "2c 0001 0010"})
    EXPECT_FALSE(wire::read_dtls_record_header(message(none))) << none;
  for_each_prefix(message("16 fefd 0000 000000000000 0000"),
                  [](const Message& cut) { EXPECT_FALSE(wire::read_dtls_record_header(cut)); });
}

/// RFC 9147 4: 001 and five bits. No type of a record of DTLS 1.2 looks so.
TEST(DtlsWire, UnifiedHeadersAreToldApart) {
  for (unsigned first = 0; first < 256; ++first)
    EXPECT_EQ(wire::is_dtls_unified_header(static_cast<std::uint8_t>(first)), first >= 0x20 && first < 0x40);
  for (unsigned type = change; type <= 25; ++type)
    EXPECT_FALSE(wire::is_dtls_unified_header(static_cast<std::uint8_t>(type)));
}

TEST(DtlsWire, FragmentIsTheBytes) {
  const Message bytes = message("0b 0006b5 0002 000075 0000cb") + fill(0xcb, 1);
  const auto read = wire::read_dtls_fragment(bytes, bytes.size());
  ASSERT_TRUE(read);
  EXPECT_EQ(read->type, 11);
  EXPECT_EQ(read->message_length, 1717U);
  EXPECT_EQ(read->message_sequence, 2);
  EXPECT_EQ(read->offset, 117U);
  EXPECT_EQ(read->length, 203U);
  EXPECT_EQ(read->body.size(), 203U);
  EXPECT_FALSE(read->is_whole());
}

TEST(DtlsWire, FragmentsMustFit) {
  const auto read = [](const char* notation, std::size_t length) {
    return wire::read_dtls_fragment(message(notation), length);
  };
  EXPECT_TRUE(read("0b 000010 0002 000008 000008", 20));   // its body was cut off
  EXPECT_FALSE(read("0b 000010 0002 000008 000008", 19));  // longer than the record
  EXPECT_FALSE(read("0b 000010 0002 000009 000008", 64));  // beyond the message's end
  EXPECT_FALSE(read("0b 000010 0002 000011 000000", 64));
  EXPECT_FALSE(read("0b 000010 0002 ffffff ffffff", 64));
}

TEST(DtlsWire, ClientHelloHasACookie) {
  const Message body = client_hello(7, message("c00c1e"));
  const auto hello = wire::read_dtls_client_hello(body);
  ASSERT_TRUE(hello);
  EXPECT_TRUE(hello->complete);
  EXPECT_EQ(hello->server_name, "server");
  for_each_prefix(body, [](const Message& cut) {
    const auto part = wire::read_dtls_client_hello(cut);
    EXPECT_TRUE(!part || !part->complete || cut.size() > 34);
  });
}

TEST(DtlsWire, HelloVerifyRequestIsItsCookie) {
  EXPECT_TRUE(wire::is_dtls_hello_verify_request(verify_request));
  EXPECT_FALSE(wire::is_dtls_hello_verify_request(verify_request + fill(1)));
  for_each_prefix(verify_request,
                  [](const Message& cut) { EXPECT_FALSE(wire::is_dtls_hello_verify_request(cut)); });
}

// --- fragments ------------------------------------------------------------------------------------------

DtlsFragment part(const Message& body, unsigned sequence, std::size_t offset, std::size_t length) {
  DtlsFragment fragment;
  fragment.type = 1;
  fragment.message_length = static_cast<std::uint32_t>(body.size());
  fragment.message_sequence = static_cast<std::uint16_t>(sequence);
  fragment.offset = static_cast<std::uint32_t>(offset);
  fragment.length = static_cast<std::uint32_t>(length);
  fragment.body = slice(body, offset, length);
  return fragment;
}

Message counting(std::size_t size) {
  Message bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::uint8_t>(i);
  return bytes;
}

TEST(DtlsFragments, AnyOrderMakesTheMessage) {
  const Message body = counting(100);
  for (const std::size_t first : {0U, 1U, 2U, 3U}) {
    Fragments fragments;
    Fragments::Taken taken;
    for (std::size_t i = 0; i < 4; ++i) {
      const std::size_t at = (first + 3 * i) % 4;
      taken = fragments.take(part(body, 0, at * 25, 25));
      EXPECT_EQ(taken.arrival, i < 3 ? Arrival::part : Arrival::whole);
    }
    EXPECT_TRUE(std::ranges::equal(taken.body, body));
    EXPECT_EQ(fragments.take(part(body, 0, 25, 25)).arrival, Arrival::again);
  }
}

TEST(DtlsFragments, TheyMayOverlap) {
  const Message body = counting(100);
  Fragments fragments;
  EXPECT_EQ(fragments.take(part(body, 3, 0, 60)).arrival, Arrival::part);
  EXPECT_EQ(fragments.take(part(body, 3, 10, 20)).arrival, Arrival::again);
  EXPECT_EQ(fragments.take(part(body, 3, 70, 20)).arrival, Arrival::part);
  const auto taken = fragments.take(part(body, 3, 50, 50));
  EXPECT_EQ(taken.arrival, Arrival::whole);
  EXPECT_TRUE(std::ranges::equal(taken.body, body));
}

/// RFC 6347 4.2.3: a message that is sent again may be cut otherwise.
TEST(DtlsFragments, WholeAfterParts) {
  const Message body = counting(100);
  Fragments fragments;
  fragments.take(part(body, 0, 0, 60));
  EXPECT_EQ(fragments.take(part(body, 0, 0, 100)).arrival, Arrival::whole);
  EXPECT_EQ(fragments.take(part(body, 0, 60, 40)).arrival, Arrival::again);
}

TEST(DtlsFragments, OfAnotherLengthTheyAreNone) {
  Fragments fragments;
  fragments.take(part(counting(100), 0, 0, 60));
  EXPECT_EQ(fragments.take(part(counting(99), 0, 60, 39)).arrival, Arrival::none);
  EXPECT_EQ(fragments.take(part(counting(100), 0, 60, 40)).arrival, Arrival::whole);
  EXPECT_EQ(fragments.take(part(counting(100), 64, 0, 100)).arrival, Arrival::none);
}

TEST(DtlsFragments, WhatIsCutOffIsNotMadeUp) {
  const Message body = counting(100);
  Fragments fragments;
  DtlsFragment cut = part(body, 0, 0, 60);
  cut.body = slice(cut.body, 0, 40);
  fragments.take(cut);
  const auto taken = fragments.take(part(body, 0, 60, 40));
  EXPECT_EQ(taken.arrival, Arrival::whole);
  EXPECT_TRUE(std::ranges::equal(taken.body, slice(body, 0, 40)));
}

TEST(DtlsFragments, WhatIsKeptIsBounded) {
  const Message body = counting(100);
  Fragments fragments;
  for (unsigned sequence = 0; sequence <= Fragments::most_partial; ++sequence)
    EXPECT_EQ(fragments.take(part(body, sequence, 0, 60)).arrival, Arrival::part);
  // The oldest had to go, its other half is not enough.
  EXPECT_EQ(fragments.take(part(body, 0, 60, 40)).arrival, Arrival::part);
  // Every other byte: too many gaps.
  const Message large = counting(2 * Fragments::most_ranges + 2);
  Fragments holes;
  for (std::size_t i = 0; i < Fragments::most_ranges; ++i)
    EXPECT_EQ(holes.take(part(large, 0, 2 * i, 1)).arrival, Arrival::part);
  EXPECT_EQ(holes.take(part(large, 0, 2 * Fragments::most_ranges, 1)).arrival, Arrival::again);
}

// --- a connection ---------------------------------------------------------------------------------------

class Sink final : public PassingSink {
 public:
  explicit Sink(Told& told) : PassingSink(told) {}
  void handshake(const Handshake& handshake, std::string_view) override { handshakes.push_back(handshake); }
  std::vector<Handshake> handshakes;
};

class DtlsConnection : public ::testing::Test {
 protected:
  void take(Role from, const Message& payload, std::vector<DecryptedRecord> decrypted = {}) {
    kept_.push_back(payload);
    udp::Datagram datagram;
    datagram.frame = FrameNumber{++frames_};
    datagram.from = from;
    datagram.source_port = from == Role::initiator ? 50000 : 4433;
    datagram.destination_port = from == Role::initiator ? 4433 : 50000;
    datagram.payload = kept_.back();
    datagram.payload_length = static_cast<std::uint32_t>(payload.size());
    datagram.above.add(Layer::dtls);
    datagram.decrypted = decrypted;
    datagram.infer = infer_;
    anew_ = connection_.begins_anew(datagram);
    connection_.take(datagram, sink_);
  }
  void client(const Message& payload) { take(Role::initiator, payload); }
  void server(const Message& payload) { take(Role::responder, payload); }
  void full_handshake() {
    client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
    server(record(handshake, 0, 0, whole(2, 0, server_hello)) + record(handshake, 0, 1, whole(14, 1, {})));
    client(record(handshake, 0, 1, whole(16, 1, fill(33))) + record(change, 0, 2, message("01")) +
           record(handshake, 1, 0, fill(48, 0xee)));
    server(record(change, 0, 2, message("01")) + record(handshake, 1, 0, fill(48, 0xee)));
  }
  std::string names(std::uint32_t frame) {
    std::string text;
    for (const std::string& one : told_.of(frame)) text += (text.empty() ? "" : " ") + one;
    return text;
  }

  Told told_;
  Sink sink_{told_};
  Connection connection_;
  std::deque<Message> kept_;
  std::uint32_t frames_ = 0;
  bool anew_ = false, infer_ = true;
};

TEST_F(DtlsConnection, FullHandshake) {
  full_handshake();
  EXPECT_EQ(names(1), "tls.client_hello");
  EXPECT_EQ(told_.details[1], "server");
  EXPECT_EQ(names(2), "tls.server_hello tls.server_hello_done");
  EXPECT_EQ(told_.details[2], "DTLS 1.2");
  EXPECT_EQ(names(3), "tls.client_key_exchange tls.change_cipher_spec tls.finished~");
  EXPECT_EQ(names(4), "tls.change_cipher_spec tls.finished~");
  ASSERT_EQ(sink_.handshakes.size(), 1U);
  EXPECT_EQ(sink_.handshakes[0].kind, HandshakeKind::dtls12_full);
  EXPECT_EQ(sink_.handshakes[0].round_trips, 2);
  EXPECT_EQ(sink_.handshakes[0].client_hello, FrameNumber{1});
  EXPECT_EQ(sink_.handshakes[0].end_frame, FrameNumber{4});
  EXPECT_FALSE(sink_.handshakes[0].retried);
  EXPECT_EQ(told_.moments.back(), Stage::other);
}

TEST_F(DtlsConnection, ACookieIsARoundTripMore) {
  client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
  server(record(handshake, 0, 0, whole(3, 0, verify_request)));
  client(record(handshake, 0, 1, whole(1, 1, client_hello(7, message("c00c1e00")))));
  server(record(handshake, 0, 1, whole(2, 1, server_hello)) + record(handshake, 0, 2, whole(14, 2, {})));
  client(record(handshake, 0, 2, whole(16, 2, fill(33))) + record(change, 0, 3, message("01")) +
         record(handshake, 1, 0, fill(48)));
  server(record(change, 0, 3, message("01")) + record(handshake, 1, 0, fill(48)));
  EXPECT_EQ(names(2), "tls.hello_verify_request");
  EXPECT_EQ(names(3), "tls.client_hello");
  ASSERT_EQ(sink_.handshakes.size(), 1U);
  EXPECT_EQ(sink_.handshakes[0].round_trips, 3);
  EXPECT_TRUE(sink_.handshakes[0].retried);
}

/// The capture has not the HelloVerifyRequest, but the ClientHello counts on.
TEST_F(DtlsConnection, ACookieThatWasNotSeenToBeAskedFor) {
  client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
  client(record(handshake, 0, 1, whole(1, 1, client_hello(7, message("c00c1e00")))));
  server(record(handshake, 0, 1, whole(2, 1, server_hello)) + record(handshake, 0, 2, whole(14, 2, {})));
  client(record(change, 0, 3, message("01")) + record(handshake, 1, 0, fill(48)));
  server(record(change, 0, 3, message("01")) + record(handshake, 1, 0, fill(48)));
  ASSERT_EQ(sink_.handshakes.size(), 1U);
  EXPECT_EQ(sink_.handshakes[0].round_trips, 3);
}

/// Who finishes first resumes; nothing says by what, so that no kind is claimed.
TEST_F(DtlsConnection, AServerThatFinishesFirstWithoutATicketOrItsID) {
  client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
  server(record(handshake, 0, 0, whole(2, 0, server_hello)) + record(change, 0, 1, message("01")) +
         record(handshake, 1, 0, fill(48)));
  client(record(change, 0, 1, message("01")) + record(handshake, 1, 0, fill(48)));
  EXPECT_EQ(names(3), "tls.change_cipher_spec tls.finished~");
  EXPECT_TRUE(sink_.handshakes.empty());
}

TEST_F(DtlsConnection, FlightsThatComeAgain) {
  client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
  client(record(handshake, 0, 1, whole(1, 0, client_hello(7))));
  EXPECT_FALSE(anew_);
  EXPECT_EQ(names(2), "dtls.retransmission");
  server(record(handshake, 0, 0, whole(2, 0, server_hello)) + record(handshake, 0, 1, whole(14, 1, {})));
  server(record(handshake, 0, 2, whole(2, 0, server_hello)) + record(handshake, 0, 3, whole(14, 1, {})));
  EXPECT_EQ(names(4), "dtls.retransmission");
  const Message flight = record(handshake, 0, 2, whole(16, 1, fill(33))) +
                         record(change, 0, 3, message("01")) + record(handshake, 1, 0, fill(48));
  client(flight);
  client(record(handshake, 0, 4, whole(16, 1, fill(33))) + record(change, 0, 5, message("01")) +
         record(handshake, 1, 1, fill(48)));
  EXPECT_EQ(names(5), "tls.client_key_exchange tls.change_cipher_spec tls.finished~");
  EXPECT_EQ(names(6), "dtls.retransmission");
}

/// The capture has it twice: that is no trouble of the ends.
TEST_F(DtlsConnection, ACopyOfAPacketHasItsNames) {
  full_handshake();
  server(kept_[1]);
  EXPECT_EQ(names(5), "tls.server_hello tls.server_hello_done");
}

TEST_F(DtlsConnection, AFinishedWithoutItsChangeCipherSpecIsNotTaken) {
  client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
  client(record(handshake, 1, 0, fill(48)));
  EXPECT_EQ(names(2), "tls.encrypted_handshake");
}

TEST_F(DtlsConnection, NothingIsNamedWithoutAHello) {
  client(record(data, 1, 7, fill(40)));
  server(record(handshake, 0, 5, whole(14, 4, {})));
  server(record(alert, 0, 6, message("0228")));
  EXPECT_FALSE(connection_.proven());
  EXPECT_TRUE(told_.frames.empty());
  // What only looks like a hello.
  client(record(handshake, 0, 8, whole(1, 0, fill(60, 0xab))));
  client(record(handshake, 0, 9, whole(1, 0, fill(20))));
  EXPECT_FALSE(connection_.proven());
  EXPECT_TRUE(told_.frames.empty());
}

TEST_F(DtlsConnection, FragmentsOfTheHelloAreNamedWithIt) {
  const Message hello = client_hello(7);
  const std::size_t half = hello.size() / 2;
  client(record(handshake, 0, 0,
                fragment(1, 0, hello.size(), half, Message(hello.begin() + half, hello.end()))));
  EXPECT_EQ(names(1), "");
  client(
      record(handshake, 0, 1, fragment(1, 0, hello.size(), 0, Message(hello.begin(), hello.begin() + half))));
  EXPECT_EQ(names(1), "dtls.fragment");
  EXPECT_EQ(names(2), "tls.client_hello");
  EXPECT_EQ(told_.details[2], "server");
}

TEST_F(DtlsConnection, AnotherRandomIsAnotherConnection) {
  full_handshake();
  client(record(handshake, 0, 0, whole(1, 0, client_hello(8))));
  EXPECT_TRUE(anew_);
}

TEST_F(DtlsConnection, AlertsThatNobodyReadsAreTheLastWordOrNot) {
  full_handshake();
  client(record(alert, 1, 1, fill(26)));
  server(record(alert, 1, 1, fill(26)));
  EXPECT_EQ(names(5), "tls.close_notify?~");
  EXPECT_TRUE(connection_.waits());
  client(record(data, 1, 2, fill(40)));
  EXPECT_EQ(names(5), "tls.alert~");
  connection_.finish(sink_);
  EXPECT_EQ(names(6), "tls.close_notify~");
  EXPECT_FALSE(connection_.waits());
}

TEST_F(DtlsConnection, AnAlertInTheClearEndsTheHandshake) {
  client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
  server(record(alert, 0, 0, message("0228")));
  EXPECT_EQ(names(2), "tls.alert");
  EXPECT_EQ(told_.details[2], "handshake_failure");
  ASSERT_EQ(sink_.handshakes.size(), 1U);
  EXPECT_EQ(sink_.handshakes[0].end, HandshakeEnd::alert);
  EXPECT_EQ(sink_.handshakes[0].kind, HandshakeKind::none);
}

TEST_F(DtlsConnection, InfersNothingWhereThatIsNotWanted) {
  infer_ = false;
  full_handshake();
  client(record(alert, 1, 1, fill(26)));
  EXPECT_EQ(names(4), "tls.change_cipher_spec tls.encrypted_handshake");
  EXPECT_EQ(names(5), "");
  EXPECT_TRUE(sink_.handshakes.empty());
}

/// Within the connection that another one encrypted, without the secrets.
TEST_F(DtlsConnection, Renegotiation) {
  full_handshake();
  client(record(handshake, 1, 1, fill(200)));
  server(record(handshake, 1, 1, fill(400)));
  client(record(handshake, 1, 2, fill(60)) + record(change, 1, 3, fill(25)) +
         record(handshake, 2, 0, fill(48)));
  server(record(change, 1, 2, fill(25)) + record(handshake, 2, 0, fill(48)));
  EXPECT_EQ(names(5), "tls.encrypted_handshake");
  EXPECT_EQ(names(7), "tls.encrypted_handshake tls.change_cipher_spec tls.finished~");
  ASSERT_EQ(sink_.handshakes.size(), 2U);
  EXPECT_EQ(text_of(sink_.handshakes[1]), "dtls12_full+renegotiation");
  EXPECT_EQ(sink_.handshakes[1].client_hello, FrameNumber{5});
}

TEST_F(DtlsConnection, WhatTheHostDecryptedIsRead) {
  client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
  const Message finished = whole(20, 1, fill(12));
  take(Role::initiator, record(change, 0, 1, message("01")) + record(handshake, 1, 0, fill(48)),
       {{finished, handshake}});
  EXPECT_EQ(names(2), "tls.change_cipher_spec tls.finished");
  const Message close = message("0100");
  take(Role::initiator, record(alert, 1, 1, fill(26)), {{close, alert}});
  EXPECT_EQ(names(3), "tls.close_notify");
}

/// DTLS 1.3 behind its hellos: records that tell nothing of what they are.
TEST_F(DtlsConnection, UnifiedHeadersStayBlank) {
  client(record(handshake, 0, 0, whole(1, 0, client_hello(7))));
  client(message("2f 0001 0020") + fill(32));
  EXPECT_EQ(names(2), "");
  EXPECT_TRUE(sink_.handshakes.empty());
}

TEST_F(DtlsConnection, StandsAnyBytes) {
  full_handshake();
  for (std::size_t i = 0; i < 4; ++i) {
    for_each_mutation(kept_[i], 200, [&](const Message& mutated) {
      DtlsConnection::take(i % 2 == 0 ? Role::initiator : Role::responder, mutated);
    });
    for_each_prefix(kept_[i], [&](const Message& cut) { client(cut); });
  }
}

}  // namespace
}  // namespace humantime::dtls
