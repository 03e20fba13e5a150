// SPDX-License-Identifier: GPL-2.0-or-later
// What the roles of a scene look like: colours, pens and fonts of VISUAL.md, made once from a palette and a
// font.
#pragma once

#include <QBrush>
#include <QColor>
#include <QFont>
#include <QPalette>
#include <QPen>
#include <array>
#include <cstdint>

#include "layout/scene.h"

namespace humantime::ui {

constexpr std::size_t ink_count = static_cast<std::size_t>(Ink::selection) + 1;
constexpr std::size_t text_style_count = static_cast<std::size_t>(TextStyle::number) + 1;

class Theme {
 public:
  /// high_contrast: the window's colour, its text's and the highlight, nothing else; lanes differ by pen.
  enum class Variant : std::uint8_t { light, dark, high_contrast };

  /// The variant is told by the lightness of the palette's page, and by a page that is pure black or white
  /// together with its window: that is what the high-contrast schemes of the desktops are.
  static Variant variant_of(const QPalette& palette);

  /// Fonts are sized from `application`, in logical pixels, never below 9.
  Theme(const QPalette& palette, const QFont& application)
      : Theme(palette, application, variant_of(palette)) {}
  Theme(const QPalette& palette, const QFont& application, Variant variant);
  /// Black on white, whatever the screen looks like: for paper and for files.
  static Theme for_print(const QFont& application);

  Variant variant() const { return variant_; }
  /// The colour with the strength's alpha; `share` counts for Strength::density only.
  QColor color(Ink ink, Strength strength = Strength::solid, float share = 1) const;
  QBrush brush(const Fill& fill) const;
  QBrush brush(const Wedge& wedge) const;
  QPen pen(const Line& line) const;
  /// Of a mark's outline.
  QPen pen(const Mark& mark) const;
  const QFont& font(TextStyle style) const { return fonts_[static_cast<std::size_t>(style)]; }

 private:
  Variant variant_;
  std::array<QColor, ink_count> colors_;
  std::array<QFont, text_style_count> fonts_;
};

/// How far two colours stand apart for the eye: WCAG 2.1's contrast ratio, 1 to 21.
double contrast_ratio(const QColor& a, const QColor& b);

}  // namespace humantime::ui
