// SPDX-License-Identifier: GPL-2.0-or-later
// What must hold of the store whatever the frames.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "phases.h"
#include "store.h"

namespace humantime {

inline void require(bool condition) {
  if (!condition) std::abort();
}

inline void judge(const FrameStore& store, FrameNumber frame) {
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

inline void judge(const FrameStore& store) {
  for (std::uint32_t number = 0; number <= store.size() + 1; ++number) judge(store, FrameNumber{number});
}

}  // namespace humantime
