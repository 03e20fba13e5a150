// SPDX-License-Identifier: GPL-2.0-or-later
// A wire with places along it where packets are captured, each by its own clock: what the letters are made
// of, with its truth.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "engine.h"
#include "frame_builder.h"
#include "wire/tcp.h"

namespace humantime {

class PaperWire {
 public:
  static constexpr std::int64_t us = 1'000, ms = 1'000'000, second = 1'000 * ms;
  static constexpr std::int64_t begin_ns = 1'466'812'800 * second;

  /// Where frames are captured: one interface.
  struct Place {
    std::int64_t from_client_ns = 0;  ///< travel from the client's end
    std::int64_t clock_ns = 0;        ///< what its clock shows more
    double drift = 0;                 ///< and gains in a second
    std::int64_t set_at_ns = -1;      ///< when it is set forward, by
    std::int64_t set_by_ns = 0;
    bool translated = false;  ///< behind network address translation, seen from the client
    std::uint8_t hops = 0;    ///< routers between the client and here
    std::uint32_t interface = 0;
    std::optional<Ends> ends{};  ///< seen from the client, where both addresses are translated
    /// What a firewall added to the numbers, seen from here.
    std::uint32_t client_sequence_shift = 0, server_sequence_shift = 0;
    std::size_t snapshot = ~std::size_t{0};  ///< bytes that the capture keeps of a frame
  };

  struct Packet {
    bool from_client = true;
    TcpHeader header;
    std::optional<Message> datagram;  ///< UDP instead, between the header's ports
    Message payload;
    std::uint16_t ip_id = 0;
    std::int64_t queue_ns = 0;                  ///< spent on the way
    std::size_t lost_before = ~std::size_t{0};  ///< the place that it does not reach, in its direction
    std::vector<std::size_t> missed;            ///< by the captures of these places
    std::uint16_t server_changes_id = 0;        ///< the identification at the last place
    std::uint16_t server_changes_window = 0;    ///< the window there
    bool again = false;                         ///< captured twice at the first place: a mirror port
  };

  std::vector<Place> places;
  std::int64_t one_way_ns = 22 * ms;
  Ends ends = ipv4_ends();
  Message public_address = message("cb007101");  // 203.0.113.1
  std::uint16_t public_port = 61000;

  /// Client's end, server's end.
  static PaperWire two() {
    PaperWire wire;
    wire.places = {{}, {}};
    wire.places[1].from_client_ns = wire.one_way_ns;
    wire.places[1].hops = 7;
    wire.places[1].interface = 1;
    return wire;
  }

  /// Sent at `at_ns` since the beginning; gives the packet's number, from 0.
  std::size_t send(std::int64_t at_ns, const Packet& packet) {
    const std::size_t number = packets_++;
    // From the end where it was sent: a queue is behind the first place.
    for (std::size_t step = 0; step < places.size(); ++step) {
      const std::size_t index = packet.from_client ? step : places.size() - 1 - step;
      if (step >= packet.lost_before) break;
      if (std::find(packet.missed.begin(), packet.missed.end(), index) != packet.missed.end()) continue;
      const Place& place = places[index];
      const std::int64_t travel =
          packet.from_client ? place.from_client_ns : one_way_ns - place.from_client_ns;
      const std::int64_t arrives = at_ns + travel + (travel > 0 ? packet.queue_ns : 0);
      std::uint16_t id = packet.ip_id;
      if (packet.server_changes_id != 0 && index + 1 == places.size()) id = packet.server_changes_id;
      capture(number, index, arrives, packet, id);
      if (packet.again && step == 0) capture(number, index, arrives + 3 * us, packet, id);
    }
    return number;
  }
  /// Of one place only, whatever the wire.
  std::size_t appear(std::int64_t at_ns, std::size_t place, const Packet& packet) {
    capture(packets_, place, at_ns, packet, packet.ip_id);
    return packets_++;
  }

