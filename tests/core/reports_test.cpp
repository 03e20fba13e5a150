// SPDX-License-Identifier: GPL-2.0-or-later
// The event records: a few in each format, to the letter.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "engine.h"
#include "reports/events.h"
#include "reports/format.h"
#include "transcript.h"

namespace humantime::reports {
namespace {

TEST(Format, Names) {
  EXPECT_EQ(format_from_name("text"), Format::text);
  EXPECT_EQ(format_from_name("json"), Format::json);
  EXPECT_EQ(format_from_name("csv"), Format::csv);
  for (const char* unknown : {"", "JSON", "jso", "jsonl", " text"})
    EXPECT_EQ(format_from_name(unknown), std::nullopt) << unknown;
  EXPECT_EQ(format_names(), "text, json, csv");
  std::istringstream names(format_names());
  for (std::string name; std::getline(names, name, ',');) {
    name.erase(0, name.find_first_not_of(' '));
    EXPECT_TRUE(format_from_name(name)) << name;
  }
}

TEST(Format, CsvCells) {
  EXPECT_EQ(csv_cell(""), "");
  EXPECT_EQ(csv_cell("plain text"), "plain text");
  EXPECT_EQ(csv_cell("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_cell("say \"when\""), "\"say \"\"when\"\"\"");
  EXPECT_EQ(csv_cell("two\nlines"), "\"two\nlines\"");
  EXPECT_EQ(csv_cell("two\rlines"), "\"two\rlines\"");
  EXPECT_EQ(csv_cell("\""), "\"\"\"\"");
}

TEST(Format, CsvCellsAreNoFormulas) {
  EXPECT_EQ(csv_cell("=1+2"), "\"'=1+2\"");
  EXPECT_EQ(csv_cell("@SUM(A1)"), "\"'@SUM(A1)\"");
  EXPECT_EQ(csv_cell("+cmd|' /C calc'!A0"), "\"'+cmd|' /C calc'!A0\"");
  EXPECT_EQ(csv_cell("-x,\"y\""), "\"'-x,\"\"y\"\"\"");
  EXPECT_EQ(csv_cell("-12.5"), "-12.5") << "a number";
  EXPECT_EQ(csv_cell("+7"), "+7");
  EXPECT_EQ(csv_cell("a=b"), "a=b");
}

TEST(Format, Pad) {
  EXPECT_EQ(pad("ab", 5), "ab   ");
  EXPECT_EQ(pad("", 2), "  ");
  EXPECT_EQ(pad("abcde", 5), "abcde");
  EXPECT_EQ(pad("abcdef", 5), "abcdef") << "never cut";
  EXPECT_EQ(pad("日付", 6), "日付  ") << "two columns each";
  EXPECT_EQ(pad("é", 3), "é  ") << "one column";
}

class EventRecords : public ::testing::Test {
 protected:
  EventRecords() {
    const Transcript transcript(R"(
> S                 : tcp.syn
< SA                : tcp.syn_ack
> A                 : tcp.handshake_ack
> PA dt=300000 'GET /a,b HTTP/1.1\r\n\r\n' : http.request
> PA len=10 far     :
< PA 'HTTP/1.1 204 No Content\r\n\r\n' : http.response_start http.response_end
)");
    std::uint32_t number = 0;
    for (const Transcript::Line& line : transcript.lines())
      line.frame.view(FrameNumber{++number}, [this](const FrameBytes& frame) { engine_.take(frame); });
    engine_.finish();
  }

  std::string record(std::uint32_t frame, Format format, Language language = Language::english) {
    Telling telling;
    telling.language = language;
    return Events(engine_.store(), engine_.journeys(), engine_.milestones(), engine_.letters(), telling)
        .record(FrameNumber{frame}, format);
  }
  std::string head(Format format, Language language = Language::english) {
    Telling telling;
    telling.language = language;
    return Events(engine_.store(), engine_.journeys(), engine_.milestones(), engine_.letters(), telling)
        .head(format);
  }

