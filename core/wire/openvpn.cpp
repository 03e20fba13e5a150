// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/openvpn.h"

#include <algorithm>

namespace humantime::wire {
namespace {

constexpr std::size_t header_length = 9;        // opcode, session id
constexpr std::size_t replay_length = 8;        // packet id, time
constexpr std::size_t crypt_tag_length = 32;    // HMAC-SHA256
constexpr std::size_t reset_body_length = 5;    // no acknowledgments, packet id 0
constexpr std::size_t wrapped_key_least = 290;  // tag, a key of 256 bytes, its length (doc/tls-crypt-v2.txt)

struct Form {
  std::uint8_t least = 0;  ///< bytes of the packet; 0: no such opcode
  Phase phase{};
};
// A data packet has at least a byte behind its opcode (and peer id); the others their own header, the ACK
// count, and a packet id or what is acknowledged.
constexpr std::array<Form, 12> forms = {{
    {},
    {14, Phase::openvpn_hard_reset_client},
    {14, Phase::openvpn_hard_reset_server},
    {14, Phase::openvpn_soft_reset},
    {14, Phase::openvpn_control},
    {22, Phase::openvpn_ack},
    {2, Phase::openvpn_data},
    {14, Phase::openvpn_hard_reset_client},
    {14, Phase::openvpn_hard_reset_server},
    {5, Phase::openvpn_data},
    {54, Phase::openvpn_hard_reset_client},
    {54, Phase::openvpn_control},
}};

std::size_t wrapping_length(OpenVpnHmac hmac) {
  const auto length = static_cast<std::size_t>(hmac);
  return length == 0 ? 0 : length + replay_length;
}

bool all_zero(Bytes bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; });
}

}  // namespace

std::optional<OpenVpnPacket> read_openvpn(Bytes packet, std::uint32_t length) {
  Reader reader(packet);
  const std::uint8_t first = reader.u8();
  const std::size_t opcode = first >> 3;
  if (!reader.ok() || opcode >= forms.size() || forms[opcode].least == 0 || length < forms[opcode].least)
    return std::nullopt;
  OpenVpnPacket read;
  read.opcode = static_cast<OpenVpnOpcode>(opcode);
  read.key_id = first & 7;
  if (!read.is_data()) read.session_id = reader.u64();
  if (!reader.ok()) return std::nullopt;
  return read;
}

Phase phase_of(const OpenVpnPacket& packet) {
  return forms[static_cast<std::size_t>(packet.opcode)].phase;
}

std::optional<OpenVpnControl> read_openvpn_control(Bytes packet, std::uint32_t length, OpenVpnHmac hmac) {
  const auto header = read_openvpn(packet, length);
  if (!header || header->is_data()) return std::nullopt;
  Reader reader(packet);
  reader.skip(header_length + wrapping_length(hmac));
  OpenVpnControl control;
  control.ack_count = reader.u8();
  if (control.ack_count > OpenVpnControl::most_acks) return std::nullopt;
  for (std::size_t i = 0; i < control.ack_count; ++i) control.acks[i] = reader.u32();
  if (control.ack_count > 0) control.peer_session_id = reader.u64();
  const bool is_ack = header->opcode == OpenVpnOpcode::ack;
  if (!is_ack) control.packet_id = reader.u32();
  if (!reader.ok() || reader.position() > length) return std::nullopt;
  control.payload_length = length - static_cast<std::uint32_t>(reader.position());
  control.payload = slice(packet, reader.position(), control.payload_length);
  if (is_ack && (control.ack_count == 0 || control.payload_length > 0)) return std::nullopt;
  return control;
}

std::optional<OpenVpnFirst> read_openvpn_first(Bytes packet, std::uint32_t length) {
  const auto header = read_openvpn(packet, length);
  if (!header || !header->is_client_reset() || header->key_id != 0 || packet.size() != length ||
      header->session_id == 0)
    return std::nullopt;
  // OpenVPN 2.6 marks the id of the first packet where it can do the early negotiation of a tls-crypt-v2 key.
  constexpr std::uint32_t first_id = 1, early_negotiation = 0x0f000000;
  const std::uint32_t replay_id = Reader(slice(packet, header_length)).u32();
  const bool counts_from_one = (replay_id & ~early_negotiation) == first_id;
  constexpr std::size_t crypt_length = header_length + replay_length + crypt_tag_length + reset_body_length;
  if (header->opcode == OpenVpnOpcode::hard_reset_client_v3) {
    // The wrapped key's own length ends it.
    const std::uint16_t key_length = Reader(slice(packet, packet.size() - 2)).u16();
    if (!counts_from_one || key_length < wrapped_key_least || key_length + crypt_length != packet.size())
      return std::nullopt;
    return OpenVpnFirst{};
  }
  for (const OpenVpnHmac hmac : openvpn_hmacs) {
    const std::size_t before = header_length + wrapping_length(hmac);
    if (packet.size() == before + reset_body_length && all_zero(slice(packet, before)))
      return OpenVpnFirst{hmac};
  }
  if (packet.size() == crypt_length && counts_from_one) return OpenVpnFirst{};
  return std::nullopt;
}

}  // namespace humantime::wire