  /// The captures merged into one file as mergecap does: of the next frames the oldest.
  void merge() {
    std::vector<std::vector<Captured>> files(places.size());
    for (const Captured& one : captured_) files[one.place].push_back(one);
    for (auto& file : files)
      std::stable_sort(file.begin(), file.end(),
                       [](const Captured& a, const Captured& b) { return a.true_ns < b.true_ns; });
    std::vector<std::size_t> next(files.size(), 0);
    merged_.clear();
    for (;;) {
      std::optional<std::size_t> oldest;
      for (std::size_t i = 0; i < files.size(); ++i)
        if (next[i] < files[i].size() &&
            (!oldest || files[i][next[i]].frame.time < files[*oldest][next[*oldest]].frame.time))
          oldest = i;
      if (!oldest) return;
      merged_.push_back(files[*oldest][next[*oldest]++]);
    }
  }
  void take_all(Engine& engine) {
    merge();
    for (std::size_t i = 0; i < merged_.size(); ++i) take(engine, i, i + 1);
    engine.finish();
  }
  void take(Engine& engine, std::size_t index, std::size_t as) const {
    merged_[index].frame.view(FrameNumber{static_cast<std::uint32_t>(as)},
                              [&](const FrameBytes& bytes) { engine.take(bytes); });
  }

  const OwnedFrame& owned(std::size_t index) const { return merged_.at(index).frame; }
  std::size_t frames() const { return merged_.size(); }
  /// The n-th frame of the packet at the place; none where it was not captured.
  FrameNumber frame_of(std::size_t packet, std::size_t place, std::size_t nth = 0) const {
    for (std::size_t i = 0; i < merged_.size(); ++i)
      if (merged_[i].packet == packet && merged_[i].place == place && nth-- == 0)
        return FrameNumber{static_cast<std::uint32_t>(i + 1)};
    return no_frame;
  }
  std::size_t packet_of(FrameNumber frame) const { return merged_[to_number(frame) - 1].packet; }
  std::size_t place_of(FrameNumber frame) const { return merged_[to_number(frame) - 1].place; }
  std::int64_t true_ns(FrameNumber frame) const { return begin_ns + merged_[to_number(frame) - 1].true_ns; }

 private:
  struct Captured {
    std::size_t packet = 0, place = 0;
    std::int64_t true_ns = 0;
    OwnedFrame frame;
  };

  void capture(std::size_t number, std::size_t index, std::int64_t at_ns, const Packet& packet,
               std::uint16_t ip_id) {
    const Place& place = places[index];
    Ends here = place.ends.value_or(ends);
    TcpHeader header = packet.header;
    header.sequence += packet.from_client ? place.client_sequence_shift : place.server_sequence_shift;
    if ((header.flags & wire::tcp_ack) != 0)
      header.acknowledgment += packet.from_client ? place.server_sequence_shift : place.client_sequence_shift;
    if (packet.server_changes_window != 0 && index + 1 == places.size())
      header.window = packet.server_changes_window;
    if (place.translated) {
      here.source = public_address;
      (packet.from_client ? header.source_port : header.destination_port) = public_port;
    }
    if (!packet.from_client) here = here.reversed();
    IpOptions options;
    options.id = ip_id;
    const std::uint8_t all = places.back().hops;
    options.hop_limit = static_cast<std::uint8_t>(64 - (packet.from_client ? place.hops : all - place.hops));
    Message bytes;
    if (packet.datagram) {
      options.protocol = 17;
      bytes = ethernet_ip(
          here, udp_datagram(here, header.source_port, header.destination_port, *packet.datagram), options);
    } else {
      bytes = ethernet_ip(here, tcp_segment(here, header, packet.payload), options);
    }
    const Layer network = here.is_ipv6() ? Layer::ipv6 : Layer::ipv4;
    Captured one{number, index, at_ns,
                 OwnedFrame({Layer::frame, Layer::ethernet, Layer::ethertype, network,
                             packet.datagram ? Layer::udp : Layer::tcp},
                            bytes)};
    if (bytes.size() > place.snapshot) one.frame.sources.front().bytes.resize(place.snapshot);
    if (packet.datagram && (header.destination_port == 53 || header.source_port == 53))
      one.frame.layers.push_back(Layer::dns);
    const bool set = place.set_at_ns >= 0 && at_ns >= place.set_at_ns;
    one.frame.time =
        Nanoseconds{begin_ns + at_ns + place.clock_ns +
                    std::llround(place.drift * static_cast<double>(at_ns)) + (set ? place.set_by_ns : 0)};
    one.frame.vantage.interface = place.interface;
    captured_.push_back(one);
  }

