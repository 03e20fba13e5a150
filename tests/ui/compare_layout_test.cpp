// SPDX-License-Identifier: GPL-2.0-or-later
// Where journeys stand that are compared: on one axis, whatever the size and the capture.
#include "layout/compare_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "compared_journeys.h"
#include "layout/drawing.h"
#include "layout/handshake_words.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

using testing::HasSubstr;

constexpr double width = 1264, height = 736;

struct Laid {
  explicit Laid(Journeys& paper, const View& of = {})
      : journeys(paper), view(of), comparison(paper.compared(of)) {}
  const Scene& out(double w = width, double h = height) {
    lay_out_compare(*journeys.timeline, comparison, view, w, h, plain_measure(), scene);
    return scene;
  }
  CompareFrame frame(double w = width, double h = height) const {
    return compare_frame(comparison, view, w, h);
  }
  double x_at(std::int64_t ns) const {
    const CompareFrame of = frame();
    return of.axis.x_at(of.axis.page.storage[0], ns);
  }
  Journeys& journeys;
  View view;
  Comparison comparison;
  Scene scene;
};

bool says(const Scene& scene, std::string_view text) {
  return std::any_of(scene.labels.begin(), scene.labels.end(),
                     [&](const Label& label) { return label.text.find(text) != std::string::npos; });
}

std::vector<const Label*> labels_in(const Scene& scene, const CompareRowFrame& row) {
  std::vector<const Label*> found;
  for (const Label& label : scene.labels)
    if (label.box.y + label.box.height / 2 > row.top && label.box.y + label.box.height / 2 < row.bottom)
      found.push_back(&label);
  return found;
}

void expect_sound(const Scene& scene, const std::string& of) {
  const Rect& bounds = scene.bounds;
  const auto inside = [&](const Point& p) {
    return p.x >= bounds.x - 0.01 && p.x <= bounds.right() + 0.01 && p.y >= bounds.y - 0.01 &&
           p.y <= bounds.bottom() + 0.01;
  };
  for (const Fill& fill : scene.fills)
    ASSERT_TRUE(inside({fill.rect.x, fill.rect.y}) && inside({fill.rect.right(), fill.rect.bottom()})) << of;
  for (const Line& line : scene.lines) ASSERT_TRUE(inside(line.from) && inside(line.to)) << of;
  for (const Mark& mark : scene.marks) ASSERT_TRUE(inside(mark.at)) << of;
  for (const Label& label : scene.labels) {
    ASSERT_FALSE(label.text.empty()) << of;
    ASSERT_GE(label.box.x, bounds.x) << of << ": " << label.text;
  }
}

/// No text on another one.
void expect_apart(const Scene& scene, const std::string& of) {
  for (std::size_t i = 0; i < scene.labels.size(); ++i)
    for (std::size_t j = i + 1; j < scene.labels.size(); ++j) {
      const auto ink = [](const Label& label) {
        const double slack = label.box.height * 0.18;
        return Rect{label.box.x + 0.5, label.box.y + slack, label.box.width - 1,
                    label.box.height - 2 * slack};
      };
      EXPECT_FALSE(ink(scene.labels[i]).intersects(ink(scene.labels[j])))
          << of << ": " << scene.labels[i].text << " / " << scene.labels[j].text;
    }
}

Journeys seeds_four() {
  Journeys paper;
  paper.tls12_full();
  paper.tls12_ticket();
  paper.tls13();
  paper.tls13_early();
  return paper;
}

