// SPDX-License-Identifier: GPL-2.0-or-later
#include "quic/packets.h"

#include <algorithm>

namespace humantime::quic {
namespace {

constexpr std::size_t tag = 16, most_packet_number = 4;

bool fits(const Packet& packet, Bytes plaintext) {
  const std::size_t around = plaintext.size() + tag;
  return packet.protected_length > around && packet.protected_length <= around + most_packet_number;
}

}  // namespace

Packets::Packets(Bytes payload, std::size_t length, const ConnectionIds& ids,
                 std::span<const DataSource> sources) {
  read(payload, length, ids);
  if (sources.size() > 1) match(sources.subspan(1));
}

void Packets::read(Bytes payload, std::size_t length, const ConnectionIds& ids) {
  while (!payload.empty() && count_ < most) {
    Packet packet;
    const bool first = count_ == 0;
    if (const auto header = wire::read_quic_long_header(payload, length)) {
      packet.type = header->type;
      packet.known_version = header->known_version;
      packet.version = header->version;
      packet.destination_id = header->destination_id;
      packet.source_id = header->source_id;
      // All packets of a datagram are for the same connection (RFC 9000 12.2).
      if (!first && !std::ranges::equal(packet.destination_id, packets_[0].destination_id)) return;
      if (header->packet_number_offset > 0)
        packet.protected_length = header->packet_length - header->packet_number_offset;
      packet.length = header->packet_length;
      payload = slice(payload, header->packet_length);
      length -= header->packet_length;
    } else if (wire::is_quic_short_header(payload)) {
      packet.type = wire::QuicPacketType::one_rtt;
      const Bytes behind = slice(payload, 1);
      const std::optional<std::size_t> size =
          first ? ids.length_in(behind) : std::optional(packets_[0].destination_id.size());
      packet.destination_id = slice(behind, 0, size.value_or(0));
      // What stands behind a packet may be no packet.
      if (!first && !std::ranges::equal(packet.destination_id, packets_[0].destination_id)) return;
      constexpr std::size_t shortest = 4 + tag;  // RFC 9001 5.4.2
      const std::size_t header_length = 1 + size.value_or(0);
      if (length < header_length + shortest) return;
      if (size) packet.protected_length = length - header_length;
      packet.length = length;
      payload = {};
    } else {
      return;
    }
    packets_[count_++] = packet;
  }
}

void Packets::match(std::span<const DataSource> sources) {
  std::array<Bytes, most> plaintexts;
  std::array<std::size_t, most> leftmost{}, rightmost{};
  std::size_t found = 0;
  for (const DataSource& source : sources) {
    if (!source.name.text().starts_with("Decrypted QUIC")) continue;
    if (found == most) return;
    plaintexts[found++] = source.bytes;
  }
  // Each as far to the left as it may be, and as far to the right: where both are the same there is no
  // choice.
  for (std::size_t i = 0, packet = 0; i < found; ++i, ++packet) {
    while (packet < count_ && !fits(packets_[packet], plaintexts[i])) ++packet;
    if (packet == count_) return;
    leftmost[i] = packet;
  }
  for (std::size_t i = found, packet = count_; i-- > 0;) {
    while (packet > 0 && !fits(packets_[packet - 1], plaintexts[i])) --packet;
    if (packet == 0) return;
    rightmost[i] = --packet;
  }
  for (std::size_t i = 0; i < found; ++i) {
    Packet& packet = packets_[leftmost[i]];
    if (leftmost[i] == rightmost[i] || packet.type == wire::QuicPacketType::initial)
      packet.plaintext = plaintexts[i];
  }
}

}  // namespace humantime::quic
