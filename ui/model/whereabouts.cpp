// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/whereabouts.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <tuple>

#include "saturating.h"

namespace humantime::ui {
namespace {

/// Behind the period the next letter is looked for among so many of each kind.
constexpr std::size_t most_ahead = 512;
constexpr std::size_t most_told = 6;

/// How much a packet says. Of QUIC's 1-RTT packets nobody knows which only acknowledge.
enum class Weight : std::uint8_t { acknowledges, unreadable, says };
constexpr std::size_t weight_count = 3;

struct WeightRow {
  Phase phase;
  Weight weight;
};
constexpr WeightRow light_phases[] = {
    {Phase::tcp_ack, Weight::acknowledges},           {Phase::tcp_dup_ack, Weight::acknowledges},
    {Phase::tcp_window_update, Weight::acknowledges}, {Phase::tcp_keep_alive, Weight::acknowledges},
    {Phase::openvpn_ack, Weight::acknowledges},       {Phase::wireguard_keep_alive, Weight::acknowledges},
    {Phase::quic_one_rtt, Weight::unreadable},
};

constexpr auto weights = [] {
  std::array<Weight, std::size(phase_rows)> table{};
  table.fill(Weight::says);
  for (const WeightRow& row : light_phases) table[static_cast<std::size_t>(row.phase)] = row.weight;
  return table;
}();

/// A letter, or what one end only has seen of it: then `from_ns` is `to_ns`.
struct Packet {
  std::int64_t from_ns, to_ns;
  EventIndex event;
  Weight weight;
  FarEnd far;
  bool to_client;
  Whereabout before;  ///< where the journey is until it is there
  bool measured;      ///< both ends have seen it
};

std::optional<Packet> packet_of(const Timeline& timeline, EventIndex index, std::uint32_t journey) {
  const Event& event = timeline.at(index);
  if (event.journey != journey || event.time_ns == Event::unknown || (event.flags & Event::twin) != 0)
    return std::nullopt;
  const bool sent = is_sent(event);
  Packet packet{event.time_ns,
                event.time_ns,
                index,
                weights[static_cast<std::size_t>(event.phase)],
                far_end_of(lane_of(event)),
                sent != is_at_client(event),
                Whereabout::with_client,
                false};
  const bool at_an_end = event.end == End::client || event.end == End::server;
  const bool measured =
      at_an_end && event.other_ns != Event::unknown && (event.flags & Event::estimated) == 0;
  packet.measured = measured;
  if (measured) {
    packet.from_ns = sent ? event.time_ns : event.other_ns;
    // What arrives before it was sent (clocks are wrong) is nowhere on the way.
    packet.to_ns = std::max(packet.from_ns, sent ? event.other_ns : event.time_ns);
  }
  // Who was there when it set off has seen how long its sender had it; the others have seen it come.
  const bool at_sender = measured || (sent && at_an_end);
  if (at_sender)
    packet.before = packet.to_client ? Whereabout::with_far : Whereabout::with_client;
  else
    packet.before = packet.to_client ? Whereabout::away : Whereabout::away_at_client;
  return packet;
}

/// All that is under way in a period, and what comes next behind it; false where that is too much.
class Packets {
 public:
  Packets(const Timeline& timeline, std::uint32_t journey) : timeline_(timeline), journey_(journey) {}

  bool take(const TimeIndex& index, std::int64_t begin_ns, std::int64_t end_ns) {
    const TimeIndex::Events events = timeline_.events();
    const std::size_t first = index.lower_bound(events, begin_ns);
    const std::size_t stop = index.lower_bound(events, end_ns, first);
    room_ -= std::min(room_, stop - first);
    if (room_ == 0) return false;
    bool all = true;
    const auto carried = [&](std::size_t position, std::size_t weight) {
      all = all && weight == 1;
      add(index.event_at(position));
    };
    // What was written last before it tells what is waited for; what still flies comes by itself.
    for (std::size_t i = first, stop_at = first - std::min(first, most_ahead); i > stop_at; --i) {
      const auto packet = packet_of(timeline_, EventIndex{index.event_at(i - 1)}, journey_);
      if (!packet || packet->weight == Weight::acknowledges) continue;
      if (packet->to_ns < begin_ns) packets.push_back(*packet);
      break;
    }
    index.for_each_reaching(events, first, begin_ns, most_whereabouts, carried);
    for (std::size_t i = first; i < stop; ++i) add(index.event_at(i));
    index.for_each_from_before(events, stop, end_ns, most_whereabouts, carried);
    // Whoever writes next behind the end has it at the end.
    bool next = false;
    for (std::size_t i = stop; i < std::min(index.size(), stop + most_ahead) && !next; ++i) {
      const auto packet = packet_of(timeline_, EventIndex{index.event_at(i)}, journey_);
      if (!packet || packet->from_ns < end_ns) continue;
      packets.push_back(*packet);
      next = packet->weight != Weight::acknowledges;
    }
    return all;
  }
  std::vector<Packet> packets;

