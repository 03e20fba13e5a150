// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/message.h"

#include <array>
#include <utility>

namespace humantime::ui {
namespace {

/// How high a lane is in the stack of protocols: HTTP is what the person asked for, TCP carries it.
constexpr std::array<std::uint8_t, lane_count> heights = [] {
  std::array<std::uint8_t, lane_count> table{};
  constexpr Lane order[] = {Lane::arp, Lane::vpn, Lane::tcp, Lane::quic, Lane::dns, Lane::tls, Lane::http};
  for (std::size_t i = 0; i < std::size(order); ++i)
    table[static_cast<std::size_t>(order[i])] = static_cast<std::uint8_t>(i);
  return table;
}();

constexpr Phase of_clients[] = {
    Phase::arp_request,
    Phase::arp_probe,
    Phase::ndp_solicitation,
    Phase::dhcp_discover,
    Phase::dhcp_request,
    Phase::ndp_router_solicitation,
    Phase::dns_query,
    Phase::tcp_syn,
    Phase::tcp_handshake_ack,
    Phase::tls_client_hello,
    Phase::tls_end_of_early_data,
    Phase::tls_early_data,
    Phase::tls_client_key_exchange,
    Phase::http_request,
    Phase::http_request_body,
    Phase::http_request_end,
    Phase::http_tunnel,
    Phase::quic_zero_rtt,
    Phase::openvpn_hard_reset_client,
    Phase::wireguard_initiation,
};
constexpr Phase of_servers[] = {
    Phase::arp_reply,
    Phase::ndp_advertisement,
    Phase::ndp_router_advertisement,
    Phase::dhcp_offer,
    Phase::dhcp_ack,
    Phase::dns_referral,
    Phase::dns_answer,
    Phase::dns_alias,
    Phase::dns_no_data,
    Phase::dns_nxdomain,
    Phase::dns_truncated,
    Phase::dns_error,
    Phase::tcp_syn_ack,
    Phase::tls_server_hello,
    Phase::tls_hello_retry_request,
    Phase::tls_hello_verify_request,
    Phase::tls_encrypted_extensions,
    Phase::tls_certificate_status,
    Phase::tls_server_key_exchange,
    Phase::tls_certificate_request,
    Phase::tls_server_hello_done,
    Phase::tls_new_session_ticket,
    Phase::tls_hello_request,
    Phase::http_interim,
    Phase::http_response_start,
    Phase::http_response_body,
    Phase::http_response_end,
    Phase::http_push_promise,
    Phase::quic_retry,
    Phase::quic_version_negotiation,
    Phase::openvpn_hard_reset_server,
    Phase::wireguard_response,
    Phase::wireguard_cookie,
};

constexpr auto senders = [] {
  std::array<Sender, std::size(phase_rows)> table{};
  for (const Phase phase : of_clients) table[static_cast<std::size_t>(phase)] = Sender::client;
  for (const Phase phase : of_servers) table[static_cast<std::size_t>(phase)] = Sender::server;
  return table;
}();

}  // namespace

Sender sender_of(Phase phase) {
  return senders[static_cast<std::size_t>(phase)];
}

PrincipalPhase principal_of(std::span<const PhaseMark> marks) {
  PrincipalPhase best;
  int best_rank = -1;
  for (const PhaseMark& mark : marks) {
    const PhaseRow& row = row_of(mark.phase);
    const int rank =
        heights[static_cast<std::size_t>(row.lane)] + (row.milestone ? static_cast<int>(lane_count) : 0);
    if (rank <= best_rank) continue;
    best_rank = rank;
    best = {mark.phase, is_inferred(mark.certainty), marks.size() > 1};
  }
  return best;
}

}  // namespace humantime::ui
