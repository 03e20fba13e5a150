// SPDX-License-Identifier: GPL-2.0-or-later
// The spans of a journey: from one milestone to another, something is going on in a lane.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "journeys/journey.h"
#include "phases.h"
#include "store.h"

namespace humantime::reports {

enum class SpanKind : std::uint8_t {
  exchange,  ///< of ARP, DNS, a handshake or a close
  wait,      ///< for the first byte of a response
  response,
};

/// What a milestone does to the span of its lane.
enum class SpanStep : std::uint8_t { none, opens, goes_on };
struct SpanRow {
  Phase phase;
  SpanStep step;
  SpanKind kind;  ///< of the span that ends here, where it goes on
};

inline constexpr std::array span_rows = {
    SpanRow{Phase::arp_request, SpanStep::opens, SpanKind::exchange},
    SpanRow{Phase::arp_reply, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::ndp_solicitation, SpanStep::opens, SpanKind::exchange},
    SpanRow{Phase::ndp_advertisement, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::dns_query, SpanStep::opens, SpanKind::exchange},
    SpanRow{Phase::dns_referral, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::dns_answer, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::dns_alias, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::dns_no_data, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::dns_nxdomain, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::dns_truncated, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::dns_error, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::tcp_syn, SpanStep::opens, SpanKind::exchange},
    SpanRow{Phase::tcp_syn_ack, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::tcp_handshake_ack, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::tcp_fin, SpanStep::opens, SpanKind::exchange},
    SpanRow{Phase::tcp_fin_ack, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::tls_client_hello, SpanStep::opens, SpanKind::exchange},
    SpanRow{Phase::tls_server_hello, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::tls_hello_retry_request, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::tls_client_key_exchange, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::tls_finished, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::http_request, SpanStep::opens, SpanKind::exchange},
    SpanRow{Phase::http_request_end, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::http_response_start, SpanStep::goes_on, SpanKind::wait},
    SpanRow{Phase::http_response_end, SpanStep::goes_on, SpanKind::response},
    SpanRow{Phase::quic_initial, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::quic_handshake, SpanStep::goes_on, SpanKind::exchange},
    SpanRow{Phase::wireguard_initiation, SpanStep::opens, SpanKind::exchange},
    SpanRow{Phase::wireguard_response, SpanStep::goes_on, SpanKind::exchange},
};

/// Calls `visit(lane, kind, begin_ns, end_ns)` for each span that `vantage` saw.
template <typename Visit>
void for_each_span(const FrameStore& store, std::span<const journeys::Milestone> milestones,
                   std::uint16_t vantage, Visit visit) {
  static constexpr auto steps = [] {
    std::array<SpanRow, std::size(phase_rows)> table{};
    for (const SpanRow& row : span_rows) table[static_cast<std::size_t>(row.phase)] = row;
    return table;
  }();
  struct Open {
    bool is = false;
    std::int64_t since_ns = 0;
  };
  std::array<Open, lane_count> lanes{};
  for (const journeys::Milestone& m : milestones) {
    const SpanRow& row = steps[static_cast<std::size_t>(m.mark.phase)];
    if (row.step == SpanStep::none) continue;
    const FrameRow& frame = *store.find(m.frame);
    if (frame.vantage != vantage || !frame.has(FrameRow::has_time)) continue;
    const Lane lane = row_of(m.mark.phase).lane;
    Open& open = lanes[static_cast<std::size_t>(lane)];
    if (open.is && row.step == SpanStep::goes_on && open.since_ns < m.time_ns)
      visit(lane, row.kind, open.since_ns, m.time_ns);
    open = {true, m.time_ns};
  }
}

}  // namespace humantime::reports
