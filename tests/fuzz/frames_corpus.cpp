// SPDX-License-Identifier: GPL-2.0-or-later
// Writes the situations of tests/core/transcripts.h as fuzz inputs: frames-corpus FOLDER
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>

#include "frames_input.h"
#include "transcript.h"
#include "transcripts.h"

namespace {

using namespace humantime;

/// The time step (see read_frames) that comes next to the one wanted, from below.
std::uint8_t step_of(std::int64_t nanoseconds) {
  for (unsigned shift = 0; shift < 8; ++shift)
    if (nanoseconds >> shift * 5 < 32)
      return static_cast<std::uint8_t>(shift << 5 | nanoseconds >> shift * 5);
  return 0xff;
}

Message input_of(const Transcript& transcript) {
  Message input;
  Nanoseconds before = transcript.lines().front().frame.time;
  for (const Transcript::Line& line : transcript.lines()) {
    const OwnedFrame& frame = line.frame;
    const OwnedFrame::Source& source = frame.sources.front();
    input = input + number(frame.vantage.interface << 6, 1) +
            number(step_of((frame.time - before).count()), 1) + number(frame.layers.size(), 1);
    for (const Layer layer : frame.layers) input.push_back(static_cast<std::uint8_t>(layer));
    const std::size_t missing = (source.reported_length - source.bytes.size()) / 8;
    input = input + number(source.bytes.size(), 2) + number(std::min<std::size_t>(missing, 255), 1) +
            source.bytes;
    before = frame.time;
  }
  return input;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) return 1;
    const std::filesystem::path folder = argv[1];
    for (const Situation& situation : situations) {
      const Message input = input_of(Transcript(situation.text));
      if (input.size() > 2500) continue;  // the small ones say as much
      std::ofstream file(folder / std::string(situation.name), std::ios::binary);
      file.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
      if (!file) return 1;
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
