// SPDX-License-Identifier: GPL-2.0-or-later
#include "openvpn/datagrams.h"

namespace humantime::openvpn {

udp::Beginning Datagrams::beginning(const udp::Datagram& datagram) {
  udp::Beginning beginning;
  // Picked up in the middle: servers have the lower ports.
  beginning.from_client = datagram.source_port >= datagram.destination_port;
  const auto read = wire::read_openvpn(datagram.payload, datagram.payload_length);
  if (!read) return beginning;
  if (read->is_server_reset()) beginning.from_client = false;
  if (!read->is_client_reset()) return beginning;
  beginning.from_client = true;
  beginning.has_sequence = true;
  beginning.sequence = static_cast<std::uint32_t>(read->session_id);
  return beginning;
}

}  // namespace humantime::openvpn
