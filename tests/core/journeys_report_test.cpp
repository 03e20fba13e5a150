// SPDX-License-Identifier: GPL-2.0-or-later
// What is told of hand-made journeys: diary, story, calendar, list.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "paper_journeys.h"
#include "reports/chapters.h"
#include "reports/diary.h"
#include "reports/format.h"
#include "reports/journey_list.h"
#include "reports/sentences.h"
#include "reports/time_text.h"
#include "reports/wrap.h"
#include "reports/year_calendar.h"

namespace humantime::reports {
namespace {

using journeys::Direction;
using journeys::Kind;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto sent = Direction::sent, received = Direction::received;
constexpr auto japanese = Language::japanese;
constexpr std::string_view c = "192.0.2.10:40000", s = "198.51.100.80:443", q = "192.0.2.10:50000",
                           dns = "192.0.2.53:53";

using Write = void (*)(const FrameStore&, Telling, Format, const JourneysSource&, const Sink&);

std::string told(const PaperJourneys& paper, Write write, Format format,
                 Language language = Language::english, std::uint32_t seconds_per_year = 1) {
  std::string text;
  write(paper.store, {language, {seconds_per_year}}, format, paper.source(),
        [&](std::string_view piece) { text += piece; });
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

std::vector<nlohmann::ordered_json> objects_of(const std::string& text) {
  std::vector<nlohmann::ordered_json> objects;
  for (const std::string& line : lines_of(text)) objects.push_back(nlohmann::ordered_json::parse(line));
  return objects;
}

const PaperJourneys& article() {
  static const PaperJourneys paper = [] {
    PaperJourneys made;
    add_article_fetch(made, false);
    return made;
  }();
  return paper;
}

// -- the pieces

TEST(ReportText, CutAndPad) {
  EXPECT_EQ(cut("abcdef", 6), "abcdef");
  EXPECT_EQ(cut("abcdef", 5), "abcd…");
  EXPECT_EQ(cut("日本語", 5), "日本…");
  EXPECT_EQ(cut("日本語", 4), "日…");
  EXPECT_EQ(cut("abc", 0), "");
  EXPECT_EQ(pad_left("日", 4), "  日");
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1234567), "1,234,567");
}

TEST(ReportText, Wrap) {
  EXPECT_EQ(wrap("one two three", 8, 2), "one two\n  three\n");
  EXPECT_EQ(wrap("one two", 7, 0), "one two\n");
  EXPECT_EQ(wrap("", 7, 0), "\n");
  EXPECT_EQ(wrap("これは手紙。", 10, 0), "これは手\n紙。\n") << "no line begins with a full stop";
  EXPECT_EQ(wrap("住所（A）", 6, 0), "住所\n（A）\n") << "none ends with a bracket";
  EXPECT_EQ(wrap("a " + unbroken("b c") + " d", 4, 0), "a\nb c\nd\n");
  for (const std::string& line : lines_of(wrap(std::string(1000, 'x'), 20, 0))) EXPECT_LE(line.size(), 20U);
}

TEST(ReportText, RealTimes) {
  EXPECT_EQ(ms_text(0), "0.000");
  EXPECT_EQ(ms_text(914'777'000), "914.777");
  EXPECT_EQ(ms_text(-1'500'000), "-1.500");
  EXPECT_EQ(ms_text(std::numeric_limits<std::int64_t>::min()), "-9223372036854.775");
  EXPECT_EQ(utc_text(PaperJourneys::begin_ns + 1), "2016-06-25 00:00:00.000000001");
  EXPECT_EQ(utc_text(-1), "1969-12-31 23:59:59.999999999");
  EXPECT_EQ(utc_text(std::numeric_limits<std::int64_t>::min()), "1677-09-21 00:12:43.145224192");
  EXPECT_EQ(utc_text(std::numeric_limits<std::int64_t>::max()), "2262-04-11 23:47:16.854775807");
}

TEST(Chapters, NoneIsLeftForAStraggler) {
  const Chapter* first = nullptr;
  const Chapter& tls = chapter_of(Stage::ssl, first);
  EXPECT_EQ(&chapter_of(Stage::connect, &tls), &tls);
  EXPECT_EQ(&chapter_of(Stage::other, &tls), &tls);
  const Chapter& exchange = chapter_of(Stage::request, &tls);
  EXPECT_EQ(&chapter_of(Stage::wait, &exchange), &exchange);
  const Chapter& close = chapter_of(Stage::close, &exchange);
  EXPECT_EQ(&chapter_of(Stage::response, &close), &exchange) << "the client was done, the server was not";
  for (std::size_t stage = 0; stage < stage_count; ++stage)
    EXPECT_FALSE(chapter_of(static_cast<Stage>(stage), nullptr).title(japanese).empty());
}

// -- diary

TEST(Diary, Text) {
  const std::string text = told(article(), write_diary, Format::text);
  const auto lines = lines_of(text);
  ASSERT_GE(lines.size(), 5U);
  EXPECT_EQ(lines[0], "Journey 1: www.example.jp — 333 d 21 h (914.777 ms)");
  EXPECT_EQ(lines[2], "  Address lookup");
  EXPECT_EQ(lines[3],
            "    Jan 1, 00:00        0.000 ms  ARP request sent                      192.0.2.10 → 192.0.2.1");
  EXPECT_THAT(text, HasSubstr("Jan 14, 09:52      36.743 ms  DNS query (2nd) sent "));
  EXPECT_THAT(text, HasSubstr("Finished (inferred) sent"));
  EXPECT_THAT(text, HasSubstr("200 OK\n"));
  EXPECT_THAT(text, Not(HasSubstr("closure alert (1st)"))) << "there is one";
}

TEST(Diary, TextInJapanese) {
  const std::string text = told(article(), write_diary, Format::text, japanese);
  EXPECT_THAT(text, HasSubstr("通信 1: www.example.jp — 333日21時間（914.777 ms）\n"));
  EXPECT_THAT(text, HasSubstr("    1月14日 午前9時52分        36.743 ms  DNS クエリ（2回目）送信 "));
  EXPECT_THAT(text, HasSubstr("  SYN 送信 ")) << "Latin letters stand off";
  EXPECT_THAT(text, HasSubstr("  ARP リクエスト送信 "));
}

TEST(Diary, TheVantageIsToldWhereThereAreTwo) {
  PaperJourneys both;
  add_article_fetch(both, true);
  const std::string text = told(both, write_diary, Format::text);
  EXPECT_THAT(text, HasSubstr("SYN received                          1.1  192.0.2.10:40000"));
  EXPECT_THAT(told(article(), write_diary, Format::text), Not(HasSubstr(" 1.0 ")));
  std::size_t chapters = 0;
  for (const std::string& line : lines_of(text)) chapters += line.starts_with("  ") && line[2] != ' ';
  EXPECT_EQ(chapters, 6U) << "none comes twice";
}

TEST(Diary, JsonHasOneObjectForEachMilestone) {
  const auto objects = objects_of(told(article(), write_diary, Format::json));
  ASSERT_EQ(objects.size(), 29U);
  EXPECT_EQ(objects[2].dump(),
            R"({"journey":1,"name":"www.example.jp","carrier":null,"frame":3,"time_ns":1466812800000584000,)"
            R"("time":"Jan 1, 05:06:57","ms":0.584,"stage":"dns","milestone":"dns.query#1/sent",)"
            R"("phase":"dns.query","label":"DNS query","direction":"sent","inferred":false,"vantage":"1.0",)"
            R"("from":"192.0.2.10:50000","to":"203.0.113.4:53","bytes":100,"detail":"www.example.jp A"})");
}

TEST(Diary, CsvHasTheColumnsOfJson) {
  const auto lines = lines_of(told(article(), write_diary, Format::csv));
  const auto objects = objects_of(told(article(), write_diary, Format::json));
  ASSERT_EQ(lines.size(), objects.size() + 1);
  std::string head;
  for (const auto& [name, value] : objects[0].items()) head += (head.empty() ? "" : ",") + name;
  EXPECT_EQ(lines[0], head + "\r");
}

TEST(Diary, JourneysWithoutTimes) {
  PaperJourneys paper;
  paper.begin("", s);
  PaperFrame frame{0, c, s, "tcp.syn", {}, sent};
  frame.timed = false;
  paper.travel(frame);
  EXPECT_THAT(told(paper, write_diary, Format::text), HasSubstr("Journey 1: 198.51.100.80:443\n"));
  EXPECT_THAT(told(paper, write_diary, Format::text), Not(HasSubstr("Jan")));
  EXPECT_THAT(told(paper, write_diary, Format::story), Not(HasSubstr("Jan")));
  const auto object = objects_of(told(paper, write_diary, Format::json)).at(0);
  EXPECT_TRUE(object["time"].is_null() && object["time_ns"].is_null() && object["ms"].is_null());
  EXPECT_TRUE(objects_of(told(paper, write_journeys, Format::json)).at(0)["start"].is_null());
  EXPECT_TRUE(objects_of(told(paper, write_calendar, Format::json)).empty());
}

// -- story

TEST(Story, EveryEventHasSentences) {
  for (const PhaseRow& row : phase_table()) {
    if (!row.milestone) continue;
    const SentenceRow& sentences = sentences_of(row.phase);
    EXPECT_EQ(sentences.phase, row.phase);
    EXPECT_EQ(sentences.arrives.english.empty(), sentences.arrives.japanese.empty()) << row.token;
    for (const Sentence& sentence : {sentences.leaves, sentences.arrives}) {
      if (sentence.english.empty()) continue;
      EXPECT_TRUE(sentence.japanese.ends_with("。") || sentence.japanese.ends_with("。]")) << row.token;
      for (const std::string_view text : {sentence.english, sentence.japanese})
        EXPECT_EQ(std::count(text.begin(), text.end(), '['), std::count(text.begin(), text.end(), ']'));
    }
  }
}

TEST(Story, TheArticlesFetch) {
  const std::string text = told(article(), write_diary, Format::story);
  EXPECT_THAT(text, HasSubstr("Jan 1, 03:26   A door opens: the router says where it is to be found.\n"));
  EXPECT_THAT(text, HasSubstr("The client writes to the name server 203.0.113.20: what is the address"));
  EXPECT_THAT(text, HasSubstr("It took 71 pages, one"));
  EXPECT_THAT(text, HasSubstr("333 d 21 h of this"));
  for (const std::string& line : lines_of(text)) {
    EXPECT_LE(width_of(line), 88U) << line;
    EXPECT_EQ(line.find_first_of("{}[]"), std::string::npos) << line;
  }
}

TEST(Story, InJapanese) {
  const std::string text = told(article(), write_diary, Format::story, japanese);
  EXPECT_THAT(text, HasSubstr("1月1日 午前3時26分     戸が開き、ルーターが自分の居場所を教えてくれます。\n"));
  EXPECT_THAT(text, HasSubstr("全部で 71 枚"));
  for (const std::string& line : lines_of(text)) {
    EXPECT_LE(width_of(line), 88U) << line;
    EXPECT_EQ(line.find_first_of("{}[]"), std::string::npos) << line;
  }
}

TEST(Story, BothEnds) {
  PaperJourneys both;
  add_article_fetch(both, true);
  const std::string text = told(both, write_diary, Format::story);
  EXPECT_THAT(text, HasSubstr("Feb 27, 18:29  The greeting of the client reaches the server.\n"));
  EXPECT_THAT(text, HasSubstr("The letter reaches the client: ServerHello, Certificate,"));
}

/// The text without its line breaks: lines are joined by a space in English, by nothing in Japanese.
std::string flowing(const std::string& text, std::string_view joint) {
  std::string result;
  for (const std::string& line : lines_of(text)) {
    const std::size_t begin = line.find_first_not_of(' ');
    if (begin != std::string::npos) result.append(result.empty() ? "" : joint).append(line, begin);
  }
  return result;
}

struct Trouble {
  const char* what;
  Kind kind;
  std::vector<PaperFrame> frames;
  std::vector<std::string> english, japanese;
};

TEST(Story, Trouble) {
  const std::vector<Trouble> troubles = {
      {"a name that nobody has",
       Kind::failed,
       {{0, q, dns, "dns.query", "nosuch.example A", sent},
        {5000, q, dns, "dns.query", "nosuch.example A", sent},
        {9000, dns, q, "dns.nxdomain", "nosuch.example A", received}},
       {"This happens 2 times", "nobody has that name", "so no letter was ever sent there"},
       {"全部で 2 回ありました", "そんな名前はない", "手紙を出すことはできませんでした"}},
      {"a closed port",
       Kind::refused,
       {{0, c, s, "tcp.syn", {}, sent}, {1000, s, c, "tcp.rst", {}, received}},
       {"The server refuses", "So there was no conversation."},
       {"サーバーは断ります。", "話は始まりませんでした。"}},
      {"nobody there",
       Kind::unanswered,
       {{0, c, s, "tcp.syn", {}, sent},
        {1000, c, s, "tcp.syn tcp.retransmission", {}, sent},
        {2000, c, s, "tcp.syn tcp.retransmission", {}, sent},
        {3000, c, s, "tcp.syn tcp.retransmission", {}, sent}},
       {"the client sends a letter once more", "This happens 3 times", "No answer ever came."},
       {"手紙をもう一度送ります", "全部で 3 回ありました", "返事はとうとう来ませんでした。"}},
      {"a reset",
       Kind::abandoned,
       {{0, c, s, "tcp.syn", {}, sent},
        {1000, s, c, "tcp.syn_ack", {}, received},
        {2000, c, s, "tcp.rst", {}, sent}},
       {"The client breaks off", "The connection was broken off"},
       {"クライアントは、あいさつもなしに", "やり取りは打ち切られました。"}},
  };
  for (const Trouble& trouble : troubles) {
    PaperJourneys paper;
    paper.begin("", trouble.kind == Kind::failed ? "" : s, trouble.kind);
    for (const PaperFrame& frame : trouble.frames) paper.travel(frame);
    const std::string english = flowing(told(paper, write_diary, Format::story), " ");
    const std::string text = flowing(told(paper, write_diary, Format::story, japanese), "");
    for (const std::string& words : trouble.english) EXPECT_THAT(english, HasSubstr(words)) << trouble.what;
    for (const std::string& words : trouble.japanese) EXPECT_THAT(text, HasSubstr(words)) << trouble.what;
    EXPECT_THAT(english, Not(HasSubstr("The farewell"))) << trouble.what;
  }
}

TEST(Story, OrdinalsAndOnePage) {
  PaperJourneys paper;
  paper.begin("", s);
  paper.travel({{0, c, s, "http.request", "GET /", sent},
                {1, s, c, "http.response_start http.response_end", "200 OK", received},
                {2, c, s, "http.request", "GET /{detail}[x]", sent},
                {3, s, c, "http.response_start", "404 Not Found", received},
                {4, s, c, "http.response_end", {}, received}});
  const std::string text = flowing(told(paper, write_diary, Format::story), " ");
  EXPECT_THAT(text, HasSubstr("The client asks its 1st question: GET /."));
  EXPECT_THAT(text, HasSubstr("its 2nd question: GET /{detail}[x]."))
      << "what the capture says is no template";
  EXPECT_THAT(text, HasSubstr("The whole answer"));
  EXPECT_THAT(text, HasSubstr("It took 2 pages. ")) << "no mean of one interval";
}

// -- calendar

TEST(YearCalendar, Text) {
  const auto lines = lines_of(told(article(), write_calendar, Format::text));
  ASSERT_GE(lines.size(), 26U);
  EXPECT_EQ(
      lines[0],
      "Year 1         1   3   5   7   9   11  13  15  17  19  21  23  25  27  29  31  1 journey, 29 events");
  EXPECT_EQ(
      lines[1],
      "Jan       ARP  2 · · · · · · · · · · · · · · · · · · · · · · · · · · · · · ·   1 request, reply");
  EXPECT_EQ(
      lines[2],
      "0.0 ms    DNS  ○─────────────────────────2─────────────────────────2─────────  1 query  14 referral…");
  EXPECT_EQ(lines[3],
            "Feb       DNS  ──────────────────● · · · · · · · · · · · · · · · · · ·         10 answer");
  std::size_t months = 0;
  for (const std::string& line : lines) {
    EXPECT_LE(width_of(line), 100U) << line;
    months += line.size() > 3 && line[3] == ' ' && line[0] >= 'A' && line[0] <= 'S' && line.find("  ") == 3;
  }
  EXPECT_EQ(months, 12U);
}

TEST(YearCalendar, JapaneseColumnsStandWhereTheEnglishOnesDo) {
  const auto english_lines = lines_of(told(article(), write_calendar, Format::text));
  const auto lines = lines_of(told(article(), write_calendar, Format::text, japanese));
  ASSERT_EQ(lines.size(), english_lines.size());
  EXPECT_THAT(lines[0], HasSubstr("1年目 "));
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t a = english_lines[i].find("DNS  "), b = lines[i].find("DNS  ");
    EXPECT_EQ(a == std::string::npos, b == std::string::npos);
    if (a == std::string::npos) continue;
    EXPECT_EQ(width_of(english_lines[i].substr(0, a)), width_of(lines[i].substr(0, b)));
  }
}

