// SPDX-License-Identifier: GPL-2.0-or-later
#include "engine.h"

#include <array>
#include <limits>
#include <optional>

#include "app/dns_stream.h"
#include "saturating.h"
#include "text.h"
#include "wire/arp.h"
#include "wire/dhcp.h"
#include "wire/dhcpv6.h"
#include "wire/icmpv6.h"
#include "wire/tcp.h"

namespace humantime {
namespace {

/// Names a frame by its bytes alone: every phase has a stage of its own.
class Stateless final : public PhaseSink {
 public:
  Stateless(FrameStore& store, journeys::FactLog& facts) : store_(store), facts_(facts) {}
  void add(FrameNumber frame, Phase phase, Certainty certainty = Certainty::seen) override {
    store_.add(frame, {phase, row_of(phase).stage, certainty});
  }
  void settle(FrameNumber, Phase, Phase, Certainty) override {}
  void detail(FrameNumber frame, std::string_view text) override { store_.set_detail(frame, text); }
  void moment(Stage) override {}
  void dns(FrameNumber frame, const wire::Dns& dns, Bytes message, std::string_view name) override {
    facts_.dns(frame, 0, dns, message, name);
  }

 private:
  FrameStore& store_;
  journeys::FactLog& facts_;
};

/// The protocols over UDP whose every message speaks for itself, by Wireshark's word for them. False where it
/// is none of them, or inside of a conversation's (DNS over QUIC, RFC 9250).
bool name_message(FrameNumber frame, LayerSet above, const wire::UdpDatagram& udp, PhaseSink& sink) {
  if (udp::has_reader(above)) return false;
  const auto add = [&](std::optional<Phase> phase) {
    if (phase) sink.add(frame, *phase);
  };
  const auto dns = [&](app::NameService service) {
    app::name_dns(frame, udp.payload, udp.payload_length, service, sink);
  };
  if (above.has(Layer::dns)) {
    dns(app::NameService::dns);
  } else if (above.has(Layer::llmnr)) {
    dns(app::NameService::llmnr);
  } else if (above.has(Layer::mdns)) {
    dns(app::NameService::mdns);
  } else if (above.has(Layer::dhcp)) {
    if (const auto dhcp = wire::read_dhcp(udp.payload)) add(wire::phase_of(*dhcp));
  } else if (above.has(Layer::dhcpv6)) {
    if (const auto dhcp = wire::read_dhcpv6(udp.payload)) add(wire::phase_of(*dhcp));
  } else {
    return false;
  }
  return true;
}

}  // namespace

void Engine::clear() {
  store_.clear();
  numbers_.clear();
  connections_.clear();
  conversations_.clear();
  facts_.clear();
  journeys_.clear();
  notes_.clear();
  ++revision_;
  milestones_.reset();
  letters_.reset();
  compared_frames_ = compared_vantages_ = 0;
  has_several_clocks_ = false;
  last_ = no_frame;
  finishing_ = finished_ = false;
  last_time_ns_ = time_before_last_ns_ = 0;
}

void Engine::take(const FrameBytes& frame) {
  if (frame.number == no_frame) return;
  if (finishing_) {
    connections_.undo();
    conversations_.undo();
    store_.undo();
    facts_.undo(true);
    milestones_.reset();
    finishing_ = finished_ = false;
  }
  if (frame.number == last_) {
    connections_.undo();
    conversations_.undo();
    numbers_.undo();
    store_.undo();
    facts_.undo(false);
    last_time_ns_ = time_before_last_ns_;
  }
  last_ = frame.number;
  connections_.checkpoint();
  conversations_.checkpoint();
  numbers_.checkpoint();
  facts_.checkpoint(false);
  ++revision_;
  FrameRow& row = store_.begin(frame.number);
  row.length = frame.length;
  time_before_last_ns_ = last_time_ns_;
  if (frame.has_time) {
    row.flags |= FrameRow::has_time;
    row.time_ns = frame.time.count();
    if (to_number(frame.number) > 1 && row.time_ns < last_time_ns_) row.flags |= FrameRow::time_backwards;
    last_time_ns_ = row.time_ns;
  }
  wire::locate(frame, packets_);
  Vantage vantage = frame.vantage;
  vantage.ifindex = packets_.ifindex;
  row.vantage = store_.vantage_index(vantage);
  name_packets(frame, row);
}

bool Engine::finish(std::uint32_t budget) {
  if (finished_) return false;
  if (!finishing_) {
    finishing_ = true;
    store_.checkpoint();
    facts_.checkpoint(true);
    facts_.reading(nullptr);
    facts_.inside(nullptr);
    // Both have begun from here on: what they do is taken back together.
    connections_.finish(0);
    conversations_.finish(0);
  }
  if (connections_.finish(budget) || conversations_.finish(budget)) return true;
  finished_ = true;
  return false;
}

void Engine::finish() {
  finish(std::numeric_limits<std::uint32_t>::max());
}

Work Engine::finish_gradually() {
  // What waits of one is some segments.
  constexpr std::uint32_t at_once = 8, cost_of_one = 16;
  while (finish(at_once)) co_await spent(std::uint64_t{at_once} * cost_of_one);
}

// --- of all frames together -----------------------------------------------------------------------------

journeys::Journeys::Completion Engine::told_by(const letters::Letters& letters) {
  return [&letters](journeys::Leg& leg) {
    const letters::Sighting seen = letters.of(leg.frame);
    leg.peer = seen.peer;
    if (seen.end != letters::End::unknown) {
      leg.end = seen.end;
      leg.direction = seen.direction;
    } else if (leg.end != journeys::End::unknown && !letters.may_be_at(leg.frame, leg.end)) {
      leg.end = journeys::End::unknown;
      leg.direction = journeys::Direction::unknown;
    }
    if (!leg.has_time) return;
    leg.time_ns = leg.sent_ns = seen.corrected_ns;
    leg.precision_ns = seen.clock_precision_ns;
    if (seen.direction == journeys::Direction::received && seen.other_end_ns)
      leg.sent_ns = *seen.other_end_ns;
  };
}

letters::Letters::Extent Engine::extent() const {
  return {static_cast<std::uint32_t>(store_.size()), facts_.size(), revision_};
}

Engine::Standing Engine::standing(bool complete) const {
  Standing standing{extent(), places_, facts_.generation(), complete};
  if (complete) return standing;
  // A read filter may give the last frame's number to another one.
  standing.extent.frames -= standing.extent.frames > 0 ? 1 : 0;
  standing.extent.facts = facts_.before_last_frame();
  return standing;
}

/// While a capture grows the packet list finishes it whenever it is drawn, and the next frame takes that
/// back: nothing that is looked at of frames before the last one changes by it.
bool Engine::still_stands(const Standing& standing) const {
  if (standing.places != places_ || standing.facts_taken_back != facts_.generation()) return false;
  return !standing.complete || standing.extent.revision == revision_;
}

const letters::Letters& Engine::letters() {
  if (letters_ == nullptr || !letters_->is_of(extent(), places_)) {
    const auto made = std::make_shared<letters::Letters>(store_, notes_, facts_);
    made->work_out(extent(), places_).finish();
    letters_ = made;
  }
  compared_frames_ = store_.size();
  return *letters_;
}

Work Engine::work_out_letters(const Standing& standing, std::shared_ptr<const letters::Letters>& out) {
  if (letters_ != nullptr && letters_->is_of(standing.extent, standing.places)) {
    out = letters_;
    co_return;
  }
  const auto made = std::make_shared<letters::Letters>(store_, notes_, facts_);
  co_await made->work_out(standing.extent, standing.places);
  out = made;
}

void Engine::adopt(const Standing& standing, std::shared_ptr<const letters::Letters> letters,
                   std::shared_ptr<const journeys::MilestoneIndex> milestones) {
  if (!standing.complete || !finished_ || !still_stands(standing)) return;
  letters_ = std::move(letters);
  compared_frames_ = store_.size();
  milestones_ = std::move(milestones);
}

Work Engine::catch_up_journeys() {
  constexpr std::uint32_t at_once = 256;
  while (journeys_.catch_up(at_once)) co_await spent(at_once);
}

const journeys::MilestoneIndex& Engine::milestones() {
  static const journeys::MilestoneIndex none;
  if (!finished_) return none;
  if (milestones_ == nullptr) {
    const auto made = std::make_shared<journeys::MilestoneIndex>();
    made->begin(static_cast<std::uint32_t>(store_.size())).finish();
    for_each_journey([&](const journeys::Journey& journey) { made->take(store_, journey).finish(); });
    made->end().finish();
    milestones_ = made;
  }
  return *milestones_;
}

bool Engine::share_clock(FrameNumber frame, FrameNumber other) const {
  const FrameRow *a = store_.find(frame), *b = store_.find(other);
  if (a == nullptr || b == nullptr || a->vantage == b->vantage) return true;
  return letters::share_clock(store_.vantages()[a->vantage], store_.vantages()[b->vantage]);
}

bool Engine::corrects_clocks() {
  const std::span<const Vantage> vantages = store_.vantages();
  if (!places_.correct_clocks || vantages.size() < 2) return false;
  for (; compared_vantages_ < vantages.size() && !has_several_clocks_; ++compared_vantages_)
    has_several_clocks_ = !letters::share_clock(vantages[0], vantages[compared_vantages_]);
  return has_several_clocks_;
}

std::int64_t Engine::correction_of(FrameNumber frame) {
  constexpr std::size_t few = 20'000, part = 8;
  const FrameRow* row = store_.find(frame);
  if (row == nullptr || !row->has(FrameRow::has_time) || !corrects_clocks()) return 0;
  const std::size_t frames = store_.size();
  const bool old = compared_frames_ == 0 || letters_ == nullptr || frames < few ||
                   frames - compared_frames_ > frames / part;
  return difference((old ? letters() : *letters_).corrected_ns(frame), row->time_ns);
}

void Engine::for_each_journey(const std::function<void(const journeys::Journey&)>& visit) {
  journeys().for_each(told_by(letters()), visit);
}

void Engine::name_segment(const FrameBytes& frame, const wire::Packet& packet,
                          const wire::TcpSegment& segment, FrameRow& row) {
  const std::uint32_t before = numbers_.count();
  row.connection = connections_.take(
      frame, {row.source, row.destination, segment.source_port, segment.destination_port, row.vantage},
      packet, segment);
  if (numbers_.count() == before) return;
  const bool syn = segment.has(wire::tcp_syn), answer = syn && segment.has(wire::tcp_ack);
  // Picked up in the middle: servers have the lower ports.
  const bool from_client = syn ? !answer : segment.source_port >= segment.destination_port;
  facts_.connection(frame.number, row.connection, from_client, syn,
                    answer ? segment.acknowledgment - 1 : segment.sequence);
}

void Engine::name_datagram(const FrameBytes& frame, const wire::Packet& packet, const wire::UdpDatagram& udp,
                           FrameRow& row) {
  row.connection = conversations_.take(
      frame, {row.source, row.destination, udp.source_port, udp.destination_port, row.vantage}, packet, udp);
}

void Engine::name_packets(const FrameBytes& frame, FrameRow& row) {
  Stateless sink(store_, facts_);
  facts_.reading(&frame);
  letters::PacketNote& note = notes_.begin(frame.number);
  for (const wire::Packet& packet : packets_.all()) {
    facts_.inside(&packet.carrier);
    row.source = store_.addresses().intern(packet.source);
    row.destination = store_.addresses().intern(packet.destination);
    row.source_port = row.destination_port = 0;
    switch (packet.content) {
      case wire::Content::arp:
        if (const auto arp = wire::read_arp(packet.bytes)) {
          row.source = store_.addresses().intern(Address::from(arp->sender_protocol));
          row.destination = store_.addresses().intern(Address::from(arp->target_protocol));
          if (const auto phase = wire::phase_of(*arp)) {
            sink.add(frame.number, *phase);
            const bool request = *phase == Phase::arp_request;
            if (request || *phase == Phase::arp_reply)
              facts_.neighbour(frame.number, request,
                               Address::from(request ? arp->target_protocol : arp->sender_protocol));
          }
        }
        break;
      case wire::Content::icmpv6:
        if (const auto message = wire::read_icmpv6(packet.bytes, packet.length))
          if (const auto phase = wire::phase_of(*message)) {
            sink.add(frame.number, *phase);
            const bool request = *phase == Phase::ndp_solicitation;
            if (request || *phase == Phase::ndp_advertisement) {
              const Address target = Address::from(message->target);
              facts_.neighbour(frame.number, request, target);
              // The request goes to a group, and the answer may come from another address of the neighbour.
              std::array<char, most_address_characters> text;
              sink.detail(frame.number, write_address(target, text));
            }
          }
        break;
      case wire::Content::udp:
        if (wire::UdpDatagram udp; wire::read_udp(packet.bytes, packet.length, udp)) {
          row.source_port = udp.source_port;
          row.destination_port = udp.destination_port;
          note = letters::note_of(packet, udp);
          // What a tunnel carries is no part of the connection that carries it.
          row.connection = 0;
          if (!name_message(frame.number, packet.above, udp, sink)) name_datagram(frame, packet, udp, row);
        }
        break;
      case wire::Content::tcp:
        if (wire::TcpSegment segment; wire::read_tcp(packet.bytes, packet.length, segment)) {
          row.source_port = segment.source_port;
          row.destination_port = segment.destination_port;
          note = letters::note_of(packet, segment);
          name_segment(frame, packet, segment, row);
        }
        break;
    }
  }
}

}  // namespace humantime
