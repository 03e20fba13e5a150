// SPDX-License-Identifier: GPL-2.0-or-later
// The journey's letters in the side panel, with the place in it that the page is at.
#pragma once

#include <optional>

#include "layout/journey_map.h"
#include "model/journey_index.h"
#include "window/rails_canvas.h"

namespace humantime::ui {

/// A click takes the letter that is next to it or, away from all, wants its date.
class JourneyMapView : public RailsCanvas {
  Q_OBJECT

 public:
  explicit JourneyMapView(QWidget* parent);

  void set_timeline(const Timeline* timeline) override;
  /// Without a journey the map is empty.
  /// `index` must stay; it is asked again when the map is laid out.
  void show_map(JourneyMap map, JourneyIndex& index);
  const JourneyMap& map() const { return map_; }

  QSize sizeHint() const override;
  QString page_name() override;

 Q_SIGNALS:
  void time_wanted(humantime::StretchedTime time);

 protected:
  void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) override;
  void paint_overlay(QPainter& painter) override;
  std::optional<LettersFrame> rails_frame() const override;
  void zoom(int steps, StretchedTime about, const QPointF& anchor) override;
  void drag(const QPointF& moved) override;
  bool scroll(const QWheelEvent& event) override;
  void turn(int pages) override;
  void show_whole() override;
  bool go_back() override;
  std::optional<EventIndex> next_event(std::int64_t from_ns, Step step) const override;
  void mousePressEvent(QMouseEvent* event) override;
  bool event(QEvent* event) override;

 private:
  bool is_empty() const { return timeline() == nullptr || map_.journey == 0 || index_ == nullptr; }
  const TimelineIndex& index() const { return index_->of(*timeline(), view_, map_.journey); }

  JourneyMap map_;
  JourneyIndex* index_ = nullptr;
  LettersFrame frame_;  ///< as last laid out
};

}  // namespace humantime::ui
