// SPDX-License-Identifier: GPL-2.0-or-later
// Any frame through wire/locate and the readers of what it finds (see frames_input.h; each frame by itself).
#include <cstdint>
#include <cstdlib>

#include "frames_input.h"
#include "wire/locate.h"
#include "wire/tcp.h"

namespace humantime::wire {
namespace {

void require(bool condition) {
  if (!condition) std::abort();
}

bool lies_in(Bytes part, const InputFrame& frame) {
  for (const DataSource& source : frame.sources)
    if (part.empty() || (part.data() >= source.bytes.data() &&
                         part.data() + part.size() <= source.bytes.data() + source.bytes.size()))
      return true;
  return false;
}

std::uint32_t most_reported(const InputFrame& frame) {
  std::uint32_t most = 0;
  for (const DataSource& source : frame.sources) most = std::max(most, source.reported_length);
  return most;
}

void judge(const InputFrame& frame) {
  Packets packets;
  locate(frame.as(FrameNumber{1}), packets);
  require(packets.count <= Packets::most);
  for (const Packet& packet : packets.all()) {
    require(lies_in(packet.bytes, frame));
    require(packet.bytes.size() <= packet.length && packet.length <= most_reported(frame));
    require((packet.content == Content::arp) == (packet.source.size == 0));
    require(packet.source.size == packet.destination.size);
    TcpSegment segment;
    if (packet.content == Content::tcp && read_tcp(packet.bytes, packet.length, segment)) {
      require(lies_in(segment.payload, frame));
      require(segment.payload.size() <= segment.payload_length && segment.payload_length < packet.length);
      require(segment.window_scale <= 14 || segment.window_scale == TcpSegment::no_scale);
      tcp_checksum_holds(packet.source, packet.destination, packet.bytes, packet.length);
    }
    UdpDatagram datagram;
    if (packet.content == Content::udp && read_udp(packet.bytes, packet.length, datagram)) {
      require(lies_in(datagram.payload, frame));
      require(datagram.payload.size() <= datagram.payload_length);
    }
  }
}

}  // namespace
}  // namespace humantime::wire

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const humantime::InputFrame& frame : humantime::read_frames({data, size}))
    humantime::wire::judge(frame);
  return 0;
}
