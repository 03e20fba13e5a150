// SPDX-License-Identifier: GPL-2.0-or-later
#include "tcp/tracker.h"

#include <algorithm>
#include <utility>

#include "connection_namer.h"
#include "saturating.h"
#include "tcp/analysis.h"

namespace humantime::tcp {
namespace {

using wire::TcpSegment;

/// Ended connections that are remembered for retransmissions and late resets.
constexpr std::size_t most_retired = 4096;
/// Connections that are remembered in all. Beyond it the oldest that have been idle go first.
constexpr std::size_t most_live = 65536;
constexpr std::int64_t idle_ns = 60'000'000'000;
/// Segments that a stream waits for a gap to be filled after its receiver has acknowledged it: a capture may
/// have taken packets out of order, but not by much.
constexpr std::uint8_t most_gap_patience = 3;

ConnectionNamer namer_of(FrameStore& store, journeys::FactLog& facts, Connection& connection) {
  return {store, facts, connection.number, connection.moment};
}

// -- second copies
// ---------------------------------------------------------------------------------------------------

/// What two copies of a packet share and a retransmission does not: the IPv4 identification, where there is
/// one, else the checksum (over the time stamps, where there are any).
std::uint64_t signature_of(const TcpSegment& segment, const wire::Packet& packet, Role from) {
  const std::uint64_t sequence = std::uint64_t{segment.sequence} << 32 | segment.acknowledgment;
  const std::uint64_t rest = std::uint64_t{segment.payload_length} << 40 ^
                             std::uint64_t{segment.window} << 24 ^ std::uint64_t{segment.flags} << 16 ^
                             std::uint64_t{from == Role::initiator} << 63 ^
                             (packet.ip_id != 0 ? packet.ip_id : segment.checksum);
  return mix(sequence, rest) | 1;
}

/// The frame that this one is a copy of. Without an identification only the time tells a copy from a packet
/// that was sent twice: no retransmission timer is that short, but acknowledgments may be repeated within
/// microseconds. A router that shows what came in and what goes out writes another hop limit, as no sender
/// does. Elsewhere it is no copy: a tap's ports do not show the same.
FrameNumber original_of(Connection& connection, const FrameBytes& frame, std::uint16_t vantage,
                        const wire::Packet& packet, const TcpSegment& segment, Role from) {
  constexpr std::int64_t with_id_ns = 500'000'000, data_ns = 1'000'000, empty_ns = 20'000;
  const bool empty = segment.payload_length == 0 && !segment.has(wire::tcp_syn | wire::tcp_fin);
  const std::int64_t alike = packet.ip_id != 0 ? with_id_ns : empty ? empty_ns : data_ns;
  const std::uint64_t signature = signature_of(segment, packet, from);
  const auto is_near = [&](const RecentSegment& recent) {
    const std::int64_t within = recent.hop_limit == packet.hop_limit ? alike : with_id_ns;
    const std::int64_t apart = difference(frame.time.count(), recent.time_ns);
    return apart <= within && apart >= -within;
  };
  // The latest first: acknowledgments without an identification may all be alike.
  const std::size_t count = connection.recent.size();
  for (std::size_t i = 1; frame.has_time && i <= count; ++i) {
    const RecentSegment& recent = connection.recent[(connection.next_recent + count - i) % count];
    if (recent.signature == signature && recent.vantage == vantage && is_near(recent)) return recent.frame;
  }
  connection.recent[connection.next_recent] = {signature, frame.time.count(), frame.number, vantage,
                                               packet.hop_limit};
  connection.next_recent =
      static_cast<std::uint8_t>((connection.next_recent + 1U) % connection.recent.size());
  return no_frame;
}

// -- payload
// ---------------------------------------------------------------------------------------------------------

/// A direction of a connection: the same for every vantage.
tls::FlowId flow_of(const ConnectionKey& key) {
  return tls::FlowId{
      mix(std::uint64_t{static_cast<std::uint32_t>(key.source)} << 16 | key.source_port,
          std::uint64_t{static_cast<std::uint32_t>(key.destination)} << 16 | key.destination_port)};
}

void begin_conversation(Connection& connection, tls::Surroundings around) {
  if (connection.conversation) return;
  around.flows = {flow_of(connection.key), flow_of(connection.key.reversed())};
  around.ports = {connection.key.source_port, connection.key.destination_port};
  connection.conversation.make().begin(around);
}

void give_up_gap(Connection& connection, Role from, ConnectionNamer& namer) {
  connection.sender(from).stream.give_up_gap(
      [&](std::uint64_t count) { connection.conversation->skip(from, count, namer); },
      [&](const Piece& piece) { connection.conversation->feed(from, piece, namer); });
  connection.sender(from).gap_patience = 0;
}

/// The stream ends where the FIN stands, once everything before it has been read.
void end_if_read(Connection& connection, Role from, ConnectionNamer& namer) {
  Sender& sender = connection.sender(from);
  if (!sender.fin_seen || sender.ended || sender.stream.next() < sender.fin) return;
  sender.ended = true;
  if (connection.conversation) connection.conversation->end(from, false, namer);
}

void take_payload(Connection& connection, Role from, const FrameBytes& frame, const wire::Packet& packet,
                  const TcpSegment& segment, Offset offset, ConnectionNamer& namer) {
  bool delivered = false;
  const Piece piece{frame.number,    offset,
                    segment.payload, segment.payload_length,
                    packet.above,    connection.sender(from).base + static_cast<std::uint32_t>(offset),
                    frame.number};
  Stream& stream = connection.sender(from).stream;
  const bool early = offset > stream.next();
  stream.take(piece, [&](const Piece& next) {
    delivered = delivered || next.frame == frame.number;
    connection.conversation->feed(from, next, namer);
  });
  // Too early: what it carries is named once it can be read. Too late: its gap was given up.
  if (!delivered) namer.add(frame.number, Phase::tcp_data, early ? Certainty::unsettled : Certainty::seen);
  while (stream.overfull()) give_up_gap(connection, from, namer);
}

/// The receiver acknowledged bytes that the capture does not have.
void notice_acknowledged_gap(Connection& connection, Role sender_role, ConnectionNamer& namer) {
  Sender& sender = connection.sender(sender_role);
  const Sender& receiver = connection.sender(other(sender_role));
  if (!sender.stream.waiting() || !receiver.told_ack || receiver.last_ack < sender.stream.waiting_from())
    return;
  if (++sender.gap_patience < most_gap_patience) return;
  while (sender.stream.waiting() && receiver.last_ack >= sender.stream.waiting_from())
    give_up_gap(connection, sender_role, namer);
}

void close_streams(Connection& connection, Role from, bool reset, ConnectionNamer& namer) {
  for (const Role role : {Role::initiator, Role::responder}) {
    while (connection.sender(role).stream.waiting()) give_up_gap(connection, role, namer);
    end_if_read(connection, role, namer);
  }
  if (reset && !connection.sender(from).ended) {
    connection.sender(from).ended = true;
    if (connection.conversation) connection.conversation->end(from, true, namer);
  }
}

}  // namespace

// -- the index
// -------------------------------------------------------------------------------------------------------

ConnectionKey Tracker::key_of(std::uint32_t entry) const {
  const Connection& connection = connections_[entry >> 1];
  ConnectionKey key = connection.key;
  if ((entry & 1) != 0) key.vantage = connection.tap_vantage;
  return key;
}

void Tracker::index(Slot slot, bool tap) {
  const auto id = static_cast<std::uint32_t>(entry(slot, tap));
  index_.insert(hash_of_key(key_of(id)), id, [this](std::uint32_t e) { return hash_of_key(key_of(e)); });
}

void Tracker::unindex(Slot slot, bool tap) {
  const auto id = static_cast<std::uint32_t>(entry(slot, tap));
  index_.erase(hash_of_key(key_of(id)), id, [this](std::uint32_t e) { return hash_of_key(key_of(e)); });
}

void Tracker::index_all(Slot slot) {
  index(slot, false);
  if (connections_[slot].tap_vantage != Connection::no_vantage) index(slot, true);
}

void Tracker::unindex_all(Slot slot) {
  unindex(slot, false);
  if (connections_[slot].tap_vantage != Connection::no_vantage) unindex(slot, true);
}

void Tracker::clear() {
  connections_.clear();
  free_.clear();
  index_.clear();
  by_ports_.clear();
  live_.clear();
  retired_.clear();
  waiting_.clear();
  decrypted_.clear();
  both_ways_.clear();
  noted_.reset();
  saved_number_ = 0;
  saved_count_ = saved_by_frame_ = 0;
  found_by_frame_ = 0;
  finished_ = false;
}

void Tracker::checkpoint() {
  // Only now: the frame that began a connection is here to stay.
  if (numbers_.count() != saved_number_) make_room();
  decrypted_.checkpoint();
  noted_.reset();
  finished_ = false;
  saved_count_ = saved_by_frame_ = 0;
  found_by_frame_ = 0;
  saved_number_ = numbers_.count();
}

void Tracker::save(Slot slot, bool began) {
  if (all_stay_ && !finished_) return;
  if (saved_count_ == saved_.size()) saved_.emplace_back();
  Saved& saved = saved_[saved_count_++];
  saved.slot = slot;
  saved.began = began;
  saved.conversed = false;
  saved.older = FlatIndex::none;
  if (began) return;
  const Connection& connection = connections_[slot];
  saved.before = connection;
  saved.next_recent = connection.next_recent;
  saved.recent = connection.recent[connection.next_recent];
}

void Tracker::save_conversation(Slot slot) {
  for (std::size_t i = saved_by_frame_; i < saved_count_; ++i) {
    Saved& saved = saved_[i];
    if (saved.slot != slot || saved.began || saved.conversed) continue;
    saved.conversed = true;
    saved.conversation_before = connections_[slot].conversation;
  }
}

void Tracker::undo() {
  if (!finished_ && noted_) both_ways_[*std::exchange(noted_, std::nullopt)] = false;
  while (saved_count_ > saved_by_frame_) {
    const Saved& saved = saved_[--saved_count_];
    if (saved.began) {
      release(saved.slot);
      if (saved.older != FlatIndex::none && connections_[saved.older].number == saved.older_number)
        by_ports_.insert(hash_of_ports(connections_[saved.older].key), saved.older,
                         [this](std::uint32_t s) { return hash_of_ports(connections_[s].key); });
      continue;
    }
    Connection& connection = connections_[saved.slot];
    const bool moved = connection.key.vantage != saved.before.key.vantage ||
                       connection.tap_vantage != saved.before.tap_vantage;
    if (moved) unindex_all(saved.slot);
    static_cast<ConnectionState&>(connection) = saved.before;
    connection.next_recent = saved.next_recent;
    connection.recent[saved.next_recent] = saved.recent;
    if (moved) index_all(saved.slot);
    if (saved.conversed) connection.conversation = saved.conversation_before;
  }
  decrypted_.undo(found_by_frame_);
  finished_ = false;
  saved_by_frame_ = 0;
  found_by_frame_ = 0;
}

bool Tracker::finish(std::uint32_t budget) {
  if (!finished_) {
    finished_ = true;
    saved_by_frame_ = saved_count_;
    found_by_frame_ = decrypted_.changes();
    next_waiting_ = 0;
  }
  for (; next_waiting_ < waiting_.size() && budget > 0; ++next_waiting_, --budget) {
    const Slot slot = waiting_[next_waiting_];
    Connection& connection = connections_[slot];
    save(slot, false);
    save_conversation(slot);
    ConnectionNamer namer = namer_of(store_, facts_, connection);
    for (const Role role : {Role::initiator, Role::responder}) {
      while (connection.sender(role).stream.waiting()) give_up_gap(connection, role, namer);
      end_if_read(connection, role, namer);
    }
  }
  return next_waiting_ < waiting_.size();
}

Tracker::Slot Tracker::begin_connection(const ConnectionKey& key, const TcpSegment& segment) {
  Slot slot = 0;
  if (free_.empty()) {
    slot = static_cast<Slot>(connections_.size());
    connections_.grow_to(connections_.size() + 1);
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Connection& connection = connections_[slot];
  // Who answers a SYN is not who began.
  const bool answer = segment.has(wire::tcp_syn) && segment.has(wire::tcp_ack);
  connection.key = answer ? key.reversed() : key;
  name(connection, slot);

  index(slot, false);
  const auto hash = [this](std::uint32_t s) { return hash_of_ports(connections_[s].key); };
  const std::uint64_t ports = hash_of_ports(key);
  const std::uint32_t older =
      by_ports_.find(ports, [&](std::uint32_t s) { return same_ports(connections_[s].key, key); });
  if (older != FlatIndex::none) by_ports_.erase(ports, older, hash);
  by_ports_.insert(ports, slot, hash);
  save(slot, true);
  if (older != FlatIndex::none && saved_count_ > 0) {
    saved_[saved_count_ - 1].older = older;
    saved_[saved_count_ - 1].older_number = connections_[older].number;
  }
  return slot;
}

void Tracker::name(Connection& connection, Slot slot) {
  connection.number = numbers_.next();
  live_.emplace_back(slot, connection.number);
}

void Tracker::release(Slot slot) {
  unindex_all(slot);
  by_ports_.erase(hash_of_ports(connections_[slot].key), slot,
                  [this](std::uint32_t s) { return hash_of_ports(connections_[s].key); });
  connections_[slot] = Connection{};
  free_.push_back(slot);
}

/// Forgets what ended first, then what has been idle for long.
void Tracker::make_room() {
  const std::int64_t now_ns = last_time_ns_;
  const auto is = [this](const std::pair<Slot, std::uint32_t>& one) {
    return connections_[one.first].number == one.second;
  };
  while (retired_.size() > most_retired) {
    if (is(retired_.front()) && connections_[retired_.front().first].ended()) release(retired_.front().first);
    retired_.pop_front();
  }
  // A step or two a connection that begins: the list is walked round and round, never whole.
  for (int steps = 0; steps < 2 && live_.size() > most_live; ++steps) {
    const auto oldest = live_.front();
    live_.pop_front();
    if (!is(oldest)) continue;
    const Connection& connection = connections_[oldest.first];
    if (connection.ended()) continue;  // its turn comes among the retired
    if (now_ns - connection.last_time_ns < idle_ns && live_.size() < 4 * most_live)
      live_.push_back(oldest);
    else
      release(oldest.first);
  }
}

/// The ports are used again: another connection takes the place of the one before.
void Tracker::reuse(Slot slot, const ConnectionKey& key) {
  save_conversation(slot);
  Connection& connection = connections_[slot];
  ConnectionNamer namer = namer_of(store_, facts_, connection);
  for (const Role role : {Role::initiator, Role::responder})
    while (connection.sender(role).stream.waiting()) give_up_gap(connection, role, namer);
  // It lives where its SYN was seen, be that the other port of a tap: the one before may have been found
  // there.
  unindex_all(slot);
  static_cast<ConnectionState&>(connection) = ConnectionState{};
  connection.conversation.reset();
  connection.key = key;
  name(connection, slot);
  index_all(slot);
}

/// A vantage that has not shown this connection yet may be the other port of a tap: then its direction has
/// not been seen at the connection's own vantage, and its numbers go on from there.
bool Tracker::join_tap(const ConnectionKey& key, const TcpSegment& segment, Slot& slot, Role& from) {
  slot = by_ports_.find(hash_of_ports(key),
                        [&](std::uint32_t s) { return same_ports(connections_[s].key, key); });
  if (slot == FlatIndex::none) return false;
  Connection& connection = connections_[slot];
  if (connection.ended() || connection.tap_vantage != Connection::no_vantage) return false;
  if (shows_both_ways(connection.key.vantage) || shows_both_ways(key.vantage)) return false;
  from = same_direction(connection.key, key) ? Role::initiator : Role::responder;
  if (connection.sender(from).sent || !connection.sender(other(from)).sent) return false;
  if (!segment.has(wire::tcp_ack) || far_off(connection, from, segment)) return false;
  save(slot, false);
  connection.tap_vantage = key.vantage;
  connection.tapped = from;
  index(slot, true);
  return true;
}

bool Tracker::shows_both_ways(std::uint16_t vantage) const {
  return vantage < both_ways_.size() && both_ways_[vantage];
}

void Tracker::note_both_ways(std::uint16_t vantage) {
  if (shows_both_ways(vantage)) return;
  if (vantage >= both_ways_.size()) both_ways_.resize(vantage + std::size_t{1}, false);
  both_ways_[vantage] = true;
  noted_ = vantage;
}

/// A vantage that shows both directions is no port of a tap after all: what the other one showed is
/// a connection of its own, to which this gives the slot.
Tracker::Slot Tracker::part_from_tap(Slot slot) {
  Connection& connection = connections_[slot];
  ConnectionKey there = connection.key;
  there.vantage = connection.tap_vantage;
  const Role tapped = connection.tapped;
  unindex(slot, true);
  connection.tap_vantage = Connection::no_vantage;
  const Slot parted = begin_connection(there, TcpSegment{});
  // Payload that has been read stays where it was.
  if (connection.sender(tapped).stream.next() > 1) return parted;
  Connection& own = connections_[parted];
  own.sender(tapped) = connection.sender(tapped);
  own.life = own.sender(tapped).syn_ack_seen ? Life::syn_answered : Life::established;
  own.moment = connection.moment;
  own.last_time_ns = connection.last_time_ns;
  connection.sender(tapped) = Sender{};
  connection.life = connection.sender(other(tapped)).syn_seen ? Life::syn_sent : Life::established;
  return parted;
}

std::uint32_t Tracker::find(const ConnectionKey& key) const {
  const auto is = [&](std::uint32_t e) {
    const Connection& candidate = connections_[e >> 1];
    const std::uint16_t vantage = (e & 1) != 0 ? candidate.tap_vantage : candidate.key.vantage;
    return vantage == key.vantage && same_ports(candidate.key, key);
  };
  // Mostly it is the one that the segment before was of.
  const auto last = static_cast<std::uint32_t>(entry(last_found_, false));
  if (last_found_ < connections_.size() && connections_[last_found_].number != 0 && is(last)) return last;
  return index_.find(hash_of_key(key), is);
}

Tracker::Slot Tracker::find_or_begin(const ConnectionKey& key, const TcpSegment& segment, Role& from) {
  const std::uint32_t found = find(key);
  Slot slot = 0;
  if (found == FlatIndex::none) {
    if (!join_tap(key, segment, slot, from)) slot = begin_connection(key, segment);
  } else {
    slot = found >> 1;
    save(slot, false);
    Connection& connection = connections_[slot];
    const bool by_tap = (found & 1) != 0;
    from = same_direction(connection.key, key) ? Role::initiator : Role::responder;
    if (connection.tap_vantage != Connection::no_vantage && (from == connection.tapped) != by_tap) {
      note_both_ways(key.vantage);
      const Slot parted = part_from_tap(slot);
      if (by_tap) slot = parted;
    } else if (connection.tap_vantage == Connection::no_vantage && !connection.sender(from).sent &&
               connection.sender(other(from)).sent) {
      note_both_ways(key.vantage);
    }
    if (begins_anew(connections_[slot], from, segment)) reuse(slot, key);
  }
  from = same_direction(connections_[slot].key, key) ? Role::initiator : Role::responder;
  last_found_ = slot;
  return slot;
}

std::uint32_t Tracker::take(const FrameBytes& frame, const ConnectionKey& key, const wire::Packet& packet,
                            const TcpSegment& segment) {
  if (!frame.decrypted.empty()) decrypted_.deposit(frame.number, frame.decrypted);
  Role from = Role::initiator;
  const Slot slot = find_or_begin(key, segment, from);
  Connection& connection = connections_[slot];

  const FrameNumber original = original_of(connection, frame, key.vantage, packet, segment, from);
  if (original != no_frame) {
    store_.set_copy_of(frame.number, original);
    return connection.number;
  }
  if (far_off(connection, from, segment) &&
      !wire::tcp_checksum_holds(packet.source, packet.destination, packet.bytes, packet.length) &&
      !strays_again(connection.sender(from), segment))
    return connection.number;

  connection.last_time_ns = last_time_ns_ = frame.time.count();
  const bool was_ended = connection.ended();
  const Analysis analysis = analyse(connection, from, segment);
  ConnectionNamer namer = namer_of(store_, facts_, connection);
  const bool asks_again = was_ended && !connection.ended();
  if (segment.has(wire::tcp_syn) && (connection.moment == Stage::other || asks_again))
    connection.moment = Stage::connect;
  if (analysis.fin || analysis.rst) connection.moment = Stage::close;
  for (const Phase phase : analysis.phases) namer.add(frame.number, phase);
  if (connection.moment == Stage::connect && connection.life == Life::established)
    connection.moment = Stage::other;

  if (!was_ended && connection.ended()) retired_.emplace_back(slot, connection.number);

  // Most segments are acknowledgments that nothing waited for.
  const bool speaks = analysis.carries_new || analysis.fin || analysis.finished ||
                      connection.sender(Role::initiator).stream.waiting() ||
                      connection.sender(Role::responder).stream.waiting();
  if (!speaks) return connection.number;
  save_conversation(slot);
  if (analysis.carries_new) begin_conversation(connection, around_);
  if (analysis.carries_new)
    take_payload(connection, from, frame, packet, segment, analysis.data_offset, namer);
  notice_acknowledged_gap(connection, other(from), namer);
  end_if_read(connection, from, namer);
  if (analysis.finished) close_streams(connection, from, analysis.rst, namer);
  // All has been said; what a finished connection is remembered for is its sequence numbers.
  if (connection.life == Life::finished) connection.conversation.reset();
  if (!connection.listed_waiting && (connection.sender(Role::initiator).stream.waiting() ||
                                     connection.sender(Role::responder).stream.waiting())) {
    connection.listed_waiting = true;
    waiting_.push_back(slot);
  }
  return connection.number;
}

}  // namespace humantime::tcp
