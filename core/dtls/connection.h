// SPDX-License-Identifier: GPL-2.0-or-later
// A DTLS connection over UDP (RFC 6347, RFC 4347): names its records and handshake messages, reads what the
// host decrypted, and says of what nobody did what epochs and record types imply.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dtls/fragments.h"
#include "phase_sink.h"
#include "rare.h"
#include "tls/handshake_watch.h"
#include "udp/datagram.h"

namespace humantime::dtls {

/// A value; a reader as udp/conversation.h wants it. Wireshark tells DTLS by a few bytes, which other
/// protocols may have too: nothing is named before a ClientHello, a ServerHello or a HelloVerifyRequest was
/// read whole.
class Connection {
 public:
  /// The client's random is the connection's own: its last bytes are (the first ones may be a clock's).
  static udp::Beginning beginning(const udp::Datagram& datagram);

  /// A ClientHello with another random: whoever sent the first one has forgotten it (RFC 6347 4.2.8).
  bool begins_anew(const udp::Datagram& datagram) const;
  void take(const udp::Datagram& datagram, PhaseSink& sink);
  bool proven() const { return proven_; }
  /// An alert that nobody could read may be the last word of its side.
  bool waits() const { return ends_[0].alert != no_frame || ends_[1].alert != no_frame; }
  void finish(PhaseSink& sink);

 private:
  class Reading;  // one datagram's work

  static constexpr std::size_t random_size = 32;
  using Random = std::array<std::uint8_t, random_size>;

  /// What one end sent.
  struct End {
    Fragments fragments;
    FrameNumber alert = no_frame;       ///< nobody could read it, and nothing has come after it
    std::uint64_t verify_requests = 0;  ///< by message_seq a bit: they count apart
    std::uint32_t changes = 0;          ///< one more than the epoch of its last ChangeCipherSpec's record
    std::uint16_t finished = 0;         ///< the epoch of its last Finished; 0: none
    bool resending = false;             ///< what came last had been sent before
    std::array<std::uint64_t, 8> digests{};  ///< of the last datagrams
    std::uint8_t next_digest = 0;
  };

  End& end(udp::Role role) { return ends_[static_cast<std::size_t>(role)]; }

  std::array<End, 2> ends_;           ///< by role
  Random random_{};                   ///< the client's, where it has_random_
  std::vector<FrameNumber> pending_;  ///< with fragments of the hello that is to prove it
  Rare<tls::HandshakeWatch> watch_;   ///< from the ClientHello to the handshake's end
  udp::Role client_ = udp::Role::initiator;
  std::uint16_t epoch_ = 0;  ///< in which the last handshake's hellos went
  bool has_random_ = false;
  bool proven_ = false;
  bool established_ = false;
  bool asked_ = false;  ///< by a HelloRequest of this handshake
};

}  // namespace humantime::dtls
