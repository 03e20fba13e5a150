// SPDX-License-Identifier: GPL-2.0-or-later
// Streams of HTTP/3 and of DNS over QUIC in small steps, and what must hold of what is told of their frames
// whatever the bytes.
//
// Input: steps of an operation byte, a length byte and that many bytes (fewer at the end). Operation: bits 0
// to 2 the stream (streams below), bit 3 the side where the stream has both, bit 4 that the stream ends, bits
// 5 and 6 what happens: 0 the bytes come, 1 sixteen bytes before them do not, 2 the stream is reset, 3 the
// datagram is over.
#include <array>
#include <cstdint>
#include <map>

#include "http3/connection.h"
#include "judge.h"
#include "quic/dns_streams.h"

namespace humantime {
namespace {

class Judge final : public PhaseSink {
 public:
  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    require(frame != no_frame && frame <= now && certainty == Certainty::seen);
    require(row_of(phase).lane == Lane::http || row_of(phase).lane == Lane::dns);
  }
  void settle(FrameNumber, Phase, Phase, Certainty) override { require(false); }
  void detail(FrameNumber frame, std::string_view text) override {
    require(frame != no_frame && frame <= now && text.size() <= 2048);
  }
  void moment(Stage stage) override { require(stage < Stage::of_the_moment); }
  void server_name(FrameNumber frame, std::string_view name) override {
    require(frame != no_frame && frame <= now && !name.empty());
  }

  FrameNumber now{1};
};

constexpr std::array<std::uint64_t, 8> streams = {0, 4, 2, 6, 3, 7, 15, 8};

struct Run {
  http3::Connection http;
  quic::DnsStreams dns;
  Judge judge;
  std::map<std::uint64_t, std::uint64_t> offsets;

  void step(std::uint8_t operation, Bytes bytes) {
    const std::uint64_t stream = streams[operation & 7];
    // The lowest bits of a stream's ID: whose it is, and whether it has one direction only.
    const bool server = (stream & 2) != 0 ? (stream & 1) != 0 : (operation & 8) != 0;
    const tcp::Role from = server ? tcp::Role::responder : tcp::Role::initiator;
    std::uint64_t& offset = offsets[stream * 2 + (server ? 1 : 0)];
    switch (operation >> 5 & 3) {
      case 1:
        offset += 16;
        [[fallthrough]];
      case 0:
        http.feed(from, stream, offset, bytes, (operation & 16) != 0, judge.now, judge);
        dns.feed(from, stream, offset, bytes, judge.now, judge);
        offset += bytes.size();
        break;
      case 2:
        http.reset(from, stream, judge);
        dns.forget(stream);
        break;
      case 3:
        http.flush(judge);
        judge.now = FrameNumber{to_number(judge.now) + 1};
        break;
    }
  }
};

}  // namespace
}  // namespace humantime

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  using namespace humantime;
  Run run;
  Bytes rest(bytes, size);
  while (rest.size() >= 2) {
    const std::uint8_t operation = rest[0];
    const std::size_t length = rest[1];
    const Bytes content = slice(rest, 2, length);
    run.step(operation, content);
    rest = slice(rest, 2 + content.size());
  }
  Run whole = run;  // a value
  whole.http.finish(whole.judge);
  require(!whole.http.waits());
  return 0;
}
