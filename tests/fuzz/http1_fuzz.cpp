// SPDX-License-Identifier: GPL-2.0-or-later
// A connection in small steps, and what must hold of what is told of its frames whatever the bytes.
//
// Input: steps of an operation byte, a length byte and, for bytes of the stream, that many bytes (fewer at
// the end). Operation: bit 0 the side, bit 1 More::yes, bits 2 to 4 what happens (Step below), bit 5 that the
// step belongs to the frame of the step before.
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "http1/exchange.h"

namespace humantime::http1 {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

class Judge final : public PhaseSink {
 public:
  explicit Judge(std::size_t frames) : unsettled_(frames) {}

  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    require(frame != no_frame && to_number(frame) < unsettled_.size());
    require(row_of(phase).lane == Lane::http);
    if (certainty == Certainty::unsettled) unsettled_[to_number(frame)].push_back(phase);
  }
  void settle(FrameNumber frame, Phase before, Phase after, Certainty certainty) override {
    require(to_number(frame) < unsettled_.size() && row_of(after).lane == Lane::http);
    require(certainty != Certainty::unsettled);
    std::vector<Phase>& phases = unsettled_[to_number(frame)];
    for (std::size_t i = phases.size(); i-- > 0;) {
      if (phases[i] != before) continue;
      phases.erase(phases.begin() + static_cast<std::ptrdiff_t>(i));
      return;
    }
    require(false);  // only what is unsettled can be settled
  }
  void detail(FrameNumber frame, std::string_view text) override {
    require(to_number(frame) < unsettled_.size() && frame != no_frame);
    require(text.size() <= 120);
  }
  void moment(Stage stage) override { require(stage < Stage::of_the_moment); }

 private:
  std::vector<std::vector<Phase>> unsettled_;
};

enum class Step { bytes, more_bytes, even_more_bytes, lost, snapped, lost_much, fin, rst };

}  // namespace
}  // namespace humantime::http1

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace humantime;
  using namespace humantime::http1;
  Reader in({data, size});
  Exchange exchange;
  Judge judge(size + 2);
  std::uint32_t number = 1;
  while (in.remaining() > 1) {
    const std::uint8_t operation = in.u8();
    const std::uint8_t length = in.u8();
    const Side side = (operation & 1) ? Side::server : Side::client;
    const More more = (operation & 2) ? More::yes : More::no;
    if ((operation & 32) == 0) ++number;
    const FrameNumber frame{number};
    switch (static_cast<Step>(operation >> 2 & 7)) {
      case Step::bytes:
      case Step::more_bytes:
      case Step::even_more_bytes: {
        const Bytes bytes = in.take(length < in.remaining() ? length : in.remaining());
        const std::size_t taken = exchange.feed(side, frame, bytes, judge, more);
        require(taken <= bytes.size());
        if (taken == bytes.size()) break;
        require(exchange.inner(side) != Inner::none);
        if (length & 1) exchange = Exchange(exchange);
        const Bytes rest = bytes.subspan(taken);
        require(exchange.feed(side, frame, rest, judge, more) == rest.size());
        break;
      }
      case Step::lost:
        require(exchange.skip(side, no_frame, length, judge) <= length);
        break;
      case Step::snapped:
        require(exchange.skip(side, frame, length, judge, more) <= length);
        break;
      case Step::lost_much:
        exchange.skip(side, no_frame, ~std::uint64_t{0} >> (length & 63), judge);
        break;
      case Step::fin:
        exchange.end(side, false, judge);
        break;
      case Step::rst:
        exchange.end(side, true, judge);
        break;
    }
  }
  exchange.end(Side::client, false, judge);
  exchange.end(Side::server, false, judge);
  return 0;
}
