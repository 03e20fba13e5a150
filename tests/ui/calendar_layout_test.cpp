// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/calendar_layout.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "layout/frame.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t second = 1000 * ms;
constexpr Level all_levels[] = {Level::years, Level::year, Level::month,
                                Level::day,   Level::hour, Level::minute};

StretchedTime at(std::int64_t year, int month = 1, int day = 1, int hour = 0, int minute = 0) {
  return time_of({year, month, day, hour, minute, 0, 0});
}

struct Laid {
  explicit Laid(const Source& source) : timeline(source) {
    while (timeline.advance(10'000)) {
    }
  }
  const Scene& out(const View& view, double width = 902, double height = 630) {
    lay_out_calendar(timeline, view, width, height, plain_measure(), scene);
    return scene;
  }
  Timeline timeline;
  Scene scene;
};

View view_of(Level level, StretchedTime time) {
  View view;
  view.level = level;
  view.at = time;
  return view;
}

std::size_t counted_events(const Scene& scene) {
  std::size_t sum = 0;
  for (const Hit& hit : scene.hits) sum += hit.count;
  return sum;
}

std::size_t events_in(const Timeline& timeline, const View& view) {
  const Page page = page_of(view, origin_of(timeline, view).value_or(0));
  std::size_t sum = 0;
  for (const Event& event : timeline.events())
    if (event.time_ns != Event::unknown)
      for (const PageRow& row : page.rows())
        if (event.time_ns >= row.begin_ns && event.time_ns < row.end_ns) ++sum;
  return sum;
}

/// What must hold of every scene.
void expect_sound(const Scene& scene, const std::string& of) {
  const Rect& bounds = scene.bounds;
  const auto inside = [&](const Point& p) {
    return p.x >= bounds.x - 0.01 && p.x <= bounds.right() + 0.01 && p.y >= bounds.y - 0.01 &&
           p.y <= bounds.bottom() + 0.01;
  };
  const auto rect_inside = [&](const Rect& r) {
    return inside({r.x, r.y}) && inside({r.right(), r.bottom()}) && r.width >= 0 && r.height >= 0;
  };
  for (const Fill& fill : scene.fills) ASSERT_TRUE(rect_inside(fill.rect)) << of;
  for (const Line& line : scene.lines) ASSERT_TRUE(inside(line.from) && inside(line.to)) << of;
  for (const Wedge& wedge : scene.wedges)
    for (const Point& corner : wedge.corners) ASSERT_TRUE(inside(corner)) << of;
  for (const Mark& mark : scene.marks) ASSERT_TRUE(inside(mark.at)) << of;
  for (const Label& label : scene.labels) ASSERT_FALSE(label.text.empty()) << of;
}

void expect_labels_apart(const Scene& scene, const std::string& of) {
  for (std::size_t i = 0; i < scene.labels.size(); ++i)
    for (std::size_t j = 0; j < i; ++j) {
      if (scene.labels[i].event == no_event && scene.labels[j].event == no_event) continue;
      // Boxes are as high as the font's line: a little air touches where glyphs do not.
      Rect a = scene.labels[i].box, b = scene.labels[j].box;
      for (Rect* r : {&a, &b}) r->y += r->height * 0.15, r->height *= 0.7;
      ASSERT_FALSE(a.intersects(b)) << of << ": " << scene.labels[i].text << " over " << scene.labels[j].text;
    }
}

/// Many events of a few journeys over some years, with letters of all lengths.
PaperSource crowd(std::size_t count, std::uint32_t journeys, std::int64_t span, unsigned seed = 1) {
  std::mt19937_64 random(seed);
  PaperSource source;
  source.origin = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto time = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(span));
    const auto phase = static_cast<Phase>(random() % std::size(phase_rows));
    EventRecord& record = source.add(
        time, phase, 1 + static_cast<std::uint32_t>(random() % std::min<std::uint64_t>(journeys, i + 1)));
    record.end = static_cast<End>(random() % 4);
    if (random() % 2 == 0) {
      record.direction = random() % 2 == 0 ? journeys::Direction::sent : journeys::Direction::received;
      const auto way = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(span / 10));
      record.other_ns = record.direction == journeys::Direction::sent ? time + way : time - way;
    }
  }
  return source;
}

