// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dhcpv6.h"

#include <array>

namespace humantime::wire {
namespace {

constexpr std::uint8_t relay_forward = 12;
constexpr std::uint8_t relay_reply = 13;
constexpr std::size_t relay_header_size = 34;  // type, hop count, link and peer address (RFC 8415 section 9)
constexpr std::uint16_t option_relay_message = 9;
// RFC 8415 lets a message pass 8 relays, RFC 3315 before it 32.
constexpr std::uint8_t most_relays = 32;

/// What the relay message carries; empty where there is nothing. The option may be cut by the capture.
Bytes relayed_by(Bytes message) {
  Reader reader(message);
  reader.skip(relay_header_size);
  while (reader.remaining() > 0) {
    const std::uint16_t code = reader.u16();
    const std::size_t size = reader.u16();
    if (code == option_relay_message) return slice(reader.rest(), 0, size);
    reader.skip(size);
  }
  return {};
}

}  // namespace

std::optional<Dhcpv6> read_dhcpv6(Bytes message) {
  Dhcpv6 dhcp;
  while (!message.empty() && (message[0] == relay_forward || message[0] == relay_reply)) {
    if (dhcp.relays == most_relays) return std::nullopt;
    ++dhcp.relays;
    message = relayed_by(message);
  }
  Reader reader(message);
  dhcp.message_type = reader.u8();
  dhcp.transaction = reader.u24();
  if (!reader.ok()) return std::nullopt;
  return dhcp;
}

std::optional<Phase> phase_of(const Dhcpv6& message) {
  static constexpr std::array<std::optional<Phase>, 8> phases = {std::nullopt,
                                                                 Phase::dhcp_discover,
                                                                 Phase::dhcp_offer,
                                                                 Phase::dhcp_request,
                                                                 std::nullopt /* Confirm */,
                                                                 std::nullopt /* Renew */,
                                                                 std::nullopt /* Rebind */,
                                                                 Phase::dhcp_ack};
  return message.message_type < phases.size() ? phases[message.message_type] : std::nullopt;
}

}  // namespace humantime::wire
