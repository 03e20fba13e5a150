// SPDX-License-Identifier: GPL-2.0-or-later
// Where the letters stand: a straight line from date to date, whatever the capture says.
#include "layout/letters_layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <set>

#include "layout/letters_lines.h"
#include "layout/summary.h"
#include "layout/words.h"
#include "model/round_trips.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

constexpr std::int64_t ms = 1'000'000;
constexpr std::int64_t second = 1000 * ms;
constexpr std::int64_t day = seconds_per_day;
constexpr double width = 1264, height = 594;

StretchedTime at(std::int64_t year, int month = 1, int day_of_month = 1, int hour = 0, int minute = 0) {
  return time_of({year, month, day_of_month, hour, minute, 0, 0});
}

struct Laid {
  explicit Laid(const Source& source) : timeline(source) {
    while (timeline.advance(10'000)) {
    }
  }
  const Scene& out(const View& view, double w = width, double h = height) {
    lay_out_letters(timeline, view, w, h, plain_measure(), scene);
    return scene;
  }
  const Scene& overview(const View& view, double w = width) {
    lay_out_letters_overview(timeline, view, w, overview_height, plain_measure(), scene);
    return scene;
  }
  Timeline timeline;
  Scene scene;
};

View year_view() {
  View view;
  view.window = TimeWindow{0, stretched_seconds_per_year};
  return view;
}

std::size_t counted_events(const Scene& scene) {
  std::size_t sum = 0;
  for (const Hit& hit : scene.hits) sum += hit.count;
  return sum;
}

std::size_t events_in(const Timeline& timeline, const LettersFrame& frame) {
  return static_cast<std::size_t>(
      std::count_if(timeline.events().begin(), timeline.events().end(), [&](const Event& event) {
        return event.time_ns != Event::unknown && event.time_ns >= frame.row().begin_ns &&
               event.time_ns < std::min(frame.row().end_ns, frame.frame.until_ns);
      }));
}

void expect_sound(const Scene& scene, const std::string& of) {
  const Rect& bounds = scene.bounds;
  const auto inside = [&](const Point& p) {
    return p.x >= bounds.x - 0.01 && p.x <= bounds.right() + 0.01 && p.y >= bounds.y - 0.01 &&
           p.y <= bounds.bottom() + 0.01;
  };
  for (const Fill& fill : scene.fills)
    ASSERT_TRUE(inside({fill.rect.x, fill.rect.y}) && inside({fill.rect.right(), fill.rect.bottom()})) << of;
  for (const Line& line : scene.lines)
    ASSERT_TRUE(inside({line.from.x, std::clamp(line.from.y, bounds.y, bounds.bottom())}) &&
                inside({line.to.x, std::clamp(line.to.y, bounds.y, bounds.bottom())}))
        << of << ": " << line.from.x << " to " << line.to.x;
  for (const Wedge& wedge : scene.wedges)
    for (const Point& corner : wedge.corners) ASSERT_TRUE(inside(corner)) << of;
  for (const Mark& mark : scene.marks) ASSERT_TRUE(inside(mark.at)) << of;
  for (const Label& label : scene.labels) ASSERT_FALSE(label.text.empty()) << of;
}

const Line* line_of(const Scene& scene, const Timeline& timeline, Phase phase) {
  for (const Line& line : scene.lines)
    if (line.event != no_event && timeline.at(line.event).phase == phase) return &line;
  return nullptr;
}

bool says(const Scene& scene, std::string_view text) {
  return std::any_of(scene.labels.begin(), scene.labels.end(),
                     [&](const Label& label) { return label.text == text; });
}

// -- the article

TEST(Letters, GoFromTheSentToTheReceivedDate) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  Laid laid(source);
  const View view = year_view();
  const Scene& scene = laid.out(view);
  const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
  // ClientHello: March 9, 19:27 at the client to March 19, 10:30 at the server.
  const Line* hello = line_of(scene, laid.timeline, Phase::tls_client_hello);
  ASSERT_NE(hello, nullptr);
  const double per_day = frame.day_width(), minute = per_day / 24 / 60;
  EXPECT_NEAR(hello->from.x, frame.frame.left + (31 + 28 + 8 + (19 + 27 / 60.0) / 24) * per_day, minute);
  EXPECT_EQ(hello->from.y, frame.rail(Rail::client));
  EXPECT_NEAR(hello->to.x, frame.frame.left + (31 + 28 + 18 + (10 + 30 / 60.0) / 24) * per_day, minute);
  EXPECT_NEAR(hello->to.y, frame.rail(Rail::server), 0.01);
  EXPECT_EQ(hello->ink, Ink::tls);
  EXPECT_EQ(hello->style, LineStyle::solid);
  // SYN+ACK goes up.
  const Line* answer = line_of(scene, laid.timeline, Phase::tcp_syn_ack);
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->from.y, frame.rail(Rail::server));
  EXPECT_NEAR(answer->to.y, frame.rail(Rail::client), 0.01);
}

