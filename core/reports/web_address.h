// SPDX-License-Identifier: GPL-2.0-or-later
// What a request that was read says, as a URL (RFC 9112 3.2, RFC 9110 7.1).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace humantime::reports {

struct WebRequest {
  std::string method;  ///< empty where nobody can read it
  std::string url;     ///< absolute; of what cannot be read the server's alone
  /// The parameters, percent-decoded where that makes printable UTF-8.
  std::vector<std::pair<std::string, std::string>> query;
  bool may_be_cut = false;  ///< as long as what is kept of a request
};

/// `said` is an event's detail, `GET /path host`; any other text is none. `name` stands for a host that is
/// not told, and `server`, `192.0.2.1:443`, where there is no name.
WebRequest web_request(std::string_view said, bool secure, std::string_view name, std::string_view server);

/// `[2001:db8::1]:443` → `2001:db8::1`; the whole where there is no port.
std::string address_of(std::string_view server);
/// `443`; empty where there is none.
std::string_view port_of(std::string_view server);

}  // namespace humantime::reports
