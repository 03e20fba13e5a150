// SPDX-License-Identifier: GPL-2.0-or-later
// What a segment's header says about its connection: the tcp.* phases, by the RFCs that phases.tsv names.
#pragma once

#include <array>
#include <cstdint>

#include "phases.h"
#include "tcp/connection.h"
#include "wire/tcp.h"

namespace humantime::tcp {

/// A few phases, in no particular order.
class PhaseList {
 public:
  void add(Phase phase) {
    if (count_ < phases_.size()) phases_[count_++] = phase;
  }
  const Phase* begin() const { return phases_.data(); }
  const Phase* end() const { return phases_.data() + count_; }
  bool empty() const { return count_ == 0; }

 private:
  std::array<Phase, 12> phases_{};
  std::uint8_t count_ = 0;
};

struct Analysis {
  PhaseList phases;
  Offset data_offset = 0;    ///< of the first payload byte
  bool carries_new = false;  ///< some of the payload had not been seen
  bool finished = false;     ///< with this segment the connection ended: both FINs acknowledged, or a reset
  bool fin = false;
  bool rst = false;  ///< a reset that ended the connection
};

/// Whether the segment begins a new connection on ports that were used before: a SYN with another sequence
/// number.
bool begins_anew(Connection& connection, Role from, const wire::TcpSegment& segment);

/// Whether the sequence number is so far off that only corruption explains it: worth a look at the checksum.
bool far_off(Connection& connection, Role from, const wire::TcpSegment& segment);

/// Whether a segment that is far off stands where the one before it in its direction, far off too, stood:
/// corruption does not agree with itself, so the capture lacks what lies before them. Remembers the segment
/// for the next one.
bool strays_again(Sender& sender, const wire::TcpSegment& segment);

/// Moves the connection's state and says what the segment was.
Analysis analyse(Connection& connection, Role from, const wire::TcpSegment& segment);

}  // namespace humantime::tcp
