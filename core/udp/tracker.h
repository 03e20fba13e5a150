// SPDX-License-Identifier: GPL-2.0-or-later
// All conversations over UDP that have a reader, each per vantage. A conversation is found by its addresses
// and ports, and where those change by what its reader knows of it (a QUIC connection ID).
#pragma once

#include <cstdint>
#include <deque>
#include <limits>
#include <utility>
#include <vector>

#include "chunked.h"
#include "connection_key.h"
#include "connection_namer.h"
#include "connection_numbers.h"
#include "flat_index.h"
#include "frame_bytes.h"
#include "journeys/facts.h"
#include "store.h"
#include "udp/conversation.h"
#include "wire/locate.h"
#include "wire/tcp.h"

namespace humantime::udp {

class Tracker {
 public:
  Tracker(FrameStore& store, journeys::FactLog& facts, ConnectionNumbers& numbers)
      : store_(store), facts_(facts), numbers_(numbers) {}

  void clear();
  /// Whether no frame will be taken back: then what a frame changes need not be kept.
  void all_frames_stay(bool stay) { all_stay_ = stay; }
  /// Whether to name what encrypted bytes do not show but the exchange implies.
  void infer_encrypted(bool infer) { infer_ = infer; }
  /// From here on changes can be taken back: called before each frame.
  void checkpoint();
  /// Takes back what finish() changed, if that was last, or what the frame since checkpoint() changed. The
  /// numbers that it took are taken back by who gave them.
  void undo();
  /// Reads a datagram and names the frame (and, late, frames before it) where it belongs to a conversation or
  /// begins one. The frame has begun in the store; `key` is in the datagram's direction. Gives the
  /// conversation's number, from 1, or 0 where there is none.
  std::uint32_t take(const FrameBytes& frame, const ConnectionKey& key, const wire::Packet& packet,
                     const wire::UdpDatagram& udp);
  /// The capture is over as far as is known: of `budget` conversations at the most what waits is told; true
  /// where there are more. Taken back by undo() when more frames come.
  bool finish(std::uint32_t budget = std::numeric_limits<std::uint32_t>::max());

 private:
  using Slot = std::uint32_t;
  using HandleId = std::uint32_t;
  static constexpr std::uint32_t none = FlatIndex::none;

  /// One way to find a conversation.
  struct Handle {
    std::uint64_t hash = 0;
    ConnectionKey key;     ///< of a path
    bool is_path = false;  ///< else an alias, known by its hash alone
    Slot slot = none;
    HandleId next = none;  ///< of the same conversation
  };
  /// What one frame changed, to be taken back.
  struct Saved {
    Slot slot = 0;
    bool began = false;
    Conversation before;
  };
  struct HandleChange {
    HandleId handle = none;
    Slot before = none;  ///< the conversation that it led to; none: it is new
  };

  static std::uint64_t hash_of_alias(Bytes name, AddressId receiver, std::uint16_t port,
                                     std::uint16_t vantage);

  Slot find(const ConnectionKey& key) const;
  Slot find_by_alias(const ConnectionKey& key, const Datagram& datagram) const;
  Slot begin_conversation(const ConnectionKey& key, Datagram& datagram);
  void add_path(Slot slot, const ConnectionKey& key);
  void add_aliases(Slot slot);
  void add_handle(Slot slot, const Handle& handle);
  void link(Slot slot, HandleId handle);
  void unlink(HandleId handle);
  void erase(HandleId handle);
  void note_if_proven(Conversation& conversation);
  void release(Slot slot);
  void make_room();
  void save(Slot slot, bool began);
  ConnectionNamer namer_of(Conversation& conversation);

  FrameStore& store_;
  journeys::FactLog& facts_;
  ConnectionNumbers& numbers_;
  Chunked<Conversation, 64> conversations_;  ///< by slot; never moved
  std::vector<Slot> free_;
  std::vector<Handle> handles_;
  std::vector<HandleId> free_handles_;
  FlatIndex index_;                                  ///< handles, by hash
  std::uint32_t alias_lengths_ = 0;                  ///< bit n: an alias of n bytes was given
  std::deque<std::pair<Slot, std::uint32_t>> live_;  ///< by slot and number, the oldest first
  std::vector<Slot> waiting_;  ///< those of which the reader waited, once each; they may wait no more
  std::int64_t last_time_ns_ = 0;
  std::vector<Saved> saved_;  ///< kept at its largest, so that its buffers are used again
  std::size_t saved_count_ = 0;
  std::size_t saved_by_frame_ = 0;  ///< the first ones; the others were saved by finish()
  std::vector<HandleChange> handle_changes_;
  bool began_ = false;            ///< since checkpoint()
  bool finished_ = false;         ///< finish() has begun
  std::size_t next_waiting_ = 0;  ///< that finish() has not come to
  bool all_stay_ = false;
  bool infer_ = true;
};

}  // namespace humantime::udp
