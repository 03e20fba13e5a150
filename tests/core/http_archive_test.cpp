// SPDX-License-Identifier: GPL-2.0-or-later
// Requests and responses told apart packet by packet, and what an HTTP archive says of them.
#include "reports/http_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "reports/web_address.h"

namespace humantime::reports {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Json = nlohmann::json;

constexpr std::int64_t begin_ns = 1'466'856'000'000'000'000;
constexpr std::string_view client = "192.0.2.10:40000", server = "198.51.100.80:80",
                           secure_server = "198.51.100.80:443";

class HttpArchiveTest : public testing::Test {
 protected:
  /// A packet `ms` after the first one.
  void add(double ms, std::string_view from, std::string_view to, std::initializer_list<Phase> phases,
           std::string_view detail = {}, Certainty certainty = Certainty::seen) {
    std::vector<PhaseMark> marks;
    for (const Phase phase : phases) marks.push_back({phase, row_of(phase).stage, certainty});
    reader_.take({FrameNumber{++frame_}, begin_ns + static_cast<std::int64_t>(ms * 1e6), marks, from, to,
                  detail, 100});
  }
  void ask(double ms, std::string_view detail) { add(ms, client, server, {Phase::http_request}, detail); }
  void answer(double ms, std::string_view detail) {
    add(ms, server, client, {Phase::http_response_start, Phase::http_response_end}, detail);
  }
  void connect(double ms = 0) {
    add(ms, client, server, {Phase::tcp_syn});
    add(ms + 40, server, client, {Phase::tcp_syn_ack});
    add(ms + 40, client, server, {Phase::tcp_handshake_ack});
  }
  /// What a stream tells of the packet that was added last; times are milliseconds behind the first one.
  void stream(std::uint64_t id, std::string_view what, int status, std::array<double, 4> ms,
              std::array<std::uint32_t, 3> frames, std::string_view from = client,
              std::string_view to = server) {
    const auto ns = [](double at) {
      return at < 0 ? std::nullopt : std::optional(begin_ns + static_cast<std::int64_t>(at * 1e6));
    };
    StreamExchange exchange;
    exchange.stream = id;
    exchange.request = FrameNumber{frames[0]};
    exchange.response = FrameNumber{frames[1]};
    exchange.response_end = FrameNumber{frames[2]};
    exchange.from = from;
    exchange.to = to;
    exchange.what = what;
    exchange.status = status;
    exchange.request_ns = ns(ms[0]);
    exchange.request_end_ns = ns(ms[1]);
    exchange.response_ns = ns(ms[2]);
    exchange.response_end_ns = ns(ms[3]);
    if (frames[2] != 0) exchange.response_bytes = 1000 + id;
    reader_.take(exchange);
  }
  Json archive(journeys::Kind kind = journeys::Kind::completed, std::string_view name = "www.example.jp") {
    HttpArchive archive;
    std::string text = archive.head();
    text += archive.entries({1, kind, name}, reader_.finish());
    return Json::parse(text + archive.tail())["log"];
  }
  static std::vector<int> statuses(const Json& log) {
    std::vector<int> list;
    for (const Json& entry : log["entries"]) list.push_back(entry["response"]["status"]);
    return list;
  }

