// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/tcp.h"

#include <algorithm>

#include "wire/ip.h"

namespace humantime::wire {
namespace {

constexpr std::uint32_t tcp_minimum = 20;
constexpr std::uint32_t udp_header = 8;

/// RFC 7323 2.2: a shift above 14 counts as 14.
std::uint8_t find_window_scale(Bytes options) {
  constexpr std::uint8_t end = 0, no_operation = 1, window_scale = 3;
  for (std::size_t i = 0; i < options.size();) {
    if (options[i] == end) break;
    if (options[i] == no_operation) {
      ++i;
      continue;
    }
    if (i + 1 >= options.size() || options[i + 1] < 2) break;
    if (options[i] == window_scale && options[i + 1] == 3 && i + 2 < options.size())
      return std::min<std::uint8_t>(options[i + 2], 14);
    i += options[i + 1];
  }
  return TcpSegment::no_scale;
}

std::uint32_t sum16(Bytes bytes, std::uint32_t sum) {
  Reader reader(bytes);
  while (reader.remaining() >= 2) sum += reader.u16();
  if (reader.remaining() == 1) sum += reader.u8() << 8;
  return sum;
}

std::uint32_t folded(std::uint32_t sum) {
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return sum;
}

}  // namespace

bool read_tcp(Bytes bytes, std::uint32_t length, TcpSegment& out) {
  if (bytes.size() < tcp_minimum) return false;
  const std::uint32_t header_length = (bytes[12] >> 4) * 4U;
  if (header_length < tcp_minimum || header_length > length) return false;
  const auto header = bytes.first<tcp_minimum>();
  out.source_port = u16_at<0>(header);
  out.destination_port = u16_at<2>(header);
  out.sequence = u32_at<4>(header);
  out.acknowledgment = u32_at<8>(header);
  out.flags = header[13];
  out.window = u16_at<14>(header);
  out.checksum = u16_at<16>(header);
  out.window_scale = out.has(tcp_syn)
                         ? find_window_scale(slice(bytes, tcp_minimum, header_length - tcp_minimum))
                         : TcpSegment::no_scale;
  out.payload_length = length - header_length;
  out.payload = slice(bytes, header_length, out.payload_length);
  return true;
}

bool tcp_checksum_holds(const Address& source, const Address& destination, Bytes segment,
                        std::uint32_t length) {
  if (segment.size() < tcp_minimum) return false;
  std::uint32_t sum = static_cast<std::uint32_t>(IpProtocol::tcp) + length;
  sum = sum16({source.bytes.data(), source.size}, sum);
  sum = sum16({destination.bytes.data(), destination.size}, sum);
  if (folded(sum) == u16_at<16>(segment.first<tcp_minimum>())) return true;
  if (segment.size() < length) return false;
  // 65,535 bytes at the most below IP, so that 32 bits hold the sum; jumbograms are cut to that.
  return folded(sum16(slice(segment, 0, std::min<std::uint32_t>(length, 0xffff)), sum)) == 0xffff;
}

bool read_udp(Bytes bytes, std::uint32_t length, UdpDatagram& out) {
  if (bytes.size() < udp_header) return false;
  const auto header = bytes.first<udp_header>();
  out.source_port = u16_at<0>(header);
  out.destination_port = u16_at<2>(header);
  std::uint32_t udp_length = u16_at<4>(header);
  if (udp_length < udp_header || udp_length > length) udp_length = std::max(length, udp_header);
  out.payload_length = udp_length - udp_header;
  out.payload = slice(bytes, udp_header, out.payload_length);
  return true;
}

}  // namespace humantime::wire
