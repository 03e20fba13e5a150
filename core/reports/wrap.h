// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace humantime::reports {

/// Breaks a text into lines of at most `width` columns, each behind `indent` spaces except the first, each
/// with a line end. Lines break at spaces and between Japanese characters, where their punctuation allows it
/// (JIS X 4051); a word that is longer than a line is broken anywhere.
std::string wrap(std::string_view utf8, std::size_t width, std::size_t indent);

/// The text with spaces at which wrap() does not break.
std::string unbroken(std::string_view utf8);

}  // namespace humantime::reports
