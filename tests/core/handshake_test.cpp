// SPDX-License-Identifier: GPL-2.0-or-later
// Which handshake a connection had, what it cost, and what is not said of it.
#include "handshake.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine.h"
#include "tls/handshake_watch.h"
#include "tls_notation.h"
#include "transcript.h"
#include "wire/tls_key_exchange.h"

namespace humantime {
namespace {

/// A transcript and its handshakes: `END_FRAME KIND RTTS remarks`, in their order.
struct Case {
  const char* name;
  const char* text;
  std::vector<std::string> handshakes;
};
void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

std::string describe(const FrameStore& store, const Handshake& one) {
  std::string text = std::to_string(to_number(one.end_frame));
  const auto say = [&text](bool condition, const std::string& word) {
    if (condition) text += " " + word;
  };
  const std::string kind = text_of(one);
  say(!kind.empty(), kind);
  say(one.round_trips != Handshake::unknown_round_trips, std::to_string(one.round_trips));
  say(one.end == HandshakeEnd::alert,
      one.alert == Handshake::unknown_alert ? "alert" : std::string(wire::name_of_tls_alert(one.alert)));
  say(one.end == HandshakeEnd::closed, "closed");
  say(one.client_authentication == ClientAuthentication::refused, "refused");
  say(one.client_authentication == ClientAuthentication::unknown, "client?");
  say(one.early_data == EarlyData::rejected, "early-");
  say(one.early_data == EarlyData::unknown, "early?");
  say(one.false_start, "false_start");
  say(one.ticket_offered, "offered");
  say(one.ticket_issued, "issued");
  say(one.asked_by_server, "asked");
  say(one.inferred, "inferred");
  EXPECT_NE(store.find(one.client_hello), nullptr);
  EXPECT_TRUE(store.find(one.end_frame)->has(FrameRow::ends_handshake));
  return text;
}

/// What frames are called is tested elsewhere: no transcript here says it.
Transcript unnamed(std::string_view text) {
  std::string lines;
  for (const char c : std::string(text) + "\n") {
    const std::size_t line = lines.rfind('\n') + 1;
    if (c == '\n' && line < lines.size() && (lines[line] == '<' || lines[line] == '>')) lines += " :";
    lines += c;
  }
  return Transcript(lines);
}

std::vector<std::string> handshakes_of(const Case& one, bool infer) {
  Engine engine;
  engine.infer_encrypted(infer);
  const Transcript transcript = unnamed(one.text);
  std::uint32_t number = 0;
  for (const Transcript::Line& line : transcript.lines())
    line.frame.view(FrameNumber{++number}, [&](const FrameBytes& frame) { engine.take(frame); });
  engine.finish();
  std::vector<std::string> told;
  for (const Handshake& handshake : engine.handshakes()) told.push_back(describe(engine.store(), handshake));
  return told;
}

const Case cases[] = {
    {"Full",
     R"(
server 443
> PA [CH(a.example;1.2)]
< PA [SH(1.2)+Cert=900+SKE+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40]
> PA [ad=100])",
     {"4 tls12_full 2 inferred"}},
    {"FullDecrypted",
     R"(
server 443
> PA [CH(a.example;1.2)]
< PA [SH(1.2)+Cert=900+SKE+SHD]
> PA [CKE CCS Ehs(Fin=12)]
< PA [NST CCS Ehs(Fin=12)]
> PA [E"x"])",
     {"4 tls12_full 2 issued"}},
    {"Ssl3",
     R"(
server 443
> PA [CH(3.0)]
< PA [SH(3.0)+Cert=900+SHD]
> PA [CKE CCS hs=64]
< PA [CCS hs=64])",
     {"4 ssl30_full 2 inferred"}},
    {"SessionId",
     R"(
server 443
> PA [CH(a.example;1.2;id)]
< PA [SH(1.2;id) CCS hs=40]
> PA [CCS hs=40 ad=200])",
     {"3 tls12_session_id 1 inferred"}},
    {"SessionIdRefused",
     R"(
server 443
> PA [CH(a.example;1.2;id)]
< PA [SH(1.2;id2)+Cert=900+SKE+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40])",
     {"4 tls12_full 2 inferred"}},
    {"Ticket",
     R"(
server 443
> PA [CH(a.example;1.2;id;ticket)]
< PA [SH(1.2;id) CCS hs=40]
> PA [CCS hs=40])",
     {"3 tls12_ticket 1 offered inferred"}},
    {"TicketRenewed",
     R"(
server 443
> PA [CH(a.example;1.2;ticket)]
< PA [SH(1.2)+NST=180 CCS hs=40]
> PA [CCS hs=40])",
     {"3 tls12_ticket 1 offered issued inferred"}},
    {"TicketRefused",
     R"(
server 443
> PA [CH(a.example;1.2;id;ticket)]
< PA [SH(1.2;id2)+Cert=900+SKE+SHD]
> PA [CKE CCS hs=40]
< PA [NST CCS hs=40])",
     {"4 tls12_full 2 offered issued inferred"}},
    // An ID of the server's own and no ticket: neither resumption, and no full handshake. Nothing is said.
    {"ResumedByNothing",
     R"(
server 443
> PA [CH(a.example;1.2;id)]
< PA [SH(1.2;id2) CCS hs=40]
> PA [CCS hs=40])",
     {}},
    {"ClientCertificate",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert+SKE+CR+SHD]
