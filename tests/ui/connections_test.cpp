// SPDX-License-Identifier: GPL-2.0-or-later
// What is read of the report's lines: all that it says, and nothing of what it cannot have said.
#include "model/connections.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "reports/connection_list.h"
#include "store.h"

namespace humantime::ui {
namespace {

using ::testing::ElementsAre;
using Json = nlohmann::ordered_json;

/// As tshark told it of ten fetches; what differs from run to run was rounded.
constexpr std::string_view ten =
    R"({"scope":"server","server":"www.example.jp","connections":10,"refused":1,"unanswered":2,"tls":10,)"
    R"("tls_share":1.0,"versions":{"ssl30":0,"tls10":0,"tls11":0,"tls12":9,"tls13":1,"quic":0,"unknown":0},)"
    R"("http":10,"http_versions":{"http1":8,"http2":2,"http3":0,"unknown":0},"handshakes":10,)"
    R"("handshakes_broken_off":3,"kinds":{"tls12_full":{"n":9,"share":0.9,"rtts":[1,2],"time_n":9,)"
    R"("time_min_ns":91,"time_q1_ns":92,"time_median_ns":93,"time_q3_ns":94,"time_max_ns":97,"waiting_n":9,)"
    R"("waiting_min_ns":1,"waiting_q1_ns":1,"waiting_median_ns":1,"waiting_q3_ns":1,"waiting_max_ns":1,)"
    R"("waiting_share":0.973},"tls13_0rtt":{"n":1,"share":0.1,"rtts":[0],"time_n":0,"time_min_ns":null,)"
    R"("time_q1_ns":null,"time_median_ns":null,"time_q3_ns":null,"time_max_ns":null,"waiting_n":0,)"
    R"("waiting_min_ns":null,"waiting_q1_ns":null,"waiting_median_ns":null,"waiting_q3_ns":null,)"
    R"("waiting_max_ns":null,"waiting_share":null}},"segments":1215,"segment_interval_ns":3038000,)"
    R"("retransmissions":4,"zero_windows":5,"requests":{"messages":10,"frames":10,"application_bytes":1010,)"
    R"("tls_bytes":1300,"frame_bytes":1960},"responses":{"messages":10,"frames":720,"application_bytes":null,)"
    R"("tls_bytes":1028420,"frame_bytes":1076250}})";

Json object() {
  Json made = Json::parse(ten);
  // What this version counts and the line above does not name.
  for (std::size_t i = 0; i < journeys::tls_version_count; ++i)
    made["versions"].emplace(std::string(token_of(static_cast<journeys::TlsVersion>(i))), 0);
  return made;
}

TEST(ConnectionsRecord, HasAllThatTheLineSays) {
  const std::string line = object().dump();
  const auto record = read_connections(line + "\n");
  ASSERT_TRUE(record);
  EXPECT_EQ(record->server, "www.example.jp");
  EXPECT_EQ(record->connections, 10U);
  EXPECT_EQ(record->refused, 1U);
  EXPECT_EQ(record->unanswered, 2U);
  EXPECT_EQ(record->tls_versions[static_cast<std::size_t>(journeys::TlsVersion::tls12)], 9U);
  EXPECT_EQ(record->tls_versions[static_cast<std::size_t>(journeys::TlsVersion::tls13)], 1U);
  EXPECT_EQ(record->http_versions[static_cast<std::size_t>(journeys::HttpVersion::http2)], 2U);
  EXPECT_EQ(record->handshakes, 10U);
  EXPECT_EQ(record->broken_off, 3U);
  ASSERT_EQ(record->kinds.size(), 2U);
  EXPECT_EQ(record->kinds[0].kind, "tls12_full") << "in the report's order, not by name";
  EXPECT_THAT(record->kinds[0].round_trips, ElementsAre(1, 2));
  EXPECT_EQ(record->kinds[0].times.median_ns, 93);
  EXPECT_EQ(record->kinds[0].times.max_ns, 97);
  EXPECT_DOUBLE_EQ(record->kinds[0].waiting_share.value(), 0.973);
  EXPECT_EQ(record->kinds[1].times.n, 0U);
  EXPECT_FALSE(record->kinds[1].waiting_share);
  EXPECT_EQ(record->segments, 1215U);
  EXPECT_EQ(record->segment_interval_ns, 3038000);
  EXPECT_EQ(record->retransmissions, 4U);
  EXPECT_EQ(record->zero_windows, 5U);
  EXPECT_EQ(record->requests.application_bytes, 1010U);
  EXPECT_EQ(record->requests.tls_bytes, 1300U);
  EXPECT_EQ(record->responses.frames, 720U);
  EXPECT_FALSE(record->responses.application_bytes);
  EXPECT_EQ(record->line, line);
}

TEST(ConnectionsRecord, ReadsWhatTheReportWrites) {
  FrameStore store;
  std::vector<std::string> lines;
  reports::write_connections(
      store, {}, reports::Format::json, [](const reports::JourneyVisit&) {},
      [&](std::string_view text) { lines.emplace_back(text); });
  ASSERT_EQ(lines.size(), 1U);
  const auto record = read_connections(lines[0]);
  ASSERT_TRUE(record) << lines[0];
  EXPECT_EQ(record->connections, 0U);
  EXPECT_EQ(record->server, "");
}

TEST(ConnectionsRecord, WithoutOneOfItsValuesALineIsNone) {
  const Json whole = object();
  for (const auto& [key, value] : whole.items()) {
    // Shares are told, and can be reckoned.
    if (key == "tls_share") continue;
    Json changed = object();
    changed.erase(key);
    EXPECT_FALSE(read_connections(changed.dump())) << key << " is missing";
    changed = object();
    changed[key] = "what";
    EXPECT_TRUE(value.is_string() || !read_connections(changed.dump())) << key << " is a text";
    changed[key] = -1;
    EXPECT_FALSE(read_connections(changed.dump()) && key != "segment_interval_ns") << key << " is negative";
  }
  for (const char* part : {"versions", "http_versions", "requests", "responses"})
    for (const auto& [key, value] : whole[part].items()) {
      Json changed = object();
      changed[part].erase(key);
      EXPECT_FALSE(read_connections(changed.dump())) << part << "." << key;
    }
}

TEST(ConnectionsRecord, WhatIsNoDistributionIsNone) {
  const auto refuses = [](const char* key, const Json& value) {
    Json changed = object();
    changed["kinds"]["tls12_full"][key] = value;
    EXPECT_FALSE(read_connections(changed.dump())) << key << " " << value;
  };
  refuses("time_median_ns", 98);
  refuses("time_min_ns", 95);
  refuses("rtts", {256});
  refuses("rtts", {"1"});
  refuses("waiting_share", 1.5);
  refuses("waiting_share", -0.1);
  refuses("n", nullptr);
}

TEST(ConnectionsRecord, HostileNamesAreMadePrintableAndCut) {
  Json changed = object();
  changed["server"] = "evil\x1b[2J\t\n" + std::string(5000, 'x');
  const auto record = read_connections(changed.dump());
  ASSERT_TRUE(record);
  EXPECT_LE(record->server.size(), 255U);
  EXPECT_EQ(record->server.find_first_of("\x1b\t\n"), std::string::npos);
  for (const char* line : {"", "{", "null", "[]", "{}", "\"scope\"", R"({"scope":"all"})"})
    EXPECT_FALSE(read_connections(line)) << line;
  EXPECT_FALSE(read_connections(std::string(100000, '[')));
}

TEST(ConnectionsRecord, AllHaveNoNameAndAServerHasOne) {
  Json changed = object();
  changed["scope"] = "all";
  EXPECT_FALSE(read_connections(changed.dump()));
  changed["server"] = nullptr;
  EXPECT_TRUE(read_connections(changed.dump()));
  changed["scope"] = "server";
  EXPECT_FALSE(read_connections(changed.dump()));
}

TEST(RecordOf, IsThatOfAllWhereTheServerIsUnknown) {
  Connections connections(3);
  connections[1].server = "a.example";
  connections[2].server = "c.example";
  EXPECT_EQ(record_of(connections, "a.example"), &connections[1]);
  EXPECT_EQ(record_of(connections, "b.example"), &connections[0]);
  EXPECT_EQ(record_of(connections, ""), &connections[0]);
  EXPECT_EQ(record_of({}, "a.example"), nullptr);
  connections.pop_back();
  EXPECT_EQ(record_of(connections, ""), &connections[1]) << "the only server is all of them, and has a name";
}

TEST(MeasuresOfALine, AreTheReportsOwn) {
  FrameStore store;
  std::string json, csv, made = reports::measures_head();
  const auto write = [&](reports::Format format, std::string& out) {
    reports::write_connections(
        store, {}, format, [](const reports::JourneyVisit&) {}, [&](std::string_view text) { out += text; });
  };
  write(reports::Format::json, json);
  write(reports::Format::csv, csv);
  EXPECT_TRUE(reports::write_measures(json, [&](std::string_view text) { made += text; }));
  EXPECT_EQ(made, csv);
  EXPECT_FALSE(reports::write_measures("{}", [&](std::string_view text) { made += text; }));
  EXPECT_EQ(made, csv) << "nothing is written of what is no line";
}

}  // namespace
}  // namespace humantime::ui
