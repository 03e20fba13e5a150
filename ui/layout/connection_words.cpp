// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/connection_words.h"

#include <array>
#include <cstdio>

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
    .more = "{0} more",
    .said_share = "{0}: {1} of {2}, {3}",
    .said_handshake = "{0}: {1}, {2} of the handshakes, round trips {3}",
    .said_times = ", least {0}, first quartile {1}, median {2}, third quartile {3}, most {4}",
    .said_waiting = ", {0} of it waiting",
    .said_server = "{0}: {1}, {2} with TLS",
    .said_bytes = "{0}: {1} bytes",
    .full = "full",
    .session_id = "session ID",
    .ticket = "ticket",
    .resumed = "resumed",
    .external_psk = "external PSK",
    .client_certificate = "client certificate",
    .renegotiation = "renegotiation",
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
    .more = "ほか {0} 台",
    .said_share = "{0}：{2} のうち {1}、{3}",
    .said_handshake = "{0}：{1} 回、ハンドシェイクの {2}、往復 {3}",
    .said_times = "、最小 {0}、第1四分位 {1}、中央値 {2}、第3四分位 {3}、最大 {4}",
    .said_waiting = "、うち待ち {0}",
    .said_server = "{0}：{1}、TLS あり {2}",
    .said_bytes = "{0}：{1} バイト",
    .full = "フル",
    .session_id = "セッション ID",
    .ticket = "チケット",
    .resumed = "再開",
    .external_psk = "外部 PSK",
    .client_certificate = "クライアント証明書",
    .renegotiation = "再ネゴシエーション",
    .days_unit = " 日",
};

/// How a handshake went: the second half of its token, behind the version.
struct CourseWord {
  std::string_view token, text;                       ///< a term that is the same in every language, or
  std::string_view ConnectionWords::*word = nullptr;  ///< a word
};
constexpr std::array courses = {
    CourseWord{"full", {}, &ConnectionWords::full},
    CourseWord{"session_id", {}, &ConnectionWords::session_id},
    CourseWord{"ticket", {}, &ConnectionWords::ticket},
    CourseWord{"resumed", {}, &ConnectionWords::resumed},
    CourseWord{"hrr", "HelloRetryRequest"},
    CourseWord{"psk", "PSK"},
    CourseWord{"external_psk", {}, &ConnectionWords::external_psk},
    CourseWord{"0rtt", "0-RTT"},
    CourseWord{"client_auth", {}, &ConnectionWords::client_certificate},
    CourseWord{"renegotiation", {}, &ConnectionWords::renegotiation},
};

std::string course_text(std::string_view token, const ConnectionWords& words) {
  for (const CourseWord& course : courses)
    if (course.token == token) return std::string(course.word != nullptr ? words.*course.word : course.text);
  return std::string(token);
}

/// `tls12`: `TLS 1.2`.
std::string version_text(std::string_view token) {
  struct Prefix {
    std::string_view token, text;
  };
  static constexpr std::array prefixes = {Prefix{"ssl", "SSL "}, Prefix{"tls", "TLS "},
                                          Prefix{"dtls", "DTLS "}};
  for (const Prefix& prefix : prefixes) {
    if (!token.starts_with(prefix.token) || token.size() != prefix.token.size() + 2) continue;
    const std::string_view digits = token.substr(prefix.token.size());
    if (digits.find_first_not_of("0123456789") != std::string_view::npos) continue;
    return std::string(prefix.text) + digits[0] + "." + digits[1];
  }
  return token == "quic" ? "QUIC" : std::string(token);
}

}  // namespace

const ConnectionWords& connection_words(Language language) {
  return language == Language::japanese ? japanese : english;
}

std::string label_of(journeys::TlsVersion version, Language language) {
  if (version == journeys::TlsVersion::unknown)
    return std::string(connection_words(language).unknown_version);
  return version_text(token_of(version));
}

std::string label_of(journeys::HttpVersion version, Language language) {
  if (version == journeys::HttpVersion::unknown)
    return std::string(connection_words(language).unknown_version);
  constexpr std::string_view prefix = "http";
  return "HTTP/" + std::string(token_of(version).substr(prefix.size()));
}

std::string handshake_label(std::string_view kind, Language language) {
  const ConnectionWords& words = connection_words(language);
  std::string text;
  std::size_t plus = kind.find('+');
  const std::string_view base = kind.substr(0, plus);
  const std::size_t behind_version = base.find('_');
  text = version_text(base.substr(0, behind_version));
  if (behind_version != std::string_view::npos)
    text += " " + course_text(base.substr(behind_version + 1), words);
  while (plus != std::string_view::npos) {
    const std::size_t next = kind.find('+', plus + 1);
    text += " + " + course_text(kind.substr(plus + 1, next - plus - 1), words);
    plus = next;
  }
  return text;
}

std::string percent_text(double part, double whole) {
  if (!(whole > 0)) return "–";
  std::array<char, 32> text;
  const int size = std::snprintf(text.data(), text.size(), "%.1f %%", part / whole * 100);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace humantime::ui
