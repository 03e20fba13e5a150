// SPDX-License-Identifier: GPL-2.0-or-later
// Frames written down: headers with right lengths and checksums, and a frame that owns what FrameBytes views.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "bytes.h"
#include "frame_bytes.h"
#include "message.h"

namespace humantime {

/// The lowest `size` bytes of `value`, the highest first.
inline Message number(std::uint64_t value, unsigned size) {
  Message bytes;
  while (size-- > 0) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * size));
  return bytes;
}

/// RFC 1071, of one's complement: to be written into a field that is zero in `bytes`.
inline std::uint16_t internet_checksum(const Message& bytes) {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i)
    sum += (i & 1) != 0 ? bytes[i] : static_cast<unsigned>(bytes[i]) << 8;
  while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
  return static_cast<std::uint16_t>(~sum);
}

inline void write_checksum(Message& bytes, std::size_t offset, std::uint16_t checksum) {
  bytes[offset] = static_cast<std::uint8_t>(checksum >> 8);
  bytes[offset + 1] = static_cast<std::uint8_t>(checksum);
}

/// Who sends to whom: addresses of 4 or of 16 bytes.
struct Ends {
  Message source, destination;
  Ends reversed() const { return {destination, source}; }
  bool is_ipv6() const { return source.size() == 16; }
};

inline Ends ipv4_ends() {
  return {message("c0000201"), message("c6336402")};  // 192.0.2.1, 198.51.100.2
}
inline Ends ipv6_ends() {
  return {message("20010db8000000000000000000000001"), message("20010db8000100000000000000000002")};
}

inline Message pseudo_header(const Ends& ends, std::uint8_t protocol, std::size_t length) {
  return ends.source + ends.destination + number(length, 4) + number(protocol, 4);
}

struct TcpHeader {
  std::uint16_t source_port = 40000, destination_port = 80;
  std::uint32_t sequence = 0, acknowledgment = 0;
  std::uint8_t flags = 0x10;
  std::uint16_t window = 64240;
  Message options;  ///< a multiple of four bytes
};

inline Message tcp_segment(const Ends& ends, const TcpHeader& header, const Message& payload = {}) {
  const std::size_t words = 5 + header.options.size() / 4;
  Message segment = number(header.source_port, 2) + number(header.destination_port, 2) +
                    number(header.sequence, 4) + number(header.acknowledgment, 4) + number(words << 4, 1) +
                    number(header.flags, 1) + number(header.window, 2) + fill(4) + header.options + payload;
  write_checksum(segment, 16, internet_checksum(pseudo_header(ends, 6, segment.size()) + segment));
  return segment;
}

inline Message udp_datagram(const Ends& ends, std::uint16_t source_port, std::uint16_t destination_port,
                            const Message& payload) {
  Message datagram = number(source_port, 2) + number(destination_port, 2) + number(payload.size() + 8, 2) +
                     fill(2) + payload;
  write_checksum(datagram, 6, internet_checksum(pseudo_header(ends, 17, datagram.size()) + datagram));
  return datagram;
}

struct IpOptions {
  std::uint8_t protocol = 6;   ///< of the payload (IPv6: of what follows the fixed header)
  std::uint16_t id = 1;        ///< IPv4 identification
  std::uint16_t fragment = 0;  ///< IPv4 flags and fragment offset, as in the header
  std::uint8_t hop_limit = 64;
};

inline Message ipv4_packet(const Ends& ends, const Message& payload, IpOptions options = {}) {
  Message header = message("4500") + number(20 + payload.size(), 2) + number(options.id, 2) +
                   number(options.fragment, 2) + number(options.hop_limit, 1) + number(options.protocol, 1) +
                   fill(2) + ends.source + ends.destination;
  write_checksum(header, 10, internet_checksum(header));
  return header + payload;
}

inline Message ipv6_packet(const Ends& ends, const Message& payload, IpOptions options = {}) {
  return message("60000000") + number(payload.size(), 2) + number(options.protocol, 1) +
         number(options.hop_limit, 1) + ends.source + ends.destination + payload;
}

/// IPv4 or IPv6, by the size of the addresses.
inline Message ip_packet(const Ends& ends, const Message& payload, IpOptions options = {}) {
  return ends.is_ipv6() ? ipv6_packet(ends, payload, options) : ipv4_packet(ends, payload, options);
}

inline Message ethernet_frame(std::uint16_t type, const Message& payload) {
  return message("020000000002 020000000001") + number(type, 2) + payload;
}
inline Message ethernet_ip(const Ends& ends, const Message& payload, IpOptions options = {}) {
  return ethernet_frame(ends.is_ipv6() ? 0x86dd : 0x0800, ip_packet(ends, payload, options));
}

/// A frame with its bytes. It is handed on as views into copies of their own size, so that the sanitizers see
/// a read behind their end.
struct OwnedFrame {
  struct Source {
    Message bytes;
    std::uint32_t reported_length = 0;
    std::string name;
  };

  /// What the host decrypted: shared, because the core views it until it is cleared.
  struct Decrypted {
    std::shared_ptr<const Message> content;
    std::uint8_t type = 0;
  };

  std::vector<Source> sources;
  std::vector<Decrypted> decrypted;
  std::vector<Layer> layers;
  Nanoseconds time{0};
  bool has_time = true;
  bool cooked_v2 = false;
  Vantage vantage;

  OwnedFrame() = default;
  OwnedFrame(std::vector<Layer> layers_of, const Message& bytes) : layers(std::move(layers_of)) {
    add_source(bytes, {});
  }

  void add_source(const Message& bytes, std::string name) {
    sources.push_back({bytes, static_cast<std::uint32_t>(bytes.size()), std::move(name)});
  }
  Message& bytes() { return sources.front().bytes; }
  /// What a capture keeps that takes the first `size` bytes of each frame.
  OwnedFrame cut(std::size_t size) const {
    OwnedFrame frame = *this;
    if (size < frame.bytes().size()) {
      frame.bytes().resize(size);
      frame.bytes().shrink_to_fit();
    }
    return frame;
  }

  /// Calls `use(const FrameBytes&)`.
  template <typename Use>
  void view(FrameNumber as, Use use) const {
    std::vector<DataSource> views;
    for (const Source& source : sources)
      views.push_back({source.bytes, source.reported_length, std::string_view(source.name)});
    std::vector<DecryptedRecord> opened;
    for (const Decrypted& record : decrypted) opened.push_back({*record.content, record.type});
    FrameBytes frame;
    frame.number = as;
    frame.decrypted = opened;
    frame.time = time;
    frame.has_time = has_time;
    frame.cooked_v2 = cooked_v2;
    frame.length = sources.empty() ? 0 : sources.front().reported_length;
    frame.vantage = vantage;
    frame.layers = layers;
    frame.sources = views;
    use(frame);
  }
};

}  // namespace humantime