  Engine engine_;
};

TEST_F(EventRecords, Text) {
  EXPECT_EQ(head(Format::text),
            "  Frame  Date                     Phase                               From → To\n");
  EXPECT_EQ(record(1, Format::text),
            "      1  Jan 1, 00:00:00          SYN                                 "
            "192.0.2.1:40000 → 198.51.100.2:80\n");
  EXPECT_EQ(record(4, Format::text),
            "      4  Apr 21, 05:31:12         HTTP request                        "
            "192.0.2.1:40000 → 198.51.100.2:80  GET /a,b\n");
}

TEST_F(EventRecords, TextInJapanese) {
  EXPECT_EQ(record(4, Format::text, Language::japanese),
            "      4  4月21日 午前5時31分12秒           HTTP リクエスト                     "
            "192.0.2.1:40000 → 198.51.100.2:80  GET /a,b\n");
}

/// The heads stand above their columns, in both languages.
TEST_F(EventRecords, HeadsStandAboveTheirColumns) {
  const auto columns_before = [](const std::string& line, std::string_view word) {
    const std::size_t at = line.find(word);
    EXPECT_NE(at, std::string::npos) << line;
    std::size_t columns = 0;
    for (const char c : line.substr(0, at))
      columns += (static_cast<unsigned char>(c) & 0xc0) == 0x80 ? 0
                 : static_cast<unsigned char>(c) >= 0xe3        ? 2
                                                                : 1;
    return columns;
  };
  EXPECT_EQ(columns_before(head(Format::text), "Date"), columns_before(record(4, Format::text), "Apr"));
  EXPECT_EQ(columns_before(head(Format::text), "Phase"), columns_before(record(4, Format::text), "HTTP"));
  EXPECT_EQ(columns_before(head(Format::text), "From"), columns_before(record(4, Format::text), "192"));
  const std::string japanese = head(Format::text, Language::japanese);
  const std::string line = record(4, Format::text, Language::japanese);
  EXPECT_EQ(columns_before(japanese, "日付"), columns_before(line, "4月"));
  EXPECT_EQ(columns_before(japanese, "フェーズ"), columns_before(line, "HTTP"));
  EXPECT_EQ(columns_before(japanese, "送信元"), columns_before(line, "192"));
}

TEST_F(EventRecords, Json) {
  EXPECT_EQ(head(Format::json), "");
  EXPECT_EQ(
      record(4, Format::json),
      R"({"frame":4,"time_ns":1420070400303000000,"corrected_ns":1420070400303000000,"vantage":"1.0","end":"middle",)"
      R"("direction":null,"journey":1,"phases":["http.request"],"milestones":["http.request#1"],)"
      R"("inferred":[false],)"
      R"("estimated":false,"peer_frame":null,"travel_ns":null,"travel_precision_ns":null,)"
      R"("travel_error_ns":null,"from":"192.0.2.1:40000","to":"198.51.100.2:80","bytes":75,)"
      R"("detail":"GET /a,b","stages":["request"],"time":"Apr 21, 05:31:12"})"
      "\n");
}

TEST_F(EventRecords, Csv) {
  EXPECT_EQ(head(Format::csv),
            "frame,time_ns,corrected_ns,vantage,end,direction,journey,phases,milestones,inferred,estimated,"
            "peer_frame,travel_ns,travel_precision_ns,travel_error_ns,from,to,bytes,detail,stages,time\r\n");
  EXPECT_EQ(record(6, Format::csv),
            "6,1420070400305000000,1420070400305000000,1.0,middle,,1,http.response_start http.response_end,"
            "http.response_start#1 http.response_end#1,false false,false,,,,,"
            "198.51.100.2:80,192.0.2.1:40000,81,204 No Content,response response,\"Apr 21, 23:02:24\"\r\n");
  EXPECT_NE(record(4, Format::csv).find(",\"GET /a,b\","), std::string::npos);
}

TEST_F(EventRecords, JsonHasTheColumnsOfCsv) {
  std::string line;
  const auto object = nlohmann::ordered_json::parse(record(1, Format::json));
  for (const auto& [name, value] : object.items()) line += (line.empty() ? "" : ",") + name;
  EXPECT_EQ(line + "\r\n", head(Format::csv));
}

TEST_F(EventRecords, FramesWithoutAPhaseHaveNone) {
  for (const Format format : {Format::text, Format::json, Format::csv}) {
    EXPECT_EQ(record(5, format), "") << "damaged";
    EXPECT_EQ(record(0, format), "");
    EXPECT_EQ(record(7, format), "");
  }
}

TEST_F(EventRecords, WhatTheCaptureSaysIsEscaped) {
  const Transcript transcript("> PA 'GET /\x1b[31m\xff HTTP/1.1\\r\\n\\r\\n' : http.request");
  Engine engine;
  transcript.lines()[0].frame.view(FrameNumber{1}, [&](const FrameBytes& frame) { engine.take(frame); });
  for (const Format format : {Format::text, Format::json, Format::csv}) {
    const std::string text =
        Events(engine.store(), engine.journeys(), engine.milestones(), engine.letters(), {})
            .record(FrameNumber{1}, format);
    ASSERT_NE(text, "");
    EXPECT_EQ(text.find('\x1b'), std::string::npos);
    EXPECT_EQ(text.find('\xff'), std::string::npos);
    EXPECT_NE(text.find("x1b[31m"), std::string::npos) << text;
  }
}

TEST(Events, FramesWithoutATimeHaveNoDate) {
  const Transcript transcript("> S : tcp.syn");
  Engine engine;
  OwnedFrame frame = transcript.lines()[0].frame;
  frame.has_time = false;
  frame.view(FrameNumber{1}, [&](const FrameBytes& bytes) { engine.take(bytes); });
  const auto object = nlohmann::json::parse(
      Events(engine.store(), engine.journeys(), engine.milestones(), engine.letters(), {})
          .record(FrameNumber{1}, Format::json));
  EXPECT_TRUE(object["time"].is_null());
  EXPECT_TRUE(object["time_ns"].is_null());
}

}  // namespace
}  // namespace humantime::reports
