// SPDX-License-Identifier: GPL-2.0-or-later
#include "phases.h"

#include <array>

namespace humantime {
namespace {

constexpr std::array<std::string_view, lane_count> lane_tokens = {"ARP",  "DNS",  "TCP", "TLS",
                                                                  "HTTP", "QUIC", "VPN"};

struct StageRow {
  std::string_view token, english, japanese;
};
constexpr std::array<StageRow, stage_count> stage_rows = {{
    {"address", "address lookup", "アドレス解決"},
    {"dns", "name lookup", "名前解決"},
    {"connect", "connect", "接続"},
    {"ssl", "TLS handshake", "TLS ハンドシェイク"},
    {"request", "request", "リクエスト"},
    {"wait", "wait", "待ち"},
    {"response", "response", "レスポンス"},
    {"close", "close", "切断"},
    {"tunnel", "tunnel", "トンネル"},
    {"other", "other", "その他"},
}};

}  // namespace

std::span<const PhaseRow> phase_table() {
  return phase_rows;
}

std::string_view token_of(Phase phase) {
  return row_of(phase).token;
}

std::string_view label_of(Phase phase, Language language) {
  return language == Language::japanese ? row_of(phase).japanese : row_of(phase).english;
}

std::optional<Phase> phase_from_token(std::string_view token) {
  for (const PhaseRow& row : phase_rows)
    if (row.token == token) return row.phase;
  return std::nullopt;
}

std::uint64_t vocabulary() {
  // FNV-1a over the tokens in their order, and the bytes between them.
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&hash](std::string_view token) {
    for (const char c : token) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ 0xff) * 0x100000001b3;
  };
  for (const PhaseRow& row : phase_rows) add(row.token);
  for (const StageRow& row : stage_rows) add(row.token);
  for (const std::string_view token : lane_tokens) add(token);
  return hash;
}

std::string_view token_of(Lane lane) {
  return lane_tokens[static_cast<std::size_t>(lane)];
}

std::string_view token_of(Stage stage) {
  return stage == Stage::of_the_moment ? std::string_view{}
                                       : stage_rows[static_cast<std::size_t>(stage)].token;
}

std::string_view label_of(Stage stage, Language language) {
  if (stage == Stage::of_the_moment) return {};
  const StageRow& row = stage_rows[static_cast<std::size_t>(stage)];
  return language == Language::japanese ? row.japanese : row.english;
}

bool is_state(Phase phase) {
  switch (phase) {
    case Phase::tcp_ack:
    case Phase::tcp_data:
    case Phase::http_request_body:
    case Phase::http_response_body:
    case Phase::http_upgraded:
    case Phase::http_tunnel:
    case Phase::tls_application_data:
    case Phase::tls_encrypted_handshake:
    case Phase::tls_early_data:
    case Phase::dtls_fragment:
    case Phase::dtls_retransmission:
    case Phase::openvpn_data:
    case Phase::wireguard_data:
    case Phase::quic_one_rtt:
      return true;
    default:
      // One TCP header a segment: what it says is said once. Messages repeat.
      return row_of(phase).lane == Lane::tcp;
  }
}

int order_in_frame(Phase phase) {
  switch (phase) {
    case Phase::wireguard_initiation:
    case Phase::wireguard_response:
    case Phase::wireguard_cookie:
    case Phase::wireguard_keep_alive:
    case Phase::wireguard_data:
      return -1;  // what is decrypted is inside of it, from its IP header on
    case Phase::tcp_handshake_ack:
    case Phase::tcp_fin_ack:
      return 0;
    case Phase::tcp_syn:
    case Phase::tcp_syn_ack:
      return 1;
    case Phase::tcp_fin:
      return 4;
    case Phase::tcp_rst:
      return 5;
    case Phase::tcp_data:
      return 3;
    default:
      return row_of(phase).lane == Lane::tcp ? 2 : 3;
  }
}

}  // namespace humantime