TEST(Letters, OfALookUpGoToTheNameServersAndAreEstimated) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const View view = year_view();
  const Scene& scene = laid.out(view);
  const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
  std::size_t lines = 0;
  for (const Line& line : scene.lines) {
    if (line.ink != Ink::dns || line.event == no_event) continue;
    ++lines;
    EXPECT_EQ(line.style, LineStyle::dashed);
    EXPECT_NEAR(std::max(line.from.y, line.to.y), frame.rail(Rail::name_server), 0.01);
    EXPECT_NEAR(std::min(line.from.y, line.to.y), frame.rail(Rail::client), 0.01);
  }
  EXPECT_EQ(lines, 6U) << "three questions and their answers";
  EXPECT_TRUE(says(scene, "name servers"));
  // Where no look-up is in sight there is no rail for it.
  View handshake;
  EXPECT_FALSE(says(laid.out(handshake), "name servers"));
}

TEST(Letters, ShadeAndCountTheRoundTrips) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const View view;
  const Scene& scene = laid.out(view);
  const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
  std::vector<Label> numbers;
  for (const Label& label : scene.labels)
    if (label.style == TextStyle::number) numbers.push_back(label);
  ASSERT_EQ(numbers.size(), 4U);
  const std::vector<RoundTrip> trips = round_trips_of(laid.timeline, 1);
  std::vector<Fill> shades;
  for (const Fill& fill : scene.fills)
    if (fill.strength == Strength::tint) shades.push_back(fill);
  ASSERT_EQ(shades.size(), 4U);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_EQ(numbers[i].text, std::to_string(i + 1));
    EXPECT_TRUE(shades[i].rect.contains({numbers[i].box.x, numbers[i].box.y + numbers[i].box.height / 2}));
    EXPECT_NEAR(shades[i].rect.x, frame.frame.x_at(frame.row(), trips[i].begin_ns), 0.01);
    EXPECT_NEAR(shades[i].rect.right(), frame.frame.x_at(frame.row(), trips[i].end_ns), 0.01);
  }
  EXPECT_TRUE(says(scene, "TLS hellos"));
  EXPECT_TRUE(says(scene, "17 d 12 h"));
}

TEST(Letters, OfSeveralJourneysTheOneInSightIsCounted) {
  PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  // The same once more, two years later.
  const std::vector<EventRecord> once = source.records;
  for (EventRecord record : once) {
    record.frame = FrameNumber{static_cast<std::uint32_t>(source.records.size() + 1)};
    record.journey = 2;
    record.time_ns = *record.time_ns + 2 * second;
    if (record.other_ns) record.other_ns = *record.other_ns + 2 * second;
    if (record.peer != no_frame)
      record.peer = FrameNumber{to_number(record.peer) + static_cast<std::uint32_t>(once.size())};
    source.records.push_back(record);
  }
  Laid laid(source);
  View view;
  EXPECT_EQ(journey_in(laid.timeline, view), 1U) << "year 1, where the view stands";
  EXPECT_NE(trips_sentence(laid.timeline, view).find("3 round trips"), std::string::npos);
  view.window = TimeWindow{2 * stretched_seconds_per_year, stretched_seconds_per_year};
  EXPECT_EQ(journey_in(laid.timeline, view), 2U);
  EXPECT_TRUE(says(laid.out(view), "1"));
  view.window = TimeWindow{0, 3 * stretched_seconds_per_year};
  EXPECT_EQ(journey_in(laid.timeline, view), 0U);
  EXPECT_FALSE(says(laid.out(view), "1"));
  EXPECT_NE(trips_sentence(laid.timeline, view).find("Choose a journey"), std::string::npos);
  view.journey = 2;
  EXPECT_EQ(journey_in(laid.timeline, view), 2U);
}

TEST(Letters, WithoutAWindowTheRoundTripsAreInSight) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const TimeWindow window = window_of(laid.timeline, {});
  EXPECT_TRUE(holds(window, at(1, 2, 19, 15, 27)));
  EXPECT_TRUE(holds(window, at(1, 5, 11, 14, 4)));
  EXPECT_FALSE(holds(window, at(1, 1, 27)));
  EXPECT_NEAR(static_cast<double>(window.seconds) / day, 90, 2);
}

