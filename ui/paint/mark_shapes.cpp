// SPDX-License-Identifier: GPL-2.0-or-later
#include "paint/mark_shapes.h"

#include <QPolygonF>
#include <array>
#include <cmath>
#include <numbers>
#include <span>

namespace humantime::ui {
namespace {

struct Corner {
  double x, y;
};

// In radii. A triangle or a diamond as wide as a square would look smaller: they reach further out.
constexpr std::array triangle_up = {Corner{0, -1.12}, Corner{1.15, 0.92}, Corner{-1.15, 0.92}};
constexpr std::array diamond = {Corner{0, -1.28}, Corner{1.28, 0}, Corner{0, 1.28}, Corner{-1.28, 0}};
constexpr std::array square = {Corner{-0.92, -0.92}, Corner{0.92, -0.92}, Corner{0.92, 0.92},
                               Corner{-0.92, 0.92}};
constexpr std::array hexagon = {Corner{-1.16, 0}, Corner{-0.58, -1}, Corner{0.58, -1},
                                Corner{1.16, 0},  Corner{0.58, 1},   Corner{-0.58, 1}};
constexpr std::array triangle_down = {Corner{0, 1.12}, Corner{-1.15, -0.92}, Corner{1.15, -0.92}};
constexpr double arm = 0.4;
constexpr std::array cross = {Corner{-arm, -1.1}, Corner{arm, -1.1}, Corner{arm, -arm},  Corner{1.1, -arm},
                              Corner{1.1, arm},   Corner{arm, arm},  Corner{arm, 1.1},   Corner{-arm, 1.1},
                              Corner{-arm, arm},  Corner{-1.1, arm}, Corner{-1.1, -arm}, Corner{-arm, -arm}};

std::span<const Corner> corners_of(Lane lane) {
  switch (lane) {
    case Lane::arp:
      return triangle_up;
    case Lane::dns:
      return diamond;
    case Lane::tcp:
      return square;
    case Lane::http:
      return hexagon;
    case Lane::quic:
      return triangle_down;
    case Lane::vpn:
      return cross;
    case Lane::tls:  // a circle has none
      break;
  }
  return {};
}

}  // namespace

QPainterPath mark_shape(Lane lane, double radius) {
  QPainterPath path;
  const std::span<const Corner> corners = corners_of(lane);
  if (corners.empty()) {
    path.addEllipse(QPointF(0, 0), radius, radius);
    return path;
  }
  QPolygonF polygon;
  for (const Corner& corner : corners) polygon << QPointF(corner.x * radius, corner.y * radius);
  path.addPolygon(polygon);
  path.closeSubpath();
  return path;
}

void paint_mark(QPainter& painter, const Mark& mark, const Theme& theme) {
  const QPainterPath shape = mark_shape(mark.lane, mark.radius);
  const QColor ink = theme.color(ink_of(mark.lane));
  painter.save();
  painter.translate(mark.at.x, mark.at.y);
  painter.setPen(theme.pen(mark));
  painter.setBrush(mark.filling == Filling::filled ? ink : theme.color(Ink::page));
  painter.drawPath(shape);
  if (mark.filling == Filling::half) {
    const double reach = 2.0 * mark.radius;
    QPainterPath left;
    left.addRect(QRectF(-reach, -reach, reach, 2 * reach));
    painter.setPen(Qt::NoPen);
    painter.setBrush(ink);
    painter.drawPath(shape.intersected(left));
  }
  painter.restore();
}

}  // namespace humantime::ui
