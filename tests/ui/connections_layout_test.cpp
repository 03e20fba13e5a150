// SPDX-License-Identifier: GPL-2.0-or-later
// The page of connections, without a window: what stands where, of none, one and many servers.
#include "layout/connections_layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

#include "counted_connections.h"
#include "layout/connection_words.h"
#include "layout/connections_sheet.h"
#include "layout/handshake_times.h"
#include "layout/handshake_words.h"
#include "text.h"
#include "text_measure.h"

namespace humantime::ui {
namespace {

using test::handshakes;
using test::ms;
using test::plain_measure;
using test::ten_fetches;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::uint64_t huge = std::numeric_limits<std::uint64_t>::max();

struct Laid {
  Scene scene;
  std::vector<ConnectionsRow> rows;
  double needed = 0;

  const Label* label(std::string_view text) const {
    const auto found = std::find_if(scene.labels.begin(), scene.labels.end(),
                                    [&](const Label& label) { return label.text == text; });
    return found == scene.labels.end() ? nullptr : &*found;
  }
  std::vector<Fill> bars(Ink ink) const {
    std::vector<Fill> found;
    for (const Fill& fill : scene.fills)
      if (fill.ink == ink && fill.strength == Strength::solid) found.push_back(fill);
    return found;
  }
};

Laid lay_out(const ConnectionsRecord& record, double width = 960, double height = 700,
             Language language = Language::english) {
  View view;
  view.language = language;
  Laid laid;
  laid.needed = lay_out_connections(record, view, width, height, plain_measure(), laid.scene, laid.rows);
  return laid;
}

/// Every text inside, and none over another one.
void expect_legible(const Scene& scene, const std::string& what, bool scrolls = false) {
  for (std::size_t i = 0; i < scene.labels.size(); ++i) {
    const Label& label = scene.labels[i];
    EXPECT_GE(label.box.x, 0) << what << ": " << label.text;
    EXPECT_LE(label.box.right(), scene.bounds.width) << what << ": " << label.text;
    EXPECT_TRUE(scrolls || label.box.bottom() <= scene.bounds.height + 0.5) << what << ": " << label.text;
    EXPECT_EQ(printable(label.text), label.text) << what;
    for (std::size_t j = i + 1; j < scene.labels.size(); ++j)
      EXPECT_FALSE(label.box.intersects(scene.labels[j].box))
          << what << ": \"" << label.text << "\" and \"" << scene.labels[j].text << "\"";
  }
}

ConnectionsRecord many_kinds() {
  ConnectionsRecord record = ten_fetches();
  record.kinds.clear();
  std::int64_t at = ms / 2;
  for (const char* kind :
       {"ssl30_full", "tls10_full", "tls12_full", "tls12_full+client_auth",
        "tls12_full+client_auth+renegotiation", "tls12_session_id", "tls12_ticket", "tls13_full", "tls13_hrr",
        "tls13_psk", "tls13_external_psk", "tls13_0rtt", "quic", "quic_0rtt"}) {
    record.kinds.push_back(handshakes(kind, 100000, 1, {5, at, at * 2, at * 3, at * 4, at * 5}));
    at += at / 2;
  }
  record.handshakes = 1400000;
  record.broken_off = 12;
  record.refused = 3;
  record.unanswered = 4;
  record.connections = record.tls = record.http = 86415;
  record.tls_versions.fill(12345);
  record.http_versions.fill(12345);
  return record;
}

ConnectionsRecord of_huge_counts() {
  ConnectionsRecord record = many_kinds();
  record.server = std::string(255, 'w');
  for (std::uint64_t* count : {&record.connections, &record.refused, &record.unanswered, &record.tls,
                               &record.http, &record.handshakes, &record.broken_off, &record.segments,
                               &record.retransmissions, &record.zero_windows, &record.requests.messages,
                               &record.requests.frames, &record.requests.frame_bytes})
    *count = huge;
  record.requests.application_bytes = record.requests.tls_bytes = huge;
  record.responses = record.requests;
  record.segment_interval_ns = std::numeric_limits<std::int64_t>::max();
  record.kinds[0].count = huge;
  record.kinds[0].times = {huge, 0, 0, 0, 0, std::numeric_limits<std::int64_t>::max()};
  return record;
}

TEST(ConnectionsLayout, TextsNeverOverlapAndNeverLeaveThePage) {
  ConnectionsRecord none;
  ConnectionsRecord refused;
  refused.refused = 2;
  refused.segments = 4;
  ConnectionsRecord unread = ten_fetches();
  unread.responses.application_bytes.reset();
  unread.requests.application_bytes.reset();
  unread.requests.tls_bytes.reset();
  const std::vector<std::pair<std::string, ConnectionsRecord>> records = {
      {"none", none},
      {"refused", refused},
      {"ten", ten_fetches()},
      {"unread", unread},
      {"many kinds", many_kinds()},
      {"huge", of_huge_counts()},
      {"named", ten_fetches("日本語の長い名前.example.jp:443")}};
  for (const auto& [name, record] : records)
    for (const double width : {460.0, 640.0, 960.0, 1280.0, 1900.0})
      for (const Language language : {Language::english, Language::japanese})
        expect_legible(lay_out(record, width, 700, language).scene, name + " " + std::to_string(width));
}

TEST(ConnectionsLayout, ABarIsAsLongAsItsShare) {
  ConnectionsRecord record = ten_fetches();
  record.tls = 5;
  record.tls_versions = {};
  record.tls_versions[static_cast<std::size_t>(journeys::TlsVersion::tls12)] = 4;
  record.tls_versions[static_cast<std::size_t>(journeys::TlsVersion::tls13)] = 1;
  const Laid laid = lay_out(record);
  const std::vector<Fill> rails = laid.bars(Ink::shade), bars = laid.bars(Ink::tls);
  ASSERT_GE(bars.size(), 3U);
  const double whole = rails[0].rect.width;
  EXPECT_NEAR(bars[0].rect.width, whole * 0.5, 0.01) << "5 of 10 connections";
  EXPECT_NEAR(bars[1].rect.width, whole * 0.8, 0.01) << "4 of 5 with TLS";
  EXPECT_NEAR(bars[2].rect.width, whole * 0.2, 0.01);
  EXPECT_NE(laid.label("50.0 %"), nullptr);
  EXPECT_NE(laid.label("80.0 %"), nullptr);
}

TEST(ConnectionsLayout, BytesGrowFromTheInsideOut) {
  const Laid laid = lay_out(ten_fetches());
  const auto widest = [&](Ink ink) {
    const std::vector<Fill> bars = laid.bars(ink);
    return bars.empty() ? 0 : bars[bars.size() - 2].rect.width;
  };
  // Of the requests: 1,010 of HTTP, 1,300 of TLS, 1,960 in frames.
  EXPECT_NEAR(widest(Ink::http) / widest(Ink::tcp), 1010 / 1960.0, 0.001);
  EXPECT_NEAR(widest(Ink::tls) / widest(Ink::tcp), 1300 / 1960.0, 0.001);
  EXPECT_NE(laid.label("each on average: 101 → 130 → 196"), nullptr);
}

TEST(ConnectionsLayout, RecordsOfAPartAreNoMeanOfAll) {
  ConnectionsRecord record = ten_fetches();
  record.tls = 9;
  const Laid laid = lay_out(record);
  EXPECT_NE(laid.label("each on average: 101 → 196"), nullptr) << "one had no TLS";
  EXPECT_NE(laid.label("TLS records"), nullptr);
}

TEST(ConnectionsLayout, PacketsOfQuicAreWhatRecordsAre) {
  ConnectionsRecord record = ten_fetches();
  record.tls_versions[static_cast<std::size_t>(journeys::TlsVersion::quic)] = 2;
  record.tls_versions[static_cast<std::size_t>(journeys::TlsVersion::tls12)] = 8;
  EXPECT_NE(lay_out(record).label("each on average: 101 → 130 → 196"), nullptr);
}

TEST(ConnectionsLayout, WhatNobodyDecryptedIsSaidToBe) {
  ConnectionsRecord record = ten_fetches();
  record.requests.application_bytes.reset();
  const Laid laid = lay_out(record);
  EXPECT_NE(laid.label("not decrypted"), nullptr);
  EXPECT_NE(laid.label("each on average: 130 → 196"), nullptr);
}

TEST(ConnectionsLayout, BoxesStandOnOneAxis) {
  ConnectionsRecord record = ten_fetches();
  record.kinds.push_back(handshakes("tls13_full", 4, 1, {4, 46 * ms, 47 * ms, 48 * ms, 49 * ms, 50 * ms}));
  const Laid laid = lay_out(record);
  std::vector<double> medians;
  for (const Line& line : laid.scene.lines)
    if (line.width == 3) medians.push_back(line.from.x);
  ASSERT_EQ(medians.size(), 2U);
  const auto zero = std::find_if(laid.scene.labels.begin(), laid.scene.labels.end(), [](const Label& label) {
    return label.text == "0" && label.style == TextStyle::tick;
  });
  ASSERT_NE(zero, laid.scene.labels.end());
  const double from = zero->box.x + zero->box.width / 2;
  EXPECT_NEAR((medians[1] - from) / (medians[0] - from), 48 / 94.0, 0.001);
  EXPECT_NE(laid.label("34.3 d"), nullptr) << "94 ms of a second are 34.3 days of a year";
  EXPECT_NE(laid.label("94.0 ms"), nullptr);
  EXPECT_NE(laid.label("97.3 %"), nullptr);
}

TEST(ConnectionsLayout, TheDaysFollowTheScale) {
  View view;
  view.scale.seconds_per_year = 10;
  Scene scene;
  std::vector<ConnectionsRow> rows;
  lay_out_connections(ten_fetches(), view, 960, 700, plain_measure(), scene, rows);
  EXPECT_TRUE(std::any_of(scene.labels.begin(), scene.labels.end(),
                          [](const Label& label) { return label.text == "3.43 d"; }));
}

TEST(ConnectionsLayout, ASingleTimeIsAMark) {
  ConnectionsRecord record = ten_fetches();
  record.kinds = {handshakes("quic", 1, 1, {1, ms, ms, ms, ms, ms})};
  const Laid laid = lay_out(record);
  ASSERT_EQ(laid.scene.marks.size(), 1U);
  EXPECT_EQ(laid.scene.marks[0].lane, Lane::quic);
}

TEST(ConnectionsLayout, LinesSayAndCopyWhatTheyShow) {
  const Laid laid = lay_out(ten_fetches("www.example.jp"));
  std::vector<std::string> spoken, cells;
  for (const ConnectionsRow& row : laid.rows) {
    spoken.push_back(row.spoken);
    cells.push_back(row.cells);
  }
  EXPECT_THAT(spoken, Contains("www.example.jp, 10 connections"));
  EXPECT_THAT(spoken, Contains("with TLS: 10 of 10, 100.0 %"));
  EXPECT_THAT(spoken,
              Contains(HasSubstr("TLS 1.2 full: 10, 100.0 % of the handshakes, round trips 2, least 33 "
                                 "days 13 hours")));
  EXPECT_THAT(spoken, Contains("HTTP: 1,010 bytes"));
  EXPECT_THAT(cells, Contains("tls12_full\t10\t100.0 %\t2\t92.0\t93.0\t94.0\t96.0\t97.0\t97.3 %"));
  EXPECT_THAT(cells, Contains("TLS 1.2\t10\t100.0 %"));
}

TEST(ConnectionsLayout, LinesLieInsideAndOneKindIsOneLine) {
  const Laid laid = lay_out(many_kinds(), 960, 300);
  std::vector<std::size_t> kinds;
  for (const ConnectionsRow& row : laid.rows) {
    EXPECT_GE(row.rect.x, 0);
    EXPECT_LE(row.rect.right(), 960);
    EXPECT_LE(row.rect.bottom(), laid.needed);
    if (row.kind != ConnectionsRow::no_kind) kinds.push_back(row.kind);
  }
  EXPECT_EQ(kinds.size(), many_kinds().kinds.size());
  EXPECT_TRUE(std::is_sorted(kinds.begin(), kinds.end()));
  EXPECT_GT(laid.needed, 300) << "it scrolls";
}

TEST(ConnectionsLayout, RoomIsUsed) {
  const Laid low = lay_out(ten_fetches(), 960, 100), high = lay_out(ten_fetches(), 960, 1000);
  const auto bottom = [](const Laid& laid) { return laid.rows.back().rect.bottom(); };
  EXPECT_GT(bottom(high), bottom(low));
  EXPECT_LE(bottom(high), 1000);
}

TEST(ConnectionsLayout, WhatHasNoPlaceBesideTheOthersGoesBelowTheShortest) {
  ConnectionsRecord record = ten_fetches();
  record.tls_versions.fill(1);
  for (const double width : {500.0, 600.0, 700.0, 960.0}) {
    const Laid laid = lay_out(record, width, 1400);
    const Label *tls = laid.label("TLS"), *http = laid.label("HTTP"), *tcp = laid.label("TCP");
    ASSERT_TRUE(tls != nullptr && http != nullptr && tcp != nullptr);
    if (http->box.y != tls->box.y || tcp->box.y == http->box.y) continue;
    // Two columns: HTTP has fewer versions.
    EXPECT_EQ(tcp->box.x, http->box.x) << width;
    return;
  }
  FAIL() << "no width has two columns";
}

TEST(ServerList, TheBusiestStandsFirstAndAllOfThemAboveIt) {
  Connections connections = {ten_fetches(), ten_fetches("a.example"), ten_fetches("b.example")};
  connections[1].connections = 3;
  connections[2].connections = 7;
  EXPECT_THAT(server_order(connections), ElementsAre(0, 2, 1));
  EXPECT_THAT(server_order({}), IsEmpty());
}

TEST(ServerList, OfOneServerThereIsNone) {
  EXPECT_EQ(server_list_width({}, 1000), 0);
  EXPECT_EQ(server_list_width({ten_fetches(), ten_fetches("a")}, 1000), 0);
  EXPECT_GT(server_list_width({ten_fetches(), ten_fetches("a"), ten_fetches("b")}, 1000), 0);
}

TEST(ServerList, CostsWhatIsSeen) {
  Connections connections = {ten_fetches()};
  for (int i = 0; i < 20000; ++i) {
    connections.push_back(ten_fetches(i % 3 == 0 ? std::string(255, 'w') : std::to_string(i) + ".example"));
    connections.back().connections = i % 7 == 0 ? huge : 5;
  }
  const auto order = server_order(connections);
  View view;
  for (const double scroll : {0.0, 1000.0, 1e5, 1e9}) {
    Scene scene;
    lay_out_servers({connections, order, 0, scroll}, view, 260, 600, plain_measure(), scene);
    EXPECT_LT(scene.labels.size(), 100U);
    expect_legible(scene, "scrolled by " + std::to_string(scroll), true);
  }
}

TEST(ServerList, TheLastLineIsReachedByScrolling) {
  Connections connections = {ten_fetches()};
  for (int i = 0; i < 100; ++i) connections.push_back(ten_fetches(std::to_string(i) + ".example"));
  const TextMeasure measure = plain_measure();
  const double height = server_list_height(connections.size(), measure);
  EXPECT_DOUBLE_EQ(server_rect(connections.size() - 1, 260, measure).bottom(), height);
  Scene scene;
  View view;
  const auto order = server_order(connections);
  lay_out_servers({connections, order, 0, height - 400}, view, 260, 400, measure, scene);
  EXPECT_TRUE(std::any_of(scene.labels.begin(), scene.labels.end(),
                          [](const Label& label) { return label.text == "99.example"; }));
}

TEST(Elided, KeepsBothEndsAndCutsBetweenCharacters) {
  const TextMeasure measure = plain_measure();
  const std::string name = "日本語の名前がとても長いサーバー.example.jp";
  for (double width = 0; width < 300; width += 3) {
    const std::string cut = elided(name, width, TextStyle::body, measure);
    EXPECT_LE(measure.width(cut, TextStyle::body), width);
    EXPECT_EQ(printable(cut), cut) << "no half characters";
  }
  EXPECT_THAT(elided("aaaaaaaaaabbbbbbbbbb", 60, TextStyle::body, measure), ::testing::MatchesRegex("a+…b+"));
  EXPECT_EQ(elided("short", 100, TextStyle::body, measure), "short");
}

TEST(HandshakeLabel, SaysWhatTheTokenMeans) {
  const auto en = [](std::string_view kind) { return handshake_label(kind, Language::english); };
  EXPECT_EQ(en("tls12_full"), "TLS 1.2 full");
  EXPECT_EQ(en("tls12_session_id+client_auth"), "TLS 1.2 session ID + client certificate");
  EXPECT_EQ(en("tls13_0rtt"), "TLS 1.3 0-RTT");
  EXPECT_EQ(en("quic"), "QUIC");
  EXPECT_EQ(en("dtls12_full+renegotiation"), "DTLS 1.2 full + renegotiation");
  EXPECT_EQ(handshake_label("tls12_ticket", Language::japanese), "TLS 1.2 チケット");
  EXPECT_EQ(en("what_is_this"), "what is_this") << "nothing is made up";
  EXPECT_EQ(en(""), "");
  EXPECT_EQ(en("+"), " + ");
}

TEST(TimeScale, BeginsWithZeroUnlessTimesAreFarApart) {
  const TimeScale near(46 * ms, 94 * ms);
  EXPECT_FALSE(near.is_logarithmic());
  EXPECT_EQ(near.share_of(0), 0);
  EXPECT_LT(near.share_of(94.0 * ms), 1);
  const TimeScale far(ms, 1000 * ms);
  EXPECT_TRUE(far.is_logarithmic());
  EXPECT_NEAR(far.share_of(100.0 * ms) - far.share_of(10.0 * ms),
              far.share_of(10.0 * ms) - far.share_of(1.0 * ms), 1e-9);
  EXPECT_FALSE(TimeScale(0, 1000 * ms).is_logarithmic()) << "0 has no logarithm";
  EXPECT_EQ(TimeScale(0, 0).share_of(0), 0);
}

TEST(TimeScale, TicksAreRoundAndFew) {
  EXPECT_THAT(TimeScale(46 * ms, 94 * ms).ticks(1e6, 6), ElementsAre(0, 20, 40, 60, 80));
  EXPECT_THAT(TimeScale(2 * ms, 900 * ms).ticks(1e6, 20), ElementsAre(2, 5, 10, 20, 50, 100, 200, 500, 1000));
  for (const std::int64_t longest : {std::int64_t{1}, ms, std::numeric_limits<std::int64_t>::max()})
    for (const std::int64_t shortest : {std::int64_t{0}, std::int64_t{1}})
      for (const std::size_t most : {0U, 1U, 10U})
        EXPECT_LE(TimeScale(shortest, longest).ticks(86400e9 / 31536.0, most).size(), 80U);
}

}  // namespace
}  // namespace humantime::ui
