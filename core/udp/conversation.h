// SPDX-License-Identifier: GPL-2.0-or-later
// What is remembered of a conversation over UDP while it lives, as one place saw it, and which protocol it
// speaks. A value: copying it is how a frame is taken back that a read filter threw away.
//
// A reader is a value with these members:
//
//   static Beginning beginning(const Datagram&)      what the conversation's first datagram tells
//   void take(const Datagram&, PhaseSink&)           names the frame, and late those before it
// and, where it needs them:
//   bool begins_anew(const Datagram&) const          the datagram begins another conversation: same ports
//   bool proven() const                              until it is, the conversation is no journey
//   bool waits() const, void finish(PhaseSink&)      the end of the capture tells what is still open
//   void tell_aliases(visit)                         visit(Role of the receiver, Bytes): the names that it
//                                                    was given since it was asked last, by which datagrams
//                                                    from another address find it
//   static Aliases aliases_in(Bytes, uint32 lengths) the names that a datagram may have for its receiver;
//                                                    bit n of lengths: some are n bytes long
#pragma once

#include <cstdint>
#include <variant>

#include "connection_key.h"
#include "dtls/connection.h"
#include "openvpn/datagrams.h"
#include "phase_sink.h"
#include "quic/connection.h"
#include "udp/datagram.h"
#include "wireguard/session.h"

namespace humantime::udp {

/// The first alternative: no protocol yet.
using Reader =
    std::variant<std::monostate, quic::Connection, openvpn::Datagrams, wireguard::Session, dtls::Connection>;

/// Whether Wireshark recognised a protocol that has a reader here.
bool has_reader(LayerSet above);

/// The names that the datagram may have for its receiver; none where its protocol has no such names. Bit n of
/// `lengths`: some conversation has a name of n bytes.
Aliases aliases_in(const Datagram& datagram, std::uint32_t lengths);

struct Conversation {
  ConnectionKey key;                 ///< the first path, in the client's direction
  std::uint32_t number = 0;          ///< from 1, one row with TCP's; 0: a free slot
  std::uint32_t first_handle = ~0U;  ///< of the ways to find it
  std::uint16_t handle_count = 0;
  FrameNumber first = no_frame;
  Beginning beginning;
  bool noted = false;           ///< as a fact, for the journeys
  bool listed_waiting = false;  ///< in the tracker's list of those that wait
  Stage moment = Stage::other;
  std::int64_t last_time_ns = 0;
  Reader reader;

  /// Chooses the reader by what Wireshark recognised; has_reader(datagram.above).
  Beginning begin(const Datagram& datagram);
  void take(const Datagram& datagram, PhaseSink& sink);
  bool begins_anew(const Datagram& datagram) const;
  bool proven() const;
  bool waits() const;
  void finish(PhaseSink& sink);
  template <typename Visit>
  void tell_aliases(Visit visit) {
    std::visit(
        [&](auto& protocol) {
          if constexpr (requires { protocol.tell_aliases(visit); }) protocol.tell_aliases(visit);
        },
        reader);
  }
};

}  // namespace humantime::udp
