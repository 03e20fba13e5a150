// SPDX-License-Identifier: GPL-2.0-or-later
// What connections were like, counted a part at a time for a window, as the report `connections` counts them
// in one go.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine.h"
#include "letters/letters.h"
#include "types.h"
#include "work.h"

namespace humantime {

class ConnectionCounter {
 public:
  using Passes = std::function<bool(FrameNumber)>;

  /// `engine` outlives it.
  explicit ConnectionCounter(Engine& engine) : engine_(engine) {}

  /// Begins to count the frames that have come so far; what is under way is given up. `letters` are what is
  /// known of them, null where nothing is; with `passes` only journeys count that have a frame which does.
  /// `complete`: no frame will come.
  void begin(bool complete, std::shared_ptr<const letters::Letters> letters, Passes passes);
  bool is_under_way() const { return !work_.done(); }
  /// Does a part, about `budget` frames and the like; true where there is more to do. What frames that came
  /// meanwhile have taken back is counted again.
  bool advance(std::uint64_t budget);
  /// Forgets everything: other frames are about to come.
  void clear();

  /// The lines of the report's JSON, without their ends; complete when advance() has nothing to do.
  const std::vector<std::string>& lines() const { return lines_; }

 private:
  Work count();

  Engine& engine_;
  bool complete_ = false;
  std::shared_ptr<const letters::Letters> letters_;
  Passes passes_;
  Engine::Standing standing_;
  std::vector<std::string> lines_;
  Work work_;
};

}  // namespace humantime
