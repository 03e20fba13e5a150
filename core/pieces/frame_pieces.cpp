// SPDX-License-Identifier: GPL-2.0-or-later
#include "pieces/frame_pieces.h"

#include <algorithm>
#include <array>
#include <optional>

#include "pieces/stream_pieces.h"
#include "wire/ip.h"
#include "wire/quic.h"
#include "wire/tcp.h"

namespace humantime {
namespace {

/// EtherTypes (IEEE 802).
enum class EtherType : std::uint16_t {
  ipv4 = 0x0800,
  arp = 0x0806,
  vlan = 0x8100,
  ipv6 = 0x86dd,
  service_vlan = 0x88a8,
};
/// Below it the number is the length of an 802.3 frame.
constexpr std::uint16_t least_ether_type = 0x0600;
constexpr int most_tags = 4;
constexpr std::uint32_t arp_length = 28;  ///< of IPv4 over Ethernet (RFC 826)
constexpr std::uint32_t ipv6_header = 40;

/// What a datagram's payload may be that no byte tells: by a phase of the frame.
struct PhaseName {
  Lane lane;
  PieceKind kind;
};
constexpr std::array phase_names = {
    PhaseName{Lane::quic, PieceKind::quic_one_rtt},
    PhaseName{Lane::dns, PieceKind::dns},
    PhaseName{Lane::arp, PieceKind::dhcp},
};

constexpr std::array<PieceKind, 6> quic_kinds = {
    PieceKind::quic_initial,
    PieceKind::quic_zero_rtt,
    PieceKind::quic_handshake,
    PieceKind::quic_retry,
    PieceKind::quic_version_negotiation,
    PieceKind::quic_one_rtt,
};

class FrameWalk {
 public:
  FrameWalk(const RawFrame& frame, StreamPlace& place, std::vector<FramePiece>& out)
      : place_(place), out_(out), link_(frame.link), bytes_(frame.bytes), left_(frame.length) {
    bytes_ = slice(bytes_, 0, left_);
  }

  void run() {
    const std::optional<EtherType> type = link();
    if (type == EtherType::arp)
      put(PieceKind::arp, arp_length);
    else if (type == EtherType::ipv4 || type == EtherType::ipv6)
      network(*type);
    else
      put(PieceKind::unread, left_);
    put(PieceKind::trailer, left_);
  }

 private:
  void put(PieceKind kind, std::uint32_t bytes) {
    bytes = std::min(bytes, left_);
    if (bytes == 0) return;
    out_.push_back({kind, std::nullopt, bytes, 0});
    left_ -= bytes;
    bytes_ = slice(bytes_, bytes);
  }

  std::optional<EtherType> ether_type(std::size_t offset) const {
    Reader reader(slice(bytes_, offset));
    const std::uint16_t type = reader.u16();
    if (!reader.ok() || type < least_ether_type) return std::nullopt;
    return static_cast<EtherType>(type);
  }

  /// By the version in its first byte.
  std::optional<EtherType> ip_version(std::size_t offset) const {
    const Bytes there = slice(bytes_, offset);
    if (there.empty()) return std::nullopt;
    if (there[0] >> 4 == 4) return EtherType::ipv4;
    return there[0] >> 4 == 6 ? std::optional(EtherType::ipv6) : std::nullopt;
  }

  /// Steps over the link layer's headers; what comes next, nothing where that cannot be told.
  std::optional<EtherType> link() {
    std::optional<EtherType> type;
    switch (link_) {
      case LinkType::ethernet:
        type = ether_type(12);
        put(PieceKind::ethernet, 14);
        break;
      case LinkType::cooked:
        type = ether_type(14);
        put(PieceKind::cooked, 16);
        break;
      case LinkType::cooked_v2:
        type = ether_type(0);
        put(PieceKind::cooked, 20);
        break;
      case LinkType::null:
        type = ip_version(4);
        put(PieceKind::null, 4);
        break;
      case LinkType::raw:
        type = ip_version(0);
        break;
      case LinkType::other:
        break;
    }
    for (int tag = 0; tag < most_tags && (type == EtherType::vlan || type == EtherType::service_vlan);
         ++tag) {
      type = ether_type(2);
      put(PieceKind::vlan, 4);
    }
    return type;
  }

  void network(EtherType type) {
    wire::IpHeader ip;
    const bool v4 = type == EtherType::ipv4;
    if (!(v4 ? wire::read_ipv4(bytes_, left_, ip) : wire::read_ipv6(bytes_, left_, ip))) {
      put(PieceKind::unread, left_);
      return;
    }
    const std::uint32_t own = v4 ? (bytes_[0] & 0x0fU) * 4 : ipv6_header;
    const std::uint32_t behind = left_ - std::min(left_, ip.header_length + ip.payload_length);
    put(v4 ? PieceKind::ipv4 : PieceKind::ipv6, own);
    put(PieceKind::ip_extension, ip.header_length - std::min(own, ip.header_length));
    // A later fragment has no header of its own; the first one's content goes on in the others.
    if (ip.is_fragment())
      put(PieceKind::payload, left_ - std::min(left_, behind));
    else
      transport(ip, left_ - std::min(left_, behind));
  }

