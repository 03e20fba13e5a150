// SPDX-License-Identifier: GPL-2.0-or-later
// How the readers of a stream say what they found in which frame.
#pragma once

#include <cstdint>
#include <string_view>

#include "bytes.h"
#include "phases.h"
#include "types.h"

namespace humantime::wire {
struct Dns;
}

namespace humantime {

struct Handshake;
struct HttpExchange;

/// How sure a phase is when it is told.
enum class Certainty : std::uint8_t {
  seen = 0,       ///< the bytes show it
  inferred = 1,   ///< the bytes do not show it, the exchange implies it
  unsettled = 2,  ///< the best reading so far, a later frame may tell otherwise: blank while a capture is
                  ///< read the first time, shown afterwards
  supposed = 3,   ///< inferred, and unsettled
};
constexpr bool is_inferred(Certainty certainty) {
  return (static_cast<unsigned>(certainty) & 1) != 0;
}
constexpr bool is_settled(Certainty certainty) {
  return (static_cast<unsigned>(certainty) & 2) == 0;
}

/// Bytes of HTTP's messages: of requests, or of responses. What was sent again counts once.
struct MessageBytes {
  bool requests = false;
  std::uint64_t application = 0;  ///< as HTTP wrote them: its start lines, fields, frames and content
  /// Of the TLS records, or the QUIC packets, that carry them, with their headers.
  std::uint64_t records = 0;
  bool unread = false;  ///< what is in these records nobody decrypted
};

/// Takes what a stream reader finds. Frames may be named late and out of order: a segment that waited for a
/// gap to be filled is named when it could be read.
class PhaseSink {
 public:
  /// The frame plays this phase. Phases of one frame come in stream order; state phases (is_state) may come
  /// again.
  virtual void add(FrameNumber frame, Phase phase, Certainty certainty = Certainty::seen) = 0;
  /// Replaces the frame's last unsettled `before` by `after`. Nothing happens where there is none.
  virtual void settle(FrameNumber frame, Phase before, Phase after,
                      Certainty certainty = Certainty::seen) = 0;
  /// What the frame's event says, `GET /index.html`, `200 OK`, a name: raw bytes of the capture, the first
  /// one stays.
  virtual void detail(FrameNumber frame, std::string_view text) = 0;
  /// The stage that the connection is in from now on.
  virtual void moment(Stage stage) = 0;

  // For those who link frames with others.

  /// A DNS message that the frame completes, and the name it is about.
  virtual void dns(FrameNumber, const wire::Dns&, Bytes /*message*/, std::string_view /*name*/) {}
  /// What the client calls the server: SNI, Host. Raw bytes.
  virtual void server_name(FrameNumber, std::string_view) {}
  /// The connection carries so many more.
  virtual void carries(const MessageBytes&) {}
  /// A handshake that has ended. Of where it was seen it says nothing: the connection, the vantage and the
  /// server's name are the sink's to fill in.
  virtual void handshake(const Handshake&, std::string_view /*server_name*/) {}
  /// What has become known of an exchange, by its stream: what is set of it is added to what was told before.
  /// A request that begins is another exchange. `request`: as detail() has it, empty where it is not told
  /// now; raw bytes of the capture. The connection is the sink's to fill in.
  virtual void exchange(const HttpExchange&, std::string_view /*request*/) {}

 protected:
  ~PhaseSink() = default;
};

/// Passes everything on: for those who change or watch one thing on its way, so that nothing is lost that a
/// sink may be told later.
class PassingSink : public PhaseSink {
 public:
  explicit PassingSink(PhaseSink& next) : next_(next) {}
  void add(FrameNumber frame, Phase phase, Certainty certainty) override {
    next_.add(frame, phase, certainty);
  }
  void settle(FrameNumber frame, Phase before, Phase after, Certainty certainty) override {
    next_.settle(frame, before, after, certainty);
  }
  void detail(FrameNumber frame, std::string_view text) override { next_.detail(frame, text); }
  void moment(Stage stage) override { next_.moment(stage); }
  void dns(FrameNumber frame, const wire::Dns& dns, Bytes message, std::string_view name) override {
    next_.dns(frame, dns, message, name);
  }
  void server_name(FrameNumber frame, std::string_view name) override { next_.server_name(frame, name); }
  void carries(const MessageBytes& bytes) override { next_.carries(bytes); }
  void handshake(const Handshake& handshake, std::string_view name) override {
    next_.handshake(handshake, name);
  }
  void exchange(const HttpExchange& exchange, std::string_view request) override {
    next_.exchange(exchange, request);
  }

 protected:
  ~PassingSink() = default;

 private:
  PhaseSink& next_;
};

}  // namespace humantime
