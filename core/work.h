// SPDX-License-Identifier: GPL-2.0-or-later
// A computation over a whole capture that is done a part at a time, so that a window answers in between: a
// coroutine that says how much it has looked at. Who has nobody to answer runs it in one go; it is the same
// code, and the outcome is the same.
//
//   Work Letters::see_all() {
//     co_await each(1, frames, [&](std::uint32_t frame) { … });   // rests where the budget is spent
//     co_await match_parts();                                      // another one
//     co_await sorted(found, by_time);
//   }
//   for (Work work = letters.see_all(); work.advance(2000);) answer();
//
// Budgets count what is looked at: frames, facts, values that are compared. A part goes beyond its budget by
// no more than one call of the innermost function.
#pragma once

#include <algorithm>
#include <coroutine>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <utility>
#include <vector>

#include "gradual_sort.h"

namespace humantime {

class Work {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;
  class Loop;

  /// One part of a computation, and of all that it waits for.
  struct Turn {
    std::uint64_t left = 0;   ///< of the budget
    std::uint64_t spent = 0;  ///< since the computation began
    Handle current;           ///< who goes on
    Loop* loop = nullptr;     ///< when this is done; null: at once

    void spend(std::uint64_t units) {
      spent += units;
      left -= std::min(left, units);
    }
  };

  /// What can rest in its middle without being a coroutine: it costs no allocation.
  class Loop {
   public:
    /// Goes on until it is done or nothing is left of the turn; true where there is more to do.
    virtual bool go_on(Turn& turn) = 0;

    // As what is waited for.
    static bool await_ready() noexcept { return false; }
    bool await_suspend(Handle waits);
    static void await_resume() noexcept {}

   protected:
    Loop() = default;
    Loop(const Loop&) = default;
    Loop& operator=(const Loop&) = default;
    ~Loop() = default;
  };

  struct promise_type {
    Turn own;
    Turn* turn = &own;  ///< of the outermost computation
    Handle caller;      ///< who waits for this one

    struct Return {
      static bool await_ready() noexcept { return false; }
      static void await_suspend(Handle done) noexcept {
        if (Handle caller = done.promise().caller) done.promise().turn->current = caller;
      }
      static void await_resume() noexcept {}
    };
    Work get_return_object() { return Work(Handle::from_promise(*this)); }
    static std::suspend_always initial_suspend() noexcept { return {}; }
    static Return final_suspend() noexcept { return {}; }
    static void return_void() noexcept {}
    /// Out of advance(), and the computation is over.
    [[noreturn]] static void unhandled_exception() { throw; }
  };

  /// Nothing to do.
  Work() = default;
  Work(Work&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Work& operator=(Work&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;
  /// What has not been done is not done.
  ~Work() {
    if (handle_) handle_.destroy();
  }

  /// Does a part; true where there is more to do.
  bool advance(std::uint64_t budget) {
    if (!handle_ || handle_.done()) return false;
    Turn& turn = handle_.promise().own;
    turn.left = budget;
    if (!turn.current) turn.current = handle_;
    while (turn.left > 0) {
      if (turn.loop != nullptr && turn.loop->go_on(turn)) return true;
      turn.loop = nullptr;
      // Not by way of whoever waited: a stack would grow with the number of computations.
      const Handle current = turn.current;
      current.resume();
      if (handle_.done()) return false;
    }
    return true;
  }
  void finish() {
    while (advance(std::numeric_limits<std::uint64_t>::max())) {
    }
  }
  bool done() const { return !handle_ || handle_.done(); }
  /// What has been looked at so far.
  std::uint64_t spent() const { return handle_ ? handle_.promise().own.spent : 0; }

  // As what is waited for, by another one.
  bool await_ready() const noexcept { return done(); }
  void await_suspend(Handle waits) const {
    promise_type& own = handle_.promise();
    own.turn = waits.promise().turn;
    own.caller = waits;
    own.turn->current = handle_;
  }
  static void await_resume() noexcept {}

 private:
  explicit Work(Handle handle) : handle_(handle) {}
  Handle handle_;
};

inline bool Work::Loop::await_suspend(Handle waits) {
  Turn& turn = *waits.promise().turn;
  if (!go_on(turn)) return false;
  turn.loop = this;
  return true;
}

/// Counts what was done outside of the loops below, and rests where nothing is left.
class Spent final : public Work::Loop {
 public:
  explicit Spent(std::uint64_t units) : units_(units) {}
  bool go_on(Work::Turn& turn) override {
    turn.spend(std::exchange(units_, 0));
    return turn.left == 0;
  }

 private:
  std::uint64_t units_;
};
inline Spent spent(std::uint64_t units) {
  return Spent(units);
}

/// Calls `visit(i)` for each from begin to end, which counts as one, or as what it returns.
template <typename Index, typename Visit>
class Each final : public Work::Loop {
 public:
  Each(Index begin, Index end, Visit visit) : next_(begin), end_(end), visit_(std::move(visit)) {}
  bool go_on(Work::Turn& turn) override {
    while (next_ < end_) {
      if (turn.left == 0) return true;
      if constexpr (std::is_void_v<std::invoke_result_t<Visit&, Index>>) {
        const auto part = static_cast<Index>(std::min<std::uint64_t>(turn.left, end_ - next_));
        const auto stop = static_cast<Index>(next_ + part);
        for (Index i = next_; i < stop; ++i) visit_(i);
        next_ = stop;
        turn.spend(part);
      } else {
        turn.spend(visit_(next_++));
      }
    }
    return false;
  }

 private:
  Index next_, end_;
  Visit visit_;
};
template <typename Index, typename Visit>
Each<Index, Visit> each(Index begin, std::type_identity_t<Index> end, Visit visit) {
  return {begin, end, std::move(visit)};
}

/// Sorts, stably. Values that are in order already are looked at once; about a thousand are sorted at once.
template <typename Value, typename Less>
class Sorted final : public Work::Loop {
 public:
  Sorted(std::vector<Value>& values, Less less) : values_(values), less_(std::move(less)) {
    sort_.begin(std::move(values_));
  }
  bool go_on(Work::Turn& turn) override {
    while (turn.left > 0) {
      const std::uint64_t part = std::min<std::uint64_t>(turn.left, most_at_once);
      const bool more = sort_.advance(static_cast<std::size_t>(part), less_);
      turn.spend(sort_.done());
      if (more) continue;
      values_ = sort_.take();
      return false;
    }
    return true;
  }

 private:
  static constexpr std::uint64_t most_at_once = 1024;
  std::vector<Value>& values_;
  Less less_;
  GradualSort<Value> sort_;
};
template <typename Value, typename Less>
Sorted<Value, Less> sorted(std::vector<Value>& values, Less less) {
  return {values, std::move(less)};
}

/// Grows a vector to a size; what it had is moved at once where its room is not enough.
template <typename Value>
class Grown final : public Work::Loop {
 public:
  Grown(std::vector<Value>& values, std::size_t size) : values_(values), size_(size) {
    values_.reserve(size);
  }
  bool go_on(Work::Turn& turn) override {
    while (values_.size() < size_) {
      if (turn.left == 0) return true;
      values_.resize(values_.size() + std::min(size_ - values_.size(), at_once));
      turn.spend(1);
    }
    return false;
  }

 private:
  static constexpr std::size_t at_once = std::max<std::size_t>(1, 512 / sizeof(Value));
  std::vector<Value>& values_;
  std::size_t size_;
};
template <typename Value>
Grown<Value> grown(std::vector<Value>& values, std::size_t size) {
  return {values, size};
}

}  // namespace humantime
