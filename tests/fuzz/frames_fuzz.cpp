// SPDX-License-Identifier: GPL-2.0-or-later
// Any frames through the engine, and what must hold of the store whatever they are (see frames_input.h).
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "engine.h"
#include "frames_input.h"
#include "phases.h"
#include "store_text.h"

namespace humantime {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

void judge(const FrameStore& store, FrameNumber frame) {
  std::vector<PhaseMark> marks, settled;
  store.marks(frame, false, marks);
  store.marks(frame, true, settled);
  require(settled.size() <= marks.size());
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const PhaseMark& mark = marks[i];
    require(static_cast<std::size_t>(mark.phase) < phase_table().size());
    require(mark.stage < Stage::of_the_moment);
    const Stage own = row_of(mark.phase).stage;
    require(own == Stage::of_the_moment || own == mark.stage);
    require(i == 0 || order_in_frame(marks[i - 1].phase) <= order_in_frame(mark.phase));
    for (std::size_t j = 0; is_state(mark.phase) && j < i; ++j) require(marks[j].phase != mark.phase);
  }
  const FrameRow* row = store.find(frame);
  require(row != nullptr || marks.empty());
  require(row == nullptr || row->vantage < store.vantages().size());
  require(store.detail(frame).size() <= TextPool::longest);
}

void judge(const FrameStore& store) {
  for (std::uint32_t number = 0; number <= store.size() + 1; ++number) judge(store, FrameNumber{number});
}

}  // namespace
}  // namespace humantime

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace humantime;
  const std::vector<InputFrame> frames = read_frames({data, size});

  Engine engine;
  std::vector<std::size_t> last_with_number;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (frames[i].has(frame_comes_again) && !last_with_number.empty())
      last_with_number.back() = i;
    else
      last_with_number.push_back(i);
    const FrameNumber number{static_cast<std::uint32_t>(last_with_number.size())};
    engine.take(frames[i].as(number));
    judge(engine.store(), number);
    if (frames[i].has(frame_finishes)) engine.finish();
  }
  engine.finish();
  judge(engine.store());

  // As if the frames that were thrown away had never been there, and nothing had been finished too early.
  Engine plain;
  for (std::size_t i = 0; i < last_with_number.size(); ++i)
    plain.take(frames[last_with_number[i]].as(FrameNumber{static_cast<std::uint32_t>(i + 1)}));
  plain.finish();
  require(dump(engine.store()) == dump(plain.store()));
  return 0;
}
