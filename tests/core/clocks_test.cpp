// SPDX-License-Identifier: GPL-2.0-or-later
// Two clocks whose truth is known: what packets between them tell.
#include "letters/clocks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <random>
#include <vector>

#include "letters/light.h"

namespace humantime::letters {
namespace {

constexpr std::int64_t ms = 1'000'000, second = 1'000 * ms, hour = 3600 * second;
constexpr std::int64_t begin_ns = 1'466'812'800 * second;

/// What b's clock shows more, when the truth is `ns` since the beginning.
using Truth = std::function<double(double ns)>;

struct Wire {
  std::int64_t there_ns = 22 * ms, back_ns = 22 * ms;
  double queue_ns = 2e6;  ///< the mean of what packets wait
  double seconds = 60;
  int packets = 600;
};

/// Packets both ways, at random, each place's frames in the order of its own time stamps' making.
std::vector<Crossing> crossings_of(const Wire& wire, const Truth& of_b, const Truth& of_a = {}) {
  std::mt19937_64 random(20160625);
  std::uniform_real_distribution<double> when(0, wire.seconds * 1e9);
  std::exponential_distribution<double> queue(1 / wire.queue_ns);
  struct Event {
    double at;
    std::size_t packet;
    bool seen_at_a;
  };
  std::vector<Crossing> crossings;
  std::vector<Event> events;
  for (int i = 0; i < wire.packets; ++i) {
    Crossing one;
    one.a_to_b = i % 2 == 0;
    const double sent = when(random);
    const double travel = static_cast<double>(one.a_to_b ? wire.there_ns : wire.back_ns) + queue(random);
    const double at_a = one.a_to_b ? sent : sent + travel, at_b = one.a_to_b ? sent + travel : sent;
    one.a_ns = begin_ns + std::llround(at_a + (of_a ? of_a(at_a) : 0));
    one.b_ns = begin_ns + std::llround(at_b + of_b(at_b));
    events.push_back({at_a, crossings.size(), true});
    events.push_back({at_b, crossings.size(), false});
    crossings.push_back(one);
  }
  std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
  std::uint32_t number = 0;
  for (const Event& event : events)
    (event.seen_at_a ? crossings[event.packet].at_a : crossings[event.packet].at_b) = FrameNumber{++number};
  return crossings;
}

/// The offset when a's clock shows `a_ns`, without steps.
double offset_at(const ClockComparison& clocks, std::int64_t a_ns) {
  return static_cast<double>(clocks.offset_ns) + clocks.rate * static_cast<double>(a_ns - clocks.since_ns);
}

Truth constant(std::int64_t offset_ns) {
  return [=](double) { return static_cast<double>(offset_ns); };
}

TEST(Clocks, NothingWithoutPackets) {
  EXPECT_FALSE(compare_clocks({}).known);
}

TEST(Clocks, OneWayTellsNothing) {
  std::vector<Crossing> crossings = crossings_of({}, constant(137 * ms));
  std::erase_if(crossings, [](const Crossing& one) { return !one.a_to_b; });
  const ClockComparison clocks = compare_clocks(crossings);
  EXPECT_FALSE(clocks.known);
  EXPECT_EQ(clocks.a_to_b, crossings.size());
}

TEST(Clocks, AnOffset) {
  for (const std::int64_t offset : {std::int64_t{0}, 137 * ms, -21 * ms, 9 * hour, -9 * hour}) {
    const ClockComparison clocks = compare_clocks(crossings_of({}, constant(offset)));
    ASSERT_TRUE(clocks.known);
    EXPECT_NEAR(static_cast<double>(clocks.offset_ns), static_cast<double>(offset), 50e3) << offset;
    EXPECT_LE(std::abs(clocks.offset_ns - offset), clocks.precision_ns) << offset;
    EXPECT_NEAR(static_cast<double>(clocks.round_trip_ns), 44e6, 100e3);
    EXPECT_LT(clocks.precision_ns, ms / 10);
    EXPECT_EQ(clocks.rate, 0) << offset;
    EXPECT_TRUE(clocks.steps.empty());
  }
}

TEST(Clocks, AsymmetryIsWithinTheErrorNotThePrecision) {
  Wire wire;
  wire.there_ns = 30 * ms;
  wire.back_ns = 14 * ms;
  const ClockComparison clocks = compare_clocks(crossings_of(wire, constant(0)));
  EXPECT_NEAR(static_cast<double>(clocks.offset_ns), 8e6, 100e3);
  EXPECT_GT(clocks.offset_ns, clocks.precision_ns);
  EXPECT_LE(clocks.offset_ns, clocks.round_trip_ns / 2);
}

TEST(Clocks, Drift) {
  for (const double ppm : {400.0, -400.0, 20.0}) {
    const ClockComparison clocks =
        compare_clocks(crossings_of({}, [=](double ns) { return -21e6 + ppm * 1e-6 * ns; }));
    EXPECT_NEAR(clocks.rate * 1e6, ppm, 2) << ppm;
    EXPECT_TRUE(clocks.steps.empty()) << ppm;
    EXPECT_NEAR(offset_at(clocks, begin_ns), -21e6, 100e3) << ppm;
    EXPECT_NEAR(offset_at(clocks, begin_ns + 60 * second), -21e6 + ppm * 60e3, 100e3) << ppm;
    EXPECT_NEAR(static_cast<double>(clocks.round_trip_ns), 44e6, 200e3) << ppm;
  }
}

TEST(Clocks, NoDriftInAMoment) {
  Wire wire;
  wire.seconds = 0.9;
  const ClockComparison clocks = compare_clocks(crossings_of(wire, [](double ns) { return 400e-6 * ns; }));
  EXPECT_EQ(clocks.rate, 0) << "0.9 s do not tell a drift from a queue";
}

TEST(Clocks, AStep) {
  constexpr double at = 30e9;
  for (const double size : {40e6, -40e6}) {
    for (const bool of_a : {false, true}) {
      const Truth stepped = [=](double ns) { return ns < at ? 0 : size; };
      const std::vector<Crossing> crossings =
          of_a ? crossings_of({}, constant(5 * ms), stepped) : crossings_of({}, stepped);
      const ClockComparison clocks = compare_clocks(crossings);
      ASSERT_EQ(clocks.steps.size(), 1U) << size;
      // Whose clock it was the packets need not tell: a's forward is b's back.
      const ClockStep& step = clocks.steps[0];
      const double sense = step.of_a == of_a ? 1 : -1;
      EXPECT_NEAR(static_cast<double>(step.size_ns), sense * size, 300e3);
      EXPECT_EQ(clocks.rate, 0);
      EXPECT_NEAR(static_cast<double>(clocks.offset_ns), of_a ? 5e6 : 0, 300e3);
      // Between the last packet before and the first one after.
      std::uint32_t wrong = 0;
      for (const Crossing& one : crossings) {
        const double at_a = static_cast<double>(one.a_ns - begin_ns);
        const bool after = (step.of_a ? one.at_a : one.at_b) >= step.from;
        if (after != (at_a >= at)) ++wrong;
      }
      EXPECT_LE(wrong, 10U);
    }
  }
}

TEST(Clocks, ThereAndBackAgain) {
  const ClockComparison clocks =
      compare_clocks(crossings_of({}, [](double ns) { return ns > 20e9 && ns < 40e9 ? 40e6 : 0.0; }));
  ASSERT_EQ(clocks.steps.size(), 2U);
  EXPECT_NEAR(static_cast<double>(clocks.steps[0].size_ns), 40e6, 300e3);
  EXPECT_NEAR(static_cast<double>(clocks.steps[1].size_ns), -40e6, 300e3);
}

TEST(Clocks, DriftAndAStep) {
  const ClockComparison clocks =
      compare_clocks(crossings_of({}, [](double ns) { return 400e-6 * ns + (ns < 30e9 ? 0 : 40e6); }));
  ASSERT_EQ(clocks.steps.size(), 1U);
  EXPECT_NEAR(clocks.rate * 1e6, 400, 20);
  EXPECT_NEAR(static_cast<double>(clocks.steps[0].size_ns), 40e6, 1e6);
}

TEST(Clocks, AQueueIsNoStep) {
  std::vector<Crossing> crossings = crossings_of({}, constant(0));
  for (Crossing& one : crossings)
    if (one.a_to_b && one.a_ns - begin_ns > 30 * second) one.b_ns += 60 * ms;
  const ClockComparison clocks = compare_clocks(crossings);
  EXPECT_TRUE(clocks.steps.empty());
  EXPECT_EQ(clocks.rate, 0);
  EXPECT_NEAR(static_cast<double>(clocks.offset_ns), 0, 50e3);
}

TEST(Clocks, NothingIsReceivedBeforeItIsSent) {
  const std::vector<Crossing> crossings = crossings_of({}, [](double ns) { return 137e6 + 400e-6 * ns; });
  const ClockComparison clocks = compare_clocks(crossings);
  for (const Crossing& one : crossings) {
    const double travel = static_cast<double>(one.b_ns - one.a_ns) - offset_at(clocks, one.a_ns);
    EXPECT_TRUE(one.a_to_b ? travel >= 0 : travel <= 0);
  }
}

TEST(Clocks, OnePacketEachWay) {
  const std::vector<Crossing> crossings = {
      {FrameNumber{1}, FrameNumber{2}, begin_ns, begin_ns + 22 * ms, true},
      {FrameNumber{4}, FrameNumber{3}, begin_ns + 46 * ms, begin_ns + 23 * ms, false}};
  const ClockComparison clocks = compare_clocks(crossings);
  EXPECT_TRUE(clocks.known);
  EXPECT_EQ(clocks.round_trip_ns, 45 * ms);
  EXPECT_EQ(clocks.precision_ns, clocks.round_trip_ns / 2) << "the minima are not known at all";
}

/// b's clock was set back by a second and a half between two packets: too few to see a step.
TEST(Clocks, ClocksThatContradictThemselvesKnowLittle) {
  const std::vector<Crossing> crossings = {
      {FrameNumber{1}, FrameNumber{2}, begin_ns, begin_ns + 22 * ms, true},
      {FrameNumber{4}, FrameNumber{3}, begin_ns + 46 * ms, begin_ns + 24 * ms, false},
      {FrameNumber{5}, FrameNumber{6}, begin_ns + 100 * ms, begin_ns + (122 - 1500) * ms, true}};
  const ClockComparison clocks = compare_clocks(crossings);
  ASSERT_TRUE(clocks.known);
  EXPECT_TRUE(clocks.steps.empty());
  EXPECT_LT(clocks.round_trip_ns, 0);
  for (const std::int64_t truth : {std::int64_t{0}, -1500 * ms})
    EXPECT_LE(std::abs(clocks.offset_ns - truth), clocks.error_ns);
  EXPECT_GT(clocks.precision_ns, 500 * ms);
}

TEST(Clocks, HostileTimes) {
  constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                         most = std::numeric_limits<std::int64_t>::max();
  std::vector<Crossing> crossings;
  for (std::uint32_t i = 0; i < 64; ++i)
    crossings.push_back({FrameNumber{2 * i + 1}, FrameNumber{2 * i + 2}, (i & 1) != 0 ? least : most,
                         (i & 2) != 0 ? least : most, (i & 4) != 0});
  EXPECT_TRUE(compare_clocks(crossings).known) << "and no overflow";
}

TEST(Light, TokyoToIshikari) {
  EXPECT_NEAR(static_cast<double>(light_ns(1177.3, 1.50)), 5.89e6, 0.01e6);
  EXPECT_EQ(light_ns(0, 1.5), 0);
  EXPECT_EQ(light_ns(-1, 1.5), 0);
  EXPECT_EQ(light_ns(100, 0), 0);
  EXPECT_EQ(light_ns(std::numeric_limits<double>::quiet_NaN(), 1.5), 0);
  EXPECT_EQ(light_ns(100, std::numeric_limits<double>::infinity()), 0);
}

/// Time stamps of a whole millisecond at one place, as some captures have them, are up to as much too early.
TEST(Clocks, CoarseTimeStamps) {
  std::mt19937 random(7);
  for (const std::int64_t resolution : {ms, 100 * ms}) {
    std::vector<Crossing> crossings;
    std::vector<std::int64_t> travels;
    for (std::uint32_t i = 0; i < 200; ++i) {
      const bool there = i % 2 == 0;
      const std::int64_t sent = std::int64_t{i} * 7'123'457 + random() % 100'000;
      const std::int64_t travel = 20 * ms + random() % 50'000;
      const std::int64_t at_a = there ? sent : sent + travel, at_b = there ? sent + travel : sent;
      crossings.push_back({FrameNumber{2 * i + 1}, FrameNumber{2 * i + 2}, at_a,
                           (at_b + 777 * ms) / resolution * resolution, there});
      travels.push_back(travel);
    }
    const ClockComparison clocks = compare_clocks(crossings);
    ASSERT_TRUE(clocks.known);
    EXPECT_GE(clocks.precision_ns, resolution);
    for (std::size_t i = 0; i < crossings.size(); ++i) {
      const Crossing& one = crossings[i];
      const std::int64_t later = one.b_ns - one.a_ns - clocks.offset_ns;
      const std::int64_t told = one.a_to_b ? later : -later;
      EXPECT_LE(std::abs(told - travels[i]), clocks.error_ns);
    }
  }
}

/// What was on its way when a clock was set took no longer than others: that tells whose clock it was.
TEST(Clocks, WhoseClockWasSet) {
  for (const bool of_a : {true, false}) {
    for (const std::int64_t size : {40 * ms, -40 * ms}) {
      std::vector<Crossing> crossings;
      std::mt19937 random(5);
      const std::int64_t set_ns = 1'000 * ms;
      struct Stamp {
        std::int64_t ns;
        std::size_t crossing;
        bool at_a;
      };
      std::vector<Stamp> stamps;
      for (std::size_t i = 0; i < 160; ++i) {
        const bool there = i % 2 == 0;
        const std::int64_t sent = static_cast<std::int64_t>(i) * 12'345'678 + random() % 100'000;
        const std::int64_t arrived = sent + 20 * ms + random() % 20'000;
        const std::int64_t at_a = there ? sent : arrived, at_b = there ? arrived : sent;
        const auto shown = [&](std::int64_t ns, bool set) { return set && ns >= set_ns ? ns + size : ns; };
        crossings.push_back({no_frame, no_frame, shown(at_a, of_a), shown(at_b, !of_a), there});
        stamps.push_back({at_a, i, true});
        stamps.push_back({at_b, i, false});
      }
      std::sort(stamps.begin(), stamps.end(), [](const Stamp& a, const Stamp& b) { return a.ns < b.ns; });
      for (std::uint32_t i = 0; i < stamps.size(); ++i) {
        Crossing& one = crossings[stamps[i].crossing];
        (stamps[i].at_a ? one.at_a : one.at_b) = FrameNumber{i + 1};
      }
      const ClockComparison clocks = compare_clocks(crossings);
      ASSERT_EQ(clocks.steps.size(), 1U) << of_a << size;
      EXPECT_EQ(clocks.steps[0].of_a, of_a) << size;
      EXPECT_NEAR(static_cast<double>(clocks.steps[0].size_ns), static_cast<double>(size), 60e3);
    }
  }
}

/// The fastest packet of all comes between the step and those that tell it for certain.
TEST(Clocks, TheFastestJustBehindAStep) {
  std::vector<Crossing> crossings;
  std::mt19937 random(3);
  constexpr std::uint32_t set_at = 100;
  for (std::uint32_t i = 0; i < 200; ++i) {
    // Some in a row go one way.
    const bool there = i % 2 == 0 || (i >= set_at && i < set_at + 12);
    const std::int64_t at_a = std::int64_t{i} * 10 * ms;
    const std::int64_t travel =
        (there ? 5 : 45) * ms + 30'000 + random() % 20'000 - (i == set_at + 6 ? 25'000 : 0);
    const std::int64_t at_b = there ? at_a + travel : at_a - travel;
    crossings.push_back(
        {FrameNumber{2 * i + 1}, FrameNumber{2 * i + 2}, at_a, at_b + (i >= set_at ? 40 * ms : 0), there});
  }
  const ClockComparison clocks = compare_clocks(crossings);
  ASSERT_EQ(clocks.steps.size(), 1U);
  EXPECT_LE(clocks.steps[0].unsure_from, FrameNumber{2 * set_at + 2});
  EXPECT_GE(clocks.steps[0].unsure_to, clocks.steps[0].from);
  EXPECT_EQ(clocks.steps[0].from, (FrameNumber{clocks.steps[0].of_a ? 2 * set_at + 1 : 2 * set_at + 2}));
}

}  // namespace
}  // namespace humantime::letters
