// SPDX-License-Identifier: GPL-2.0-or-later
#include "phases.h"

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace humantime {
namespace {

std::vector<std::vector<std::string>> read_table(const std::string& name) {
  std::ifstream file(std::string(TEST_DATA "/") + name);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    std::vector<std::string> cells;
    std::istringstream stream(line);
    for (std::string cell; std::getline(stream, cell, '\t');) cells.push_back(cell);
    rows.push_back(cells);
  }
  if (!rows.empty()) rows.erase(rows.begin());
  return rows;
}

// phases.tsv: token, lane, stage, en, ja, seen on the wire as, source, milestone.
TEST(Phases, TableMirrorsTheReference) {
  const auto reference = read_table("phases.tsv");
  ASSERT_EQ(reference.size(), phase_table().size());
  for (std::size_t i = 0; i < reference.size(); ++i) {
    const PhaseRow& row = phase_table()[i];
    EXPECT_EQ(static_cast<std::size_t>(row.phase), i);
    EXPECT_EQ(row.token, reference[i][0]);
    EXPECT_EQ(token_of(row.lane), reference[i][1]);
    const std::string stage =
        row.stage == Stage::of_the_moment ? "(stage of the moment)" : std::string(token_of(row.stage));
    EXPECT_EQ(stage, reference[i][2]) << row.token;
    EXPECT_EQ(row.english, reference[i][3]);
    EXPECT_EQ(row.japanese, reference[i][4]);
    EXPECT_EQ(row.source, reference[i][6]);
    EXPECT_EQ(row.milestone, reference[i][7] == "yes") << row.token;
  }
}

TEST(Phases, TokensAreFoundAgain) {
  for (const PhaseRow& row : phase_table()) EXPECT_EQ(phase_from_token(row.token), row.phase);
  EXPECT_FALSE(phase_from_token("tcp.nothing"));
  EXPECT_FALSE(phase_from_token(""));
}

TEST(Phases, EveryStageHasATokenAndLabels) {
  for (std::size_t i = 0; i < stage_count; ++i) {
    const auto stage = static_cast<Stage>(i);
    EXPECT_FALSE(token_of(stage).empty());
    EXPECT_FALSE(label_of(stage, Language::english).empty());
    EXPECT_FALSE(label_of(stage, Language::japanese).empty());
  }
}

TEST(Phases, OrderInFrameIsHeaderTroublePayloadClose) {
  EXPECT_LT(order_in_frame(Phase::tcp_fin_ack), order_in_frame(Phase::tcp_syn));
  EXPECT_LT(order_in_frame(Phase::tcp_syn_ack), order_in_frame(Phase::tcp_retransmission));
  EXPECT_LT(order_in_frame(Phase::tcp_zero_window), order_in_frame(Phase::http_request));
  EXPECT_EQ(order_in_frame(Phase::tcp_data), order_in_frame(Phase::tls_client_hello));
  EXPECT_LT(order_in_frame(Phase::http_response_end), order_in_frame(Phase::tcp_fin));
  EXPECT_LT(order_in_frame(Phase::tcp_fin), order_in_frame(Phase::tcp_rst));
}

}  // namespace
}  // namespace humantime
