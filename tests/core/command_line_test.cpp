// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/command_line.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace humantime::plugin {
namespace {

bool fields_only(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "tshark");
  return CommandLine(std::move(arguments)).prints_named_fields_only();
}

TEST(CommandLine, TellsTheOutputType) {
  EXPECT_TRUE(fields_only({"-T", "fields", "-e", "humantime.phase"}));
  EXPECT_TRUE(fields_only({"-r", "x.pcap", "-Tfields"}));
  EXPECT_TRUE(fields_only({"-nT", "fields"}));
  EXPECT_TRUE(fields_only({"-2nTfields"}));
  EXPECT_FALSE(fields_only({}));
  EXPECT_FALSE(fields_only({"-r", "x.pcap"}));
  EXPECT_FALSE(fields_only({"-T", "json"}));
  EXPECT_FALSE(fields_only({"-T", "fieldsx"}));
  EXPECT_FALSE(fields_only({"-T"}));
  EXPECT_FALSE(fields_only({"-V"}));
  EXPECT_FALSE(fields_only({"fields"}));
}

TEST(CommandLine, TheLastOutputTypeCounts) {
  EXPECT_FALSE(fields_only({"-T", "fields", "-T", "json"}));
  EXPECT_TRUE(fields_only({"-Tjson", "-Tfields"}));
}

TEST(CommandLine, ValuesThatHoldATAreNoOutputType) {
  EXPECT_FALSE(fields_only({"-rTfields"})) << "a file's name";
  EXPECT_FALSE(fields_only({"-YTfields"}));
  EXPECT_FALSE(fields_only({"--Tfields"}));
  EXPECT_FALSE(fields_only({"-"}));
}

TEST(CommandLine, Mentions) {
  const CommandLine line({"tshark", "-T", "fields", "-e", "humantime.phase", "-Yhumantime.month==3"});
  EXPECT_TRUE(line.mentions("humantime.phase"));
  EXPECT_TRUE(line.mentions("humantime.month"));
  EXPECT_FALSE(line.mentions("humantime.journey"));
  EXPECT_FALSE(CommandLine({}).mentions("humantime"));
}

bool once(std::vector<std::string> arguments) {
  return CommandLine(std::move(arguments)).reads_once();
}

TEST(CommandLine, ReadsOnce) {
  EXPECT_TRUE(once({"tshark", "-r", "x.pcap"}));
  EXPECT_TRUE(once({"/usr/bin/tshark", "-i", "lo", "-Y", "tcp"}));
  EXPECT_FALSE(once({"tshark", "-2", "-r", "x.pcap"}));
  EXPECT_FALSE(once({"tshark", "-n2r", "x.pcap"}));
  EXPECT_FALSE(once({"tshark", "-2R", "tcp", "-r", "x.pcap"}));
  EXPECT_FALSE(once({"tshark", "--read-filter", "tcp", "-r", "x.pcap"}));
  EXPECT_FALSE(once({"wireshark", "-r", "x.pcap"}));
  EXPECT_FALSE(once({"sharkd", "-"}));
  EXPECT_FALSE(once({}));
}

TEST(CommandLine, KeepsAllFrames) {
  EXPECT_TRUE(CommandLine({"tshark", "-2", "-r", "x.pcap"}).keeps_all_frames());
  EXPECT_FALSE(CommandLine({"tshark", "-2R", "tcp", "-r", "x.pcap"}).keeps_all_frames());
  EXPECT_FALSE(CommandLine({"wireshark"}).keeps_all_frames());
}

TEST(CommandLine, OfThisProcess) {
  EXPECT_TRUE(CommandLine::own().mentions("core-tests"));
}

}  // namespace
}  // namespace humantime::plugin