  FetchReader reader_;
  std::uint32_t frame_ = 0;
};

TEST_F(HttpArchiveTest, AFetchHasItsTimings) {
  add(0, "192.0.2.10", "192.0.2.1", {Phase::arp_request});
  add(2, "192.0.2.1", "192.0.2.10", {Phase::arp_reply});
  add(3, "192.0.2.10:5353", "203.0.113.4:53", {Phase::dns_query}, "www.example.jp A");
  add(13, "203.0.113.4:53", "192.0.2.10:5353", {Phase::dns_answer}, "www.example.jp A");
  connect(14);
  ask(55, "GET /a?x=1&y=b%20c+d&z www.example.jp");
  add(56, client, server, {Phase::http_request_end});
  add(100, server, client, {Phase::http_response_start}, "200 OK");
  add(110, server, client, {Phase::http_response_body});
  add(120, server, client, {Phase::http_response_end});
  const Json log = archive();
  ASSERT_EQ(log["entries"].size(), 1U);
  const Json& entry = log["entries"][0];
  EXPECT_EQ(entry["startedDateTime"], "2016-06-25T12:00:00.000000Z");
  EXPECT_EQ(entry["time"], 120);
  EXPECT_EQ(entry["timings"],
            Json::parse(R"({"blocked":5,"dns":10,"connect":40,"ssl":-1,"send":1,"wait":44,"receive":20})"));
  EXPECT_EQ(entry["request"]["url"], "http://www.example.jp/a?x=1&y=b%20c+d&z");
  EXPECT_EQ(
      entry["request"]["queryString"],
      Json::parse(R"([{"name":"x","value":"1"},{"name":"y","value":"b c d"},{"name":"z","value":""}])"));
  EXPECT_EQ(entry["request"]["httpVersion"], "HTTP/1");
  EXPECT_EQ(entry["response"]["statusText"], "OK");
  EXPECT_EQ(entry["response"]["_transferSize"], 300);
  EXPECT_EQ(entry["serverIPAddress"], "198.51.100.80");
  EXPECT_EQ(entry["_frame"], 8);
  EXPECT_FALSE(entry.contains("comment"));
  EXPECT_EQ(log["pages"][0]["id"], entry["pageref"]);
}

TEST_F(HttpArchiveTest, OnlyTheFirstRequestWaitsForItsConnection) {
  connect();
  ask(41, "GET /a www.example.jp");
  answer(81, "200 OK");
  ask(100, "GET /b www.example.jp");
  answer(140, "404 Not Found");
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(200, 404));
  EXPECT_EQ(log["entries"][0]["timings"]["connect"], 40);
  EXPECT_EQ(log["entries"][1]["timings"]["connect"], -1);
  EXPECT_EQ(log["entries"][1]["timings"]["blocked"], -1);
  EXPECT_EQ(log["entries"][1]["time"], 40);
}

TEST_F(HttpArchiveTest, PipelinedResponsesComeInTheOrderOfTheRequests) {
  connect();
  add(41, client, server, {Phase::http_request, Phase::http_request}, "GET /a www.example.jp");
  ask(42, "GET /c www.example.jp");
  answer(81, "200 OK");
  answer(82, "404 Not Found");
  answer(83, "301 Moved");
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(200, 404, 301));
  // The words of a frame are those of its first message.
  EXPECT_EQ(log["entries"][1]["request"]["method"], "");
  EXPECT_EQ(log["entries"][1]["request"]["url"], "http://www.example.jp/");
  EXPECT_EQ(log["entries"][2]["request"]["url"], "http://www.example.jp/c");
}

TEST_F(HttpArchiveTest, StreamsUnderWayAtOnceAreNotMatched) {
  connect();
  add(41, client, server, {Phase::http_settings});
  ask(42, "GET /alone www.example.jp");
  answer(82, "200");
  ask(90, "GET /a www.example.jp");
  ask(91, "GET /b www.example.jp");
  answer(130, "404");
  answer(131, "200");
  ask(140, "GET /after www.example.jp");
  answer(180, "204");
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(200, 0, 0, 204));
  EXPECT_EQ(log["entries"][1]["request"]["httpVersion"], "HTTP/2");
  EXPECT_EQ(log["entries"][1]["request"]["url"], "http://www.example.jp/a");
  EXPECT_EQ(log["entries"][1]["time"], 0);
  EXPECT_THAT(log["entries"][1]["comment"].get<std::string>(), HasSubstr("Several requests were under way"));
}

