// SPDX-License-Identifier: GPL-2.0-or-later
// The line above everything: which view, which journey, at which scale, from which origin, in which language;
// and Save. It changes nothing by itself: the window answers its wishes.
#pragma once

#include <QWidget>

#include "language.h"
#include "layout/view.h"
#include "model/timeline.h"

class QCheckBox;
class QPushButton;

namespace humantime::ui {

class JourneyChooser;
class LabelledChooser;
class ViewSwitch;

class TimelineToolbar : public QWidget {
  Q_OBJECT

 public:
  explicit TimelineToolbar(QWidget* parent);

  /// In the language that is set: what the choosers stand at.
  void show_view(const View& view);
  void set_kind(ViewKind kind);
  ViewKind kind() const;
  /// Journeys have come or gone; null: there are none.
  void set_timeline(const Timeline* timeline);
  void set_journey(std::uint32_t journey);
  /// As if the person had clicked there.
  void toggle_limit();
  void clear_limit();
  /// Behind it the way of the Tab key goes on.
  QWidget* last() const;

 Q_SIGNALS:
  void kind_chosen(humantime::ui::ViewKind kind);
  void journey_chosen(quint32 journey);
  void scale_chosen(quint32 seconds_per_year);
  void origin_chosen(humantime::ui::OriginChoice origin);
  void language_chosen(humantime::Language language);
  /// -1: whatever suits.
  void alignment_chosen(int alignment);
  void compared_chosen(int rows);
  void limit_chosen(bool on);
  void save_wanted();

 private:
  ViewSwitch* views_;
  JourneyChooser* journeys_;
  LabelledChooser *scale_, *origin_, *language_;
  LabelledChooser *align_, *compared_;  ///< of the page that compares
  QCheckBox* limit_;
  QPushButton* save_;
};

}  // namespace humantime::ui
