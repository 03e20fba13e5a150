// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/rails_canvas.h"

#include <algorithm>
#include <array>
#include <climits>

#include "window/event_steps.h"
#include "window/line_frames.h"

namespace humantime::ui {

std::optional<EventCanvas::Span> RailsCanvas::shown_span() const {
  const auto frame = rails_frame();
  if (!frame) return std::nullopt;
  return Span{frame->row().begin_ns, frame->row().end_ns};
}

std::optional<StretchedTime> RailsCanvas::time_under(const QPointF& at) const {
  const auto frame = rails_frame();
  return frame ? letters_time_at(*frame, at.x()) : std::nullopt;
}

std::vector<Rect> RailsCanvas::row_rects() const {
  std::vector<Rect> rects;
  const auto frame = rails_frame();
  if (!frame) return rects;
  std::vector<double> rails;
  for (std::size_t i = 0; i < rail_count; ++i)
    if (frame->used[i]) rails.push_back(frame->rails[i]);
  double top = 0;
  for (std::size_t i = 0; i < rails.size(); ++i) {
    const double bottom = i + 1 < rails.size() ? (rails[i] + rails[i + 1]) / 2 : height();
    rects.push_back({0, top, static_cast<double>(width()), bottom - top});
    top = bottom;
  }
  return rects;
}

std::vector<QPainterPath> RailsCanvas::frames_around(const std::vector<EventIndex>& events) {
  return frames_along_lines(scene(), events);
}

const Hit* RailsCanvas::hit_at(const QPointF& at) {
  if (const Hit* hit = EventCanvas::hit_at(at)) return hit;
  if (timeline() == nullptr) return nullptr;
  const auto event = event_near(scene(), {at.x(), at.y()}, line_reach_);
  if (!event) return nullptr;
  line_hit_ = {{at.x() - line_reach_, at.y() - line_reach_, 2 * line_reach_, 2 * line_reach_}, *event, 1};
  return &line_hit_;
}

QString RailsCanvas::row_name(std::size_t row) {
  const auto frame = rails_frame();
  const auto& all = rows();
  if (!frame || row >= all.size()) return {};
  std::size_t events = 0;
  for (const Hit& hit : all[row].hits) events += hit.count;
  const std::array<QString, rail_count> names = {tr("Client"), tr("Router"), tr("Name servers"),
                                                 tr("Server")};
  std::vector<QString> used;
  for (std::size_t i = 0; i < rail_count; ++i)
    if (frame->used[i]) used.push_back(names[i]);
  //: An end and what happens there: "Client, 12 events"
  return tr("%1, %n event(s)", nullptr, static_cast<int>(std::min<std::size_t>(events, INT_MAX)))
      .arg(used[std::min(row, used.size() - 1)]);
}

}  // namespace humantime::ui
