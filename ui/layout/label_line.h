// SPDX-License-Identifier: GPL-2.0-or-later
// The labels of one lane in one row: placed by rank, never over one another.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "layout/drawing.h"
#include "layout/label_text.h"

namespace humantime::ui {

/// A label's place along the line: it has one or several lines of text.
class LabelLine {
 public:
  void clear() { wishes_.clear(), taken_.clear(); }
  /// Nothing is written from `left` to `right`.
  void block(double left, double right) { taken_.push_back({left, right}); }
  void wish(const LabelWish& wish) { wishes_.push_back(wish); }
  /// Writes what fits between `left` and `right`; a label's last line has its middle at `y`. Where it is a
  /// flag, its pole begins at the wish's mark.
  void write(const Drawing& drawing, double left, double right, double y, Ink ink);
  /// Writes one more label where what has been written leaves room; false where it does not.
  bool add(const Drawing& drawing, const LabelWish& wish, double left, double right, double y, Ink ink);

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
