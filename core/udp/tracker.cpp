// SPDX-License-Identifier: GPL-2.0-or-later
#include "udp/tracker.h"

namespace humantime::udp {
namespace {

/// Conversations that are remembered. Beyond it the oldest that have been idle go first.
constexpr std::size_t most_live = 16384;
/// Longer than any translator of addresses keeps a silent one (RFC 4787 4.3), and than QUIC connections idle.
constexpr std::int64_t idle_ns = 300'000'000'000;
/// Ways to find one conversation: its paths and the names that its ends gave out.
constexpr std::uint16_t most_handles = 24;

}  // namespace

std::uint64_t Tracker::hash_of_alias(Bytes name, AddressId receiver, std::uint16_t port,
                                     std::uint16_t vantage) {
  std::uint64_t hash = mix(std::uint64_t{static_cast<std::uint32_t>(receiver)} << 32 | port, vantage);
  hash = mix(hash, name.size());
  for (const std::uint8_t byte : name) hash = mix(hash, byte);
  return hash;
}

void Tracker::clear() {
  conversations_.clear();
  free_.clear();
  handles_.clear();
  free_handles_.clear();
  index_.clear();
  alias_lengths_ = 0;
  live_.clear();
  waiting_.clear();
  last_time_ns_ = 0;
  saved_count_ = saved_by_frame_ = 0;
  handle_changes_.clear();
  began_ = finished_ = false;
}

// --- taking back ----------------------------------------------------------------------------------------

void Tracker::checkpoint() {
  // Only now: the frame that began a conversation is here to stay.
  if (began_) make_room();
  began_ = finished_ = false;
  saved_count_ = saved_by_frame_ = 0;
  handle_changes_.clear();
}

void Tracker::save(Slot slot, bool began) {
  if (all_stay_ && !finished_) return;
  if (saved_count_ == saved_.size()) saved_.emplace_back();
  Saved& saved = saved_[saved_count_++];
  saved.slot = slot;
  saved.began = began;
  if (!began) saved.before = conversations_[slot];
}

void Tracker::undo() {
  const std::size_t kept = finished_ ? saved_by_frame_ : 0;
  if (!finished_) {
    for (; !handle_changes_.empty(); handle_changes_.pop_back()) {
      const HandleChange& change = handle_changes_.back();
      unlink(change.handle);
      if (change.before == none)
        erase(change.handle);
      else
        link(change.before, change.handle);
    }
  }
  for (; saved_count_ > kept; --saved_count_) {
    const Saved& saved = saved_[saved_count_ - 1];
    if (saved.began) {
      release(saved.slot);
      continue;
    }
    Conversation& conversation = conversations_[saved.slot];
    const HandleId first = conversation.first_handle;
    const std::uint16_t count = conversation.handle_count;
    const bool listed = conversation.listed_waiting;
    conversation = saved.before;
    // These were put back one by one.
    conversation.first_handle = first;
    conversation.handle_count = count;
    conversation.listed_waiting = listed;
  }
  finished_ = false;
  saved_by_frame_ = 0;
}

bool Tracker::finish(std::uint32_t budget) {
  if (!finished_) {
    finished_ = true;
    saved_by_frame_ = saved_count_;
    next_waiting_ = 0;
  }
  for (; next_waiting_ < waiting_.size() && budget > 0; ++next_waiting_, --budget) {
    const Slot slot = waiting_[next_waiting_];
    Conversation& conversation = conversations_[slot];
    if (conversation.number == 0 || !conversation.waits()) continue;
    save(slot, false);
    ConnectionNamer namer = namer_of(conversation);
    conversation.finish(namer);
  }
  return next_waiting_ < waiting_.size();
}

// --- ways to find a conversation ------------------------------------------------------------------------

void Tracker::link(Slot slot, HandleId handle) {
  handles_[handle].slot = slot;
  handles_[handle].next = conversations_[slot].first_handle;
  conversations_[slot].first_handle = handle;
  ++conversations_[slot].handle_count;
}

/// A conversation has few.
void Tracker::unlink(HandleId handle) {
  Conversation& conversation = conversations_[handles_[handle].slot];
  HandleId* at = &conversation.first_handle;
  while (*at != none && *at != handle) at = &handles_[*at].next;
  if (*at == none) return;
  *at = handles_[handle].next;
  --conversation.handle_count;
}

void Tracker::erase(HandleId handle) {
  index_.erase(handles_[handle].hash, handle, [this](std::uint32_t h) { return handles_[h].hash; });
  handles_[handle] = Handle{};
  free_handles_.push_back(handle);
}

void Tracker::add_handle(Slot slot, const Handle& handle) {
  if (conversations_[slot].handle_count >= most_handles) return;
  HandleId id = 0;
  if (free_handles_.empty()) {
    id = static_cast<HandleId>(handles_.size());
    handles_.push_back(handle);
  } else {
    id = free_handles_.back();
    free_handles_.pop_back();
    handles_[id] = handle;
  }
  link(slot, id);
  index_.insert(handle.hash, id, [this](std::uint32_t h) { return handles_[h].hash; });
  if (!all_stay_) handle_changes_.push_back({id, none});
}

/// A path leads to the conversation that used it last.
void Tracker::add_path(Slot slot, const ConnectionKey& key) {
  const std::uint64_t hash = hash_of_key(key);
  const HandleId known = index_.find(hash, [&](std::uint32_t h) {
    return handles_[h].is_path && handles_[h].key.vantage == key.vantage && same_ports(handles_[h].key, key);
  });
  if (known == none) return add_handle(slot, {hash, key, true, slot, none});
  const Slot before = handles_[known].slot;
  unlink(known);
  link(slot, known);
  if (!all_stay_) handle_changes_.push_back({known, before});
}

void Tracker::add_aliases(Slot slot) {
  Conversation& conversation = conversations_[slot];
  conversation.tell_aliases([&](Role receiver, Bytes name) {
    if (name.empty() || name.size() >= 32) return;
    alias_lengths_ |= std::uint32_t{1} << name.size();
    const ConnectionKey& key = conversation.key;
    const bool server = receiver == Role::responder;
    const std::uint64_t hash = hash_of_alias(name, server ? key.destination : key.source,
                                             server ? key.destination_port : key.source_port, key.vantage);
    const HandleId known =
        index_.find(hash, [&](std::uint32_t h) { return !handles_[h].is_path && handles_[h].hash == hash; });
    if (known == none) add_handle(slot, {hash, {}, false, slot, none});
  });
}

Tracker::Slot Tracker::find(const ConnectionKey& key) const {
  if (index_.size() == 0) return none;
  const HandleId handle = index_.find(hash_of_key(key), [&](std::uint32_t h) {
    return handles_[h].is_path && handles_[h].key.vantage == key.vantage && same_ports(handles_[h].key, key);
  });
  return handle == none ? none : handles_[handle].slot;
}

/// Who moves keeps the other end's address, and the name that the other end gave.
Tracker::Slot Tracker::find_by_alias(const ConnectionKey& key, const Datagram& datagram) const {
  if (alias_lengths_ == 0) return none;
  const Aliases aliases = aliases_in(datagram, alias_lengths_);
  for (std::size_t i = 0; i < aliases.count; ++i) {
    const std::uint64_t hash =
        hash_of_alias(aliases.names[i], key.destination, key.destination_port, key.vantage);
    const HandleId handle =
        index_.find(hash, [&](std::uint32_t h) { return !handles_[h].is_path && handles_[h].hash == hash; });
    if (handle != none) return handles_[handle].slot;
  }
  return none;
}

// --- conversations --------------------------------------------------------------------------------------

ConnectionNamer Tracker::namer_of(Conversation& conversation) {
  return {store_, facts_, conversation.number, conversation.moment};
}

Tracker::Slot Tracker::begin_conversation(const ConnectionKey& key, Datagram& datagram) {
  Slot slot = 0;
  if (free_.empty()) {
    slot = static_cast<Slot>(conversations_.size());
    conversations_.grow_to(conversations_.size() + 1);
  } else {
    slot = free_.back();
    free_.pop_back();
  }
  Conversation& conversation = conversations_[slot];
  conversation = Conversation{};
  conversation.number = numbers_.next();
  const Beginning beginning = conversation.begin(datagram);
  conversation.key = beginning.from_client ? key : key.reversed();
  live_.emplace_back(slot, conversation.number);
  began_ = true;
  save(slot, true);
  add_path(slot, conversation.key);
  conversation.first = datagram.frame;
  conversation.beginning = beginning;
  note_if_proven(conversation);
  return slot;
}

/// What is not known to be what its ports say makes no journey.
void Tracker::note_if_proven(Conversation& conversation) {
  if (conversation.noted || !conversation.proven()) return;
  conversation.noted = true;
  const Beginning& beginning = conversation.beginning;
  facts_.datagrams(conversation.first, conversation.number, beginning.from_client, beginning.has_sequence,
                   beginning.sequence);
}

void Tracker::release(Slot slot) {
  while (conversations_[slot].first_handle != none) {
    const HandleId handle = conversations_[slot].first_handle;
    unlink(handle);
    erase(handle);
  }
  conversations_[slot] = Conversation{};
  free_.push_back(slot);
}

/// A step or two a conversation that begins: the list is walked round and round, never whole.
void Tracker::make_room() {
  for (int steps = 0; steps < 2 && live_.size() > most_live; ++steps) {
    const auto oldest = live_.front();
    live_.pop_front();
    const Conversation& conversation = conversations_[oldest.first];
    if (conversation.number != oldest.second) continue;
    if (last_time_ns_ - conversation.last_time_ns < idle_ns && live_.size() < 2 * most_live)
      live_.push_back(oldest);
    else
      release(oldest.first);
  }
}

std::uint32_t Tracker::take(const FrameBytes& frame, const ConnectionKey& key, const wire::Packet& packet,
                            const wire::UdpDatagram& udp) {
  Slot slot = find(key);
  const bool readable = has_reader(packet.above);
  if (slot == none && !readable) return 0;

  Datagram datagram;
  datagram.frame = frame.number;
  datagram.time_ns = frame.has_time ? frame.time.count() : 0;
  datagram.source_port = udp.source_port;
  datagram.destination_port = udp.destination_port;
  datagram.infer = infer_;
  datagram.payload = udp.payload;
  datagram.payload_length = udp.payload_length;
  datagram.above = packet.above;
  datagram.sources = frame.sources;
  datagram.decrypted = frame.decrypted;
  const auto direction = [&] {
    datagram.from = same_direction(conversations_[slot].key, key) ? Role::initiator : Role::responder;
  };
  if (slot != none) {
    save(slot, false);
    direction();
    if (readable && conversations_[slot].begins_anew(datagram)) slot = none;
  } else if (slot = find_by_alias(key, datagram); slot != none) {
    save(slot, false);
    add_path(slot, key);
  }
  if (slot == none) slot = begin_conversation(key, datagram);
  Conversation& conversation = conversations_[slot];
  // A client that moved has another address, the server has its own.
  datagram.from = key.destination == conversation.key.destination &&
                          key.destination_port == conversation.key.destination_port
                      ? Role::initiator
                      : Role::responder;
  conversation.last_time_ns = last_time_ns_ = datagram.time_ns;
  ConnectionNamer namer = namer_of(conversation);
  conversation.take(datagram, namer);
  note_if_proven(conversation);
  add_aliases(slot);
  if (!conversation.listed_waiting && conversation.waits()) {
    conversation.listed_waiting = true;
    waiting_.push_back(slot);
  }
  return conversation.number;
}

}  // namespace humantime::udp
