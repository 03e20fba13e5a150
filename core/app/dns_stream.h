// SPDX-License-Identifier: GPL-2.0-or-later
// DNS over TCP: messages behind their length in two bytes (RFC 1035 4.2.2, RFC 7766).
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "bytes.h"
#include "phase_sink.h"
#include "tcp/lifecycle.h"
#include "types.h"

namespace humantime::app {

/// Both directions of a connection. A message is named on the frame with which its last missing byte arrived:
/// the latest of those that carry it, in whatever order.
class DnsStreams {
 public:
  void feed(tcp::Role from, FrameNumber frame, Bytes bytes, PhaseSink& sink);
  /// Where messages begin is lost until a segment holds whole messages and nothing else.
  void skip(tcp::Role from);

 private:
  struct Direction {
    std::vector<std::uint8_t> partial;  ///< a message that has begun, with its length
    FrameNumber latest = no_frame;      ///< of those that carried it
    bool lost = false;
  };
  std::array<Direction, 2> directions_;
};

/// Who answers: name servers, or whoever on the link has the name (RFC 6762, RFC 4795).
enum class NameService : std::uint8_t { dns, mdns, llmnr };

/// Names a DNS message: phase and detail (`www.example.jp A`). `length` is the message's on the wire. Only
/// what name servers are asked for is a step of a look-up, and noted as one.
void name_dns(FrameNumber frame, Bytes captured, std::size_t length, NameService service, PhaseSink& sink);

}  // namespace humantime::app