TEST(YearPage, TwelveRowsFillTheWindow) {
  for (const std::size_t segments : {0, 69}) {
    const PaperSource source = article(TEST_DATA "/article-timeline.tsv", segments);
    Laid laid(source);
    for (const auto& [width, height] : {std::pair{902.0, 630.0}, {1542.0, 910.0}}) {
      const CalendarFrame frame = frame_of(laid.timeline, view_of(Level::year, at(1)), width, height);
      ASSERT_EQ(frame.page.count, 12U);
      EXPECT_NEAR(frame.rows[11].bottom, height, 0.01);
      EXPECT_EQ(frame.bounds, (Rect{0, 0, width, height}));
      double y = 18;
      std::set<double> lane_heights;
      for (std::size_t r = 0; r < 12; ++r) {
        EXPECT_NEAR(frame.rows[r].top, y, 0.01);
        y = frame.rows[r].bottom;
        for (const LaneFrame& lane : frame.rows[r].lanes())
          lane_heights.insert(std::round((lane.bottom - lane.top) * 100));
      }
      EXPECT_EQ(lane_heights.size(), 1U) << "lanes are equally high, so that slopes compare";
    }
  }
}

TEST(YearPage, HasTheArticlesLanes) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  Laid laid(source);
  const CalendarFrame frame = frame_of(laid.timeline, view_of(Level::year, at(1)), 902, 630);
  using Lanes = std::vector<Lane>;
  const Lanes expected[12] = {{Lane::arp, Lane::dns}, {Lane::dns, Lane::tcp},
                              {Lane::tcp, Lane::tls}, {Lane::tls, Lane::http},
                              {Lane::http},           {Lane::http},
                              {Lane::http},           {Lane::http},
                              {Lane::http},           {Lane::tcp, Lane::tls, Lane::http},
                              {Lane::tcp, Lane::tls}, {}};
  for (std::size_t r = 0; r < 12; ++r) {
    Lanes lanes;
    for (const LaneFrame& lane : frame.rows[r].lanes()) lanes.push_back(lane.lane);
    EXPECT_EQ(lanes, expected[r]) << r + 1;
  }
}

TEST(YearPage, StandsWhereTheArticleSays) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const View view = view_of(Level::year, at(1));
  const Scene& scene = laid.out(view);
  const CalendarFrame frame = frame_of(laid.timeline, view, 902, 630);
  const double day = frame.width / 31;
  // ClientHello: sent on March 9, 19:27 at the client's edge.
  const auto hello = std::find_if(scene.marks.begin(), scene.marks.end(), [&](const Mark& mark) {
    return laid.timeline.at(mark.event).phase == Phase::tls_client_hello && mark.filling == Filling::hollow;
  });
  ASSERT_NE(hello, scene.marks.end());
  EXPECT_NEAR(hello->at.x, frame.left + (8 + (19 + 27 / 60.0) / 24) * day, day / 24 / 60);
  EXPECT_EQ(hello->at.y, frame.rows[2].lanes()[1].band_top);
  // Its line ends on March 19, 10:30 at the server's.
  const auto line = std::find_if(scene.lines.begin(), scene.lines.end(),
                                 [&](const Line& l) { return l.event == hello->event; });
  ASSERT_NE(line, scene.lines.end());
  EXPECT_NEAR(line->to.x, frame.left + (18 + (10 + 30 / 60.0) / 24) * day, day / 24 / 60);
  EXPECT_EQ(line->to.y, frame.rows[2].lanes()[1].band_bottom);
  // A response that is answered at once is one mark, half filled: SYN+ACK and ACK on March 9.
  EXPECT_TRUE(std::any_of(scene.marks.begin(), scene.marks.end(), [&](const Mark& mark) {
    return mark.filling == Filling::half && laid.timeline.at(mark.event).phase == Phase::tcp_syn_ack;
  }));
}

TEST(YearPage, LettersGoOnInTheNextRow) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const View view = view_of(Level::year, at(1));
  const Scene& scene = laid.out(view);
  const CalendarFrame frame = frame_of(laid.timeline, view, 902, 630);
  // SYN+ACK, February 27 to March 9: two pieces that meet at the same height of the band.
  std::vector<Line> pieces;
  for (const Line& line : scene.lines)
    if (line.event != no_event && laid.timeline.at(line.event).phase == Phase::tcp_syn_ack)
      pieces.push_back(line);
  ASSERT_EQ(pieces.size(), 2U);
  const LaneFrame& february = frame.rows[1].lanes()[1];
  const LaneFrame& march = frame.rows[2].lanes()[0];
  EXPECT_NEAR(pieces[0].to.x, frame.left + 28 * frame.width / 31, 0.01);
  EXPECT_NEAR(pieces[1].from.x, frame.left, 0.01);
  EXPECT_NEAR(pieces[0].to.y - february.band_top, pieces[1].from.y - march.band_top, 0.01);
  EXPECT_EQ(pieces[1].to.y, march.band_top);
}

