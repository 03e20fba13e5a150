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

struct CourseRow {
  std::string_view token, english, japanese;
};
constexpr std::array courses = {
    CourseRow{"", "TLS 1.3 inside", "中に TLS 1.3"},
    CourseRow{"full", "full handshake", "フルハンドシェイク"},
    CourseRow{"session_id", "resumed by session ID", "セッション ID で再開"},
    CourseRow{"ticket", "resumed by ticket", "チケットで再開"},
    CourseRow{"resumed", "resumed", "再開"},
    CourseRow{"hrr", "hello asked for again", "ハローのやり直し"},
    CourseRow{"psk", "resumed by ticket (PSK)", "チケットで再開（PSK）"},
    CourseRow{"external_psk", "key known before (PSK)", "事前共有鍵（PSK）"},
    CourseRow{"0rtt", "early data (0-RTT)", "早期データ（0-RTT）"},
};

struct AdditionRow {
  std::string_view token, english, japanese;
};
constexpr std::array additions = {
    AdditionRow{"client_auth", ", client certificate", "、クライアント証明書"},
    AdditionRow{"renegotiation", ", renegotiated", "、再ネゴシエーション"},
};

template <typename Rows>
auto row_of_token(const Rows& rows, std::string_view token) -> decltype(&rows[0]) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.token == token; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

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
    const AdditionRow* addition = row_of_token(additions, token);
    if (addition == nullptr) return {{}, std::string(text)};
    name.course += ja ? addition->japanese : addition->english;
  }
  return name;
}

}  // namespace humantime::ui
