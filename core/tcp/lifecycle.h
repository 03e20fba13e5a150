// SPDX-License-Identifier: GPL-2.0-or-later
// The life of a connection as an observer sees it: one table, every cell explicit.
#pragma once

#include <cstdint>
#include <optional>

#include "phases.h"

namespace humantime::tcp {

/// Who of the two sides: the initiator sent the first SYN, or the first segment seen.
enum class Role : std::uint8_t { initiator, responder };
constexpr Role other(Role role) {
  return role == Role::initiator ? Role::responder : Role::initiator;
}

enum class Life : std::uint8_t {
  unseen,            ///< nothing seen yet
  syn_sent,          ///< the initiator's SYN
  syn_crossed,       ///< a SYN from each side: simultaneous open (RFC 9293 3.5)
  syn_answered,      ///< SYN+ACK seen
  established,       ///< handshake seen, or picked up in the middle
  initiator_closed,  ///< FIN from the initiator
  responder_closed,  ///< FIN from the responder
  both_closed,       ///< FIN from both
  finished,          ///< both FINs acknowledged
  reset,             ///< RST seen
};
constexpr std::size_t life_count = 10;

/// What a segment says of the connection's life. A segment may say several: told in this order.
enum class Signal : std::uint8_t {
  syn,
  syn_ack,
  ack_of_syn_ack,  ///< the first acknowledgment of the other side's SYN+ACK
  ack_of_fin,      ///< the first acknowledgment of the other side's FIN
  ack_of_fins,     ///< the same, and with it both FINs are acknowledged
  segment,         ///< a segment, whatever else it says
  fin,
  rst,
};
constexpr std::size_t signal_count = 8;

struct Turn {
  Life next = Life::unseen;
  std::optional<Phase> phase;
};

Turn turn(Life life, Role from, Signal signal);

}  // namespace humantime::tcp