TEST(YearPage, AFlightHasOneName) {
  PaperSource source;
  source.origin = paper_origin;
  const auto marks = [](std::initializer_list<Phase> phases) {
    std::vector<PhaseMark> list;
    for (const Phase phase : phases) list.push_back({phase, Stage::ssl, Certainty::seen});
    return list;
  };
  // Two segments of one answer, a fifth of a millisecond apart: less than a mark is wide.
  source.add_letter(paper_origin + 200 * ms, paper_origin + 222 * ms, End::server,
                    marks({Phase::tls_server_hello}));
  source.add_letter(paper_origin + 200 * ms + ms / 5, paper_origin + 222 * ms + ms / 5, End::server,
                    marks({Phase::tls_certificate, Phase::tls_server_hello_done}));
  // And one that sets off later, which has a name of its own.
  source.add_letter(paper_origin + 230 * ms, paper_origin + 240 * ms, End::server,
                    marks({Phase::tls_finished}));
  Laid laid(source);
  std::set<std::string> names;
  for (const Label& label : laid.out(view_of(Level::year, at(1))).labels)
    if (label.event != no_event) names.insert(label.text.substr(0, label.text.find(" 8 d")));
  EXPECT_EQ(names.count("ServerHello … ServerHelloDone"), 1U) << testing::PrintToString(names);
  EXPECT_EQ(names.count("ServerHello"), 0U);
  for (const std::string& name : names) EXPECT_FALSE(name.starts_with("Certificate")) << name;
}

TEST(YearPage, EndsWhenItIsPlayed) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  View view = view_of(Level::year, at(1));
  view.until = at(1, 3, 10);
  const Scene& scene = laid.out(view);
  EXPECT_EQ(counted_events(scene), 14U);  // up to the ClientHello, without the ACK that is on its way
  const CalendarFrame frame = frame_of(laid.timeline, view, 902, 630);
  const double now = frame.left + 9 * frame.width / 31;
  bool on_its_way = false;
  for (const Line& line : scene.lines)
    if (line.event != no_event && laid.timeline.at(line.event).phase == Phase::tls_client_hello) {
      on_its_way = true;
      EXPECT_NEAR(line.to.x, now, 0.01);
    }
  EXPECT_TRUE(on_its_way);
}

TEST(YearPage, LightHasItsWedge) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  View view = view_of(Level::year, at(1));
  EXPECT_TRUE(laid.out(view).wedges.empty());
  view.light_ns = 5'900'000;
  EXPECT_FALSE(laid.out(view).wedges.empty());
  for (const std::int64_t light : {INT64_MAX, INT64_MIN, std::int64_t{0}, std::int64_t{-1}}) {
    view.light_ns = light;
    expect_sound(laid.out(view), std::to_string(light));
  }
}

TEST(MonthPage, WhiskersSayHowUnsureTheClocksAre) {
  PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  constexpr std::int64_t precision = 250'000;  // an hour and a half; half of a mark in the year
  for (EventRecord& record : source.records)
    if (record.peer != no_frame) record.precision_ns = precision;
  Laid laid(source);
  const auto whiskers = [&](const View& view) {
    const Scene& scene = laid.out(view);
    const CalendarFrame frame = frame_of(laid.timeline, view, 902, 630);
    const double length = 2 * static_cast<double>(precision) * frame.width * frame.page.rows()[2].per_ns;
    return std::count_if(scene.lines.begin(), scene.lines.end(), [&](const Line& line) {
      return line.strength == Strength::solid && line.event == no_event && line.from.y == line.to.y &&
             std::abs(line.to.x - line.from.x - length) < 0.01;
    });
  };
  // In March are received: SYN+ACK (its answer is folded into its mark), the last ACK, and two of TLS.
  EXPECT_EQ(whiskers(view_of(Level::month, at(1, 3))), 3);
  EXPECT_EQ(whiskers(view_of(Level::year, at(1))), 0) << "shorter than the mark";
}

