// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace humantime::reports {

enum class Format : std::uint8_t {
  text,   ///< for people: columns
  json,   ///< one object a line
  csv,    ///< RFC 4180, with a header line
  story,  ///< for people who know no networks: sentences
};

/// What every report has.
inline constexpr std::array usual_formats = {Format::text, Format::json, Format::csv};
inline constexpr std::array diary_formats = {Format::text, Format::json, Format::csv, Format::story};

std::optional<Format> format_from_name(std::string_view name, std::span<const Format> among = usual_formats);
/// `text, json, csv`: for messages.
std::string format_names(std::span<const Format> among = usual_formats);

/// A CSV cell, quoted where RFC 4180 asks for it; a cell that a spreadsheet would take for a formula is
/// quoted with an apostrophe in front.
std::string csv_cell(std::string_view text);

/// Pads with spaces on the right to `width` columns; Japanese and other wide characters count as two.
std::string pad(std::string_view utf8, std::size_t width);
/// The same on the left, for numbers.
std::string pad_left(std::string_view utf8, std::size_t width);
/// The columns that a text takes.
std::size_t width_of(std::string_view utf8);
/// The text, or as much of it as fits into `width` columns with a `…` behind.
std::string cut(std::string_view utf8, std::size_t width);
/// `12,345,678`.
std::string grouped(std::uint64_t number);
/// `1.23`, `12.34`, `123.4`, `1234`: three digits or more.
std::string short_number(double value);

}  // namespace humantime::reports
