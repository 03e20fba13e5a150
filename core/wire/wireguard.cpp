// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/wireguard.h"

#include <array>

namespace humantime::wire {
namespace {

/// What the four types look like: those of a handshake have one length (sections 5.4.2, 5.4.3, 5.4.7).
struct Form {
  std::uint8_t header = 0;  ///< bytes up to the last number that is read here
  std::uint8_t length = 0;  ///< of the whole message; of data: the least
  bool has_sender = false, has_receiver = false;
  Phase phase{};
};
constexpr std::array<Form, 5> forms = {{
    {},
    {8, 148, true, false, Phase::wireguard_initiation},
    {12, 92, true, true, Phase::wireguard_response},
    {8, 64, false, true, Phase::wireguard_cookie},
    {16, 32, false, true, Phase::wireguard_data},
}};

std::uint32_t u32_little(Reader& reader) {
  const std::uint32_t big = reader.u32();
  return big >> 24 | (big >> 8 & 0xff00) | (big << 8 & 0xff0000) | big << 24;
}

}  // namespace

std::optional<WireGuard> read_wireguard(Bytes message, std::uint32_t length) {
  Reader reader(message);
  const std::uint8_t type = reader.u8();
  if (type == 0 || type >= forms.size() || reader.u24() != 0) return std::nullopt;
  const Form& form = forms[type];
  if (message.size() < form.header || length < message.size()) return std::nullopt;
  WireGuard read;
  read.type = WireGuardType{type};
  if (form.has_sender) read.sender = u32_little(reader);
  if (form.has_receiver) read.receiver = u32_little(reader);
  if (read.type != WireGuardType::data) {
    if (length != form.length) return std::nullopt;
    return read;
  }
  if (length < form.length) return std::nullopt;
  const std::uint32_t low = u32_little(reader);
  read.counter = std::uint64_t{u32_little(reader)} << 32 | low;
  read.empty = length == form.length;
  return read;
}

Phase phase_of(const WireGuard& message) {
  return message.empty ? Phase::wireguard_keep_alive : forms[static_cast<std::size_t>(message.type)].phase;
}

}  // namespace humantime::wire