TEST(Letters, LightHasItsWedgeBelowAQuarterOfTheView) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  View view;
  EXPECT_TRUE(laid.out(view).wedges.empty());
  view.light_ns = 5'889'000;
  const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
  const Scene& scene = laid.out(view);
  // SYN's: from where it was sent down to where light was two days later.
  const Line* syn = line_of(scene, laid.timeline, Phase::tcp_syn);
  ASSERT_NE(syn, nullptr);
  const double light = frame.day_width() * 5.889 / 1000 * 365;
  const auto wedge = std::find_if(scene.wedges.begin(), scene.wedges.end(), [&](const Wedge& w) {
    return std::abs(w.corners[0].x - syn->from.x) < 0.01;
  });
  ASSERT_NE(wedge, scene.wedges.end());
  EXPECT_EQ(wedge->ink, Ink::light_fill);
  EXPECT_NEAR(wedge->corners[1].x, syn->from.x + light, 0.01);
  EXPECT_EQ(wedge->corners[1].y, frame.rail(Rail::server));
  EXPECT_TRUE(says(scene, "light in fibre"));
  // A day wide, the light's line alone stays.
  view.window = TimeWindow{at(1, 2, 19).seconds, 4 * day};
  const Scene& close = laid.out(view);
  EXPECT_TRUE(close.wedges.empty());
  EXPECT_TRUE(std::any_of(close.lines.begin(), close.lines.end(),
                          [](const Line& line) { return line.ink == Ink::light_line; }));
  for (const std::int64_t wrong : {INT64_MAX, INT64_MIN, std::int64_t{0}, std::int64_t{-1}}) {
    view.light_ns = wrong;
    expect_sound(laid.out(view), std::to_string(wrong));
  }
}

TEST(Letters, SayHowUnsureTheirClocksAre) {
  PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  for (EventRecord& record : source.records)
    if (record.peer != no_frame) record.precision_ns = 25'000, record.error_ns = 16 * ms;
  Laid laid(source);
  View view;
  const ClockUncertainty clocks = clock_uncertainty_of(laid.timeline, 1);
  EXPECT_EQ(clocks.precision_ns, 25'000);
  EXPECT_EQ(clocks.error_ns, 16 * ms);
  EXPECT_NE(trips_sentence(laid.timeline, view).find("Clocks ± 13 min 8 s"), std::string::npos);
  const auto whiskers = [&] {
    const Scene& scene = laid.out(view);
    const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
    return std::count_if(scene.lines.begin(), scene.lines.end(), [&](const Line& line) {
      const double half = 25'000 * frame.frame.width * frame.row().per_ns;
      return line.event == no_event && line.from.y == line.to.y && line.ink == Ink::tls &&
             std::abs(line.to.x - line.from.x - 2 * half) < 0.01;
    });
  };
  EXPECT_EQ(whiskers(), 0) << "shorter than the mark";
  view.window = TimeWindow{at(1, 3, 19).seconds, 2 * day};
  EXPECT_EQ(whiskers(), 1) << "the ClientHello's, which was received; what is sent there has its own clock";
}

TEST(Letters, CountDistanceOnceForEachWay) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  View view;
  EXPECT_FALSE(light_share_of(laid.timeline, view, 1));
  view.light_ns = 5'889'000;
  const auto share = light_share_of(laid.timeline, view, 1);
  ASSERT_TRUE(share);
  EXPECT_EQ(share->ways, 8U);
  EXPECT_EQ(share->distance_ns, 8 * 5'889'000);
  EXPECT_NEAR(static_cast<double>(share->rest_ns), 914.777e6 - 8 * 5.889e6, 1);
  view.light_ns = INT64_MAX;
  EXPECT_FALSE(light_share_of(laid.timeline, view, 1));
  view.light_ns = second;
  EXPECT_EQ(light_share_of(laid.timeline, view, 1)->rest_ns, 0) << "more than there is leaves nothing";
}

// -- playing

TEST(Letters, TravelWhileTheYearIsPlayed) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  View view = year_view();
  view.until = at(1, 3, 14, 15);
  const Scene& scene = laid.out(view);
  const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
  const double now = frame.frame.x_at(frame.row(), frame.frame.until_ns);
  const Line* hello = line_of(scene, laid.timeline, Phase::tls_client_hello);
  ASSERT_NE(hello, nullptr);
  EXPECT_NEAR(hello->to.x, now, 0.01);
  EXPECT_GT(hello->to.y, frame.rail(Rail::client));
  EXPECT_LT(hello->to.y, frame.rail(Rail::server));
  // The letter itself is where its line ends.
  EXPECT_TRUE(std::any_of(scene.marks.begin(), scene.marks.end(), [&](const Mark& mark) {
    return mark.at == hello->to && mark.lane == Lane::tls && mark.filling == Filling::filled;
  }));
  for (const Mark& mark : scene.marks) EXPECT_LE(mark.at.x, now + 0.01);
  for (const Line& line : scene.lines) {
    if (line.event != no_event) {
      EXPECT_LE(line.to.x, now + 0.01);
    }
  }
  EXPECT_EQ(counted_events(scene), events_in(laid.timeline, frame));
  EXPECT_EQ(line_of(scene, laid.timeline, Phase::http_request), nullptr);
}

// -- coordinates

