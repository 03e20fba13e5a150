// SPDX-License-Identifier: GPL-2.0-or-later
// Events in order of time, and which of them are on their way at an instant: found without visiting the rest.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "model/event.h"

namespace humantime::ui {

/// Four bytes an event, and a fifth of one for the blocks. Positions count from 0 in order of time; events of
/// the same time stand in order of frames. Events without a time are in none.
class TimeIndex {
 public:
  using Events = std::span<const Event>;

  void clear();
  void append(std::uint32_t event) {
    // Doubling would waste half of the memory while millions come in.
    if (order_.size() == order_.capacity()) order_.reserve(order_.size() + order_.size() / 8 + 64);
    order_.push_back(event);
  }
  /// Puts what has been appended into its order: the cost follows what was appended, and what stands later.
  void settle(Events events);
  /// The event, settled or not, has been told its other end.
  void reach_grew(const Event& event);

  std::size_t size() const { return order_.size(); }
  std::uint32_t event_at(std::size_t position) const { return order_[position]; }
  /// The first position from `from` on whose time is not before `time_ns`; size() where there is none.
  std::size_t lower_bound(Events events, std::int64_t time_ns, std::size_t from = 0) const;
  /// The same to within block_size positions, without a look at an event: for where there are so many that
  /// it does not show.
  std::size_t near_bound(std::int64_t time_ns, std::size_t from) const;
  static constexpr std::size_t block_size = 128;

  /// Calls `visit(position, weight)` for those before position `end` whose packet is under way after
  /// `begin_ns`, in order. Blocks of events that all arrived before are passed over. Where there may be more
  /// than `most`, as many are visited evenly, and each stands for `weight` of them.
  template <typename Visit>
  void for_each_reaching(Events events, std::size_t end, std::int64_t begin_ns, std::size_t most,
                         Visit visit) const {
    const auto reaches = [&](const Reach& reach) { return reach.end >= begin_ns; };
    for_each_sample(0, end, most, reaches, [&](std::size_t position, std::size_t weight) {
      const Event& event = events[order_[position]];
      if (std::max(event.time_ns, event.other_ns) >= begin_ns) visit(position, weight);
    });
  }
  /// The same the other way: those from `begin` on whose packet set off before `end_ns`.
  template <typename Visit>
  void for_each_from_before(Events events, std::size_t begin, std::int64_t end_ns, std::size_t most,
                            Visit visit) const {
    const auto reaches = [&](const Reach& reach) { return reach.begin < end_ns; };
    for_each_sample(begin, order_.size(), most, reaches, [&](std::size_t position, std::size_t weight) {
      const Event& event = events[order_[position]];
      if (event.other_ns != Event::unknown && event.other_ns < end_ns) visit(position, weight);
    });
  }

  std::size_t bytes() const {
    return order_.capacity() * sizeof(std::uint32_t) + blocks_.capacity() * sizeof(Block) +
           supers_.capacity() * sizeof(Reach);
  }
  void shrink() { order_.shrink_to_fit(), blocks_.shrink_to_fit(), supers_.shrink_to_fit(); }

 private:
  /// From the first that is sent to the last that is received.
  struct Reach {
    std::int64_t begin = INT64_MAX, end = INT64_MIN;
    void include(const Event& event);
    void include(const Reach& other) {
      begin = std::min(begin, other.begin);
      end = std::max(end, other.end);
    }
  };
  struct Block {
    std::int64_t first_ns = 0;
    Reach reach;
  };

  /// Calls `visit(block)` for the blocks of the positions whose reach is `wanted`.
  template <typename Wanted, typename Visit>
  void for_each_block(std::size_t begin, std::size_t end, Wanted wanted, Visit visit) const {
    for (std::size_t block = begin / block_size; block * block_size < end;) {
      if (block % block_size == 0 && !wanted(supers_[block / block_size])) {
        block += block_size;
        continue;
      }
      if (wanted(blocks_[block].reach)) visit(block);
      ++block;
    }
  }
  template <typename Wanted, typename Visit>
  void for_each_sample(std::size_t begin, std::size_t end, std::size_t most, Wanted wanted,
                       Visit visit) const {
    if (begin >= end) return;
    std::size_t blocks = 0;
    for_each_block(begin, end, wanted, [&](std::size_t) { ++blocks; });
    const std::size_t step = std::max<std::size_t>(1, blocks * block_size / std::max<std::size_t>(1, most));
    std::size_t next = begin;
    for_each_block(begin, end, wanted, [&](std::size_t block) {
      const std::size_t stop = std::min(end, (block + 1) * block_size);
      for (next = std::max(next, block * block_size); next < stop; next += step) visit(next, step);
    });
  }
  void rebuild_blocks(Events events, std::size_t first_position);

  std::vector<std::uint32_t> order_;
  std::size_t settled_ = 0;
  std::vector<Block> blocks_;
  std::vector<Reach> supers_;  ///< of block_size blocks each
};

/// How many of something begin and end when: times in order.
struct Intervals {
  std::vector<std::int64_t> begins, ends;

  void clear() { begins.clear(), ends.clear(); }
  void add(std::int64_t begin_ns, std::int64_t end_ns) { begins.push_back(begin_ns), ends.push_back(end_ns); }
  /// Room that is not used takes no memory, and what grows would be moved all at once.
  void reserve(std::size_t count) { begins.reserve(count), ends.reserve(count); }
  void sort() { std::sort(begins.begin(), begins.end()), std::sort(ends.begin(), ends.end()); }
  /// How many have begun and not ended in some part of [begin_ns, end_ns).
  std::size_t during(std::int64_t begin_ns, std::int64_t end_ns) const {
    const auto begun = std::lower_bound(begins.begin(), begins.end(), end_ns) - begins.begin();
    const auto ended = std::lower_bound(ends.begin(), ends.end(), begin_ns) - ends.begin();
    return begun > ended ? static_cast<std::size_t>(begun - ended) : 0;
  }
  std::size_t bytes() const { return (begins.capacity() + ends.capacity()) * sizeof(std::int64_t); }
};

}  // namespace humantime::ui