TEST(YearCalendar, CountsOnADay) {
  for (const auto& [packets, mark] :
       {std::pair{1, "○ "}, {2, "2 "}, {9, "9 "}, {10, "10"}, {99, "99"}, {100, "++"}}) {
    PaperJourneys paper;
    paper.begin("", s);
    for (int i = 0; i < packets; ++i) paper.travel({i, c, s, "tcp.retransmission", {}, sent});
    EXPECT_THAT(told(paper, write_calendar, Format::text),
                HasSubstr("Jan       TCP  " + std::string(mark) + "· "));
  }
}

TEST(YearCalendar, PagesForYearsWithEvents) {
  PaperJourneys paper;
  paper.begin("", s);
  for (int year = 0; year < 20; ++year)
    if (year != 1) paper.travel({std::int64_t{year} * 1'000'000, c, s, "tcp.zero_window", {}, sent});
  const std::string text = told(paper, write_calendar, Format::text);
  std::size_t pages = 0;
  for (const std::string& line : lines_of(text)) pages += line.starts_with("Year ");
  EXPECT_EQ(pages, 12U);
  EXPECT_THAT(text, Not(HasSubstr("Year 2 ")));
  EXPECT_THAT(text, HasSubstr("Year 13 "));
  EXPECT_THAT(text, HasSubstr("… 7 more years\n"));
}