> PA [Cert CKE CV CCS hs=40]
< PA [CCS hs=40])",
     {"4 tls12_full+client_auth 2 inferred"}},
    {"NoClientCertificate",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert+SKE+CR+SHD]
> PA [Cert=3 CKE CCS hs=40]
< PA [CCS hs=40])",
     {"4 tls12_full 2 refused inferred"}},
    {"FalseStart",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert+SKE+SHD]
> PA [CKE CCS hs=40]
> PA [ad=200]
< PA [CCS hs=40]
< PA [ad=200])",
     {"5 tls12_full 1 false_start inferred"}},
    // The data went after the server's Finished had come.
    {"NoFalseStart",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert+SKE+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40]
> PA [ad=200])",
     {"4 tls12_full 2 inferred"}},
    {"Ssl2ClientHello",
     R"(
server 443
> PA [CH2]
< PA [SH(1.2)+Cert=900+SHD]
> PA [CKE CCS hs=64]
< PA [CCS hs=64])",
     {"4 tls12_full 2 inferred"}},
    {"RenegotiationByTheClient",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert=900+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40]
> PA [hs=210]
< PA [hs=1200]
> PA [hs=900 CCS hs=40]
< PA [ad=40]
< PA [CCS hs=40]
< PA [ad=900])",
     {"4 tls12_full 2 inferred", "9 tls12_full+renegotiation 2 client? inferred"}},
    {"RenegotiationByTheServerAbbreviated",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert=900+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40]
< PA [hs=28]
> PA [hs=210]
< PA [hs=100 CCS hs=40]
> PA [CCS hs=40])",
     {"4 tls12_full 2 inferred", "8 tls12_resumed+renegotiation 1 client? asked inferred"}},
    {"RenegotiationDecrypted",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert=900+SHD]
> PA [CKE CCS Ehs(Fin=12)]
< PA [CCS Ehs(Fin=12)]
< PA [Ehs(HReq)]
> PA [Ehs(CH(1.2;ticket))]
< PA [Ehs(SH(1.2)) Ehs(NST) CCS Ehs(Fin=12)]
> PA [CCS Ehs(Fin=12)])",
     {"4 tls12_full 2", "8 tls12_ticket+renegotiation 1 offered issued asked"}},
    {"RenegotiationRefused",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert=900+SHD]
> PA [CKE CCS Ehs(Fin=12)]
< PA [CCS Ehs(Fin=12)]
> PA [Ehs(CH(1.2))]
< PA [Ealert(1,100)])",
     {"4 tls12_full 2", "6 no_renegotiation client?"}},
    // The server asked, and nobody knows what became of it.
    {"RenegotiationIgnored",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert=900+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40]
