// SPDX-License-Identifier: GPL-2.0-or-later
#include "quic/dns_streams.h"

#include <algorithm>

namespace humantime::quic {
namespace {

/// RFC 9000 2.1: a query goes on a bidirectional stream of the client's (RFC 9250 4.2), whose ID ends so.
constexpr std::uint64_t id_kinds = 4, of_query = 0;

}  // namespace

void DnsStreams::feed(tcp::Role from, std::uint64_t id, std::uint64_t offset, Bytes content,
                      FrameNumber frame, PhaseSink& sink) {
  if (id % id_kinds != of_query || id < forgotten_) return;
  const auto is_before = [](const Stream& stream, std::uint64_t wanted) { return stream.id < wanted; };
  auto place = std::lower_bound(streams_.begin(), streams_.end(), id, is_before);
  if (place == streams_.end() || place->id != id) {
    if (streams_.size() >= most) {
      forgotten_ = streams_.front().id + 1;
      if (id < forgotten_) return;
      streams_.erase(streams_.begin());
      place = std::lower_bound(streams_.begin(), streams_.end(), id, is_before);
    }
    place = streams_.insert(place, Stream{});
    place->id = id;
  }
  const auto me = static_cast<std::size_t>(from);
  tcp::Stream& bytes = place->bytes[me];
  if (place->given_up || offset > static_cast<std::uint64_t>(bytes.next()) + most_ahead || bytes.overfull())
    return forget(id);
  tcp::Piece piece;
  piece.frame = piece.now = frame;
  piece.offset = static_cast<tcp::Offset>(offset);
  piece.bytes = content;
  piece.length = static_cast<std::uint32_t>(content.size());
  bytes.take(piece,
             [&](const tcp::Piece& next) { place->messages.feed(from, next.frame, next.bytes, sink); });
}

void DnsStreams::forget(std::uint64_t id) {
  for (Stream& stream : streams_) {
    if (stream.id != id) continue;
    // What is sent again of it is not new.
    stream = {};
    stream.id = id;
    stream.given_up = true;
  }
}

}  // namespace humantime::quic
