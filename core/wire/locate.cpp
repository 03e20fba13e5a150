// SPDX-License-Identifier: GPL-2.0-or-later
#include "wire/locate.h"

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "wire/ip.h"

namespace humantime::wire {
namespace {

/// Where the next header should begin.
struct Place {
  Bytes bytes;                 ///< from there on
  std::uint32_t reported = 0;  ///< bytes from there on, on the wire
  bool certain = true;         ///< false: somewhere from there on

  bool advance(std::size_t count) {
    if (count > bytes.size()) return false;
    bytes = bytes.subspan(count);
    reported -= std::min(reported, static_cast<std::uint32_t>(count));
    return true;
  }
  void limit(std::size_t length) {
    bytes = slice(bytes, 0, length);
    if (length < reported) reported = static_cast<std::uint32_t>(length);
  }
};

std::uint16_t u16(Bytes bytes, std::size_t offset) {
  return Reader(slice(bytes, offset)).u16();
}

// -- link layers: each gives the length of its header, or nothing where it cannot tell
// -------------------------------

using LinkHeader = std::optional<std::size_t>;

/// IEEE 802.2: control is one byte for unnumbered frames; DSAP and SSAP 0xaa: SNAP, five more bytes.
LinkHeader llc_header(Bytes bytes) {
  if (bytes.size() < 3) return std::nullopt;
  const std::size_t control = (bytes[2] & 0x03) == 0x03 ? 1 : 2;
  const bool snap = (bytes[0] & 0xfe) == 0xaa && (bytes[1] & 0xfe) == 0xaa;
  return 2 + control + (snap ? 5 : 0);
}

/// RFC 1661 protocol field, one or two bytes, behind the optional HDLC address and control (RFC 1662).
LinkHeader ppp_header(Bytes bytes) {
  const std::size_t hdlc = u16(bytes, 0) == 0xff03 ? 2 : 0;
  if (bytes.size() <= hdlc) return std::nullopt;
  return hdlc + ((bytes[hdlc] & 1) != 0 ? 1 : 2);
}

/// RFC 3032: the whole label stack; the bottom has the S bit.
LinkHeader mpls_header(Bytes bytes) {
  for (std::size_t offset = 0; offset + 4 <= bytes.size(); offset += 4)
    if ((bytes[offset + 2] & 1) != 0) return offset + 4;
  return std::nullopt;
}

/// Little-endian length at offset 2.
LinkHeader radiotap_header(Bytes bytes) {
  if (bytes.size() < 4) return std::nullopt;
  return static_cast<std::size_t>(bytes[2] | bytes[3] << 8);
}

/// IEEE 802.11 data frames: 24 bytes, a fourth address between two distribution systems, QoS control, HT
/// control.
LinkHeader wlan_header(Bytes bytes) {
  if (bytes.size() < 2 || (bytes[0] >> 2 & 3) != 2) return std::nullopt;
  const bool qos = (bytes[0] & 0x80) != 0;
  const bool four_addresses = (bytes[1] & 3) == 3;
  const bool ht_control = qos && (bytes[1] & 0x80) != 0;
  return 24U + (four_addresses ? 6 : 0) + (qos ? 2 : 0) + (ht_control ? 4 : 0);
}

/// RFC 2784 with the key and sequence number of RFC 2890; source routing (RFC 1701) is left to the search.
LinkHeader gre_header(Bytes bytes) {
  if (bytes.size() < 4 || (bytes[0] & 0x40) != 0 || (bytes[1] & 7) != 0) return std::nullopt;
  return 4U + ((bytes[0] & 0x80) != 0 ? 4 : 0) + ((bytes[0] & 0x20) != 0 ? 4 : 0) +
         ((bytes[0] & 0x10) != 0 ? 4 : 0);
}

/// RFC 8926: the options' length is in units of four bytes.
LinkHeader geneve_header(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  return 8U + 4U * (bytes[0] & 0x3f);
}

LinkHeader link_header(Layer layer, Bytes bytes, bool cooked_v2) {
  switch (layer) {
    case Layer::ethernet:
      return 14;
    case Layer::vlan:  // the tag after the EtherType that announced it
    case Layer::service_vlan:
    case Layer::null:
    case Layer::loop:
      return 4;
    case Layer::cooked:
      return cooked_v2 ? 20 : 16;
    case Layer::raw:
      return 0;
    case Layer::pppoe_session:  // RFC 2516
      return 6;
    case Layer::vxlan:  // RFC 7348
      return 8;
    case Layer::ether_ip:  // RFC 3378
      return 2;
    case Layer::geneve:
      return geneve_header(bytes);
    case Layer::llc:
      return llc_header(bytes);
    case Layer::ppp:
      return ppp_header(bytes);
    case Layer::mpls:
      return mpls_header(bytes);
    case Layer::radiotap:
      return radiotap_header(bytes);
    case Layer::wlan:
      return wlan_header(bytes);
    case Layer::gre:
      return gre_header(bytes);
    default:
      return std::nullopt;
  }
}

// -- network layer
// ---------------------------------------------------------------------------------------------------

bool read_header(Layer layer, const Place& place, IpHeader& out) {
  return layer == Layer::ipv4 ? read_ipv4(place.bytes, place.reported, out)
                              : read_ipv6(place.bytes, place.reported, out);
}

/// The IP protocol that a layer of Wireshark's list stands for; nothing where any will do.
std::optional<IpProtocol> protocol_of(Layer layer) {
  switch (layer) {
    case Layer::tcp:
      return IpProtocol::tcp;
    case Layer::udp:
      return IpProtocol::udp;
    case Layer::icmpv6:
      return IpProtocol::icmpv6;
    default:
      return std::nullopt;
  }
}

/// Searches for an IP header behind an encapsulation that is not known here. A header proves itself by its
/// version, its lengths, its checksum (IPv4) or a payload that is exactly as long as the header says (IPv6),
/// and by carrying what Wireshark says comes next.
bool search(Layer layer, Layer next, Place& place, IpHeader& out) {
  const std::optional<IpProtocol> wanted = protocol_of(next);
  for (Place at = place; !at.bytes.empty(); at.advance(1)) {
    if (!read_header(layer, at, out)) continue;
    if (wanted && out.protocol != static_cast<std::uint8_t>(*wanted)) continue;
    const bool proven = layer == Layer::ipv4 ? ipv4_checksum_holds(at.bytes) &&
                                                   u16(at.bytes, 2) <= at.reported && u16(at.bytes, 2) != 0
                                             : u16(at.bytes, 4) != 0 && u16(at.bytes, 4) + 40U <= at.reported;
    if (!proven) continue;
    place = at;
    place.certain = true;
    return true;
  }
  return false;
}

/// Searches for ARP behind an encapsulation that is not known here, where Wireshark says that it comes next.
/// What resolves IPv4 addresses on Ethernet begins with numbers that are always the same (RFC 826), and its
/// opcode is small.
bool search_arp(Place& place) {
  constexpr std::array<std::uint8_t, 7> beginning = {0, 1, 8, 0, 6, 4, 0};
  constexpr std::size_t length = 28;
  const auto found = std::search(place.bytes.begin(), place.bytes.end(), beginning.begin(), beginning.end());
  const auto at = static_cast<std::size_t>(found - place.bytes.begin());
  if (place.bytes.size() < at + length || place.bytes[at + 7] == 0) return false;
  place.certain = true;
  return place.advance(at);
}

// -- the walk
// --------------------------------------------------------------------------------------------------------

class Walk {
 public:
  Walk(const FrameBytes& frame, Packets& out) : frame_(frame), out_(out) { enter(0); }

