// SPDX-License-Identifier: GPL-2.0-or-later
#include "openvpn/stream.h"

#include <algorithm>

namespace humantime::openvpn {
namespace {

constexpr std::size_t length_size = 2;

/// Whether packets begin here, each with an opcode, up to the end or to one that goes on behind it.
bool looks_like_packets(Bytes bytes) {
  if (bytes.size() <= length_size) return false;
  while (bytes.size() > length_size) {
    const std::uint16_t length = Reader(bytes).u16();
    const Bytes packet = slice(bytes, length_size, length);
    // Of a packet that goes on the opcode tells, as far as it is there.
    if (packet.size() == length && !wire::read_openvpn(packet, length)) return false;
    if (packet.size() < length && packet.size() >= 9 && !wire::read_openvpn(packet, length)) return false;
    bytes = slice(bytes, length_size + length);
  }
  return true;
}

}  // namespace

void Stream::feed(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink) {
  Direction& me = direction(from);
  Bytes bytes = piece.bytes;
  if (me.lost) {
    if (!looks_like_packets(bytes)) return;
    me.lost = false;
  }
  while (!bytes.empty()) {
    if (me.partial.empty() && bytes.size() >= length_size) {
      // A packet that is here as a whole is not copied.
      const std::uint16_t length = Reader(bytes).u16();
      if (length_size + length <= bytes.size()) {
        tunnel_.take(from, piece.frame, slice(bytes, length_size, length), length, sink);
        bytes = slice(bytes, length_size + length);
        continue;
      }
    }
    const std::size_t have = me.partial.size() + me.missing;
    const std::size_t packet = have < length_size ? 0 : Reader(me.partial).u16();
    const std::size_t wanted = length_size + packet;
    if (have >= wanted) {  // a packet of nothing is none
      me = {};
      return;
    }
    const Bytes here = slice(bytes, 0, wanted - have);
    // Behind a hole nothing of a packet is read.
    if (me.missing > 0)
      me.missing += here.size();
    else
      me.partial.insert(me.partial.end(), here.begin(), here.end());
    bytes = slice(bytes, here.size());
    if (have + here.size() < wanted || packet == 0) continue;
    tunnel_.take(from, piece.frame, slice(me.partial, length_size), static_cast<std::uint32_t>(packet), sink);
    std::vector<std::uint8_t>().swap(me.partial);
    me.missing = 0;
  }
}

void Stream::skip(tcp::Role from, std::uint64_t count) {
  Direction& me = direction(from);
  if (me.lost) return;
  const std::size_t have = me.partial.size() + me.missing;
  const std::size_t left = have < length_size ? 0 : length_size + Reader(me.partial).u16() - have;
  if (count < left) {
    me.missing += static_cast<std::size_t>(count);
    return;
  }
  // Where the packet ended was not captured: it has no frame, and nobody waits for it.
  const bool ends_here = count == left && left > 0;
  std::vector<std::uint8_t>().swap(me.partial);
  me.missing = 0;
  me.lost = !ends_here;
}

}  // namespace humantime::openvpn