  std::vector<Captured> captured_, merged_;
  std::size_t packets_ = 0;
};

/// A connection over a wire: sequence numbers, and identifications that count up.
class PaperConnection {
 public:
  using Packet = PaperWire::Packet;

  explicit PaperConnection(PaperWire& wire) : wire_(wire) {}

  std::uint32_t client_next = 1'000'000'000, server_next = 3'000'000'000;
  std::uint16_t client_port = 40000;
  bool identified = true;
  bool stamped = false;  ///< RFC 7323 time stamps

  /// The packet that would be sent: change it, then send it.
  Packet packet(bool from_client, std::uint8_t flags, std::size_t length = 0) {
    Packet made;
    made.from_client = from_client;
    made.header.source_port = from_client ? client_port : 80;
    made.header.destination_port = from_client ? 80 : client_port;
    made.header.sequence = from_client ? client_next : server_next;
    made.header.acknowledgment = (flags & wire::tcp_ack) == 0 ? 0 : from_client ? server_next : client_next;
    made.header.flags = flags;
    for (std::size_t i = 0; i < length; ++i) made.payload.push_back(static_cast<std::uint8_t>(i * 7));
    renew(made);
    return made;
  }
  /// Another identification and time stamp, as for a retransmission.
  void renew(Packet& packet) {
    packet.ip_id = identified ? ++ip_id_ : 0;
    if (stamped) packet.header.options = message("0101080a") + number(++stamp_, 4) + number(7, 4);
  }
  std::size_t send(std::int64_t at_ns, const Packet& packet) {
    const std::size_t length =
        packet.payload.size() + ((packet.header.flags & (wire::tcp_syn | wire::tcp_fin)) != 0 ? 1 : 0);
    const auto next = packet.header.sequence + static_cast<std::uint32_t>(length);
    std::uint32_t& known = packet.from_client ? client_next : server_next;
    if (static_cast<std::int32_t>(next - known) > 0) known = next;
    return wire_.send(at_ns, packet);
  }
  std::size_t send(std::int64_t at_ns, bool from_client, std::uint8_t flags, std::size_t length = 0) {
    return send(at_ns, packet(from_client, flags, length));
  }
  /// Begins at `at_ns`; gives when the client has acknowledged.
  std::int64_t shake(std::int64_t at_ns) {
    const std::int64_t way = wire_.one_way_ns;
    send(at_ns, true, wire::tcp_syn);
    send(at_ns + way + 100 * PaperWire::us, false, wire::tcp_syn | wire::tcp_ack);
    send(at_ns + 2 * way + 150 * PaperWire::us, true, wire::tcp_ack);
    return at_ns + 2 * way + 150 * PaperWire::us;
  }
  /// So many requests and answers, one after another.
  std::int64_t talk(std::int64_t at_ns, int turns, std::int64_t pause_ns = 1 * PaperWire::ms) {
    for (int i = 0; i < turns; ++i) {
      send(at_ns, true, wire::tcp_ack | wire::tcp_psh, 100);
      send(at_ns + wire_.one_way_ns + 300 * PaperWire::us, false, wire::tcp_ack | wire::tcp_psh, 1000);
      at_ns += 2 * wire_.one_way_ns + pause_ns;
    }
    return at_ns;
  }

 private:
  PaperWire& wire_;
  std::uint16_t ip_id_ = 100;
  std::uint32_t stamp_ = 5000;
};

}  // namespace humantime