< PA [hs=28]
> FA
< FA
> A)",
     {"4 tls12_full 2 inferred"}},
    {"Full13",
     R"(
server 443
> PA [CH(a.example)]
< PA [SH CCS ad=23 ad=900 ad=281 ad=53]
> PA [CCS ad=53 ad=100])",
     {"3 tls13_full 1 client? inferred"}},
    {"Full13Decrypted",
     R"(
server 443
> PA [CH(a.example)]
< PA [SH CCS Dhs(EE+Cert+CV+Fin=32)]
> PA [CCS Dhs(Fin=32)]
< PA [Dhs(NST)]
> PA [Dhs(KU)])",
     {"3 tls13_full 1"}},
    {"ClientCertificate13",
     R"(
server 443
> PA [CH(a.example)]
< PA [SH CCS Dhs(EE+CR+Cert+CV+Fin=32)]
> PA [CCS Dhs(Cert+CV+Fin=32)])",
     {"3 tls13_full+client_auth 1"}},
    {"NoClientCertificate13",
     R"(
server 443
> PA [CH(a.example)]
< PA [SH CCS Dhs(EE+CR+Cert+CV+Fin=32)]
> PA [CCS Dhs(Cert=4+Fin=32)])",
     {"3 tls13_full 1 refused"}},
    {"Retry",
     R"(
server 443
> PA [CH(a.example)]
< PA [HRR CCS]
> PA [CCS CH(a.example)]
< PA [SH ad=900 ad=53]
> PA [ad=53])",
     {"5 tls13_hrr 2 client? inferred"}},
    {"RetryRefusesEarlyData",
     R"(
server 443
> PA [CH(early;psk) CCS ad=80]
< PA [HRR CCS]
> PA [CH(psk)]
< PA [SH(1.3;psk) ad=23 ad=53]
> PA [ad=53])",
     {"5 tls13_hrr 2 early- inferred"}},
    {"Psk",
     R"(
server 443
> PA [CH(a.example;psk)]
< PA [SH(1.3;psk) CCS ad=23 ad=53]
> PA [CCS ad=53])",
     {"3 tls13_psk 1 inferred"}},
    {"PskRefused",
     R"(
server 443
> PA [CH(a.example;psk)]
< PA [SH CCS ad=23 ad=900 ad=281 ad=53]
> PA [CCS ad=53])",
     {"3 tls13_full 1 client? inferred"}},
    {"ExternalPsk",
     R"(
server 443
> PA [CH(a.example;psk0)]
< PA [SH(1.3;psk) CCS ad=23 ad=53]
> PA [CCS ad=53])",
     {"3 tls13_external_psk 1 inferred"}},
    {"EarlyDataAccepted",
     R"(
server 443
> PA [CH(early;psk) CCS ad=80]
< PA [SH(1.3;psk) CCS ad=27 ad=53 ad=900]
> PA [ad=21 ad=53])",
     {"3 tls13_0rtt 0 inferred"}},
    {"EarlyDataAcceptedAndAnsweredToTheEnd",
     R"(
server 443
> PA [CH(early;psk) CCS D"GET / HTTP/1.0\r\n\r\n"]
< PA [SH(1.3;psk) CCS Dhs(EE0+Fin=32) D"HTTP/1.0 200 OK\r\n\r\nx" Dalert(1,0)]
< FA
> PA [Dhs(EOED) Dhs(Fin=32)])",
     {"4 tls13_0rtt 0"}},
    {"EarlyDataRejected",
     R"(
server 443
> PA [CH(early;psk) CCS ad=80]
< PA [SH(1.3;psk) CCS ad=23 ad=53]
> PA [ad=53 ad=80])",
     {"3 tls13_psk 1 early- inferred"}},
    {"EarlyDataRejectedWithItsKey",
     R"(
server 443
> PA [CH(early;psk) CCS ad=80]
< PA [SH CCS ad=23 ad=900 ad=281 ad=53]
> PA [ad=53 ad=80])",
     {"3 tls13_full 1 client? early- inferred"}},
    {"EarlyDataToOldServer",
     R"(
server 443
> PA [CH(early;psk) CCS ad=80]
< PA [SH(1.2)+Cert=900+SKE+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40])",
     {"4 tls12_full 2 early- inferred"}},
    {"AlertInTheClear",
     R"(
server 443
> PA [CH(1.2)]
< PA [alert(2,40)]
< FA)",
     {"2 handshake_failure client?"}},
    {"AlertOfTheClient",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert=900+SKE+SHD]
