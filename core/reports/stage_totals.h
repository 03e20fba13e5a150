// SPDX-License-Identifier: GPL-2.0-or-later
// How long a journey spent on what: the timings of an HTTP archive (HAR 1.2, section "timings"), and two
// more.
#pragma once

#include <cstdint>
#include <span>

#include "journeys/journey.h"
#include "store.h"

namespace humantime::reports {

/// Real nanoseconds; −1 where a stage is not there, or was not seen from beginning to end.
///
/// Stages of one connection can overlap (a request in early data is sent inside the handshake), and `ssl` is
/// always inside `connect`: do not add them up.
struct StageTotals {
  static constexpr std::int64_t none = -1;

  /// From the journey's first frame to the end of the last response, without all that is any of the others:
  /// waiting inside the client, between the stages and between exchanges. Where there is no response, to the
  /// end of the last of the other stages.
  std::int64_t blocked = none;
  /// ARP or NDP, from a request to its reply; several are added up.
  std::int64_t address = none;
  /// From the first query to the last answer of any kind that came before the connection: all steps of the
  /// resolution and the gaps between them.
  std::int64_t dns = none;
  /// From the SYN to the ACK of the handshake or, with TLS, to the end of `ssl`.
  std::int64_t connect = none;
  /// From the ClientHello to the second Finished: later ones belong to renegotiations.
  std::int64_t ssl = none;
  /// A request, from its first to its last packet. Of several exchanges the sum, as for the next two; where
  /// they overlap (pipelining, HTTP/2) no time counts twice: receiving goes before sending, sending before
  /// waiting.
  std::int64_t send = none;
  /// From the end of a request to the first packet of its response. A request without one waits until the
  /// connection is closed or the last frame. A promised response (HTTP/2) is waited for from its promise on.
  std::int64_t wait = none;
  /// A response, from its first to its last packet. One without an end ends as a wait without one does.
  std::int64_t receive = none;
  /// From the first FIN, closure alert, RST (of a connection that there was) or QUIC close of either side to
  /// the journey's last frame.
  std::int64_t close = none;
  /// Exchanges were under way side by side: what one of them waited the sums do not tell.
  bool overlapping = false;
};

/// The milestones of one vantage in order of time, and the times of its first and last frame.
StageTotals stage_totals(std::span<const journeys::Milestone> milestones, std::int64_t first_ns,
                         std::int64_t last_ns);

/// What one vantage saw of a journey.
struct PlaceView {
  std::uint16_t vantage = 0;
  bool timed = false;  ///< whether any of its frames has a time; without, the times are 0
  std::int64_t first_ns = 0, last_ns = 0;
  std::uint32_t segments = 0;  ///< TCP segments
  std::uint32_t retransmissions = 0;
  std::uint64_t bytes = 0;  ///< of whole frames, as they were on the wire
  std::uint32_t requests = 0;
  StageTotals totals;
};

/// `milestones` are those of list_milestones().
PlaceView view_of(const FrameStore& store, const journeys::Journey& journey,
                  std::span<const journeys::Milestone> milestones, std::uint16_t vantage);
/// The client's or, where that is not known, the first leg's.
PlaceView clients_view(const FrameStore& store, const journeys::Journey& journey,
                       std::span<const journeys::Milestone> milestones);

}  // namespace humantime::reports
