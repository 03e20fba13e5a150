// SPDX-License-Identifier: GPL-2.0-or-later
// Marks that stand too close for two: which of them were sent, and which received.
#pragma once

#include <cstdint>

namespace humantime::ui {

/// Events of a fold that go one way, in order of time.
struct FoldedWay {
  std::uint32_t first = 0, last = 0, count = 0;

  void add(std::uint32_t index) {
    if (count == 0) first = index;
    last = index;
    ++count;
  }
};

struct FoldedWays {
  FoldedWay sent, received;
  bool all_told =
      true;  ///< false: more were folded than were looked at, and nobody knows which way those went

  /// `count` events from `index` on, of which the first is looked at.
  void add(std::uint32_t index, bool is_sent, std::uint32_t number) {
    (is_sent ? sent : received).add(index);
    if (number > 1) all_told = false;
  }
  bool both() const { return sent.count > 0 && received.count > 0; }
  /// Those that came first, and the others.
  const FoldedWay& earlier() const { return sent.first < received.first ? sent : received; }
  const FoldedWay& later() const { return sent.first < received.first ? received : sent; }
};

}  // namespace humantime::ui