> PA [alert(2,48)]
> FA)",
     {"3 unknown_ca"}},
    {"AlertDecrypted",
     R"(
server 443
> PA [CH]
< PA [SH CCS Dhs(EE+Cert+CV+Fin=32)]
> PA [CCS Dalert(2,48)])",
     {"3 unknown_ca"}},
    {"AlertEncrypted",
     R"(
server 443
> PA [CH]
< PA [SH CCS ad=23 ad=900 ad=281 ad=53]
> PA [CCS ad=19]
> FA
< FA
> A)",
     {"3 alert client? inferred"}},
    {"WarningGoesOn",
     R"(
server 443
> PA [CH(1.2)]
< PA [alert(1,112)]
< PA [SH(1.2)+Cert=900+SKE+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40])",
     {"5 tls12_full 2 inferred"}},
    {"ClosedBefore",
     R"(
server 443
> PA [CH(1.2)]
< A
< R)",
     {"1 closed client?"}},
    {"FinishedBehindTheFin",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert=900+SKE+SHD]
> FPA [CKE CCS hs=40]
< PA [CCS hs=40]
< FA)",
     {"4 tls12_full 2 inferred"}},
    // No hello of the client, or the server's flight is not all there: nothing is said, or what order tells.
    {"WithoutClientHello",
     R"(
server 443
< PA is=tls [SH(1.2)+Cert=900+SKE+SHD]
> PA [CKE CCS hs=40]
< PA [CCS hs=40])",
     {}},
    {"ServerHelloLost",
     R"(
server 443
> PA [CH(1.2)]
< PA [SH(1.2)+Cert=900+SKE+SHD] lost
> PA [CKE CCS hs=40]
< PA [CCS hs=40]
> A
< PA [ad=100]
< PA [ad=100]
> A
< FA)",
     {}},
    {"SnappedClientHello",
     R"(
server 443
> PA [CH(a.example;1.2;id;ticket)] snap=60
< PA [SH(1.2;id) CCS hs=40]
> PA [CCS hs=40])",
     {"3 tls12_resumed 1 client? inferred"}},
    {"SnappedServerHello",
     R"(
server 443
> PA [CH(a.example)]
< PA [SH CCS ad=23 ad=900 ad=281 ad=53] snap=52
> PA [CCS ad=53 ad=100]
< FA
> FA
< A)",
     {}},
};

class Handshakes : public ::testing::TestWithParam<Case> {};
INSTANTIATE_TEST_SUITE_P(All, Handshakes, ::testing::ValuesIn(cases),
                         [](const auto& one) { return std::string(one.param.name); });

TEST_P(Handshakes, AreTold) {
  EXPECT_EQ(handshakes_of(GetParam(), true), GetParam().handshakes);
}

TEST_P(Handshakes, AreNotInferredWhereThatIsNotWanted) {
  std::vector<std::string> shown = GetParam().handshakes;
  std::erase_if(shown, [](const std::string& one) { return one.find("inferred") != std::string::npos; });
  EXPECT_EQ(handshakes_of(GetParam(), false), shown);
}