  void run() {
    if (frame_.sources.empty()) return;
    if (frame_.cooked_v2) out_.ifindex = Reader(slice(place_.bytes, 4)).u32();
    for (std::size_t i = 0; i < frame_.layers.size(); ++i) {
      const Layer next = i + 1 < frame_.layers.size() ? frame_.layers[i + 1] : Layer::unknown;
      if (!step(frame_.layers[i], next)) return;
    }
  }

 private:
  void enter(std::size_t source) {
    source_ = source;
    if (source < frame_.sources.size())
      place_ = {frame_.sources[source].bytes, frame_.sources[source].reported_length, true};
  }

  /// The next source, behind the current one, whose name begins with `prefix`.
  bool enter_source(std::string_view prefix) {
    for (std::size_t i = source_ + 1; i < frame_.sources.size(); ++i) {
      if (!frame_.sources[i].name.text().starts_with(prefix)) continue;
      enter(i);
      return true;
    }
    return false;
  }

  /// False: nothing further in this frame counts.
  bool step(Layer layer, Layer next) {
    note_tunnel(layer);
    switch (kind_of(layer)) {
      case LayerKind::transparent:
        break;
      case LayerKind::link:
        link(layer);
        break;
      case LayerKind::network:
        if (layer == Layer::arp)
          arp();
        else
          network(layer, next);
        break;
      case LayerKind::transport:
        transport(layer);
        // What stands below an ICMP message is quoted, not sent.
        return layer != Layer::icmp && layer != Layer::icmpv6;
      case LayerKind::application:
        if (packet_ != nullptr) packet_->above.add(layer);
        // An encapsulation without a reader here, above or below IP.
        has_network_ = false;
        place_.certain = false;
        // Decrypted, it is a packet from its IP header on.
        if (layer == Layer::wireguard) enter_source("Decrypted Packet");
        break;
    }
    return true;
  }

