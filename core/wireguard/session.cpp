// SPDX-License-Identifier: GPL-2.0-or-later
#include "wireguard/session.h"

#include <algorithm>

namespace humantime::wireguard {
namespace {

using wire::WireGuardType;

// Where the indices stand on the wire (sections 5.4.2, 5.4.3, 5.4.6).
constexpr std::size_t index_offset = 4, response_receiver_offset = 8;

}  // namespace

udp::Beginning Session::beginning(const udp::Datagram& datagram) {
  udp::Beginning beginning;
  // Picked up in the middle: the lower port is the one that is known to others.
  beginning.from_client = datagram.source_port >= datagram.destination_port;
  const auto read = wire::read_wireguard(datagram.payload, datagram.payload_length);
  if (!read) return beginning;
  if (read->type == WireGuardType::initiation) {
    beginning.from_client = true;
    beginning.has_sequence = true;
    beginning.sequence = read->sender;
  } else if (read->type != WireGuardType::data) {
    beginning.from_client = false;
  }
  return beginning;
}

udp::Aliases Session::aliases_in(Bytes payload, std::uint32_t lengths) {
  udp::Aliases aliases;
  if ((lengths >> index_size & 1) == 0) return aliases;
  const auto read = wire::read_wireguard(payload, static_cast<std::uint32_t>(payload.size()));
  if (!read || read->type == WireGuardType::initiation) return aliases;
  const bool response = read->type == WireGuardType::response;
  aliases.names[aliases.count++] =
      slice(payload, response ? response_receiver_offset : index_offset, index_size);
  return aliases;
}

void Session::take(const udp::Datagram& datagram, PhaseSink& sink) {
  const auto read = wire::read_wireguard(datagram.payload, datagram.payload_length);
  if (!read) return;
  proven_ = true;
  sink.add(datagram.frame, wire::phase_of(*read));
  if (read->type != WireGuardType::initiation && read->type != WireGuardType::response) return;
  const Bytes index = slice(datagram.payload, index_offset, index_size);
  std::copy(index.begin(), index.end(), index_.begin());
  teller_ = datagram.from;
  told_ = true;
}

}  // namespace humantime::wireguard