 private:
  void add(std::uint32_t event) {
    if (const auto packet = packet_of(timeline_, EventIndex{event}, journey_)) packets.push_back(*packet);
  }
  const Timeline& timeline_;
  std::uint32_t journey_;
  std::size_t room_ = most_whereabouts + 1;
};

/// Goes through a period from one packet's beginning or end to the next one's.
class Sweep {
 public:
  Sweep(const Timeline& timeline, std::vector<Packet> packets)
      : timeline_(timeline), packets_(std::move(packets)) {
    std::sort(packets_.begin(), packets_.end(), [](const Packet& a, const Packet& b) {
      return std::tie(a.from_ns, a.to_ns, a.event) < std::tie(b.from_ns, b.to_ns, b.event);
    });
    for (const Packet& packet : packets_)
      if (packet.to_ns > packet.from_ns) arrivals_.push_back({packet.to_ns, packet.weight, packet.to_client});
    std::sort(arrivals_.begin(), arrivals_.end(),
              [](const Arrival& a, const Arrival& b) { return a.at_ns < b.at_ns; });
  }

  std::vector<Stay> stays(std::int64_t begin_ns, std::int64_t end_ns) {
    std::vector<std::int64_t> borders = {begin_ns, end_ns};
    for (const Packet& packet : packets_)
      for (const std::int64_t at : {packet.from_ns, packet.to_ns})
        if (at > begin_ns && at < end_ns) borders.push_back(at);
    std::sort(borders.begin(), borders.end());
    borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
    for (std::size_t i = 1; i < borders.size(); ++i) add(borders[i - 1], borders[i]);
    std::vector<Stay> made;
    for (Stay& stay : rows_)
      if (stay.length_ns > 0) made.push_back(std::move(stay));
    return made;
  }

 private:
  struct Arrival {
    std::int64_t at_ns;
    Weight weight;
    bool to_client;
  };
  struct Way {
    std::size_t flying = 0;
    std::vector<std::size_t> departed;  ///< packets, in order; before `head` all are there
    std::size_t head = 0;
  };

  Way& way(Weight weight, bool to_client) {
    return ways_[static_cast<std::size_t>(weight)][to_client ? 1 : 0];
  }

  void add(std::int64_t from_ns, std::int64_t to_ns) {
    for (; departing_ < packets_.size() && packets_[departing_].from_ns <= from_ns; ++departing_) {
      const Packet& packet = packets_[departing_];
      if (packet.weight != Weight::acknowledges) written_ = departing_;
      if (packet.to_ns <= packet.from_ns) continue;
      Way& of = way(packet.weight, packet.to_client);
      ++of.flying;
      of.departed.push_back(departing_);
    }
    for (; arriving_ < arrivals_.size() && arrivals_[arriving_].at_ns <= from_ns; ++arriving_)
      --way(arrivals_[arriving_].weight, arrivals_[arriving_].to_client).flying;
    while (next_ < packets_.size() &&
           (packets_[next_].from_ns < to_ns || packets_[next_].weight == Weight::acknowledges))
      ++next_;
    while (next_of_any_ < packets_.size() && packets_[next_of_any_].from_ns < to_ns) ++next_of_any_;

    const std::int64_t length_ns = difference(to_ns, from_ns);
    if (const Packet* flying = flying_at(from_ns, Weight::unreadable)) return on_the_way(*flying, length_ns);
    if (next_ < packets_.size()) return until(packets_[next_], length_ns);
    if (const Packet* flying = flying_at(from_ns, Weight::acknowledges))
      return on_the_way(*flying, length_ns);
    if (next_of_any_ < packets_.size()) return until(packets_[next_of_any_], length_ns);
    // Nothing more is known to come: it is where it came to last.
    rows_[last_].length_ns = sum(rows_[last_].length_ns, length_ns);
  }

