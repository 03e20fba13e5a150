// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/format.h"

#include <array>
#include <cstdio>

namespace humantime::reports {
namespace {

// Indexed by Format.
constexpr std::array<std::string_view, 4> names = {"text", "json", "csv", "story"};

constexpr std::string_view name_of(Format format) {
  return names[static_cast<std::size_t>(format)];
}

/// The length of the UTF-8 sequence that begins at `at`, by what follows.
std::size_t sequence_length(std::string_view utf8, std::size_t at) {
  std::size_t end = at + 1;
  while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xc0) == 0x80) ++end;
  return end - at;
}

/// Of the sequence that begins with `lead`: Japanese begins at U+3000.
std::size_t columns_of(char lead) {
  const auto byte = static_cast<unsigned char>(lead);
  return byte >= 0xe3 && byte <= 0xef ? 2 : 1;
}

}  // namespace

std::optional<Format> format_from_name(std::string_view name, std::span<const Format> among) {
  for (const Format format : among)
    if (name_of(format) == name) return format;
  return std::nullopt;
}

std::string format_names(std::span<const Format> among) {
  std::string list;
  for (const Format format : among) list.append(list.empty() ? "" : ", ").append(name_of(format));
  return list;
}

std::string csv_cell(std::string_view text) {
  const bool formula = !text.empty() &&
                       std::string_view("=+-@").find(text.front()) != std::string_view::npos &&
                       text.find_first_not_of("+-0123456789.") != std::string_view::npos;
  if (!formula && text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string cell = formula ? "\"'" : "\"";
  for (const char c : text) {
    if (c == '"') cell += '"';
    cell += c;
  }
  return cell + '"';
}

std::size_t width_of(std::string_view utf8) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < utf8.size(); at += sequence_length(utf8, at)) columns += columns_of(utf8[at]);
  return columns;
}

std::string pad(std::string_view utf8, std::size_t width) {
  const std::size_t columns = width_of(utf8);
  return std::string(utf8) + std::string(columns < width ? width - columns : 0, ' ');
}

std::string pad_left(std::string_view utf8, std::size_t width) {
  const std::size_t columns = width_of(utf8);
  return std::string(columns < width ? width - columns : 0, ' ') + std::string(utf8);
}

std::string cut(std::string_view utf8, std::size_t width) {
  if (width_of(utf8) <= width) return std::string(utf8);
  std::size_t columns = 1;  // the ellipsis
  std::size_t at = 0;
  while (at < utf8.size() && columns + columns_of(utf8[at]) <= width) {
    columns += columns_of(utf8[at]);
    at += sequence_length(utf8, at);
  }
  return std::string(utf8.substr(0, at)) + (width > 0 ? "…" : "");
}

std::string grouped(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t at = text.size(); at > 3; at -= 3) text.insert(at - 3, ",");
  return text;
}

std::string short_number(double value) {
  std::array<char, 32> text;
  const int digits = value < 100 ? 2 : value < 1000 ? 1 : 0;
  const int size = std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return {text.data(), static_cast<std::size_t>(size)};
}

}  // namespace humantime::reports
