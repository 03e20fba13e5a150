// SPDX-License-Identifier: GPL-2.0-or-later
// Writes the situations of tests/core/transcripts.h and tls_transcripts.h as fuzz inputs:
// frames-corpus CORPUS (in CORPUS/frames and CORPUS/tls_session)
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include "frames_input.h"
#include "tls_session_input.h"
#include "tls_transcripts.h"
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

/// See tls_session_input.h.
Message session_input_of(const Transcript& transcript) {
  Message input = number(0, 1);
  for (const Transcript::Line& line : transcript.lines()) {
    const OwnedFrame& frame = line.frame;
    const bool fin = (line.header.flags & (wire::tcp_fin | wire::tcp_rst)) != 0;
    unsigned operation = line.from_client ? 0 : step_server;
    for (const Layer layer : frame.layers)
      if (kind_of(layer) == LayerKind::application) operation |= step_shown;
    if (!frame.decrypted.empty()) operation |= step_decrypted;
    if (!line.payload.empty()) {
      input = input + number(operation, 1);
      if (!frame.decrypted.empty()) input = input + number(frame.decrypted.size(), 1);
      for (const OwnedFrame::Decrypted& record : frame.decrypted)
        input = input + number(record.type, 1) + number(record.content->size(), 2) + *record.content;
      input = input + number(line.payload.size(), 2) + line.payload;
    }
    if (fin) {
      const bool reset = (line.header.flags & wire::tcp_rst) != 0;
      input = input + number((operation & step_server) | step_control, 1) +
              number(reset ? control_rst : control_fin, 1);
    }
  }
  return input;
}

void write(const std::filesystem::path& path, const Message& input) {
  if (input.size() > 2500) return;  // the small ones say as much
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(input.data()), static_cast<std::streamsize>(input.size()));
  if (!file) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) return 1;
    const std::filesystem::path corpus = argv[1];
    for (const Situation& situation : situations)
      write(corpus / "frames" / std::string(situation.name), input_of(Transcript(situation.text)));
    for (const Situation& situation : tls_situations) {
      const Transcript transcript(situation.text);
      write(corpus / "frames" / std::string(situation.name), input_of(transcript));
      write(corpus / "tls_session" / std::string(situation.name), session_input_of(transcript));
    }
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
