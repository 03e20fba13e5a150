// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/web_address.h"

#include <algorithm>

#include "text.h"

namespace humantime::reports {
namespace {

/// What HTTP's readers keep of a request.
constexpr std::size_t longest_request = 120;

bool is_token(std::string_view text) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";  // RFC 9110 5.6.2
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

std::string_view next_word(std::string_view& text) {
  const std::size_t space = std::min(text.find(' '), text.size());
  const std::string_view word = text.substr(0, space);
  text.remove_prefix(std::min(space + 1, text.size()));
  return word;
}

int hex(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// A name or a value of a query, as forms write them (application/x-www-form-urlencoded).
std::string decoded(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex(text[i + 1]) >= 0 && hex(text[i + 2]) >= 0;
    if (escape) {
      bytes += static_cast<char>(hex(text[i + 1]) * 16 + hex(text[i + 2]));
      i += 2;
    } else {
      bytes += text[i] == '+' ? ' ' : text[i];
    }
  }
  return printable(bytes);
}

std::vector<std::pair<std::string, std::string>> query_of(std::string_view url) {
  std::vector<std::pair<std::string, std::string>> list;
  const std::size_t begin = url.find('?');
  if (begin == std::string_view::npos) return list;
  std::string_view rest = url.substr(begin + 1);
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('&'), rest.size());
    const std::string_view one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one.empty()) continue;
    const std::size_t equals = std::min(one.find('='), one.size());
    list.emplace_back(decoded(one.substr(0, equals)), decoded(one.substr(std::min(equals + 1, one.size()))));
  }
  return list;
}

/// The server as a URL names it; a port is left out where it is the scheme's.
std::string authority_of(bool secure, std::string_view name, std::string_view server) {
  const std::string_view port = port_of(server);
  std::string host = name.empty() ? address_of(server) : std::string(name);
  // A journey without a name is called by its server's address and port.
  if (host == server) host = address_of(server);
  if (host.find(':') != std::string::npos && !host.starts_with('[')) host = "[" + host + "]";
  if (!port.empty() && port != (secure ? "443" : "80")) host.append(":").append(port);
  return host;
}

}  // namespace

std::string_view port_of(std::string_view server) {
  const std::size_t colon = server.rfind(':');
  if (colon == std::string_view::npos) return {};
  const bool only_colon = server.find(':') == colon;
  const bool bracketed = colon > 0 && server[colon - 1] == ']';
  return only_colon || bracketed ? server.substr(colon + 1) : std::string_view{};
}

std::string address_of(std::string_view server) {
  const std::string_view port = port_of(server);
  if (!port.empty()) server.remove_suffix(port.size() + 1);
  if (server.size() > 2 && server.front() == '[' && server.back() == ']')
    server = server.substr(1, server.size() - 2);
  return std::string(server);
}

WebRequest web_request(std::string_view said, bool secure, std::string_view name, std::string_view server) {
  const std::string scheme = secure ? "https://" : "http://";
  WebRequest request;
  std::string_view rest = said;
  const std::string_view method = next_word(rest);
  const std::string_view target = next_word(rest);
  const bool origin = target.starts_with('/');
  const bool absolute = target.find("://") != std::string_view::npos;
  // Extended CONNECT has a path (RFC 8441).
  const bool authority = method == "CONNECT" && !target.empty() && !origin;
  if (!is_token(method) || !(origin || absolute || authority || target == "*")) {
    request.url = scheme + authority_of(secure, name, server) + "/";
    return request;
  }
  request.method = method;
  request.may_be_cut = said.size() >= longest_request;
  const std::string host = rest.empty() ? authority_of(secure, name, server) : std::string(rest);
  // A tunnel's URL has a host and a port only (RFC 9112 3.3).
  request.url = absolute && !origin ? std::string(target)
                : authority         ? scheme + std::string(target)
                : origin            ? scheme + host + std::string(target)
                                    : scheme + host;
  request.query = query_of(request.url);
  return request;
}

}  // namespace humantime::reports
