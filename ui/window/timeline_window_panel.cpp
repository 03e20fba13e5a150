// SPDX-License-Identifier: GPL-2.0-or-later
// What stands in the panel beside the calendar and the diary, below the event's card: where the days went,
// and where the page or the event is in its journey.
#include <QBoxLayout>
#include <QSplitter>
#include <algorithm>

#include "layout/journey_map.h"
#include "layout/page.h"
#include "layout/period_totals.h"
#include "window/diary_view.h"
#include "window/event_card.h"
#include "window/journey_map_view.h"
#include "window/stage_totals.h"
#include "window/timeline_window.h"

namespace humantime::ui {
namespace {

/// What parts of the panel need at least: pixels.
constexpr int least_diary = 120, least_map = 150, map_beside_diary = 200;

}  // namespace

void TimelineWindow::show_panel() {
  const Timeline* timeline = timeline_.get();
  const bool diary = kind() == ViewKind::diary;
  std::uint32_t selected = selected_ ? timeline->at(*selected_).journey : 0;
  std::uint32_t journey = view_.journey;
  if (journey == 0 && timeline->last_journey() == 1) journey = 1;
  if (journey == 0) journey = selected;
  JourneyMap map;
  // A map of a part of the journey would say that there is no more of it.
  const auto has_map = [&] {
    if (journey == 0) return false;
    journey_index_.of(*timeline, view_, journey);
    return journey_index_.is_whole();
  };
  if (diary || view_.level <= Level::year || !timeline->first_ns()) {
    totals_->show_journey(timeline, view_, journey);
    // An event that belongs to no journey has no place in another one's.
    const bool own = selected_ && selected == journey;
    if (diary && has_map()) map = map_of_event(*timeline, view_, journey, own ? selected_ : std::nullopt);
  } else {
    const Period period = shown_period(*timeline, view_);
    const JourneySummary* of = timeline->summary(selected);
    const bool here = of != nullptr && of->first_ns != Event::unknown && of->first_ns < period.end_ns &&
                      of->last_ns >= period.begin_ns;
    journey = journey_of_period(*timeline, view_, here ? selected : 0, period);
    const bool days = view_.level >= Level::day;
    if (days && has_map()) map = map_of_page(*timeline, view_, journey);
    if (map.journey == 0)
      totals_->show_period(timeline, view_, journey, journey_index_);
    else
      totals_->show_journey(timeline, view_, 0);
  }
  map_->set_view(view_);
  map_->show_map(std::move(map), journey_index_);
}

/// Which of them there is room for.
void TimelineWindow::arrange_panel(bool below) {
  const bool calendar = kind() == ViewKind::calendar, diary = kind() == ViewKind::diary;
  // A card that is cut says less than none.
  const bool room_for_card = below ? splitter_->height() > 600 : height() > 560;
  card_->setVisible(selected_.has_value() && room_for_card);
  int room = splitter_->height() - (calendar ? least_diary : 0);
  const int width = std::max(panel_->width(), 280);
  const int spacing = panel_layout_->spacing();
  if (!card_->isHidden())
    room -= card_->heightForWidth(width) > 0 ? card_->heightForWidth(width) + spacing
                                             : card_->sizeHint().height() + spacing;
  totals_->setVisible(!totals_->is_empty() && !below && totals_->fit_into(width, room));
  if (!totals_->isHidden()) room -= totals_->heightForWidth(width) + spacing;
  const bool map = map_->map().journey != 0 && (calendar || diary);
  map_->setVisible(map && (below ? map_beside_diary < splitter_->width() / 3 : least_map <= room));
}

}  // namespace humantime::ui