TEST(YearCalendar, SpansRunOverPagesAndEmptyYears) {
  PaperJourneys paper;
  paper.begin("", s);
  paper.travel({{0, c, s, "http.request", {}, sent}, {1'500'000, s, c, "http.response_start", {}, received}});
  paper.travel({1'500'000'000'000, c, s, "tcp.fin", {}, sent});
  const std::string text = told(paper, write_calendar, Format::text);
  EXPECT_THAT(text, HasSubstr("Dec       HTTP ┄┄┄┄"));
  EXPECT_THAT(text, HasSubstr("1.413 s\n")) << "July of the second year has none";
  EXPECT_THAT(text, HasSubstr("Year 1500001 "));
}

TEST(YearCalendar, BeforeTheOrigin) {
  PaperJourneys paper;
  paper.begin("", s);
  paper.travel({{0, c, s, "tcp.fin", {}, sent}, {-1, c, s, "tcp.syn", {}, sent}});
  EXPECT_THAT(told(paper, write_calendar, Format::text), HasSubstr("Year 0 "));
  const auto days = objects_of(told(paper, write_calendar, Format::json));
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0].dump(),
            R"({"year":0,"month":12,"day":31,"arp":0,"dns":0,"tcp":1,"tls":0,"http":0,"quic":0,"vpn":0})");
}