  /// What follows an IP header, or its UDP, is what the next one is carried by.
  void note_tunnel(Layer layer) {
    if (between_) return;
    const LayerKind kind = kind_of(layer);
    if (kind == LayerKind::link || kind == LayerKind::application) between_ = layer;
  }

  /// Another IP header was found: within the one before it, or behind that one's packet.
  void note_network(Layer layer, bool beside) {
    if (has_outer_ && !beside)
      carrier_ = {true, outer_is_ipv6_, between_.value_or(layer), outer_.source, outer_.destination};
    outer_ = ip_;
    outer_is_ipv6_ = layer == Layer::ipv6;
    has_outer_ = true;
    between_.reset();
  }

  void link(Layer layer) {
    packet_ = nullptr;
    has_network_ = false;
    if (!place_.certain) return;
    const LinkHeader header = link_header(layer, place_.bytes, frame_.cooked_v2);
    const bool encrypted = layer == Layer::wlan && place_.bytes.size() > 1 && (place_.bytes[1] & 0x40) != 0;
    if (encrypted && enter_source("Decrypted")) return;
    // RFC 2516 4: behind that length Ethernet is padded, which devices were seen to count into IP's length.
    const std::size_t inside =
        layer == Layer::pppoe_session ? u16(place_.bytes, 4) : std::numeric_limits<std::size_t>::max();
    if (!header || !place_.advance(*header))
      place_.certain = false;
    else
      place_.limit(inside);
  }

  void arp() {
    if (out_.count == Packets::most || (!place_.certain && !search_arp(place_))) return;
    Packet& packet = out_.packets[out_.count++];
    packet = Packet{};
    packet.content = Content::arp;
    packet.carrier = carrier_;
    packet.bytes = place_.bytes;
    packet.length = std::max(place_.reported, static_cast<std::uint32_t>(place_.bytes.size()));
    packet_ = nullptr;
  }

  void network(Layer layer, Layer next) {
    packet_ = nullptr;
    network_listed_ = true;
    has_network_ = place_.certain && read_header(layer, place_, ip_);
    bool beside = false;
    if (!has_network_) has_network_ = search_everywhere(layer, next, beside);
    if (!has_network_) return;
    note_network(layer, beside);

    const Bytes payload = slice(place_.bytes, ip_.header_length, ip_.payload_length);
    behind_ = place_;
    behind_.certain = false;
    behind_.advance(std::min<std::size_t>(ip_.header_length + payload.size(), place_.bytes.size()));
    place_ = {payload, ip_.payload_length, true};
    fragment_ = ip_.is_fragment();
    if (fragment_ && enter_source(layer == Layer::ipv4 ? "Reassembled IPv4" : "Reassembled IPv6"))
      fragment_ = false;
  }

  /// Here, behind the packet before this one (frames that carry several side by side), then in the buffers
  /// that Wireshark made of this frame.
  bool search_everywhere(Layer layer, Layer next, bool& beside) {
    if (search(layer, next, place_, ip_)) return true;
    if (search(layer, next, behind_, ip_)) {
      beside = true;
      place_ = behind_;
      return true;
    }
    for (std::size_t i = source_ + 1; i < frame_.sources.size(); ++i) {
      Place other{frame_.sources[i].bytes, frame_.sources[i].reported_length, false};
      if (!search(layer, next, other, ip_)) continue;
      source_ = i;
      place_ = other;
      return true;
    }
    return false;
  }

