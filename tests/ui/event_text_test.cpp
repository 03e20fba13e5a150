// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/event_text.h"

#include <gtest/gtest.h>

#include "layout/words.h"
#include "paper_source.h"

namespace humantime::ui::test {
namespace {

class SpokenEvents : public testing::Test {
 protected:
  PaperSource source_ = article(TEST_DATA "/article-timeline.tsv");
  Timeline timeline_{source_};
  View view_;
  void SetUp() override {
    while (timeline_.advance(1000)) {
    }
  }
  EventIndex first(Phase phase) const {
    for (std::uint32_t i = 0; i < timeline_.events().size(); ++i)
      if (timeline_.events()[i].phase == phase) return EventIndex{i};
    return no_event;
  }
};

TEST_F(SpokenEvents, ReadsALetterAloud) {
  EXPECT_EQ(
      describe_event(timeline_, view_, first(Phase::tls_client_hello)),
      "ClientHello, TLS, client to server, sent March 9 19:27, received March 19 10:30, 9 days 15 hours");
  view_.language = Language::japanese;
  EXPECT_EQ(describe_event(timeline_, view_, first(Phase::tls_client_hello)),
            "ClientHello、TLS、クライアントからサーバーへ、3月9日 午後7時27分 送信、3月19日 午前10時30分 "
            "受信、9日15時間");
}

TEST_F(SpokenEvents, TellsDatesNoFinerThanTheClocksOfTheOtherEnd) {
  const auto read_aloud = [&](std::int64_t precision_ns) {
    for (EventRecord& record : source_.records) record.precision_ns = precision_ns;
    return describe_event(timeline_, view_, first(Phase::tls_client_hello));
  };
  // 31 minutes and three hours of the year.
  EXPECT_EQ(
      read_aloud(60'000),
      "ClientHello, TLS, client to server, sent March 9 19:27, received March 19 11:00, 9 days 15 hours");
  EXPECT_EQ(
      read_aloud(342'000),
      "ClientHello, TLS, client to server, sent March 9 19:27, received March 19 12:00, 9 days 15 hours");
  EXPECT_EQ(read_aloud(4'000'000),
            "ClientHello, TLS, client to server, sent March 9 19:27, received March 19, 9 days 15 hours");
}

TEST_F(SpokenEvents, SaysWhatIsEstimatedOrUnknown) {
  EXPECT_EQ(describe_event(timeline_, view_, first(Phase::dns_query)),
            "DNS query, DNS, client to server, sent January 1 05:06, received January 7 16:31 (estimated), "
            "6 days 11 hours");
  EXPECT_EQ(describe_event(timeline_, view_, first(Phase::arp_request)),
            "ARP request, ARP, client to server, sent January 1 00:00");
}

TEST_F(SpokenEvents, NamesTheFirstAndTheLastMessage) {
  EXPECT_EQ(name_of(timeline_, first(Phase::tls_server_hello), Language::english),
            "ServerHello … ServerHelloDone");
  EXPECT_EQ(name_of(timeline_, first(Phase::http_response_end), Language::english),
            "HTTP response, last packet + FIN");
}

TEST_F(SpokenEvents, CountsRowsAndPages) {
  EXPECT_EQ(describe_page(timeline_, view_), "Year 1, 34 events");
  EXPECT_EQ(describe_row(timeline_, view_, 2), "March, 7 events");
  EXPECT_EQ(describe_row(timeline_, view_, 11), "December, 0 events");
  EXPECT_EQ(describe_row(timeline_, view_, 12), "");
  EXPECT_EQ(describe_begins(view_, 6, time_of({1, 10, 1, 0, 0, 0, 0})), "6 journeys begin on October 1");
  view_.language = Language::japanese;
  EXPECT_EQ(describe_page(timeline_, view_), "1年目、34 件の出来事");
  EXPECT_EQ(describe_row(timeline_, view_, 2), "3月、7 件の出来事");
  EXPECT_EQ(describe_begins(view_, 6, time_of({1, 10, 1, 0, 0, 0, 0})), "10月1日に旅が 6 件始まる");
}

TEST(Words, WriteNumbersAndLengths) {
  EXPECT_EQ(counted(1204), "1,204");
  EXPECT_EQ(counted(5'000'000), "5,000,000");
  EXPECT_EQ(counted(999), "999");
  EXPECT_EQ(spoken_length({86'400 + 3600, 0}, Language::english), "1 day 1 hour");
  EXPECT_EQ(spoken_length({31, 0}, Language::english), "31 seconds");
  EXPECT_EQ(real_text(914'777'000), "914.8 ms");
  EXPECT_EQ(real_text(0), "0 ms");
  EXPECT_EQ(real_text(12'085'000'000), "12.09 s");
  EXPECT_EQ(filled("{1} of {0}, {9}", {"a", "b"}), "b of a, {9}");
}

}  // namespace
}  // namespace humantime::ui::test
