// SPDX-License-Identifier: GPL-2.0-or-later
// What is written as iCalendar, read back by libical and compared with the dates of the calendar.
#ifdef HUMANTIME_ICALENDAR
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <libical/ical.h>

#include <memory>
#include <set>

#include "export_fixture.h"

namespace humantime::ui {
namespace {

using test::Job;
using test::NastySource;
using test::paper_origin;
using test::PaperSource;

constexpr std::int64_t second = 1'000'000'000;

struct Event {
  std::string uid, summary, description, category;
  icaltimetype begin, end, stamp;
  bool has_end;
};

std::vector<Event> read_back(const std::string& text) {
  const std::unique_ptr<icalcomponent, decltype(&icalcomponent_free)> calendar(
      icalparser_parse_string(text.c_str()), &icalcomponent_free);
  std::vector<Event> events;
  if (calendar == nullptr || icalcomponent_isa(calendar.get()) != ICAL_VCALENDAR_COMPONENT) {
    ADD_FAILURE() << "no calendar";
    return events;
  }
  EXPECT_EQ(icalcomponent_count_errors(calendar.get()), 0);
  // RFC 5546's restrictions contain those of RFC 5545.
  for (icalcomponent* of = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT);
       of != nullptr; of = icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT)) {
    const char* description = icalcomponent_get_description(of);
    icalproperty* end = icalcomponent_get_first_property(of, ICAL_DTEND_PROPERTY);
    icalproperty* category = icalcomponent_get_first_property(of, ICAL_CATEGORIES_PROPERTY);
    events.push_back({icalcomponent_get_uid(of), icalcomponent_get_summary(of),
                      description ? description : "", category ? icalproperty_get_categories(category) : "",
                      icalcomponent_get_dtstart(of), icalcomponent_get_dtend(of),
                      icalcomponent_get_dtstamp(of), end != nullptr});
  }
  return events;
}

const Event* with_uid(const std::vector<Event>& events, const std::string& beginning) {
  for (const Event& event : events)
    if (event.uid.starts_with(beginning)) return &event;
  return nullptr;
}

std::string text_of(const icaltimetype& time) {
  return icaltime_as_ical_string(time);
}

/// The date of an instant as the calendar has it, in 2015.
std::string date_in_2015(std::int64_t time_ns, std::int64_t origin_ns, Scale scale = {}) {
  const Date date = date_of(stretch(Nanoseconds{time_ns - origin_ns}, scale));
  std::array<char, 32> text;
  std::snprintf(text.data(), text.size(), "2015%02d%02dT%02d%02d%02d", date.month, date.day, date.hour,
                date.minute, date.second);
  return text.data();
}

TEST(ICalendar, EveryMilestoneHasItsDate) {
  const PaperSource source = test::article(test::article_path());
  const Job job(source);
  const auto exported = job.run("ics");
  ASSERT_EQ(exported.outcome, Outcome::done);
  const std::vector<Event> events = read_back(exported.bytes);
  std::size_t milestones = 0;
  for (std::uint32_t frame = 1; frame <= source.frame_count(); ++frame) {
    const Event* event = with_uid(events, "frame-" + std::to_string(frame) + "-");
    ASSERT_NE(event, nullptr) << frame;
    ++milestones;
    const EventRecord& record = source.records[frame - 1];
    EXPECT_EQ(text_of(event->begin), date_in_2015(*record.time_ns, paper_origin));
    EXPECT_FALSE(event->has_end);
    // Floating: no zone, and not UTC.
    EXPECT_EQ(icaltime_is_utc(event->begin), 0);
    EXPECT_EQ(event->begin.zone, nullptr);
    EXPECT_THAT(event->summary,
                testing::EndsWith(record.direction == journeys::Direction::sent ? " sent" : " received"));
    EXPECT_THAT(event->description, testing::HasSubstr("frame " + std::to_string(frame)));
    EXPECT_THAT(event->description, testing::HasSubstr("www.sakura.example"));
  }
  EXPECT_EQ(milestones, 34U);
}

TEST(ICalendar, StagesSpanTheirTime) {
  const PaperSource source = test::article(test::article_path());
  const Job job(source);
  const std::vector<Event> events = read_back(job.run("ics").bytes);
  const std::vector<StageSpan> spans = job.timeline.stages(1);
  ASSERT_GE(spans.size(), 6U);
  std::array<int, stage_count> count{};
  for (const StageSpan& span : spans) {
    const int n = ++count[static_cast<std::size_t>(span.stage)];
    const Event* event =
        with_uid(events, "journey-1-" + std::string(token_of(span.stage)) + "-" + std::to_string(n) + "@");
    ASSERT_NE(event, nullptr);
    EXPECT_EQ(text_of(event->begin), date_in_2015(span.begin_ns, paper_origin));
    if (event->has_end) {
      EXPECT_EQ(text_of(event->end), date_in_2015(span.end_ns, paper_origin));
    }
    EXPECT_EQ(event->has_end,
              date_in_2015(span.begin_ns, paper_origin) != date_in_2015(span.end_ns, paper_origin));
    EXPECT_EQ(event->summary, std::string(label_of(span.stage, Language::english)) + " · www.sakura.example");
    EXPECT_EQ(event->category, token_of(span.lane));
  }
}