/// Each frame is taken back and comes again: the same is told, once.
TEST_P(Handshakes, CanBeTakenBack) {
  Engine engine;
  const Transcript transcript = unnamed(GetParam().text);
  std::uint32_t number = 0;
  for (const Transcript::Line& line : transcript.lines()) {
    const auto take = [&](const FrameBytes& frame) { engine.take(frame); };
    ++number;
    line.frame.view(FrameNumber{number}, take);
    line.frame.view(FrameNumber{number}, take);
    if (number % 2 == 0) engine.finish();
  }
  engine.finish();
  std::vector<std::string> told;
  for (const Handshake& handshake : engine.handshakes()) told.push_back(describe(engine.store(), handshake));
  EXPECT_EQ(told, GetParam().handshakes);
}

TEST(Handshake, Waits) {
  Engine engine;
  const Transcript transcript = unnamed(R"(
server 443
> PA [CH(a.example;1.2)]
< A dt=40000
< PA [SH(1.2)+Cert=900] dt=1000
< PA [SKE+SHD] dt=100
> PA [CKE] dt=2000
> PA [CCS hs=40] dt=300
< PA [CCS hs=40] dt=43000)");
  std::uint32_t number = 0;
  for (const Transcript::Line& line : transcript.lines())
    line.frame.view(FrameNumber{++number}, [&](const FrameBytes& frame) { engine.take(frame); });
  ASSERT_EQ(engine.handshakes().size(), 1u);
  const Handshake& told = engine.handshakes()[0];
  const auto microseconds = [](std::int64_t n) { return Nanoseconds{n * 1000}; };
  EXPECT_EQ(engine.store().duration(told), microseconds(40000 + 1000 + 100 + 2000 + 300 + 43000));
  EXPECT_EQ(engine.store().waited(told, true), microseconds(40000 + 1000 + 43000));
  EXPECT_EQ(engine.store().waited(told, false), microseconds(2000));
  EXPECT_EQ(engine.store().server_name(told), "a.example");
  EXPECT_EQ(told.key_exchange, KeyExchange::ecdhe);
  ASSERT_EQ(told.kept_turns().size(), 3u);
  EXPECT_EQ(told.kept_turns()[1].last, FrameNumber{4});
  EXPECT_EQ(told.kept_turns()[1].next, FrameNumber{5});
  EXPECT_FALSE(told.kept_turns()[1].from_client);
}

TEST(Handshake, KindsByVersionAndCourse) {
  using tls::Course;
  EXPECT_EQ(token_of(tls::kind_of(wire::tls_1_0, Course::session_id)), "tls10_session_id");
  EXPECT_EQ(token_of(tls::kind_of(0x7f1c, Course::retry)), "tls13_hrr");
  EXPECT_EQ(tls::kind_of(wire::tls_1_2, Course::early_data), HandshakeKind::none);
  EXPECT_EQ(tls::kind_of(0x0200, Course::full), HandshakeKind::none);
  EXPECT_EQ(token_of(HandshakeKind::none), "");
}

TEST(Handshake, KeyExchangeOfSuites) {
  const auto name = [](std::uint16_t suite) { return name_of(wire::key_exchange_of_suite(suite)); };
  EXPECT_EQ(name(0x002f), "RSA");
  EXPECT_EQ(name(0x0033), "DHE");
  EXPECT_EQ(name(0xc004), "ECDH");
  EXPECT_EQ(name(0xc030), "ECDHE");
  EXPECT_EQ(name(0xcca8), "ECDHE");
  EXPECT_EQ(name(0x00a8), "PSK");
  EXPECT_EQ(name(0x1301), "");
  EXPECT_EQ(name(0x0000), "");
  EXPECT_EQ(name(0xffff), "");
  EXPECT_EQ(wire::key_exchange_of_group(29), KeyExchange::ecdhe);
  EXPECT_EQ(wire::key_exchange_of_group(0x0100), KeyExchange::dhe);
  EXPECT_EQ(wire::key_exchange_of_group(0x11ec), KeyExchange::other);
  EXPECT_EQ(wire::key_exchange_of_group(0), KeyExchange::unknown);
}

}  // namespace
}  // namespace humantime
