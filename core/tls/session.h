// SPDX-License-Identifier: GPL-2.0-or-later
// A TLS connection over TCP: names its records and handshake messages, reads what the host decrypted, and
// leaves to Unread what nobody did.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "layers.h"
#include "phase_sink.h"
#include "rare.h"
#include "tcp/lifecycle.h"
#include "tcp/stream.h"
#include "tls/decrypted.h"
#include "tls/handshake_watch.h"
#include "tls/records.h"
#include "tls/unread.h"

namespace humantime::app {
class Conversation;
}

namespace humantime::tls {

/// What a session knows of the world around it.
struct Surroundings {
  Decrypted* decrypted = nullptr;
  /// By role of the sender. The same for every vantage.
  std::array<FlowId, 2> flows{};
  std::array<std::uint16_t, 2> ports{};
  bool infer = true;  ///< whether to name what the bytes do not show
};

/// A value, as the connection that holds it.
class Session {
 public:
  explicit Session(const Surroundings& around);
  Session(const Session&);
  Session(Session&&) noexcept;
  Session& operator=(const Session&);
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// The next bytes of one side. Frames that carry nothing with a name are left to the caller.
  void feed(tcp::Role from, const tcp::Piece& piece, PhaseSink& sink);
  void skip(tcp::Role from, std::uint64_t count, PhaseSink& sink);
  void end(tcp::Role from, bool reset, PhaseSink& sink);

  /// The last bytes of this side belong to a record that will be read when it is whole: what its frames are
  /// is told then.
  bool undecided(tcp::Role from) const;

 private:
  class Reading;  // one call's work

  /// A frame that carries a part of the record that has begun.
  struct Carrier {
    FrameNumber frame;
    std::uint32_t end;  ///< in the record's content
  };

  struct Direction {
    Records records;
    Messages messages;
    FrameNumber read_to = no_frame;  ///< the last that carried application data that was read
    std::vector<Carrier> carriers;   ///< of application data that will be read when it is whole
    bool encrypted = false;          ///< up to TLS 1.2: ChangeCipherSpec has been sent
    bool doubtful = false;  ///< bytes are missing: where messages begin, and whether that has been sent
    bool damaged = false;   ///< the record that is read is not all there
    bool unread = false;    ///< the record that has begun was left to Unread
    bool closed = false;    ///< close_notify was read
    bool ended = false;     ///< the stream is over
  };

  Direction& direction(tcp::Role from) { return directions_[static_cast<std::size_t>(from)]; }
  const Direction& direction(tcp::Role from) const { return directions_[static_cast<std::size_t>(from)]; }
  tcp::Role role(Side side) const { return side == Side::client ? client_ : tcp::other(client_); }
  Side side(tcp::Role from) const { return from == client_ ? Side::client : Side::server; }

  Surroundings around_;
  Agreement agreement_;
  std::array<Direction, 2> directions_;
  Unread unread_;
  Rare<HandshakeWatch> watch_;     ///< while a handshake goes on
  Rare<app::Conversation> inner_;  ///< what the decrypted content is
  tcp::Role client_ = tcp::Role::initiator;
  bool decrypting_ = false;  ///< a record of this connection has been decrypted
  bool established_ = false;
  bool secured_ = false;          ///< a handshake was completed
  bool handshake_asked_ = false;  ///< by a HelloRequest
};

}  // namespace humantime::tls