TEST_F(HttpArchiveTest, StreamsTellWhichResponseIsWhose) {
  connect();                                        // frames 1 to 3
  add(41, client, server, {Phase::http_settings});  // 4
  add(42, client, server, {Phase::http_request, Phase::http_request}, "GET /slow www.example.jp");  // 5
  stream(1, "GET /slow www.example.jp", 200, {42, 42, 140, 150}, {5, 8, 9});
  stream(3, "GET /quick www.example.jp", 404, {42, 43, 82, 90}, {5, 6, 7});
  add(82, server, client, {Phase::http_response_start}, "404");  // 6
  add(90, server, client, {Phase::http_response_end});           // 7
  add(140, server, client, {Phase::http_response_start}, "200");
  add(150, server, client, {Phase::http_response_end});
  ask(160, "GET /never www.example.jp");  // 10
  stream(5, "GET /never www.example.jp", 0, {160, 160, -1, -1}, {10, 0, 0});
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(200, 404, 0));
  const Json& slow = log["entries"][0];
  const Json& quick = log["entries"][1];
  const Json& never = log["entries"][2];
  EXPECT_EQ(slow["request"]["httpVersion"], "HTTP/2");
  EXPECT_EQ(slow["request"]["url"], "http://www.example.jp/slow");
  EXPECT_EQ(slow["timings"]["wait"], 98);
  EXPECT_EQ(slow["timings"]["receive"], 10);
  EXPECT_EQ(quick["request"]["url"], "http://www.example.jp/quick")
      << "a frame's words are its first message's";
  EXPECT_EQ(quick["timings"],
            Json::parse(R"({"blocked":-1,"dns":-1,"connect":-1,"ssl":-1,"send":1,"wait":39,"receive":8})"));
  EXPECT_EQ(quick["response"]["bodySize"], 1003);
  EXPECT_EQ(quick["response"]["_transferSize"], 200) << "no other response is in its frames";
  EXPECT_EQ(quick["_stream"], 3);
  EXPECT_THAT(never["comment"].get<std::string>(), HasSubstr("No response was captured"));
  EXPECT_FALSE(never["response"].contains("_transferSize"));
  EXPECT_FALSE(slow.contains("comment"));
}

TEST_F(HttpArchiveTest, AResponseAmongOthersHasNoTransferSize) {
  connect();
  add(41, client, server, {Phase::http_settings});
  ask(42, "GET /a www.example.jp");  // 5
  stream(1, "GET /a www.example.jp", 200, {42, 42, 80, 82}, {5, 7, 9});
  ask(42, "GET /b www.example.jp");  // 6
  stream(3, "GET /b www.example.jp", 200, {42, 42, 81, 83}, {6, 8, 10});
  add(80, server, client, {Phase::http_response_start}, "200");
  add(81, server, client, {Phase::http_response_start}, "200");
  add(82, server, client, {Phase::http_response_end});
  add(83, server, client, {Phase::http_response_end});
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(200, 200));
  for (const Json& entry : log["entries"]) EXPECT_FALSE(entry["response"].contains("_transferSize"));
}

TEST_F(HttpArchiveTest, AnUpgradedRequestIsAnsweredOnStreamOne) {
  connect();
  ask(41, "GET /upgrade www.example.jp");                                       // 4
  add(81, server, client, {Phase::http_interim, Phase::http_settings}, "101");  // 5
  add(82, server, client, {Phase::http_response_start}, "200");                 // 6
  stream(1, "", 200, {-1, -1, 82, 90}, {0, 6, 7}, server, client);
  add(90, server, client, {Phase::http_response_end});
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(200));
  EXPECT_EQ(log["entries"][0]["request"]["url"], "http://www.example.jp/upgrade");
  EXPECT_EQ(log["entries"][0]["timings"]["wait"], 41);
  EXPECT_EQ(log["comment"].get<std::string>().find("Responses whose requests"), std::string::npos);
}

TEST_F(HttpArchiveTest, AConnectionInItsMiddleMayBeOfAnyVersion) {
  ask(0, "GET /a www.example.jp");
  ask(1, "GET /b www.example.jp");
  answer(40, "404 Not Found");
  answer(41, "200 OK");
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(0, 0));
  EXPECT_EQ(log["entries"][0]["request"]["httpVersion"], "unknown");
  EXPECT_EQ(log["entries"][0]["timings"]["blocked"], -1);
}

