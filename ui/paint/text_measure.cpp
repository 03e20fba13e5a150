// SPDX-License-Identifier: GPL-2.0-or-later
#include "paint/text_measure.h"

#include <QString>

namespace humantime::ui {

// A page holds a few hundred texts; a capture may hold any number of names.
constexpr std::size_t most_remembered = 8192;

FontMeasure::FontMeasure(const Theme& theme) {
  for (std::size_t i = 0; i < text_style_count; ++i)
    metrics_.emplace_back(theme.font(static_cast<TextStyle>(i)));
}

double FontMeasure::width(std::string_view text, TextStyle style) {
  Widths& widths = widths_[static_cast<std::size_t>(style)];
  const auto found = widths.find(text);
  if (found != widths.end()) return found->second;
  if (widths.size() >= most_remembered) widths.clear();
  const double width =
      metrics_of(style).horizontalAdvance(QString::fromUtf8(text.data(), static_cast<int>(text.size())));
  widths.emplace(text, width);
  return width;
}

TextMeasure FontMeasure::measure() {
  return {[this](std::string_view text, TextStyle style) { return width(text, style); },
          [this](TextStyle style) { return height(style); }};
}

}  // namespace humantime::ui
