// SPDX-License-Identifier: GPL-2.0-or-later
// The context menu of an event, or of a place in the year.
#pragma once

#include <QMenu>
#include <optional>

#include "layout/view.h"
#include "model/timeline.h"

namespace humantime::ui {

class EventMenu : public QMenu {
  Q_OBJECT

 public:
  /// Over an event or over none; `time` where the place is a date. `as_preferences`: the view's scale and
  /// origin are those of the fields that a filter asks.
  EventMenu(const Timeline& timeline, const View& view, std::optional<EventIndex> event,
            std::optional<StretchedTime> time, bool as_preferences, QWidget* parent);

 Q_SIGNALS:
  void packet_wanted(humantime::ui::EventIndex event);
  void copy_wanted();
  void filter_wanted(const QString& filter, bool apply);
  /// 0: all.
  void journey_wanted(quint32 journey);
};

}  // namespace humantime::ui