TEST_F(HttpArchiveTest, APushIsNobodysQuestion) {
  connect();
  add(41, client, server, {Phase::http_settings});
  ask(42, "GET / www.example.jp");
  add(80, server, client, {Phase::http_push_promise}, "GET /style www.example.jp");
  answer(82, "200");
  answer(83, "200");
  const Json log = archive();
  ASSERT_EQ(log["entries"].size(), 2U);
  EXPECT_THAT(log["entries"][1]["comment"].get<std::string>(), HasSubstr("Pushed"));
  EXPECT_THAT(statuses(log), ElementsAre(0, 0));
}

TEST_F(HttpArchiveTest, AnInterimResponseIsNotTheStatus) {
  connect();
  add(41, client, server, {Phase::http_request}, "POST /a www.example.jp");
  add(80, server, client, {Phase::http_interim}, "100 Continue");
  add(81, client, server, {Phase::http_request_end});
  answer(121, "201 Created");
  // In one frame the words are the interim response's.
  ask(130, "POST /b www.example.jp");
  add(170, server, client, {Phase::http_interim, Phase::http_response_start, Phase::http_response_end},
      "100 Continue");
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(201, 0));
  EXPECT_EQ(log["entries"][0]["timings"]["send"], 40);
  EXPECT_THAT(log["entries"][1]["comment"].get<std::string>(), HasSubstr("The status is not known."));
}

TEST_F(HttpArchiveTest, AnUpgradeIsAnswered) {
  connect();
  ask(41, "GET /chat www.example.jp");
  add(81, server, client, {Phase::http_interim}, "101 Switching Protocols");
  add(300, client, server, {Phase::http_upgraded});
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(101));
  EXPECT_EQ(log["entries"][0]["timings"]["wait"], 40);
  EXPECT_EQ(log["entries"][0]["timings"]["receive"], 0);
}

TEST_F(HttpArchiveTest, WhatIsMissingIsSaid) {
  connect();
  ask(41, "GET /a www.example.jp");
  add(81, server, client, {Phase::http_response_start}, "200 OK");
  add(100, server, client, {Phase::http_response_body});
  const Json cut = archive();
  EXPECT_THAT(cut["entries"][0]["comment"].get<std::string>(), HasSubstr("The end of the response"));
  EXPECT_EQ(cut["entries"][0]["timings"]["receive"], 19);
  EXPECT_FALSE(cut["entries"][0]["response"].contains("_transferSize"));
}

TEST_F(HttpArchiveTest, ARequestWithoutAnAnswerHasNoStatus) {
  connect();
  ask(41, "GET /a www.example.jp");
  add(500, client, server, {Phase::tcp_fin});
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(0));
  EXPECT_EQ(log["entries"][0]["timings"]["wait"], 459);
  EXPECT_EQ(log["entries"][0]["comment"], "No response was captured.");
}

TEST_F(HttpArchiveTest, AResponseOfNobodyIsCounted) {
  answer(0, "200 OK");
  ask(1, "GET /a www.example.jp");
  answer(2, "204 No Content");
  const Json log = archive();
  EXPECT_THAT(statuses(log), ElementsAre(204));
  EXPECT_THAT(log["comment"].get<std::string>(), HasSubstr("Responses whose requests are not known: 1."));
}

TEST_F(HttpArchiveTest, EncryptedItSaysNothingThatWasNotRead) {
  add(0, client, secure_server, {Phase::tcp_syn});
  add(40, secure_server, client, {Phase::tcp_syn_ack});
  add(40, client, secure_server, {Phase::tcp_handshake_ack});
  add(41, client, secure_server, {Phase::tls_client_hello}, "GET /evil evil.example");
  add(81, secure_server, client, {Phase::tls_server_hello, Phase::tls_finished}, "TLS 1.3");
  add(82, client, secure_server, {Phase::tls_finished});
  add(83, client, secure_server, {Phase::http_request}, {}, Certainty::inferred);
  add(123, secure_server, client, {Phase::http_response_start, Phase::http_response_end}, {},
      Certainty::inferred);
  const Json log = archive();
  const Json& entry = log["entries"][0];
  EXPECT_EQ(entry["request"]["method"], "");
  EXPECT_EQ(entry["request"]["url"], "https://www.example.jp/");
  EXPECT_EQ(entry["response"]["status"], 0);
  EXPECT_EQ(entry["timings"]["ssl"], 41);
  EXPECT_EQ(entry["timings"]["connect"], 82);
  EXPECT_EQ(entry["time"], 123);
}

