// SPDX-License-Identifier: GPL-2.0-or-later
#include "journeys/journey_handshake.h"

namespace humantime::journeys {
namespace {

bool is(const Endpoint& end, AddressId address, std::uint16_t port) {
  return end.address == address && end.port == port;
}

}  // namespace

const Handshake* opening_handshake(const FrameStore& store, const Journey& journey) {
  const Handshake* found = nullptr;
  for (const Leg& leg : journey.legs) {
    const FrameRow* row = store.find(leg.frame);
    if (row == nullptr || !row->has(FrameRow::ends_handshake)) continue;
    // Its own connection is the one to its server: a name that was looked up over TLS went elsewhere.
    const bool own = is(journey.server, row->source, row->source_port) ||
                     is(journey.server, row->destination, row->destination_port);
    if (!own) continue;
    store.for_each_handshake(leg.frame, [&](const Handshake& handshake) {
      const bool opens = handshake.completed() && handshake.kind != HandshakeKind::none &&
                         !handshake.renegotiation && handshake.connection == row->connection;
      if (opens && found == nullptr) found = &handshake;
    });
    if (found != nullptr) break;
  }
  return found;
}

}  // namespace humantime::journeys