TEST(EveryPage, CountsAddUpAndNothingIsOutside) {
  struct Case {
    std::size_t events;
    std::uint32_t journeys;
    std::int64_t span;
  };
  for (const Case& c :
       {Case{1, 1, second}, Case{300, 3, second}, Case{20'000, 5, second}, Case{20'000, 30, 3 * second},
        Case{5'000, 8, 2 * ms}, Case{3'000, 3, 400'000}, Case{2'000, 2, 2'000}}) {
    const PaperSource source = crowd(c.events, c.journeys, c.span);
    Laid laid(source);
    for (const Level level : {Level::year, Level::month, Level::day, Level::hour, Level::minute})
      for (const StretchedTime time : {at(1), at(1, 3, 9, 19, 27), at(2, 6)})
        for (const auto& [width, height] : {std::pair{902.0, 630.0}, {1542.0, 910.0}, {300.0, 60.0}}) {
          const View view = view_of(level, time);
          const std::string of =
              std::to_string(c.events) + " events, level " + std::to_string(static_cast<int>(level));
          const Scene& scene = laid.out(view, width, height);
          expect_sound(scene, of);
          expect_labels_apart(scene, of);
          EXPECT_EQ(counted_events(scene), events_in(laid.timeline, view)) << of;
        }
  }
}

TEST(TheHour, TellsWhatIsInAPacket) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const auto says = [](const Scene& scene, const std::string& text) {
    return std::any_of(scene.labels.begin(), scene.labels.end(),
                       [&](const Label& label) { return label.text == text; });
  };
  const std::string packet = "100 bytes: ClientKeyExchange, ChangeCipherSpec, Finished";
  EXPECT_TRUE(says(laid.out(view_of(Level::hour, at(1, 4, 1, 9, 39))), packet));
  EXPECT_TRUE(says(laid.out(view_of(Level::minute, at(1, 4, 1, 9, 39))), packet));
  EXPECT_FALSE(says(laid.out(view_of(Level::day, at(1, 4, 1))), packet)) << "a day has no room for it";
}

TEST(TheMinute, HasAxisAndFlagsToTheSecond) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const Scene& scene = laid.out(view_of(Level::minute, at(1, 4, 1, 9, 39)), 1264, 630);
  std::set<std::string> real;
  std::size_t ticks = 0, flags = 0;
  for (const Label& label : scene.labels) {
    const std::string& text = label.text;
    if (label.style == TextStyle::tick && text.starts_with("247.")) ++ticks, real.insert(text);
    if (label.style == TextStyle::heading && text.size() == 8 && text.starts_with("09:39:")) ++flags;
  }
  EXPECT_EQ(ticks, 60U);
  EXPECT_EQ(real.size(), ticks) << "two ticks have one time";
  EXPECT_EQ(flags, 1U);
}

TEST(Segments, ALoneOneHasItsName) {
  PaperSource source;
  source.origin = 0;
  source.add_letter(200 * ms, 222 * ms, End::client, {{Phase::tcp_ack, Stage::other, Certainty::seen}});
  Laid laid(source);
  const Scene& scene = laid.out(view_of(Level::year, at(1)));
  EXPECT_TRUE(std::any_of(scene.labels.begin(), scene.labels.end(),
                          [](const Label& label) { return label.text == "ACK 8 d"; }));
}

TEST(EveryPage, LooksAtPixelsNotAtEvents) {
  const PaperSource source = crowd(60'000, 3, second);
  Laid laid(source);
  const Scene& scene = laid.out(view_of(Level::year, at(1)));
  const CalendarFrame frame = frame_of(laid.timeline, view_of(Level::year, at(1)), 902, 630);
  std::size_t lanes = 0;
  for (const RowFrame& row : frame.rows) lanes += row.count;
  // No two marks of an edge share one mark's width.
  EXPECT_LE(static_cast<double>(scene.marks.size()),
            static_cast<double>(lanes) * 2 * (frame.width / 7.2 + 2));
  EXPECT_LE(static_cast<double>(scene.hits.size()), static_cast<double>(lanes) * frame.width);
}

TEST(EveryPage, BearsEitherEndOfTime) {
  PaperSource source;
  source.origin = 0;
  const std::int64_t extremes[] = {INT64_MIN + 1, -1, 0, 1, INT64_MAX};
  for (const std::int64_t time : extremes)
    for (const std::int64_t other : extremes)
      for (const auto direction : {journeys::Direction::sent, journeys::Direction::received}) {
        EventRecord& record = source.add(time, Phase::http_request);
        record.direction = direction;
        record.end = End::client;
        record.other_ns = other;
        source.add(time, Phase::http_response_body).other_ns = other;
      }
  Laid laid(source);
  for (const std::int64_t origin : {INT64_MIN, std::int64_t{0}, INT64_MAX}) {
    source.origin = origin;
    for (const Level level : all_levels)
      for (const StretchedTime time : {StretchedTime::min(), at(0), at(1), at(2), StretchedTime::max(),
                                       stretched(INT64_MAX, origin, {}), stretched(INT64_MIN, origin, {})}) {
        View view = view_of(level, time);
        expect_sound(laid.out(view), "extremes");
        view.until = time;
        expect_sound(laid.out(view), "played extremes");
      }
  }
}

TEST(EveryPage, IsThereWithoutEvents) {
  const PaperSource source;
  Laid laid(source);
  for (const Level level : all_levels) {
    const Scene& scene = laid.out(view_of(level, at(1)));
    EXPECT_FALSE(scene.lines.empty());
    EXPECT_TRUE(scene.marks.empty());
    expect_sound(scene, "empty");
  }
}

TEST(EveryPage, ShowsWhatIsAskedFor) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  View view = view_of(Level::year, at(1));
  view.hidden[static_cast<std::size_t>(Lane::tcp)] = true;
  for (const Mark& mark : laid.out(view).marks) EXPECT_NE(mark.lane, Lane::tcp);
  view = view_of(Level::year, at(1));
  view.journey = 2;
  EXPECT_TRUE(laid.out(view).marks.empty());
  view.journey = 1;
  EXPECT_EQ(counted_events(laid.out(view)), 34U);
}

