// SPDX-License-Identifier: GPL-2.0-or-later
// Sequence numbers without their wrap, and which of them have been seen.
#pragma once

#include <cstdint>
#include <vector>

#include "rare.h"

namespace humantime::tcp {

/// A place in one direction's sequence space, unwrapped: 0 is the SYN (or stands before the first byte where
/// the capture began in the middle), 1 the first byte. Negative: before the capture began.
using Offset = std::int64_t;

/// What has been seen of a direction: everything up to next(), but for the gaps.
class SeenRanges {
 public:
  struct Gap {
    Offset from, to;
  };
  /// How a range lies to what was seen before.
  struct Overlap {
    bool seen = false;    ///< some of it had been seen
    bool unseen = false;  ///< some of it had not
    bool below = false;   ///< it begins below the highest seen
  };

  void begin(Offset next) {
    next_ = next;
    gaps_.reset();
  }
  Offset next() const { return next_; }

  Overlap overlap(Offset from, Offset to) const {
    if (!gaps_) return {from < next_ && from<to, to> next_, from < next_};
    return overlap_with_gaps(from, to);
  }
  void add(Offset from, Offset to) {
    if (to <= from) return;
    if (from != next_) add_out_of_order(from, to);
    if (to > next_) next_ = to;
  }
  /// What lies between next() and the offset, which is higher, exists and has not been seen.
  void lack_until(Offset offset) {
    add_out_of_order(offset, offset);
    next_ = offset;
  }
  /// Everything below counts as unseen, not as seen: the capture began in the middle of this direction's
  /// data.
  void unknown_below(Offset offset);

 private:
  /// A sender that skips ahead again and again leaves gaps; the oldest ones are forgotten (and count as
  /// seen).
  static constexpr std::size_t most_gaps = 64;

  Overlap overlap_with_gaps(Offset from, Offset to) const;
  void add_out_of_order(Offset from, Offset to);

  Offset next_ = 0;
  Rare<std::vector<Gap>> gaps_;  ///< ascending, apart from each other, all below next_
};

}  // namespace humantime::tcp