TEST_F(HttpArchiveTest, AServersNameIsNoRequest) {
  add(0, client, secure_server, {Phase::tls_client_hello, Phase::http_request}, "GET /evil evil.example");
  const Json log = archive();
  EXPECT_EQ(log["entries"][0]["request"]["method"], "");
  EXPECT_EQ(log["entries"][0]["request"]["url"], "https://www.example.jp/");
}

TEST_F(HttpArchiveTest, EarlyDataDoesNotWaitForTheHandshake) {
  add(0, client, secure_server, {Phase::tcp_syn});
  add(40, secure_server, client, {Phase::tcp_syn_ack});
  add(40, client, secure_server, {Phase::tcp_handshake_ack});
  add(41, client, secure_server, {Phase::tls_client_hello, Phase::tls_early_data});
  add(42, client, secure_server, {Phase::http_request}, "GET / www.example.jp");
  add(81, secure_server, client, {Phase::tls_finished});
  add(82, client, secure_server, {Phase::tls_finished});
  add(90, secure_server, client, {Phase::http_response_start, Phase::http_response_end}, "200 OK");
  const Json log = archive();
  const Json& timings = log["entries"][0]["timings"];
  EXPECT_EQ(timings["connect"], 42);
  EXPECT_EQ(timings["ssl"], 1);
  EXPECT_EQ(timings["wait"], 48);
  EXPECT_EQ(log["entries"][0]["time"], 90);
}

TEST_F(HttpArchiveTest, AClosedBookIsOneEntryWhereThePortIsHttps) {
  add(0, client, secure_server, {Phase::tcp_syn});
  add(40, client, secure_server, {Phase::tcp_handshake_ack});
  add(41, client, secure_server, {Phase::tls_client_hello});
  add(82, client, secure_server, {Phase::tls_finished, Phase::tls_application_data});
  add(300, secure_server, client, {Phase::tls_application_data});
  const Json log = archive();
  ASSERT_EQ(log["entries"].size(), 1U);
  EXPECT_EQ(log["entries"][0]["time"], 300);
  EXPECT_THAT(log["entries"][0]["comment"].get<std::string>(), HasSubstr("Encrypted"));
}

TEST_F(HttpArchiveTest, WhatNeedNotBeHttpIsCountedOnly) {
  add(0, client, "198.51.100.25:25", {Phase::tcp_syn});
  add(40, client, "198.51.100.25:25", {Phase::tcp_handshake_ack});
  const Json log = archive();
  EXPECT_TRUE(log["entries"].empty());
  EXPECT_TRUE(log["pages"].empty());
  EXPECT_THAT(log["comment"].get<std::string>(), HasSubstr("Journeys in which no HTTP is known: 1."));
}

TEST_F(HttpArchiveTest, ALookupOverHttpsIsAnEntryOfItsOwn) {
  constexpr std::string_view resolver = "203.0.113.4:443";
  add(0, "192.0.2.10:5000", resolver, {Phase::tls_application_data, Phase::http_request, Phase::dns_query},
      "POST /dns-query dns.example");
  add(20, resolver, "192.0.2.10:5000",
      {Phase::http_response_start, Phase::http_response_end, Phase::dns_answer}, "200");
  connect(21);
  ask(62, "GET / www.example.jp");
  answer(102, "200 OK");
  const Json log = archive();
  ASSERT_EQ(log["entries"].size(), 2U);
  EXPECT_EQ(log["entries"][0]["request"]["url"], "https://dns.example/dns-query");
  EXPECT_EQ(log["entries"][0]["timings"]["connect"], -1);
  EXPECT_EQ(log["entries"][1]["timings"]["dns"], 20);
  EXPECT_EQ(log["entries"][1]["timings"]["connect"], 40);
}