  /// The one that is on its way longest, of those that say most, at least so much.
  const Packet* flying_at(std::int64_t time_ns, Weight least) {
    for (auto weight = static_cast<int>(Weight::says); weight >= static_cast<int>(least); --weight)
      for (const bool to_client : {true, false}) {
        Way& of = way(static_cast<Weight>(weight), to_client);
        if (of.flying == 0) continue;
        while (of.head < of.departed.size() && packets_[of.departed[of.head]].to_ns <= time_ns) ++of.head;
        return &packets_[of.departed[of.head]];
      }
    return nullptr;
  }

  void on_the_way(const Packet& packet, std::int64_t length_ns) {
    add(packet.to_client ? Whereabout::to_client : Whereabout::to_far, packet, length_ns);
  }
  void until(const Packet& packet, std::int64_t length_ns) {
    // Who wrote last and writes again before anything has come: where nobody has seen that letter arrive, it
    // is on its way or there.
    if (written_ < packets_.size() && !packet.measured) {
      const Packet& last = packets_[written_];
      const bool again = !last.measured && last.to_client == packet.to_client &&
                         last.before != Whereabout::away && last.before != Whereabout::away_at_client;
      if (again) return add(last.to_client ? Whereabout::away_at_client : Whereabout::away, last, length_ns);
    }
    add(packet.before, packet, length_ns);
  }

  void add(Whereabout where, const Packet& packet, std::int64_t length_ns) {
    const bool client = where == Whereabout::to_client || where == Whereabout::with_client ||
                        where == Whereabout::away_at_client;
    const FarEnd far = client ? FarEnd::server : packet.far;
    last_ = static_cast<std::size_t>(where) * far_end_count + static_cast<std::size_t>(far);
    Stay& stay = rows_[last_];
    stay.where = where;
    stay.far = far;
    stay.length_ns = sum(stay.length_ns, length_ns);
    const Phase phase = timeline_.at(packet.event).phase;
    const bool told = std::any_of(stay.what.begin(), stay.what.end(), [&](EventIndex event) {
      return event == packet.event || timeline_.at(event).phase == phase;
    });
    if (!told && stay.what.size() < most_told) stay.what.push_back(packet.event);
  }

  const Timeline& timeline_;
  std::vector<Packet> packets_;
  std::vector<Arrival> arrivals_;
  std::size_t departing_ = 0, arriving_ = 0, next_ = 0, next_of_any_ = 0;
  std::size_t written_ = SIZE_MAX;  ///< the last packet that says something
  std::array<std::array<Way, 2>, weight_count> ways_;
  std::array<Stay, whereabout_count * far_end_count> rows_{};
  std::size_t last_ = static_cast<std::size_t>(Whereabout::with_client) * far_end_count;
};

}  // namespace

FarEnd far_end_of(Lane lane) {
  return lane == Lane::arp ? FarEnd::neighbour : lane == Lane::dns ? FarEnd::name_server : FarEnd::server;
}

std::optional<Whereabouts> whereabouts_of(const Timeline& timeline, const TimelineIndex& index,
                                          std::uint32_t journey, std::int64_t begin_ns, std::int64_t end_ns) {
  const JourneySummary* of = timeline.summary(journey);
  if (of == nullptr || of->first_ns == Event::unknown) return std::nullopt;
  Whereabouts found;
  found.begin_ns = std::max(begin_ns, of->first_ns);
  found.end_ns = std::max(found.begin_ns, std::min(end_ns, of->last_ns));
  if (found.begin_ns >= found.end_ns) {
    found.end_ns = found.begin_ns;
    return found;
  }
  Packets packets(timeline, journey);
  for (const LaneIndex& lane : index.lanes)
    for (const TimeIndex* events : {&lane.marks, &lane.segments})
      if (!packets.take(*events, found.begin_ns, found.end_ns)) return std::nullopt;
  found.stays = Sweep(timeline, std::move(packets.packets)).stays(found.begin_ns, found.end_ns);
  return found;
}

}  // namespace humantime::ui
