// SPDX-License-Identifier: GPL-2.0-or-later
// The same packet at several places, one to one.
//
// Two clocks may be hours apart, so that the order of frames in the file tells nothing between places. At one
// place it tells which of several equal packets came first. So packets are matched by what the network leaves
// unchanged, and equal ones (a reset sent twice, a query repeated) in their order.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "letters/flows.h"
#include "letters/note.h"
#include "work.h"

namespace humantime::letters {

/// Frames that look alike, of which one place has more than another: only times can tell which is which.
struct Alike {
  std::uint32_t set = 0;  ///< the smallest frame of the set
  std::uint32_t frame = 0;
};

class Twins {
 public:
  /// A packet is followed through so many places; further ones have it unmatched.
  static constexpr std::size_t most_places = 16;

  void clear();
  /// Matches all frames, in time linear in them, and joins flows whose addresses were translated.
  Work build(const Notes& notes, Flows& flows);

  /// The next frame of the same packet, round and round; the frame itself where there is none.
  std::uint32_t next(std::uint32_t frame) const { return next_[frame] == 0 ? frame : next_[frame]; }
  bool alone(std::uint32_t frame) const { return next_[frame] == 0; }
  /// Segmentation offload: the frame of another place that brought this frame's bytes together with others;
  /// 0 for none. A sender that leaves cutting to its network card shows one large segment where the receiver
  /// has several; a receiver whose card puts segments together shows it the other way round.
  std::uint32_t whole_of(std::uint32_t frame) const { return wholes_.empty() ? 0 : wholes_[frame]; }
  /// The part that brought the frame's last byte; 0 where the frame is no whole.
  std::uint32_t last_part_of(std::uint32_t frame) const {
    return last_parts_.empty() ? 0 : last_parts_[frame];
  }
  /// In order of sets, and of frames.
  std::span<const Alike> alike() const { return alike_; }
  /// Makes one packet of two that are alike.
  void pair(std::uint32_t frame, std::uint32_t other) { merge(frame, other); }
  /// Frames that are a further copy at their own place: the same identification.
  bool is_repeated(std::uint32_t frame) const { return repeated_[frame] != 0; }

 private:
  struct Range;
  /// A flow's direction.
  struct Way {
    std::uint32_t found = 0, left = 0;  ///< frames that have a twin, that may still have one
    std::uint16_t place = 0;            ///< of the last that is left
    bool several = false;               ///< they are of several places
    bool cut = false;                   ///< PacketNote::cut of one of them
  };

  bool merge(std::uint32_t frame, std::uint32_t other);
  Work match_by(std::span<const std::uint64_t> keys, bool by_id, bool joins);
  Work match_exactly();
  std::size_t places_of(std::uint32_t frame) const;
  std::uint32_t way_of(std::uint32_t frame) const;
  Work find_left();
  Work match_changed();
  Work match_renumbered();
  Work match_translated(bool by_destination);
  Work match_parts();

  const Notes* notes_ = nullptr;
  Flows* flows_ = nullptr;
  std::vector<std::uint32_t> next_;  ///< by frame, 0 unused
  std::vector<std::uint8_t> repeated_;
  std::vector<std::uint32_t> wholes_, last_parts_;  ///< empty where there are none
  std::vector<Alike> alike_;
  std::vector<std::uint32_t> left_;  ///< frames, in their order
  std::vector<Way> ways_;            ///< by way_of()
  std::vector<bool> waits_;          ///< by frame: is in `alike_`
};

}  // namespace humantime::letters
