// SPDX-License-Identifier: GPL-2.0-or-later
// Any frames through the engine, and what must hold of the store whatever they are (see frames_input.h).
#include <cstdint>
#include <optional>
#include <vector>

#include "engine.h"
#include "frames_input.h"
#include "judge.h"
#include "store_text.h"
#include "survey.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace humantime;
  const std::vector<InputFrame> frames = read_frames({data, size});

  Engine engine;
  // A window looks at all frames together meanwhile, a part at a time.
  Surveyor surveyor(engine, [](FrameNumber, const FrameRow&) { return std::optional<std::int64_t>(0); });
  constexpr std::uint64_t part = 50;
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
    if (!surveyor.is_under_way()) surveyor.begin(frames[i].has(frame_finishes));
    surveyor.advance(part);
  }
  surveyor.begin(true);
  while (surveyor.advance(part)) {
  }
  judge(engine.store());

  // As if the frames that were thrown away had never been there, and nothing had been finished too early.
  Engine plain;
  for (std::size_t i = 0; i < last_with_number.size(); ++i)
    plain.take(frames[last_with_number[i]].as(FrameNumber{static_cast<std::uint32_t>(i + 1)}));
  plain.finish();
  require(dump(engine.store()) == dump(plain.store()));
  for (std::uint32_t number = 0; number <= engine.store().size() + 1; ++number) {
    const journeys::Place place = engine.milestones().place_of(FrameNumber{number});
    const journeys::Place other = plain.milestones().place_of(FrameNumber{number});
    require(place.end == other.end && place.direction == other.direction);
    require(place.milestones.size() == other.milestones.size());
    require(place.milestones.empty() || engine.journeys().of(FrameNumber{number}) != 0);
    for (const journeys::Milestone& milestone : place.milestones)
      require(milestone.frame == FrameNumber{number} && milestone.ordinal > 0);
  }
  return 0;
}