TEST(ICalendar, TextsComeBackAsTheyWere) {
  NastySource source(test::article(test::article_path()));
  source.journey_records[0].name = "a;b,c\\n:\"d\" 日本語";
  const Job job(source);
  const auto exported = job.run("ics");
  const std::vector<Event> events = read_back(exported.bytes);
  ASSERT_FALSE(events.empty());
  const Event* event = with_uid(events, "frame-1-");
  ASSERT_NE(event, nullptr);
  EXPECT_THAT(event->description, testing::HasSubstr("\n" + source.detail + "\n"));
  EXPECT_THAT(event->description, testing::EndsWith("\n" + source.journey_records[0].name));
}

TEST(ICalendar, LinesAreFoldedAndEndAsTheRfcAsks) {
  NastySource source(test::article(test::article_path()));
  // Three bytes each, so that a fold by bytes alone would cut some.
  source.detail.clear();
  for (int i = 0; i < 80; ++i) source.detail += "あ";
  const Job job(source);
  const std::string text = job.run("ics").bytes;
  ASSERT_TRUE(text.starts_with("BEGIN:VCALENDAR\r\n"));
  ASSERT_TRUE(text.ends_with("END:VEVENT\r\nEND:VCALENDAR\r\n"));
  std::size_t folded = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    const std::string line = text.substr(at, end - at);
    EXPECT_LE(line.size(), 75U);
    EXPECT_EQ(line.find('\n'), std::string::npos);
    // A line that begins in the middle of a character would be no UTF-8.
    EXPECT_EQ(QString::fromStdString(line).toStdString(), line);
    folded += line.starts_with(' ') ? 1 : 0;
    at = end + 2;
  }
  EXPECT_GT(folded, 34U);
  EXPECT_EQ(with_uid(read_back(text), "frame-1-")->description.find(source.detail) == std::string::npos,
            false);
}

TEST(ICalendar, IdentifiersAreStableAndUnique) {
  const PaperSource source = test::article(test::article_path());
  Job job(source);
  const auto uids = [&] {
    std::multiset<std::string> all;
    for (const Event& event : read_back(job.run("ics").bytes)) all.insert(event.uid);
    return all;
  };
  const auto first = uids();
  EXPECT_EQ(std::set<std::string>(first.begin(), first.end()).size(), first.size());
  EXPECT_EQ(job.run("ics").bytes, job.run("ics").bytes) << "nothing depends on when it is written";
  job.view.language = Language::japanese;
  EXPECT_EQ(uids(), first);
  // The same events, in another year.
  PaperSource later = source;
  *later.origin += second;
  for (EventRecord& record : later.records) *record.time_ns += second;
  const Job other(later);
  for (const Event& event : read_back(other.run("ics").bytes)) EXPECT_EQ(first.count(event.uid), 0U);
}

TEST(ICalendar, LaterYearsAreSaidInTheSummary) {
  PaperSource source;
  source.origin = paper_origin;
  source.add(paper_origin, Phase::http_request).direction = journeys::Direction::sent;
  // Half a year before the end of year 4.
  source.add(paper_origin + 3 * second + second / 2, Phase::http_response_start).direction =
      journeys::Direction::received;
  source.add(paper_origin - second / 4, Phase::arp_request, 0);
  source.journey_records = {
      {1, journeys::Kind::completed, FrameNumber{1}, paper_origin, paper_origin + 4 * second, "a"}};
  const Job job(source);
  const std::vector<Event> events = read_back(job.run("ics").bytes);
  const Event* response = with_uid(events, "frame-2-");
  ASSERT_NE(response, nullptr);
  EXPECT_TRUE(response->summary.starts_with("Year 4: ")) << response->summary;
  EXPECT_EQ(response->begin.year, 2015);
  EXPECT_EQ(text_of(response->begin), "20150702T120000");
  const Event* before = with_uid(events, "frame-3-");
  ASSERT_NE(before, nullptr);
  EXPECT_TRUE(before->summary.starts_with("Year 0: ")) << before->summary;
  EXPECT_EQ(text_of(before->begin), "20151001T180000");
  // The wait goes on from the first year into the fourth: an entry for its beginning, one for the years
  // between.
  const Event* begin = with_uid(events, "journey-1-wait-1@");
  const Event* years = with_uid(events, "journey-1-wait-1-years@");
  const Event* end = with_uid(events, "journey-1-wait-1-end@");
  ASSERT_TRUE(begin != nullptr && years != nullptr && end != nullptr);
  EXPECT_EQ(text_of(begin->begin), "20150101T000000");
  EXPECT_EQ(text_of(begin->end), "20160101T000000");
  EXPECT_FALSE(begin->summary.starts_with("Year"));
  EXPECT_TRUE(years->summary.starts_with("Years 2 to 3: ")) << years->summary;
  EXPECT_EQ(text_of(years->begin), "20150101T000000");
  EXPECT_EQ(text_of(years->end), "20160101T000000");
  EXPECT_TRUE(end->summary.starts_with("Year 4: "));
  EXPECT_EQ(text_of(end->begin), "20150101T000000");
  EXPECT_EQ(text_of(end->end), "20150702T120000");
}

