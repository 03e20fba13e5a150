// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/arp.h"

#include <algorithm>

namespace humantime::wire {
namespace {

constexpr std::uint16_t hardware_atm = 19;
constexpr std::uint16_t protocol_ipv4 = 0x0800;
constexpr std::size_t ipv4_size = 4;
constexpr std::uint16_t request = 1;
constexpr std::uint16_t reply = 2;

}  // namespace

std::optional<Arp> read_arp(Bytes packet) {
  Reader reader(packet);
  Arp arp;
  arp.hardware_type = reader.u16();
  arp.protocol_type = reader.u16();
  const std::size_t hardware_size = reader.u8();
  const std::size_t protocol_size = reader.u8();
  arp.opcode = reader.u16();
  arp.sender_hardware = reader.take(hardware_size);
  arp.sender_protocol = reader.take(protocol_size);
  arp.target_hardware = reader.take(hardware_size);
  arp.target_protocol = reader.take(protocol_size);
  if (!reader.ok() || arp.hardware_type == hardware_atm) return std::nullopt;
  return arp;
}

std::optional<Phase> phase_of(const Arp& arp) {
  if (arp.opcode != request && arp.opcode != reply) return std::nullopt;
  if (arp.protocol_type == protocol_ipv4) {
    // IPv4 with addresses of another size is nothing that an IPv4 host sends or understands.
    if (arp.sender_protocol.size() != ipv4_size) return std::nullopt;
    // A probe may ask for 0.0.0.0 itself (a broken host): it announces nothing, so this comes first.
    if (arp.opcode == request &&
        std::ranges::all_of(arp.sender_protocol, [](auto byte) { return byte == 0; }))
      return Phase::arp_probe;
    if (std::ranges::equal(arp.sender_protocol, arp.target_protocol)) return Phase::arp_announcement;
  }
  return arp.opcode == request ? Phase::arp_request : Phase::arp_reply;
}

}  // namespace humantime::wire
