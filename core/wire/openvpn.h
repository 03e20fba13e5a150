// SPDX-License-Identifier: GPL-2.0-or-later
// OpenVPN packets in TLS mode (OpenVPN 2.6, ssl_pkt.h, and doc/doxygen/doc_protocol_overview.h): behind UDP's
// header, or behind a length of two bytes over TCP. Numbers on the wire are big-endian.
//
//   plain      opcode and key id 1, session id 8,
//              ack count 1, acknowledged ids 4 each, and with any the peer's session id 8,
//              but for an ACK: packet id 4, payload
//   tls-auth   the same with the HMAC, a replay packet id 4 and a time 4 behind the session id
//   tls-crypt  replay packet id 4, time 4 and a tag 32 behind the session id; the rest is encrypted
//
// Which of the three it is no packet says: see proves_wrapping() and openvpn::Tunnel.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "bytes.h"
#include "phases.h"

namespace humantime::wire {

enum class OpenVpnOpcode : std::uint8_t {
  hard_reset_client_v1 = 1,
  hard_reset_server_v1 = 2,
  soft_reset = 3,
  control = 4,
  ack = 5,
  data_v1 = 6,
  hard_reset_client_v2 = 7,
  hard_reset_server_v2 = 8,
  data_v2 = 9,                ///< with a peer id of three bytes
  hard_reset_client_v3 = 10,  ///< with a wrapped client key behind it (tls-crypt-v2)
  control_wrapped_key = 11,   ///< the same
};

struct OpenVpnPacket {
  OpenVpnOpcode opcode{};
  std::uint8_t key_id = 0;       ///< 0 to 7
  std::uint64_t session_id = 0;  ///< the sender's; 0 for data, which has none

  bool is_data() const { return opcode == OpenVpnOpcode::data_v1 || opcode == OpenVpnOpcode::data_v2; }
  bool is_client_reset() const {
    return opcode == OpenVpnOpcode::hard_reset_client_v1 || opcode == OpenVpnOpcode::hard_reset_client_v2 ||
           opcode == OpenVpnOpcode::hard_reset_client_v3;
  }
  bool is_server_reset() const {
    return opcode == OpenVpnOpcode::hard_reset_server_v1 || opcode == OpenVpnOpcode::hard_reset_server_v2;
  }
};

/// Reads the header that all wrappings share, as far as the opcode and the session id. `length` is that of
/// the packet on the wire. Nothing where the opcode is unknown, the packet is shorter than the least that its
/// opcode has, or the capture cut the header. Any packet of random bytes may look like one.
std::optional<OpenVpnPacket> read_openvpn(Bytes packet, std::uint32_t length);

Phase phase_of(const OpenVpnPacket& packet);

/// The length of tls-auth's HMAC (by --auth: MD5, SHA-1, SHA-224, SHA-256, SHA-384, SHA-512), 0 without one.
enum class OpenVpnHmac : std::uint8_t {};
inline constexpr std::array<OpenVpnHmac, 7> openvpn_hmacs = {
    OpenVpnHmac{0},  OpenVpnHmac{16}, OpenVpnHmac{20}, OpenVpnHmac{28},
    OpenVpnHmac{32}, OpenVpnHmac{48}, OpenVpnHmac{64}};

/// What stands behind the header where it can be read.
struct OpenVpnControl {
  static constexpr std::size_t most_acks = 8;   ///< OpenVPN's RELIABLE_ACK_SIZE
  std::array<std::uint32_t, most_acks> acks{};  ///< packet ids of the other side, the first ack_count
  std::uint8_t ack_count = 0;
  std::uint64_t peer_session_id = 0;  ///< the other side's; only with acknowledgments
  std::uint32_t packet_id = 0;        ///< counts from 0 for each key; 0 for an ACK, which has none
  Bytes payload;                      ///< a part of the TLS stream, as captured
  std::uint32_t payload_length = 0;   ///< on the wire

  std::span<const std::uint32_t> all_acks() const { return {acks.data(), ack_count}; }
};

/// Reads a control packet or an ACK (read_openvpn() tells) whose wrapping is known. Nothing where it does not
/// fit the packet: too many acknowledgments, a packet that is too short, an ACK with something behind it.
std::optional<OpenVpnControl> read_openvpn_control(Bytes packet, std::uint32_t length, OpenVpnHmac hmac);

/// Whether a client's first packet proves itself, by its length and by 32 bits or more that it must have:
/// nothing is acknowledged and its packet id is 0, or with tls-crypt, which encrypts both, the replay packet
/// id is the first one. `hmac` is the wrapping, nothing for tls-crypt.
struct OpenVpnFirst {
  std::optional<OpenVpnHmac> hmac;
};
std::optional<OpenVpnFirst> read_openvpn_first(Bytes packet, std::uint32_t length);

}  // namespace humantime::wire
