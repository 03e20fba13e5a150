// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/format.h"

#include <array>
#include <utility>

namespace humantime::reports {
namespace {

constexpr std::array<std::pair<std::string_view, Format>, 3> formats = {
    {{"text", Format::text}, {"json", Format::json}, {"csv", Format::csv}}};

}  // namespace

std::optional<Format> format_from_name(std::string_view name) {
  for (const auto& [known, format] : formats)
    if (known == name) return format;
  return std::nullopt;
}

std::string format_names() {
  std::string names;
  for (const auto& [name, format] : formats) names.append(names.empty() ? "" : ", ").append(name);
  return names;
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

std::string pad(std::string_view utf8, std::size_t width) {
  std::size_t columns = 0;
  for (const char c : utf8) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xc0) == 0x80) continue;
    columns += byte >= 0xe3 && byte <= 0xef ? 2 : 1;
  }
  return std::string(utf8) + std::string(columns < width ? width - columns : 0, ' ');
}

}  // namespace humantime::reports
