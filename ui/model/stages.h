// SPDX-License-Identifier: GPL-2.0-or-later
// What stage a journey is in, told event by event: its name lookup, its handshakes, its waits and responses.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "phases.h"
#include "store.h"

namespace humantime::ui {

/// A journey's stage from beginning to end. Beginnings and ends are those that the reports' stage_totals.h
/// defines, apart from `connect`, which ends here where `ssl` begins: bars stand side by side.
struct StageSpan {
  std::uint32_t journey = 0;
  Stage stage{};
  Lane lane{};  ///< that the stage is drawn in
  std::int64_t begin_ns = 0, end_ns = 0;
};
static_assert(sizeof(StageSpan) == 24);

/// Which of a journey's stages are going on.
class StageProgress {
 public:
  /// Takes the journey's next event; its spans are added to `spans`, or grow there.
  void take(std::uint32_t journey, std::span<const PhaseMark> marks, std::int64_t time_ns,
            std::vector<StageSpan>& spans);

 private:
  static constexpr std::size_t drawn_stages = 9;  ///< all before Stage::other
  static constexpr std::uint32_t none = 0;        ///< not going on; else 1 + its place in the spans
  static constexpr std::uint32_t never_again = 0xffffffff;

  std::array<std::uint32_t, drawn_stages> open_{};
  std::uint8_t finished_ = 0;  ///< how many Finished the TLS handshake has had
};

}  // namespace humantime::ui
