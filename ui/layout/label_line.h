// SPDX-License-Identifier: GPL-2.0-or-later
// The labels of one lane in one row: placed by rank, never over one another.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "layout/drawing.h"

namespace humantime::ui {

/// The order in which labels get their place.
enum class LabelRank : std::uint8_t { handshake, letter, mark, count };

struct LabelWish {
  LabelRank rank = LabelRank::mark;
  double x = 0;       ///< where it begins at best
  double anchor = 0;  ///< the mark's left: where it ends if it must stand before it; NaN: it must not
  double weight = 0;  ///< of one rank the longer goes first
  std::uint32_t event = 0;
  std::uint32_t last = 0;  ///< the last of those that were folded into it
  std::uint32_t count = 1;
  std::int64_t length_ns = 0;  ///< on the way, real time; 0: nothing is said
};

class LabelLine {
 public:
  void clear() { wishes_.clear(), taken_.clear(); }
  /// Nothing is written from `left` to `right`.
  void block(double left, double right) { taken_.push_back({left, right}); }
  void wish(const LabelWish& wish) { wishes_.push_back(wish); }
  /// Writes what fits between `left` and `right` with its middle at `y`.
  void write(const Drawing& drawing, double left, double right, double y, Ink ink);

 private:
  struct Interval {
    double left, right;
  };
  bool is_free(double left, double right) const;
  /// Where a text of the width would stand; NaN where it does not fit.
  double place_for(const LabelWish& wish, double width, double left, double right) const;
  void take(double left, double right);

  std::vector<LabelWish> wishes_;
  std::vector<Interval> taken_;
};

}  // namespace humantime::ui