TEST(Compare, RowsStandOnOneAxis) {
  Journeys paper = seeds_four();
  Laid laid(paper);
  const Scene& scene = laid.out();
  const CompareFrame frame = laid.frame();
  ASSERT_EQ(frame.rows.size(), 4U);
  // Each row's first mark is the ClientHello, at the axis' beginning, on the client's rail.
  for (const CompareRowFrame& row : frame.rows) {
    const auto mark = std::find_if(scene.marks.begin(), scene.marks.end(), [&](const Mark& m) {
      return m.at.y == row.client && std::abs(m.at.x - frame.axis.left) < 0.5;
    });
    EXPECT_NE(mark, scene.marks.end());
    EXPECT_LT(row.client, row.server);
    EXPECT_LT(row.server, row.bottom);
  }
  // 150 ms is February 24, 18:00: 54.75 days.
  const double per_day = frame.axis.width / static_cast<double>(frame.axis.page.storage[0].capacity) * 86'400;
  EXPECT_NEAR(laid.x_at(way), frame.axis.left + 54.75 * per_day, 0.01);
  expect_sound(scene, "four");
  expect_apart(scene, "four");
}

TEST(Compare, LettersGoFromRailToRail) {
  Journeys paper = seeds_four();
  Laid laid(paper);
  const Scene& scene = laid.out();
  const CompareRowFrame row = laid.frame().rows[0];
  const EventIndex hello = laid.comparison.rows[0].trips[0].ask;
  const auto line =
      std::find_if(scene.lines.begin(), scene.lines.end(), [&](const Line& l) { return l.event == hello; });
  ASSERT_NE(line, scene.lines.end());
  EXPECT_NEAR(line->from.x, laid.x_at(0), 0.01);
  EXPECT_NEAR(line->from.y, row.client, 0.01);
  EXPECT_NEAR(line->to.x, laid.x_at(way), 0.01);
  EXPECT_NEAR(line->to.y, row.server, 0.01);
  EXPECT_EQ(line->ink, Ink::tls);
  EXPECT_EQ(line->style, LineStyle::solid);
}

TEST(Compare, RoundTripsAreNumbered) {
  Journeys paper = seeds_four();
  Laid laid(paper);
  const Scene& scene = laid.out();
  const CompareFrame frame = laid.frame();
  const std::vector<std::vector<std::string>> expected = {{"1", "2"}, {"1"}, {"1"}, {"0"}};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    std::vector<std::string> numbers;
    for (const Label* label : labels_in(scene, frame.rows[i]))
      if (label->style == TextStyle::number || label->style == TextStyle::title)
        numbers.push_back(label->text);
    EXPECT_EQ(numbers, expected[i]) << i;
  }
}

TEST(Compare, SaysWhatIsSaved) {
  Journeys paper = seeds_four();
  Laid laid(paper);
  const Scene& scene = laid.out(1800, height);
  // Two ways of 150 ms are 109 days and 12 hours.
  EXPECT_EQ(saving_text(laid.comparison, 1, laid.view), "1 round trip less, 300.0 ms, 109 d 12 h earlier");
  EXPECT_EQ(saving_text(laid.comparison, 3, laid.view), "2 round trips less, 600.0 ms, 219 d earlier");
  EXPECT_EQ(saving_text(laid.comparison, 0, laid.view), "") << "the slowest saves nothing";
  for (const char* text :
       {"1 round trip less, 300.0 ms, 109 d 12 h earlier", "2 round trips less, 600.0 ms, 219 d earlier",
        "TLS 1.3 early data (0-RTT) hears its answer 219 d before TLS 1.2 full handshake",
        "asks on Aug 8, 00:00", "hears on Nov 25", "2 round trips, 600.0 ms", "no round trip, 0 ms"})
    EXPECT_TRUE(says(scene, text)) << text;
  EXPECT_TRUE(says(laid.out(900, height), "109 d 12 h earlier")) << "where there is less room, less is said";
  EXPECT_EQ(describe_compared_row(laid.comparison, laid.view, 1),
            "TLS 1.2 resumed by ticket, www.example.jp, 1 round trip, asks on Apr 20, 12:00, hears on Aug 8, "
            "00:00, "
            "1 round trip less, 300.0 ms, 109 d 12 h earlier");
}