TEST(LettersCoordinates, GoThereAndBack) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  for (const TimeWindow& window : {TimeWindow{0, stretched_seconds_per_year}, TimeWindow{-5 * day, 90 * day},
                                   TimeWindow{67 * day, 3600}, TimeWindow{67 * day, shortest_window}}) {
    View view;
    view.window = window;
    for (const double share : {0.0, 0.1, 0.5, 0.999}) {
      const double into = share * static_cast<double>(window.seconds);
      const StretchedTime time{window.begin + static_cast<std::int64_t>(std::floor(into)),
                               static_cast<std::uint32_t>((into - std::floor(into)) * 1e9)};
      const auto point = letters_point_of(laid.timeline, view, width, height, time, Rail::server);
      ASSERT_TRUE(point);
      EXPECT_EQ(point->y, letters_frame(laid.timeline, view, width, height).rail(Rail::server));
      const auto back = letters_time_at(laid.timeline, view, width, height, *point);
      ASSERT_TRUE(back);
      const double off = static_cast<double>(back->seconds - time.seconds) +
                         (static_cast<double>(back->nanoseconds) - time.nanoseconds) * 1e-9;
      EXPECT_NEAR(off, 0, static_cast<double>(window.seconds) * 1e-9);
    }
    EXPECT_FALSE(letters_time_at(laid.timeline, view, width, height, {1, 100}));
    EXPECT_FALSE(letters_time_at(laid.timeline, view, width, height, {width - 1, 100}));
    const StretchedTime end{window.begin + window.seconds, 0};
    EXPECT_FALSE(letters_point_of(laid.timeline, view, width, height, end, Rail::client));
  }
}

TEST(LettersCoordinates, ZoomKeepsTheInstantInItsPlace) {
  const TimeWindow window{10 * day, 90 * day};
  const StretchedTime about = at(1, 3, 9, 19, 27);
  TimeWindow closer = window;
  for (int i = 0; i < 20; ++i) {
    const double before =
        static_cast<double>(about.seconds - closer.begin) / static_cast<double>(closer.seconds);
    const TimeWindow next = zoomed(closer, 0.75, about);
    const double after = static_cast<double>(about.seconds - next.begin) / static_cast<double>(next.seconds);
    EXPECT_NEAR(before, after, 1.0 / static_cast<double>(next.seconds)) << i;
    EXPECT_LT(next.seconds, closer.seconds);
    closer = next;
  }
  for (int i = 0; i < 60; ++i) closer = zoomed(closer, 0.5, about);
  EXPECT_EQ(closer.seconds, shortest_window);
  EXPECT_TRUE(holds(closer, about));
  for (int i = 0; i < 90; ++i) closer = zoomed(closer, 2, about);
  EXPECT_EQ(closer.seconds, longest_window);
  EXPECT_TRUE(holds(centred(window, at(3)), at(3)));
  EXPECT_EQ(moved(window, 1), (TimeWindow{100 * day, 90 * day}));
  EXPECT_EQ(moved(moved(window, 0.2), -0.2), window);
}

TEST(LettersCoordinates, FindTheLineUnderThePointer) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const Scene& scene = laid.out({});
  const Line* hello = line_of(scene, laid.timeline, Phase::tls_client_hello);
  ASSERT_NE(hello, nullptr);
  const Point middle{(hello->from.x + hello->to.x) / 2, (hello->from.y + hello->to.y) / 2};
  EXPECT_EQ(event_near(scene, {middle.x + 2, middle.y}, 5), hello->event);
  EXPECT_EQ(event_near(scene, {hello->from.x - 60, middle.y}, 5), std::nullopt);
}

// -- what captures hold

TEST(LettersOfHostileCaptures, HaveOneEndOrNoLength) {
  PaperSource source;
  source.origin = 0;
  // Only one end known; both ends at once; received before it was sent; from outside; over everything.
  EventRecord& alone = source.add(100 * ms, Phase::tcp_syn);
  alone.end = End::client;
  alone.direction = journeys::Direction::sent;
  const auto add = [&](std::int64_t sent_ns, std::int64_t received_ns) {
    source.add_letter(sent_ns, received_ns, End::client,
                      {{Phase::http_request, Stage::request, Certainty::seen}});
  };
  add(200 * ms, 200 * ms);
  add(320 * ms, 300 * ms);
  add(-5 * second, 400 * ms);
  add(500 * ms, 9 * second);
  add(-second, 2 * second);
  Laid laid(source);
  View view = year_view();
  for (const double w : {width, 100.0, 1.0, 0.0})
    for (const double h : {height, 40.0, 0.0}) expect_sound(laid.out(view, w, h), std::to_string(w));
  const Scene& scene = laid.out(view);
  const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
  // A stub says which way it went, and not when it came.
  const Line* stub = line_of(scene, laid.timeline, Phase::tcp_syn);
  ASSERT_NE(stub, nullptr);
  EXPECT_EQ(stub->style, LineStyle::dotted);
  EXPECT_EQ(stub->from.x, stub->to.x);
  EXPECT_GT(stub->to.y, stub->from.y);
  EXPECT_LT(stub->to.y - stub->from.y, 20);
  std::vector<Line> letters;
  for (const Line& line : scene.lines)
    if (line.event != no_event && line.ink == Ink::http) letters.push_back(line);
  ASSERT_EQ(letters.size(), 5U);
  for (const Line& line : letters) {
    EXPECT_LE(line.from.x, line.to.x) << "lines go to the right";
    EXPECT_GE(line.from.x, frame.frame.left);
    EXPECT_LE(line.to.x, frame.right());
  }
  EXPECT_EQ(counted_events(scene), events_in(laid.timeline, frame));
}

