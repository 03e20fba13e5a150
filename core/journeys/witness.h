// SPDX-License-Identifier: GPL-2.0-or-later
// Where a vantage stands on a journey's way, by what it saw of the TCP or QUIC handshake alone: for journeys
// that no other vantage saw. Where both ends were captured, letters know it better.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "journeys/journey.h"
#include "phases.h"
#include "saturating.h"

namespace humantime::journeys {

/// What a vantage saw of a journey that tells where it stands.
struct Witness {
  std::uint16_t vantage = 0;
  bool has_tcp = false, asked = false, on_loopback = false, is_quic = false;
  std::optional<std::int64_t> syn, syn_ack;          ///< the last ones
  std::optional<std::int64_t> to_server, to_client;  ///< how long the SYN and its answer waited for theirs

  /// The client's first packet waits for its answer, that for what the client says next.
  void take_quic(bool from_client, std::int64_t time_ns) {
    is_quic = true;
    if (from_client && !syn_ack) syn = time_ns;
    if (from_client && syn_ack && to_server && !to_client) to_client = difference(time_ns, *syn_ack);
    if (from_client || !syn || syn_ack) return;
    syn_ack = time_ns;
    to_server = difference(time_ns, *syn);
  }

  void take(Phase phase, std::int64_t time_ns) {
    if (phase == Phase::tcp_syn) syn = time_ns;
    if (phase == Phase::tcp_handshake_ack && syn_ack) to_client = difference(time_ns, *syn_ack);
    if (phase != Phase::tcp_syn_ack) return;
    syn_ack = time_ns;
    // Where answers are lost, the server sends another one without being asked.
    if (syn) to_server = std::min(to_server.value_or(difference(time_ns, *syn)), difference(time_ns, *syn));
  }
  bool shook_hands() const { return to_server && to_client; }

  /// At the client's end the answer to the SYN takes a round trip and its acknowledgment none, at the
  /// server's end it is the other way round.
  End end() const {
    if (on_loopback) return End::unknown;
    if (shook_hands()) {
      if (*to_server < 0 || *to_client < 0) return End::unknown;  // time ran backwards
      // In the middle both take a part of the round trip. Next to each other, hosts take as long as the way.
      constexpr std::int64_t near = 8, shortest_ns = 50'000;
      if (*to_server / near >= *to_client || *to_client / near >= *to_server)
        return *to_server > *to_client ? End::client : End::server;
      // A program that speaks QUIC takes its time at either end, where a kernel answers a SYN at once.
      if (!is_quic) return *to_server < shortest_ns && *to_client < shortest_ns ? End::unknown : End::middle;
    }
    // Where a name was asked for is the client; who was captured from the middle on may be either.
    if (asked || !has_tcp) return End::client;
    return syn && !syn_ack ? End::client : End::unknown;
  }
};

/// The vantages of one journey after the other. A hostile file has tens of thousands: none is searched for.
class Witnesses {
 public:
  explicit Witnesses(std::size_t vantages) : place_of_(vantages, none) {}
  void clear() {
    for (const Witness& witness : witnesses_) place_of_[witness.vantage] = none;
    witnesses_.clear();
  }
  Witness& at(std::uint16_t vantage) {
    std::uint32_t& place = place_of_[vantage];
    if (place == none) {
      place = static_cast<std::uint32_t>(witnesses_.size());
      witnesses_.emplace_back().vantage = vantage;
    }
    return witnesses_[place];
  }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  std::vector<std::uint32_t> place_of_;  ///< by vantage
  std::vector<Witness> witnesses_;
};

}  // namespace humantime::journeys
