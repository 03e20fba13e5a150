// SPDX-License-Identifier: GPL-2.0-or-later
#include "layout/handshake_words.h"

#include <algorithm>
#include <array>

namespace humantime::ui {
namespace {

struct ProtocolRow {
  std::string_view token, name;
};
constexpr std::array protocols = {
    ProtocolRow{"ssl30", "SSL 3.0"},   ProtocolRow{"tls10", "TLS 1.0"},   ProtocolRow{"tls11", "TLS 1.1"},
    ProtocolRow{"tls12", "TLS 1.2"},   ProtocolRow{"tls13", "TLS 1.3"},   ProtocolRow{"dtls10", "DTLS 1.0"},
    ProtocolRow{"dtls12", "DTLS 1.2"}, ProtocolRow{"dtls13", "DTLS 1.3"}, ProtocolRow{"quic", "QUIC"},
};

/// How a handshake went: a sentence's part, and the term for it in a table.
struct CourseRow {
  std::string_view token, english, japanese, short_english, short_japanese;
};
constexpr std::array courses = {
    CourseRow{"", "TLS 1.3 inside", "中に TLS 1.3", "", ""},
    CourseRow{"full", "full handshake", "フルハンドシェイク", "full", "フル"},
    CourseRow{"session_id", "resumed by session ID", "セッション ID で再開", "session ID", "セッション ID"},
    CourseRow{"ticket", "resumed by ticket", "チケットで再開", "ticket", "チケット"},
    CourseRow{"resumed", "resumed", "再開", "resumed", "再開"},
    CourseRow{"hrr", "hello asked for again", "ハローのやり直し", "HelloRetryRequest", "HelloRetryRequest"},
    CourseRow{"psk", "resumed by ticket (PSK)", "チケットで再開（PSK）", "PSK", "PSK"},
    CourseRow{"external_psk", "key known before (PSK)", "事前共有鍵（PSK）", "external PSK", "外部 PSK"},
    CourseRow{"0rtt", "early data (0-RTT)", "早期データ（0-RTT）", "0-RTT", "0-RTT"},
};

/// What came on top of it.
constexpr std::array additions = {
    CourseRow{"client_auth", ", client certificate", "、クライアント証明書", "client certificate",
              "クライアント証明書"},
    CourseRow{"renegotiation", ", renegotiated", "、再ネゴシエーション", "renegotiation",
              "再ネゴシエーション"},
};

template <typename Rows>
auto row_of_token(const Rows& rows, std::string_view token) -> decltype(&rows[0]) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.token == token; });
  return found == rows.end() ? nullptr : &*found;
}

template <typename Rows>
std::string short_text(const Rows& rows, std::string_view token, Language language) {
  const CourseRow* row = row_of_token(rows, token);
  if (row == nullptr) return std::string(token);
  return std::string(language == Language::japanese ? row->short_japanese : row->short_english);
}

}  // namespace

std::string protocol_label(std::string_view token) {
  const ProtocolRow* protocol = row_of_token(protocols, token);
  return std::string(protocol == nullptr ? token : protocol->name);
}

std::string handshake_label(std::string_view text, Language language) {
  std::size_t plus = text.find('+');
  const std::string_view kind = text.substr(0, plus);
  const std::size_t behind_protocol = kind.find('_');
  std::string label = protocol_label(kind.substr(0, behind_protocol));
  if (behind_protocol != std::string_view::npos)
    label += " " + short_text(courses, kind.substr(behind_protocol + 1), language);
  while (plus != std::string_view::npos) {
    const std::size_t next = text.find('+', plus + 1);
    label += " + " + short_text(additions, text.substr(plus + 1, next - plus - 1), language);
    plus = next;
  }
  return label;
}

HandshakeName name_of_handshake(std::string_view text, Language language) {
  const bool ja = language == Language::japanese;
  std::string_view kind = text.substr(0, text.find('+'));
  std::string_view rest = text.substr(kind.size());
  const std::size_t end = std::min(kind.find('_'), kind.size());
  const ProtocolRow* protocol = row_of_token(protocols, kind.substr(0, end));
  const CourseRow* course = row_of_token(courses, kind.substr(std::min(end + 1, kind.size())));
  if (protocol == nullptr || course == nullptr) return {{}, std::string(text)};
  HandshakeName name{std::string(protocol->name), std::string(ja ? course->japanese : course->english)};
  while (!rest.empty()) {
    rest.remove_prefix(1);
    const std::string_view token = rest.substr(0, rest.find('+'));
    rest.remove_prefix(token.size());
    const CourseRow* addition = row_of_token(additions, token);
    if (addition == nullptr) return {{}, std::string(text)};
    name.course += ja ? addition->japanese : addition->english;
  }
  return name;
}

}  // namespace humantime::ui
