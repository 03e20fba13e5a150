// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/dhcp.h"

#include <array>

namespace humantime::wire {
namespace {

// RFC 2131 section 2, figure 1.
constexpr std::size_t transaction_offset = 4;
constexpr std::size_t sname_offset = 44;
constexpr std::size_t sname_size = 64;
constexpr std::size_t file_offset = 108;
constexpr std::size_t file_size = 128;
constexpr std::size_t cookie_offset = 236;
constexpr std::uint32_t cookie = 0x63825363;

// RFC 2132.
constexpr std::uint8_t option_pad = 0;
constexpr std::uint8_t option_overload = 52;
constexpr std::uint8_t option_message_type = 53;
constexpr std::uint8_t option_end = 255;
constexpr std::uint8_t overload_file = 1;
constexpr std::uint8_t overload_sname = 2;

struct Options {
  std::uint8_t message_type = 0;
  std::uint8_t overload = 0;
};

Options read_options(Bytes bytes) {
  Options found;
  Reader reader(bytes);
  while (reader.remaining() > 0) {
    const std::uint8_t code = reader.u8();
    if (code == option_pad) continue;
    if (code == option_end) break;
    const Bytes value = reader.take(reader.u8());
    if (value.size() != 1) continue;
    if (code == option_overload) found.overload = value[0];
    if (code == option_message_type) {
      found.message_type = value[0];
      break;
    }
  }
  return found;
}

}  // namespace

std::optional<Dhcp> read_dhcp(Bytes message) {
  Reader reader(message);
  Dhcp dhcp;
  dhcp.op = reader.u8();
  reader.skip(transaction_offset - reader.position());
  dhcp.transaction = reader.u32();
  reader.skip(cookie_offset - reader.position());
  if (!reader.ok()) return std::nullopt;
  // BOOTP leaves the rest to the vendor; only the cookie says that options are there.
  if (reader.u32() != cookie || !reader.ok()) return dhcp;

  const Options options = read_options(reader.rest());
  dhcp.message_type = options.message_type;
  // RFC 2131 section 4.1: first the options, then `file`, then `sname`.
  if (dhcp.message_type == 0 && (options.overload & overload_file) != 0)
    dhcp.message_type = read_options(slice(message, file_offset, file_size)).message_type;
  if (dhcp.message_type == 0 && (options.overload & overload_sname) != 0)
    dhcp.message_type = read_options(slice(message, sname_offset, sname_size)).message_type;
  return dhcp;
}

std::optional<Phase> phase_of(const Dhcp& message) {
  static constexpr std::array<std::optional<Phase>, 6> phases = {
      std::nullopt,        Phase::dhcp_discover,       Phase::dhcp_offer,
      Phase::dhcp_request, std::nullopt /* decline */, Phase::dhcp_ack};
  return message.message_type < phases.size() ? phases[message.message_type] : std::nullopt;
}

}  // namespace humantime::wire
