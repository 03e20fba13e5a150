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
  int begun = 0;  ///< to look at everything
  int parts = 1;  ///< that it takes
  int left = 0, settled = 0;
  std::uint32_t budget = 0;  ///< of the last part

  Paper() {
    capture.is_open = 1;
    capture.progress = 1;
    capture.revision = 1;
    event.mark_count = 1;
    host.context = this;
    host.capture = [](void* self, HumantimeCapture* out) { *out = of(self).capture; };
    host.begin_settling = [](void* self) {
      ++of(self).begun;
      of(self).left = of(self).parts;
    };
    host.settle = [](void* self, std::uint32_t units) {
      Paper& paper = of(self);
      paper.budget = units;
      if (paper.left == 0) return 0;
      paper.now += paper.settling / paper.parts;
      if (--paper.left > 0) return 1;
      ++paper.settled;
      paper.capture.late_changes += paper.changes_by_settling;
      return 0;
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

/// The revision when there is nothing left to settle.
std::uint64_t settled(const HostSource& source) {
  while (source.settle(1)) {
  }
  return source.revision();
}

TEST(HostSource, StaysAsItIsWhileNothingHappens) {
  Paper paper;
  paper.changes_by_settling = 3;
  const HostSource source = paper.source();
  const std::uint64_t first = settled(source);
  EXPECT_EQ(paper.settled, 1);
  paper.now += 1h;
  EXPECT_FALSE(source.settle(0));
  EXPECT_EQ(settled(source), first) << "what settling itself has changed has been seen";
  EXPECT_EQ(paper.settled, 1);
}

TEST(HostSource, SettlesAPartAtATime) {
  Paper paper;
  paper.parts = 5;
  const HostSource source = paper.source();
  const std::uint64_t before = source.revision();
  EXPECT_EQ(paper.begun, 0) << "to ask is cheap";
  EXPECT_TRUE(source.settle(0));
  EXPECT_EQ(paper.begun, 0);
  for (int part = 1; part < paper.parts; ++part) {
    EXPECT_TRUE(source.settle(100)) << part;
    EXPECT_EQ(paper.budget, 100U);
    EXPECT_EQ(source.revision(), before) << "what was read holds until all is known";
    EXPECT_TRUE(source.settle(0));
  }
  EXPECT_FALSE(source.settle(100));
  EXPECT_NE(source.revision(), before);
  EXPECT_TRUE(source.has_frames_of(before)) << "only read otherwise";
  EXPECT_EQ(paper.begun, 1);
  EXPECT_EQ(paper.left, 0);
}

TEST(HostSource, WhatIsOvertakenIsBegunAnew) {
  Paper paper;
  paper.parts = 5;
  const HostSource source = paper.source();
  const std::uint64_t before = source.revision();
  EXPECT_TRUE(source.settle(1));
  EXPECT_TRUE(source.settle(1));
  ++paper.capture.revision;  // another preference
  EXPECT_EQ(source.revision(), before);
  EXPECT_TRUE(source.settle(1));
  EXPECT_EQ(paper.begun, 2);
  const std::uint64_t then = settled(source);
  EXPECT_NE(then, before);
  EXPECT_EQ(paper.settled, 1);
  // Once more, when all is known.
  ++paper.capture.revision;
  EXPECT_TRUE(source.settle(0));
  EXPECT_EQ(source.revision(), then) << "it is shown until the other is known";
  EXPECT_NE(settled(source), then);
  EXPECT_EQ(paper.settled, 2);
}

TEST(HostSource, FramesAtTheEndChangeNothingUntilThereAreTwiceAsMany) {
  Paper paper;
  for (const bool live : {true, false}) {
    paper.capture.is_live = live;
    paper.capture.is_loading = !live;
    paper.capture.frame_count = 1000;
    ++paper.capture.dissection;
    const HostSource source = paper.source();
    const std::uint64_t first = settled(source);
    paper.capture.frame_count = 1999;
    paper.now += 1h;
    EXPECT_EQ(settled(source), first);
    EXPECT_EQ(source.frame_count(), 1999U);
    paper.capture.frame_count = 2000;
    EXPECT_NE(settled(source), first) << "journeys that came have their names";
  }
}

TEST(HostSource, WhatHasBegunIsNotGivenUpForFramesThatCome) {
  Paper paper;
  paper.parts = 100;
  paper.capture.is_loading = 1;
  paper.capture.frame_count = 1000;
  const HostSource source = paper.source();
  const std::uint64_t before = source.revision();
  for (int part = 1; part < paper.parts; ++part) {
    paper.capture.frame_count += 1000;
    ++paper.capture.late_changes;
    paper.now += 1s;
    EXPECT_TRUE(source.settle(100));
    EXPECT_EQ(source.revision(), before) << "what is shown is of one reading";
  }
  EXPECT_FALSE(source.settle(100));
  EXPECT_NE(source.revision(), before);
  EXPECT_EQ(paper.begun, 1);
  // At its end all that is under way is of too little.
  paper.now += 1h;
  EXPECT_TRUE(source.settle(100));
  EXPECT_EQ(paper.begun, 2);
  paper.capture.is_loading = 0;
  EXPECT_TRUE(source.settle(100));
  EXPECT_EQ(paper.begun, 3);
  settled(source);
  EXPECT_EQ(paper.settled, 2);
}

/// What is looked at grows with the square of the frames where each look is a few frames later than the last.
TEST(HostSource, ALargeFileIsLookedAtAFewTimesWhileItIsLoading) {
  constexpr std::uint32_t frames = 1'000'000, a_tick = 5'000;
  Paper paper;
  paper.capture.is_loading = 1;
  std::uint64_t looked_at = 0, last = 0;
  int times = 0;
  const HostSource source = paper.source();
  for (std::uint32_t count = a_tick; count <= frames; count += a_tick) {
    paper.capture.frame_count = count;
    ++paper.capture.late_changes;
    paper.settling = count * 2us;
    paper.now += 150ms;
    settled(source);
    if (source.revision() != last) looked_at += count, ++times;
    last = source.revision();
  }
  EXPECT_GE(times, 4);
  EXPECT_LE(looked_at, 2 * std::uint64_t{frames});
}

TEST(HostSource, AnotherDissectionIsAnotherRevisionAtOnce) {
  Paper paper;
  paper.parts = 3;
  for (const bool loading : {true, false}) {
    paper.capture.is_loading = loading;
    const HostSource source = paper.source();
    std::uint64_t last = source.revision();
    for (int i = 0; i < 3; ++i) {
      ++paper.capture.revision;
      ++paper.capture.dissection;
      EXPECT_NE(source.revision(), last);
      EXPECT_FALSE(source.has_frames_of(last)) << "what was read is of other frames";
      last = source.revision();
      EXPECT_TRUE(source.has_frames_of(last));
      EXPECT_EQ(source.settle(1), !loading);
    }
  }
}

TEST(HostSource, OtherTimesWhileAFileIsLoading) {
  Paper paper;
  paper.parts = 3;
  paper.capture.is_loading = 1;
  paper.capture.frame_count = 10;
  const HostSource source = paper.source();
  const std::uint64_t first = settled(source);
  ++paper.capture.revision;
  EXPECT_TRUE(source.settle(1));
  EXPECT_EQ(source.revision(), first) << "what is shown stays until the other is known";
  EXPECT_NE(settled(source), first);
  EXPECT_TRUE(source.has_frames_of(first));
}

TEST(HostSource, AFileThatIsCompleteIsReadAnewEvenIfNothingWasCompletedLate) {
  Paper paper;
  paper.capture.is_loading = 1;
  const HostSource source = paper.source();
  const std::uint64_t first = settled(source);
  paper.capture.is_loading = 0;
  EXPECT_NE(settled(source), first) << "ends and ordinals are known of all frames only now";
}

/// Wireshark reads a file anew for a display filter, but dissects no frame otherwise.
TEST(HostSource, ADisplayFilterChangesNothing) {
  Paper paper;
  paper.capture.frame_count = 10;
  const HostSource source = paper.source();
  const std::uint64_t first = settled(source);
  paper.capture.is_loading = 1;
  EXPECT_EQ(settled(source), first);
  paper.capture.is_loading = 0;
  EXPECT_EQ(settled(source), first);
  EXPECT_EQ(paper.settled, 1);
  ++paper.capture.frame_count;
  EXPECT_NE(settled(source), first) << "but a frame more is one more";
}

/// Nor is what is under way given up for it.
TEST(HostSource, ADisplayFilterWhileAllIsLookedAt) {
  Paper paper;
  paper.parts = 5;
  paper.capture.frame_count = 10;
  const HostSource source = paper.source();
  EXPECT_TRUE(source.settle(1));
  paper.capture.is_loading = 1;
  EXPECT_TRUE(source.settle(1));
  paper.capture.is_loading = 0;
  settled(source);
  EXPECT_EQ(paper.begun, 1);
  EXPECT_EQ(paper.settled, 1);
}

TEST(HostSource, ALiveCaptureIsReadAnewNowAndThen) {
  Paper paper;
  paper.capture.is_live = 1;
  paper.settling = 100ms;
  for (const int parts : {1, 4}) {
    paper.parts = parts;
    paper.capture.is_live = 1;
    ++paper.capture.dissection;
    const HostSource source = paper.source();
    std::uint64_t last = source.revision();
    int anew = 0;
    constexpr int seconds = 60;
    for (int tick = 0; tick < seconds * 10; ++tick) {
      paper.now += 100ms;
      ++paper.capture.late_changes;
      ++paper.capture.frame_count;
      source.settle(1);
      if (source.revision() != last) ++anew;
      last = source.revision();
    }
    EXPECT_GE(anew, 10);
    EXPECT_LE(anew * paper.settling, seconds * 1s / 20) << "at most a twentieth of the time";
    paper.capture.is_live = 0;
    EXPECT_NE(settled(source), last) << "stopped, it is complete";
  }
}

TEST(HostSource, ReadsJourneys) {
  Paper paper;
  paper.host.journeys = [](void*, std::uint32_t, std::uint32_t, void (*visit)(void*, const HumantimeJourney*),
                           void* user) {
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

TEST(HostSource, ReadsWhatAFrameIsMadeOfOncePerDissection) {
  static int asked = 0;
  asked = 0;
  Paper paper;
  paper.host.pieces = [](void*, std::uint32_t frame, void (*visit)(void*, const HumantimePiece*),
                         void* user) {
    ++asked;
    const auto tell = [&](PieceKind kind, std::uint32_t bytes, std::uint32_t whole) {
      HumantimePiece piece{};
      piece.kind = static_cast<std::uint8_t>(kind);
      piece.bytes = bytes;
      piece.whole = whole;
      piece.has_phase = kind == PieceKind::tls_message ? 1 : 0;
      piece.phase = static_cast<std::uint8_t>(Phase::tls_certificate);
      visit(user, &piece);
    };
    tell(PieceKind::ethernet, 14, 0);
    tell(PieceKind::tls_message, 100 + frame, 900);
    tell(static_cast<PieceKind>(255), 1, 0);
  };
  const HostSource source = paper.source();
  const std::vector<FramePiece> expected = {{PieceKind::ethernet, std::nullopt, 14, 0},
                                            {PieceKind::tls_message, Phase::tls_certificate, 107, 900}};
  EXPECT_EQ(source.pieces(FrameNumber{7}), expected);
  EXPECT_EQ(source.pieces(FrameNumber{7}), expected);
  EXPECT_EQ(asked, 1);
  EXPECT_EQ(source.pieces(FrameNumber{8})[1].bytes, 108U);
  EXPECT_EQ(asked, 2);
  ++paper.capture.dissection;
  EXPECT_EQ(source.pieces(FrameNumber{7}), expected);
  EXPECT_EQ(asked, 3);
}

TEST(HostSource, ReadsTheExchangesThatAFrameBegins) {
  Paper paper;
  paper.host.streams = [](void*, std::uint32_t frame, void (*visit)(void*, const HumantimeStream*),
                          void* user) {
    if (frame != 5) return;
    HumantimeStream stream{};
    stream.stream = 3;
    stream.request = stream.request_end = 5;
    stream.response = 8;
    stream.status = 404;
    stream.reset = 1;
    stream.request_bytes = 0;
    stream.response_bytes = UINT64_MAX;
    stream.what = "GET / www.example.jp";
    visit(user, &stream);
  };
  const HostSource source = paper.source();
  EXPECT_TRUE(source.streams(FrameNumber{4}).empty());
  const std::vector<StreamRecord> streams = source.streams(FrameNumber{5});
  ASSERT_EQ(streams.size(), 1U);
  EXPECT_EQ(streams[0].stream, 3U);
  EXPECT_EQ(streams[0].request_end, FrameNumber{5});
  EXPECT_EQ(streams[0].response, FrameNumber{8});
  EXPECT_EQ(streams[0].response_end, no_frame);
  EXPECT_EQ(streams[0].status, 404);
  EXPECT_TRUE(streams[0].reset);
  EXPECT_FALSE(streams[0].pushed);
  EXPECT_EQ(streams[0].request_bytes, std::uint64_t{0});
  EXPECT_FALSE(streams[0].response_bytes);
  EXPECT_EQ(streams[0].what, "GET / www.example.jp");
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
  static int asked = -1, parts = 0;
  constexpr std::uint32_t lines = 7;
  Paper paper;
  paper.host.count_connections = [](void*, int limited, std::uint32_t) {
    asked = limited;
    return ++parts < 3 ? 1 : 0;
  };
  paper.host.connections = [](void*, std::uint32_t first, std::uint32_t count,
                              void (*visit)(void*, const char*), void* user) {
    for (std::uint32_t i = first; i < lines && i - first < count; ++i)
      visit(user, i == 3 ? "{\"scope\":" : all.c_str());
  };
  const HostSource source = paper.source();
  for (const bool limited : {true, false}) {
    for (const std::uint32_t budget : {1U, 250U, 10'000U}) {
      parts = 0;
      EXPECT_TRUE(source.connections(limited).empty()) << "nothing has been counted";
      while (source.count_connections(limited, budget)) {
      }
      EXPECT_EQ(parts, 3);
      EXPECT_EQ(asked, limited ? 1 : 0);
      const Connections connections = source.connections(limited);
      ASSERT_EQ(connections.size(), lines - 1) << "what is no line is none";
      EXPECT_EQ(connections[0].line, all);
    }
  }
}

}  // namespace
}  // namespace humantime::ui
