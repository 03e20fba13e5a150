// SPDX-License-Identifier: GPL-2.0-or-later
#include "http1/start_line.h"

#include <algorithm>
#include <array>

namespace humantime::http1 {
namespace {

// The methods of IANA's registry, but for PRI, which only HTTP/2's preface uses. Others are believed when the
// whole request line is there.
constexpr std::array<std::string_view, 39> registered_methods = {
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "CONNECT",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "OPTIONS",
    "ORDERPATCH",
    "PATCH",
    "POST",
    "PROPFIND",
    "PROPPATCH",
    "PUT",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "TRACE",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
};
static_assert(std::is_sorted(registered_methods.begin(), registered_methods.end()));

// Longer than any method in use; binary bytes are refused earlier.
constexpr std::size_t max_method = 32;

// RFC 9110 5.6.2.
bool is_token_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::string_view without_trailing_blanks(std::string_view text) {
  const std::size_t last = text.find_last_not_of(" \t");
  return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

constexpr std::string_view version = " HTTP/1.x";

bool ends_with_version(std::string_view line) {
  return line.size() > version.size() && is_digit(line.back()) &&
         line.substr(line.size() - version.size(), version.size() - 1) ==
             version.substr(0, version.size() - 1);
}

struct FirstLine {
  std::string_view line;  // without the line end, cut
  bool whole;
};
FirstLine first_line(std::string_view chars) {
  std::string_view line = chars.substr(0, chars.find('\n'));
  const bool whole = line.size() < chars.size() || line.size() > max_line;
  if (line.size() < chars.size() && line.ends_with('\r')) line.remove_suffix(1);
  return {line.substr(0, max_line + 1), whole};
}

}  // namespace

Looks looks_like_request_line(std::string_view line, bool whole) {
  const Looks unfinished = whole ? Looks::no : Looks::more;
  const std::string_view head = line.substr(0, max_method + 1);
  const std::size_t space = head.find(' ');
  const std::string_view method = head.substr(0, space);
  if (!std::all_of(method.begin(), method.end(), is_token_char)) return Looks::no;
  if (space == std::string_view::npos) return head.size() > max_method ? Looks::no : unfinished;
  if (method.empty() || method == "PRI") return Looks::no;

  if (line.size() == space + 1) return unfinished;
  const char first_of_target = line[space + 1];
  if (static_cast<unsigned char>(first_of_target) <= ' ') return Looks::no;
  const bool cut = line.size() > max_line;
  if (whole && !cut) {
    const std::string_view target_and_version = without_trailing_blanks(line.substr(space + 1));
    return ends_with_version(target_and_version) ? Looks::yes : Looks::no;
  }
  if (std::binary_search(registered_methods.begin(), registered_methods.end(), method)) return Looks::yes;
  return unfinished;
}

Looks looks_like_status_line(std::string_view line, bool whole) {
  // x a digit, 1 a digit but 0, _ the blank behind the code, which servers leave out when no reason follows.
  constexpr std::string_view pattern = "HTTP/1.x 1xx_";
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    if (i == line.size()) {
      if (!whole) return Looks::more;
      return pattern[i] == '_' ? Looks::yes : Looks::no;
    }
    const bool in_code = i >= 9;
    const char c = line[i];
    const bool fits = pattern[i] == 'x'              ? is_digit(c)
                      : in_code && pattern[i] == '1' ? is_digit(c) && c != '0'
                      : pattern[i] == '_'            ? c == ' ' || c == '\t' || c == '\r'
                                                     : c == pattern[i];
    if (!fits) return Looks::no;
  }
  return Looks::yes;
}

Looks looks_like_request(Bytes bytes) {
  std::string_view chars = as_chars(bytes);
  chars.remove_prefix(std::min(chars.find_first_not_of("\r\n"), chars.size()));
  const FirstLine first = first_line(chars);
  return looks_like_request_line(first.line, first.whole);
}

Looks looks_like_response(Bytes bytes) {
  // No further than the pattern goes: a big segment is not searched for its line end.
  const FirstLine first = first_line(as_chars(slice(bytes, 0, 16)));
  return looks_like_status_line(first.line, first.whole);
}

RequestLine request_line(std::string_view line) {
  RequestLine said;
  const std::size_t space = line.find(' ');
  said.method = line.substr(0, space);
  if (space == std::string_view::npos) return said;
  std::string_view rest = line.substr(space + 1);
  if (line.size() <= max_line && ends_with_version(without_trailing_blanks(rest))) {
    rest = without_trailing_blanks(rest);
    said.minor = rest.back();
    rest.remove_suffix(version.size());
  }
  said.target = rest;
  return said;
}

StatusLine status_line(std::string_view line) {
  StatusLine said;
  said.minor = line[7];
  said.status = static_cast<std::uint16_t>((line[9] - '0') * 100 + (line[10] - '0') * 10 + (line[11] - '0'));
  said.text = without_trailing_blanks(line.substr(9));
  return said;
}

}  // namespace humantime::http1
