// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/ip.h"

#include <algorithm>

namespace humantime::wire {
namespace {

constexpr std::uint32_t ipv4_minimum = 20;
constexpr std::uint32_t ipv6_length = 40;
/// More extension headers than any sender has use for; a limit to the work on hostile ones.
constexpr int most_extension_headers = 16;

/// Walks AH and the IPv6 extension headers from `out.header_length` on. False where the capture cuts the
/// chain.
bool walk_extension_headers(Bytes bytes, IpHeader& out) {
  for (int i = 0; i < most_extension_headers; ++i) {
    const Bytes header = slice(bytes, out.header_length);
    std::uint32_t length = 0;
    switch (static_cast<IpProtocol>(out.protocol)) {
      case IpProtocol::hop_by_hop:
      case IpProtocol::routing:
      case IpProtocol::destination_options:
      case IpProtocol::mobility:
        if (header.size() < 8) return false;
        length = (header[1] + 1U) * 8;
        break;
      case IpProtocol::authentication:  // RFC 4302: in 32-bit words, minus two
        if (header.size() < 8) return false;
        length = (header[1] + 2U) * 4;
        break;
      case IpProtocol::fragment: {
        Reader reader(header);
        reader.skip(2);
        const std::uint16_t offset = reader.u16();
        if (header.size() < 8) return false;
        length = 8;
        out.fragment_offset = offset & 0xfff8U;
        out.more_fragments = (offset & 1) != 0;
        break;
      }
      default:
        return true;
    }
    if (length > out.payload_length) return false;
    out.protocol = header[0];
    out.header_length += length;
    out.payload_length -= length;
    // What follows the header of a later fragment is the middle of something.
    if (out.fragment_offset != 0) return true;
  }
  return false;
}

}  // namespace

bool read_ipv4(Bytes bytes, std::uint32_t reported, IpHeader& out) {
  if (bytes.size() < ipv4_minimum || bytes[0] >> 4 != 4) return false;
  const std::uint32_t header_length = (bytes[0] & 0x0fU) * 4;
  if (header_length < ipv4_minimum || header_length > bytes.size()) return false;

  const auto header = bytes.first<ipv4_minimum>();
  std::uint32_t total = u16_at<2>(header);
  out.id = u16_at<4>(header);
  const std::uint16_t fragment = u16_at<6>(header);
  out.hop_limit = header[8];
  out.protocol = header[9];
  out.source = Address::from(header.subspan<12, 4>());
  out.destination = Address::from(header.subspan<16, 4>());
  if (total == 0 || total > reported) total = reported;
  if (total < header_length) return false;
  out.header_length = header_length;
  out.payload_length = total - header_length;
  out.more_fragments = (fragment & 0x2000) != 0;
  out.fragment_offset = (fragment & 0x1fffU) * 8;
  return out.fragment_offset != 0 || walk_extension_headers(bytes, out);
}

bool read_ipv6(Bytes bytes, std::uint32_t reported, IpHeader& out) {
  if (bytes.size() < ipv6_length || bytes[0] >> 4 != 6) return false;
  const auto header = bytes.first<ipv6_length>();
  const std::uint32_t payload = u16_at<4>(header);
  out.protocol = header[6];
  out.hop_limit = header[7];
  out.source = Address::from(header.subspan<8, 16>());
  out.destination = Address::from(header.subspan<24, 16>());
  out.id = 0;
  out.more_fragments = false;
  out.fragment_offset = 0;
  out.header_length = ipv6_length;
  const std::uint32_t room = std::max(reported, ipv6_length) - ipv6_length;
  // Zero: a jumbogram (RFC 2675) or segmentation offload.
  out.payload_length = payload == 0 ? room : std::min(payload, room);
  return walk_extension_headers(bytes, out);
}

bool ipv4_checksum_holds(Bytes bytes) {
  if (bytes.size() < ipv4_minimum) return false;
  if (bytes[10] == 0 && bytes[11] == 0) return true;
  std::uint32_t sum = 0;
  Reader reader(slice(bytes, 0, std::size_t{bytes[0] & 0x0fU} * 4));
  while (reader.remaining() >= 2) sum += reader.u16();
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum == 0xffff;
}

}  // namespace humantime::wire