TEST(LettersOfHostileCaptures, BearEitherEndOfTime) {
  PaperSource source;
  source.origin = 0;
  const std::int64_t extremes[] = {INT64_MIN + 1, -1, 0, 1, INT64_MAX};
  for (const std::int64_t time : extremes)
    for (const std::int64_t other : extremes)
      for (const auto direction : {journeys::Direction::sent, journeys::Direction::received})
        for (const Phase phase : {Phase::tcp_syn, Phase::tcp_syn_ack, Phase::http_response_body}) {
          EventRecord& record = source.add(time, phase);
          record.direction = direction;
          record.end = End::client;
          record.other_ns = other;
          record.precision_ns = INT64_MAX;
          record.peer = FrameNumber{1};
        }
  Laid laid(source);
  for (const std::int64_t origin : {INT64_MIN, std::int64_t{0}, INT64_MAX}) {
    source.origin = origin;
    for (const std::int64_t begin : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX - 5, INT64_MAX})
      for (const std::int64_t seconds : {INT64_MIN, std::int64_t{0}, std::int64_t{1}, INT64_MAX}) {
        View view;
        view.window = TimeWindow{begin, seconds};
        view.light_ns = 5 * ms;
        expect_sound(laid.out(view), "extremes");
        expect_sound(laid.overview(view), "overview of extremes");
        view.until = StretchedTime{begin, 0};
        expect_sound(laid.out(view), "played extremes");
        zoomed(*view.window, 0.5, StretchedTime::max());
        moved(*view.window, 1e30);
      }
    View view;
    view.at = StretchedTime::max();
    expect_sound(laid.out(view), "no window");
  }
}

TEST(LettersOfHostileCaptures, AreThereWithoutEvents) {
  const PaperSource source;
  Laid laid(source);
  const Scene& scene = laid.out({});
  expect_sound(scene, "empty");
  EXPECT_TRUE(scene.marks.empty());
  EXPECT_TRUE(scene.hits.empty());
  EXPECT_TRUE(says(scene, "client"));
  expect_sound(laid.overview({}), "empty overview");
}