TEST(ICalendar, OriginScaleJourneyLanesAndFilterCount) {
  PaperSource source;
  source.origin = paper_origin;
  source.add(paper_origin, Phase::arp_request, 0);
  source.add(paper_origin + second / 2, Phase::dns_query, 1);
  source.add(paper_origin + second / 2 + second / 4, Phase::tcp_syn, 2);
  source.add(paper_origin + second, Phase::dns_answer, 1).passes_filter = false;
  source.journey_records = {
      {1, journeys::Kind::failed, FrameNumber{2}, paper_origin + second / 2, paper_origin + second, "one"},
      {2, journeys::Kind::unanswered, FrameNumber{3}, 0, 0, "two"}};
  Job job(source);
  const auto dates = [&] {
    std::map<std::string, std::string> found;
    for (const Event& event : read_back(job.run("ics").bytes))
      if (event.uid.starts_with("frame-")) found[event.uid.substr(0, 7)] = text_of(event.begin);
    return found;
  };
  using Dates = std::map<std::string, std::string>;
  EXPECT_EQ(dates(), (Dates{{"frame-1", "20150101T000000"},
                            {"frame-2", "20150702T120000"},
                            {"frame-3", "20151001T180000"},
                            {"frame-4", "20150101T000000"}}));
  job.view.scale.seconds_per_year = 2;
  EXPECT_EQ(dates()["frame-4"], "20150702T120000");
  job.view.scale.seconds_per_year = 1;
  job.view.origin = OriginChoice::journey;
  EXPECT_EQ(dates(), (Dates{{"frame-2", "20150101T000000"},
                            {"frame-3", "20150101T000000"},
                            {"frame-4", "20150702T120000"}}));
  job.view.journey = 1;
  EXPECT_EQ(dates().size(), 2U);
  job.view.limit_to_filter = true;
  EXPECT_EQ(dates().size(), 1U);
  job.view.journey = 0;
  job.view.hidden[static_cast<std::size_t>(Lane::dns)] = true;
  EXPECT_EQ(dates(), (Dates{{"frame-3", "20150101T000000"}}));
}

TEST(ICalendar, CanBeCancelled) {
  PaperSource source;
  source.origin = paper_origin;
  for (int i = 0; i < 5000; ++i) source.add(paper_origin + i * 1000, Phase::dns_query, 0);
  const Job job(source);
  int calls = 0;
  double last = 0;
  const auto exported = job.run("ics", [&](double share) {
    EXPECT_GE(share, last);
    EXPECT_LE(share, 1);
    last = share;
    return ++calls < 4;
  });
  EXPECT_EQ(exported.outcome, Outcome::cancelled);
  EXPECT_EQ(calls, 4);
  EXPECT_THAT(exported.bytes, testing::Not(testing::HasSubstr("END:VCALENDAR")));
}

TEST(ICalendar, AHostileTimeIsNoHarm) {
  PaperSource source;
  source.origin = INT64_MIN + 1;
  source.add(INT64_MIN + 1, Phase::http_request);
  source.add(INT64_MAX, Phase::http_response_start);
  source.add(0, Phase::arp_request, 0);
  source.journey_records = {{1, journeys::Kind::completed, FrameNumber{1}, INT64_MIN, INT64_MAX, "x"}};
  const Job job(source);
  const auto exported = job.run("ics");
  EXPECT_EQ(exported.outcome, Outcome::done);
  EXPECT_LE(read_back(exported.bytes).size(), 12U);
}

}  // namespace
}  // namespace humantime::ui
#endif