TEST(CrowdedYear, StacksHeightsAndCountsWhatBegins) {
  PaperSource source;
  source.origin = 0;
  std::mt19937_64 random(4);
  std::map<int, std::uint32_t> begins;  // by day of the year
  std::vector<std::int64_t> starts;
  for (int i = 0; i < 500; ++i) starts.push_back(static_cast<std::int64_t>(random() % (900 * ms)));
  std::sort(starts.begin(), starts.end());
  for (std::uint32_t j = 1; j <= starts.size(); ++j) {
    const std::int64_t start = starts[j - 1];
    source.add(start, Phase::tcp_syn, j);
    source.add(start + 20 * ms, Phase::tcp_handshake_ack, j);
    source.add(start + 20 * ms, Phase::http_request, j);
    source.add(start + 60 * ms, Phase::http_response_start, j);
    ++begins[static_cast<int>(stretched(start, 0, {}).seconds / seconds_per_day)];
  }
  Laid laid(source);
  const View view = view_of(Level::year, at(1));
  const CalendarFrame frame = frame_of(laid.timeline, view, 902, 630);
  ASSERT_TRUE(frame.stacked);
  const Scene& scene = laid.out(view);
  expect_sound(scene, "stacked");
  EXPECT_EQ(counted_events(scene), 500U);
  EXPECT_EQ(scene.hits.size(), begins.size());
  double highest = 0;
  for (const Fill& fill : scene.fills)
    if (fill.ink == Ink::tcp || fill.ink == Ink::http) highest = std::max(highest, fill.rect.height);
  EXPECT_GT(highest, 5);
  // Of one journey there is enough room.
  View one = view;
  one.journey = 7;
  EXPECT_FALSE(frame_of(laid.timeline, one, 902, 630).stacked);
}

TEST(Segments, AreTicksAndADensity) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  Laid laid(source);
  const Scene& scene = laid.out(view_of(Level::year, at(1)));
  float darkest = 0;
  for (const Fill& fill : scene.fills)
    if (fill.strength == Strength::density) darkest = std::max(darkest, fill.share);
  // Up to eight are on the way in May, up to eighteen in August.
  EXPECT_GT(darkest, 0.5F);
  EXPECT_LE(darkest, 1.0F);
  EXPECT_TRUE(std::any_of(scene.labels.begin(), scene.labels.end(), [](const Label& label) {
    return label.text == "16 sent, 12 read, 12 on their way on Jun 30";
  }));
}

TEST(Segments, NoneIsNotCounted) {
  // Two that arrive in March and were sent in February; of an answer these are its letters.
  const auto counts = [](PhaseMark mark) {
    PaperSource source;
    source.origin = 0;
    for (const std::int64_t sent : {150 * ms, 151 * ms})
      source.add_letter(sent, sent + 20 * ms, End::server, {mark});
    Laid laid(source);
    std::set<std::string> found;
    for (const Label& label : laid.out(view_of(Level::year, at(1))).labels)
      for (const char* word : {"segments", "read", " sent"})
        if (label.text.find(word) != std::string::npos) found.insert(label.text);
    return found;
  };
  EXPECT_EQ(counts({Phase::tcp_data, Stage::response, Certainty::seen}),
            (std::set<std::string>{"2 segments sent", "2 segments received"}));
  EXPECT_EQ(counts({Phase::http_response_body, Stage::response, Certainty::seen}),
            (std::set<std::string>{"2 sent, 2 on their way on Feb 28", "the last 2 letters are read"}));
}

}  // namespace
}  // namespace humantime::ui::test