TEST(LettersOfHostileCaptures, FoldThousandsBelowAPixel) {
  std::mt19937_64 random(7);
  for (const Phase phase : {Phase::http_response_body, Phase::http_response_end}) {
    PaperSource source;
    source.origin = 0;
    std::vector<std::int64_t> times;
    for (int i = 0; i < 60'000; ++i) times.push_back(static_cast<std::int64_t>(random() % second));
    std::sort(times.begin(), times.end());
    for (const std::int64_t time : times) {
      EventRecord& record = source.add(time, phase);
      record.end = End::client;
      record.direction = random() % 2 == 0 ? journeys::Direction::received : journeys::Direction::sent;
      record.other_ns = record.direction == journeys::Direction::sent ? time + 8 * ms : time - 8 * ms;
    }
    Laid laid(source);
    const View view = year_view();
    const Scene& scene = laid.out(view);
    expect_sound(scene, "many");
    const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
    EXPECT_EQ(counted_events(scene), 60'000U) << "nothing is dropped silently";
    EXPECT_LT(static_cast<double>(scene.lines.size()), 2 * frame.frame.width);
    EXPECT_LT(static_cast<double>(scene.wedges.size()), 8 * frame.frame.width);
    EXPECT_LT(static_cast<double>(scene.marks.size()), frame.frame.width);
    EXPECT_LT(static_cast<double>(scene.hits.size()), 2 * frame.frame.width);
    if (phase != Phase::http_response_body) continue;
    // How many there are is said by a tint.
    EXPECT_TRUE(std::any_of(scene.wedges.begin(), scene.wedges.end(), [](const Wedge& w) {
      return w.strength == Strength::density && w.share > 0.9F;
    }));
  }
}

TEST(LettersOfHostileCaptures, TintNoGapBetweenBursts) {
  PaperSource source;
  source.origin = 0;
  for (const std::int64_t burst : {100 * ms, 600 * ms})
    for (int i = 0; i < 40; ++i)
      source.add_letter(burst + i * 10'000, burst + 30 * ms + i * 10'000, End::server,
                        {{Phase::http_response_body, Stage::response, Certainty::seen}});
  Laid laid(source);
  const Scene& scene = laid.out(year_view());
  ASSERT_FALSE(scene.wedges.empty());
  for (const Wedge& wedge : scene.wedges) {
    const double top = std::min({wedge.corners[0].y, wedge.corners[1].y, wedge.corners[2].y});
    double left = 1e9, right = 0;
    for (const Point& corner : wedge.corners)
      if (corner.y == top) left = std::min(left, corner.x), right = std::max(right, corner.x);
    EXPECT_LT(right - left, 8) << "forty letters are half a pixel wide";
  }
}

TEST(LettersOfHostileCaptures, CountWhatIsInSight) {
  std::mt19937_64 random(3);
  PaperSource source;
  source.origin = 0;
  for (int i = 0; i < 4000; ++i) {
    const auto time = static_cast<std::int64_t>(random() % (2 * second));
    EventRecord& record = source.add(time, static_cast<Phase>(random() % std::size(phase_rows)),
                                     1 + static_cast<std::uint32_t>(i) % 9);
    record.end = static_cast<End>(random() % 4);
    if (random() % 3 == 0) continue;
    record.direction = random() % 2 == 0 ? journeys::Direction::sent : journeys::Direction::received;
    const auto way = static_cast<std::int64_t>(random() % (100 * ms));
    record.other_ns = record.direction == journeys::Direction::sent ? time + way : time - way;
  }
  Laid laid(source);
  for (const TimeWindow& window :
       {TimeWindow{0, stretched_seconds_per_year}, TimeWindow{40 * day, 90 * day}, TimeWindow{100 * day, day},
        TimeWindow{100 * day, 3600}, TimeWindow{-400 * day, longest_window}}) {
    View view;
    view.window = window;
    const LettersFrame frame = letters_frame(laid.timeline, view, width, height);
    EXPECT_EQ(counted_events(laid.out(view)), events_in(laid.timeline, frame));
    expect_sound(laid.out(view), "some");
    view.hidden[static_cast<std::size_t>(Lane::tcp)] = true;
    for (const Mark& mark : laid.out(view).marks) EXPECT_NE(mark.lane, Lane::tcp);
  }
}

TEST(LettersLabels, StandApart) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  Laid laid(source);
  for (const Language language : {Language::english, Language::japanese})
    for (const double w : {600.0, 900.0, 1264.0, 1900.0})
      for (const std::int64_t days : {5, 30, 90, 365}) {
        View view;
        view.language = language;
        view.light_ns = 5'889'000;
        view.window = TimeWindow{at(1, 2, 15).seconds, days * day};
        const Scene& scene = laid.out(view, w);
        for (std::size_t i = 0; i < scene.labels.size(); ++i)
          for (std::size_t j = 0; j < i; ++j) {
            Rect a = scene.labels[i].box, b = scene.labels[j].box;
            // Boxes are as high as the font's line: a little air touches where glyphs do not.
            for (Rect* r : {&a, &b}) r->y += r->height * 0.15, r->height *= 0.7;
            EXPECT_FALSE(a.intersects(b)) << w << " wide, " << days << " days: " << scene.labels[i].text
                                          << " over " << scene.labels[j].text;
          }
      }
}

/// Each look-up goes to another name server, as a resolver asks them one after another.
class Resolver : public PaperSource {
 public:
  std::vector<std::string> servers;
  EventText text(FrameNumber frame) const override {
    const std::string& server = servers[(to_number(frame) - 1) / 2];
    return to_number(frame) % 2 == 1 ? EventText{"192.0.2.10:5353", server, "www.example.jp A"}
                                     : EventText{server, "192.0.2.10:5353", "www.example.jp A"};
  }
};

TEST(LettersLabels, NameEachNameServerBelowItsLetters) {
  Resolver source;
  source.origin = paper_origin;
  source.servers = {"203.0.113.4:53", "203.0.113.20:53", "[2001:db8::35]:53", "[2001:db8::35]:53"};
  for (std::size_t i = 0; i < source.servers.size(); ++i) {
    const std::int64_t asked = paper_origin + static_cast<std::int64_t>(i) * 240 * ms;
    for (const auto& [time, phase] :
         {std::pair{asked, Phase::dns_query}, {asked + 200 * ms, Phase::dns_referral}}) {
      EventRecord& record = source.add(time, phase);
      record.end = End::client;
      record.direction =
          phase == Phase::dns_query ? journeys::Direction::sent : journeys::Direction::received;
      record.other_ns = asked + 100 * ms;
      record.estimated = true;
    }
  }
  Laid laid(source);
  const Scene& scene = laid.out(year_view());
  const LettersFrame frame = letters_frame(laid.timeline, year_view(), width, height);
  std::vector<std::string> told;
  for (const Label& label : scene.labels) {
    if (label.text.find("203.0.113") == std::string::npos && label.text.find("2001:db8") == std::string::npos)
      continue;
    // Above the client's rail questions have their names.
    if (label.text.find("→") != std::string::npos) continue;
    told.push_back(label.text);
    EXPECT_GT(label.box.y, frame.rail(Rail::name_server));
    const std::int64_t turned = laid.timeline.at(label.event).other_ns;
    EXPECT_NEAR(label.box.x + label.box.width / 2, frame.frame.x_at(frame.row(), turned), 1);
  }
  // The last one is asked twice in succession.
  EXPECT_EQ(told, (std::vector<std::string>{"203.0.113.4", "203.0.113.20", "[2001:db8::35]"}));
}

TEST(LettersLabels, AreNoFinerThanTheClocks) {
  PaperSource source;
  source.origin = paper_origin;
  const std::int64_t noon = paper_origin + 200 * second / 365;
  source.add_letter(noon, noon + 20 * ms, End::client, {{Phase::tcp_syn, Stage::connect, Certainty::seen}});
  const auto labels = [&](std::int64_t precision_ns) {
    for (EventRecord& record : source.records) record.precision_ns = precision_ns;
    Laid laid(source);
    std::set<std::string> texts;
    for (const Label& label : laid.out(year_view()).labels) texts.insert(label.text);
    return texts;
  };
  const StretchedTime sent = stretch(Nanoseconds{noon - paper_origin}, {});
  const StretchedTime received = stretch(Nanoseconds{noon + 20 * ms - paper_origin}, {});
  const std::string exact_sent = clock_text(date_of(sent), Language::english);
  const std::string exact = clock_text(date_of(received), Language::english);
  ASSERT_NE(exact.substr(3), "00");
  EXPECT_EQ(labels(0).count(exact), 1U);
  constexpr std::int64_t half_an_hour = 57'000;
  const auto to_half_hours = labels(half_an_hour);
  EXPECT_EQ(to_half_hours.count(exact), 0U);
  EXPECT_EQ(to_half_hours.count(exact_sent), 1U) << "the origin's own clock";
  EXPECT_TRUE(std::any_of(to_half_hours.begin(), to_half_hours.end(), [&](const std::string& text) {
    return text.size() == 5 && text != exact_sent && (text.ends_with(":00") || text.ends_with(":30"));
  }));
  // Known to a day: no hour at all.
  for (const std::string& text : labels(3 * ms))
    EXPECT_FALSE(text.size() == 5 && text[2] == ':' && text != exact_sent) << text;
}

TEST(LettersLabels, TellWhatCameFromWhatWasSent) {
  PaperSource source;
  source.origin = paper_origin;
  const std::int64_t asked = paper_origin + 200 * ms, came = asked + 20 * ms;
  source.add_letter(asked, came, End::client, {{Phase::tls_client_hello, Stage::ssl, Certainty::seen}});
  source.add_letter(came + ms / 20, came + 20 * ms, End::server,
                    {{Phase::tls_server_hello, Stage::ssl, Certainty::seen}});
  source.add_letter(came + ms / 10, came + 20 * ms + ms / 10, End::server,
                    {{Phase::tls_certificate, Stage::ssl, Certainty::seen}});
  Laid laid(source);
  const Scene& scene = laid.out(year_view());
  const auto half = std::count_if(scene.marks.begin(), scene.marks.end(),
                                  [](const Mark& mark) { return mark.filling == Filling::half; });
  EXPECT_EQ(half, 1) << "all three stand in one mark";
  EXPECT_TRUE(says(scene, "ClientHello received"));
  EXPECT_TRUE(says(scene, "ServerHello … Certificate sent"));
  EXPECT_TRUE(says(scene, "ServerHello … Certificate received"));
}

TEST(LettersLabels, KeepTheirVerbsWhereTheLineBesideThemHasRoom) {
  // A mark at the right end, whose name does not fit behind it; the block before it can go to the left.
  PaperSource source;
  source.origin = 0;
  source.add_letter(0, 10 * ms, End::client, {{Phase::tcp_syn, Stage::connect, Certainty::seen}});
  source.add_letter(600 * ms, 650 * ms, End::client,
                    {{Phase::tls_client_key_exchange, Stage::ssl, Certainty::seen},
                     {Phase::tls_change_cipher_spec, Stage::ssl, Certainty::seen},
                     {Phase::tls_finished, Stage::ssl, Certainty::seen}});
  source.add_letter(700 * ms, 860 * ms, End::client,
                    {{Phase::http_request, Stage::request, Certainty::seen}});
  source.add_letter(861 * ms, 990 * ms, End::server,
                    {{Phase::http_response_start, Stage::response, Certainty::seen}});
  Laid laid(source);
  for (const double w : {760.0, 900.0, 1264.0}) {
    const Scene& scene = laid.out(year_view(), w);
    EXPECT_TRUE(says(scene, "HTTP request received")) << w;
    EXPECT_TRUE(says(scene, "first letter of the answer sent")) << w;
    EXPECT_TRUE(says(scene, "ClientKeyExchange … Finished received")) << w;
  }
}

TEST(LettersLabels, TellWhatHasNoRoom) {
  PaperSource source;
  source.origin = 0;
  for (int i = 0; i < 60; ++i)
    source.add_letter(200 * ms + i * 4 * ms, 230 * ms + i * 4 * ms, End::client,
                      {{Phase::tls_client_hello, Stage::ssl, Certainty::seen}});
  Laid laid(source);
  const Scene& scene = laid.out(year_view());
  EXPECT_TRUE(std::any_of(scene.labels.begin(), scene.labels.end(),
                          [](const Label& label) { return label.text.find(" more") != std::string::npos; }));
}

TEST(LettersLabels, AreNotWiderThanAHostileNameMayBe) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const Scene& scene = laid.out({});
  EXPECT_TRUE(says(scene, "ClientHello sent"));
  EXPECT_TRUE(says(scene, "Mar 9"));
  EXPECT_TRUE(says(scene, "19:27"));
  for (const Label& label : scene.labels) {
    EXPECT_GE(label.box.x, 0);
    EXPECT_LE(label.box.right(), width);
  }
}

