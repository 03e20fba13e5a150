// SPDX-License-Identifier: GPL-2.0-or-later
// How wide a text is in a theme's fonts, remembered: a layout asks for the same words again and again.
#pragma once

#include <QFontMetricsF>
#include <array>
#include <string>
#include <unordered_map>
#include <vector>

#include "layout/scene.h"
#include "paint/theme.h"

namespace humantime::ui {

class FontMeasure {
 public:
  explicit FontMeasure(const Theme& theme);

  /// Logical pixels.
  double width(std::string_view text, TextStyle style);
  double height(TextStyle style) const { return metrics_of(style).height(); }
  double ascent(TextStyle style) const { return metrics_of(style).ascent(); }
  /// For the layout; this must outlive it.
  TextMeasure measure();

 private:
  const QFontMetricsF& metrics_of(TextStyle style) const { return metrics_[static_cast<std::size_t>(style)]; }

  struct Hash : std::hash<std::string_view> {
    using is_transparent = void;
  };
  using Widths = std::unordered_map<std::string, double, Hash, std::equal_to<>>;

  std::vector<QFontMetricsF> metrics_;
  std::array<Widths, text_style_count> widths_;
};

}  // namespace humantime::ui
