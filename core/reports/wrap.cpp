// SPDX-License-Identifier: GPL-2.0-or-later
#include "reports/wrap.h"

#include <algorithm>
#include <array>
#include <vector>

#include "reports/format.h"

namespace humantime::reports {
namespace {

// Characters that no line begins with, and that none ends with.
constexpr std::array<std::string_view, 12> not_first = {"、", "。", "」", "』", "）", "ー",
                                                        "！", "？", "…",  "っ", "ゃ", "ょ"};
constexpr std::array<std::string_view, 3> not_last = {"「", "『", "（"};

template <std::size_t Size>
bool is_one_of(std::string_view character, const std::array<std::string_view, Size>& set) {
  return std::find(set.begin(), set.end(), character) != set.end();
}

std::vector<std::string_view> characters_of(std::string_view utf8) {
  std::vector<std::string_view> characters;
  for (std::size_t at = 0; at < utf8.size();) {
    std::size_t end = at + 1;
    while (end < utf8.size() && (static_cast<unsigned char>(utf8[end]) & 0xc0) == 0x80) ++end;
    characters.push_back(utf8.substr(at, end - at));
    at = end;
  }
  return characters;
}

constexpr std::string_view no_break_space = "\u00a0";

/// Whether a line may end behind `left` and the next begin with `right`.
bool may_break(std::string_view left, std::string_view right) {
  if (right == " ") return false;
  if (left == " ") return true;
  if (is_one_of(right, not_first) || is_one_of(left, not_last)) return false;
  return width_of(left) == 2 || width_of(right) == 2;
}

}  // namespace

std::string wrap(std::string_view utf8, std::size_t width, std::size_t indent) {
  std::string text;
  std::string word;  // what must stay together
  std::size_t line = 0, word_width = 0;
  const auto put_word = [&] {
    std::size_t visible = word_width;
    if (!word.empty() && word.back() == ' ') --visible;
    if (line > 0 && line + visible > width) {
      while (!text.empty() && text.back() == ' ') text.pop_back();
      text += "\n" + std::string(indent, ' ');
      line = 0;
    }
    text += word;
    line += word_width;
    word.clear();
    word_width = 0;
  };
  const std::vector<std::string_view> characters = characters_of(utf8);
  for (std::size_t i = 0; i < characters.size(); ++i) {
    word += characters[i] == no_break_space ? " " : characters[i];
    word_width += width_of(characters[i]);
    if (i + 1 == characters.size() || may_break(characters[i], characters[i + 1]) || word_width + 1 >= width)
      put_word();
  }
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text + "\n";
}

std::string unbroken(std::string_view utf8) {
  std::string text;
  for (const char c : utf8) c == ' ' ? text += no_break_space : text += c;
  return text;
}

}  // namespace humantime::reports
