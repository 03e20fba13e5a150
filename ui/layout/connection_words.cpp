// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/connection_words.h"

#include <array>
#include <cstdio>

#include "layout/handshake_words.h"

namespace humantime::ui {
namespace {

constexpr ConnectionWords english = {
    .all_servers = "All servers",
    .server = "Server",
    .servers = "{0} servers",
    .connections = "{0} connections",
    .one_connection = "1 connection",
    .refused = "{0} refused",
    .unanswered = "{0} unanswered",
    .with_tls = "with TLS",
    .with_http = "with HTTP",
    .unknown_version = "version unknown",
    .tls = "TLS",
    .http = "HTTP",
    .segments_heading = "TCP",
    .handshakes = "Handshakes",
    .bytes = "Bytes",
    .segments = "segments",
    .interval = "one every",
    .again = "sent again",
    .zero_windows = "zero windows",
    .completed = "{0} completed",
    .broken_off = "{0} broken off",
    .kind = "kind",
    .count = "n",
    .share = "share",
    .trips = "round trips",
    .median = "median",
    .waiting = "waiting",
    .days = "days of the year",
    .real = "ms",
    .logarithmic = "logarithmic",
    .five = "least – quartile – median – quartile – most",
    .requests = "Requests: {0}, in frames: {1}",
    .responses = "Responses: {0}, in frames: {1}",
    .http_bytes = "HTTP",
    .tls_bytes = "TLS",
    .frame_bytes = "frames",
    .some_tls_bytes = "TLS records",
    .unread = "not decrypted",
    .mean = "each on average: {0}",
    .said_share = "{0}: {1} of {2}, {3}",
    .said_handshake = "{0}: {1}, {2} of the handshakes, round trips {3}",
    .said_times = ", least {0}, first quartile {1}, median {2}, third quartile {3}, most {4}",
    .said_waiting = ", {0} of it waiting",
    .said_server = "{0}: {1}, {2} with TLS",
    .said_bytes = "{0}: {1} bytes",
    .days_unit = " d",
};

constexpr ConnectionWords japanese = {
    .all_servers = "すべてのサーバー",
    .server = "サーバー",
    .servers = "サーバー {0} 台",
    .connections = "接続 {0} 件",
    .one_connection = "接続 1 件",
    .refused = "接続拒否 {0} 件",
    .unanswered = "応答なし {0} 件",
    .with_tls = "TLS あり",
    .with_http = "HTTP あり",
    .unknown_version = "バージョン不明",
    .tls = "TLS",
    .http = "HTTP",
    .segments_heading = "TCP",
    .handshakes = "ハンドシェイク",
    .bytes = "バイト数",
    .segments = "セグメント",
    .interval = "平均間隔",
    .again = "再送",
    .zero_windows = "ゼロウィンドウ",
    .completed = "完了 {0} 回",
    .broken_off = "途中で終了 {0} 回",
    .kind = "種類",
    .count = "回数",
    .share = "割合",
    .trips = "往復",
    .median = "中央値",
    .waiting = "待ち",
    .days = "年のうちの日数",
    .real = "ms",
    .logarithmic = "対数目盛",
    .five = "最小 – 四分位 – 中央値 – 四分位 – 最大",
    .requests = "リクエスト {0} 件、フレーム {1} 個",
    .responses = "レスポンス {0} 件、フレーム {1} 個",
    .http_bytes = "HTTP",
    .tls_bytes = "TLS",
    .frame_bytes = "フレーム",
    .some_tls_bytes = "TLS レコード",
    .unread = "復号されていない",
    .mean = "1 件の平均：{0}",
    .said_share = "{0}：{2} のうち {1}、{3}",
    .said_handshake = "{0}：{1} 回、ハンドシェイクの {2}、往復 {3}",
    .said_times = "、最小 {0}、第1四分位 {1}、中央値 {2}、第3四分位 {3}、最大 {4}",
    .said_waiting = "、うち待ち {0}",
    .said_server = "{0}：{1}、TLS あり {2}",
    .said_bytes = "{0}：{1} バイト",
    .days_unit = " 日",
};

}  // namespace

const ConnectionWords& connection_words(Language language) {
  return language == Language::japanese ? japanese : english;
}

std::string label_of(journeys::TlsVersion version, Language language) {
  if (version == journeys::TlsVersion::unknown)
    return std::string(connection_words(language).unknown_version);
  return protocol_label(token_of(version));
}

std::string label_of(journeys::HttpVersion version, Language language) {
  if (version == journeys::HttpVersion::unknown)
    return std::string(connection_words(language).unknown_version);
  constexpr std::string_view prefix = "http";
  return "HTTP/" + std::string(token_of(version).substr(prefix.size()));
}

std::string percent_text(double part, double whole) {
  if (!(whole > 0)) return "–";
  std::array<char, 32> text;
  const int size = std::snprintf(text.data(), text.size(), "%.1f %%", part / whole * 100);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace humantime::ui
