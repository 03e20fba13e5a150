// SPDX-License-Identifier: GPL-2.0-or-later
#include "letters/note.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace humantime::letters {
namespace {

std::uint32_t hops_of(std::uint8_t hop_limit) {
  const std::uint32_t initial = hop_limit <= 64 ? 64 : hop_limit <= 128 ? 128 : 255;
  return std::min(initial - hop_limit, PacketNote::most_hops);
}

PacketNote begin(const wire::Packet& packet, PacketNote::Kind kind, std::uint32_t payload_length) {
  PacketNote note;
  // A first fragment has not the whole payload; at the other end it may have been put together.
  note.kind = static_cast<std::uint32_t>(packet.fragment ? PacketNote::Kind::none : kind) & 3U;
  note.length = std::min(payload_length, PacketNote::longest) & PacketNote::longest;
  note.hops = hops_of(packet.hop_limit) & PacketNote::most_hops;
  note.ip_id = packet.ip_id;
  return note;
}

/// The number of eight bytes, in whatever order this machine has them: it is compared with its like only.
std::uint64_t eight_bytes(Bytes bytes) {
  std::uint64_t number = 0;
  if (bytes.size() >= sizeof number)  // a length known to the compiler is one instruction
    std::memcpy(&number, bytes.data(), sizeof number);
  else
    std::memcpy(&number, bytes.data(), bytes.size());
  return number;
}

/// Cheaper than mixing at each step, and as good for what nobody chooses to collide: who does forges a twin,
/// which he could by sending the same bytes.
std::uint64_t digest_of(Bytes bytes, std::uint64_t digest = 0) {
  for (std::size_t at = 0; at < bytes.size(); at += 8)
    digest = (std::rotl(digest, 27) ^ eight_bytes(bytes.subspan(at))) * 0x9e3779b97f4a7c15U;
  return digest;
}

bool kept_options(const wire::Packet& packet) {
  return packet.bytes.size() >= 13 && packet.bytes.size() >= (packet.bytes[12] >> 4) * std::size_t{4};
}

/// Both time stamps, where they stand first, behind two bytes of padding (RFC 7323 appendix A): so do all
/// stacks that have them on segments without SYN, and Linux on those with SYN behind MSS and SACK. Without
/// SYN the blocks of a SACK too: all that tells duplicate acknowledgments apart where IPv6 has no
/// identification. What stands in a SYN is changed on the way (MSS).
std::uint64_t options_digest(const wire::Packet& packet, bool syn) {
  constexpr std::size_t fixed = 20;
  const std::size_t offset = syn ? 26 : 22;
  const Bytes bytes = packet.bytes;
  const std::size_t header = bytes.size() < fixed ? 0 : (bytes[12] >> 4) * std::size_t{4};
  if (header <= fixed || header > bytes.size()) return 0;
  const bool stamped = header >= offset + 10 && bytes[offset] == 8 && bytes[offset + 1] == 10;
  const std::uint64_t stamps = stamped ? eight_bytes(bytes.subspan(offset + 2, 8)) * 0x9e3779b97f4a7c15U : 0;
  const std::size_t rest = stamped ? offset + 10 : fixed;
  return syn || header == rest ? stamps : digest_of(bytes.subspan(rest, header - rest), stamps);
}

}  // namespace

PacketNote note_of(const wire::Packet& packet, const wire::TcpSegment& segment) {
  PacketNote note = begin(packet, PacketNote::Kind::tcp, segment.payload_length);
  note.sequence = segment.sequence;
  note.acknowledgment = segment.has(wire::tcp_ack) ? segment.acknowledgment : 0;
  note.syn = segment.has(wire::tcp_syn) ? 1 : 0;
  note.fin = segment.has(wire::tcp_fin) ? 1 : 0;
  note.rst = segment.has(wire::tcp_rst) ? 1 : 0;
  note.cut = kept_options(packet) ? 0 : 1;
  const std::uint64_t options = options_digest(packet, segment.has(wire::tcp_syn));
  note.stamp = static_cast<std::uint16_t>((options >> 48) + segment.window);
  return note;
}

/// The first and the last bytes: a query's id and name, an answer's records, anything of what is encrypted.
PacketNote note_of(const wire::Packet& packet, const wire::UdpDatagram& datagram) {
  PacketNote note = begin(packet, PacketNote::Kind::udp, datagram.payload_length);
  const Bytes payload = slice(datagram.payload, 0, PacketNote::most);
  const auto folded = [](std::uint64_t digest) { return static_cast<std::uint32_t>(digest ^ digest >> 32); };
  note.sequence = folded(digest_of(slice(payload, 0, PacketNote::head)));
  if (payload.size() > PacketNote::head)
    note.acknowledgment = folded(digest_of(payload.subspan(PacketNote::head)));
  note.cut = payload.size() < std::min<std::size_t>(PacketNote::most, note.length) ? 1 : 0;
  return note;
}

}  // namespace humantime::letters
