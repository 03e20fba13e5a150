// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/line_frames.h"

#include <QPainterPathStroker>
#include <QRectF>
#include <algorithm>
#include <cmath>

namespace humantime::ui {
namespace {

constexpr double selection_margin = 5;

}  // namespace

std::vector<QPainterPath> frames_along_lines(const Scene& scene, const std::vector<EventIndex>& events) {
  const auto wanted = [&](EventIndex event) {
    return event != no_event && std::find(events.begin(), events.end(), event) != events.end();
  };
  QPainterPath around;
  QPainterPathStroker stroker;
  stroker.setWidth(2 * selection_margin);
  stroker.setCapStyle(Qt::RoundCap);
  for (const Line& line : scene.lines) {
    if (!wanted(line.event)) continue;
    QPainterPath path(QPointF(line.from.x, line.from.y));
    path.lineTo(line.to.x, line.to.y);
    around = around.united(stroker.createStroke(path));
  }
  for (const Mark& mark : scene.marks) {
    if (!wanted(mark.event)) continue;
    QPainterPath path;
    const double reach = mark.radius + selection_margin - 1;
    path.addEllipse(QPointF(mark.at.x, mark.at.y), reach, reach);
    around = around.united(path);
  }
  std::vector<QPainterPath> frames;
  if (!around.isEmpty()) frames.push_back(around.simplified());
  // A block's line has several labels: one frame for all of them.
  std::vector<QRectF> lines;
  for (const Label& label : scene.labels) {
    if (!wanted(label.event) || label.in_pill) continue;
    const QRectF box(label.box.x - 3, label.box.y, label.box.width + 6, label.box.height);
    if (!lines.empty() && std::abs(lines.back().center().y() - box.center().y()) < 1)
      lines.back() = lines.back().united(box);
    else
      lines.push_back(box);
  }
  for (const QRectF& line : lines) {
    QPainterPath path;
    path.addRect(line);
    frames.push_back(path);
  }
  return frames;
}

}  // namespace humantime::ui
