// SPDX-License-Identifier: GPL-2.0-or-later
// Several captures as one: every frame and journey is found again, and belongs to its own capture.
#include "command/combined_source.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "compared_journeys.h"
#include "model/comparison.h"

namespace humantime::ui::test {
namespace {

/// A capture by another name.
class Named final : public PaperSource {
 public:
  Named(PaperSource paper, std::string name, std::uint32_t frames = 0)
      : PaperSource(std::move(paper)), name_(std::move(name)), frames_(frames) {}
  std::string name() const override { return name_; }
  std::uint32_t frame_count() const override { return frames_ == 0 ? PaperSource::frame_count() : frames_; }

 private:
  std::string name_;
  std::uint32_t frames_;
};

TEST(CombinedSource, NumbersOn) {
  Journeys first, second;
  first.tls12_full();
  second.tls13();
  second.tls12_ticket();
  const auto count = static_cast<std::uint32_t>(first.source.records.size());
  std::vector<std::unique_ptr<Source>> parts;
  parts.push_back(std::make_unique<Named>(first.source, "a.pcapng.gz"));
  parts.push_back(std::make_unique<Named>(second.source, "b.pcap"));
  const CombinedSource both("both", std::move(parts));
  ASSERT_TRUE(both.fits());
  EXPECT_EQ(both.name(), "both");
  EXPECT_EQ(both.frame_count(), count + second.source.records.size());
  ASSERT_EQ(both.journeys().size(), 3U);
  for (std::uint32_t i = 0; i < 3; ++i) EXPECT_EQ(both.journeys()[i].number, i + 1);
  EXPECT_EQ(both.journeys()[0].name, "a · www.example.jp");
  EXPECT_EQ(both.journeys()[1].name, "b · www.example.jp");
  EXPECT_EQ(both.journeys()[1].first, FrameNumber{count + 1});
  EXPECT_EQ(both.journeys()[2].handshake, "tls12_ticket");

  EventRecord record;
  ASSERT_TRUE(both.read(FrameNumber{count}, record));
  EXPECT_EQ(record.journey, 1U);
  ASSERT_TRUE(both.read(FrameNumber{count + 1}, record));
  EXPECT_EQ(record.journey, 2U);
  EXPECT_EQ(record.frame, FrameNumber{count + 1});
  EXPECT_EQ(record.peer, FrameNumber{count + 2}) << "the peer is the same capture's";
  EXPECT_EQ(record.marks, second.source.records[0].marks);
  EXPECT_FALSE(both.read(FrameNumber{0}, record));
  EXPECT_FALSE(both.read(FrameNumber{both.frame_count() + 1}, record));
  EXPECT_EQ(both.text(FrameNumber{count + 1}).to, "198.51.100.80:443");
  EXPECT_EQ(both.text(no_frame).to, "");
}

TEST(CombinedSource, IsComparedAsOneCaptureIs) {
  Journeys first, second;
  first.tls12_full();
  second.tls13();
  std::vector<std::unique_ptr<Source>> parts;
  parts.push_back(std::make_unique<Named>(first.source, "a"));
  parts.push_back(std::make_unique<Named>(second.source, "b"));
  const CombinedSource both("both", std::move(parts));
  Timeline timeline(both);
  while (timeline.advance(1000)) {
  }
  const Comparison compared = compare(timeline, {});
  ASSERT_EQ(compared.rows.size(), 2U);
  EXPECT_EQ(compared.rows[0].hears_ns, 6 * way);
  EXPECT_EQ(compared.rows[1].hears_ns, 4 * way);
}

TEST(CombinedSource, OfMoreFramesThanHaveANumberIsNone) {
  Journeys paper;
  paper.tls13();
  std::vector<std::unique_ptr<Source>> parts;
  for (int i = 0; i < 2; ++i) parts.push_back(std::make_unique<Named>(paper.source, "a", 0x8000'0000U));
  EXPECT_FALSE(CombinedSource("both", std::move(parts)).fits());
  EXPECT_EQ(CombinedSource("none", {}).frame_count(), 0U);
}

}  // namespace
}  // namespace humantime::ui::test
