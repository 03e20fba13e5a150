// SPDX-License-Identifier: GPL-2.0-or-later
// A merge sort that is done a little at a time: millions of rows, and the window never waits.
#pragma once

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace humantime {

/// Stable; what is in order already is looked at once. `Less` must not change between begin() and the end.
template <typename Value>
class GradualSort {
 public:
  void begin(std::vector<Value> values) {
    values_ = std::move(values);
    merged_.clear();
    merged_.reserve(values_.size());
    run_ = first_run;
    position_ = 0;
    sorting_runs_ = in_order_ = true;
    merging_ = false;
  }

  /// Compares about `budget` values; true when there is more to do.
  template <typename Less>
  bool advance(std::size_t budget, Less less) {
    const std::size_t size = values_.size();
    std::size_t& done = done_ = 0;
    while (done < budget) {
      if (sorting_runs_) {
        const std::size_t end = std::min(size, position_ + first_run);
        std::stable_sort(at(values_, position_), at(values_, end), less);
        if (position_ > 0 && position_ < end && less(values_[position_], values_[position_ - 1]))
          in_order_ = false;
        done += end - position_;
        position_ = end;
        if (end < size) continue;
        sorting_runs_ = false;
        // As most of what comes from a capture is.
        if (in_order_) return false;
        position_ = 0;
      }
      if (run_ >= size) return false;
      if (!merging_) {
        left_ = position_;
        middle_ = right_ = std::min(size, position_ + run_);
        end_ = std::min(size, position_ + 2 * run_);
        merging_ = true;
      }
      for (; done < budget && (left_ < middle_ || right_ < end_); ++done) {
        const bool take_right = left_ == middle_ || (right_ < end_ && less(values_[right_], values_[left_]));
        merged_.push_back(values_[take_right ? right_++ : left_++]);
      }
      if (left_ < middle_ || right_ < end_) return true;
      merging_ = false;
      position_ = end_;
      if (position_ < size) continue;
      values_.swap(merged_);
      merged_.clear();
      position_ = 0;
      run_ *= 2;
    }
    return sorting_runs_ || (!in_order_ && run_ < size);
  }

  /// Values that the last advance() looked at.
  std::size_t done() const { return done_; }

  std::vector<Value> take() { return std::move(values_); }

 private:
  static constexpr std::size_t first_run = 1024;
  static auto at(std::vector<Value>& values, std::size_t place) {
    return values.begin() + static_cast<std::ptrdiff_t>(place);
  }

  std::vector<Value> values_, merged_;
  std::size_t run_ = first_run, position_ = 0, done_ = 0;
  std::size_t left_ = 0, middle_ = 0, right_ = 0, end_ = 0;
  bool sorting_runs_ = true, in_order_ = true, merging_ = false;
};

}  // namespace humantime
