// SPDX-License-Identifier: GPL-2.0-or-later
// The exchanges of a capture's streams, as they become known, and how to take back what a frame told of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "flat_index.h"
#include "http_exchange.h"

namespace humantime {

/// Frames that carry no HTTP cost nothing here.
class ExchangeLog {
 public:
  void clear();
  /// Adds what `news` tells to what is known of its stream of its connection: what was known stays. A request
  /// or a promise that begins makes another exchange of the same stream (early data that were refused are
  /// sent anew). Returns the frame that a new exchange is found by; no_frame where there is none.
  FrameNumber add(const HttpExchange& news);

  /// In the order in which they became known.
  std::span<const HttpExchange> all() const { return exchanges_; }
  /// Calls `visit(exchange)` for each that begins with the frame.
  template <typename Visit>
  void for_each(FrameNumber frame, Visit visit) const {
    const auto found = by_frame_.find(frame);
    if (found == by_frame_.end()) return;
    for (const std::uint32_t at : found->second) visit(exchanges_[at]);
  }
  /// Another frame takes the number: none is found by it any more.
  void forget(FrameNumber frame) { by_frame_.erase(frame); }

  // -- taking back

  struct Change {
    std::uint32_t at = 0;
    bool made = false;                   ///< there was none before
    HttpExchange before;                 ///< where there was one
    std::uint32_t of_stream_before = 0;  ///< of a new one: the stream's last before it, or FlatIndex::none
  };
  using Changes = std::vector<Change>;
  /// Takes back all that was added since the changes began.
  void undo();
  /// The changes so far, to be put back by resume(); they begin anew.
  Changes suspend() { return std::exchange(changes_, {}); }
  void resume(Changes changes) { changes_ = std::move(changes); }
  void forget_changes() { changes_.clear(); }

 private:
  struct Key {
    std::uint32_t connection;
    std::uint64_t stream;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    std::size_t operator()(const Key& key) const { return mix(key.stream, key.connection); }
  };

  std::vector<HttpExchange> exchanges_;
  std::unordered_map<FrameNumber, std::vector<std::uint32_t>> by_frame_;
  std::unordered_map<Key, std::uint32_t, Hash> of_stream_;  ///< the last one
  Changes changes_;
};

}  // namespace humantime