TEST(Compare, InJapanese) {
  Journeys paper = seeds_four();
  View view;
  view.language = Language::japanese;
  Laid laid(paper, view);
  const Scene& scene = laid.out();
  for (const char* text :
       {"往復 1 回少ない", "109日12時間早い", "フルハンドシェイク", "早期データ（0-RTT）", "往復なし"})
    EXPECT_TRUE(says(scene, text)) << text;
  expect_apart(scene, "ja");
}

TEST(Compare, ManyRowsScroll) {
  Journeys paper;
  for (int i = 0; i < 40; ++i) paper.tls13();
  View view;
  view.compare.rows = CompareRows::journeys;
  Laid laid(paper, view);
  const Scene& scene = laid.out();
  const CompareFrame frame = laid.frame();
  EXPECT_GT(scene.bounds.height, height);
  ASSERT_EQ(frame.rows.size(), 40U);
  for (std::size_t i = 1; i < frame.rows.size(); ++i) EXPECT_EQ(frame.rows[i].top, frame.rows[i - 1].bottom);
  EXPECT_LE(frame.rows.back().bottom, scene.bounds.height);
  expect_sound(scene, "forty");
  // Few rows fill the page instead.
  view.compare.only = {1, 2};
  Laid two(paper, view);
  EXPECT_NEAR(two.frame().rows.back().bottom, height, 80);
}

TEST(Compare, WhatIsNotShownIsSaid) {
  Journeys paper;
  paper.plain();
  paper.tls13();
  Laid laid(paper);
  EXPECT_TRUE(says(laid.out(), "1 not shown, without a ClientHello"));
  EXPECT_TRUE(says(laid.scene, "1 · www.example.jp"));
  View view;
  view.compare.align = Alignment::client_hello;
  view.compare.only = {1};
  Laid none(paper, view);
  EXPECT_TRUE(says(none.out(), "No journey here has a ClientHello"));
  EXPECT_TRUE(none.frame().rows.empty());
  expect_sound(none.scene, "none");
}

TEST(Compare, WithoutAnAnswerThereIsNothingToSave) {
  Journeys paper;
  paper.unread("tls13_full", 1);
  paper.unread("", std::nullopt);
  Laid laid(paper);
  const Scene& scene = laid.out();
  for (const char* text :
       {"question not readable", "kind not known", "round trips not known", "1 round trip, 300.0 ms"})
    EXPECT_TRUE(says(scene, text)) << text;
  EXPECT_FALSE(says(scene, "earlier"));
}

TEST(Compare, WhatIsInferredIsMarked) {
  Journeys paper;
  paper.certainty = Certainty::inferred;
  for (int i = 0; i < 8; ++i) paper.tls13();
  Laid laid(paper);
  EXPECT_TRUE(says(laid.out(), "inferred")) << "also where rows are low";
  Journeys seen;
  seen.tls13();
  Laid other(seen);
  EXPECT_FALSE(says(other.out(), "inferred"));
}

TEST(Compare, MeansHaveTheirSpread) {
  Journeys paper;
  paper.tls13();
  paper.delay = way;
  paper.tls13();
  paper.tls12_full();
  View view;
  view.compare.rows = CompareRows::handshakes;
  Laid laid(paper, view);
  const Scene& scene = laid.out();
  EXPECT_TRUE(says(scene, "mean of 2 journeys"));
  EXPECT_TRUE(std::any_of(scene.lines.begin(), scene.lines.end(),
                          [](const Line& line) { return line.width == deviation_width; }));
  for (const Hit& hit : scene.hits)
    EXPECT_EQ(paper.timeline->at(hit.event).journey, 3U) << "a mean has no packets to point at";
}

