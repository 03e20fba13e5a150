// SPDX-License-Identifier: GPL-2.0-or-later
// What the window is made of, and how its parts tell each other what a person does.
#include <QHeaderView>
#include <QPushButton>
#include <QShortcut>
#include <QSignalBlocker>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <array>

#include "layout/calendar_layout.h"
#include "layout/letters_frame.h"
#include "layout/page.h"
#include "window/calendar_view.h"
#include "window/compare_view.h"
#include "window/connections_view.h"
#include "window/diary_model.h"
#include "window/diary_view.h"
#include "window/empty_state.h"
#include "window/event_card.h"
#include "window/event_words.h"
#include "window/journey_map_view.h"
#include "window/legend_bar.h"
#include "window/letters_overview.h"
#include "window/letters_view.h"
#include "window/stage_totals.h"
#include "window/strip_view.h"
#include "window/timeline_toolbar.h"
#include "window/timeline_window.h"
#include "window/view_switch.h"

namespace humantime::ui {
namespace {

// As the preferences have them.
constexpr std::array<const char*, 3> origin_names = {"capture", "journey", "reference"};
constexpr std::array<const char*, 2> language_names = {"en", "ja"};

}  // namespace

void TimelineWindow::build_body() {
  toolbar_ = new TimelineToolbar(this);
  strip_ = new StripView(this);
  overview_ = new LettersOverview(this);
  diary_ = new DiaryModel(this);
  splitter_ = new QSplitter(this);
  splitter_->setChildrenCollapsible(false);
  pages_ = new QStackedWidget(splitter_);
  pages_->setFrameShape(QFrame::StyledPanel);
  calendar_ = new CalendarView(pages_);
  letters_ = new LettersView(pages_);
  compare_ = new CompareView(pages_);
  connections_ = new ConnectionsView(pages_);
  empty_ = new EmptyState(calendar_);
  no_letters_ = new EmptyState(letters_);
  no_letters_->setObjectName(QStringLiteral("no_letters"));
  no_compare_ = new EmptyState(compare_);
  no_compare_->setObjectName(QStringLiteral("no_compare"));
  no_connections_ = new EmptyState(connections_);
  no_connections_->setObjectName(QStringLiteral("no_connections"));
  full_diary_ = new DiaryView(diary_, DiaryView::Columns::all, pages_);
  pages_->addWidget(calendar_);
  pages_->addWidget(letters_);
  pages_->addWidget(full_diary_);
  pages_->addWidget(compare_);
  pages_->addWidget(connections_);
  panel_ = new QWidget(splitter_);
  panel_->setObjectName(QStringLiteral("panel"));
  panel_layout_ = new QVBoxLayout(panel_);
  panel_layout_->setContentsMargins(0, 0, 0, 0);
  panel_layout_->setSpacing(6);
  panel_diary_ = new DiaryView(diary_, DiaryView::Columns::narrow, panel_);
  card_ = new EventCard(EventCard::Place::panel, panel_);
  totals_ = new StageTotalsPanel(panel_);
  panel_layout_->addWidget(panel_diary_, 1);
  panel_layout_->addWidget(card_);
  map_ = new JourneyMapView(panel_);
  panel_layout_->addWidget(totals_);
  // A map can use the room better than a list that scrolls.
  panel_layout_->addWidget(map_, 2);
  panel_layout_->addStretch();
  card_->hide();
  totals_->hide();
  map_->hide();
  splitter_->addWidget(pages_);
  splitter_->addWidget(panel_);
  splitter_->setStretchFactor(0, 1);
  splitter_->setStretchFactor(1, 0);
  legend_ = new LegendBar(this);

  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(toolbar_);
  column->addWidget(strip_);
  column->addWidget(overview_);
  auto* body = new QVBoxLayout;
  body->setContentsMargins(8, 6, 8, 2);
  body->addWidget(splitter_);
  column->addLayout(body, 1);
  column->addWidget(legend_);
  // The way of the Tab key: as the eye goes.
  const std::array<QWidget*, 14> way = {toolbar_->last(),
                                        strip_,
                                        overview_,
                                        calendar_,
                                        letters_,
                                        full_diary_->search(),
                                        full_diary_->table(),
                                        compare_,
                                        connections_->search(),
                                        connections_->servers(),
                                        connections_->page(),
                                        panel_diary_->search(),
                                        panel_diary_->table(),
                                        map_};
  for (std::size_t i = 1; i < way.size(); ++i) setTabOrder(way[i - 1], way[i]);
}

void TimelineWindow::build_shortcuts() {
  const auto on = [this](const QKeySequence& keys, auto action) {
    connect(new QShortcut(keys, this), &QShortcut::activated, this, action);
  };
  for (std::size_t i = 0; i < view_kind_count; ++i)
    on(QKeySequence(static_cast<int>(Qt::Key_1) + static_cast<int>(i)),
       [this, i] { show_page(static_cast<ViewKind>(i)); });
  on(Qt::Key_L, [this] { toolbar_->toggle_limit(); });
  on(Qt::Key_F9, [this] {
    panel_wanted_ = !panel_wanted_;
    arrange();
  });
  on(QKeySequence::Copy, [this] { copy_selected(); });
  on(QKeySequence::Save, [this] { save(); });
}

void TimelineWindow::connect_parts() {
  connect(toolbar_, &TimelineToolbar::kind_chosen, this, &TimelineWindow::show_page);
  connect(toolbar_, &TimelineToolbar::journey_chosen, this, [this](quint32 journey) {
    View next = view_;
    next.journey = journey;
    next.server.clear();
    for (const JourneyRecord& of : timeline_->journeys())
      if (of.number == journey) next.server = of.name;
    next.window.reset();
    const JourneySummary* of = timeline_->summary(journey);
    if (of != nullptr && of->first_ns != Event::unknown) {
      // To where the journey begins.
      const auto origin = origin_of(*timeline_, next);
      if (origin) next.at = stretched(of->first_ns, *origin, next.scale);
      next.scroll = 0;
    }
    set_view(next);
  });
  connect(toolbar_, &TimelineToolbar::scale_chosen, this, [this](quint32 seconds_per_year) {
    View next = view_;
    next.scale.seconds_per_year = seconds_per_year;
    set_view(next);
    set_preference(QStringLiteral("seconds_per_year"), QString::number(next.scale.seconds_per_year));
  });
  connect(toolbar_, &TimelineToolbar::origin_chosen, this, [this](OriginChoice origin) {
    View next = view_;
    next.origin = origin;
    set_view(next);
    set_preference(QStringLiteral("origin"),
                   QString::fromLatin1(origin_names[static_cast<std::size_t>(origin)]));
  });
  connect(toolbar_, &TimelineToolbar::language_chosen, this, [this](Language language) {
    View next = view_;
    next.language = language;
    set_view(next);
    set_preference(QStringLiteral("language"),
                   QString::fromLatin1(language_names[static_cast<std::size_t>(language)]));
  });
  connect(toolbar_, &TimelineToolbar::alignment_chosen, this, [this](int alignment) {
    View next = view_;
    next.compare.align = alignment < 0 ? std::nullopt : std::optional(static_cast<Alignment>(alignment));
    next.compare.window.reset();
    set_view(next);
  });
  connect(toolbar_, &TimelineToolbar::compared_chosen, this, [this](int rows) {
    View next = view_;
    next.compare.rows = rows < 0 ? std::nullopt : std::optional(static_cast<CompareRows>(rows));
    set_view(next);
  });
  connect(toolbar_, &TimelineToolbar::limit_chosen, this, [this](bool on) {
    View next = view_;
    next.limit_to_filter = on;
    set_view(next);
  });
  for (EmptyState* empty : {empty_, no_letters_, no_compare_, no_connections_})
    connect(empty->button(), &QPushButton::clicked, toolbar_, &TimelineToolbar::clear_limit);
  connect(toolbar_, &TimelineToolbar::save_wanted, this, &TimelineWindow::save);

  connect(strip_, &StripView::view_wanted, this, &TimelineWindow::set_view);
  connect(overview_, &LettersOverview::view_wanted, this, &TimelineWindow::set_view);
  for (EventCanvas* page : event_canvases()) {
    connect(page, &EventCanvas::view_wanted, this, &TimelineWindow::set_view);
    connect(page, &EventCanvas::event_chosen, this, [this](EventIndex event) { select(event, true); });
    connect(page, &EventCanvas::selection_cleared, this, [this] { select(std::nullopt, false); });
    connect(page, &EventCanvas::activated, this, &TimelineWindow::go_to_packet);
    connect(page, &EventCanvas::menu_wanted, this, &TimelineWindow::show_menu);
  }
  connect(splitter_, &QSplitter::splitterMoved, this, [this] { moved_ = true; });
  connect(map_, &JourneyMapView::time_wanted, this, [this](StretchedTime time) {
    View next = view_;
    next.at = time;
    next.scroll = 0;
    set_view(next);
    const auto origin = origin_of(*timeline_, view_);
    if (kind() == ViewKind::diary && origin) full_diary_->show_from(captured(time, *origin, view_.scale));
  });
  for (DiaryView* diary : {panel_diary_, full_diary_}) {
    connect(diary->table(), &DiaryTable::chosen_event, this, [this](EventIndex event) {
      select(event, true);
      keep_in_sight(event);
    });
    connect(diary->table(), &DiaryTable::activated_event, this, &TimelineWindow::go_to_packet);
    connect(diary->table(), &DiaryTable::zoom_wanted, legend_, &LegendBar::zoom_wanted);
    connect(diary->table(), &DiaryTable::menu_wanted, this,
            [this](EventIndex event, const QPoint& global) { show_menu(event, time_of(event), global); });
    connect(diary->search(), &QLineEdit::textChanged, this, [this, diary](const QString& text) {
      // There is one diary, in two places.
      DiaryView* other = diary == panel_diary_ ? full_diary_ : panel_diary_;
      const QSignalBlocker silent(other->search());
      other->search()->setText(text);
      work_.start();
    });
    connect(diary->table()->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
            [this] { work_.start(); });
  }
  connect(compare_, &CompareView::compared, this, &TimelineWindow::refresh_views);
  connect(connections_, &ConnectionsView::server_chosen, this, [this](const std::string& server) {
    View next = view_;
    next.server = server;
    set_view(next);
  });
  connect(connections_, &ConnectionsView::kind_chosen, this, &TimelineWindow::select_kind);
  connect(connections_, &ConnectionsView::menu_wanted, this, &TimelineWindow::show_kind_menu);
  connect(legend_, &LegendBar::zoom_wanted, this, [this](int steps) {
    if (kind() == ViewKind::compare) return compare_->zoom_by(steps);
    const auto selected = selected_ ? time_of(*selected_) : std::nullopt;
    if (kind() != ViewKind::letters) return set_view(zoomed(view_, steps, selected.value_or(view_.at)));
    const TimeWindow window = window_of(*timeline_, view_);
    const StretchedTime middle{moved(window, 0.5).begin, 0};
    const bool in_sight = selected && holds(window, *selected);
    set_view(LettersView::zoomed_view(*timeline_, view_, steps, in_sight ? *selected : middle));
  });
  connect(legend_, &LegendBar::lane_hidden, this, [this](Lane lane, bool hidden) {
    View next = view_;
    next.hidden[static_cast<std::size_t>(lane)] = hidden;
    set_view(next);
  });
  connect(legend_->play(), &PlayControl::now_changed, this, [this](std::optional<StretchedTime> now) {
    View next = view_;
    next.until = now;
    if (now && kind() == ViewKind::compare) {
      show_played_date(*now);
    } else if (now) {
      // The page turns when the date leaves it.
      const auto origin = origin_of(*timeline_, view_);
      const Page page = page_of(view_, origin.value_or(0));
      if (*now < page.start || !(*now < page.end)) next.at = *now;
      const TimeWindow window = window_of(*timeline_, view_);
      if (!holds(window, *now)) next.window = TimeWindow{now->seconds, window.seconds};
      show_played_date(*now);
    }
    view_ = next;
    for (SceneCanvas* canvas : canvases()) canvas->set_view(view_);
  });
  connect(legend_->play(), &PlayControl::next_wanted, this, &TimelineWindow::play_next);
}

}  // namespace humantime::ui
