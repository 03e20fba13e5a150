// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/sequence.h"

#include <algorithm>

namespace humantime::tcp {

SeenRanges::Overlap SeenRanges::overlap_with_gaps(Offset from, Offset to) const {
  Overlap result;
  result.below = from < next_;
  result.unseen = to > next_;
  Offset at = from;  // everything before it is accounted for
  for (const Gap& gap : *gaps_) {
    if (gap.to <= at) continue;
    if (gap.from >= to) break;
    if (gap.from > at) result.seen = true;
    result.unseen = true;
    at = gap.to;
  }
  if (at < std::min(to, next_)) result.seen = true;
  return result;
}

void SeenRanges::add_out_of_order(Offset from, Offset to) {
  if (from > next_) {
    std::vector<Gap>& gaps = gaps_.make();
    if (gaps.size() >= most_gaps) gaps.erase(gaps.begin());
    gaps.push_back({next_, from});
    return;
  }
  if (!gaps_) return;
  std::vector<Gap>& gaps = *gaps_;
  for (std::size_t i = 0; i < gaps.size();) {
    Gap& gap = gaps[i];
    if (gap.to <= from || gap.from >= to) {
      ++i;
    } else if (gap.from < from && gap.to > to) {
      const Gap tail{to, gap.to};
      gap.to = from;
      gaps.insert(gaps.begin() + static_cast<std::ptrdiff_t>(i) + 1, tail);
      if (gaps.size() > most_gaps) gaps.erase(gaps.begin());
      break;
    } else if (gap.from < from) {
      gap.to = from;
      ++i;
    } else if (gap.to > to) {
      gap.from = to;
      ++i;
    } else {
      gaps.erase(gaps.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
  if (gaps.empty()) gaps_.reset();
}

void SeenRanges::unknown_below(Offset offset) {
  constexpr Offset furthest = Offset{1} << 31;
  std::vector<Gap>& gaps = gaps_.make();
  gaps.insert(gaps.begin(), {offset - furthest, offset});
}

}  // namespace humantime::tcp
