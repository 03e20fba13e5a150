// SPDX-License-Identifier: GPL-2.0-or-later
#include "quic/connection.h"

namespace humantime::quic {

using udp::Datagram;
using wire::QuicPacketType;

udp::Beginning Connection::beginning(const Datagram& datagram) {
  udp::Beginning beginning;
  const auto header = wire::read_quic_long_header(datagram.payload, datagram.payload_length);
  if (!header) return beginning;
  // A client's first Initial has eight bytes at least, and no other packet before it (RFC 9000 7.2).
  constexpr std::size_t shortest_first_id = 8;
  const bool first_of_client =
      header->type == QuicPacketType::initial && header->destination_id.size() >= shortest_first_id;
  if (!first_of_client) return beginning;
  beginning.has_sequence = true;
  beginning.sequence = Reader(header->destination_id).u32();
  return beginning;
}

void Connection::take(const Datagram& datagram, PhaseSink& sink) {
  Bytes rest = datagram.payload;
  std::size_t left = datagram.payload_length;
  while (!rest.empty()) {
    const auto header = wire::read_quic_long_header(rest, left);
    if (!header) break;
    sink.add(datagram.frame, wire::phase_of(header->type),
             header->known_version ? Certainty::seen : Certainty::inferred);
    rest = slice(rest, header->packet_length);
    left -= header->packet_length;
  }
}

}  // namespace humantime::quic