TEST(YearCalendar, DaysAddUp) {
  std::uint64_t events = 0;
  for (const auto& day : objects_of(told(article(), write_calendar, Format::json)))
    for (const char* lane : {"arp", "dns", "tcp", "tls", "http", "quic", "vpn"})
      events += day[lane].get<unsigned>();
  EXPECT_EQ(events, 29U);
  EXPECT_THAT(
      told(article(), write_calendar, Format::csv),
      ::testing::StartsWith("year,month,day,arp,dns,tcp,tls,http,quic,vpn\r\n1,1,1,2,1,0,0,0,0,0\r\n"));
}

TEST(YearCalendar, TheScaleCounts) {
  const auto days = objects_of(told(article(), write_calendar, Format::json, Language::english, 10));
  EXPECT_EQ(days.back()["month"], 2);
  EXPECT_EQ(days.back()["day"], 3);
}

TEST(YearCalendar, Empty) {
  EXPECT_EQ(told(PaperJourneys(), write_calendar, Format::text), "No journeys.\n");
  EXPECT_EQ(told(PaperJourneys(), write_calendar, Format::json), "");
}

// -- journeys

TEST(JourneyList, Text) {
  const auto lines = lines_of(told(article(), write_journeys, Format::text));
  ASSERT_EQ(lines.size(), 4U);
  EXPECT_EQ(lines[1],
            "    1  www.example.jp — completed, 82 segments, 0 sent again, 9,000 bytes, "
            "2016-06-25 00:00:00.000000 UTC");
  EXPECT_EQ(
      lines[2],
      "       Jan 1, 00:00                   0.14   40.19    9.47   58.60   40.43    0.00   22.19   171.5   "
      "31.79    333.9 d");
  EXPECT_EQ(
      lines[3],
      "       → Nov 30, 21:26                0.39   110.1   25.93   160.5   110.8    0.00   60.80   469.9   "
      "87.10    914.8 ms");
  for (const std::string& line : lines) EXPECT_LE(width_of(line), 120U);
}

