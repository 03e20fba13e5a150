// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/sequence.h"

#include <algorithm>

namespace humantime::tcp {

SeenRanges::Overlap SeenRanges::overlap(Offset from, Offset to) const {
  Overlap result;
  result.below = from < next_;
  result.unseen = to > next_;
  Offset at = from;  // everything before it is accounted for
  for (const Gap& gap : gaps_) {
    if (gap.to <= at) continue;
    if (gap.from >= to) break;
    if (gap.from > at) result.seen = true;
    result.unseen = true;
    at = gap.to;
  }
  if (at < std::min(to, next_)) result.seen = true;
  return result;
}

void SeenRanges::add(Offset from, Offset to) {
  if (to <= from) return;
  if (from > next_) {
    if (gaps_.size() >= most_gaps) gaps_.erase(gaps_.begin());
    gaps_.push_back({next_, from});
  } else if (from < next_) {
    for (std::size_t i = 0; i < gaps_.size();) {
      Gap& gap = gaps_[i];
      if (gap.to <= from || gap.from >= to) {
        ++i;
      } else if (gap.from < from && gap.to > to) {
        const Gap tail{to, gap.to};
        gap.to = from;
        gaps_.insert(gaps_.begin() + static_cast<std::ptrdiff_t>(i) + 1, tail);
        break;
      } else if (gap.from < from) {
        gap.to = from;
        ++i;
      } else if (gap.to > to) {
        gap.from = to;
        ++i;
      } else {
        gaps_.erase(gaps_.begin() + static_cast<std::ptrdiff_t>(i));
      }
    }
  }
  next_ = std::max(next_, to);
}

void SeenRanges::unknown_below(Offset offset) {
  constexpr Offset furthest = Offset{1} << 31;
  gaps_.insert(gaps_.begin(), {offset - furthest, offset});
}

}  // namespace humantime::tcp
