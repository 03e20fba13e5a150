// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace humantime::reports {

enum class Format : std::uint8_t {
  text,  ///< for people: columns
  json,  ///< one object a line
  csv,   ///< RFC 4180, with a header line
};

std::optional<Format> format_from_name(std::string_view name);
/// `text, json, csv`: for messages.
std::string format_names();

/// A CSV cell, quoted where RFC 4180 asks for it; a cell that a spreadsheet would take for a formula is
/// quoted with an apostrophe in front.
std::string csv_cell(std::string_view text);

/// Pads with spaces on the right to `width` columns; Japanese and other wide characters count as two.
std::string pad(std::string_view utf8, std::size_t width);

}  // namespace humantime::reports
