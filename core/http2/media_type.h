// SPDX-License-Identifier: GPL-2.0-or-later
// The media types that matter here (RFC 9110 8.3.1).
#pragma once

#include <cstddef>
#include <string_view>

namespace humantime::http2 {

/// Whether a Content-Type says that the content is a DNS message (RFC 8484 6). A media type's letters may be
/// small or large, and parameters may follow.
inline bool names_dns_message(std::string_view type) {
  constexpr std::string_view wanted = "application/dns-message";
  if (type.size() < wanted.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const char letter = type[i] >= 'A' && type[i] <= 'Z' ? static_cast<char>(type[i] - 'A' + 'a') : type[i];
    if (letter != wanted[i]) return false;
  }
  return type.size() == wanted.size() || type[wanted.size()] == ';' || type[wanted.size()] == ' ';
}

}  // namespace humantime::http2