// -- the axis and the overview

TEST(LettersAxis, HasRoundDatesAtEveryLength) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv");
  Laid laid(source);
  const std::pair<std::int64_t, const char*> cases[] = {
      {365 * day, "Apr"},  {90 * day, "Apr 1"}, {6 * day, "Mar 10"}, {2 * day, "Mar 10"},
      {6 * 3600, "20:00"}, {20 * 60, "19:30"},  {30, "19:27:10"},    {10 * 365 * day, "Year 2"}};
  for (const auto& [seconds, date] : cases) {
    View view;
    view.window = TimeWindow{seconds > 30 * day ? 20 * day
                             : seconds > day    ? at(1, 3, 9).seconds
                             : seconds > 60     ? at(1, 3, 9, 19, 20).seconds
                                                : at(1, 3, 9, 19, 27).seconds,
                             seconds};
    const Scene& scene = laid.out(view);
    EXPECT_TRUE(says(scene, date)) << seconds << " s";
    std::size_t ticks = 0;
    for (const Line& line : scene.lines)
      if (line.ink == Ink::muted && line.from.x == line.to.x) ++ticks;
    EXPECT_GE(ticks, 3U) << seconds;
    EXPECT_LE(static_cast<double>(ticks), width / 30) << seconds;
  }
}

