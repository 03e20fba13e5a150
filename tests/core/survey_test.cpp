// SPDX-License-Identifier: GPL-2.0-or-later
// What is known of all frames together, made a part at a time: in parts of every size it says what it says in
// one go, no part looks at more than its budget, and what is whole stays until the next one is.
#include "survey.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "connection_counter.h"
#include "paper_wire.h"
#include "reports/connection_list.h"
#include "reports/journey_text.h"
#include "transcript.h"
#include "transcripts.h"

namespace humantime {
namespace {

constexpr std::int64_t us = PaperWire::us, ms = PaperWire::ms, second = PaperWire::second;
/// What is done in one piece beyond a budget: a thousand values are sorted at once, some thousand packets of
/// two clocks are looked at in one pass.
constexpr std::uint64_t most_at_once = 20'000;

std::optional<std::int64_t> as_captured(FrameNumber, const FrameRow&) {
  return 0;
}

template <typename Value>
void put(std::ostream& out, const std::optional<Value>& value) {
  if (value) out << *value;
  out << ' ';
}

/// All that a survey says, a line each.
std::vector<std::string> lines_of(const Engine& engine, const Survey& survey) {
  std::vector<std::string> lines;
  for (std::uint32_t number = 1; number <= engine.store().size(); ++number) {
    const FrameNumber frame{number};
    std::ostringstream line;
    const letters::Sighting seen = survey.letters->of(frame);
    line << number << ": " << token_of(seen.end) << ' ' << token_of(seen.direction) << ' '
         << to_number(seen.peer) << ' ' << token_of(seen.unmatched) << ' ' << seen.estimated << ' '
         << seen.corrected_ns << ' ' << seen.clock_precision_ns << ' ';
    put(line, seen.other_end_ns);
    put(line, seen.travel_ns);
    put(line, seen.precision_ns);
    put(line, seen.error_ns);
    const journeys::Place place = survey.places->place_of(frame);
    line << token_of(place.end) << ' ' << token_of(place.direction);
    for (const journeys::Milestone& one : place.milestones)
      line << ' ' << reports::text_of(one) << '@' << one.time_ns << '+' << one.precision_ns << one.again;
    lines.push_back(line.str());
  }
  survey.letters->for_each([&](const letters::Letter& letter) {
    std::ostringstream line;
    line << to_number(letter.sent) << "->" << to_number(letter.received) << ' ' << letter.sent_ns << ' '
         << letter.received_ns << ' ' << letter.estimated;
    lines.push_back(line.str());
  });
  for (const letters::Finding& one : survey.letters->findings()) {
    std::ostringstream line;
    line << token_of(one.kind) << ' ' << one.place << ' ' << one.other << ' ' << one.frame << ' ' << one.count
         << ' ' << one.offset_ns << ' ' << one.precision_ns << ' ' << one.error_ns << ' ' << one.rate;
    lines.push_back(line.str());
  }
  for (const ListedJourney& one : survey.journeys) {
    std::ostringstream line;
    line << one.number << ' ' << token_of(one.kind) << ' ' << to_number(one.first) << ' ' << one.has_time
         << ' ' << one.first_ns << ' ' << one.last_ns << ' ' << one.name << ' ' << one.handshake << ' '
         << int{one.handshake_round_trips};
    lines.push_back(line.str());
  }
  return lines;
}

/// As the reports ask for it: everything at once.
std::vector<std::string> at_once(Engine& engine) {
  Survey survey;
  Surveyor surveyor(engine, as_captured);
  surveyor.begin(true);
  surveyor.finish();
  survey.journeys = surveyor.survey()->journeys;
  // What the surveyor made is forgotten.
  const letters::Settings places = engine.places();
  letters::Settings others = places;
  ++others.light_ns;
  engine.compare_places(others);
  engine.letters();
  engine.compare_places(places);
  survey.letters = {std::shared_ptr<const letters::Letters>(), &engine.letters()};
  survey.places = {std::shared_ptr<const journeys::MilestoneIndex>(), &engine.milestones()};
  EXPECT_NE(survey.letters, surveyor.survey()->letters);
  return lines_of(engine, survey);
}

/// In parts; no part looks at much more than its budget, and all of them at every frame several times.
std::vector<std::string> in_parts(Engine& engine, std::uint64_t budget) {
  Surveyor surveyor(engine, as_captured);
  surveyor.begin(true);
  std::uint64_t parts = 1, before = 0, most = 0;
  while (surveyor.advance(budget)) {
    most = std::max(most, surveyor.spent() - before);
    before = surveyor.spent();
    ++parts;
    EXPECT_EQ(surveyor.survey(), nullptr) << "it is not whole yet";
  }
  EXPECT_LE(most, budget + most_at_once);
  EXPECT_GE(before + budget + most_at_once, 10 * engine.store().size()) << "everything is counted";
  EXPECT_GE(parts, before / (budget + most_at_once));
  return lines_of(engine, *surveyor.survey());
}

void expect_same_in_parts(const std::function<void(Engine&)>& take_all, std::string_view what) {
  Engine engine;
  take_all(engine);
  const std::vector<std::string> expected = at_once(engine);
  for (const std::uint64_t budget : {1U, 2U, 3U, 7U, 64U, 1000U, 100'000U}) {
    Engine other;
    take_all(other);
    EXPECT_EQ(in_parts(other, budget), expected) << what << ", in parts of " << budget;
  }
}

/// Two ends, a clock that was set, drifts or is hours off, losses, a mirror port, a place in the middle.
PaperWire wire_of(int variant, int packets) {
  PaperWire wire = PaperWire::two();
  if (variant == 1) {
    wire.places[1].set_at_ns = 3 * second;
    wire.places[1].set_by_ns = 40 * ms;
  }
  if (variant == 2) {
    wire.places[1].drift = 400e-6;
    wire.places[1].clock_ns = -9 * 3600 * second;
  }
  if (variant == 3) {
    wire.places.push_back(wire.places[1]);
    wire.places[1].from_client_ns = 5 * ms;
    wire.places[1].interface = 2;
    wire.places[1].hops = 3;
  }
  if (variant == 4) wire.places[1].translated = true;
  PaperConnection connection(wire);
  connection.talk(connection.shake(0), packets, 50 * ms);
  // What looks alike, and is lost now and then.
  for (int i = 0; i < packets / 4; ++i) {
    PaperWire::Packet query;
    query.datagram = Message(40, static_cast<std::uint8_t>(i % 3));
    query.header.source_port = 40000;
    query.header.destination_port = 5000;
    query.again = i % 5 == 0;
    query.ip_id = static_cast<std::uint16_t>(i % 7 == 0 ? 0 : 100 + i);
    if (i % 6 == 0) query.lost_before = 1;
    wire.send(second + i * 3 * ms, query);
  }
  return wire;
}

TEST(Survey, IsTheSameInPartsOfEverySize) {
  for (int variant = 0; variant < 5; ++variant)
    expect_same_in_parts(
        [&](Engine& engine) {
          PaperWire wire = wire_of(variant, 120);
          wire.take_all(engine);
        },
        "wire " + std::to_string(variant));
}

/// All situations, one behind the other; how many frames they have.
std::uint32_t take_situations(Engine& engine) {
  std::uint32_t number = 0;
  for (const Situation& situation : situations) {
    const Transcript transcript(situation.text);
    for (const Transcript::Line& line : transcript.lines())
      line.frame.view(FrameNumber{++number}, [&](const FrameBytes& bytes) { engine.take(bytes); });
  }
  engine.finish();
  return number;
}

TEST(Survey, OfEverySituation) {
  expect_same_in_parts([](Engine& engine) { take_situations(engine); }, "all situations in one capture");
}

/// One journey of very many frames is cut, too, and so is the comparison of two clocks.
TEST(Survey, NoPartIsLong) {
  Engine engine;
  PaperWire wire = wire_of(1, 8'000);
  wire.take_all(engine);
  ASSERT_GT(engine.store().size(), 15'000U);
  Engine same;
  wire.take_all(same);
  EXPECT_EQ(in_parts(engine, 500), at_once(same));
}

TEST(Survey, StaysUntilTheNextOneIsWhole) {
  PaperWire wire = wire_of(0, 40);
  Engine engine;
  wire.take_all(engine);
  Surveyor surveyor(engine, as_captured);
  surveyor.begin(true);
  surveyor.finish();
  const std::vector<std::string> first = lines_of(engine, *surveyor.survey());
  letters::Settings as_it_is;
  as_it_is.correct_clocks = false;
  as_it_is.position = letters::CapturePosition::middle;
  engine.compare_places(as_it_is);
  surveyor.begin(true);
  while (surveyor.advance(50)) EXPECT_EQ(lines_of(engine, *surveyor.survey()), first);
  const std::vector<std::string> second_one = lines_of(engine, *surveyor.survey());
  EXPECT_NE(second_one, first);
  Engine other;
  wire.take_all(other);
  other.compare_places(as_it_is);
  EXPECT_EQ(second_one, at_once(other));
}

/// Preferences change while it is made.
TEST(Survey, BeginsAnewWithOtherSettings) {
  PaperWire wire = wire_of(2, 40);
  Engine engine, other;
  wire.take_all(engine);
  wire.take_all(other);
  letters::Settings as_it_is;
  as_it_is.correct_clocks = false;
  other.compare_places(as_it_is);
  Surveyor surveyor(engine, as_captured);
  surveyor.begin(true);
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(surveyor.advance(20));
  engine.compare_places(as_it_is);
  surveyor.finish();
  EXPECT_EQ(lines_of(engine, *surveyor.survey()), at_once(other));
}

/// A capture that grows: frames come between any two parts, numbers are given again, the end is taken back.
TEST(Survey, WhileFramesCome) {
  PaperWire wire = wire_of(3, 60);
  wire.merge();
  for (const bool again : {false, true}) {
    const auto take = [&](Engine& engine, std::size_t i, const std::function<void()>& between) {
      // A read filter throws the frame away that has the number first.
      if (again && i + 1 < wire.frames()) wire.take(engine, i + 1, i + 1);
      if (again) between();
      wire.take(engine, i, i + 1);
    };
    Engine plain;
    for (std::size_t i = 0; i < wire.frames(); ++i) take(plain, i, [] {});
    const std::vector<std::string> expected = at_once(plain);
    for (const std::uint64_t budget : {1U, 10U, 150U}) {
      Engine engine;
      Surveyor surveyor(engine, as_captured);
      std::size_t whole = 0;
      for (std::size_t i = 0; i < wire.frames(); ++i) {
        if (!surveyor.is_under_way()) surveyor.begin(i % 11 == 10);
        if (!surveyor.advance(budget)) ++whole;
        take(engine, i, [&] { surveyor.advance(budget); });
      }
      EXPECT_TRUE(budget < 100 || whole > 0) << whole;
      surveyor.begin(true);
      surveyor.finish();
      EXPECT_EQ(lines_of(engine, *surveyor.survey()), expected) << budget << again;
      surveyor.begin(true);
      surveyor.advance(budget);
      surveyor.clear();
      engine.clear();
      EXPECT_EQ(surveyor.survey(), nullptr);
      EXPECT_FALSE(surveyor.advance(1));
    }
  }
}

/// As the report does, of all journeys and of those that have a frame which passes.
TEST(ConnectionCounter, CountsInPartsOfEverySize) {
  Engine engine;
  const std::uint32_t number = take_situations(engine);
  Surveyor surveyor(engine, as_captured);
  surveyor.begin(true);
  surveyor.finish();
  std::vector<FrameNumber> passed;
  for (std::uint32_t frame = 1; frame <= number; frame += 40) passed.push_back(FrameNumber{frame});
  const auto passes = [](FrameNumber frame) { return to_number(frame) % 40 == 1; };
  for (const bool limited : {false, true}) {
    reports::JourneysSource journeys = [&](const reports::JourneyVisit& visit) {
      engine.for_each_journey(visit);
    };
    if (limited) journeys = reports::limited_to(journeys, passed);
    std::vector<std::string> expected;
    reports::write_connections(
        engine.store(), {}, reports::Format::json, journeys,
        [&](std::string_view text) { expected.emplace_back(text.substr(0, text.find('\n'))); });
    ASSERT_GT(expected.size(), 1U);
    for (const std::uint64_t budget : {1U, 10U, 1000U, 1'000'000U}) {
      ConnectionCounter counter(engine);
      counter.begin(true, surveyor.survey()->letters, limited ? ConnectionCounter::Passes(passes) : nullptr);
      while (counter.advance(budget)) EXPECT_TRUE(counter.is_under_way());
      EXPECT_FALSE(counter.is_under_way());
      EXPECT_EQ(counter.lines(), expected) << limited << ' ' << budget;
      counter.clear();
      EXPECT_THAT(counter.lines(), ::testing::IsEmpty());
    }
  }
}

/// An empty capture, and one of a frame that says nothing.
TEST(Survey, OfNothing) {
  Engine engine;
  Surveyor surveyor(engine, as_captured);
  for (const bool complete : {false, true}) {
    surveyor.begin(complete);
    surveyor.finish();
    EXPECT_THAT(surveyor.survey()->journeys, ::testing::IsEmpty());
    EXPECT_EQ(surveyor.survey()->letters->of(FrameNumber{1}).peer, no_frame);
    EXPECT_THAT(surveyor.survey()->places->place_of(FrameNumber{1}).milestones, ::testing::IsEmpty());
  }
}

}  // namespace
}  // namespace humantime
