// SPDX-License-Identifier: GPL-2.0-or-later
// The TLS records that the host could decrypt.
//
// In a file that holds both ends of the wire the host decrypts each record once, on the copy that it saw
// first. What a record holds belongs to the connection, the direction and the place in the stream: every
// vantage finds it here.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bytes.h"
#include "chunked.h"
#include "flat_index.h"
#include "frame_bytes.h"
#include "types.h"
#include "wire/tls.h"

namespace humantime::tls {

/// A direction of a connection, whoever saw it: a hash of addresses and ports.
enum class FlowId : std::uint64_t {};

class Decrypted {
 public:
  void clear();
  /// What the host decrypted with a frame; again for the same frame (it carries several packets) it changes
  /// nothing.
  void deposit(FrameNumber frame, std::span<const DecryptedRecord> records);

  /// From here on changes can be taken back.
  void checkpoint() { log_.clear(); }
  /// How many there have been since.
  std::size_t changes() const { return log_.size(); }
  /// Takes back all but the first ones.
  void undo(std::size_t kept = 0);

  bool empty() const { return frames_.empty(); }

  /// The content of the record with this header at this sequence number; null while it is not known.
  /// `frame` is the one with which the record's last missing byte arrived: the host decrypts records then, in
  /// the stream's order. A record that was found once is found again by any vantage.
  const DecryptedRecord* find(FlowId flow, std::uint32_t sequence, const wire::TlsRecordHeader& header,
                              FrameNumber frame);

 private:
  struct Entry {
    DecryptedRecord record;
    FlowId flow{};
    std::uint32_t sequence = 0;
    bool placed = false;  ///< flow and sequence are known
  };
  struct OfFrame {
    FrameNumber frame;
    std::uint32_t first, count;
    std::uint32_t next = 0;  ///< where the search goes on: the records come in order
  };
  /// A deposit, or a record of a frame that got its place.
  struct Change {
    std::uint32_t entry = FlatIndex::none;
    std::uint32_t of_frame = 0, next_before = 0;
  };

  static std::uint64_t hash_of(FlowId flow, std::uint32_t sequence) {
    return mix(static_cast<std::uint64_t>(flow), sequence);
  }
  std::uint64_t hash_of(std::uint32_t entry) const {
    return hash_of(entries_[entry].flow, entries_[entry].sequence);
  }
  const DecryptedRecord* place(std::uint32_t entry, FlowId flow, std::uint32_t sequence);
  void displace(std::uint32_t entry);
  void forget_last_frame();

  Chunked<Entry> entries_;
  std::vector<OfFrame> frames_;  ///< ascending by frame
  FlatIndex by_place_;
  std::vector<Change> log_;  ///< since checkpoint()
};

}  // namespace humantime::tls
