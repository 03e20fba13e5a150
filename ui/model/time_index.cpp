// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/time_index.h"

namespace humantime::ui {

void TimeIndex::Reach::include(const Event& event) {
  begin = std::min(begin, event.time_ns);
  end = std::max(end, event.time_ns);
  if (event.other_ns == Event::unknown) return;
  begin = std::min(begin, event.other_ns);
  end = std::max(end, event.other_ns);
}

void TimeIndex::clear() {
  order_.clear();
  blocks_.clear();
  supers_.clear();
  settled_ = 0;
}

void TimeIndex::settle(Events events) {
  if (settled_ == order_.size()) return;
  const auto earlier = [&](std::uint32_t a, std::uint32_t b) {
    return events[a].time_ns != events[b].time_ns ? events[a].time_ns < events[b].time_ns : a < b;
  };
  const auto middle = order_.begin() + static_cast<std::ptrdiff_t>(settled_);
  if (!std::is_sorted(middle, order_.end(), earlier)) std::sort(middle, order_.end(), earlier);
  // Frames mostly come in order of time: then nothing of what was settled moves.
  auto from = middle;
  if (settled_ > 0 && earlier(*middle, *(middle - 1))) {
    from = std::upper_bound(order_.begin(), middle, *middle, earlier);
    std::inplace_merge(from, middle, order_.end(), earlier);
  }
  settled_ = order_.size();
  rebuild_blocks(events, static_cast<std::size_t>(from - order_.begin()));
}

void TimeIndex::rebuild_blocks(Events events, std::size_t first_position) {
  const std::size_t first = first_position / block_size;
  blocks_.resize((order_.size() + block_size - 1) / block_size);
  supers_.resize((blocks_.size() + block_size - 1) / block_size);
  for (std::size_t block = first; block < blocks_.size(); ++block) {
    Block made{events[order_[block * block_size]].time_ns, {}};
    const std::size_t stop = std::min(order_.size(), (block + 1) * block_size);
    for (std::size_t position = block * block_size; position < stop; ++position)
      made.reach.include(events[order_[position]]);
    blocks_[block] = made;
  }
  for (std::size_t super = first / block_size; super < supers_.size(); ++super) {
    supers_[super] = {};
    const std::size_t stop = std::min(blocks_.size(), (super + 1) * block_size);
    for (std::size_t block = super * block_size; block < stop; ++block)
      supers_[super].include(blocks_[block].reach);
  }
}

void TimeIndex::reach_grew(const Event& event) {
  // The last block that begins at or before the event, and those before it where many have one time.
  const auto after = std::upper_bound(blocks_.begin(), blocks_.end(), event.time_ns,
                                      [](std::int64_t time, const Block& b) { return time < b.first_ns; });
  for (auto block = after; block != blocks_.begin();) {
    --block;
    block->reach.include(event);
    supers_[static_cast<std::size_t>(block - blocks_.begin()) / block_size].include(event);
    if (block->first_ns < event.time_ns) break;
  }
}

std::size_t TimeIndex::lower_bound(Events events, std::int64_t time_ns, std::size_t from) const {
  if (from >= order_.size() || events[order_[from]].time_ns >= time_ns) return std::min(from, order_.size());
  // Gallop over the blocks from where we are, then search in the one before the first that is too late.
  const std::size_t start = from / block_size;
  std::size_t step = 1;
  while (start + step < blocks_.size() && blocks_[start + step].first_ns < time_ns) step *= 2;
  const auto begin = blocks_.begin() + static_cast<std::ptrdiff_t>(start + step / 2);
  const auto end = blocks_.begin() + static_cast<std::ptrdiff_t>(std::min(blocks_.size(), start + step + 1));
  const auto block = std::partition_point(begin, end, [&](const Block& b) { return b.first_ns < time_ns; });
  const auto index = static_cast<std::size_t>(block - blocks_.begin());
  const std::size_t low = std::max(from, index == 0 ? 0 : (index - 1) * block_size);
  const std::size_t high = std::min(order_.size(), index * block_size);
  const auto found = std::partition_point(
      order_.begin() + static_cast<std::ptrdiff_t>(low), order_.begin() + static_cast<std::ptrdiff_t>(high),
      [&](std::uint32_t event) { return events[event].time_ns < time_ns; });
  return static_cast<std::size_t>(found - order_.begin());
}

std::size_t TimeIndex::near_bound(std::int64_t time_ns, std::size_t from) const {
  const std::size_t start = std::min(from / block_size, blocks_.size());
  std::size_t step = 1;
  while (start + step < blocks_.size() && blocks_[start + step].first_ns < time_ns) step *= 2;
  const auto begin = blocks_.begin() + static_cast<std::ptrdiff_t>(start);
  const auto end = blocks_.begin() + static_cast<std::ptrdiff_t>(std::min(blocks_.size(), start + step + 1));
  const auto block = std::partition_point(begin, end, [&](const Block& b) { return b.first_ns < time_ns; });
  return std::clamp(static_cast<std::size_t>(block - blocks_.begin()) * block_size, from, order_.size());
}

}  // namespace humantime::ui