TEST(JourneyList, Json) {
  const auto object = objects_of(told(article(), write_journeys, Format::json)).at(0);
  EXPECT_EQ(object["name"], "www.example.jp");
  EXPECT_EQ(object["kind"], "completed");
  EXPECT_EQ(object["server"], "198.51.100.80:443");
  EXPECT_EQ(object["start_utc"], "2016-06-25 00:00:00.000000000");
  EXPECT_EQ(object["end"], "Nov 30, 21:26:47");
  EXPECT_EQ(object["ms"], 914.777);
  EXPECT_EQ(object["ssl_ms"], 110.772);
  EXPECT_EQ(object["ssl_days"], 40.4318);
  EXPECT_EQ(object["segments"], 82);
}

TEST(JourneyList, WhatIsNotThereIsNull) {
  PaperJourneys paper;
  paper.begin("", s);
  paper.travel({0, c, s, "tcp.data", {}, sent});
  const auto object = objects_of(told(paper, write_journeys, Format::json)).at(0);
  for (const char* stage :
       {"blocked", "address", "dns", "connect", "ssl", "send", "wait", "receive", "close"}) {
    EXPECT_TRUE(object[std::string(stage) + "_ms"].is_null());
    EXPECT_TRUE(object[std::string(stage) + "_days"].is_null());
  }
  EXPECT_EQ(object["name"], "198.51.100.80:443") << "the address stands for it";
}

