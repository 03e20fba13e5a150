// SPDX-License-Identifier: GPL-2.0-or-later
#include "handshake.h"

namespace humantime {

std::string_view token_of(HandshakeKind kind) {
  static constexpr std::array tokens = {
      std::string_view(""),
#define HANDSHAKE(token, round_trips, version, course) std::string_view(#token),
#include "handshakes.def"
#undef HANDSHAKE
  };
  return tokens[static_cast<std::size_t>(kind)];
}

std::string_view name_of(KeyExchange exchange) {
  static constexpr std::array<std::string_view, 8> names = {"",     "RSA",   "DH",  "DHE",
                                                            "ECDH", "ECDHE", "PSK", "other"};
  return names[static_cast<std::size_t>(exchange)];
}

std::string text_of(const Handshake& handshake) {
  std::string text(token_of(handshake.kind));
  if (text.empty()) return text;
  if (handshake.client_authentication == ClientAuthentication::given) text += "+client_auth";
  if (handshake.renegotiation) text += "+renegotiation";
  return text;
}

}  // namespace humantime
