// SPDX-License-Identifier: GPL-2.0-or-later
// The pieces of a capture's frames, one after another: for the report that was asked for them, and only then.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "pieces/frame_pieces.h"

namespace humantime {

class PieceLog {
 public:
  void clear();
  /// The next frame; it stands in the store already.
  void take(FrameNumber frame, const RawFrame& raw, const FrameStore& store);
  /// How many frames were taken.
  std::size_t size() const { return frames_.size(); }
  FrameNumber frame(std::size_t at) const { return frames_[at].number; }
  /// With the names that the frame's phases give.
  std::vector<FramePiece> pieces(std::size_t at, const FrameStore& store) const;

 private:
  /// Vantage, connection, addresses and ports: one direction of a connection at one place.
  using Direction =
      std::tuple<std::uint16_t, std::uint32_t, AddressId, AddressId, std::uint16_t, std::uint16_t>;
  /// More of them are forgotten together: their segments must show by themselves what they are.
  static constexpr std::size_t most_directions = 65'536;
  struct Frame {
    FrameNumber number = no_frame;
    std::size_t end = 0;  ///< of its pieces
  };

  std::map<Direction, StreamPlace> places_;
  std::vector<Frame> frames_;
  std::vector<FramePiece> pieces_;
  std::vector<FramePiece> read_;
};

}  // namespace humantime
