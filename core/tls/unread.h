// SPDX-License-Identifier: GPL-2.0-or-later
// Encrypted records that nobody decrypted: what the exchange implies of them, by their order, direction and
// length.
#pragma once

#include <array>
#include <cstdint>

#include "handshake.h"
#include "http1/turns.h"
#include "phase_sink.h"
#include "tls/records.h"
#include "types.h"
#include "wire/tls.h"

namespace humantime::tls {

using http1::Side;

/// What the hellos said, as far as it was seen.
struct Agreement {
  std::uint16_t server_port = 0;
  std::uint16_t cipher_suite = 0;
  bool client_hello_seen = false;
  bool server_hello_seen = false;
  bool tls_1_3 = false;
  bool early_data_offered = false;
  bool alpn_offered = false;
  bool http1_offered = false;
  bool only_http1_offered = false;
  bool sized_extensions_offered = false;  ///< that the server's answer to would change its length
  bool alpn_known = false;                ///< `alpn` is what was selected, none included
  wire::Alpn alpn = wire::Alpn::none;

  /// Whether what it carries is HTTP/1, by ALPN, or without it by the server's port.
  bool implies_http1() const;
};

/// One connection. A value. With `infer` off it names what the bytes show, and nothing that is inferred.
class Unread {
 public:
  /// A record's header. `peer_midway`: the other side is in the middle of a record.
  void begin(Side side, const Record& record, bool peer_midway, const Agreement& agreement, bool infer,
             PhaseSink& sink);
  /// The frame carries bytes of the record that has begun, and not the last ones if it `goes_on`.
  void part(Side side, FrameNumber frame, bool goes_on, PhaseSink& sink);
  void whole(Side side, const Record& record, Agreement& agreement, bool infer, PhaseSink& sink);
  /// ChangeCipherSpec (up to TLS 1.2): the next handshake record of the side is its Finished.
  void change(Side side) { direction(side).changed = true; }
  /// A Finished was read after all.
  void finish(Side side) { direction(side).finished = true; }
  bool finished(Side side) const { return directions_[static_cast<std::size_t>(side)].finished; }
  /// TLS 1.3: the last record of the flight that ends with the side's Finished, as it seems; none where that
  /// was read, or is not known.
  FrameNumber flight_end(Side side) const {
    const Direction& one = directions_[static_cast<std::size_t>(side)];
    return one.flight_ended ? one.flight_last : no_frame;
  }
  /// TLS 1.3: what the client's flight shows of its early data: who is told where that ends took it (RFC 8446
  /// 4.5). Only after the flight's end.
  EarlyData early_data() const {
    const Direction& client = directions_[0];
    if (!client.sized) return EarlyData::unknown;
    if (client.flight_records == 1) return EarlyData::rejected;
    return client.begins_with_end_of_early_data && client.flight_records == 2 ? EarlyData::accepted
                                                                              : EarlyData::unknown;
  }
  bool application_data_seen() const { return application_data_seen_; }
  /// Whether frames have been named for the record that has begun.
  bool named(Side side) const {
    const Kind kind = directions_[static_cast<std::size_t>(side)].kind;
    return kind == Kind::http || kind == Kind::pipelined;
  }
  /// Application data that was read.
  void note_application_data(Side side) {
    application_data_seen_ = direction(side).spoke = true;
    if (side == Side::server) tickets_over_ = true;
  }
  /// The records of the connection are decrypted from here on.
  void stop(PhaseSink& sink) { turns_.end(sink); }
  /// They are not decrypted any more, in the middle of a side's message, which was read up to this frame.
  void resume(Side side, FrameNumber frame) { turns_.resume(side, frame); }
  void end(Side side, bool reset, const Agreement& agreement, PhaseSink& sink);

 private:
  enum class Kind : std::uint8_t {
    none,              // of which nothing can be said
    finished,          // TLS 1.2: the first after ChangeCipherSpec
    handshake,         // TLS 1.2: a renegotiation
    flight,            // TLS 1.3: from ServerHello to the client's Finished
    early_data,        // TLS 1.3: before that
    early_http,        // the same, HTTP/1 as it seems
    handshake_alert,   // TLS 1.3: an alert in the place of the client's Finished
    key_update,        // TLS 1.3: of its length, where no message goes on
    ticket,            // TLS 1.3: of a length that a NewSessionTicket has, where one would be
    alert,             // TLS 1.2
    alert_sized,       // TLS 1.3: of an alert's length
    interim,           // of the length of a 100 (Continue), while the client asks
    pipelined,         // a request while the response is in the middle of a record
    http,              // application data, HTTP/1 as it seems
    application_data,  // application data of whatever protocol
  };

  struct Direction {
    FrameNumber flight_last = no_frame;  // the last record of its flight so far
    FrameNumber alert_frame = no_frame;  // it may be the last record: then it is an alert
    Phase alert_phase = Phase::tls_close_notify;
    Kind kind = Kind::none;  // of the record that has begun
    bool changed = false;
    bool finished = false;
    bool spoke = false;  // application data or a ticket
    std::uint8_t flight_records = 0;
    bool flight_ended = false;
    bool sized = false;                          // the flight's last record has a Finished's length
    bool begins_with_end_of_early_data = false;  // the flight, by its first record's length
    bool first_part = false;
  };

  Kind kind_of(Side side, const Record& record, bool peer_midway, const Agreement& agreement,
               bool infer) const;
  void go_on(Side side, const Record& record, Kind kind, const Agreement& agreement, PhaseSink& sink);
  void end_flight(Side side, bool infer, PhaseSink& sink);
  void resolve_tickets(bool are_tickets, bool http, PhaseSink& sink);
  Direction& direction(Side side) { return directions_[static_cast<std::size_t>(side)]; }
  const Direction& direction(Side side) const { return directions_[static_cast<std::size_t>(side)]; }

  std::array<Direction, 2> directions_;
  http1::Turns turns_;
  FrameNumber ticket_frame_ = no_frame;  ///< a first record that is a ticket or a short response
  std::uint16_t ticket_length_ = 0;
  std::uint8_t tickets_ = 0;
  bool tickets_over_ = false;
  bool not_http1_ = false;  ///< it has shown itself to be none, or none any more (WebSocket)
  bool application_data_seen_ = false;
};

}  // namespace humantime::tls
