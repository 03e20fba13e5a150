// SPDX-License-Identifier: GPL-2.0-or-later
#include "window/event_menu.h"

#include <QAction>

#include "layout/page.h"
#include "window/frame_filters.h"

namespace humantime::ui {

EventMenu::EventMenu(const Timeline& timeline, const View& view, std::optional<EventIndex> event,
                     std::optional<StretchedTime> time, bool as_preferences, QWidget* parent)
    : QMenu(parent) {
  setObjectName(QStringLiteral("context_menu"));
  const std::uint32_t journey = event ? timeline.at(*event).journey : 0;
  if (event) {
    const EventIndex chosen = *event;
    connect(addAction(tr("&Go to Packet")), &QAction::triggered, this,
            [this, chosen] { Q_EMIT packet_wanted(chosen); });
    connect(addAction(tr("&Copy")), &QAction::triggered, this, &EventMenu::copy_wanted);
    addSeparator();
  }
  const auto origin = origin_of(timeline, view);
  for (const bool apply : {true, false}) {
    QMenu* filters = addMenu(apply ? tr("&Apply as Filter") : tr("&Prepare as Filter"));
    const auto add = [&](const QString& text, const QString& filter) {
      connect(filters->addAction(text), &QAction::triggered, this,
              [this, filter, apply] { Q_EMIT filter_wanted(filter, apply); });
    };
    if (journey != 0) add(tr("This &Journey"), filter_of_journey(journey));
    if (event) add(tr("This &Phase"), filter_of_phase(timeline.at(*event).phase));
    if (time && origin) {
      add(tr("This &Day"), filter_of_date(DateSpan::day, *time, *origin, view.scale, as_preferences));
      add(tr("This &Month"), filter_of_date(DateSpan::month, *time, *origin, view.scale, as_preferences));
    }
    filters->setEnabled(!filters->isEmpty());
  }
  if (journey != 0 && view.journey == 0)
    connect(addAction(tr("&Show Only This Journey")), &QAction::triggered, this,
            [this, journey] { Q_EMIT journey_wanted(journey); });
  if (view.journey != 0)
    connect(addAction(tr("&Show All Journeys")), &QAction::triggered, this,
            [this] { Q_EMIT journey_wanted(0); });
}

}  // namespace humantime::ui
