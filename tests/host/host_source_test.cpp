// SPDX-License-Identifier: GPL-2.0-or-later
#include "host/host_source.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "reports/connection_list.h"
#include "store.h"

namespace humantime::ui {
namespace {

using namespace std::chrono_literals;

/// A plugin on paper: what it was told to say, and how often it was asked to look at everything.
struct Paper {
  HumantimeCapture capture{};
  HumantimeEvent event{};
  HumantimeHost host{};
  HostSource::Clock::time_point now;
  HostSource::Clock::duration settling{0};
  std::uint64_t changes_by_settling = 0;
  int settled = 0;

  Paper() {
    capture.is_open = 1;
    capture.progress = 1;
    capture.revision = 1;
    event.mark_count = 1;
    host.context = this;
    host.capture = [](void* self, HumantimeCapture* out) { *out = of(self).capture; };
    host.settle = [](void* self) {
      ++of(self).settled;
      of(self).now += of(self).settling;
      of(self).capture.late_changes += of(self).changes_by_settling;
    };
    host.event = [](void* self, std::uint32_t frame, HumantimeEvent* out) {
      *out = of(self).event;
      return frame <= of(self).capture.frame_count ? 1 : 0;
    };
  }
  static Paper& of(void* self) { return *static_cast<Paper*>(self); }
  HostSource source() {
    return HostSource(host, [this] { return now; });
  }
};

TEST(HostSource, StaysAsItIsWhileNothingHappens) {
  Paper paper;
  paper.changes_by_settling = 3;
  const HostSource source = paper.source();
  const std::uint64_t first = source.revision();
  EXPECT_EQ(paper.settled, 1);
  paper.now += 1h;
  EXPECT_EQ(source.revision(), first) << "what settling itself has changed has been seen";
  EXPECT_EQ(paper.settled, 1);
}

TEST(HostSource, FramesAtTheEndChangeNothing) {
  Paper paper;
  paper.capture.is_live = 1;
  const HostSource source = paper.source();
  const std::uint64_t first = source.revision();
  paper.capture.frame_count = 1000;
  paper.now += 1h;
  EXPECT_EQ(source.revision(), first);
  EXPECT_EQ(source.frame_count(), 1000U);
}

TEST(HostSource, AnotherCaptureIsAnotherRevisionAtOnce) {
  Paper paper;
  paper.capture.is_loading = 1;
  const HostSource source = paper.source();
  std::uint64_t last = source.revision();
  for (int i = 0; i < 3; ++i) {
    ++paper.capture.revision;
    EXPECT_NE(source.revision(), last);
    last = source.revision();
  }
}

TEST(HostSource, LateCompletionsWaitForTheEndOfAFile) {
  Paper paper;
  paper.capture.is_loading = 1;
  const HostSource source = paper.source();
  const std::uint64_t first = source.revision();
  paper.capture.late_changes = 7;
  paper.now += 1h;
  EXPECT_EQ(source.revision(), first);
  paper.capture.is_loading = 0;
  const std::uint64_t complete = source.revision();
  EXPECT_NE(complete, first);
  EXPECT_EQ(source.revision(), complete);
}

TEST(HostSource, AFileThatIsCompleteIsReadAnewEvenIfNothingWasCompletedLate) {
  Paper paper;
  paper.capture.is_loading = 1;
  const HostSource source = paper.source();
  const std::uint64_t first = source.revision();
  paper.capture.is_loading = 0;
  EXPECT_NE(source.revision(), first) << "ends and ordinals are known of all frames only now";
}

TEST(HostSource, ALiveCaptureIsReadAnewNowAndThen) {
  Paper paper;
  paper.capture.is_live = 1;
  paper.settling = 100ms;
  const HostSource source = paper.source();
  std::uint64_t last = source.revision();
  int anew = 0;
  constexpr int seconds = 60;
  for (int tick = 0; tick < seconds * 10; ++tick) {
    paper.now += 100ms;
    ++paper.capture.late_changes;
    if (source.revision() != last) ++anew;
    last = source.revision();
  }
  EXPECT_GE(anew, 10);
  EXPECT_LE(anew * paper.settling, seconds * 1s / 20) << "at most a twentieth of the time";
  paper.capture.is_live = 0;
  EXPECT_NE(source.revision(), last) << "stopped, it is complete";
}

TEST(HostSource, ReadsJourneys) {
  Paper paper;
  paper.host.journeys = [](void*, void (*visit)(void*, const HumantimeJourney*), void* user) {
    HumantimeJourney journey{};
    journey.number = 1;
    journey.first = 7;
    journey.kind = 200;
    journey.first_ns = 5;
    journey.last_ns = 9;
    journey.name = "www.example.jp";
    journey.handshake = "tls13_0rtt";
    journey.handshake_round_trips = 0;
    visit(user, &journey);
    journey.number = 2;
    journey.handshake = "";
    journey.handshake_round_trips = HUMANTIME_UNKNOWN_ROUND_TRIPS;
    visit(user, &journey);
  };
  const HostSource source = paper.source();
  const std::vector<JourneyRecord> journeys = source.journeys();
  ASSERT_EQ(journeys.size(), 2U);
  EXPECT_EQ(journeys[0].kind, journeys::Kind::completed);
  EXPECT_EQ(journeys[0].first, FrameNumber{7});
  EXPECT_EQ(journeys[0].name, "www.example.jp");
  EXPECT_EQ(journeys[0].handshake, "tls13_0rtt");
  EXPECT_EQ(journeys[0].handshake_round_trips, 0);
  EXPECT_EQ(journeys[1].handshake, "");
  EXPECT_FALSE(journeys[1].handshake_round_trips);
}

TEST(HostSource, AFramesMilestonesAreAllTold) {
  Paper paper;
  paper.host.text = [](void*, std::uint32_t, HumantimeText* out) {
    *out = {};
    std::strcpy(out->milestones, "tls.server_hello#1/received tls.certificate#1/received");
  };
  const HostSource source = paper.source();
  EXPECT_EQ(source.text(FrameNumber{1}).milestones,
            (std::vector<std::string>{"tls.server_hello#1/received", "tls.certificate#1/received"}));
  paper.host.text = [](void*, std::uint32_t, HumantimeText* out) { *out = {}; };
  EXPECT_TRUE(source.text(FrameNumber{1}).milestones.empty());
}

TEST(HostSource, NumbersOutOfRangeAreNoIndexes) {
  Paper paper;
  paper.capture.frame_count = 1;
  paper.event.mark_count = 3;
  paper.event.phases[0] = 255;
  paper.event.stages[1] = 255;
  paper.event.phases[2] = static_cast<std::uint8_t>(Phase::tcp_syn);
  paper.event.certainties[2] = 255;
  paper.event.end = 200;
  paper.event.direction = 200;
  const HostSource source = paper.source();
  EventRecord event;
  ASSERT_TRUE(source.read(FrameNumber{1}, event));
  ASSERT_EQ(event.marks.size(), 1U);
  EXPECT_EQ(event.marks[0].phase, Phase::tcp_syn);
  EXPECT_EQ(event.marks[0].certainty, Certainty::seen);
  EXPECT_EQ(event.end, End::unknown);
  EXPECT_EQ(event.direction, journeys::Direction::unknown);
  EXPECT_FALSE(event.time_ns);
  EXPECT_FALSE(event.other_ns);
  EXPECT_FALSE(source.read(FrameNumber{2}, event));
}

TEST(HostSource, ConnectionsAreTheReportsLines) {
  static const std::string all = [] {
    std::string line;
    reports::write_connections(
        FrameStore(), {}, reports::Format::json, [](const reports::JourneyVisit&) {},
        [&](std::string_view text) { line += text; });
    return line.substr(0, line.find('\n'));
  }();
  static int asked = -1;
  Paper paper;
  paper.host.connections = [](void*, int limited, void (*visit)(void*, const char*), void* user) {
    asked = limited;
    visit(user, all.c_str());
    visit(user, "{\"scope\":");
  };
  const HostSource source = paper.source();
  const Connections connections = source.connections(true);
  EXPECT_EQ(asked, 1);
  ASSERT_EQ(connections.size(), 1U) << "what is no line is none";
  EXPECT_EQ(connections[0].line, all);
  EXPECT_EQ(source.connections(false).size(), 1U);
  EXPECT_EQ(asked, 0);
}

}  // namespace
}  // namespace humantime::ui
