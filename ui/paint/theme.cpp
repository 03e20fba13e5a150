// SPDX-License-Identifier: GPL-2.0-or-later
#include "paint/theme.h"

#include <QFontInfo>
#include <algorithm>
#include <cmath>

namespace humantime::ui {
namespace {

constexpr int smallest_font = 9;
constexpr double high_contrast_line = 2.5;

// The rows of VISUAL.md's table; black and transparent ones are made from the palette.
struct InkRow {
  Ink ink;
  QRgb light, dark;
};
constexpr InkRow ink_rows[] = {
    {Ink::arp, 0xff5c4500, 0xffecb740},        {Ink::dns, 0xff007848, 0xff40b888},
    {Ink::tcp, 0xff0060c0, 0xff78a1e0},        {Ink::tls, 0xff9c4e96, 0xffcf80ab},
    {Ink::http, 0xffaa4b00, 0xffe87740},       {Ink::quic, 0xff184f5a, 0xffa2d6f3},
    {Ink::vpn, 0xff6c6c6c, 0xffcccccc},        {Ink::muted, 0xff59616a, 0xffa6aeb7},
    {Ink::light_line, 0xff7d6200, 0xffe8cf4a}, {Ink::light_fill, 0xfffff1a8, 0xff4a4012},
    {Ink::selection, 0xff0a5fa8, 0xff7cc0ff},
};

// What is decoration takes the ink, this strong over the page.
struct DecorationRow {
  Ink ink;
  double light, dark;
};
constexpr DecorationRow decoration_rows[] = {{Ink::shade, 0.035, 0.03},
                                             {Ink::night, 0.05, 0.055},
                                             {Ink::grid, 0.10, 0.11},
                                             {Ink::grid_strong, 0.24, 0.26}};

struct StrengthRow {
  Strength strength;
  double light, dark;
};
// Density goes from the first number to the one of segments, with its share.
constexpr StrengthRow strength_rows[] = {
    {Strength::tint, 0.11, 0.20},    {Strength::stage_bar, 0.26, 0.34}, {Strength::under_text, 0.26, 0.34},
    {Strength::density, 0.20, 0.26}, {Strength::segments, 0.60, 0.60},  {Strength::rails, 0.55, 0.55},
    {Strength::solid, 1, 1}};
constexpr double densest = 0.72;

struct FontRow {
  TextStyle style;
  double factor;
  bool bold;
};
constexpr FontRow font_rows[] = {{TextStyle::title, 1.6, true},       {TextStyle::heading, 1.1, true},
                                 {TextStyle::body, 0.95, false},      {TextStyle::body_bold, 0.95, true},
                                 {TextStyle::label, 0.88, false},     {TextStyle::label_bold, 0.88, true},
                                 {TextStyle::tick, 0.8, false},       {TextStyle::tick_bold, 0.8, true},
                                 {TextStyle::number, 44.0 / 12, true}};

// With one colour only, a lane is known by its line: in lengths of the line's width.
struct DashRow {
  Ink ink;
  std::array<double, 6> pattern;
  int length;  ///< of the pattern; 0 is a solid line
};
constexpr DashRow dash_rows[] = {{Ink::arp, {1, 2}, 2},
                                 {Ink::dns, {4, 2}, 2},
                                 {Ink::tcp, {}, 0},
                                 {Ink::tls, {4, 2, 1, 2}, 4},
                                 {Ink::http, {2, 0.6}, 2},
                                 {Ink::quic, {8, 2}, 2},
                                 {Ink::vpn, {4, 2, 1, 2, 1, 2}, 6}};

template <typename Row, std::size_t size, typename Key>
const Row* row_of_key(const Row (&rows)[size], Key Row::*key, Key value) {
  const auto* found =
      std::find_if(std::begin(rows), std::end(rows), [&](const Row& row) { return row.*key == value; });
  return found == std::end(rows) ? nullptr : found;
}

double linear(double channel) {
  return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

double luminance(const QColor& color) {
  return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

QColor with_alpha(QColor color, double alpha) {
  // In bytes: float and double differ between Qt's versions.
  color.setAlpha(static_cast<int>(std::lround(alpha * 255)));
  return color;
}

bool is_lane(Ink ink) {
  return static_cast<std::size_t>(ink) < lane_count;
}

}  // namespace

double contrast_ratio(const QColor& a, const QColor& b) {
  const double x = luminance(a), y = luminance(b);
  return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

Theme::Variant Theme::variant_of(const QPalette& palette) {
  const QColor page = palette.color(QPalette::Active, QPalette::Base);
  const QColor window = palette.color(QPalette::Active, QPalette::Window);
  const QColor text = palette.color(QPalette::Active, QPalette::Text);
  if (page.rgb() == window.rgb() && contrast_ratio(page, text) > 20.9) return Variant::high_contrast;
  return page.lightness() < 128 ? Variant::dark : Variant::light;
}

Theme::Theme(const QPalette& palette, const QFont& application, Variant variant) : variant_(variant) {
  const auto of_palette = [&](QPalette::ColorRole role) { return palette.color(QPalette::Active, role); };
  const auto set = [&](Ink ink, const QColor& color) { colors_[static_cast<std::size_t>(ink)] = color; };
  const QColor text = of_palette(QPalette::Text);
  const QColor page = of_palette(QPalette::Base);
  set(Ink::text, text);
  set(Ink::page, page);
  set(Ink::window, of_palette(QPalette::Window));
  const bool dark = variant == Variant::dark;
  for (const InkRow& row : ink_rows) set(row.ink, QColor::fromRgb(dark ? row.dark : row.light));
  for (const DecorationRow& row : decoration_rows)
    set(row.ink, with_alpha(text, dark ? row.dark : row.light));
  // A highlight that does not show on the page would be a frame that nobody sees.
  const QColor highlight = of_palette(QPalette::Highlight);
  if (contrast_ratio(highlight, page) >= 3) set(Ink::selection, highlight);
  if (variant == Variant::high_contrast) {
    for (std::size_t i = 0; i < lane_count; ++i) colors_[i] = text;
    for (const Ink ink : {Ink::muted, Ink::light_line, Ink::light_fill, Ink::grid, Ink::grid_strong})
      set(ink, text);
    for (const Ink ink : {Ink::shade, Ink::night}) set(ink, QColor(Qt::transparent));
    set(Ink::selection, highlight);
  }

  const int base = QFontInfo(application).pixelSize();
  for (const FontRow& row : font_rows) {
    QFont font = application;
    font.setPixelSize(std::max(smallest_font, static_cast<int>(std::lround(base * row.factor))));
    font.setBold(row.bold);
    font.setItalic(false);
    // Columns of dates must not dance. Before Qt 6.7 there is no way to ask; the usual fonts have them
    // anyway.
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    font.setFeature("tnum", 1);
#endif
    fonts_[static_cast<std::size_t>(row.style)] = font;
  }
}

Theme Theme::for_print(const QFont& application) {
  QPalette paper;
  paper.setColor(QPalette::Base, QColor(0xff, 0xff, 0xff));
  paper.setColor(QPalette::Window, QColor(0xef, 0xf0, 0xf1));
  paper.setColor(QPalette::Text, QColor(0x1b, 0x1f, 0x24));
  paper.setColor(QPalette::Highlight, QColor(0x0a, 0x5f, 0xa8));
  return {paper, application, Variant::light};
}

QColor Theme::color(Ink ink, Strength strength, float share) const {
  const QColor& base = colors_[static_cast<std::size_t>(ink)];
  if (strength == Strength::solid) return base;
  if (variant_ == Variant::high_contrast) {
    // One colour has no shades: what would be a shade is drawn by its outline or its pattern.
    return strength == Strength::tint ? QColor(Qt::transparent) : base;
  }
  const StrengthRow& row = *row_of_key(strength_rows, &StrengthRow::strength, strength);
  double alpha = variant_ == Variant::dark ? row.dark : row.light;
  if (strength == Strength::density)
    alpha += (densest - alpha) * std::clamp(static_cast<double>(share), 0.0, 1.0);
  return with_alpha(base, alpha * base.alphaF());
}

QBrush Theme::brush(const Fill& fill) const {
  const QColor filled = color(fill.ink, fill.strength, fill.share);
  if (variant_ != Variant::high_contrast || fill.strength == Strength::solid) return filled;
  // Denser patterns for more: Dense1 is the densest.
  if (fill.strength == Strength::density) {
    const int step = static_cast<int>(std::lround(std::clamp(static_cast<double>(fill.share), 0.0, 1.0) * 4));
    return {filled, static_cast<Qt::BrushStyle>(Qt::Dense6Pattern - step)};
  }
  // Under a text any pattern is noise; the bar's upper edge tells how long it is.
  if (fill.strength == Strength::under_text) return Qt::NoBrush;
  if (fill.strength == Strength::stage_bar) return {filled, Qt::Dense7Pattern};
  return filled;
}

QBrush Theme::brush(const Wedge& wedge) const {
  const QColor filled = color(wedge.ink, wedge.strength, wedge.share);
  if (wedge.strength != Strength::solid) return brush(Fill{{}, wedge.ink, wedge.strength, wedge.share});
  return variant_ == Variant::high_contrast ? QBrush(filled, Qt::BDiagPattern) : QBrush(filled);
}

QPen Theme::pen(const Line& line) const {
  double width = line.width;
  QPen pen(color(line.ink, line.strength));
  pen.setCapStyle(line.style == LineStyle::solid ? Qt::RoundCap : Qt::FlatCap);
  if (line.style == LineStyle::dashed) pen.setDashPattern({4, 2.5});
  if (line.style == LineStyle::dotted) pen.setDashPattern({1, 2.5});
  if (variant_ == Variant::high_contrast) {
    if (line.ink == Ink::grid) {
      pen.setDashPattern({1, 5});
    } else if (is_lane(line.ink) && line.strength == Strength::solid) {
      width = std::max(width, high_contrast_line);
      const DashRow& row = *row_of_key(dash_rows, &DashRow::ink, line.ink);
      if (line.style == LineStyle::solid && row.length > 0) {
        pen.setDashPattern(QVector<qreal>(row.pattern.begin(), row.pattern.begin() + row.length));
        pen.setCapStyle(Qt::FlatCap);
      }
    }
  }
  pen.setWidthF(width);
  return pen;
}

QPen Theme::pen(const Mark& mark) const {
  QPen pen(color(ink_of(mark.lane)));
  pen.setWidthF(mark.radius < 5 ? 1.3 : 1.6);
  pen.setJoinStyle(Qt::MiterJoin);
  return pen;
}

}  // namespace humantime::ui
