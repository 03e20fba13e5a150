// SPDX-License-Identifier: GPL-2.0-or-later
// One direction's bytes put in order.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "bytes.h"
#include "layers.h"
#include "rare.h"
#include "tcp/sequence.h"
#include "types.h"

namespace humantime::tcp {

/// A piece of a direction's data, from one frame.
struct Piece {
  FrameNumber frame = no_frame;
  Offset offset = 0;
  Bytes bytes;                 ///< as captured
  std::uint32_t length = 0;    ///< on the wire: what is missing of it behind `bytes` was cut by the capture
  LayerSet above;              ///< what Wireshark recognised in the frame
  std::uint32_t sequence = 0;  ///< of the first byte, as it is on the wire
  FrameNumber now = no_frame;  ///< the frame with which it could be read: it may have waited for that
  bool more = false;           ///< more of the same frame follows in another piece
  bool gap_ahead = false;      ///< what follows in the stream came before, behind bytes that are missing yet
};

/// Takes pieces as they arrive and gives them in order, once. What comes too early waits, within bounds; a
/// gap that will not be filled (the receiver acknowledged bytes that were never captured, or too much waits)
/// is skipped.
class Stream {
 public:
  /// Bytes that may wait for a gap to be filled; then the gap is given up.
  static constexpr std::size_t most_waiting = std::size_t{1} << 20;
  /// Pieces that may wait: small ones, and those of which the capture kept nothing, cost as well.
  static constexpr std::size_t most_pieces = 1024;

  void begin(Offset first) { next_ = first; }
  Offset next() const { return next_; }
  bool waiting() const { return static_cast<bool>(waiting_); }
  std::size_t waiting_bytes() const { return waiting_bytes_; }
  /// Where the first waiting piece begins; only while waiting().
  Offset waiting_from() const { return waiting_->front().offset; }

  /// Takes a piece: `deliver(const Piece&)` is called for it and what waited for it, in order, or not at all.
  template <typename Deliver>
  void take(const Piece& piece, Deliver deliver) {
    if (piece.offset > next_) {
      wait(piece);
      return;
    }
    pass(piece, deliver);
    while (waiting() && waiting_from() <= next_) pass_first(piece.frame, deliver);
  }

  bool overfull() const {
    return waiting_bytes_ > most_waiting || (waiting() && waiting_->size() > most_pieces);
  }

  /// Gives the first gap up: `skip(count)` is told of the missing bytes, then what waited is delivered.
  template <typename Skip, typename Deliver>
  void give_up_gap(Skip skip, Deliver deliver) {
    if (!waiting()) return;
    if (waiting_from() > next_) skip(static_cast<std::uint64_t>(waiting_from() - next_));
    next_ = waiting_from();
    while (waiting() && waiting_from() <= next_) pass_first(no_frame, deliver);
  }

 private:
  struct Waiting {
    Offset offset;
    FrameNumber frame;
    std::uint32_t length;
    LayerSet above;
    std::uint32_t sequence;
    std::shared_ptr<const std::vector<std::uint8_t>> bytes;
  };

  void wait(const Piece& piece);

  /// Delivers what of the piece is new.
  template <typename Deliver>
  void pass(const Piece& piece, Deliver deliver) {
    const Offset end = piece.offset + piece.length;
    if (end <= next_) return;
    const auto known = static_cast<std::size_t>(next_ - piece.offset);
    Piece rest = piece;
    rest.offset = next_;
    rest.bytes = slice(piece.bytes, known);
    rest.length = static_cast<std::uint32_t>(end - next_);
    rest.sequence += static_cast<std::uint32_t>(known);
    rest.gap_ahead = waiting();
    next_ = end;
    deliver(rest);
  }
  template <typename Deliver>
  void pass_first(FrameNumber now, Deliver deliver) {
    const Waiting first = std::move(waiting_->front());
    waiting_->erase(waiting_->begin());
    if (waiting_->empty()) waiting_.reset();
    waiting_bytes_ -= first.bytes->size();
    pass({first.frame, first.offset, *first.bytes, first.length, first.above, first.sequence, now}, deliver);
  }

  Offset next_ = 0;
  Rare<std::vector<Waiting>> waiting_;  ///< ascending by offset
  std::size_t waiting_bytes_ = 0;
};

}  // namespace humantime::tcp