  void transport(const wire::IpHeader& ip, std::uint32_t length) {
    constexpr std::uint8_t icmp = 1;
    if (ip.protocol == static_cast<std::uint8_t>(wire::IpProtocol::tcp))
      tcp(length);
    else if (ip.protocol == static_cast<std::uint8_t>(wire::IpProtocol::udp))
      udp(length);
    else if (ip.protocol == static_cast<std::uint8_t>(wire::IpProtocol::icmpv6))
      put(PieceKind::icmpv6, length);
    else
      put(ip.protocol == icmp ? PieceKind::icmp : PieceKind::unread, length);
  }

  void tcp(std::uint32_t length) {
    wire::TcpSegment segment;
    if (!wire::read_tcp(slice(bytes_, 0, length), length, segment)) {
      put(PieceKind::unread, length);
      return;
    }
    put(PieceKind::tcp, length - segment.payload_length);
    std::uint32_t sequence = segment.sequence;
    if (segment.has(wire::tcp_syn)) {
      place_ = {};
      place_.has_next = place_.from_start = true;
      place_.next_sequence = ++sequence;
    }
    read_segment(segment.payload, segment.payload_length, sequence, place_, out_);
    left_ -= std::min(left_, segment.payload_length);
    bytes_ = slice(bytes_, segment.payload_length);
  }

  void udp(std::uint32_t length) {
    wire::UdpDatagram datagram;
    if (!wire::read_udp(slice(bytes_, 0, length), length, datagram)) {
      put(PieceKind::unread, length);
      return;
    }
    put(PieceKind::udp, length - datagram.payload_length < 8 ? length : 8);
    std::uint32_t left = datagram.payload_length;
    const std::uint32_t behind = length - std::min(length, 8 + left);
    while (left > 0) {
      const auto header = wire::read_quic_long_header(slice(bytes_, 0, left), left);
      if (!header || !header->known_version || header->packet_length == 0 || header->packet_length > left)
        break;
      const auto packet = static_cast<std::uint32_t>(header->packet_length);
      put(quic_kinds[static_cast<std::size_t>(header->type)], packet);
      left -= packet;
    }
    put(PieceKind::payload, left);
    // Where the two lengths differ IP's has more.
    put(PieceKind::unread, behind);
  }

  StreamPlace& place_;
  std::vector<FramePiece>& out_;
  LinkType link_;
  Bytes bytes_;             ///< from here on
  std::uint32_t left_ = 0;  ///< on the wire
};

}  // namespace

void read_pieces(const RawFrame& frame, StreamPlace& place, std::vector<FramePiece>& out) {
  out.clear();
  FrameWalk(frame, place, out).run();
}

void name_by_phases(std::span<FramePiece> pieces, std::span<const PhaseMark> marks) {
  const auto by_udp = [](const FramePiece& piece) { return piece.kind == PieceKind::udp; };
  if (pieces.empty() || pieces.back().kind == PieceKind::trailer) {
    if (!pieces.empty()) name_by_phases(pieces.first(pieces.size() - 1), marks);
    return;
  }
  const bool quic = std::any_of(marks.begin(), marks.end(),
                                [](const PhaseMark& mark) { return row_of(mark.phase).lane == Lane::quic; });
  if (!quic) {
    // A DNS message or anything else may look like a header with the long form: a version that is known, by
    // chance.
    for (FramePiece& piece : pieces)
      if (row_of(piece.kind).lane == Lane::quic) piece.kind = PieceKind::payload;
  }
  if (std::none_of(pieces.begin(), pieces.end(), by_udp) || pieces.back().kind != PieceKind::payload) return;
  for (const PhaseName& name : phase_names) {
    const auto told = std::find_if(marks.begin(), marks.end(), [&](const PhaseMark& mark) {
      return row_of(mark.phase).lane == name.lane;
    });
    if (told == marks.end()) continue;
    pieces.back().kind = name.kind;
    if (name.lane != Lane::quic) pieces.back().phase = told->phase;
    return;
  }
}

std::vector<FrameNumber> frames_before(const FrameStore& store, FrameNumber frame) {
  std::vector<FrameNumber> before;
  const FrameRow* row = store.find(frame);
  if (row == nullptr || row->connection == 0) return before;
  const std::uint32_t number = to_number(frame);
  const std::uint32_t first =
      number > most_looked_at ? number - static_cast<std::uint32_t>(most_looked_at) : 1;
  for (std::uint32_t at = number - 1; at >= first && at > 0 && before.size() < most_before; --at) {
    const FrameRow* other = store.find(FrameNumber{at});
    if (other != nullptr && other->source == row->source && other->destination == row->destination &&
        other->source_port == row->source_port && other->destination_port == row->destination_port &&
        other->vantage == row->vantage && other->connection == row->connection)
      before.push_back(FrameNumber{at});
  }
  std::reverse(before.begin(), before.end());
  return before;
}

}  // namespace humantime
