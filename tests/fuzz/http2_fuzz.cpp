// SPDX-License-Identifier: GPL-2.0-or-later
// An HTTP/2 connection in small steps, and what must hold of what is told of its frames whatever the bytes.
//
// Input: a byte that says how the connection begins (Begun below), then steps of an operation byte, a
// length byte and, for bytes of the stream, that many bytes (fewer at the end). Operation: bit 0 the side,
// bit 1 that more of the segment follows, bits 2 to 4 what happens (Step below), bit 5 that the step belongs
// to the segment of the step before.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "http2/connection.h"

namespace humantime::http2 {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

class Judge final : public PhaseSink {
 public:
  explicit Judge(std::size_t frames) : frames_(frames) {}

  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    require(frame != no_frame && to_number(frame) < frames_);
    require(row_of(phase).lane == Lane::http || phase == Phase::tcp_data);
    require(is_settled(certainty) || phase == Phase::tcp_data);
    note(to_number(frame) * 256 + static_cast<std::size_t>(phase));
  }
  void settle(FrameNumber frame, Phase before, Phase after, Certainty) override {
    require(frame != no_frame && to_number(frame) < frames_);
    require(before == Phase::tcp_data && after == Phase::tcp_data);
    note(to_number(frame));
  }
  void detail(FrameNumber frame, std::string_view text) override {
    require(frame != no_frame && to_number(frame) < frames_ && text.size() <= 120);
    note(text.size());
  }
  void moment(Stage stage) override { require(stage < Stage::of_the_moment); }
  void server_name(FrameNumber frame, std::string_view name) override {
    require(frame != no_frame && !name.empty());
  }
  /// Of all that was told, in its order.
  std::size_t sum() const { return sum_; }

 private:
  void note(std::size_t what) { sum_ = sum_ * 31 + what; }

  std::size_t frames_;
  std::size_t sum_ = 0;
};

enum class Begun { preface, upgraded, anywhere };
enum class Step { bytes, more_bytes, even_more_bytes, lost, snapped, lost_much, flush, end };

struct Run {
  Connection connection;
  Judge judge;
};

void take(Run& run, std::uint8_t operation, std::uint8_t length, Bytes bytes, FrameNumber frame) {
  const tcp::Role side = (operation & 1) ? tcp::Role::responder : tcp::Role::initiator;
  const bool more = (operation & 2) != 0;
  switch (static_cast<Step>(operation >> 2 & 7)) {
    case Step::bytes:
    case Step::more_bytes:
    case Step::even_more_bytes:
      return run.connection.feed(side, frame, bytes, more, run.judge);
    case Step::lost:
      return run.connection.skip(side, no_frame, length, false, run.judge);
    case Step::snapped:
      return run.connection.skip(side, frame, length, more, run.judge);
    case Step::lost_much:
      return run.connection.skip(side, no_frame, ~std::uint64_t{0} >> (length & 63), false, run.judge);
    case Step::flush:
      return run.connection.flush(side, run.judge);
    case Step::end:
      return run.connection.end(side, run.judge);
  }
}

}  // namespace
}  // namespace humantime::http2

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace humantime;
  using namespace humantime::http2;
  Reader in({data, size});
  Run run{{}, Judge(size + 2)};
  const auto beginning = static_cast<Begun>(in.u8() % 3);
  if (beginning == Begun::preface) run.connection.begin_with_preface(tcp::Role::initiator);
  if (beginning == Begun::upgraded) run.connection.begin_upgraded(tcp::Role::initiator, run.judge);
  if (beginning == Begun::anywhere)
    for (const tcp::Role role : {tcp::Role::initiator, tcp::Role::responder})
      run.connection.begin_anywhere(role);
  std::uint32_t number = 1;
  while (in.remaining() > 1) {
    const std::uint8_t operation = in.u8();
    const std::uint8_t length = in.u8();
    if ((operation & 32) == 0) ++number;
    const bool carries = (operation >> 2 & 7) <= 2;
    const Bytes bytes = carries ? in.take(length < in.remaining() ? length : in.remaining()) : Bytes{};
    // A frame is taken back and read again: both times the same is told.
    Run before = run;
    take(run, operation, length, bytes, FrameNumber{number});
    take(before, operation, length, bytes, FrameNumber{number});
    require(run.judge.sum() == before.judge.sum());
  }
  run.connection.end(tcp::Role::initiator, run.judge);
  run.connection.end(tcp::Role::responder, run.judge);
  return 0;
}
