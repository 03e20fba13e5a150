// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/packet_bytes.h"

#include <gtest/gtest.h>

#include "layout/calendar_layout.h"
#include "paper_source.h"
#include "text_measure.h"

namespace humantime::ui::test {
namespace {

/// Every packet is made of the same.
class PacketSource : public PaperSource {
 public:
  std::vector<FramePiece> packet = {{PieceKind::ethernet, std::nullopt, 14, 0},
                                    {PieceKind::ipv4, std::nullopt, 20, 0},
                                    {PieceKind::tcp, std::nullopt, 32, 0},
                                    {PieceKind::tls_record, std::nullopt, 5, 0},
                                    {PieceKind::tls_message, Phase::tls_certificate, 1443, 2930}};
  std::vector<FramePiece> pieces(FrameNumber) const override { return packet; }
};

struct Laid {
  Laid(const Source& source, Level level, Language language = Language::english) : timeline(source) {
    while (timeline.advance(10'000)) {
    }
    View view;
    view.level = level;
    view.language = language;
    view.at = StretchedTime{3600, 0};
    lay_out_calendar(timeline, view, 1200, 900, plain_measure(), scene);
  }
  std::vector<Label> said(std::string_view text) const {
    std::vector<Label> found;
    for (const Label& label : scene.labels)
      if (label.text.find(text) != std::string::npos) found.push_back(label);
    return found;
  }
  Timeline timeline;
  Scene scene;
};

/// Minutes of the year in captured nanoseconds.
std::int64_t minutes(double number) {
  return static_cast<std::int64_t>(number * 60 / 31'536'000 * 1e9);
}

PacketSource packet_at(std::int64_t time_ns) {
  PacketSource source;
  source.origin = 0;
  source.add(time_ns, Phase::tls_certificate);
  source.journey_records.push_back(
      {.number = 1, .first = FrameNumber{1}, .first_ns = 0, .last_ns = time_ns, .name = "a"});
  return source;
}

TEST(PacketBytes, PlacesFillTheBarToScale) {
  const PacketSource source;
  const Rect bar{10, 20, 300, 9};
  const std::vector<Rect> places = places_in_bar(source.packet, bar);
  ASSERT_EQ(places.size(), source.packet.size());
  double x = bar.x;
  for (std::size_t i = 0; i < places.size(); ++i) {
    EXPECT_DOUBLE_EQ(places[i].x, x);
    EXPECT_NEAR(places[i].width, 300.0 * source.packet[i].bytes / 1514, 1e-9);
    x = places[i].right();
  }
  EXPECT_DOUBLE_EQ(x, bar.right());
  EXPECT_TRUE(places_in_bar({}, bar).empty());
}

TEST(PacketBytes, AFlagTellsThemFromTheHourOn) {
  const PacketSource source = packet_at(minutes(62));
  for (const Level level : {Level::year, Level::month, Level::day})
    EXPECT_TRUE(Laid(source, level).said("IPv4").empty());
  const Laid hour(source, Level::hour);
  ASSERT_EQ(hour.said("Ethernet 14").size(), 1U);
  ASSERT_EQ(hour.said("IPv4 20").size(), 1U);
  ASSERT_EQ(hour.said("1,514 bytes").size(), 1U);
  const std::vector<Label> part = hour.said("part of Certificate, 1,443 of 2,930");
  ASSERT_EQ(part.size(), 1U);
  EXPECT_EQ(part[0].ink, Ink::tls);
  EXPECT_EQ(hour.said("IPv4 20")[0].ink, Ink::muted);
  // The bar: below the words, above the mark, as wide as the words, in as many pieces.
  ASSERT_EQ(hour.scene.marks.size(), 1U);
  std::vector<Rect> bar;
  for (const Fill& fill : hour.scene.fills)
    if (fill.rect.height == packet_bar_height) bar.push_back(fill.rect);
  ASSERT_EQ(bar.size(), source.packet.size());
  EXPECT_DOUBLE_EQ(bar.front().x, hour.said("1,514 bytes")[0].box.x);
  EXPECT_NEAR(bar.back().right(), part[0].box.right(), 0.01);
  EXPECT_GE(bar.front().y, part[0].box.bottom());
  EXPECT_LE(bar.front().bottom(), hour.scene.marks[0].at.y - hour.scene.marks[0].radius);
  EXPECT_FALSE(Laid(source, Level::hour, Language::japanese).said("2,930 のうち 1,443").empty());
}

TEST(PacketBytes, LessIsSaidWhereTheNextFlagStands) {
  PacketSource source = packet_at(minutes(62));
  source.add(minutes(64.6), Phase::tls_server_hello_done);
  const Laid hour(source, Level::hour);
  ASSERT_EQ(hour.scene.marks.size(), 2U);
  // The second has room for all, the first for less.
  EXPECT_EQ(hour.said("IPv4 20").size(), 1U);
  EXPECT_EQ(hour.said("1,514 bytes").size(), 2U);
  for (const Label& label : hour.said("1,514 bytes"))
    if (label.event == EventIndex{0}) {
      EXPECT_LT(label.box.right(), hour.scene.marks[1].at.x);
    }
}

TEST(PacketBytes, WhatIsNotKnownIsNotDrawn) {
  PacketSource source = packet_at(minutes(62));
  source.packet.clear();
  const Laid hour(source, Level::hour);
  EXPECT_FALSE(hour.said("100 bytes").empty());
  for (const Fill& fill : hour.scene.fills) EXPECT_NE(fill.rect.height, packet_bar_height);
}

}  // namespace
}  // namespace humantime::ui::test
