// SPDX-License-Identifier: GPL-2.0-or-later
#include "model/stages.h"

#include <algorithm>
#include <utility>

namespace humantime::ui {
namespace {

enum class Step : std::uint8_t {
  open,      ///< begins, unless it is going on
  reopen,    ///< begins, also where it is going on: that was something shorter
  go_on,     ///< lasts until here, where it is going on
  close,     ///< the same, and ends
  end,       ///< has ended where it went on last
  reaches,   ///< a request of several packets: it began with the wait, and lasts until here
  shut,      ///< is over for the whole journey
  finished,  ///< closes with the second one: later ones are of renegotiations
};

struct StepRow {
  Phase phase;
  Stage stage;
  Step step;
};

constexpr StepRow step_rows[] = {
    {Phase::arp_request, Stage::address, Step::open},
    {Phase::arp_reply, Stage::address, Step::close},
    {Phase::ndp_solicitation, Stage::address, Step::open},
    {Phase::ndp_advertisement, Stage::address, Step::close},
    {Phase::dhcp_discover, Stage::address, Step::open},
    {Phase::dhcp_offer, Stage::address, Step::go_on},
    {Phase::dhcp_request, Stage::address, Step::open},
    {Phase::dhcp_ack, Stage::address, Step::close},
    {Phase::dns_query, Stage::dns, Step::open},
    {Phase::dns_referral, Stage::dns, Step::go_on},
    {Phase::dns_answer, Stage::dns, Step::go_on},
    {Phase::dns_alias, Stage::dns, Step::go_on},
    {Phase::dns_no_data, Stage::dns, Step::go_on},
    {Phase::dns_nxdomain, Stage::dns, Step::go_on},
    {Phase::dns_truncated, Stage::dns, Step::go_on},
    {Phase::dns_error, Stage::dns, Step::go_on},
    // What is looked up once the connection is under way was not waited for.
    {Phase::tcp_syn, Stage::dns, Step::shut},
    {Phase::tcp_syn, Stage::connect, Step::open},
    {Phase::tcp_syn_ack, Stage::connect, Step::go_on},
    {Phase::tcp_handshake_ack, Stage::connect, Step::close},
    {Phase::tcp_rst, Stage::connect, Step::close},
    {Phase::tls_client_hello, Stage::ssl, Step::open},
    {Phase::tls_server_hello, Stage::ssl, Step::go_on},
    {Phase::tls_hello_retry_request, Stage::ssl, Step::go_on},
    {Phase::tls_encrypted_extensions, Stage::ssl, Step::go_on},
    {Phase::tls_certificate, Stage::ssl, Step::go_on},
    {Phase::tls_server_hello_done, Stage::ssl, Step::go_on},
    {Phase::tls_client_key_exchange, Stage::ssl, Step::go_on},
    {Phase::tls_change_cipher_spec, Stage::ssl, Step::go_on},
    {Phase::tls_finished, Stage::ssl, Step::finished},
    {Phase::tls_early_data, Stage::request, Step::open},
    // A request of one packet takes no time.
    {Phase::http_request, Stage::wait, Step::open},
    {Phase::http_tunnel, Stage::wait, Step::open},
    {Phase::http_request_body, Stage::request, Step::reaches},
    {Phase::http_request_end, Stage::request, Step::reaches},
    {Phase::http_request_end, Stage::wait, Step::reopen},
    {Phase::http_interim, Stage::wait, Step::go_on},
    {Phase::http_response_start, Stage::request, Step::end},
    {Phase::http_response_start, Stage::wait, Step::close},
    {Phase::http_response_start, Stage::response, Step::open},
    {Phase::http_response_body, Stage::response, Step::go_on},
    {Phase::http_response_end, Stage::response, Step::close},
    {Phase::tls_close_notify, Stage::close, Step::open},
    {Phase::tcp_fin, Stage::close, Step::open},
    {Phase::tcp_fin_ack, Stage::close, Step::go_on},
    {Phase::tcp_rst, Stage::close, Step::open},
    {Phase::quic_initial, Stage::dns, Step::shut},
    {Phase::quic_initial, Stage::connect, Step::open},
    {Phase::quic_initial, Stage::connect, Step::go_on},
    {Phase::quic_handshake, Stage::connect, Step::close},
    {Phase::quic_handshake, Stage::ssl, Step::open},
    {Phase::quic_handshake, Stage::ssl, Step::go_on},
    {Phase::quic_zero_rtt, Stage::request, Step::open},
    {Phase::quic_connection_close, Stage::close, Step::open},
    {Phase::openvpn_hard_reset_client, Stage::tunnel, Step::open},
    {Phase::openvpn_hard_reset_server, Stage::tunnel, Step::go_on},
    {Phase::openvpn_control, Stage::tunnel, Step::go_on},
    {Phase::wireguard_initiation, Stage::tunnel, Step::open},
    {Phase::wireguard_response, Stage::tunnel, Step::close},
};

/// The same by phase, in the table's order.
constexpr std::size_t most_steps = 3;
struct Steps {
  std::array<StepRow, most_steps> rows{};
  std::size_t count = 0;
};
constexpr auto steps_of_phases = [] {
  std::array<Steps, std::size(phase_rows)> table{};
  for (const StepRow& row : step_rows) {
    Steps& steps = table[static_cast<std::size_t>(row.phase)];
    steps.rows[steps.count++] = row;
  }
  return table;
}();

constexpr std::array<Lane, stage_count> lanes_of_stages = {Lane::arp,  Lane::dns,  Lane::tcp,  Lane::tls,
                                                           Lane::http, Lane::http, Lane::http, Lane::tcp,
                                                           Lane::vpn,  Lane::tcp};

}  // namespace

void StageProgress::take(std::uint32_t journey, std::span<const PhaseMark> marks, std::int64_t time_ns,
                         std::vector<StageSpan>& spans) {
  // The close lasts as long as anything is seen of the journey.
  std::uint32_t& closing = open_[static_cast<std::size_t>(Stage::close)];
  if (closing != none) spans[closing - 1].end_ns = std::max(spans[closing - 1].end_ns, time_ns);
  for (const PhaseMark& mark : marks) {
    const Steps& steps = steps_of_phases[static_cast<std::size_t>(mark.phase)];
    for (std::size_t i = 0; i < steps.count; ++i) {
      const StepRow& row = steps.rows[i];
      std::uint32_t& open = open_[static_cast<std::size_t>(row.stage)];
      if (open == never_again) continue;
      if (row.step == Step::reaches) {
        const std::uint32_t waiting = open_[static_cast<std::size_t>(Stage::wait)];
        if (open == none && waiting != none) {
          spans.push_back({journey, row.stage, Lane::http, spans[waiting - 1].begin_ns, time_ns});
          open = static_cast<std::uint32_t>(spans.size());
        }
        if (open != none) spans[open - 1].end_ns = std::max(spans[open - 1].end_ns, time_ns);
        continue;
      }
      if (row.step == Step::open || row.step == Step::reopen) {
        if (open != none) {
          if (row.step == Step::reopen) spans[open - 1].begin_ns = spans[open - 1].end_ns = time_ns;
          continue;
        }
        const bool quic = row_of(mark.phase).lane == Lane::quic;
        const Lane lane = quic ? Lane::quic : lanes_of_stages[static_cast<std::size_t>(row.stage)];
        spans.push_back({journey, row.stage, lane, time_ns, time_ns});
        open = static_cast<std::uint32_t>(spans.size());
        if (row.stage == Stage::ssl) finished_ = 0;
        continue;
      }
      if (row.step == Step::shut) {
        open = never_again;
        continue;
      }
      if (open == none) continue;
      if (row.step == Step::end) {
        open = none;
        continue;
      }
      spans[open - 1].end_ns = std::max(spans[open - 1].end_ns, time_ns);
      if (row.step == Step::close || (row.step == Step::finished && ++finished_ == 2)) open = none;
    }
  }
}

}  // namespace humantime::ui
