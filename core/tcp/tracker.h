// SPDX-License-Identifier: GPL-2.0-or-later
// All TCP connections of a capture, each per vantage.
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <optional>
#include <vector>

#include "chunked.h"
#include "connection_numbers.h"
#include "flat_index.h"
#include "frame_bytes.h"
#include "journeys/facts.h"
#include "store.h"
#include "tcp/connection.h"
#include "wire/locate.h"
#include "wire/tcp.h"

namespace humantime::tcp {

class Tracker {
 public:
  Tracker(FrameStore& store, journeys::FactLog& facts, ConnectionNumbers& numbers)
      : store_(store), facts_(facts), numbers_(numbers) {}
  // Conversations know the place of what was decrypted.
  Tracker(const Tracker&) = delete;
  Tracker& operator=(const Tracker&) = delete;

  void clear();
  /// Whether to name what encrypted bytes do not show but the exchange implies. For connections that begin
  /// from here on.
  void infer_encrypted(bool infer) { around_.infer = infer; }
  /// Whether no frame will be taken back: then what a frame changes need not be kept.
  void all_frames_stay(bool stay) { all_stay_ = stay; }
  /// From here on changes can be taken back: called before each frame.
  void checkpoint();
  /// Takes back what finish() changed, if that was last, or what the frame since checkpoint() changed. The
  /// numbers that it took are taken back by who gave them.
  void undo();
  /// Reads a segment, moves its connection and names the frame (and, late, frames before it). The frame has
  /// begun in the store; `key` is in the segment's direction. Gives the connection's number, from 1.
  std::uint32_t take(const FrameBytes& frame, const ConnectionKey& key, const wire::Packet& packet,
                     const wire::TcpSegment& segment);

  /// The capture is over as far as is known: what still waits for a gap to be filled is read without it, of
  /// `budget` connections at the most; true where there are more. Taken back by undo() when more frames come.
  bool finish(std::uint32_t budget = std::numeric_limits<std::uint32_t>::max());

 private:
  using Slot = std::uint32_t;
  /// What the index holds: a slot, and whether it is found by its own vantage or by its tap's.
  enum class Entry : std::uint32_t {};

  static Entry entry(Slot slot, bool tap) { return Entry{slot << 1 | (tap ? 1U : 0U)}; }
  ConnectionKey key_of(std::uint32_t entry) const;
  void index(Slot slot, bool tap);
  void unindex(Slot slot, bool tap);
  void index_all(Slot slot);
  void unindex_all(Slot slot);

  /// The entry of the connection; none where there is none yet.
  std::uint32_t find(const ConnectionKey& key) const;
  Slot find_or_begin(const ConnectionKey& key, const wire::TcpSegment& segment, Role& from);
  bool join_tap(const ConnectionKey& key, const wire::TcpSegment& segment, Slot& slot, Role& from);
  bool shows_both_ways(std::uint16_t vantage) const;
  void note_both_ways(std::uint16_t vantage);
  Slot part_from_tap(Slot slot);
  Slot begin_connection(const ConnectionKey& key, const wire::TcpSegment& segment);
  void name(Connection& connection, Slot slot);
  void reuse(Slot slot, const ConnectionKey& key);
  void release(Slot slot);
  void make_room();
  void save(Slot slot, bool began);
  void save_conversation(Slot slot);

  /// What one frame changed, to be taken back.
  struct Saved {
    Slot slot = 0;
    bool began = false;
    bool conversed = false;
    Slot older = FlatIndex::none;  ///< of one that began: the connection that by_ports_ gave before
    std::uint32_t older_number = 0;
    ConnectionState before;
    std::uint8_t next_recent = 0;
    RecentSegment recent;  ///< what a frame's own may push out
    Rare<app::Conversation> conversation_before;
  };

  FrameStore& store_;
  journeys::FactLog& facts_;
  ConnectionNumbers& numbers_;
  Chunked<Connection, 64> connections_;  ///< by slot; never moved
  std::vector<Slot> free_;
  FlatIndex index_;     ///< entries, by addresses, ports and vantage
  FlatIndex by_ports_;  ///< slots, by addresses and ports alone: the newest connection of each
  std::deque<std::pair<Slot, std::uint32_t>> live_;     ///< by slot and number, the oldest first
  std::deque<std::pair<Slot, std::uint32_t>> retired_;  ///< those that ended
  std::vector<Slot> waiting_;  ///< connections of which a stream waited, once each; they may wait no more
  tls::Decrypted decrypted_;
  tls::Surroundings around_{.decrypted = &decrypted_};
  std::vector<bool>
      both_ways_;  ///< by vantage: it showed both directions of a connection, and is no tap's port
  std::optional<std::uint16_t> noted_;  ///< there, since the last checkpoint
  Slot last_found_ = 0;
  std::int64_t last_time_ns_ = 0;
  std::uint32_t saved_number_ = 0;
  std::vector<Saved> saved_;  ///< kept at its largest, so that its buffers are used again
  std::size_t saved_count_ = 0;
  std::size_t saved_by_frame_ = 0;  ///< the first ones; the others were saved by finish()
  std::size_t found_by_frame_ = 0;  ///< the same of the changes of decrypted_
  bool finished_ = false;           ///< finish() has begun
  std::size_t next_waiting_ = 0;    ///< that finish() has not come to
  bool all_stay_ = false;
};

}  // namespace humantime::tcp
