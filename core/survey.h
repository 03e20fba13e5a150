// SPDX-License-Identifier: GPL-2.0-or-later
// What is known only when all frames are looked at together, as it was at one time: for a window that shows
// it while the next one is made, a part at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine.h"
#include "journeys/journey.h"
#include "journeys/milestone_index.h"
#include "letters/letters.h"
#include "types.h"
#include "work.h"

namespace humantime {

/// A journey as it is listed.
struct ListedJourney {
  std::uint32_t number = 0;
  journeys::Kind kind = journeys::Kind::completed;
  FrameNumber first = no_frame;
  std::int64_t first_ns = 0, last_ns = 0;  ///< as shown; both 0 where no frame has a time
  bool has_time = false;
  std::string name;       ///< as reports::name_of()
  std::string handshake;  ///< as text_of(Handshake); empty where it is not known
  std::uint8_t handshake_round_trips = Handshake::unknown_round_trips;
};

struct Survey {
  std::shared_ptr<const letters::Letters> letters;
  std::shared_ptr<const journeys::MilestoneIndex> places;
  std::vector<ListedJourney> journeys;  ///< in order of their numbers
};

/// Makes one survey after another.
class Surveyor {
 public:
  /// What a frame's time is shown as, nanoseconds more than it was captured; nothing where it is not shown.
  using ShownShift = std::function<std::optional<std::int64_t>(FrameNumber, const FrameRow&)>;

  /// `engine` outlives it.
  Surveyor(Engine& engine, ShownShift shift) : engine_(engine), shift_(std::move(shift)) {}

  /// Begins a survey of the frames that have come so far, all of them where the capture is `complete`. One
  /// that is under way is given up.
  void begin(bool complete);
  bool is_under_way() const { return next_ != nullptr; }
  /// Does a part, about `budget` frames, facts and the like; true where there is more to do. What frames that
  /// came meanwhile have taken back is done again.
  bool advance(std::uint64_t budget);
  void finish() {
    while (advance(std::numeric_limits<std::uint64_t>::max())) {
    }
  }
  /// Gives up what is under way, and forgets what there is: other frames are about to come.
  void clear();

  /// The last one that is whole; null where there is none.
  const Survey* survey() const { return whole_.get(); }
  /// What has been looked at for the one that is under way.
  std::uint64_t spent() const { return work_.spent(); }

 private:
  Work make(Survey& survey);
  Work list(const journeys::Journey& journey, Survey& survey) const;

  Engine& engine_;
  ShownShift shift_;
  bool complete_ = false;
  Engine::Standing standing_;  ///< when it was begun
  std::unique_ptr<Survey> whole_, next_;
  Work work_;  ///< on `next_`
};

}  // namespace humantime
