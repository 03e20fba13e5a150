// SPDX-License-Identifier: GPL-2.0-or-later
// What a frame is made of, read from its bytes when somebody wants to see it: nothing of this is kept while a
// capture is read. Headers are those of Ethernet (IEEE 802.3, 802.1Q), Linux cooked captures, IPv4 (RFC 791),
// IPv6 (RFC 8200), TCP (RFC 9293) and UDP (RFC 768); above them TLS records (RFC 8446 5.1), QUIC packets (RFC
// 9000 17), HTTP/1 messages (RFC 9112) and DNS messages (RFC 1035 4.2).
//
// A piece is told by the bytes that show it or not at all: what is in doubt is `payload`, what is behind a
// link layer or a tunnel without a reader is `unread`.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "bytes.h"
#include "pieces/piece.h"
#include "pieces/stream_place.h"
#include "store.h"

namespace humantime {

enum class LinkType : std::uint8_t { other, ethernet, cooked, cooked_v2, null, raw };

struct RawFrame {
  LinkType link = LinkType::other;
  Bytes bytes;               ///< as captured
  std::uint32_t length = 0;  ///< on the wire
};

/// Fills `out` with the frame's pieces, in order; their bytes add up to the frame's length on the wire. A
/// frame without bytes has none. `place`: where its direction of the connection was before it, and is after
/// it; one that has just been made where nothing is known.
void read_pieces(const RawFrame& frame, StreamPlace& place, std::vector<FramePiece>& out);

/// Gives a UDP payload the name that the frame's phases give it: what short QUIC packets, DNS and DHCP are,
/// no byte says.
void name_by_phases(std::span<FramePiece> pieces, std::span<const PhaseMark> marks);

/// The frames of the same direction of the same connection at the same place that came right before, in
/// order: enough of them that a TLS record which the frame continues has begun in them. At most `most_before`
/// of the `most_looked_at` frames before it.
constexpr std::size_t most_before = 32, most_looked_at = 4096;
std::vector<FrameNumber> frames_before(const FrameStore& store, FrameNumber frame);

}  // namespace humantime