TEST(LettersOverview, BracketsTheWindowAndFindsTheDate) {
  const PaperSource source = article(TEST_DATA "/article-timeline.tsv", 69);
  Laid laid(source);
  View view;
  view.window = TimeWindow{at(1, 3, 1).seconds, 31 * day};
  const Scene& scene = laid.overview(view);
  const auto bracket = std::find_if(scene.fills.begin(), scene.fills.end(),
                                    [](const Fill& fill) { return fill.ink == Ink::selection; });
  ASSERT_NE(bracket, scene.fills.end());
  const Point middle{bracket->rect.x + bracket->rect.width / 2, bracket->rect.y + bracket->rect.height / 2};
  const auto time = overview_time_at(laid.timeline, view, width, overview_height, middle);
  ASSERT_TRUE(time);
  EXPECT_EQ(date_of(*time).month, 3);
  EXPECT_EQ(date_of(*time).day, 16);
  EXPECT_NEAR(bracket->rect.width, 31.0 / 365 * (width - 100) + 2, 0.1);
  EXPECT_FALSE(overview_time_at(laid.timeline, view, width, overview_height, {20, middle.y}));
  EXPECT_TRUE(says(scene, "3 round trips"));
  // Its smallest is still there to be dragged.
  view.window = TimeWindow{at(1, 3, 1).seconds, shortest_window};
  for (const Fill& fill : laid.overview(view).fills) {
    if (fill.ink == Ink::selection) {
      EXPECT_GE(fill.rect.width, 6);
    }
  }
}

TEST(LettersOverview, HasYearsInAnyNumber) {
  PaperSource source;
  source.origin = 0;
  for (const std::int64_t years : {1, 15, 400, 100'000}) {
    source.records.clear();
    source.add(0, Phase::tcp_syn);
    source.add(years * second - 1, Phase::tcp_fin);
    ++source.current_revision;
    Laid laid(source);
    const Scene& scene = laid.overview({});
    expect_sound(scene, std::to_string(years));
    EXPECT_LT(scene.lines.size(), 400U) << years;
  }
}

TEST(Polygons, AreCutByTwoVerticals) {
  Scene scene;
  add_polygon(scene, {{0, 0}, {10, 10}, {0, 10}}, 2, 6, Wedge{});
  double area = 0;
  for (const Wedge& wedge : scene.wedges) {
    const auto& c = wedge.corners;
    area += std::abs((c[1].x - c[0].x) * (c[2].y - c[0].y) - (c[2].x - c[0].x) * (c[1].y - c[0].y)) / 2;
    for (const Point& corner : c) {
      EXPECT_GE(corner.x, 2);
      EXPECT_LE(corner.x, 6);
    }
  }
  EXPECT_NEAR(area, 4 * (8 + 4) / 2.0, 1e-9);
  scene.clear();
  add_polygon(scene, {{0, 0}, {1, 1}, {0, 1}}, 2, 6, Wedge{});
  EXPECT_TRUE(scene.wedges.empty());
}

}  // namespace
}  // namespace humantime::ui::test
