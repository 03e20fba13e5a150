// SPDX-License-Identifier: GPL-2.0-or-later
#include "openvpn/tunnel.h"

#include <algorithm>
#include <limits>

#include "flat_index.h"

namespace humantime::openvpn {
namespace {

using tcp::Role;
using wire::OpenVpnOpcode;
using wire::OpenVpnPacket;

/// Passes on what TLS says of its messages, not what it says of the connection: that one's stage is the
/// tunnel's.
class ControlSink final : public PassingSink {
 public:
  using PassingSink::PassingSink;
  void moment(Stage) override {}
};

/// Tells different packets from two copies of one.
std::uint64_t digest_of(Bytes packet) {
  constexpr std::size_t enough = 96;
  std::uint64_t digest = packet.size();
  for (const std::uint8_t byte : slice(packet, 0, enough)) digest = mix(digest, byte);
  return digest;
}

/// Of text, which protocols repeat. A session id is random.
bool is_text(std::uint64_t session_id) {
  for (int shift = 0; shift < 64; shift += 8) {
    const auto byte = static_cast<std::uint8_t>(session_id >> shift);
    if (byte < ' ' || byte > '~') return false;
  }
  return true;
}

}  // namespace

void Tunnel::take(Role from, FrameNumber frame, Bytes packet, std::uint32_t length, PhaseSink& sink) {
  const auto read = wire::read_openvpn(packet, length);
  if (!read) return;
  if (!read->is_data()) reset(from, *read);
  const bool proof = proves(from, *read, packet, length);
  if (!proven_ && proof) {
    proven_ = true;
    sink.moment(Stage::tunnel);
    FrameNumber last = no_frame;
    for (const Pending& one : pending_) {
      // Over TCP the frame has been named for what it is without the proof.
      if (over_ == Transport::tcp && one.frame != last)
        sink.settle(one.frame, Phase::tcp_data, one.phase);
      else
        sink.add(one.frame, one.phase);
      last = one.frame;
    }
    pending_.clear();
  }
  name(frame, wire::phase_of(*read), sink);
  if (proven_ && !read->is_data()) take_control(from, frame, *read, packet, length, sink);
}

void Tunnel::name(FrameNumber frame, Phase phase, PhaseSink& sink) {
  if (proven_) return sink.add(frame, phase);
  if (pending_.size() == most_pending) pending_.erase(pending_.begin());
  pending_.push_back({frame, phase});
}

bool Tunnel::begins_anew(Role from, Bytes packet, std::uint32_t length) const {
  const std::uint64_t known = sides_[static_cast<std::size_t>(from)].session_id;
  if (!proven_ || known == 0 || !wire::read_openvpn_first(packet, length)) return false;
  const auto read = wire::read_openvpn(packet, length);
  return read && read->session_id != known;
}

// --- proofs ---------------------------------------------------------------------------------------------

/// Of a control channel the wrapping too, where it can be told.
bool Tunnel::proves(Role from, const OpenVpnPacket& read, Bytes packet, std::uint32_t length) {
  if (read.is_data()) return !proven_ && proves_by_counting(side(from), packet);
  Channel* const channel = this->channel(read.key_id);
  if (proven_ && (channel == nullptr || channel->hmac)) return true;
  if (const auto first = wire::read_openvpn_first(packet, length)) {
    if (channel != nullptr) channel->hmac = first->hmac;
    return true;
  }
  return proves_by_session_id(from, read, packet, length);
}

bool Tunnel::proves_by_session_id(Role from, const OpenVpnPacket& read, Bytes packet, std::uint32_t length) {
  const std::uint64_t peer = side(tcp::other(from)).session_id;
  if (peer != 0 && !is_text(peer)) {
    for (const wire::OpenVpnHmac hmac : wire::openvpn_hmacs) {
      const auto control = wire::read_openvpn_control(packet, length, hmac);
      if (!control || control->ack_count == 0 || control->peer_session_id != peer) continue;
      if (Channel* const channel = this->channel(read.key_id)) channel->hmac = hmac;
      return true;
    }
  }
  Side& sender = side(from);
  const std::uint64_t digest = digest_of(packet);
  if (sender.session_id == read.session_id && sender.digest != 0 && sender.digest != digest &&
      !is_text(read.session_id))
    return true;
  if (!proven_) {
    sender.session_id = read.session_id;
    sender.digest = digest;
  }
  return false;
}

/// With an AEAD cipher, as they all have been since OpenVPN 2.6: the packet id stands behind the peer id and
/// counts. Random bytes, or text, do not count.
bool Tunnel::proves_by_counting(Side& sender, Bytes packet) {
  constexpr std::uint32_t most_step = 16;  // some may be lost
  constexpr std::uint8_t enough = 3;
  const std::uint64_t header = Reader(packet).u64();
  const auto id = static_cast<std::uint32_t>(header),
             last_id = static_cast<std::uint32_t>(sender.data_header);
  const bool counts = header >> 32 == sender.data_header >> 32 && id - last_id - 1 < most_step;
  if (header == sender.data_header) return false;  // another copy of the last one
  sender.data_steps = counts ? static_cast<std::uint8_t>(sender.data_steps + 1) : std::uint8_t{0};
  sender.data_header = header;
  return sender.data_steps >= enough;
}

// --- the control channel --------------------------------------------------------------------------------

/// A reset of a session that was not known begins everything anew: the client, or the server, was started
/// again, on the same ports.
void Tunnel::reset(Role from, const OpenVpnPacket& read) {
  Side& sender = side(from);
  if (read.is_client_reset() && sender.session_id != read.session_id) {
    side(tcp::other(from)) = {};
    channels_.clear();
    begin_channel(0);
  } else if (read.opcode == OpenVpnOpcode::soft_reset && channel(read.key_id) == nullptr) {
    begin_channel(read.key_id);
  } else if (read.is_server_reset() && channels_.empty()) {
    begin_channel(0);  // the client's was not captured
  }
  if (read.is_client_reset() || read.is_server_reset() || sender.session_id == 0) {
    if (sender.session_id == read.session_id) return;
    sender.session_id = read.session_id;
    sender.digest = 0;
  }
}

Tunnel::Channel* Tunnel::channel(std::uint8_t key_id) {
  const auto found = std::find_if(channels_.begin(), channels_.end(),
                                  [&](const Channel& one) { return one.key_id == key_id; });
  return found == channels_.end() ? nullptr : &*found;
}

void Tunnel::begin_channel(std::uint8_t key_id) {
  constexpr std::size_t most_keys = 2;  // the old one lives on for a while
  if (channels_.size() == most_keys) channels_.erase(channels_.begin());
  // What it carries is OpenVPN's own, by no port and no ALPN.
  channels_.push_back({key_id, std::nullopt, tls::Session(tls::Surroundings{.infer = infer_}), {}});
}

void Tunnel::take_control(Role from, FrameNumber frame, const OpenVpnPacket& read, Bytes packet,
                          std::uint32_t length, PhaseSink& sink) {
  Channel* const channel = this->channel(read.key_id);
  if (channel == nullptr || !channel->hmac || read.session_id != side(from).session_id) return;
  const auto control = wire::read_openvpn_control(packet, length, *channel->hmac);
  if (!control) return;
  if (control->ack_count > 0) {
    if (control->peer_session_id != side(tcp::other(from)).session_id) return;
    take_acks(*channel, tcp::other(from), *control, frame, sink);
  }
  ControlDirection& direction = channel->directions[static_cast<std::size_t>(from)];
  if (read.opcode == OpenVpnOpcode::ack || control->packet_id < direction.next_id) return;
  if (control->packet_id > direction.next_id) {
    if (control->packet_id - direction.next_id > most_waiting) {
      // Too far ahead for what is in between to come yet.
      lose(*channel, from, control->packet_id, sink);
      deliver_waiting(*channel, from, frame, sink);
    } else {
      const auto place =
          std::lower_bound(direction.waiting.begin(), direction.waiting.end(), control->packet_id,
                           [](const Waiting& one, std::uint32_t id) { return one.packet_id < id; });
      if (place != direction.waiting.end() && place->packet_id == control->packet_id) return;
      direction.waiting.insert(place, {control->packet_id,
                                       frame,
                                       control->payload_length,
                                       {control->payload.begin(), control->payload.end()}});
      return;
    }
    if (control->packet_id != direction.next_id) return;
  }
  deliver(*channel, from, frame, control->payload, control->payload_length, frame, sink);
  deliver_waiting(*channel, from, frame, sink);
}

/// What the other side has received, and the capture has not, will not come any more.
void Tunnel::take_acks(Channel& channel, Role from, const wire::OpenVpnControl& control, FrameNumber now,
                       PhaseSink& sink) {
  const auto acks = control.all_acks();
  ControlDirection& direction = channel.directions[static_cast<std::size_t>(from)];
  while (std::find(acks.begin(), acks.end(), direction.next_id) != acks.end()) {
    lose(channel, from, direction.next_id + 1, sink);
    deliver_waiting(channel, from, now, sink);
  }
}

/// Packets before `next_id` are not in the capture, and nobody knows how many bytes they had.
void Tunnel::lose(Channel& channel, Role from, std::uint32_t next_id, PhaseSink& sink) {
  ControlDirection& direction = channel.directions[static_cast<std::size_t>(from)];
  ControlSink inside(sink);
  channel.session.skip(from, std::numeric_limits<std::uint32_t>::max(), inside);
  direction.next_id = next_id;
  std::erase_if(direction.waiting, [&](const Waiting& one) { return one.packet_id < next_id; });
}

void Tunnel::deliver(Channel& channel, Role from, FrameNumber frame, Bytes bytes, std::uint32_t length,
                     FrameNumber now, PhaseSink& sink) {
  ControlDirection& direction = channel.directions[static_cast<std::size_t>(from)];
  tcp::Piece piece;
  piece.frame = frame;
  piece.offset = direction.offset;
  piece.bytes = bytes;
  piece.length = length;
  piece.sequence = direction.offset;
  piece.now = now;
  direction.offset += length;
  ++direction.next_id;
  ControlSink inside(sink);
  if (length > 0) channel.session.feed(from, piece, inside);
}

void Tunnel::deliver_waiting(Channel& channel, Role from, FrameNumber now, PhaseSink& sink) {
  ControlDirection& direction = channel.directions[static_cast<std::size_t>(from)];
  while (!direction.waiting.empty() && direction.waiting.front().packet_id == direction.next_id) {
    const Waiting first = std::move(direction.waiting.front());
    direction.waiting.erase(direction.waiting.begin());
    deliver(channel, from, first.frame, first.bytes, first.length, now, sink);
  }
}

}  // namespace humantime::openvpn