TEST(JourneyList, NamesThatDiffer) {
  PaperJourneys paper;
  paper.begin("www.example.jp", s).other_names = {"other.example", "third.example"};
  paper.travel({0, c, s, "tcp.syn", {}, sent});
  EXPECT_THAT(told(paper, write_journeys, Format::text),
              HasSubstr("www.example.jp, also other.example, also third"));
  EXPECT_THAT(told(paper, write_journeys, Format::text, japanese),
              HasSubstr("www.example.jp、別名 other.example"));
  EXPECT_THAT(told(paper, write_journeys, Format::csv), HasSubstr(",other.example third.example,"));
}

// -- all of them

const std::vector<std::pair<Write, std::vector<Format>>>& all_reports() {
  static const std::vector<std::pair<Write, std::vector<Format>>> reports = {
      {write_diary, {Format::text, Format::json, Format::csv, Format::story}},
      {write_calendar, {Format::text, Format::json, Format::csv}},
      {write_journeys, {Format::text, Format::json, Format::csv}}};
  return reports;
}

TEST(JourneyReports, WhatTheCaptureSaysIsEscapedAndBounded) {
  PaperJourneys paper;
  const std::string hostile = "\x1b[31m\xff\n\"=cmd()" + std::string(5000, 'x');
  paper.begin(hostile, s).other_names = {hostile};
  paper.travel({{0, q, dns, "dns.query", hostile, sent},
                {1, c, s, "tls.client_hello", hostile, sent},
                {2, c, s, "http.request", hostile, sent}});
  for (const auto& [write, formats] : all_reports()) {
    for (const Format format : formats) {
      const std::string text = told(paper, write, format);
      EXPECT_EQ(text.find('\x1b'), std::string::npos);
      EXPECT_EQ(text.find('\xff'), std::string::npos);
      if (format == Format::text || format == Format::story) {
        for (const std::string& line : lines_of(text)) EXPECT_LE(width_of(line), 320U);
      }
    }
  }
}

