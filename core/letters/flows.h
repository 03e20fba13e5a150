// SPDX-License-Identifier: GPL-2.0-or-later
// Which frames are of one flow, whoever saw it: one TCP connection or UDP exchange, through network address
// translation; and which vantages are one place.
#pragma once

#include <cstdint>
#include <vector>

#include "gradual_index.h"
#include "journeys/facts.h"
#include "letters/note.h"
#include "store.h"
#include "work.h"

namespace humantime::letters {

/// An address and a port in one word.
using EndpointWord = std::uint64_t;
inline EndpointWord endpoint_word(AddressId address, std::uint16_t port) {
  return std::uint64_t{static_cast<std::uint32_t>(address)} << 16 | port;
}
inline AddressId address_of(EndpointWord endpoint) {
  return AddressId{static_cast<std::uint32_t>(endpoint >> 16)};
}

/// Frames of one pair of endpoints. TCP connections that follow each other on the same ports share it: their
/// sequence numbers tell them apart.
struct Flow {
  EndpointWord client = 0, server = 0;  ///< as the first place saw them
  bool tcp = false;
  std::uint32_t joined = 0;       ///< the flow that it is part of: itself, or one with a smaller number
  std::uint32_t first_sight = 0;  ///< and on, along Sight::next
  std::uint16_t places = 0;       ///< how many saw it
};

/// A flow as one place saw it.
struct Sight {
  static constexpr std::uint32_t none = 0xffffffff;
  std::uint32_t flow = 0;
  std::uint32_t next = none;  ///< of the same flow
  std::uint16_t place = 0;
  std::uint8_t seen = 0;  ///< 1: from the client, 2: from the server
};

class Flows {
 public:
  void clear();
  /// Reads the first `frames` and `facts` anew; work linear in frames.
  Work build(const FrameStore& store, const Notes& notes, const journeys::FactLog& facts,
             std::uint32_t frames, std::size_t fact_count);

  /// The frame's sight, Sight::none where it has no flow: neither TCP nor UDP, or a second copy.
  std::uint32_t sight_of(std::uint32_t frame) const { return sights_of_[frame] & none_bits; }
  /// Frames up to that number are known.
  std::size_t frame_count() const { return sights_of_.empty() ? 0 : sights_of_.size() - 1; }
  bool has(std::uint32_t frame) const { return sights_of_[frame] != none; }
  bool from_client(std::uint32_t frame) const { return (sights_of_[frame] & client_bit) != 0; }

  const Sight& sight(std::uint32_t id) const { return sights_[id]; }
  std::uint32_t sight_count() const { return static_cast<std::uint32_t>(sights_.size()); }
  const Flow& flow(std::uint32_t id) const { return flows_[id]; }
  std::uint32_t flow_count() const { return static_cast<std::uint32_t>(flows_.size()); }
  std::uint32_t flow_of(std::uint32_t frame) const { return sights_[sight_of(frame)].flow; }
  /// By vantage: the lowest vantage of its place.
  std::uint16_t place_of_vantage(std::uint16_t vantage) const { return places_[vantage]; }
  std::uint16_t place_of(std::uint32_t frame) const { return sights_[sight_of(frame)].place; }
  std::size_t vantage_count() const { return places_.size(); }
  std::uint32_t place_count() const;

  /// Two frames turned out to be the same packet though their addresses differ: their flows are one from
  /// here on. Both must be UDP.
  void join(std::uint32_t frame, std::uint32_t other);
  /// After join(): every sight names the flow that it is part of.
  Work settle_joined();

 private:
  static constexpr std::uint32_t none = 0xffffffff, client_bit = 0x80000000, none_bits = 0x7fffffff;

  /// A connection of the tracker, as it began.
  struct Connection {
    EndpointWord client = 0, server = 0;
    EndpointWord as_client = 0, as_server = 0;  ///< before translation
    std::uint32_t sequence = 0;
    std::uint16_t vantage = 0;
    std::uint16_t stamp = 0;  ///< PacketNote::stamp of its first frame
    bool has_sequence = false, known = false;
  };

  void list_connection(const FrameStore& store, const Notes& notes, const journeys::Fact& fact);
  Work translate();
  std::uint32_t find_flow(EndpointWord from, EndpointWord to, bool tcp, const Connection* connection);
  std::uint32_t find_sight(std::uint32_t flow, std::uint16_t place);
  void find_sight_of(const FrameStore& store, const Notes& notes, std::uint32_t frame);
  Work join_taps(const FrameStore& store);
  std::uint32_t root(std::uint32_t flow);

  std::vector<Connection> connections_;  ///< by number − 1
  std::vector<Flow> flows_;
  std::vector<Sight> sights_;
  std::vector<std::uint32_t> sights_of_;  ///< by frame, 0 unused; with client_bit
  std::vector<std::uint16_t> places_;     ///< by vantage
  GradualIndex flow_index_, sight_index_;
};

}  // namespace humantime::letters