  void transport(Layer layer) {
    packet_ = nullptr;
    // Wireshark 4.4 leaves IP out of its list behind MPLS; it must prove itself then.
    if (!network_listed_ && protocol_of(layer)) {
      Place here = place_;
      const bool found = search(Layer::ipv4, layer, here, ip_) || search(Layer::ipv6, layer, here, ip_);
      if (found) {
        place_ = here;
        network(place_.bytes[0] >> 4 == 4 ? Layer::ipv4 : Layer::ipv6, layer);
      }
    }
    const bool readable = has_network_ && place_.certain && !(fragment_ && ip_.fragment_offset != 0) &&
                          out_.count < Packets::most;
    const std::optional<IpProtocol> wanted = protocol_of(layer);
    if (readable && wanted && ip_.protocol == static_cast<std::uint8_t>(*wanted)) {
      packet_ = &out_.packets[out_.count++];
      packet_->content = layer == Layer::tcp   ? Content::tcp
                         : layer == Layer::udp ? Content::udp
                                               : Content::icmpv6;
      packet_->source = ip_.source;
      packet_->destination = ip_.destination;
      packet_->bytes = place_.bytes;
      packet_->length = std::max(place_.reported, static_cast<std::uint32_t>(place_.bytes.size()));
      packet_->ip_id = ip_.id;
      packet_->hop_limit = ip_.hop_limit;
      packet_->fragment = fragment_;
      packet_->carrier = carrier_;
      packet_->above = LayerSet{};
    }
    // A tunnel's header follows, or none: UDP's own length is known, TCP's is behind its options.
    has_network_ = network_listed_ = false;
    if (layer != Layer::udp || !place_.advance(8)) place_.certain = false;
  }

  const FrameBytes& frame_;
  Packets& out_;
  std::size_t source_ = 0;
  Place place_;
  Place behind_;  ///< behind the last IP packet
  IpHeader ip_;
  IpHeader outer_;          ///< the last IP header that was found
  bool has_outer_ = false;  ///< there was one
  bool outer_is_ipv6_ = false;
  std::optional<Layer> between_;  ///< the first layer behind it that may be a tunnel's
  Carrier carrier_;               ///< of the packets from here on
  bool has_network_ = false;      ///< ip_ is the header of what comes next
  bool network_listed_ = false;   ///< Wireshark's list had an IP layer for what comes next
  bool fragment_ = false;
  Packet* packet_ = nullptr;  ///< the one that the protocols above belong to
};

/// Most frames are one packet over Ethernet: the walk's result without the walk. False where it is anything
/// else.
bool locate_plain(const FrameBytes& frame, Packets& out) {
  Layer network = Layer::unknown, transport = Layer::unknown;
  LayerKind next = LayerKind::link;
  LayerSet above;
  for (const Layer layer : frame.layers) {
    const LayerKind kind = kind_of(layer);
    if (kind == LayerKind::transparent) continue;
    if (kind != next) return false;
    switch (kind) {
      case LayerKind::link:
        if (layer != Layer::ethernet) return false;
        next = LayerKind::network;
        break;
      case LayerKind::network:
        network = layer;
        next = LayerKind::transport;
        break;
      case LayerKind::transport:
        transport = layer;
        next = LayerKind::application;
        break;
      default:
        above.add(layer);
    }
  }
  if ((transport != Layer::tcp && transport != Layer::udp) || network == Layer::arp) return false;
  const DataSource& source = frame.sources.front();
  Place place{source.bytes, source.reported_length, true};
  const LinkHeader link = link_header(Layer::ethernet, place.bytes, false);
  IpHeader ip;
  if (!link || !place.advance(*link) || !read_header(network, place, ip) || ip.is_fragment() ||
      ip.protocol != static_cast<std::uint8_t>(*protocol_of(transport)))
    return false;
  Packet& packet = out.packets[0];
  out.count = 1;
  packet.content = transport == Layer::tcp ? Content::tcp : Content::udp;
  packet.source = ip.source;
  packet.destination = ip.destination;
  packet.bytes = slice(place.bytes, ip.header_length, ip.payload_length);
  packet.length = std::max(ip.payload_length, static_cast<std::uint32_t>(packet.bytes.size()));
  packet.ip_id = ip.id;
  packet.hop_limit = ip.hop_limit;
  packet.fragment = false;
  packet.above = above;
  packet.carrier.is_tunnel = false;
  return true;
}

}  // namespace

void locate(const FrameBytes& frame, Packets& out) {
  out.count = 0;
  out.ifindex = 0;
  if (!frame.sources.empty() && locate_plain(frame, out)) return;
  Walk(frame, out).run();
}

}  // namespace humantime::wire