TEST(JourneyReports, LimitedToFrames) {
  PaperJourneys paper;
  for (int i = 0; i < 3; ++i) {
    paper.begin("", s);
    paper.travel({{i, c, s, "tcp.syn", {}, sent}, {i, s, c, "tcp.syn_ack", {}, received}});
  }
  const auto told_of = [&](const std::vector<FrameNumber>& frames) {
    std::vector<std::uint32_t> numbers;
    limited_to(paper.source(),
               frames)([&](const journeys::Journey& journey) { numbers.push_back(journey.number); });
    return numbers;
  };
  using Numbers = std::vector<std::uint32_t>;
  EXPECT_EQ(told_of({}), Numbers{});
  EXPECT_EQ(told_of({FrameNumber{4}, FrameNumber{1}}), (Numbers{1, 2}));
  EXPECT_EQ(told_of({FrameNumber{3}, FrameNumber{4}, FrameNumber{99}}), Numbers{2});
}

TEST(JourneyReports, TheEndsOfTime) {
  PaperJourneys paper;
  paper.begin("", s);
  for (const std::int64_t time_us : {0L, -4'000'000'000'000'000L, 4'000'000'000'000'000L})
    paper.travel({{time_us, c, s, "dns.query tcp.syn tls.client_hello http.request", {}, sent},
                  {time_us, s, c, "dns.answer tcp.fin", {}, received}});
  for (const auto& [write, formats] : all_reports())
    for (const Format format : formats)
      for (const std::uint32_t scale : {1U, 4'000'000'000U})
        EXPECT_NE(told(paper, write, format, Language::english, scale), "");
}

TEST(JourneyReports, StoryIsForTheDiary) {
  EXPECT_EQ(format_from_name("story"), std::nullopt);
  EXPECT_EQ(format_from_name("story", diary_formats), Format::story);
  EXPECT_EQ(format_names(diary_formats), "text, json, csv, story");
}

// -- where the year begins

/// The same fetch twice, and a frame without a time that begins a third.
const PaperJourneys& three_fetches() {
  static const PaperJourneys paper = [] {
    PaperJourneys made;
    for (const std::int64_t begin_us : {1000, 700'000'000}) {
      made.begin("a.example", s);
      made.travel({{begin_us, c, s, "tcp.syn", {}, sent},
                   {begin_us + 100'000, s, c, "tcp.syn_ack", {}, received},
                   {begin_us + 100'000, c, s, "tcp.handshake_ack", {}, sent}});
    }
    made.begin("b.example", s);
    PaperFrame timeless{0, c, s, "tcp.syn", {}, sent};
    timeless.timed = false;
    made.travel(timeless);
    made.travel({800'000'000, s, c, "tcp.syn_ack", {}, received});
    return made;
  }();
  return paper;
}

std::string told_from(Origin origin, Write write, Format format) {
  const PaperJourneys& paper = three_fetches();
  std::string text;
  write(paper.store, {Language::english, {1}, origin}, format, paper.source(),
        [&](std::string_view piece) { text += piece; });
  return text;
}

TEST(WhereTheYearBegins, EachJourneyItsOwn) {
  std::vector<std::string> dates;
  for (const auto& entry : objects_of(told_from(Origin::journey, write_diary, Format::json)))
    dates.push_back(entry["time"].is_null() ? "none" : entry["time"].get<std::string>());
  const std::string first = "Jan 1, 00:00:00", later = "Feb 6, 12:00:00";
  EXPECT_THAT(dates, ::testing::ElementsAre(first, later, later, first, later, later, "none", "none"));

  const auto lines = objects_of(told_from(Origin::journey, write_journeys, Format::json));
  ASSERT_EQ(lines.size(), 3U);
  EXPECT_EQ(lines[1]["start"], first);
  EXPECT_EQ(lines[1]["end"], later);
  EXPECT_TRUE(lines[2]["start"].is_null());
  EXPECT_TRUE(lines[2]["end"].is_null());
  EXPECT_FALSE(lines[2]["start_ns"].is_null()) << "a time it has";

  const std::string story = told_from(Origin::journey, write_diary, Format::story);
  EXPECT_THAT(story, HasSubstr("Feb 6, 12:00"));
  EXPECT_THAT(story, Not(HasSubstr("Year ")));
}

/// Laid over one another, day for day.
TEST(WhereTheYearBegins, OneCalendarForAllJourneys) {
  const auto days = objects_of(told_from(Origin::journey, write_calendar, Format::json));
  ASSERT_EQ(days.size(), 2U);
  EXPECT_EQ(days[0]["month"], 1);
  EXPECT_EQ(days[0]["tcp"], 2);
  EXPECT_EQ(days[1]["month"], 2);
  EXPECT_EQ(days[1]["day"], 6);
  EXPECT_EQ(days[1]["tcp"], 4);
  const std::string text = told_from(Origin::journey, write_calendar, Format::text);
  EXPECT_THAT(text, HasSubstr("2 journeys, 6 events"));
  EXPECT_THAT(told_from(Origin::capture, write_calendar, Format::text), HasSubstr("Year 700"));
}

/// No report is written where a time reference can be set.
TEST(WhereTheYearBegins, ReferenceIsTheFirstFrame) {
  for (const Write write : {write_diary, write_calendar, write_journeys})
    for (const Format format : {Format::json, Format::csv, Format::text}) {
      EXPECT_EQ(told_from(Origin::reference, write, format), told_from(Origin::capture, write, format));
      EXPECT_NE(told_from(Origin::journey, write, format), told_from(Origin::capture, write, format));
    }
}

}  // namespace
}  // namespace humantime::reports