TEST_F(HttpArchiveTest, CopiesDoubleNothing) {
  connect();
  ask(41, "GET /a www.example.jp");
  const PhaseMark copy{Phase::http_request, Stage::request, Certainty::seen};
  reader_.take({FrameNumber{99}, begin_ns + 41'100'000, std::span(&copy, 1), client, server,
                "GET /a www.example.jp", 100, true});
  answer(81, "200 OK");
  const Json log = archive();
  ASSERT_EQ(log["entries"].size(), 1U);
  EXPECT_FALSE(log["entries"][0]["response"].contains("_transferSize"));
}

TEST_F(HttpArchiveTest, TimesThatAFileMakesUpAreNoHarm) {
  const PhaseMark request{Phase::http_request, Stage::request, Certainty::seen};
  const PhaseMark response{Phase::http_response_start, Stage::response, Certainty::seen};
  reader_.take({FrameNumber{1}, INT64_MIN, std::span(&request, 1), client, server, "GET / a", 1});
  reader_.take({FrameNumber{2}, INT64_MAX, std::span(&response, 1), server, client, "200", 1});
  const Json log = archive();
  EXPECT_GE(log["entries"][0]["time"].get<double>(), 0);
}

// -- URLs

TEST(WebAddress, OfEachFormOfARequest) {
  struct Row {
    const char *said, *method, *url;
    bool secure = false;
    const char* server = "198.51.100.80:80";
  };
  for (const Row& row : {
           Row{"GET /a host.example", "GET", "http://host.example/a"},
           Row{"GET /a host.example:8080", "GET", "http://host.example:8080/a"},
           Row{"GET /a", "GET", "http://name.example/a"},
           Row{"GET /a", "GET", "https://name.example:4711/a", true, "198.51.100.80:4711"},
           Row{"GET http://other.example/b?c", "GET", "http://other.example/b?c"},
           Row{"CONNECT host.example:443", "CONNECT", "http://host.example:443"},
           Row{"CONNECT /chat host.example", "CONNECT", "http://host.example/chat"},
           Row{"OPTIONS * host.example", "OPTIONS", "http://host.example"},
           Row{"GET /?u=http://x host.example", "GET", "http://host.example/?u=http://x"},
           Row{"www.example.jp A", "", "http://name.example/"},
           Row{"www.example.jp", "", "https://name.example/", true, "198.51.100.80:443"},
           Row{"200 OK", "", "http://name.example/"},
           Row{"", "", "http://name.example/"},
       }) {
    const WebRequest request = web_request(row.said, row.secure, "name.example", row.server);
    EXPECT_EQ(request.method, row.method) << row.said;
    EXPECT_EQ(request.url, row.url) << row.said;
  }
  EXPECT_EQ(web_request("", true, "", "[2001:db8::1]:8443").url, "https://[2001:db8::1]:8443/");
  EXPECT_EQ(web_request("", true, "[2001:db8::1]:8443", "[2001:db8::1]:8443").url,
            "https://[2001:db8::1]:8443/");
}

TEST(WebAddress, AServersAddressAndPort) {
  EXPECT_EQ(address_of("198.51.100.80:443"), "198.51.100.80");
  EXPECT_EQ(address_of("[2001:db8::1]:443"), "2001:db8::1");
  EXPECT_EQ(address_of("2001:db8::1"), "2001:db8::1");
  EXPECT_EQ(address_of(""), "");
  EXPECT_EQ(port_of("[2001:db8::1]:443"), "443");
  EXPECT_EQ(port_of("2001:db8::1"), "");
  EXPECT_EQ(port_of("192.0.2.1"), "");
}

}  // namespace
}  // namespace humantime::reports
