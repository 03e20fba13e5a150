// SPDX-License-Identifier: GPL-2.0-or-later
// What the painter makes of shapes, and the theme of a palette.
#include <gtest/gtest.h>

#include <QImage>
#include <QPainter>
#include <random>

#include "gradual_sort.h"
#include "paint/mark_shapes.h"
#include "paint/scene_painter.h"
#include "paint/text_measure.h"
#include "paint/theme.h"

namespace humantime::ui {
namespace {

QPalette palette_of(const QColor& page, const QColor& window, const QColor& text) {
  QPalette palette;
  palette.setColor(QPalette::Base, page);
  palette.setColor(QPalette::Window, window);
  palette.setColor(QPalette::Text, text);
  return palette;
}

QFont font_of(int pixels) {
  QFont font;
  font.setPixelSize(pixels);
  return font;
}

TEST(Theme, TellsLightDarkAndHighContrast) {
  EXPECT_EQ(Theme::variant_of(palette_of(Qt::white, QColor(0xef, 0xf0, 0xf1), Qt::black)),
            Theme::Variant::light);
  EXPECT_EQ(Theme::variant_of(palette_of(QColor(0x15, 0x18, 0x1c), QColor(0x23, 0x27, 0x2c), Qt::white)),
            Theme::Variant::dark);
  EXPECT_EQ(Theme::variant_of(palette_of(Qt::black, Qt::black, Qt::white)), Theme::Variant::high_contrast);
  EXPECT_EQ(Theme::variant_of(palette_of(Qt::white, Qt::white, Qt::black)), Theme::Variant::high_contrast);
}

TEST(Theme, LanesAndTextsCanBeReadOnTheirPage) {
  const Theme light = Theme::for_print(font_of(12));
  const Theme dark(palette_of(QColor(0x15, 0x18, 0x1c), QColor(0x23, 0x27, 0x2c), QColor(0xec, 0xef, 0xf2)),
                   font_of(12));
  for (const Theme& theme : {light, dark}) {
    for (std::size_t i = 0; i < lane_count; ++i)
      EXPECT_GE(contrast_ratio(theme.color(static_cast<Ink>(i)), theme.color(Ink::page)), 5) << i;
    for (const Ink ink : {Ink::text, Ink::muted})
      EXPECT_GE(contrast_ratio(theme.color(ink), theme.color(Ink::page)), 6);
    EXPECT_GE(contrast_ratio(theme.color(Ink::selection), theme.color(Ink::page)), 3);
  }
}

TEST(Theme, HighContrastHasThreeColours) {
  const QPalette palette = palette_of(Qt::black, Qt::black, Qt::white);
  const Theme theme(palette, font_of(12));
  for (std::size_t i = 0; i < ink_count; ++i) {
    const QColor color = theme.color(static_cast<Ink>(i));
    EXPECT_TRUE(color == QColor(Qt::black) || color == QColor(Qt::white) || color.alpha() == 0 ||
                color == palette.color(QPalette::Highlight))
        << i;
  }
  EXPECT_EQ(theme.color(Ink::tcp, Strength::tint).alpha(), 0);
  Line line{{0, 0}, {10, 0}, Ink::tcp, Strength::solid, LineStyle::solid, 1};
  EXPECT_EQ(theme.pen(line).widthF(), 2.5);
  const QVector<qreal> tcp = theme.pen(line).dashPattern();
  line.ink = Ink::tls;
  EXPECT_NE(theme.pen(line).dashPattern(), tcp) << "lanes differ by their pens";
}

TEST(Theme, FontsFollowTheApplicationsAndNeverVanish) {
  EXPECT_EQ(Theme::for_print(font_of(12)).font(TextStyle::title).pixelSize(), 19);
  EXPECT_EQ(Theme::for_print(font_of(20)).font(TextStyle::tick).pixelSize(), 16);
  EXPECT_EQ(Theme::for_print(font_of(6)).font(TextStyle::tick).pixelSize(), 9);
}

TEST(Theme, StrengthsAreAlphas) {
  const Theme theme = Theme::for_print(font_of(12));
  EXPECT_EQ(theme.color(Ink::tcp, Strength::tint).alpha(), 28);
  EXPECT_LT(theme.color(Ink::http, Strength::density, 0.1F).alpha(),
            theme.color(Ink::http, Strength::density, 0.9F).alpha());
}

TEST(Marks, AllShapesAndFillingsDiffer) {
  const Theme theme = Theme::for_print(font_of(12));
  std::vector<QImage> pictures;
  for (std::size_t lane = 0; lane < lane_count; ++lane) {
    for (const Filling filling : {Filling::hollow, Filling::half, Filling::filled}) {
      QImage picture(32, 32, QImage::Format_RGB32);
      picture.fill(Qt::white);
      QPainter painter(&picture);
      painter.setRenderHint(QPainter::Antialiasing);
      paint_mark(painter, {.at = {16, 16}, .radius = 8, .lane = static_cast<Lane>(lane), .filling = filling},
                 theme);
      painter.end();
      // By shape alone: black on white.
      const QImage shape = picture.convertToFormat(QImage::Format_Mono, Qt::ThresholdDither);
      for (const QImage& other : pictures) EXPECT_NE(shape, other) << lane;
      pictures.push_back(shape);
    }
  }
}

TEST(Painter, ReplaysShapesWhereTheyAre) {
  const Theme theme = Theme::for_print(font_of(12));
  Scene scene;
  scene.fills.push_back({{10, 10, 20, 20}, Ink::tcp});
  scene.lines.push_back({{40, 5}, {40, 55}, Ink::http, Strength::solid, LineStyle::solid, 3});
  scene.wedges.push_back({{{50, 10}, {70, 10}, {50, 40}}});
  scene.marks.push_back({.at = {80, 30}, .radius = 6, .lane = Lane::tls, .filling = Filling::filled});
  QImage picture(100, 60, QImage::Format_RGB32);
  picture.fill(Qt::white);
  QPainter painter(&picture);
  paint_scene(painter, scene, theme);
  painter.end();
  EXPECT_EQ(picture.pixelColor(20, 20), theme.color(Ink::tcp));
  EXPECT_EQ(picture.pixelColor(40, 30), theme.color(Ink::http));
  EXPECT_EQ(picture.pixelColor(53, 13), theme.color(Ink::light_fill));
  EXPECT_EQ(picture.pixelColor(80, 30), theme.color(Ink::tls));
  EXPECT_EQ(picture.pixelColor(95, 55), QColor(Qt::white));
}

TEST(Painter, LeavesOutWhatIsOutsideOfTheClip) {
  const Theme theme = Theme::for_print(font_of(12));
  Scene scene;
  scene.fills.push_back({{0, 0, 100, 60}, Ink::tcp});
  QImage picture(100, 60, QImage::Format_RGB32);
  picture.fill(Qt::white);
  QPainter painter(&picture);
  painter.setClipRect(QRect(0, 0, 50, 60));
  paint_scene(painter, scene, theme);
  painter.end();
  EXPECT_EQ(picture.pixelColor(20, 20), theme.color(Ink::tcp));
  EXPECT_EQ(picture.pixelColor(80, 20), QColor(Qt::white));
}

TEST(Measure, IsAsWideAsWhatIsPainted) {
  const Theme theme = Theme::for_print(font_of(12));
  FontMeasure measure(theme);
  EXPECT_EQ(measure.width("", TextStyle::label), 0);
  EXPECT_GT(measure.width("ClientHello", TextStyle::label), measure.width("Client", TextStyle::label));
  EXPECT_EQ(measure.width("日記", TextStyle::body),
            QFontMetricsF(theme.font(TextStyle::body)).horizontalAdvance(QStringLiteral("日記")));
}

TEST(GradualSort, IsStableWhateverTheBudget) {
  std::mt19937 random(7);
  for (const std::size_t size : {0U, 1U, 2U, 1023U, 1024U, 1025U, 5000U, 20000U}) {
    for (const std::size_t budget : {1U, 700U, 100000U}) {
      if (budget == 1 && size > 1100) continue;
      std::vector<std::pair<int, int>> values;
      for (std::size_t i = 0; i < size; ++i)
        values.emplace_back(static_cast<int>(random() % 100), static_cast<int>(i));
      auto expected = values;
      const auto less = [](const auto& a, const auto& b) { return a.first < b.first; };
      std::stable_sort(expected.begin(), expected.end(), less);
      GradualSort<std::pair<int, int>> sort;
      sort.begin(values);
      while (sort.advance(budget, less)) {
      }
      ASSERT_EQ(sort.take(), expected) << size << " by " << budget;
    }
  }
}

}  // namespace
}  // namespace humantime::ui
