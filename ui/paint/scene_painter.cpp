// SPDX-License-Identifier: GPL-2.0-or-later
#include "paint/scene_painter.h"

#include <QFontMetricsF>
#include <QLineF>
#include <QRectF>
#include <QVector>
#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "paint/mark_shapes.h"

namespace humantime::ui {
namespace {

/// What is visible; everything where the painter has no clip.
class Clip {
 public:
  explicit Clip(const QPainter& painter) {
    if (!painter.hasClipping()) return;
    const QRectF rect = painter.clipBoundingRect();
    visible_ = Rect{rect.x(), rect.y(), rect.width(), rect.height()};
  }
  bool shows(const Rect& rect) const { return !visible_ || visible_->intersects(rect); }
  bool shows(const Line& line) const {
    const double margin = line.width;
    const auto [left, right] = std::minmax(line.from.x, line.to.x);
    const auto [top, bottom] = std::minmax(line.from.y, line.to.y);
    return shows(Rect{left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin});
  }
  bool shows(const Mark& mark) const {
    const double reach = 2.0 * mark.radius;
    return shows(Rect{mark.at.x - reach, mark.at.y - reach, 2 * reach, 2 * reach});
  }

 private:
  std::optional<Rect> visible_;
};

QRectF to_qt(const Rect& rect) {
  return {rect.x, rect.y, rect.width, rect.height};
}

void paint_fills(QPainter& painter, const Scene& scene, const Theme& theme, const Clip& clip) {
  // Neighbours share an edge: blurred edges would show as lines between them.
  painter.setRenderHint(QPainter::Antialiasing, false);
  painter.setPen(Qt::NoPen);
  for (const Fill& fill : scene.fills)
    if (clip.shows(fill.rect)) painter.fillRect(to_qt(fill.rect), theme.brush(fill));
}

void paint_wedges(QPainter& painter, const Scene& scene, const Theme& theme, const Clip& clip) {
  painter.setRenderHint(QPainter::Antialiasing, true);
  painter.setPen(Qt::NoPen);
  for (const Wedge& wedge : scene.wedges) {
    const auto& c = wedge.corners;
    const auto [left, right] = std::minmax({c[0].x, c[1].x, c[2].x});
    const auto [top, bottom] = std::minmax({c[0].y, c[1].y, c[2].y});
    if (!clip.shows(Rect{left, top, right - left, bottom - top})) continue;
    const std::array<QPointF, 3> triangle = {QPointF(c[0].x, c[0].y), QPointF(c[1].x, c[1].y),
                                             QPointF(c[2].x, c[2].y)};
    // Neighbours of a tint share an edge, as fills do.
    painter.setRenderHint(QPainter::Antialiasing, wedge.strength == Strength::solid);
    painter.setBrush(theme.brush(wedge));
    painter.drawPolygon(triangle.data(), static_cast<int>(triangle.size()));
  }
}

/// What one pen draws.
struct PenKey {
  Ink ink;
  Strength strength;
  LineStyle style;
  float width;
  bool crisp;  ///< along an axis and thin: antialiased it would be two grey pixels
  bool operator==(const PenKey&) const = default;
};

PenKey key_of(const Line& line) {
  const bool along_axis = line.from.x == line.to.x || line.from.y == line.to.y;
  return {line.ink, line.strength, line.style, line.width, along_axis && line.width <= 1};
}

void paint_lines(QPainter& painter, const Scene& scene, const Theme& theme, const Clip& clip) {
  // A scene has a dozen pens at the most, so they are searched in a row; each is set once, in the order in
  // which the layout used it first, which is the order from below.
  struct Batch {
    PenKey key;
    const Line* line;
    QVector<QLineF> lines;
  };
  std::vector<Batch> batches;
  std::size_t last = 0;
  for (const Line& line : scene.lines) {
    if (!clip.shows(line)) continue;
    const PenKey key = key_of(line);
    if (last >= batches.size() || batches[last].key != key) {
      const auto found =
          std::find_if(batches.begin(), batches.end(), [&](const Batch& b) { return b.key == key; });
      last = static_cast<std::size_t>(found - batches.begin());
      if (found == batches.end()) batches.push_back({key, &line, {}});
    }
    batches[last].lines.append(QLineF(line.from.x, line.from.y, line.to.x, line.to.y));
  }
  painter.setBrush(Qt::NoBrush);
  for (const Batch& batch : batches) {
    painter.setRenderHint(QPainter::Antialiasing, !batch.key.crisp);
    painter.setPen(theme.pen(*batch.line));
    painter.drawLines(batch.lines);
  }
}

}  // namespace

void paint_label(QPainter& painter, const Label& label, const Theme& theme) {
  const QFont& font = theme.font(label.style);
  const QString text = QString::fromStdString(label.text);
  painter.setFont(font);
  int flags = Qt::AlignVCenter | Qt::TextSingleLine | Qt::TextDontClip;
  flags |= label.align == Align::left    ? Qt::AlignLeft
           : label.align == Align::right ? Qt::AlignRight
                                         : Qt::AlignHCenter;
  const QRectF box = to_qt(label.box);
  if (label.in_pill) {
    constexpr double across = 5, radius = 4;
    painter.setPen(QPen(theme.color(label.ink), 1));
    painter.setBrush(theme.color(Ink::page));
    painter.drawRoundedRect(box.adjusted(-across, -1, across, 1), radius, radius);
  }
  if (label.on_page) {
    painter.setPen(theme.color(Ink::page));
    static constexpr std::array offsets = {QPointF(-1.5, 0), QPointF(1.5, 0), QPointF(0, -1.5),
                                           QPointF(0, 1.5),  QPointF(-1, -1), QPointF(1, -1),
                                           QPointF(-1, 1),   QPointF(1, 1)};
    for (const QPointF& offset : offsets) painter.drawText(box.translated(offset), flags, text);
  }
  painter.setPen(theme.color(label.ink));
  painter.drawText(box, flags, text);
}

void paint_scene(QPainter& painter, const Scene& scene, const Theme& theme) {
  painter.save();
  const Clip clip(painter);
  paint_fills(painter, scene, theme, clip);
  paint_wedges(painter, scene, theme, clip);
  paint_lines(painter, scene, theme, clip);
  painter.setRenderHint(QPainter::Antialiasing, true);
  for (const Mark& mark : scene.marks)
    if (clip.shows(mark)) paint_mark(painter, mark, theme);
  for (const Label& label : scene.labels)
    if (clip.shows(label.box)) paint_label(painter, label, theme);
  painter.restore();
}

}  // namespace humantime::ui
