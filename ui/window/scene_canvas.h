// SPDX-License-Identifier: GPL-2.0-or-later
// A scene on the screen: laid out when asked to, painted into a pixmap once, and the pixmap shown.
#pragma once

#include <QPixmap>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <optional>

#include "layout/scene.h"
#include "layout/view.h"
#include "model/timeline.h"
#include "paint/text_measure.h"
#include "paint/theme.h"

namespace humantime::ui {

/// What the calendar and the strip share. A layout is made once when the view, the events or the size have
/// changed, from the event loop; a paint event copies pixels and adds the overlay.
class SceneCanvas : public QWidget {
  Q_OBJECT

 public:
  explicit SceneCanvas(QWidget* parent);
  ~SceneCanvas() override;

  /// Null: the page is bare. The timeline must stay until another one is set.
  virtual void set_timeline(const Timeline* timeline);
  virtual void set_view(const View& view);
  /// Events have come or gone.
  void set_stale();

  const Timeline* timeline() const { return timeline_; }
  const View& view() const { return view_; }
  const Theme& theme() const { return theme_; }
  /// As last laid out; brings it up to date first.
  const Scene& scene();
  /// How often a layout was made: for those who test that nothing is made twice.
  std::size_t layouts() const { return layouts_; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void changeEvent(QEvent* event) override;

  virtual void lay_out(const Timeline& timeline, const TextMeasure& measure, Scene& scene) = 0;
  /// After a layout.
  virtual void scene_changed() {}
  virtual void paint_overlay(QPainter& painter);
  /// What the scene is moved up by.
  virtual double scrolled() const { return 0; }
  /// Whether scene() will lay out anew.
  bool is_stale() const { return scene_stale_; }
  /// The pixmap no longer shows the scene.
  void repaint_scene();
  const QPixmap& picture();

  View view_;

 private:
  void take_theme();

  const Timeline* timeline_ = nullptr;
  Theme theme_;
  std::unique_ptr<FontMeasure> measure_;
  Scene scene_;
  QPixmap picture_;
  QTimer refresh_;  ///< at once: many changes make one layout
  bool scene_stale_ = true, picture_stale_ = true;
  std::size_t layouts_ = 0;
};

}  // namespace humantime::ui