TEST(Compare, IsZoomedAndMoved) {
  Journeys paper = seeds_four();
  View view;
  view.compare.window = TimeWindow{50 * 86'400, 10 * 86'400};
  Laid laid(paper, view);
  expect_sound(laid.out(), "zoomed");
  const auto time = compare_time_at(laid.comparison, view, width, height, {laid.frame().axis.left, 300});
  ASSERT_TRUE(time);
  EXPECT_EQ(time->seconds, 50 * 86'400);
  EXPECT_FALSE(compare_time_at(laid.comparison, view, width, height, {3, 300}));
}

TEST(Compare, IsPlayed) {
  Journeys paper = seeds_four();
  Laid whole(paper);
  const std::size_t all = whole.out().marks.size();
  View view;
  view.until = time_of({1, 3, 1, 0, 0, 0, 0});
  Laid laid(paper, view);
  const Scene& scene = laid.out();
  EXPECT_LT(scene.marks.size(), all);
  for (const Mark& mark : scene.marks) EXPECT_LE(mark.at.x, laid.x_at(59LL * 1'000'000'000 / 365));
}

TEST(Compare, AtAnySizeNothingIsOutside) {
  Journeys paper = seeds_four();
  paper.unread("", std::nullopt);
  for (const Alignment align : {Alignment::client_hello, Alignment::connection, Alignment::first_frame})
    for (const double w : {0.0, 1.0, 100.0, 300.0, 760.0, 1280.0, 1920.0})
      for (const double h : {0.0, 50.0, 520.0, 1080.0}) {
        View view;
        view.compare.align = align;
        Laid laid(paper, view);
        const std::string of = std::to_string(w) + "x" + std::to_string(h);
        expect_sound(laid.out(w, h), of);
        if (w >= 760) expect_apart(laid.scene, of);
      }
}

TEST(Compare, TimesThatAFileMakesUp) {
  Journeys paper = seeds_four();
  for (EventRecord& record : paper.source.records) {
    if (to_number(record.frame) % 3 == 0) record.time_ns = std::numeric_limits<std::int64_t>::max();
    if (to_number(record.frame) % 5 == 0) record.other_ns = std::numeric_limits<std::int64_t>::min() + 1;
    if (to_number(record.frame) % 7 == 0) record.time_ns.reset();
  }
  for (const Alignment align : {Alignment::client_hello, Alignment::connection, Alignment::first_frame})
    for (const CompareRows rows : {CompareRows::journeys, CompareRows::handshakes}) {
      View view;
      view.compare.align = align;
      view.compare.rows = rows;
      Laid laid(paper, view);
      expect_sound(laid.out(), "made up");
    }
  // Two answers at either end of time have a mean, and one that is far off.
  Journeys ends;
  ends.tls13();
  ends.tls13();
  EventRecord& last = ends.source.records[ends.source.records.size() - 1];
  last.time_ns = std::numeric_limits<std::int64_t>::max();
  ends.source.records[ends.source.records.size() - 2].other_ns = last.time_ns;
  View view;
  view.compare.rows = CompareRows::handshakes;
  Laid laid(ends, view);
  ASSERT_EQ(laid.comparison.rows.size(), 1U);
  EXPECT_GT(laid.comparison.rows[0].hears_sd_ns, 0);
  expect_sound(laid.out(), "far off");
}

TEST(Handshakes, AreCalledByWhatTheyAre) {
  const auto name = [](std::string_view text, Language language = Language::english) {
    const HandshakeName of = name_of_handshake(text, language);
    return of.protocol + "|" + of.course;
  };
  EXPECT_EQ(name("tls12_full"), "TLS 1.2|full handshake");
  EXPECT_EQ(name("tls13_0rtt+client_auth"), "TLS 1.3|early data (0-RTT), client certificate");
  EXPECT_EQ(name("quic"), "QUIC|TLS 1.3 inside");
  EXPECT_EQ(name("tls12_session_id", Language::japanese), "TLS 1.2|セッション ID で再開");
  EXPECT_EQ(name("tls99_full"), "|tls99_full") << "what is not known is said as it is";
  EXPECT_EQ(name("tls12_full+"), "|tls12_full+");
  EXPECT_EQ(name(""), "|");
#define HANDSHAKE(token, round_trips, version, course) \
  EXPECT_FALSE(name_of_handshake(#token, Language::english).protocol.empty()) << #token;
#include "handshakes.def"
#undef HANDSHAKE
}

}  // namespace
}  // namespace humantime::ui::test
